"""工单统计 (T13): every number is the length of the list it opens, at every level, and the quotients by hand."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Duty
from common import clock
from regions import names
from regions.models import CalendarDay, CalendarStamp
from renovation.actions.service import rate_case
from renovation.choices import CaseState
from renovation.queries.figures import RETURN_MOVES
from renovation.statistics import COLUMNS, MEASURES, Measure, Period, tabulate
from renovation.workflow import WORKFLOW
from tests.factories.accounts import make_administrator, make_user
from tests.factories.regions import make_region
from tests.factories.renovation import make_case, make_villager, press
from tests.factories.statistics import decide, file_case, rate, send_back
from tests.factories.steps import step_on
from tests.renovation.pages import numbers, seen, text_of

STATISTICS, SEARCH = reverse("renovation:statistics"), reverse("renovation:search")
ALL = {"since": "", "until": ""}
NATION = "000000000000"
# One place of every level, among them a county without townships, a county below no city and a city without counties.
PLACES = (
    NATION, "990000000000", "990100000000", "990101000000", "990101100000", "990101100201",
    "990103000000", "999001000000", "990200100001",
)  # fmt: skip
VILLAGES = (
    "990101100201",
    "990101100202",
    "990101200201",
    "990102100201",
    "999001100201",
    "990200100001",
    "990103000201",
)
MOST_QUERIES = 15
EVER = Period()


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T09:00:00+08:00")


@pytest.fixture
def mixed(world):
    """In every village a case of every state (of some two), some late, sent back, visited or rated."""
    for order, code in enumerate(VILLAGES):
        village = world.regions[code]
        for number, step in enumerate(WORKFLOW.steps):
            is_late = (order + number) % 3 == 0
            case = file_case(world, village, step.code, is_overdue=is_late and step.is_open, was_late=number % 4 == 0)
            if step.code == CaseState.PENDING_REVIEW:
                send_back(case, "return_to_review", CaseState.PENDING_TOWNSHIP_AUDIT, CaseState.PENDING_REVIEW)
                send_back(case, "fail_audit", CaseState.PENDING_TOWNSHIP_AUDIT, CaseState.PENDING_REVIEW, seq=3)
            if step.code == CaseState.COMPLETED:
                decide(case, "approve", visited=order % 2 == 0)
                rate(case, 2 + order % 4)
        file_case(world, village, CaseState.PENDING_APPRAISAL, is_overdue=order % 2 == 0)
        file_case(world, village, submitted_at=at("2025-05-05"))
    return world


def table_of(world, user, code: str, period: Period = EVER):
    return tabulate(user, world.regions[code], period)


def listed(client, place, measure: str, **more) -> int:
    """The rows of the list, counted page by page, which its own total must name too."""
    found, page = [], client.get(SEARCH, {"region": place.key, "measure": measure, **more})
    total = re.search(r"共(\d+)条", seen(page))[1]
    while True:
        found += numbers(page)
        onward = re.search(r'href="([^"]+)" rel="next"', text_of(page))
        if not onward:
            break
        page = client.get(SEARCH + onward[1].replace("&amp;", "&"))
    assert len(set(found)) == len(found) == int(total)
    return len(found)


@pytest.mark.parametrize("code", PLACES)
def test_every_number_is_the_length_of_its_list(mixed, client, code, monkeypatch):
    monkeypatch.setattr("renovation.views.lists.PAGE_SIZE", 500)
    user = make_user("ministry", region=mixed.regions[NATION])
    client.force_login(user)
    table = table_of(mixed, user, code)
    for key in MEASURES:
        for line in (table.total, *table.lines[:2]):
            assert line.sums[key] == listed(client, line.region, key), (key, line.region)
    assert table.total.sums["filed"] > 0


def test_page_shows_the_numbers_and_each_links_to_its_list(mixed, officer):
    table = table_of(mixed, mixed.officer, "990101000000")
    page = officer.get(STATISTICS, ALL)
    links = re.findall(r'<a href="([^"]+measure=[^"]+)">(\d+)</a>', text_of(page))
    shown = [line.sums[key] for line in (table.total, *table.lines) for key in MEASURES if line.sums[key]]
    assert [int(number) for _, number in links] == shown
    for url, number in links[:12]:
        assert f"共{number}条" in seen(officer.get(url.replace("&amp;", "&")))


def test_total_is_the_sum_of_the_rows_at_every_level(mixed, client):
    user = make_user("ministry", region=mixed.regions[NATION])
    for code in PLACES:
        table = table_of(mixed, user, code)
        for key in (column.key for column in COLUMNS if hasattr(column, "key")):
            if table.lines:
                assert table.total.sums[key] == sum(line.sums[key] for line in table.lines)
        assert table.total.sums["filed"] == sum(table.total.sums[key] for key in ("in_hand", "closed", "terminated"))


def test_rows_step_over_missing_levels(mixed):
    user = make_user("ministry", region=mixed.regions[NATION])

    def below(code):
        return [line.region.name for line in table_of(mixed, user, code).lines]

    assert set(below("990000000000")) == {"青屏市", "南湾市", "云门市"}
    assert below("990200000000") in (["南湾镇"], ["南湾社区居委会"])
    assert below("990103000000") == ["风山农场"]
    assert below("990101100201") == []


def test_every_filed_state_is_counted_once(mixed):
    found = [measure for measure in MEASURES.values() if measure.key in CaseState.values]
    assert {measure.key for measure in found} == set(CaseState.values) - {CaseState.DRAFT}


def test_a_case_that_hangs_above_the_rows_is_not_lost(world):
    file_case(world, world.regions["990101100000"])
    table = table_of(world, world.officer, "990101100000")
    assert (table.total.sums["filed"], table.lines[-1].region, table.lines[-1].sums["filed"]) == (1, None, 1)


def test_period_is_the_day_of_filing_with_both_ends(world, officer):
    for moment in ("2026-03-01T00:00:00", "2026-03-31T23:59:59", "2026-02-28T23:59:59", "2026-04-01T00:00:00"):
        file_case(world, world.village, submitted_at=dt.datetime.fromisoformat(f"{moment}+08:00"))
    period = {"since": "2026-03-01", "until": "2026-03-31"}
    table = table_of(world, world.officer, "990101000000", Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31)))
    assert table.total.sums["filed"] == listed(officer, world.county, "filed", **period) == 2
    page = officer.get(STATISTICS, period)
    assert 'value="2026-03-01"' in text_of(page)
    assert "since=2026-03-01&amp;until=2026-03-31" in text_of(page)


def test_period_is_this_year_unless_one_asks_for_all(world, officer):
    with clock.freeze(at("2026-06-01")):
        officer.force_login(world.officer)
        file_case(world, world.village, submitted_at=at("2025-12-31"))
        file_case(world, world.village, submitted_at=at("2026-01-01"))
        for query, number in (({}, 1), (ALL, 2), ({"since": "", "until": "2025-12-31"}, 1)):
            page = text_of(officer.get(STATISTICS, query))
            assert re.search(rf"measure=filed[^>]*>{number}</a>", page), query


def test_period_that_ends_before_it_begins_is_refused_in_words(world, officer):
    page = officer.get(STATISTICS, {"since": "2026-03-01", "until": "2026-02-01"})
    assert "结束日期不能早于开始日期" in seen(page)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "x"])
@pytest.mark.parametrize("url", [STATISTICS, SEARCH])
def test_day_at_the_end_of_the_calendar_breaks_nothing(world, officer, url, day):
    assert officer.get(url, {"since": day, "until": day}).status_code == 200


def test_mean_of_working_days_by_hand(world, calendar):
    # Friday to Monday 1; over the Dragon Boat holiday (19–21 June 2026, Friday to Sunday) 16th to 23rd: 17, 18, 22, 23.
    for filed, closed in (("2026-06-05", "2026-06-08"), ("2026-06-16", "2026-06-23")):
        file_case(world, world.village, CaseState.COMPLETED, submitted_at=at(filed), closed_at=at(closed))
    # Neither the open nor the refused count.
    file_case(world, world.village, CaseState.NOT_ACCEPTED, submitted_at=at("2026-01-05"), closed_at=at("2026-05-05"))
    table = table_of(world, world.officer, "990101000000")
    assert (table.total.sums["workdays"], table.total.sums["completed"]) == (5, 2)


def test_mean_of_working_days_follows_each_countys_calendar(world, calendar):
    CalendarDay.objects.create(
        date=dt.date(2026, 6, 10), kind="holiday", name="泼水节", region=world.regions["990102000000"], source="测试"
    )
    CalendarStamp.objects.update(token="00000000-0000-0000-0000-000000000099")
    for code in ("990101100201", "990102100201"):
        file_case(
            world,
            world.regions[code],
            CaseState.COMPLETED,
            submitted_at=at("2026-06-08"),
            closed_at=at("2026-06-12"),
        )
    user = make_user("ministry", region=world.regions[NATION])
    for code in (NATION, "990100000000"):
        assert table_of(world, user, code).total.sums["workdays"] == 4 + 3
    table = table_of(world, user, "990100000000")
    assert {line.region.name: line.sums["workdays"] for line in table.lines if line.sums["filed"]} == {
        "青溪县": 4,
        "白沙县": 3,
    }


def test_returns_are_the_moves_that_lead_back():
    assert set(RETURN_MOVES) == {
        "uphold_objection", "fail_audit", "return_to_review", "return_to_audit", "fail_inspection",
    }  # fmt: skip


def test_quotients_by_hand(world, officer):
    first, second, third = (file_case(world, world.village, CaseState.COMPLETED) for _ in range(3))
    for case, stars in ((first, 5), (second, 2)):
        rate(case, stars)
    decide(first, "approve", visited=True)
    decide(second, "reject", visited=False)
    decide(third, "approve", visited=False)
    # Neither another month's nor a return counts.
    decide(file_case(world, world.village), "approve", visited=True, at=clock.now() - dt.timedelta(days=40))
    decide(file_case(world, world.village), "return_to_audit", visited=True)
    file_case(world, world.village, is_overdue=True)
    send_back(first, "return_to_audit", CaseState.PENDING_COUNTY_APPROVAL, CaseState.PENDING_TOWNSHIP_AUDIT)
    send_back(first, "fail_inspection", CaseState.PENDING_FINAL_INSPECTION, CaseState.PENDING_COMPLETION, seq=3)
    sums = table_of(world, world.officer, "990101000000").total.sums
    assert (sums["stars"], sums["rated"]) == (7, 2)
    assert (sums["visited"], sums["decided"]) == (1, 3)
    assert (sums["returned"], sums["returns"]) == (1, 2)
    assert (sums["late"], sums["in_hand"]) == (1, 3)
    page = seen(officer.get(STATISTICS, ALL))
    for words in ("3.5（评价2件）", "33.3%（本月审批3件，其中1件）", "33.3%（在办3件，其中1件）"):
        assert words in page


def test_what_people_really_do_is_counted(world):
    villager = make_villager(world.village)
    case = make_case(world, CaseState.PENDING_COUNTY_APPROVAL, villager=villager)
    case = press(case, "return_to_audit", by=world.officer)
    for _ in range(4):
        case = step_on(world, case)
    case = step_on(world, case, conclusion="fail", opinion="墙面未完工")
    for _ in range(2):
        case = step_on(world, case)
    rate_case(case=case, by=villager, stars=4)
    make_case(world, CaseState.APPROVAL_REJECTED)
    file_case(world, world.village)
    sums = table_of(world, world.officer, "990101000000").total.sums
    assert {key: sums[key] for key in ("filed", "completed", "approval_rejected", "in_hand", "closed")} == {
        "filed": 3, "completed": 1, "approval_rejected": 1, "in_hand": 1, "closed": 2,
    }  # fmt: skip
    assert (sums["returned"], sums["returns"], sums["rated"], sums["stars"]) == (1, 2, 1, 4)
    assert (sums["decided"], sums["visited"]) == (2, 2)
    assert sums["workdays"] > 0


def test_zero_is_shown_and_nothing_to_divide_by_is_said(world, officer):
    page = officer.get(STATISTICS)
    assert "没有办结通过" in seen(page)
    assert "measure=" not in text_of(page)
    assert re.search(r"<td[^>]*>0</td>", text_of(page))


def test_region_leads_down_and_back_and_keeps_the_period(mixed, client):
    client.force_login(make_user("city", region=mixed.regions["990100000000"]))
    period = "since=&amp;until="
    page = text_of(client.get(STATISTICS, ALL))
    down = f'href="{STATISTICS}?region=990101000000&amp;{period}"'
    assert down in page
    assert "region=990000000000" not in page
    village = text_of(client.get(STATISTICS, {"region": "990101100201", **ALL}))
    for key in ("990100000000", "990101000000", "990101100000"):
        assert f"{STATISTICS}?region={key}&amp;{period}" in village
    # Village rows lead no further.
    township = text_of(client.get(STATISTICS, {"region": "990101100000", **ALL}))
    assert f"{STATISTICS}?region=990101100201" not in township


@pytest.mark.parametrize("key", ["990102000000", "990100000000", NATION, "990199000000"])
@pytest.mark.parametrize("url", [STATISTICS, SEARCH])
def test_foreign_region_does_not_exist(world, officer, url, key):
    assert officer.get(url, {"region": key, "measure": "filed"}).status_code == 404


def test_list_names_its_filters_and_lets_each_go(mixed, officer):
    where = {"region": "990101100000", "measure": "late_pending_appraisal", "since": "2026-01-01", "until": ""}
    page = officer.get(SEARCH, where)
    said = seen(page)
    for words in ("石桥镇", "超时·区县认定", "2026-01-01至今天"):
        assert words in said
    without = urlencode({name: value for name, value in where.items() if name != "measure"})
    assert f'href="{SEARCH}?{without}"'.replace("&", "&amp;") in text_of(page)
    # Further filtering keeps them, and so does the way into a case and back.
    assert '<input type="hidden" name="measure" value="late_pending_appraisal"' in text_of(page)
    assert "measure=late_pending_appraisal" in re.search(r'data-href="([^"]+)"', text_of(page))[1]


def test_unknown_measure_is_no_filter(world, officer):
    case = file_case(world, world.village)
    assert numbers(officer.get(SEARCH, {"measure": "nothing", "since": "x"})) == [case.number]


def test_system_administrator_sees_numbers_without_lists(mixed, client):
    client.force_login(make_administrator(Duty.SYSTEM_ADMIN, region=mixed.county))
    page = client.get(STATISTICS, ALL)
    assert page.status_code == 200
    assert SEARCH not in text_of(page)
    assert table_of(mixed, mixed.officer, "990101000000").total.sums["filed"] > 0
    assert f">{table_of(mixed, mixed.officer, '990101000000').total.sums['filed']}<" in text_of(page)


def test_number_of_queries_does_not_follow_the_number_of_rows(world, officer, calendar):
    township = world.regions["990101100000"]

    def queries() -> int:
        names.forget()
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(STATISTICS, {"region": township.key, **ALL}).status_code == 200
        return len(captured)

    file_case(world, world.village, CaseState.COMPLETED)
    officer.get(STATISTICS)
    few = queries()
    for number in range(20):
        village = make_region(f"990101100{300 + number}", "village", f"新{number}村", township)
        file_case(world, village, CaseState.COMPLETED)
    assert queries() == few <= MOST_QUERIES


def test_menu_leads_there_for_whoever_may_read_statistics(world, client):
    for user in (world.officer, make_administrator(Duty.SYSTEM_ADMIN, region=world.county)):
        client.force_login(user)
        assert f'href="{STATISTICS}"' in text_of(client.get(reverse("workbench:home")))
    client.force_login(make_administrator(Duty.SECURITY_ADMIN, region=world.county))
    assert STATISTICS not in text_of(client.get(reverse("workbench:home")))


def test_columns_have_different_names():
    keys = [column.key for column in COLUMNS if hasattr(column, "key")]
    assert len(set(keys)) == len(keys)
    assert all(isinstance(column, Measure) and len(column.key) < 40 for column in MEASURES.values())
