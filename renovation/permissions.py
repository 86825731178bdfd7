"""Who may take which move: level and office from the workflow table, duty from the account (decisions 20, 24)."""

from accounts.choices import Level
from accounts.permissions import Can
from accounts.queries import handling_office
from renovation.choices import CaseState
from renovation.workflow import COUNTY, SYSTEM, VILLAGER, WORKFLOW


def may_move(user, case, move) -> bool:
    """Whether this user may take the move on this case now; the case is already within the user's view.

    No user is the clock, which may take nothing but what the table gives to it (公示期满).
    """
    actor = WORKFLOW.actor_of(case.state, move)
    if user is None or actor == SYSTEM:
        return user is None and actor == SYSTEM
    if actor == VILLAGER:
        return is_applicant(user, case)
    if case.is_open and actor == WORKFLOW.step(case.state).actor:
        return may_handle(user, case)
    return is_of_county(user, case)


def is_of_county(user, case) -> bool:
    """Whether the user decides for the case's county, wherever the case waits or has ended (终止, decision 22)."""
    if user.level != COUNTY or not user.can(Can.HANDLE_CASES):
        return False
    office = handling_office(case.county_id, COUNTY)
    return office is not None and office.pk == user.office_id


def may_handle(user, case) -> bool:
    """Whether the case waits for this user's office and the user has the duty to decide (待办, domain §4.3)."""
    return (
        case.is_open and case.office_id is not None and case.office_id == user.office_id and user.can(Can.HANDLE_CASES)
    )


def is_applicant(user, case) -> bool:
    """Whether the user acts for the applicant: the person's own claim, or whoever files for somebody (代办)."""
    if user.is_villager:
        return is_the_person(user, case) or is_helper(user, case)
    return case.on_behalf and case.filed_by_id == user.pk and user.can(Can.APPLY_FOR_VILLAGER)


def is_the_person(user, case) -> bool:
    """Whether the villager is the applicant: by the claim the case was filed with, or once proven by the person."""
    is_own = case.claim is not None and case.claim.uid == user.acting_uid
    return is_own or (case.person_id is not None and case.person_id == user.scope.person_id)


def is_helper(user, case) -> bool:
    """Whether the villager files for somebody else on the own phone (代办 by a relative or neighbour)."""
    return case.agent_claim_id is not None and case.agent_claim.uid == user.acting_uid


def may_post_photos(user, case) -> bool:
    """Whether the user may show the board of the notice (公示照片, domain §1.3): its village or its township.

    From the posting until the township's audit; the case is already within the user's view.
    """
    if case.state not in (CaseState.IN_PUBLICITY, CaseState.PENDING_TOWNSHIP_AUDIT):
        return False
    is_near = user.level in (Level.VILLAGE, Level.TOWNSHIP) and user.can(Can.ENTER_RECORDS)
    return is_near or may_handle(user, case)


def may_register_disowning(user, case) -> bool:
    """Whether the user may note that the applicant called and disowns what was filed for them: township and county."""
    return user.level in (Level.TOWNSHIP, Level.COUNTY) and user.can(Can.HANDLE_CASES) and case.filed_by_id != user.pk


def may_settle_disowning(user, case) -> bool:
    """Whether the user asks the applicant in the county's name whether they want it; not who filed for them."""
    return is_of_county(user, case) and case.filed_by_id != user.pk


def may_read_objections(user) -> bool:
    """Who objected, and to what, is not for the village: the objection may be about its cadres (domain §15.3)."""
    return user.level != Level.VILLAGE
