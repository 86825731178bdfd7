"""The notice to the village: its words, its seal, its end, what may be said against it (domain §4.2, §15.3)."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError

from accounts.choices import Duty
from accounts.models import AuditEntry, Message, Office
from common.clock import freeze, now
from common.errors import Refusal
from renovation.actions import publicity
from renovation.actions.limits import save_rule
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseNode, DeadlineRule, Objection, Publicity
from renovation.queries import publicity as notices
from tests.factories import steps
from tests.factories.accounts import make_user
from tests.factories.people import make_id_number
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_case, make_villager, press, take_step

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 3, 2, 10)


def ready_for_review(world, **fields) -> Case:
    case = make_case(world, CaseState.PENDING_REVIEW, **fields)
    for slot in (Slot.SITE, Slot.REVIEW_RESULT):
        steps.attach(case, slot, by=world.officer)
    return case


def review(world, case: Case, **answers) -> Case:
    return take_step(case, by=world.township_officer, answers=steps.review(**answers))


def audited(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action))


def kinds(user) -> list[str]:
    return [one.kind for one in Message.objects.filter(recipient=user.uid).order_by("pk")]


def test_notice_says_what_the_village_has_to_know(world):
    villager = make_villager(world.village, "欧阳石")
    case, notice = make_noticed(world, villager=villager)
    said = notice.content
    assert said["title"] == "石桥镇上坝村农村危房改造拟保障对象公示"
    assert (said["holder"], said["place"], said["grade"]) == ("欧阳石", "上坝村3组", "D级（严重受损）")
    assert (said["category"], said["method"], said["conclusion"]) == ("低收入群体", "原址翻建", "通过")
    assert (said["phone"], said["supervising_phone"]) == ("0999-1234567", "0999-7654321")
    assert (said["seal"], said["office"]) == ("石桥镇住建部门",) * 2
    assert notice.place == "村务公开栏"
    day = notice.starts_on
    assert said["starts_on"] == f"{day.year}年{day.month}月{day.day}日"


def test_notice_holds_the_keys_of_the_allow_list_and_no_other(world):
    _, notice = make_noticed(world)
    assert set(notice.content) == set(notices.FIELDS)
    shown = {*notices.ROW, *notices.OBJECTING, "title", "starts_on", "ends_on", "seal", "village_seal"}
    assert shown == set(notices.FIELDS)


def test_seal_name_and_category_come_from_the_units_own_record(world):
    township = world.township_officer.office
    Office.objects.filter(pk=township.pk).update(seal_name="石桥镇人民政府", supervising_phone="")
    Office.objects.filter(pk=world.officer.office_id).update(supervising_phone="0999-1112223")
    Office.objects.filter(pk=world.cadre.office_id).update(seal_name="上坝村民委员会")
    _, notice = make_noticed(world)
    assert notice.content["seal"] == "石桥镇人民政府"
    assert notice.content["village_seal"] == "上坝村民委员会"
    assert notice.content["supervising_phone"] == "0999-1112223"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("3组12号", "上坝村3组"),
        ("上坝村第三村民小组8号", "上坝村第三村民小组"),
        ("１２组", "上坝村12组"),
        ("大坪子老槐树旁", "上坝村"),
        ("12号", "上坝村"),
        ("3组织委员家隔壁", "上坝村"),
        ("", "上坝村"),
    ],
)
def test_place_goes_no_further_than_the_group(world, address, place):
    case = ready_for_review(world)
    Case.objects.filter(pk=case.pk).update(house_address=address)
    review(world, Case.objects.get(pk=case.pk))
    assert Publicity.objects.get(case=case).content["place"] == place


def test_copy_is_sealed_with_the_digest_of_its_canonical_form(world):
    _, notice = make_noticed(world)
    assert notice.content_sha256 == notices.digest(notice.content)
    assert notices.digest({**notice.content, "holder": "他人"}) != notice.content_sha256
    assert notice.content_sha256 == notices.digest(dict(reversed(notice.content.items())))
    assert audited("publicity.opened")[0].changes["sha256"] == notice.content_sha256


@pytest.mark.parametrize(
    "words",
    ["村务公开栏，电话15400000001", "公开栏 154 0000-0001", "公开栏１５４００００００１１", "公开栏0999-8887776"],
)
def test_text_with_a_telephone_is_refused_and_the_field_named(world, words):
    case = ready_for_review(world)
    with pytest.raises(Refusal, match="公示地点/方式.*电话号码"):
        review(world, case, publicity_place=words)
    assert Case.objects.get(pk=case.pk).state == CaseState.PENDING_REVIEW
    assert not Publicity.objects.exists()


def test_text_with_an_id_or_an_account_is_refused(world):
    case = ready_for_review(world)
    for number, kind in ((make_id_number(), "身份证号码"), ("9999 0101 2345 6789 012", "银行账号")):
        with pytest.raises(Refusal, match=kind):
            review(world, case, publicity_place=f"公开栏{number}")


def test_notice_without_a_telephone_to_object_to_does_not_go_up(world):
    Office.objects.filter(pk=world.township_officer.office_id).update(phone="")
    with pytest.raises(Refusal, match="异议受理电话"):
        review(world, ready_for_review(world))


def test_village_hangs_it_up_or_the_township_where_the_village_has_no_unit(world):
    make_noticed(world)
    assert "N35" in kinds(world.cadre)
    assert "N35" not in kinds(world.township_officer)
    elsewhere = world.regions["990101100202"]
    make_case(world, CaseState.IN_PUBLICITY, village=elsewhere)
    assert "N35" in kinds(world.township_officer)
    text = Message.objects.get(recipient=world.cadre.uid, kind="N35").text
    assert re.fullmatch(r"请在村务公开栏张贴\d{18}公示并上传照片，公示期\d+月\d+日至(\d{4}年)?\d+月\d+日。", text)


# Days of receipt, and the last day: seven natural days, rolled over what the State Council declared free.
HOLIDAYS = [
    (dt.datetime(2026, 3, 2, 10), dt.date(2026, 3, 9)),
    (dt.datetime(2026, 3, 6, 10), dt.date(2026, 3, 13)),
    (dt.datetime(2026, 2, 28, 10), dt.date(2026, 3, 9)),
    (dt.datetime(2026, 9, 25, 10), dt.date(2026, 10, 8)),
]


@pytest.mark.parametrize(("began", "last"), HOLIDAYS)
def test_seven_days_roll_over_holidays(world, calendar, began, last):
    with freeze(began):
        _, notice = make_noticed(world)
    assert (notice.starts_on, notice.ends_on, notice.is_provisional) == (began.date(), last, False)


def test_a_holiday_declared_later_makes_the_notice_longer_and_its_sealed_words_stay(world, calendar):
    from regions.actions.calendar import load_days
    from regions.choices import DayKind

    with freeze(MONDAY):
        case, notice = make_noticed(world)
        posted = notice.content
        load_days(rows=[(notice.ends_on, DayKind.HOLIDAY, "特别假日")], source="测试", by=None)
    with freeze(MONDAY + dt.timedelta(days=8)):
        assert publicity.close_due_publicities() == 0
        notice.refresh_from_db()
        assert (notice.ends_on, notice.state) == (dt.date(2026, 3, 10), "open")
        assert notices.is_longer_than_posted(notice)
    assert notice.content == posted
    with freeze(MONDAY + dt.timedelta(days=9)):
        assert publicity.close_due_publicities() == 1


@pytest.mark.parametrize("amount", [1, 6])
def test_a_county_may_not_shorten_the_villagers_time_to_object(world, amount):
    rule = DeadlineRule(step=CaseState.IN_PUBLICITY, region=world.county, amount=amount)
    with pytest.raises(ValidationError, match="不能少于7天"):
        save_rule(rule=rule, by=world.officer)


def test_a_second_round_asks_for_new_photos_and_keeps_the_old_ones(world):
    case, first = make_noticed(world)
    steps.attach(case, Slot.NOTICE, by=world.cadre)
    object_to(case, by=world.township_officer)
    case = press(case, "uphold_objection", by=world.township_officer)
    case = review(world, case)
    second = case.last_publicity()
    assert (second.round, second.token != first.token) == (2, True)
    assert not case.files(Slot.NOTICE).exists()
    assert notices.earlier_photos(case).count() == 1


def test_upheld_objection_takes_the_notice_down_and_tells_everybody(world):
    case, notice = make_noticed(world)
    first, second = object_to(case, by=world.township_officer), object_to(case, by=world.township_officer)
    case = press(case, "uphold_objection", by=world.township_officer, opinion="确有楼房")
    notice.refresh_from_db()
    assert (case.state, notice.state) == (CaseState.PENDING_REVIEW, "taken_down")
    assert notice.closed_at is not None
    for row in (first, second):
        row.refresh_from_db()
        assert (row.result, row.answer, row.closed_by) == ("upheld", "确有楼房", world.township_officer)
    assert len(audited("objection.upheld")) == 2 and len(audited("publicity.taken_down")) == 1
    said = Message.objects.filter(kind="N36")
    assert {one.recipient for one in said} == {world.township_officer.uid, case.claim.uid}
    assert {one.text for one in said} == {f"工单{case.number}异议已处理：异议成立。"}


def test_objection_is_told_to_township_and_county_and_has_five_working_days(world, calendar):
    with freeze(MONDAY):
        case, _ = make_noticed(world)
        objection = object_to(case, by=world.township_officer)
    assert objection.due_on == dt.date(2026, 3, 9)
    assert kinds(world.officer).count("N13") == 1
    assert kinds(world.township_officer).count("N13") == 1
    entry = audited("objection.registered")[0]
    assert "岑溪月" not in str(entry.changes) and "8888" not in str(entry.changes)


def test_anonymous_objection_keeps_neither_name_nor_telephone(world):
    case, _ = make_noticed(world)
    row = object_to(case, by=world.township_officer, is_anonymous=True)
    assert (row.name, row.phone, row.is_anonymous) == ("", "", True)


def test_dismissed_objection_lets_the_notice_run_on(world):
    case, notice = make_noticed(world)
    due_at = case.due_at
    row = object_to(case, by=world.township_officer)
    publicity.dismiss_objection(objection=row, by=world.township_officer, answer="房屋已出售")
    row.refresh_from_db()
    assert (row.result, row.answer, row.closed_by_name) == (
        "dismissed",
        "房屋已出售",
        str(world.township_officer),
    )
    assert kinds(world.township_officer).count("N36") == 1
    assert not Message.objects.filter(recipient=case.claim.uid, kind="N36").exists()
    assert Case.objects.get(pk=case.pk).due_at == due_at
    with pytest.raises(Refusal, match="已经处理"):
        publicity.dismiss_objection(objection=row, by=world.township_officer, answer="再答一次")


def test_answer_is_wanted(world):
    case, _ = make_noticed(world)
    row = object_to(case, by=world.township_officer)
    with pytest.raises(Refusal, match="处理说明"):
        publicity.dismiss_objection(objection=row, by=world.township_officer, answer="  ")


def test_objection_comes_too_late_after_the_last_day(world):
    case, notice = make_noticed(world)
    with freeze(notice.ends_at), pytest.raises(Refusal, match="公示已经结束"):
        object_to(case, by=world.township_officer)
    with freeze(notice.ends_at - dt.timedelta(minutes=1)):
        assert object_to(case, by=world.township_officer).pk


def test_only_the_unit_that_handles_the_notice_registers_and_answers(world):
    case, _ = make_noticed(world)
    reader = make_user(office=world.township_officer.office, duties=[Duty.READ_ONLY])
    row = object_to(case, by=world.township_officer)
    for user in (world.cadre, world.officer, world.stranger, reader):
        with pytest.raises(Refusal):
            object_to(case, by=user)
        with pytest.raises(Refusal):
            publicity.dismiss_objection(objection=row, by=user, answer="不属实")
    assert Objection.objects.count() == 1


def test_termination_takes_a_running_notice_down(world):
    case, notice = make_noticed(world)
    objection = publicity.register_objection(
        case=case, by=world.township_officer, is_anonymous=True, name="", phone="", content="家里有楼房"
    )
    press(case, "terminate", by=world.officer, reason="given_up")
    notice.refresh_from_db()
    objection.refresh_from_db()
    assert notice.state == "taken_down"
    assert (objection.result, objection.answer) == ("dismissed", publicity.MOOT)


def test_taking_down_what_does_not_run_changes_nothing(world):
    case = make_case(world)
    assert publicity.take_down(case=case, at=now()) is None
    assert not AuditEntry.objects.filter(action="publicity.taken_down").exists()


def test_closed_notice_is_audited_as_the_clocks_own_work(world):
    case, notice = make_noticed(world)
    with freeze(notice.ends_at):
        publicity.close_due_publicities()
    entry = audited("publicity.ended")[0]
    assert (entry.actor, entry.target_id) == (None, str(notice.pk))
    assert CaseNode.objects.filter(case=case, code=CaseState.PENDING_TOWNSHIP_AUDIT).exists()
