"""审计链日报: what a day's signed heads say on paper."""

from datetime import timedelta

import pytest

from accounts import day_heads
from accounts.actions.anchors import anchor_folder, anchor_heads
from accounts.actions.audit import chain_audit, record
from accounts.choices import Duty
from accounts.day_heads import day_of
from accounts.models import AuditLink
from common import clock
from tests.accounts.tampering import as_superuser
from tests.factories.accounts import make_administrator, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
PAGE = "/staff/audit/heads/"
TODAY = clock.now().replace(hour=15)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def auditor(county):
    return make_administrator(Duty.AUDIT_ADMIN, region=county)


@pytest.fixture
def two_days(tree, auditor):
    """Three entries and a head yesterday, two and two heads today; the neighbour county has one."""
    neighbour = make_user(region=tree["990102000000"])
    _write(3, auditor, YESTERDAY)
    _write(1, auditor, TODAY - timedelta(hours=2))
    _write(1, auditor, TODAY)
    _write(1, neighbour, TODAY)


def _write(count, by, at):
    with clock.freeze(at):
        for _ in range(count):
            record(by=by, action="login")
        chain_audit()
        anchor_heads()


def test_a_day_shows_its_last_heads_and_what_was_added(two_days, county, tree):
    day = day_of(TODAY.date(), county)
    assert [(head.chain, head.place, head.added, head.seq) for head in day.heads] == [
        ("990101", county.full_name, 2, 5)
    ]
    assert [(head.added, head.seq) for head in day_of(YESTERDAY.date(), county).heads] == [(3, 3)]
    assert [head.chain for head in day_of(TODAY.date(), tree["990100000000"]).heads] == ["990101", "990102"]
    assert day_of(TODAY.date(), tree["990101100000"]).heads == []
    assert (day.differing, len(day.mark)) == (0, 64)


def test_the_signature_changes_with_anything_on_the_page(two_days, county):
    marks = {day_of(day.date(), county).mark for day in (TODAY, YESTERDAY, YESTERDAY - timedelta(days=1))}
    assert len(marks) == 3
    assert day_of(TODAY.date(), county).mark in marks


def test_the_page_names_place_number_digest_and_signature(client, two_days, county, auditor):
    client.force_login(auditor)
    page = client.get(PAGE).content.decode()
    said = day_of(TODAY.date(), county)
    plain = page.replace("<span>", "").replace("</span>", "")
    for words in ("审计链日报", county.full_name, "当日新增2条审计记录", "一致", said.heads[0].digest, said.mark):
        assert words in plain, words
    assert "不一致" not in page


def page_after_a_cut(client, auditor) -> str:
    """The page after the ends of the chains were removed from the database."""
    as_superuser("DELETE FROM accounts_auditlink WHERE seq > 4")
    client.force_login(auditor)
    return client.get(PAGE).content.decode()


def test_a_chain_cut_in_the_database_stands_out_on_the_page(client, two_days, auditor, tried):
    page = page_after_a_cut(client, auditor)
    assert "有链尾与数据库不一致" in page
    assert "<strong>不一致</strong>" in page
    control = "test_control_heads_kept_in_the_database_alone_show_nothing"
    tried("T-01", 1, "cut chain shown on the printed day page", control)


def test_control_heads_kept_in_the_database_alone_show_nothing(client, two_days, auditor, monkeypatch):
    """Without the files outside, what is left of a chain is all that the page can know of it."""

    def heads():
        for link in AuditLink.objects.order_by("chain", "-seq").distinct("chain"):
            yield {"chain": link.chain, "seq": link.seq, "hash": link.hash, "at": TODAY.isoformat()}

    monkeypatch.setattr(day_heads, "read_anchors", heads)
    page = page_after_a_cut(client, auditor)
    assert "不一致" not in page
    assert "一致" in page


@pytest.mark.parametrize("day", ["2026-02-30", "abc", "0001-01-01", "9999-12-31", "2026-13-01", "１", "-1"])
def test_a_day_that_is_none_shows_the_page_of_today_and_says_so(client, auditor, day):
    client.force_login(auditor)
    answer = client.get(PAGE, {"day": day})
    assert answer.status_code == 200
    assert "error" in answer.content.decode()


def test_a_day_without_heads_says_so(client, auditor):
    client.force_login(auditor)
    assert "这一天没有存证" in client.get(PAGE, {"day": "2026-01-01"}).content.decode()


def test_the_files_are_the_owners_alone(two_days):
    files = list(anchor_folder().glob("*.json"))
    assert len(files) == 4
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
