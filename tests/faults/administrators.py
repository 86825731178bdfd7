"""What is written in the admin pages: accounts, offices, divisions, calendar, limits, options, craftsmen."""

import datetime as dt
from itertools import count

from accounts.choices import Duty
from accounts.models import OutboxEntry
from artisans.models import Artisan
from common.clock import now
from regions.choices import DayKind, EditKind
from regions.models import CalendarDay, OptionItem, RegionEdit
from renovation.models import DeadlineRule, LadderRung
from tests.factories.accounts import make_administrator, make_office, make_user
from tests.factories.people import make_id_number
from tests.faults.writes import Desk, Write

_numbers = count(1)


def _system(desk: Desk):
    """The administrator of the whole country, who may touch what belongs to everybody."""
    return make_administrator(Duty.SYSTEM_ADMIN, region=desk.world.regions["000000000000"])


def _page(who, path: str, **answers):
    """A form of the admin that needs nothing but these answers."""

    def make(desk: Desk) -> Write:
        said = {name: value(desk) if callable(value) else value for name, value in answers.items()}
        return desk.form(who(desk), f"/admin/{path}", **said)

    return make


def _about(who, path: str, row, **answers):
    """The same about one row, which is made for it."""

    def make(desk: Desk) -> Write:
        url = f"/admin/{path.format(pk=row(desk).pk)}"
        said = {name: value(desk) if callable(value) else value for name, value in answers.items()}
        return desk.form(who(desk), url, **said)

    return make


def _chosen(who, path: str, action: str, row):
    """An action on one chosen row of a list."""

    def make(desk: Desk) -> Write:
        return desk.form(who(desk), f"/admin/{path}", page="none", action=action, _selected_action=[row(desk).pk])

    return make


def _officer(desk: Desk):
    return desk.world.officer


def _account(desk: Desk, **fields):
    office = make_office(desk.world.regions["990101100000"])
    return make_user(office=office, duties=[Duty.ENTRY], **fields)


def _cancelled(desk: Desk):
    return _account(desk, status="cancelled")


def _township(desk: Desk):
    return desk.world.regions["990101100000"].pk


def _day(desk: Desk) -> CalendarDay:
    date = dt.date(2031, 1, 1) + dt.timedelta(days=next(_numbers))
    return CalendarDay.objects.create(date=date, kind=DayKind.HOLIDAY, name="节", source="通知")


def _next_date(desk: Desk) -> str:
    return (dt.date(2041, 1, 1) + dt.timedelta(days=next(_numbers))).isoformat()


def _edit(desk: Desk) -> RegionEdit:
    number = next(_numbers)
    parent = desk.world.regions["990101000000"]
    return RegionEdit.objects.create(
        kind=EditKind.ADD, parent=parent, level="township", name=f"第{number}乡", code=f"9901017{number:05d}",
        created_at=now(),
    )  # fmt: skip


def _option(desk: Desk) -> OptionItem:
    number = next(_numbers)
    code = OptionItem._meta.get_field("list_code").choices
    return OptionItem.objects.create(
        list_code=code[0][0] if code else "trade",
        code=f"c{number}",
        label=f"项{number}",
        order=number,
        source_mark="STD",
    )


def _rule(desk: Desk) -> DeadlineRule:
    DeadlineRule.objects.filter(step="pending_acceptance").delete()
    return DeadlineRule.objects.create(
        step="pending_acceptance", region=desk.world.regions["990101000000"], amount=2, warn_before=1
    )


def _no_rule(desk: Desk):
    DeadlineRule.objects.filter(step="pending_appraisal").delete()
    return desk.world.regions["990101000000"].pk


def _rung(desk: Desk) -> LadderRung:
    return LadderRung.objects.order_by("order")[0]


def _parked(desk: Desk) -> OutboxEntry:
    number = next(_numbers)
    return OutboxEntry.objects.create(
        topic="sms", key=f"parked {number}", payload={}, next_at=now(), state="parked", attempts=3, reason="x"
    )


def _artisan(desk: Desk) -> Artisan:
    village, number = desk.world.village, next(_numbers)
    return Artisan.objects.create(
        name="木匠", region=village, region_key=village.key, id_number=make_id_number("19700101"),
        phone=f"1549{number:07d}", created_by=desk.world.officer,
        is_lead=False, is_certified=False, trades=["mason"], person_types=["other"],
    )  # fmt: skip


_NEW_ACCOUNT = {
    "office": lambda desk: make_office(desk.world.regions["990101100000"]).pk,
    "username": lambda desk: f"made-{next(_numbers)}",
    "display_name": "镇办",
    "new_phone": lambda desk: f"1547{next(_numbers):07d}",
    "duties": [Duty.ENTRY],
}
ADMINISTRATORS = {
    "admin/regions/region/change/": _about(
        _system, "regions/region/{pk}/change/", lambda desk: desk.world.village, order=lambda desk: next(_numbers)
    ),
    "admin/regions/regionedit/add/": _page(
        _officer, "regions/regionedit/add/", kind="add", parent=lambda desk: desk.world.county.pk, level="township",
        name=lambda desk: f"新{next(_numbers)}乡", code=lambda desk: f"9901018{next(_numbers):05d}", order=9,
        reason="省政府批复",
    ),
    "admin/regions/regionedit/publish": _chosen(_system, "regions/regionedit/", "publish", _edit),
    "admin/regions/regionedit/drop": _chosen(_officer, "regions/regionedit/", "drop", _edit),
    "admin/regions/calendarday/add/": _page(
        _system, "regions/calendarday/add/", date=_next_date, kind="holiday", name="州庆", source="通知", region=""
    ),
    "admin/regions/calendarday/change/": _about(_system, "regions/calendarday/{pk}/change/", _day, name="别的节"),
    "admin/regions/calendarday/delete/": _about(_system, "regions/calendarday/{pk}/delete/", _day, post="yes"),
    "admin/regions/optionitem/add/": _page(
        _system, "regions/optionitem/add/", list_code=lambda desk: _option(desk).list_code,
        code=lambda desk: f"n{next(_numbers)}", label=lambda desk: f"新项{next(_numbers)}", order=5, active="on",
        source_mark="STD",
    ),
    "admin/regions/optionitem/change/": _about(
        _system, "regions/optionitem/{pk}/change/", _option, label=lambda desk: f"改项{next(_numbers)}"
    ),
    "admin/accounts/user/add/": _page(_officer, "accounts/user/add/", **_NEW_ACCOUNT),
    "admin/accounts/user/change/": _about(
        _officer, "accounts/user/{pk}/change/", _account, display_name="新名", duties=[Duty.DECIDE], new_phone=""
    ),
    "admin/accounts/user/act/reset/": _about(_officer, "accounts/user/act/{pk}/reset/", _account),
    "admin/accounts/user/act/cancel/": _about(
        _officer, "accounts/user/act/{pk}/cancel/", _account, reason="调离"
    ),
    "admin/accounts/user/act/restore/": _about(_officer, "accounts/user/act/{pk}/restore/", _cancelled),
    "admin/accounts/user/act/delete/": _about(_officer, "accounts/user/act/{pk}/delete/", _account),
    "admin/accounts/office/add/": _page(
        _officer, "accounts/office/add/", region=_township, level="township",
        name=lambda desk: f"石桥镇第{next(_numbers)}中心",
    ),
    "admin/accounts/office/change/": _about(
        _officer, "accounts/office/{pk}/change/", lambda desk: make_office(desk.world.regions["990101100000"]),
        phone=lambda desk: f"0999-{next(_numbers):07d}",
    ),
    "admin/accounts/outboxentry/send_again": _chosen(_system, "accounts/outboxentry/", "send_again", _parked),
    "admin/artisans/artisan/add/": _page(
        _officer, "artisans/artisan/add/", region=lambda desk: desk.world.village.pk, name="石匠", trades=["mason"],
        person_types=["other"], new_id_number=lambda desk: make_id_number("19710101"),
        new_phone=lambda desk: f"1546{next(_numbers):07d}", is_lead="True", is_certified="True",
    ),
    "admin/artisans/artisan/change/": _about(_officer, "artisans/artisan/{pk}/change/", _artisan, name="瓦匠",
        is_lead="True", is_certified="True",
    ),
    "admin/renovation/deadlinerule/add/": _page(
        _system, "renovation/deadlinerule/add/", step="pending_appraisal", region=_no_rule, amount=2, warn_before=1
    ),
    "admin/renovation/deadlinerule/change/": _about(
        _system, "renovation/deadlinerule/{pk}/change/", _rule, amount=1
    ),
    "admin/renovation/deadlinerule/delete/": _about(
        _system, "renovation/deadlinerule/{pk}/delete/", _rule, post="yes"
    ),
    "admin/renovation/ladderrung/change/": _about(
        _system, "renovation/ladderrung/{pk}/change/", _rung, order=lambda desk: next(_numbers)
    ),
}  # fmt: skip
