"""Ways a text message leaves the house (decision 8): the developer's console, or an HTTP gateway by settings."""

import json
import logging
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.masking import mask_phone

log = logging.getLogger(__name__)
TIMEOUT = 10


class ConsoleSender:
    """Sends nothing: the texts stand on the development page /dev/sms/, and the log only says that there is one."""

    def send(self, *, phone: str, text: str, key: str) -> None:
        log.info("sms to %s: see /dev/sms/", mask_phone(phone))


class HttpGateway:
    """Posts {"phone", "text", "key"} as JSON; any answer but 2xx is a failure and is tried again with the same key."""

    def __init__(self, url: str):
        self.url = url

    def send(self, *, phone: str, text: str, key: str) -> None:
        body = json.dumps({"phone": phone, "text": text, "key": key}, ensure_ascii=False).encode()
        request = Request(self.url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            answer.read()


def sender() -> ConsoleSender | HttpGateway:
    """The sender that settings.SMS_SENDER names."""
    if settings.SMS_SENDER == "console":
        return ConsoleSender()
    if settings.SMS_SENDER == "gateway" and settings.SMS_GATEWAY_URL:
        return HttpGateway(settings.SMS_GATEWAY_URL)
    raise ImproperlyConfigured("SMS_SENDER is console or gateway; the gateway needs SMS_GATEWAY_URL")
