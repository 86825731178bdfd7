"""The notice for everybody: the allow-list and nothing else of the case, while it runs and not a day longer."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import freeze
from households.choices import Relation
from renovation.actions.publicity import close_due_publicities
from renovation.choices import Slot
from renovation.models import Case, CaseNode
from tests.factories import steps
from tests.factories.people import make_id_number
from tests.factories.publicity import make_noticed, object_to
from tests.factories.renovation import make_villager, press
from tests.renovation.pages import seen, text_of

PHONE, SECOND_PHONE = "15400007777", "15400006666"
MARKED = (
    "house_address",
    "residence_address",
    "registered_address",
    "risk_description",
    "agent_name",
    "reentry_reason",
)


@pytest.fixture
def noticed(world):
    """A running notice of a case whose every private column holds a word that stands nowhere else."""
    case, notice = make_noticed(world, villager=make_villager(world.village, "欧阳石"))
    steps.attach(case, Slot.NOTICE, by=world.cadre)
    case.members.create(name="岑小雁", relation=Relation.values[0], id_number=make_id_number("20140202"))
    Case.objects.filter(pk=case.pk).update(
        **{name: f"密语{name}" for name in MARKED}, lon="102.471133", lat="25.556277", has_disabled=True
    )
    CaseNode.objects.filter(case=case).update(opinion="密语意见", handler_name="密语经办人", photo_request="密语请求")
    case = Case.objects.get(pk=case.pk)
    case.applicant_phone, case.agent_phone = PHONE, SECOND_PHONE
    case.save(update_fields=["applicant_phone", "agent_phone"])
    object_to(case, by=world.township_officer, name="密语邻居", content="密语异议")
    return case, notice


def forbidden(case: Case) -> list[str]:
    """Everything of the case that is not in the notice: numbers whole and masked, names, words, addresses of files."""
    member, files = case.members.get(), [*case.files(Slot.NOTICE), *case.files(Slot.RISK)]
    numbers = [case.applicant_id_number, member.id_number, PHONE, SECOND_PHONE]
    pieces = [number[-6:] for number in numbers] + [number[:6] + "*" for number in numbers]
    words = [
        "密语",
        "岑小雁",
        "102.47",
        "25.55",
        "12号",
        "残疾",
        case.number,
        str(case.uid),
        case.household.head.uid.hex,
    ]
    return [*numbers, *pieces, *words, *(str(row.uid) for row in files), "19520314", "1952"]


def url_of(notice) -> str:
    return reverse("applicants:public_notice", args=[notice.token])


def test_anybody_reads_it_while_it_runs(noticed):
    case, notice = noticed
    page = Client().get(url_of(notice))
    assert page.status_code == 200
    said = seen(page)
    assert said.replace(" ", "").count("石桥镇上坝村农村危房改造拟保障对象公示") == 1
    for key in notice.content.keys() - {"title", "village_seal"}:
        assert notice.content[key] in said, key


def test_page_gives_nothing_else_of_the_case_away(noticed):
    case, notice = noticed
    answer = Client().get(url_of(notice))
    everything = text_of(answer) + str(answer.headers) + str(answer.cookies)
    assert [word for word in forbidden(case) if word in everything] == []
    assert "<img" not in text_of(answer)


def test_sheets_give_nothing_else_of_the_case_away(world, noticed):
    case, _ = noticed
    client = Client()
    client.force_login(world.cadre)
    for kind in ("village", "township"):
        page = text_of(client.get(reverse("renovation:notice_sheet", args=[case.uid, kind])))
        # The way back to the case is for the screen alone.
        paper = page[page.index("<article") : page.index("</article>")]
        assert [word for word in forbidden(case) if word in paper] == []


def test_what_is_corrected_later_does_not_change_what_hangs(noticed):
    case, notice = noticed
    type(case.household.head).objects.filter(pk=case.household.head_id).update(name="改名后")
    Case.objects.filter(pk=case.pk).update(grade="C", applicant_name="改名后")
    said = seen(Client().get(url_of(notice)))
    assert "欧阳石" in said and "改名后" not in said and "D级" in said


def test_no_cache_and_no_search_engine_keeps_it(noticed):
    page = Client().get(url_of(noticed[1]))
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert page.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in text_of(page)
    assert re.search(r"property=.og:", text_of(page)) is None


def test_robots_get_the_first_page_only():
    page = Client().get("/robots.txt")
    assert page.headers["Content-Type"].startswith("text/plain")
    assert page.content.decode() == "User-agent: *\nAllow: /$\nDisallow: /notices/\nDisallow: /\n"


def gone(notice) -> str:
    page = Client().get(url_of(notice))
    assert page.status_code == 410
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    return text_of(page)


def test_after_the_last_day_it_is_gone_timer_or_not(world, noticed):
    _, notice = noticed
    running, _ = noticed
    with freeze(notice.ends_at):
        # The objection still waits, so the notice is not closed: its days are over all the same.
        assert close_due_publicities() == 0
        page = gone(notice)
    assert "欧阳石" not in page and "上坝村" not in page and running.number not in page


def test_why_it_is_gone_is_nobodys_business(world, noticed):
    case, notice = noticed
    _, other = make_noticed(world)
    press(case, "uphold_objection", by=world.township_officer)
    with freeze(other.ends_at):
        assert close_due_publicities() == 1
        assert gone(notice) == gone(other)


def test_unknown_address_is_not_found(db):
    assert Client().get("/notices/no-such-notice/").status_code == 404


def test_logged_in_or_not_the_notice_is_the_same(world, noticed, phone):
    _, notice = noticed
    assert phone.get(url_of(notice)).status_code == 200
    assert Client().post(url_of(notice)).status_code == 405
