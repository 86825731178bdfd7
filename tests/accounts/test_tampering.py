"""T-01: the trail changed by somebody with the whole database in hand; every time the right kind and place is named.

Not among the columns: a link's own id, which is only a row number. A row that a superuser removes within the seconds
before it is chained leaves no trace (decision 29); the outbox of anchors is what bounds everything else.
"""

from random import Random

import pytest
from django.db import connection, transaction

from accounts.actions import audit
from accounts.actions.anchors import anchor_heads
from accounts.actions.audit import chain_audit, record
from accounts.actions.verify import verify_audit
from accounts.models import AuditLink
from common import context
from tests.accounts import tampering
from tests.factories.accounts import make_user
from tests.scale import some

pytestmark = [pytest.mark.django_db, pytest.mark.proof]
ROUNDS = some(76, 1_007)
SEED = 20_260_401
ROWS = 10


@pytest.fixture
def trail(tree):
    """Three chains of ten rows, anchored at five and at ten; the tables as they were at five are kept beside."""
    officers = {"990101": make_user(region=tree["990101000000"]), "990102": make_user(region=tree["990102000000"])}
    officers["000000"] = None
    entries = {chain: [] for chain in officers}
    with context.using(context.RequestContext(ip="10.0.0.7", user_agent="Mozilla/5.0")):
        for number in range(ROWS):
            for chain, officer in officers.items():
                said = {"state": ["a", "b"], "number": number}
                entry = record(by=officer, action="case.accept", target="word", changes=said, reason="符合条件")
                entries[chain].append(entry.pk)
            if number == ROWS // 2 - 1:
                _chain_and_anchor()
                _run("CREATE TEMP TABLE old_entries ON COMMIT DROP AS SELECT * FROM accounts_auditentry")
                _run("CREATE TEMP TABLE old_links ON COMMIT DROP AS SELECT * FROM accounts_auditlink")
    _chain_and_anchor()
    assert list(verify_audit()) == []
    return tampering.Trail(entries, officers, other_actor=officers["990102"].pk)


def test_every_tampering_is_found_at_its_place(trail, tried):
    rng, missed = Random(SEED), []
    for number in range(ROUNDS):
        way = tampering.WAYS[number % len(tampering.WAYS)]
        with transaction.atomic():
            kind, chain, seq = way(trail, rng)
            said = [(one.kind, one.seq) for one in verify_audit() if one.chain == chain]
            if said[:1] != [(kind, seq)]:
                missed.append((number, way.__name__, (kind, chain, seq), said[:3]))
            transaction.set_rollback(True)
    assert missed == []
    assert list(verify_audit()) == []
    controls = "test_control_without_a_key_a_chain_made_again_looks_whole"
    tried("T-01", ROUNDS, f"changes of the trail by chance, of {len(tampering.WAYS)} kinds, as superuser", controls)


def test_control_without_a_key_a_chain_made_again_looks_whole(tree, monkeypatch):
    """The same forgery where digests need no key: everything fits, and the changed row is not found."""
    monkeypatch.setattr(audit, "keyed_digest", tampering._guessed_digest)
    officer = make_user(region=tree["990101000000"])
    entries = [record(by=officer, action="case.accept").pk for _ in range(ROWS)]
    chain_audit()
    with_key = tampering.Trail({"990101": entries}, {"990101": officer}, other_actor=officer.pk)
    tampering.chain_again(with_key, Random(SEED))
    assert list(verify_audit()) == []


def test_a_row_in_a_time_to_come_that_nobody_will_chain_is_told(tree):
    """Was taken for a fresh one, and so never told."""
    officer = make_user(region=tree["990101000000"])
    entry = record(by=officer, action="case.accept")
    chain_audit()
    AuditLink.objects.filter(entry=entry)
    tampering.as_superuser("DELETE FROM accounts_auditlink")
    assert [(one.kind, one.seq) for one in verify_audit()] == [("unchained", 0)]


def _chain_and_anchor():
    chain_audit()
    anchor_heads()
    # What a commit does: keys are checked now, no trigger is left waiting.
    _run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
