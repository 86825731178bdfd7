"""Every page of the officers at three widths: nothing sticks out, nothing the accessibility rules call serious."""

import pytest
from django.urls import reverse

from renovation.actions.service import ask_second_look
from renovation.choices import CaseState, Slot
from renovation.models import Publicity
from renovation.urls_of import for_everybody
from tests.browser import DESK, PHONE
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_case, make_villager
from tests.factories.steps import attach
from tests.journeys.desk import case_url
from tests.journeys.reading import read_all
from tests.scale import some

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TABLET = {"viewport": {"width": 768, "height": 1024}}
BOTH = [pytest.param(size, id=name) for name, size in (("desk", DESK), ("phone", PHONE))]
SIZES = [*BOTH, pytest.param(TABLET, id="tablet")]
LONG = "阿卜杜热合曼·买买提江"


def addresses(world) -> list[str]:
    first = make_case(world, villager=make_villager(world.village, LONG), photos=2)
    appraisal = make_case(world, CaseState.PENDING_APPRAISAL)
    ended = make_case(world, CaseState.APPRAISAL_FAILED)
    claim = make_villager(world.village, LONG).claim
    lists = [reverse(f"renovation:{name}") for name in ("todo", "done", "search")]
    pages = [case_url(case) for case in (first, appraisal, ended)]
    more = [case_url(first, "clock"), case_url(first, "reveal", "phone")]
    desk = [reverse("workbench:home"), reverse("workbench:claims"), reverse("workbench:claim", args=[claim.uid])]
    numbers = reverse("renovation:statistics")
    opened = f"{lists[2]}?region={world.county.key}&measure=in_hand&since=2026-01-01"
    return [*desk, *lists, lists[0] + "?name=无", *pages, *more, numbers, opened]


# Each run takes the sizes by turns, FULL=1 every page at all of them.
@pytest.mark.parametrize("size", some(BOTH, SIZES))
def test_pages_fit_and_can_be_read_by_everybody(world, sign_in, size):
    assert read_all(sign_in(world.officer, **size), addresses(world)) == {}


def county_pages(world) -> list[str]:
    """The decisions of the county in the later steps, and what it does beside them."""
    approval = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=make_villager(world.village, LONG))
    inspection = make_case(world, CaseState.PENDING_FINAL_INSPECTION)
    done = make_case(world, CaseState.COMPLETED)
    villager = make_villager(world.village, LONG)
    failed = make_case(world, CaseState.REVIEW_FAILED, villager=villager)
    ask_second_look(case=failed, by=villager, reason="那处房子是我弟弟的，我没有别的房子")
    moves = [case_url(approval, "move", name) for name in ("return_to_audit", "terminate")]
    look = [case_url(failed, "second_look"), case_url(failed, "move", "reopen_review"), case_url(failed)]
    beside = [case_url(approval, "ask_photos"), case_url(done, "payments")]
    return [*(case_url(one) for one in (approval, inspection, done)), *beside, *moves, *look]


def township_pages(world) -> list[str]:
    """The steps of the township, the notice with its sheets, and an objection."""
    states = (
        CaseState.PENDING_REVIEW,
        CaseState.PENDING_TOWNSHIP_AUDIT,
        CaseState.PENDING_IMPLEMENTATION,
        CaseState.PENDING_COMPLETION,
    )
    review, audit, *works = [make_case(world, state, villager=make_villager(world.village, LONG)) for state in states]
    noticed, _ = make_noticed(world, villager=make_villager(world.village, LONG))
    objection = object_to(noticed, by=world.township_officer)
    attach(noticed, Slot.NOTICE, by=world.township_officer)
    sheets = [case_url(noticed, "notice_sheet", kind) for kind in ("village", "township")]
    objected = [case_url(noticed, name, objection.uid) for name in ("objection", "reveal_objection")]
    moves = [case_url(audit, "move", "return_to_review"), case_url(noticed, "move", "uphold_objection")]
    notice = [case_url(noticed, "notice"), *sheets, for_everybody(Publicity.objects.get(case=noticed))]
    return [*(case_url(one) for one in (review, audit, *works, noticed)), *notice, *objected, *moves]


@pytest.mark.parametrize("size", some(BOTH[:1], SIZES))
def test_later_steps_of_the_county_can_be_read_by_everybody(world, sign_in, size):
    assert read_all(sign_in(world.officer, **size), county_pages(world)) == {}


@pytest.mark.parametrize("size", some(BOTH[1:], SIZES))
def test_later_steps_of_the_township_can_be_read_by_everybody(world, sign_in, size):
    assert read_all(sign_in(world.township_officer, **size), township_pages(world)) == {}
