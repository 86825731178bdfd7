"""Messages in the inbox and text messages to a phone (domain §17)."""

from uuid import UUID

from django.db import connection

from accounts.actions.outbox import enqueue, handles
from accounts.choices import SmsState, Status
from accounts.models import Message, Office, SmsMessage, User
from accounts.queries import BUSINESS_READERS
from accounts.sms import sender
from common import clock


def send(*, recipient: UUID, kind: str, text: str, link: str = "") -> Message:
    """Put a message into a person's or an officer's inbox, in the caller's transaction."""
    return Message.objects.create(recipient=recipient, kind=kind, text=text, link=link)


def send_to_office(*, office: Office, kind: str, text: str, link: str = "") -> int:
    """The same message to every active account of the unit that works on records (domain §17); returns to how many.

    The sentences name applicants: 三员 and whoever reads no records get none.
    """
    receivers = office.users.active().on_business().values_list("uid", flat=True)
    messages = [Message(recipient=uid, kind=kind, text=text, link=link) for uid in receivers]
    return len(Message.objects.bulk_create(messages))


def send_to_offices(rows: list[tuple[int, str, str, str]]) -> int:
    """Many (office id, kind, text, link) at once, to the same accounts of each unit; returns how many rows.

    One statement whatever the number: the ladder tells a province in a second (performance: overdue_scan_1m).
    """
    if not rows:
        return 0
    offices, kinds, texts, links = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_TO_OFFICES, [clock.now(), offices, kinds, texts, links, Status.ACTIVE.value, BUSINESS_READERS])
        return cursor.rowcount


_TO_OFFICES = f"""
INSERT INTO {Message._meta.db_table} (recipient, kind, text, link, created_at)
SELECT receiver.uid, said.kind, said.text, said.link, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS said (office_id, kind, text, link)
JOIN {User._meta.db_table} receiver ON receiver.office_id = said.office_id AND receiver.status = %s
    AND receiver.duties && %s::varchar[]
"""


def mark_read(*, messages) -> int:
    """Mark those messages (a queryset of the reader's own inbox) as read; returns how many were not."""
    return messages.filter(read_at=None).update(read_at=clock.now())


def send_sms(*, phone: str, text: str) -> SmsMessage:
    """Promise a text message; it leaves after the caller's transaction has committed."""
    message = SmsMessage(phone=phone, text=text)
    message.save()
    enqueue(topic="sms", payload={"sms": message.pk}, key=f"sms:{message.uid}")
    return message


@handles("sms")
def deliver_sms(payload: dict) -> None:
    """Hand one text message to the sender of this installation; a second delivery finds it sent."""
    message = SmsMessage.objects.select_for_update().get(pk=payload["sms"])
    if message.state == SmsState.SENT:
        return
    sender().send(phone=message.phone, text=message.text, key=str(message.uid))
    message.state, message.sent_at = SmsState.SENT, clock.now()
    message.save(update_fields=["state", "sent_at"])
