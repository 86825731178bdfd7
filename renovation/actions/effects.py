"""What a move writes besides the state: the number at 提交, the masters when a step completes (domain §2.3–2.4)."""

from dataclasses import dataclass

from django.db import connection

from households.actions import claims, ledger
from households.choices import Grade
from households.models import Attachment
from renovation.actions import opinions, projects, publicity, service
from renovation.models import Case, CaseEvent, CaseNode, CaseNumber

DANGEROUS = (Grade.C, Grade.D)


def before(case: Case, move, *, by, at) -> None:
    """Effects that the transition itself needs: they change columns of the locked case."""
    effect = _BEFORE.get(move.name)
    if effect:
        effect(case, by=by, at=at)


@dataclass(frozen=True)
class Taken:
    """What a move left behind when its effects begin: who took it, the event, the new step, the form's answers."""

    by: object
    event: CaseEvent
    node: CaseNode | None
    answers: dict


def after(case: Case, move, *, by, event, node, answers) -> None:
    """Effects on notices, register and ledger, once the case and its event stand."""
    taken = Taken(by, event, node, answers)
    for effect in _AFTER.get(move.name, ()):
        effect(case, taken)


def _number(case: Case, *, by, at) -> None:
    case.number, case.submitted_at = next_number(case, at), at
    if case.claim_id is None and case.on_behalf:
        case.claim = claims.claim_for_other(
            by=by,
            name=case.applicant_name,
            id_number=case.applicant_id_number,
            phone=case.applicant_phone,
            home_region=case.region,
            home_address=case.house_address,
        )
    if case.claim is not None and case.claim.is_confirmed:
        case.person = case.claim.person


def next_number(case: Case, at) -> str:
    """The next 工单号: county code (6) + yymmdd + six digits counted per county and day (domain §4.3)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {CaseNumber._meta.db_table} AS n (county_id, day, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (county_id, day) DO UPDATE SET last = n.last + 1 RETURNING last",
            [case.county_id, at.date()],
        )
        serial = cursor.fetchone()[0]
    return f"{case.county.code[:6]}{at:%y%m%d}{serial:06d}"


def _enter_ledger(case: Case, taken: Taken) -> None:
    """受理·通过: person and household are found or made, an unrivalled claim is proven, what is known is noted."""
    by = taken.by
    person = ledger.find_or_create_person(
        by=by, name=case.applicant_name, id_number=case.applicant_id_number, phone=case.applicant_phone
    )
    household = ledger.ensure_household(by=by, head=person, region=case.region, phone=case.applicant_phone)
    for member in case.members.all():
        _join(by, household, member)
    if case.had_policy:
        ledger.record_benefit(
            by=by, household=household, source_uid=case.uid, benefit_on=case.policy_date, amount=case.policy_amount
        )
    if case.is_low_income:
        ledger.record_low_income(by=by, household=household, source_uid=case.uid, recognised_by=by.office.name)
    if case.claim is not None:
        claims.confirm_on_paper(claim=case.claim, by=by)
    Case.objects.filter(pk=case.pk).update(person=person, household=household)
    case.person, case.household = person, household


def _join(by, household, member) -> None:
    person = ledger.find_or_create_person(by=by, name=member.name, id_number=member.id_number)
    ledger.add_member(by=by, household=household, person=person, relation=member.relation)


def _record_appraisal(case: Case, taken: Taken) -> None:
    """认定: house facts and verdict go to the ledger, safe or not (domain §2.4 and §2.6)."""
    house = ledger.ensure_house(
        household=case.household,
        region=case.region,
        address=case.house_address,
        lon=case.lon,
        lat=case.lat,
        crs=case.crs,
    )
    facts = {
        "appraised_on": case.appraised_on,
        "grade": case.grade,
        "org": case.appraisal_org,
        "org_uscc": case.appraisal_org_uscc,
        # The applicant named them; a verdict of A or B says that none of them is dangerous (DQ17).
        "risk_parts": case.risk_parts if case.grade in DANGEROUS else [],
        "era": case.era,
        "structure_archive": case.structure_archive,
    }
    ledger.record_appraisal(by=taken.by, household=case.household, house=house, facts=facts, source_uid=case.uid)


def _forget_position(case: Case, *, by, at) -> None:
    forget_position(case)


def forget_position(case: Case) -> None:
    """An application that comes to nothing keeps no position, neither its own nor its photos' (domain §15.2).

    The caller holds the case's lock and saves it.
    """
    case.lon, case.lat, case.crs = None, None, ""
    Attachment.objects.filter(owner_uid=case.uid).update(lon=None, lat=None, position_source="", crs="")


def _forget_unless_planned(case: Case, *, by, at) -> None:
    """终止 before the approval is an application that came to nothing; a project's house stays where it stands."""
    if case.project_or_none() is None:
        _forget_position(case, by=by, at=at)


def _note_review(case: Case, taken: Taken) -> None:
    """评议·通过: the size of family and house go to the masters (domain §2.4)."""
    ledger.note_review(
        by=taken.by,
        household=case.household,
        population=case.family_size,
        area=case.house_area,
        evidence_on=case.review_date,
    )


def _publicise(case: Case, taken: Taken) -> None:
    publicity.open_publicity(case=case, by=taken.by, at=taken.event.at, node=taken.node)


def _end_publicity(case: Case, taken: Taken) -> None:
    publicity.end_publicity(case=case, at=taken.event.at)


def _uphold(case: Case, taken: Taken) -> None:
    publicity.close_upheld(case=case, by=taken.by, at=taken.event.at, answer=taken.event.opinion)
    publicity.take_down(case=case, at=taken.event.at)


def _amend_opinion(case: Case, taken: Taken) -> None:
    opinions.amend(case=case, by=taken.by, at=taken.event.at, amended=taken.answers.get("amended_township_opinion", ""))


def _open_project(case: Case, taken: Taken) -> None:
    projects.open_for_case(case=case, by=taken.by, answers=taken.answers, at=taken.event.at)


def _save_project(case: Case, taken: Taken) -> None:
    projects.save_works(case=case, by=taken.by)


def _accept_house(case: Case, taken: Taken) -> None:
    projects.accept(case=case, by=taken.by, answers=taken.answers)


def _stop(case: Case, taken: Taken) -> None:
    """终止: a running notice is taken down, the project ends as far as it has come (domain §4.2)."""
    publicity.close_moot(case=case, by=taken.by, at=taken.event.at)
    publicity.take_down(case=case, at=taken.event.at)
    projects.stop(case=case, by=taken.by, answers=taken.answers)


def _grant_second_look(case: Case, taken: Taken) -> None:
    service.close_granted(case=case, by=taken.by, at=taken.event.at, answer=taken.event.opinion)


_BEFORE = {
    "submit": _number,
    "refuse": _forget_position,
    "withdraw": _forget_position,
    "find_safe": _forget_position,
    "reject": _forget_position,
    "terminate": _forget_unless_planned,
}
_AFTER = {
    "accept": (_enter_ledger,),
    "find_dangerous": (_record_appraisal,),
    "find_safe": (_record_appraisal,),
    "pass_review": (_note_review, _publicise),
    "end_publicity": (_end_publicity,),
    "uphold_objection": (_uphold,),
    "approve": (_amend_opinion, _open_project),
    "reject": (_amend_opinion,),
    "start_works": (_save_project,),
    "report_completion": (_save_project,),
    "pass_inspection": (_accept_house,),
    "terminate": (_stop,),
    "reopen_review": (_grant_second_look,),
}
