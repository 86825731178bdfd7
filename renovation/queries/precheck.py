"""疑点核对: what the ledger and other cases already know of the applicant and the family (domain §2.3, decision 25).

Everything is looked up by blind index and nothing here forbids anything: the officer reads and judges. Of records
outside the officer's region only the fact is told, with county and date.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from common.masking import mask_name
from households.models import HouseholdMember, Person, PolicyBenefit
from households.queries import (
    benefits_of,
    category_labels,
    confirmed_rival,
    owners_of_same_photos,
    persons_of_phone,
)
from regions import names
from renovation.models import Case, CaseMember

# More people than a family on one telephone are worth a question (DQ12).
MOST_ON_A_PHONE = 5


@dataclass(frozen=True)
class Finding:
    """One thing to look at: a short word for the tag, how grave it is, the sentence, and a case to open if allowed."""

    tag: str
    tone: str  # danger | warn | plain
    text: str
    case_uid: UUID | None = None


@dataclass(frozen=True)
class Relative:
    """Somebody named in the application: the applicant or a family member."""

    who: str
    name: str
    id_index: str


def findings(case: Case, user) -> list[Finding]:
    """Everything worth a second look before 受理, gravest first; nine queries and the names of counties."""
    people = people_of(case)
    found = [
        *_same_number_twice(people),
        *_met_elsewhere(case),
        *_other_cases(case, people, user),
        *_benefits(case, people, user),
        *_known_persons(people),
        *_memberships(case, people, user),
        *_phone_of_many(case),
        *_same_photos(case, user),
    ]
    gravity = {"danger": 0, "warn": 1, "plain": 2}
    return sorted(found, key=lambda one: gravity[one.tone])


def people_of(case: Case) -> list[Relative]:
    """The applicant and the family as the application names them."""
    members = CaseMember.objects.filter(case=case).values_list("name", "id_index")
    return [
        Relative("申请人", case.applicant_name, case.applicant_id_index),
        *(Relative("家庭成员", name, index) for name, index in members),
    ]


def suggested_low_income(case: Case) -> bool | None:
    """True when the library knows a low-income category of the household, else no suggestion (domain §4.4)."""
    known = [label for label in category_labels(case.applicant_id_index) if label != "一般户"]
    return True if known else None


def is_in_view(user, row) -> bool:
    """Whether a region-bound row lies in the user's own region."""
    scope = user.scope
    return scope.kind == "region" and scope.low <= row.region_key <= scope.high


def _indexes(people: list[Relative]) -> list[str]:
    return [one.id_index for one in people if one.id_index]


def _same_number_twice(people: list[Relative]) -> list[Finding]:
    seen: dict[str, Relative] = {}
    found = []
    for one in people:
        if first := seen.get(one.id_index):
            text = f"{first.who}{first.name}和{one.who}{one.name}填写了同一个身份证号码"
            found.append(Finding("号码重复", "danger", text))
        elif one.id_index:
            seen[one.id_index] = one
    return found


def _met_elsewhere(case: Case) -> list[Finding]:
    """Somebody was met with this ID number, and not whoever filed here (decision 17)."""
    rival = confirmed_rival(case.claim) if case.claim is not None else None
    if rival is None or rival.phone_index == case.claim.phone_index:
        return []
    return [Finding("身份存疑", "danger", "该身份证号码已由另一手机号当面核实")]


def _other_cases(case: Case, people: list[Relative], user) -> list[Finding]:
    indexes = _indexes(people)
    same = Q(applicant_id_index__in=indexes) | Q(pk__in=CaseMember.objects.filter(id_index__in=indexes).values("case"))
    others = list(Case.objects.filter(same).filed().exclude(pk=case.pk).order_by("-submitted_at", "-id")[:20])
    counties = names.full_names(other.county_id for other in others)
    return [_other_case(other, counties.get(other.county_id, ""), user) for other in others]


def _other_case(other: Case, county: str, user) -> Finding:
    tag, tone = ("在办工单", "danger") if other.is_open else ("曾经申请", "warn")
    day = f"{timezone.localtime(other.submitted_at):%Y年%m月%d日}"
    if is_in_view(user, other):
        text = f"{other.applicant_name}户 {day}的申请，工单{other.number}，{other.get_state_display()}"
        return Finding(tag, tone, text, other.uid)
    state = "正在办理" if other.is_open else "已办结"
    return Finding(tag, tone, f"{county}有同一人员{day}的申请，{state}")


def _benefits(case: Case, people: list[Relative], user) -> list[Finding]:
    rows = benefits_of(_indexes(people)).exclude(source_uid=case.uid)[:20]
    rows = list(rows)
    counties = names.full_names(row.household.county_id for row in rows)
    return [_benefit(row, counties.get(row.household.county_id, ""), user) for row in rows]


def _benefit(row: PolicyBenefit, county: str, user) -> Finding:
    month = f"{row.benefit_on:%Y年%m月}" if row.benefit_on else "时间不详"
    policy = row.get_policy_type_display()
    if not is_in_view(user, row.household):
        return Finding("已享受政策", "danger", f"{county}登记：{month}享受过{policy}")
    amount = f"，金额{row.amount:,.2f}元" if row.amount else ""
    return Finding("已享受政策", "danger", f"{row.household.head.name}户 {month}享受过{policy}{amount}")


def _known_persons(people: list[Relative]) -> list[Finding]:
    known = Person.objects.filter(id_index__in=_indexes(people)).only("uid", "id_index", "name", "deceased_on")
    by_index = {person.id_index: person for person in known}
    found = []
    for one in people:
        person = by_index.get(one.id_index)
        if person is None:
            continue
        if person.name != one.name:
            # The ledger's name may be a stranger's: enough is shown to compare with the card in hand.
            text = f"{one.who}{one.name}的身份证号码在台账中登记为“{mask_name(person.name)}”，请核对证件"
            found.append(Finding("姓名不一致", "warn", text))
        if person.deceased_on:
            text = f"台账登记{one.who}{one.name}于{person.deceased_on}去世，请核对"
            found.append(Finding("已登记死亡", "danger", text))
    return found


def _memberships(case: Case, people: list[Relative], user) -> list[Finding]:
    rows = HouseholdMember.objects.filter(person__id_index__in=_indexes(people), left_on__isnull=True)
    rows = list(rows.select_related("person", "household__head").order_by("id"))
    home = case.household_id or next(
        (row.household_id for row in rows if row.person.id_index == case.applicant_id_index), None
    )
    counties = names.full_names(row.household.county_id for row in rows)
    by_index = {one.id_index: one for one in people}
    found = []
    for row in rows:
        one, household = by_index[row.person.id_index], row.household
        is_head = household.head_id == row.person_id
        if household.pk == home and (is_head or one.who != "申请人"):
            continue
        where = f"{household.head.name}户" if is_in_view(user, household) else counties.get(household.county_id, "外县")
        text = f"{one.who}{one.name}现登记为{where}的{'户主' if is_head else '家庭成员'}"
        found.append(Finding("户籍关系", "warn", f"{text}，受理时不会自动迁入本户"))
    return found


def _phone_of_many(case: Case) -> list[Finding]:
    persons = persons_of_phone(case.claim.phone_index) if case.claim is not None else 0
    if persons <= MOST_ON_A_PHONE:
        return []
    return [Finding("电话重复", "warn", f"申请人的手机号码已用于{persons}人，请核实能否联系到本人")]


def _same_photos(case: Case, user) -> list[Finding]:
    owners = owners_of_same_photos(case.uid)
    others = Case.objects.filter(uid__in=owners).filed().exclude(applicant_id_index=case.applicant_id_index)
    count = others.values("applicant_id_index").distinct().count()
    if not count:
        return []
    other = others.order_by("-submitted_at", "-id").first()
    if is_in_view(user, other):
        where, uid = f"{other.applicant_name}户的工单{other.number}", other.uid
    else:
        where, uid = f"{names.full_name(other.county_id)}的一份申请", None
    return [Finding("照片重复", "warn", f"房屋照片与另外{count}户的完全相同，最近一次是{where}", uid)]
