"""Ways to change the audit trail with the whole database in hand, each with what verification must say first.

Every way takes a `Trail` and a source of chance and returns the (kind, chain, seq) that must be told first for the
chain. `as_superuser` switches triggers and foreign keys off, which only a superuser can.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import connection

from accounts.actions import audit
from accounts.actions.audit import chain_audit, chain_of, record
from accounts.models import AuditEntry, AuditLink

Said = tuple[str, str, int]
TEXTS = ("actor_name", "office_name", "action", "target_kind", "target_id", "region_key", "reason", "user_agent")


def as_superuser(sql: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params or None)
        rows = cursor.fetchall() if cursor.description else []
        cursor.execute("SET LOCAL session_replication_role = origin")
    return rows


@dataclass(frozen=True)
class Trail:
    """The chains as they were built: entry ids in order, and whose rows each chain holds (None: the system's)."""

    chains: dict[str, list[int]]
    officers: dict[str, object]
    other_actor: int

    def any_place(self, rng: Random, *, last: bool = True) -> tuple[str, int, int]:
        """A chain, a place in it (1 …) and the entry there; without `last` never the end of the chain."""
        chain = rng.choice(sorted(self.chains))
        seq = rng.randint(1, len(self.chains[chain]) - (not last))
        return chain, seq, self.chains[chain][seq - 1]

    def is_last(self, chain: str, seq: int) -> bool:
        return seq == len(self.chains[chain])


def edit_text(trail: Trail, rng: Random) -> Said:
    """One letter of one column of text replaced, added or taken away."""
    chain, seq, entry = trail.any_place(rng)
    column = rng.choice(TEXTS)
    ((text,),) = as_superuser(f"SELECT {column} FROM accounts_auditentry WHERE id = %s", entry)
    place = rng.randint(0, max(0, len(text) - 1))
    letter = rng.choice([one for one in "xyz01" if text[place : place + 1] != one])
    changed = {
        "replaced": text[:place] + letter + text[place + 1 :],
        "taken": text[:place] + text[place + 1 :],
        "added": text[:place] + letter + text[place:],
    }[rng.choice(["replaced", "taken", "added"]) if text else "added"]
    changed = changed if column != "region_key" else (changed + letter * 12)[:12]
    as_superuser(f"UPDATE accounts_auditentry SET {column} = %s WHERE id = %s", changed, entry)
    return "altered_row", chain, seq


def edit_value(trail: Trail, rng: Random) -> Said:
    """A microsecond, an address, an actor, a value of the changes, a bit of the uid or of the digest."""
    chain, seq, entry = trail.any_place(rng)
    setting, *params = rng.choice(
        [
            ("at = at + interval '1 microsecond'",),
            ("at = at - interval '1 day'",),
            ("ip = '10.66.66.66'",),
            ("ip = NULL",),
            ("actor_id = %s", trail.other_actor),
            ("actor_id = CASE WHEN actor_id IS NULL THEN %s END", trail.other_actor),
            ("changes = %s", json.dumps({"state": ["a", rng.choice("cd")]})),
            ("changes = '{}'",),
            ("uid = %s", str(UUID(int=rng.getrandbits(128)))),
            ("content_hash = overlay(content_hash placing 'z' from %s)", rng.randint(1, 64)),
        ]
    )
    as_superuser(f"UPDATE accounts_auditentry SET {setting} WHERE id = %s", *params, entry)
    return "altered_row", chain, seq


def renumber_row(trail: Trail, rng: Random) -> Said:
    chain, seq, entry = trail.any_place(rng)
    as_superuser("UPDATE accounts_auditentry SET id = id + 1000000 WHERE id = %s", entry)
    return "missing_row", chain, seq


def edit_link(trail: Trail, rng: Random) -> Said:
    """A letter of one of a link's two hashes, or the row it points at."""
    chain, seq, entry = trail.any_place(rng)
    column = rng.choice(["hash", "prev_hash", "entry_id"])
    value = "entry_id + 1000000" if column == "entry_id" else f"overlay({column} placing 'z' from {rng.randint(1, 64)})"
    as_superuser(f"UPDATE accounts_auditlink SET {column} = {value} WHERE entry_id = %s", entry)
    return "missing_row" if column == "entry_id" else "altered_link", chain, seq


def move_link(trail: Trail, rng: Random) -> Said:
    """A link taken to another place, before the first, behind the last or into a chain of its own."""
    chain, seq, entry = trail.any_place(rng)
    setting = rng.choice(["seq = seq + 1000", "seq = -seq", "chain = '999999'"])
    as_superuser(f"UPDATE accounts_auditlink SET {setting} WHERE entry_id = %s", entry)
    if setting == "seq = -seq":
        return "gap", chain, 1
    return ("cut_off" if "chain" in setting and trail.is_last(chain, seq) else "gap"), chain, seq


def delete_row(trail: Trail, rng: Random) -> Said:
    chain, seq, entry = trail.any_place(rng)
    as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", entry)
    return "missing_row", chain, seq


def delete_link(trail: Trail, rng: Random) -> Said:
    chain, seq, entry = trail.any_place(rng)
    as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", entry)
    return ("cut_off" if trail.is_last(chain, seq) else "gap"), chain, seq


def delete_both(trail: Trail, rng: Random) -> Said:
    chain, seq, entry = trail.any_place(rng)
    as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", entry)
    as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", entry)
    return ("cut_off" if trail.is_last(chain, seq) else "gap"), chain, seq


def delete_and_close_up(trail: Trail, rng: Random) -> Said:
    """Row and link gone, and those behind moved up by one."""
    chain, seq, entry = trail.any_place(rng, last=False)
    as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", entry)
    as_superuser("DELETE FROM accounts_auditentry WHERE id = %s", entry)
    _shift(chain, seq, -1)
    return "altered_link", chain, seq


def insert_row(trail: Trail, rng: Random) -> Said:
    """An invented row without a place: waiting to be chained, already long ago, or only in a time to come."""
    chain, _, entry = trail.any_place(rng)
    new = _copy_row(entry)
    when, is_queued = rng.choice([("0", True), ("-3600", False), ("0", False), ("86400", True)])
    as_superuser("UPDATE accounts_auditentry SET at = now() + %s * interval '1 second' WHERE id = %s", when, new)
    if not is_queued:
        return "altered_row", _chain_of(entry), 0
    as_superuser("INSERT INTO accounts_auditpending (entry_id) VALUES (%s)", new)
    if when == "0":
        # The sequencer itself gives it a place, and the row is found out there.
        assert chain_audit() == 1
        return "altered_row", chain, len(trail.chains[chain]) + 1
    return "altered_row", _chain_of(entry), 0


def insert_link(trail: Trail, rng: Random) -> Said:
    """An invented row with a place of its own, at the end or between two others."""
    chain, seq, entry = trail.any_place(rng)
    place = rng.choice([seq, len(trail.chains[chain]) + 1])
    _shift(chain, place - 1, 1)
    new = _copy_row(entry)
    as_superuser(
        "INSERT INTO accounts_auditlink (chain, seq, entry_id, prev_hash, hash) VALUES (%s, %s, %s, "
        "coalesce((SELECT hash FROM accounts_auditlink WHERE chain = %s AND seq = %s), repeat('0', 64)), %s)",
        chain, place, new, chain, place - 1, f"{rng.getrandbits(256):064x}",
    )  # fmt: skip
    return "altered_row", chain, place


def swap_places(trail: Trail, rng: Random) -> Said:
    """Two links point at each other's rows."""
    chain = rng.choice(sorted(trail.chains))
    first, second = sorted(rng.sample(range(1, len(trail.chains[chain]) + 1), 2))
    one, two = trail.chains[chain][first - 1], trail.chains[chain][second - 1]
    for old, new in ((one, -1), (two, one), (-1, two)):
        as_superuser("UPDATE accounts_auditlink SET entry_id = %s WHERE entry_id = %s", new, old)
    return "altered_link", chain, first


def swap_contents(trail: Trail, rng: Random) -> Said:
    """What two rows say changes sides, their own digests included."""
    chain = rng.choice(sorted(trail.chains))
    first, second = sorted(rng.sample(range(1, len(trail.chains[chain]) + 1), 2))
    one, two = trail.chains[chain][first - 1], trail.chains[chain][second - 1]
    for old, new in ((one, -1), (two, one), (-1, two)):
        as_superuser("UPDATE accounts_auditentry SET id = %s WHERE id = %s", new, old)
    return "altered_link", chain, first


def swap_numbers(trail: Trail, rng: Random) -> Said:
    """Two links of a chain change their numbers."""
    chain = rng.choice(sorted(trail.chains))
    first, second = sorted(rng.sample(range(1, len(trail.chains[chain]) + 1), 2))
    for old, new in ((first, 10_000), (second, first), (10_000, second)):
        as_superuser("UPDATE accounts_auditlink SET seq = %s WHERE chain = %s AND seq = %s", new, chain, old)
    return "altered_link", chain, first


def chain_again(trail: Trail, rng: Random) -> Said:
    """A row changed, and its digest and all links behind made anew by somebody with the program but not the key."""
    chain, seq, entry = trail.any_place(rng)
    as_superuser("UPDATE accounts_auditentry SET reason = reason || 'x' WHERE id = %s", entry)
    _forge(chain, seq, rows=[entry])
    return "altered_row", chain, seq


def close_up_and_chain_again(trail: Trail, rng: Random) -> Said:
    """A row taken out, those behind moved up, their links made anew without the key."""
    _, chain, seq = delete_and_close_up(trail, rng)
    _forge(chain, seq)
    return "altered_link", chain, seq


def _forge(chain: str, seq: int, rows: list[int] = ()) -> None:
    with patch.object(audit, "keyed_digest", _guessed_digest):
        for entry in AuditEntry.objects.filter(pk__in=rows):
            as_superuser(
                "UPDATE accounts_auditentry SET content_hash = %s WHERE id = %s", audit.content_hash(entry), entry.pk
            )
        before = AuditLink.objects.filter(chain=chain, seq=seq - 1).first()
        prev = before.hash if before else audit.FIRST
        for link in AuditLink.objects.filter(chain=chain, seq__gte=seq).order_by("seq").select_related("entry"):
            made = audit.link_hash(prev, chain, link.seq, link.entry.uid, link.entry.content_hash)
            as_superuser("UPDATE accounts_auditlink SET prev_hash = %s, hash = %s WHERE id = %s", prev, made, link.pk)
            prev = made


def _guessed_digest(purpose: str, data: bytes) -> str:
    return sha256(purpose.encode() + data).hexdigest()


def cut_tail(trail: Trail, rng: Random) -> Said:
    """The end of a chain, or all of it, removed: nothing inside the database tells."""
    chain, seq, _ = trail.any_place(rng)
    gone = trail.chains[chain][seq - 1 :]
    as_superuser("DELETE FROM accounts_auditlink WHERE entry_id = ANY(%s)", gone)
    as_superuser("DELETE FROM accounts_auditentry WHERE id = ANY(%s)", gone)
    return "cut_off", chain, seq


def restore_old_dump(trail: Trail, rng: Random) -> Said:
    """Both tables as they were when each chain had half its rows (TestTampering keeps that dump)."""
    chain = _restore(trail, rng)
    return "cut_off", chain, len(trail.chains[chain]) // 2 + 1


def restore_old_dump_and_go_on(trail: Trail, rng: Random) -> Said:
    """The same, and business goes on until the chain is longer than it ever was."""
    chain = _restore(trail, rng)
    for _ in trail.chains[chain]:
        record(by=trail.officers[chain], action="test.afterwards")
    chain_audit()
    return "cut_off", chain, len(trail.chains[chain])


def _restore(trail: Trail, rng: Random) -> str:
    as_superuser("TRUNCATE accounts_auditlink, accounts_auditentry, accounts_auditpending")
    as_superuser("INSERT INTO accounts_auditentry SELECT * FROM old_entries")
    as_superuser("INSERT INTO accounts_auditlink SELECT * FROM old_links")
    return rng.choice(sorted(trail.chains))


def _chain_of(entry: int) -> str:
    return chain_of(as_superuser("SELECT region_key FROM accounts_auditentry WHERE id = %s", entry)[0][0])


def _copy_row(entry: int) -> int:
    """A row that says what that one says, under a uid of its own (one uid stands once)."""
    columns = "at, actor_id, actor_name, office_name, action, target_kind, target_id, region_key, changes, reason, ip"
    columns += ", user_agent, content_hash"
    ((new,),) = as_superuser(
        f"INSERT INTO accounts_auditentry (uid, {columns}) SELECT %s, {columns} FROM accounts_auditentry "
        "WHERE id = %s RETURNING id",
        str(uuid4()),
        entry,
    )
    return new


def _shift(chain: str, after: int, by: int) -> None:
    # In two steps: a number must stand once at every moment.
    sql = "UPDATE accounts_auditlink SET seq = seq + %s WHERE chain = %s AND seq > %s"
    as_superuser(sql, 10_000 + by, chain, after)
    as_superuser(sql, -10_000, chain, 9_000)


WAYS: tuple[Callable[[Trail, Random], Said], ...] = (
    edit_text, edit_value, edit_link, move_link, renumber_row, delete_row, delete_link, delete_both,
    delete_and_close_up, insert_row, insert_link, swap_places, swap_contents, swap_numbers, chain_again,
    close_up_and_chain_again, cut_tail, restore_old_dump, restore_old_dump_and_go_on,
)  # fmt: skip
