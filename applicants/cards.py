"""What a photographed ID card fills in on which page; one table for the page without a script and for the script."""

from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from django.contrib import messages
from django.http import QueryDict

from households.actions import cards
from households.queries import visible_reading
from regions.models import Region

# Keys of the result and the fields of the page that take them.
PERSON = {"name": "name", "id_number": "id_number", "region": "home_region", "address": "home_address"}
MEMBER = {"name": "name", "id_number": "id_number"}
FOR_OTHER = {"name": "applicant_name", "id_number": "applicant_id_number"}
CHECK = "拍照识别的，请核对。"
GONE = "识别结果已经用过或过期，请再拍一次，或者自己填写。"
NO_NUMBER = "身份证号码没有看清，请自己填写。"


def filled(request, fields: dict[str, str]) -> dict:
    """Initial values from the photo named in the address (`?card=`), once; nothing when there is none."""
    uid = _as_uuid(request.GET.get("card"))
    if uid is None:
        return {}
    reading = visible_reading(request.user, request.session, uid)
    result = cards.take_result(reading) if reading else None
    if result is None:
        messages.info(request, GONE)
        return {}
    if not result["id_number"]:
        messages.info(request, NO_NUMBER)
    region = Region.objects.filter(pk=result["region"]).first() if result["region"] else None
    return {field: value for key, field in fields.items() if (value := (result | {"region": region})[key])}


def ask_to_check(form, initial: dict) -> None:
    """「请核对」 under every field that the photo filled."""
    for name in initial:
        field = form.fields[name]
        field.help_text = CHECK + str(field.help_text or "")


def offer(request, fields: dict[str, str]) -> dict:
    """What templates/applicants/card_photo.html needs: the way back and the fields to fill."""
    return {"back": without_card(request.get_full_path()), "fields": fields}


def without_card(address: str) -> str:
    """The address of a page without a photo that it may have been filled from."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop("card", None)
    return urlunsplit(parts._replace(query=query.urlencode()))


def with_card(address: str, uid: UUID) -> str:
    """The address of the page to be filled from that photo."""
    plain = without_card(address)
    return plain + ("&" if "?" in plain else "?") + urlencode({"card": uid})


def _as_uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
