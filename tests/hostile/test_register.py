"""B-N, B-D, B-I: what no single form can see. One ID in four villages, one telephone or one photo for a hundred
families, a verdict that contradicts itself, a family that is dead.

Each is refused in Chinese, or taken and told to the officer who decides (疑点核对, domain §12).
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from common.errors import Refusal
from common.identity import birth_date_of, gender_of
from households.actions import ledger
from households.actions.claims import claim_identity, confirm_claim
from households.choices import HouseholdStatus
from households.models import Appraisal, Attachment, Claim, Household, HouseholdMember, Person
from renovation.actions import effects, moves
from renovation.actions.drafts import Helper, start_draft_for
from renovation.actions.moves import perform_move
from renovation.choices import CaseState, Slot
from renovation.models import Case, CaseMember
from renovation.queries import precheck
from tests.applicants.conftest import browser_of
from tests.applicants.test_photos import SCRIPT
from tests.applicants.test_wizard import token_in
from tests.factories import steps
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number, photo_bytes
from tests.factories.renovation import (
    acceptance,
    appraisal,
    attach_appraisal,
    attach_photo,
    make_case,
    make_draft,
    make_villager,
    make_world,
    press,
    take_step,
)
from tests.hostile.test_sequence import unguarded
from tests.scale import some

pytestmark = pytest.mark.django_db
ON_ONE_PHONE, WITH_ONE_PHOTO, IDS = some(6, 100), some(4, 50), some(4, 60)
PLACES = ["990101100201", "990101100202", "990101200201", "990102100201"]


@pytest.fixture
def world(db):
    return make_world()


def drop_index(name: str) -> None:
    """Take a unique index away; the test's transaction brings it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP INDEX {name}")


def handed_in(villager, village) -> tuple[str, str]:
    """(state afterwards, what the page says) of that villager's application."""
    draft, browser = make_draft(villager, village), browser_of(villager)
    last = f"/apply/{draft.uid}/check/"
    page = browser.post(last, {"submit_token": token_in(browser.get(last))}, follow=True)
    return Case.objects.get(pk=draft.pk).state, page.content.decode()


def in_every_village(world) -> list[str]:
    """One ID handed in from four villages of two counties, each from another telephone: the states."""
    number, states = make_id_number("19520314"), []
    for code in PLACES:
        villager = make_villager(world.regions[code], "张石山", id_number=number)
        state, page = handed_in(villager, world.regions[code])
        states.append(state)
        if state == CaseState.DRAFT:
            assert "该人员的申请请到村委会或乡镇查询" in page
            assert Case.objects.get(state=CaseState.PENDING_ACCEPTANCE).number not in page
    return states


def test_one_id_in_four_villages_makes_one_case(world, tried):
    assert in_every_village(world) == [CaseState.PENDING_ACCEPTANCE, *[CaseState.DRAFT] * 3]
    tried(
        "B-N", len(PLACES), "villages that hand in the same ID", "test_control_without_guard_and_index_there_are_four"
    )


def test_control_without_guard_and_index_there_are_four(world, monkeypatch):
    drop_index("one_open_case_per_id")
    monkeypatch.setattr(moves, "_transit", unguarded)
    assert in_every_village(world) == [CaseState.PENDING_ACCEPTANCE] * 4


def families_of_one_wife(world) -> int:
    """In how many families somebody lives whom applicants of two villages named as their wife."""
    number = make_id_number("19560812")
    for code in PLACES[:2]:
        case = make_case(world, village=world.regions[code])
        CaseMember(case=case, name="李桂花", relation="10", id_number=number).save()
        take_step(case, by=world.officer, answers=acceptance())
    return HouseholdMember.objects.filter(person__name="李桂花", left_on__isnull=True).count()


def test_one_person_lives_in_one_family(world, tried):
    assert families_of_one_wife(world) == 1
    tried("B-N", 2, "families that name the same member", "test_control_without_the_look_she_lives_in_two")


def test_control_without_the_look_she_lives_in_two(world, monkeypatch):
    def move_in(*, by, household, person, relation):
        return household.memberships.create(person=person, relation=relation, joined_on="2026-01-01")

    drop_index("one_active_membership_per_person")
    monkeypatch.setattr(ledger, "add_member", move_in)
    assert families_of_one_wife(world) == 2


def unlike_their_id(world) -> list[str]:
    """Persons whose sex or birth date is not their ID's, after another one was posted beside it on the page."""
    for serial in range(IDS):
        account, number = make_phone_account(), make_id_number(f"19{51 + serial % 40}0203", serial)
        other = "male" if gender_of(number) == "女" else "female"
        said = {"gender": other, "sex": other, "birth_date": "1999-09-09", "birth_year": "1999", "age": "0"}
        said |= {"name": "岱山雀", "id_number": number, "home_address": "三组", "consent": "on"}
        browser_of(account).post("/people/new/", said | {"home_region": world.village.pk})
        confirm_claim(claim=Claim.objects.get(account=account), by=world.cadre)
    people = Person.objects.filter(name="岱山雀")
    assert people.count() == IDS
    return [one.id_number for one in people if (one.get_gender_display(), one.birth_date) != of_id(one.id_number)]


def of_id(number: str) -> tuple[str, str]:
    return gender_of(number), birth_date_of(number).isoformat()


def test_sex_and_birth_date_are_those_of_the_id(world, tried):
    assert unlike_their_id(world) == []
    tried("B-N", IDS, "persons posted with another sex and birth date", "test_control_somebody_elses_reading_is_seen")


def test_control_somebody_elses_reading_is_seen(world, monkeypatch):
    """A ledger that takes everybody for a man."""
    monkeypatch.setattr(ledger, "gender_of", lambda number: "男")
    assert unlike_their_id(world)


def filed_with(world, phone: str, name: str) -> Case:
    """An application that the cadre files for somebody without a telephone of their own."""
    draft = start_draft_for(by=world.cadre, helper=Helper("测试员", world.cadre.phone), notice_version="2026-1")
    draft.applicant_name, draft.applicant_id_number, draft.applicant_phone = name, make_id_number("19600101"), phone
    draft.house_address = draft.residence_address = draft.registered_address = "3组12号"
    draft.residence_region = draft.registered_region = world.village
    draft.risk_parts = ["wall"]
    draft.bind_region(world.village)
    draft.save()
    attach_photo(draft, by=world.cadre)
    return perform_move(draft, "submit", by=world.cadre).case


def told(case: Case, world) -> dict[str, str]:
    """What 疑点核对 says to the county, by its tags."""
    return {one.tag: one.text for one in precheck.findings(case, world.officer)}


def test_one_phone_for_a_hundred_families_is_taken_and_told(world, tried):
    """A lane may share one telephone (decision 18): nobody is refused, the officer is told from the sixth on."""
    cases = [filed_with(world, "15400007777", "岫石雁") for _ in range(ON_ONE_PHONE)]
    assert Claim.objects.filter(pk__in=[case.claim_id for case in cases]).count() == ON_ONE_PHONE
    assert f"已用于{ON_ONE_PHONE}人" in told(cases[-1], world)["电话重复"]
    tried("B-N", ON_ONE_PHONE, "families with one telephone", "test_control_without_counting_the_phone_says_nothing")


def test_control_without_counting_the_phone_says_nothing(world, monkeypatch):
    monkeypatch.setattr(precheck, "persons_of_phone", lambda index: 1)
    cases = [filed_with(world, "15400007777", "岫石雁") for _ in range(6)]
    assert "电话重复" not in told(cases[-1], world)


def own_people(world, most: int) -> tuple[int, set[str]]:
    """(how many persons one telephone gets registered of that many tried, what is said to the others)."""
    account, said = make_phone_account(), []
    for _ in range(most):
        person = {"name": "岫石雁", "id_number": make_id_number("19600101"), "home_address": "三组"}
        try:
            with transaction.atomic():
                claim_identity(by=account, home_region=world.village, **person)
        except Refusal as refused:
            said.append(refused.message)
    return most - len(said), set(said)


def test_a_phone_registers_six_persons_itself(world, tried):
    assert own_people(world, 9) == (6, {"一个手机号最多登记6人，如需帮助请联系村委会"})
    tried("B-N", 9, "persons registered from one telephone", "test_control_without_the_limit_it_registers_all")


def test_control_without_the_limit_it_registers_all(world, monkeypatch):
    monkeypatch.setattr("households.actions.claims.MAX_CLAIMS_PER_PHONE", 10**6)
    assert own_people(world, 9) == (9, set())


def in_other_clothes(photo: bytes, number: int) -> bytes:
    """The same picture with another comment in it: another file, the same pixels."""
    words = f"copy {number}".encode()
    return photo[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2) + words + photo[2:]


def with_one_photo(world) -> list[Case]:
    """Applications of many families, two of them in the next county, each with the same picture sent by their phone."""
    photo, cases = photo_bytes(4711), []
    for number in range(WITH_ONE_PHOTO):
        village = world.regions[PLACES[3]] if number < 2 else world.village
        villager = make_villager(village, "峄阳鸥")
        draft = make_draft(villager, village, photos=0)
        file = SimpleUploadedFile("x.jpg", in_other_clothes(photo, number), "image/jpeg")
        answer = browser_of(villager).post(f"/apply/{draft.uid}/photos/add/", {"file": file}, headers=SCRIPT)
        assert answer.status_code == 200
        cases.append(perform_move(draft, "submit", by=villager).case)
    return cases


def test_one_photo_for_fifty_families_is_taken_and_told(world, client, tried):
    cases = with_one_photo(world)
    stored = Attachment.objects.filter(slot=Slot.RISK)
    assert stored.values("owner_uid").distinct().count() == WITH_ONE_PHOTO
    assert (stored.values("sha256").distinct().count(), stored.values("source_sha256").distinct().count()) == (
        1,
        WITH_ONE_PHOTO,
    )
    words = told(cases[-1], world)["照片重复"]
    assert words.startswith(f"房屋照片与另外{WITH_ONE_PHOTO - 1}户的完全相同")
    assert cases[-2].number in words
    client.force_login(world.officer)
    assert "照片重复" in client.get(f"/staff/cases/{cases[-1].uid}/").content.decode()
    # Of the next county's only the fact is told (decision 25).
    far = precheck.findings(cases[0], world.stranger)
    assert [one.case_uid for one in far if one.tag == "照片重复"] == [None]
    tried("B-I", WITH_ONE_PHOTO, "families that send the same photo", "test_control_compared_as_files_they_all_differ")


def test_control_compared_as_files_they_all_differ(world, monkeypatch):
    """The digest of the upload instead of the pixels: whoever sends a picture on through a chat is never found."""

    def as_files(owner_uid):
        own = Attachment.objects.filter(owner_uid=owner_uid).values("source_sha256")
        return Attachment.objects.filter(source_sha256__in=own).exclude(owner_uid=owner_uid).values("owner_uid")

    monkeypatch.setattr(precheck, "owners_of_same_photos", as_files)
    assert "照片重复" not in told(with_one_photo(world)[-1], world)


def verdict_on(world, grade: str) -> Appraisal:
    """The row that the ledger keeps of a house of which the applicant named two dangerous parts."""
    case = make_case(world, CaseState.PENDING_APPRAISAL)
    attach_appraisal(case, by=world.officer)
    take_step(case, by=world.officer, answers=appraisal(grade=grade))
    return Appraisal.objects.get(source_uid=case.uid)


def contradicts_itself(verdict: Appraisal) -> bool:
    """DQ17: a safe house with dangerous parts, or a dangerous one without any."""
    return (verdict.grade in "AB") == bool(verdict.risk_parts)


@pytest.mark.parametrize("grade", "ABCD")
def test_verdict_of_the_ledger_does_not_contradict_itself(world, grade, tried):
    assert not contradicts_itself(verdict_on(world, grade))
    tried("B-D", 1, "grades with dangerous parts given", "test_control_parts_taken_over_as_given_contradict_the_grade")


@pytest.mark.parametrize("grade", "AB")
def test_control_parts_taken_over_as_given_contradict_the_grade(world, grade, monkeypatch):
    monkeypatch.setattr(effects, "DANGEROUS", "ABCD")
    assert contradicts_itself(verdict_on(world, grade))


LATE_STATES = [CaseState.PENDING_COUNTY_APPROVAL, CaseState.PENDING_FINAL_INSPECTION]


def after_the_death(world, state: str) -> str:
    """Where a 通过 leads after the family was struck off as dead and new photos and papers came, or why nowhere."""
    case = make_case(world, state)
    Household.objects.filter(pk=case.household_id).update(status=HouseholdStatus.CANCELLED_DEATH)
    answers, slots = steps.ASKED[state]
    for slot in slots:
        steps.attach(case, slot, by=world.officer)
    try:
        return take_step(Case.objects.get(pk=case.pk), by=world.officer, answers=answers()).state
    except Refusal as refused:
        return refused.message


@pytest.mark.parametrize("state", LATE_STATES)
def test_family_that_is_dead_is_not_let_through(world, state, tried):
    """Whatever is uploaded meanwhile; 终止 is what is left (DQ06)."""
    assert after_the_death(world, state) == "该户已登记为死亡销户，请终止工单"
    case = Case.objects.get(state=state)
    assert press(case, "terminate", by=world.officer, reason="death").state == CaseState.TERMINATED
    tried("B-D", 1, "cases of families struck off as dead", "test_control_without_the_guard_the_dead_are_let_through")


@pytest.mark.parametrize("state", LATE_STATES)
def test_control_without_the_guard_the_dead_are_let_through(world, state, monkeypatch):
    monkeypatch.setattr(moves, "_transit", unguarded)
    assert after_the_death(world, state) in (CaseState.PENDING_IMPLEMENTATION, CaseState.COMPLETED)
