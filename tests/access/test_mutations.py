"""A-12: with the scope of one view taken out, and only that, the rows of its address go red: a test that cannot fail
is none.

Which scopes a view takes is seen by watching it at work. The functions in EXCUSED may lose theirs without a red row:
each for a reason, and in the long runs each is tried all the same, so that no reason outlives itself.
"""

import sys

import pytest
from django.contrib.admin import site

from tests.access.asking import ask
from tests.access.mutants import Mutant, mutants
from tests.access.table import TABLE, filled
from tests.access.test_admin_doors import faults_of_lists, faults_of_pages, rows  # noqa: F401
from tests.access.test_sweep import (  # noqa: F401
    CROWD,
    LISTS,
    TRIED,
    WITH_OBJECT,
    body_of,
    faults,
    faults_at_home,
    faults_of_list,
    town,
)
from tests.scale import FULL, some

pytestmark = pytest.mark.django_db
TWIN = "test_twin_with_the_scope_in_place_finds_nothing"
OPENED = "scopes taken out of a view, each seen by the sweep"
EXCUSED = {
    "accounts.forms.AccountForm.__init__": "which unit may be posted: tests/access/test_swaps.py",
    "accounts.queries.unread_count": "only a number beside the menu: tests/applicants/test_cases.py",
    "accounts.views.heads.HeadsOfDay.get": "the town has no signed heads: tests/accounts/test_heads.py",
    "accounts.views.messages.Inbox.post": "shows nothing; whose messages it marks: tests/accounts/test_messages.py",
    "applicants.queries.draft_of": "whoever asks in the town has an open case: tests/applicants/test_cases.py",
    "applicants.queries.filed_for_others": "asks for filed_by=user as well",
    "applicants.queries.recordings_for": "the words of a notice; whose place: tests/applicants/test_recordings.py",
    "applicants.views.cases.CaseDetail.get": "shows nothing; which it marks: tests/applicants/test_finding_ones_way.py",
    "applicants.views.people.People.post": "shows nothing; whose names open: tests/applicants/test_people.py",
    "applicants.views.people.PersonNew._page": "only which words stand on top",
    "households.queries.visible_reading": "asks for the session that sent the photo as well",
    "renovation.queries.precheck._same_photos": "nobody of the town sent one twice: tests/renovation/test_precheck.py",
    "renovation.queries.precheck._other_case": "nobody of the town filed twice: tests/renovation/test_precheck.py",
    "renovation.queries.precheck._benefit": "nobody of the town had money before: tests/renovation/test_precheck.py",
    "renovation.queries.precheck._memberships": "nobody of the town moved: tests/renovation/test_precheck.py",
    "renovation.queries.todo._waiting": "asks for the user's own office as well",
    "renovation.queries.todo.done": "asks for steps of the user's own office as well",
}
# The same where one address takes a scope only for a number, or behind another fence.
EXCUSED_AT = {
    ("apply/<uuid:uid>/check/", "applicants.queries.open_case_of"): "once refused: tests/applicants/test_filing.py",
    ("staff/", "households.queries.claims_to_confirm"): "only a number on the desk; the list is seen",
    ("staff/cases/statistics/", "renovation.queries.todo.within_view"): "counts inside the place that was asked for",
}
# model → the scope of its pages; the other models' rows are everybody's.
ADMIN = {
    label: mutant
    for label, page in {model._meta.label_lower: type(page) for model, page in site._registry.items()}.items()
    for mutant in mutants()
    if str(mutant) == f"{page.__module__}.{page.__qualname__}.get_queryset"
}
SCOPED = [*WITH_OBJECT, *LISTS]
# Who opens something at most addresses: enough to see which scopes a view takes.
READERS = ("villager", "village", "township", "county")


def red(town, address: str):  # noqa: F811
    """What the sweep finds wrong at this address, one answer after the other."""
    for method in ("get", "post"):
        if address in WITH_OBJECT:
            yield from faults(town, address, method).values()
            for persona in CROWD:
                yield from faults_at_home(town, address, method, persona)
        else:
            for persona in TRIED:
                yield from faults_of_list(town, address, method, persona)


def opened(town, address: str) -> None:  # noqa: F811
    """Let those who may see it open the page."""
    values = town.values["home"].get(TABLE[address].get("object", ""), {})
    path = filled(address, values)
    for persona in READERS:
        for method in ("get", "post"):
            ask(town, persona, method, path, body_of(town, persona, method, path, values))


def scopes_of(work) -> list[Mutant]:
    """The functions with a scope that run while this is done."""
    codes, seen = {mutant.function.__code__: mutant for mutant in mutants()}, set()

    def note(frame, event, _):
        if event == "call" and frame.f_code in codes:
            seen.add(codes[frame.f_code])

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return sorted(seen, key=str)


def is_excused(address: str, mutant: Mutant) -> bool:
    return str(mutant) in EXCUSED or (address, str(mutant)) in EXCUSED_AT


# Every fifth address in each run, all of them in the long ones.
@pytest.mark.parametrize("address", some(SCOPED[::5], SCOPED))
def test_sweep_notices_a_view_without_its_scope(town, address, tried):  # noqa: F811
    wrong, count = {}, 0
    for mutant in scopes_of(lambda: opened(town, address)):
        excused = is_excused(address, mutant)
        if excused and not FULL:
            continue
        with mutant.in_place():
            is_seen = next(red(town, address), None) is not None
        if is_seen == excused:
            wrong[str(mutant)] = "is seen, and excused" if excused else "nobody saw it"
        count += is_seen
    assert wrong == {}
    assert count or address not in WITH_OBJECT, "a view without a scope"
    if count:
        tried("A-12", count, OPENED, TWIN)


@pytest.mark.parametrize("model", ADMIN)
def test_sweep_of_the_admin_notices_a_page_without_its_scope(town, rows, model, tried):  # noqa: F811
    with ADMIN[model].in_place():
        assert next(red_in_admin(town, rows, model), None), "nobody saw it"
    tried("A-12", 1, OPENED, TWIN)


def red_in_admin(town, rows, model: str):  # noqa: F811
    """What the sweep of the admin finds wrong at the pages of this model."""
    for persona in ("county", "system", "auditor"):
        yield from faults_of_lists(town, persona, (model,))
        yield from faults_of_pages(town, rows, persona, (model,))


@pytest.mark.skipif(not FULL, reason="opens every page: FULL=1")
def test_no_scope_is_left_out(town):  # noqa: F811
    taken = {str(one) for address in SCOPED for one in scopes_of(lambda address=address: opened(town, address))}
    taken |= {str(one) for one in ADMIN.values()}
    assert {str(one) for one in mutants()} - taken - set(EXCUSED) == set()


@pytest.mark.parametrize("address", ["staff/cases/<uuid:uid>/", "apply/<uuid:uid>/check/", "files/<uuid:uid>/"])
def test_twin_with_the_scope_in_place_finds_nothing(town, address):  # noqa: F811
    assert list(red(town, address)) == []
