import pytest
from tests.browser import DESK, PHONE
from tests.journeys.test_officer_pages import county_pages, township_pages
from tests.journeys import test_villager_pages as v
from tests.factories.renovation import make_villager
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

def shoot(page, addresses, name):
    for n, a in enumerate(addresses):
        page.goto(a)
        page.screenshot(path=f"/tmp/shots/{name}-{n:02d}.png", full_page=True)

def test_shots(world, sign_in):
    C, T = county_pages(world), township_pages(world)
    for s, size in (("desk", DESK), ("phone", PHONE)):
        size = {**size, "device_scale_factor": 1}
        shoot(sign_in(world.officer, **size), C, f"county-{s}")
        shoot(sign_in(world.township_officer, **size), T, f"town-{s}")
    for n, p in enumerate((v.in_publicity, v.asked_for_photos, v.sent_back, v.finished, v.rated, v.failed_review, v.ended)):
        vil = make_villager(world.village, v.LONG)
        A = p(world, vil)
        shoot(sign_in(vil, **{**PHONE, "device_scale_factor": 1}), A, f"vil-{p.__name__}")
