"""疑点核对 at 受理: found by blind index, told as far as the officer's region reaches (domain §2.3, decision 25)."""

import datetime as dt
from uuid import uuid4

import pytest

from households.actions.claims import confirm_claim
from households.actions.ledger import add_member, ensure_household, find_or_create_person, record_benefit
from renovation.choices import CaseState
from renovation.models import CaseMember
from renovation.queries.precheck import findings, suggested_low_income
from tests.factories.people import make_id_number
from tests.factories.renovation import acceptance, make_case, make_villager, take_step
from tests.renovation.pages import case_url, post_step, seen, text_of


def add_relative(case, name="李桂花", id_number="", relation="10"):
    member = CaseMember(case=case, name=name, relation=relation)
    member.id_number = id_number or make_id_number("19560812")
    member.save()
    return member


def household_of(world, name, id_number, village):
    person = find_or_create_person(by=world.officer, name=name, id_number=id_number)
    return ensure_household(by=world.officer, head=person, region=village)


def told(case, user) -> dict[str, str]:
    return {one.tag: one.text for one in findings(case, user)}


@pytest.fixture
def case(world):
    return make_case(world)


@pytest.fixture
def elsewhere(world):
    return world.regions["990102100201"]


def test_nothing_known_is_said_plainly(world, officer, case):
    assert findings(case, world.officer) == []
    assert "未发现疑点" in seen(officer.get(case_url(case)))


def test_earlier_benefit_in_the_county_is_told_with_date_and_amount(world, officer, case):
    household = household_of(world, "张石山", case.applicant_id_number, world.village)
    record_benefit(
        by=world.officer, household=household, source_uid=uuid4(), benefit_on=dt.date(2016, 5, 1), amount=12000
    )
    assert told(case, world.officer)["已享受政策"] == "张石山户 2016年05月享受过危房改造，金额12,000.00元"
    assert "2016年05月享受过危房改造" in seen(officer.get(case_url(case)))


def test_earlier_benefit_of_a_family_member_elsewhere_tells_county_and_date_only(world, officer, case, elsewhere):
    wife = add_relative(case)
    household = household_of(world, "王老五", wife.id_number, elsewhere)
    record_benefit(
        by=world.stranger, household=household, source_uid=uuid4(), benefit_on=dt.date(2019, 8, 1), amount=9000
    )
    text = told(case, world.officer)["已享受政策"]
    assert text == "云岭省青屏市白沙县登记：2019年08月享受过危房改造"
    page = seen(officer.get(case_url(case)))
    assert "王老五" not in page
    assert "9,000" not in page


def test_benefit_recorded_by_this_very_case_is_no_finding(world, case):
    household = household_of(world, "张石山", case.applicant_id_number, world.village)
    record_benefit(by=world.officer, household=household, source_uid=case.uid)
    assert findings(case, world.officer) == []


def test_other_case_in_view_is_linked_and_one_elsewhere_is_not(world, officer, elsewhere):
    villager, wife = make_villager(world.village), make_id_number("19560812")
    ended = make_case(world, CaseState.WITHDRAWN, villager=villager)
    far = make_case(world, villager=make_villager(elsewhere, "李桂花", id_number=wife), village=elsewhere)
    case = make_case(world, villager=villager)
    add_relative(case, id_number=wife)
    found = {one.tag: one for one in findings(case, world.officer)}
    assert found["曾经申请"].case_uid == ended.uid
    assert ended.number in found["曾经申请"].text
    assert found["在办工单"].case_uid is None
    assert found["在办工单"].text.startswith("云岭省青屏市白沙县有同一人员")
    page = text_of(officer.get(case_url(case)))
    assert case_url(ended) in page
    assert far.number not in page
    assert str(far.uid) not in page


def test_draft_of_somebody_is_no_finding(world, case, elsewhere):
    make_case(world, CaseState.DRAFT, villager=make_villager(elsewhere, id_number=case.applicant_id_number))
    assert findings(case, world.officer) == []


def test_differing_name_is_a_finding_with_a_masked_name(world, case):
    find_or_create_person(by=world.officer, name="张岩山", id_number=case.applicant_id_number)
    text = told(case, world.officer)["姓名不一致"]
    assert "张*山" in text
    assert "张岩山" not in text


def test_member_of_another_household_is_a_finding(world, case):
    wife = add_relative(case)
    household_of(world, "李桂花", wife.id_number, world.village)
    assert told(case, world.officer)["户籍关系"].startswith("家庭成员李桂花现登记为李桂花户的户主")


def test_family_in_its_own_household_is_no_finding(world, case):
    wife = add_relative(case)
    household = household_of(world, "张石山", case.applicant_id_number, world.village)
    person = find_or_create_person(by=world.officer, name="李桂花", id_number=wife.id_number)
    add_member(by=world.officer, household=household, person=person, relation="10")
    assert findings(case, world.officer) == []


def test_same_number_twice_in_the_family(world, case):
    add_relative(case, id_number=case.applicant_id_number)
    assert "填写了同一个身份证号码" in told(case, world.officer)["号码重复"]


def test_death_in_the_ledger_is_grave(world, case):
    person = find_or_create_person(by=world.officer, name="张石山", id_number=case.applicant_id_number)
    person.deceased_on = dt.date(2025, 1, 2)
    person.save()
    assert findings(case, world.officer)[0].tag == "已登记死亡"


def test_findings_never_stop_an_acceptance(world, officer, case, elsewhere):
    wife = add_relative(case)
    household = household_of(world, "王老五", wife.id_number, elsewhere)
    record_benefit(by=world.stranger, household=household, source_uid=uuid4(), benefit_on=dt.date(2019, 8, 1))
    assert post_step(officer, case, acceptance()).status_code == 302


def test_findings_are_for_the_officer_who_decides(world, client, case):
    find_or_create_person(by=world.officer, name="张岩山", id_number=case.applicant_id_number)
    for user in (world.cadre, world.township_officer):
        client.force_login(user)
        assert "疑点核对" not in seen(client.get(case_url(case)))


def test_suggestion_comes_only_from_a_known_category(world):
    villager = make_villager(world.village)
    case = make_case(world, villager=villager)
    assert suggested_low_income(case) is None
    take_step(case, by=world.officer, answers=acceptance())
    assert suggested_low_income(case) is True


def test_an_id_that_was_met_with_another_phone_is_grave(world, officer, case):
    assert "身份存疑" not in told(case, world.officer)
    rival = make_villager(world.village, id_number=case.applicant_id_number)
    confirm_claim(claim=rival.claim, by=world.cadre)
    assert told(case, world.officer)["身份存疑"] == "该身份证号码已由另一手机号当面核实"
    assert next(one for one in findings(case, world.officer) if one.tag == "身份存疑").tone == "danger"
