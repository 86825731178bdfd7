"""Every page of the officers at three widths: nothing sticks out, nothing the accessibility rules call serious."""

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from renovation.choices import CaseState
from tests.browser import DESK, PHONE
from tests.factories.renovation import make_case, make_villager, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
TABLET = {"viewport": {"width": 768, "height": 1024}}
SIZES = [pytest.param(size, id=name) for name, size in (("desk", DESK), ("tablet", TABLET), ("phone", PHONE))]
LONG = "阿卜杜热合曼·买买提江"


def addresses(world) -> list[str]:
    first = make_case(world, villager=make_villager(world.village, LONG), photos=2)
    appraisal = make_case(world, CaseState.PENDING_APPRAISAL)
    ended = make_case(world, CaseState.APPRAISAL_FAILED)
    claim = make_villager(world.village, LONG).claim
    lists = [reverse(f"renovation:{name}") for name in ("todo", "done", "search")]
    pages = [reverse("renovation:case", args=[case.uid]) for case in (first, appraisal, ended)]
    more = [reverse("renovation:clock", args=[first.uid]), reverse("renovation:reveal", args=[first.uid, "phone"])]
    desk = [reverse("workbench:home"), reverse("workbench:claims"), reverse("workbench:claim", args=[claim.uid])]
    numbers = reverse("renovation:statistics")
    opened = f"{lists[2]}?region={world.county.key}&measure=in_hand&since=2026-01-01"
    return [*desk, *lists, lists[0] + "?name=无", *pages, *more, numbers, opened]


@pytest.mark.parametrize("size", SIZES)
def test_pages_fit_and_can_be_read_by_everybody(open_page, live_server, size):
    world = make_world()
    client = Client()
    client.force_login(world.officer)
    page = open_page(**size)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    faults = {}
    for address in addresses(world):
        page.goto(address)
        found = [
            f"{one['id']}: {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(page)["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("sticks out sideways")
        if found:
            faults[address] = found
    assert faults == {}
