"""`{% load anju %}`: masks, dates, amounts, the submit token, tags and every component of the house."""

import datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common import clock, components, masking
from common.forms import tokens

register = template.Library()
register.tags.update(components.register.tags)

WEEKDAYS = "一二三四五六日"


@register.filter
def mask_id(text: str) -> str:
    """身份证号: first six, eight stars, last four."""
    return masking.mask_id_number(text or "")


@register.filter
def mask_phone(text: str) -> str:
    """手机号码: first three, four stars, last four."""
    return masking.mask_phone(text or "")


@register.filter
def mask_name(text: str) -> str:
    """姓名: the middle or last character starred."""
    return masking.mask_name(text or "")


@register.filter
def group4(text: str) -> SafeString:
    """A number in groups of four to read aloud, copied without the spaces."""
    return components.groups_of_four(str(text or ""))


def _local(value: datetime.datetime | datetime.date) -> datetime.datetime | datetime.date:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def cn_date(value: datetime.date | None, style: str = "") -> str:
    """「10月16日（周五）」, in another year than this one 「2027年10月16日（周六）」: 180 working days reach far.

    Style "year" always names the year, "plain" gives 「2026-10-16」.
    """
    if not value:
        return ""
    day = _local(value)
    if style == "plain":
        return f"{day:%Y-%m-%d}"
    year = f"{day.year}年" if style == "year" or day.year != clock.today().year else ""
    return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def cn_datetime(value: datetime.datetime | None) -> str:
    """「2026-10-16 09:30」 in local time."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def yuan(value) -> str:
    """「12,345.60」; empty for nothing, so that a page can say 未填写 itself."""
    if value is None or value == "":
        return ""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return ""


@register.simple_tag(takes_context=True)
def submit_token(context, purpose: str) -> SafeString:
    """The hidden field that makes a double tap, a reload or a repeated post one and the same submit."""
    token = tokens.issue(context["request"], purpose)
    return format_html('<input type="hidden" name="submit_token" value="{}">', token)
