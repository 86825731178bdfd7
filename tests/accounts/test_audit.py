from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, InternalError, connection, transaction

from accounts.actions import audit
from accounts.actions.anchors import CHANGED, MISSING, anchor_folder, anchor_heads, broken_anchors, read_anchors
from accounts.actions.audit import chain_audit, content_hash, link_hash, record
from accounts.actions.verify import verify_audit
from accounts.models import AuditEntry, AuditLink, AuditPending
from common import clock, context
from tests.factories.accounts import make_user


def write(user, count, **more):
    return [record(by=user, action=f"test.{number}", **more) for number in range(count)]


def as_superuser(sql, params=()):
    """What somebody with the whole database in hand does: triggers off, then the change."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def findings(**options):
    return [(finding.kind, finding.seq) for finding in verify_audit(**options)]


@pytest.fixture
def officer(county):
    return make_user(region=county, phone="15400001111")


@pytest.fixture
def chained(officer):
    entries = write(officer, 8)
    assert chain_audit() == 8
    with connection.cursor() as cursor:  # what a commit does: keys are checked now, no trigger is left waiting
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return entries


def test_record_says_who_what_where_from(officer):
    with context.using(context.RequestContext(ip="10.0.0.7", user_agent="Test\n\x1b[31mred")):
        entry = record(by=officer, action="case.accept", target=officer, reason="符合条件")
    stored = AuditEntry.objects.get(pk=entry.pk)
    assert (stored.actor, stored.office_name, stored.ip) == (officer, officer.office.name, "10.0.0.7")
    assert (stored.target_kind, stored.target_id) == ("accounts.user", str(officer.pk))
    assert stored.region_key == "990101000000"
    assert content_hash(stored) == stored.content_hash


def test_record_masks_personal_data(officer):
    changes = {
        "phone": ["15400001111", "15400002222"],
        "id_number": "990101195203140016",
        "members": [{"id_number": "990101195203140016", "name": "甲"}],
        "password": "Secret-1",
        "status": ["a", "b"],
    }
    stored = AuditEntry.objects.get(pk=record(by=officer, action="x", target=officer, changes=changes).pk)
    assert stored.changes["phone"] == ["154****1111", "154****2222"]
    assert stored.changes["id_number"] == "990101********0016"
    assert stored.changes["members"] == [{"id_number": "990101********0016", "name": "甲"}]
    assert (stored.changes["password"], stored.changes["status"]) == ("******", ["a", "b"])


def test_record_and_its_cause_stand_or_fall_together(officer):
    def break_off():
        with transaction.atomic():
            record(by=officer, action="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert not AuditEntry.objects.exists()
    assert not AuditPending.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditentry SET reason = 'x'",
        "DELETE FROM accounts_auditentry",
        "TRUNCATE accounts_auditentry CASCADE",
        "UPDATE accounts_auditlink SET seq = seq + 100",
        "DELETE FROM accounts_auditlink",
        "TRUNCATE accounts_auditlink",
    ],
)
def test_database_refuses_to_change_the_trail(chained, sql):
    with pytest.raises((InternalError, DatabaseError), match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)


def test_chain_covers_each_county_apart(tree, officer):
    other = make_user(region=tree["990102000000"])
    for user in (officer, other, officer, None):
        record(by=user, action="x")
    assert chain_audit() == 4
    assert set(AuditLink.objects.values_list("chain", "seq")) == {
        ("990101", 1),
        ("990101", 2),
        ("990102", 1),
        ("000000", 1),
    }
    assert not AuditPending.objects.exists()
    assert chain_audit() == 0
    assert findings() == []


def test_chain_goes_on_where_it_stopped(officer):
    write(officer, 3)
    assert chain_audit(batch=2) == 2
    write(officer, 2)
    assert [chain_audit(batch=2), chain_audit(batch=2)] == [2, 1]
    assert findings() == []
    assert list(AuditLink.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_verify_names_an_altered_row(chained):
    as_superuser("UPDATE accounts_auditentry SET reason = 'nothing happened' WHERE id = %s", [chained[3].pk])
    assert findings() == [("altered_row", 4)]


def test_verify_names_a_missing_row(chained):
    as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", [chained[4].pk])
    assert findings() == [("missing_row", 5)]


def test_verify_names_a_gap(chained):
    as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", [chained[2].pk])
    as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", [chained[2].pk])
    assert findings() == [("gap", 3)]


def test_verify_names_swapped_rows(chained):
    first, second = chained[1].pk, chained[5].pk
    as_superuser("UPDATE accounts_auditlink SET entry_id = -1 WHERE entry_id = %s", [first])
    as_superuser("UPDATE accounts_auditlink SET entry_id = %s WHERE entry_id = %s", [first, second])
    as_superuser("UPDATE accounts_auditlink SET entry_id = %s WHERE entry_id = -1", [second])
    assert findings() == [("altered_link", 2), ("altered_link", 6)]


def test_verify_names_a_tail_chained_again_without_the_key(chained, monkeypatch):
    """Row changed, then everything after it recomputed by somebody who has the program but not the key."""
    with monkeypatch.context() as patch:
        patch.setattr(audit, "keyed_digest", lambda purpose, data: f"{hash((purpose, data)) & (2**256 - 1):064x}"[-64:])
        entry = AuditEntry.objects.get(pk=chained[3].pk)
        entry.reason = "nothing happened"
        forged, prev = audit.content_hash(entry), AuditLink.objects.get(seq=3).hash
        as_superuser(
            "UPDATE accounts_auditentry SET reason = %s, content_hash = %s WHERE id = %s",
            [entry.reason, forged, entry.pk],
        )
        for link in AuditLink.objects.filter(seq__gte=4).order_by("seq").select_related("entry"):
            value = link_hash(prev, link.chain, link.seq, link.entry.uid, link.entry.content_hash)
            as_superuser(
                "UPDATE accounts_auditlink SET prev_hash = %s, hash = %s WHERE id = %s", [prev, value, link.id]
            )
            prev = value
    found = findings()
    assert found[0] == ("altered_row", 4)
    assert {seq for kind, seq in found if kind == "altered_link"} == {4, 5, 6, 7, 8}


def test_verify_names_an_inserted_row(chained, officer):
    entry = record(by=officer, action="invented")
    AuditPending.objects.all().delete()
    AuditLink.objects.create(chain="990101", seq=9, entry=entry, prev_hash="0" * 64, hash="1" * 64)
    assert findings() == [("altered_link", 9), ("altered_link", 9)]


def test_unchained_tail_is_an_alarm_after_a_minute(officer):
    start = clock.now()
    record(by=officer, action="x")
    assert findings() == []
    with clock.freeze(start + timedelta(seconds=90)):
        assert findings() == [("unchained", 0)]
    chain_audit()
    assert findings() == []


def test_verify_audit_command_exits_with_one_on_a_finding(chained, capsys):
    call_command("verify_audit")
    as_superuser("UPDATE accounts_auditentry SET ip = '10.9.9.9' WHERE id = %s", [chained[0].pk])
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", county="990101000000")
    assert stopped.value.code == 1
    assert "审计内容被改动  链990101 第1条" in capsys.readouterr().out


class TestAnchors:
    @pytest.fixture(autouse=True)
    def _own_folder(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path

    def cut(self, entries):
        for entry in entries:
            as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", [entry.pk])
            as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", [entry.pk])

    def test_a_chain_cut_off_at_its_end_is_found_by_its_anchor(self, chained):
        assert anchor_heads() == 1
        assert findings() == []
        self.cut(chained[6:])
        assert findings() == [("cut_off", 7)]

    def test_control_without_an_anchor_the_cut_chain_looks_whole(self, chained):
        self.cut(chained[6:])
        assert findings() == []

    def test_a_chain_that_did_not_grow_is_not_anchored_again(self, chained, officer):
        assert (anchor_heads(), anchor_heads()) == (1, 0)
        write(officer, 1)
        chain_audit()
        assert anchor_heads() == 1
        assert [said["seq"] for said in read_anchors()] == [8, 9]

    def test_a_forged_file_counts_for_nothing_and_is_told(self, chained):
        anchor_heads()
        file = next(anchor_folder().glob("*.json"))
        file.write_text(file.read_text().replace('"seq": 8', '"seq": 7'))
        assert list(read_anchors()) == []
        assert findings() == [("bad_anchor", 0)]

    @pytest.mark.parametrize("rubbish", ["", "{", "[]", "null", '{"mark": 1}'])
    def test_rubbish_in_a_file_is_told_and_stops_nothing(self, chained, rubbish):
        anchor_heads()
        next(anchor_folder().glob("*.json")).write_text(rubbish, "utf-8")
        assert findings() == [("bad_anchor", 0)]

    def test_a_clock_set_back_accuses_nobody(self, chained, officer):
        anchor_heads()
        with clock.freeze(clock.now() - timedelta(days=2)):
            write(officer, 1)
            chain_audit()
            anchor_heads()
        assert [seq for _, seq in findings()] == []
        assert [said["seq"] for said in read_anchors()] == [8, 9]

    def test_a_file_taken_out_is_missed_by_the_next(self, chained, officer):
        for _ in range(3):
            write(officer, 1)
            chain_audit()
            anchor_heads()
        first, second, third = sorted(anchor_folder().glob("*.json"))
        second.unlink()
        assert list(broken_anchors()) == [(third.name, MISSING)]
        third.write_text("{}")
        assert list(broken_anchors()) == [(third.name, CHANGED)]
        assert [said["seq"] for said in read_anchors()] == [9]
