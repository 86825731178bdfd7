"""我的申请: one sentence of what happens and until when, whom to call, the red dot, a number to say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.messages import send
from accounts.models import Message, Office
from accounts.queries import unread_count
from common.templatetags.anju import cn_date
from regions.models import Region
from renovation.choices import CaseState
from tests.applicants.test_cases import SAID, detail
from tests.factories.renovation import acceptance, make_case, take_step

pytestmark = pytest.mark.django_db
LIST = reverse("applicants:cases")


@pytest.mark.parametrize("state", [one for one in CaseState.values if one != CaseState.DRAFT])
def test_the_list_says_it_in_one_sentence(world, villager, phone, state):
    case = make_case(world, state, villager=villager)
    page = phone.get(f"{LIST}?tab={'open' if case.is_open else 'finished'}").content.decode()
    assert SAID[state] in page
    if case.is_open:
        until = cn_date(case.nodes.get(handled_at=None).due_on)
        assert until in page and until in phone.get("/").content.decode()


def test_sentences_of_twenty_ends_cost_no_queries_of_their_own(world, villager, phone):
    counts = []
    phone.get(LIST)
    for more in (1, 5):
        for _ in range(more):
            make_case(world, CaseState.NOT_ACCEPTED, villager=villager)
        with CaptureQueriesContext(connection) as queries:
            phone.get(f"{LIST}?tab=finished")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_timeline_tells_done_now_and_to_come(world, villager, phone):
    case = make_case(world, CaseState.PENDING_APPRAISAL, villager=villager)
    page = phone.get(detail(case)).content.decode()
    marks = [page.count(f"timeline__item--{state}") for state in ("done", "now", "next")]
    assert marks == [2, 1, 7]


def test_a_refusal_says_why_what_can_be_done_and_whom_to_call_before_the_long_way(world, villager, phone):
    refused = acceptance(conclusion="fail", opinion="家中另有安全住房")
    page = phone.get(detail(take_step(make_case(world, villager=villager), by=world.officer, answers=refused)))
    page = page.content.decode()
    places = [page.index(words) for words in ("没有被受理", "家中另有安全住房", "可以再次申请", "tel:", "办理经过")]
    assert places == sorted(places) and page.count("有问题打电话") == 1


def unread(villager) -> int:
    return unread_count(villager)


def test_the_red_dot_counts_what_is_unread_and_goes_when_the_progress_is_read(world, villager, phone):
    case = make_case(world, CaseState.PENDING_APPRAISAL, villager=villager)
    send(recipient=villager.claim.uid, kind="C01", text="您的身份信息已核对", link="/cases/")
    before = Message.objects.filter(recipient=villager.claim.uid, read_at=None).count()
    others = Message.objects.filter(recipient=villager.claim.uid).exclude(link=detail(case)).count()
    assert before > others > 0 and f"，未读消息</span>{before}<" in phone.get("/").content.decode()
    # The very page that was read no longer shows it; what it did not speak of stays unread.
    page = phone.get(detail(case)).content.decode()
    assert f"，未读消息</span>{others}<" in page
    phone.post(reverse("accounts:messages"))
    assert "未读消息" not in phone.get("/").content.decode() and unread(villager) == 0


def test_reading_one_application_leaves_the_messages_of_others(world, villager, phone):
    old = make_case(world, CaseState.WITHDRAWN, villager=villager)
    new = make_case(world, villager=villager)
    phone.get(detail(old))
    left = Message.objects.filter(recipient=villager.claim.uid, read_at=None)
    assert set(left.values_list("link", flat=True)) == {detail(new)}


def test_the_number_is_told_in_groups_with_what_to_say_of_it(world, villager, phone):
    case = make_case(world, villager=villager)
    page = phone.get(reverse("applicants:done", args=[case.uid])).content.decode()
    groups = "".join(f"<span>{case.number[at : at + 4]}</span>" for at in range(0, 18, 4))
    assert groups in page and "最后6位" in page


def test_before_login_the_telephone_is_that_of_the_nearest_office_over_all_open_counties(world, client):
    city = Office.objects.get(region=world.regions["990100000000"])
    Office.objects.filter(pk=city.pk).update(phone="0999-7777777")
    assert "tel:0999-7777777" in client.get("/").content.decode()
    Region.objects.filter(pk=world.regions["990102000000"].pk).update(case_enabled=False)
    assert f"tel:{world.officer.office.phone}" in client.get("/").content.decode()
    Office.objects.filter(pk=world.officer.office_id).update(phone="")
    assert "tel:0999-7777777" in client.get("/").content.decode(), "the next one up has a telephone"
    Office.objects.filter(pk=city.pk).update(phone="")
    Region.objects.update(case_enabled=False)
    page = client.get("/").content.decode()
    assert "tel:" not in page and "村干部可以帮您办理" in page
