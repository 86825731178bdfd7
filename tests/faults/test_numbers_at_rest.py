"""P-02: known ID numbers written through the product stand nowhere in clear: not in a table, the WAL or a log file.

And a seal opens only where it was made: moved to another row, column or table it does not.
"""

import base64
import json
import logging
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from common import crypto, rotation
from common.errors import SealBroken
from common.fields import sealed_fields
from config.settings.base import VAR_DIR
from config.settings.logs import LOGGING, WithoutPersonalData
from households.models import Claim
from renovation.choices import CaseState
from tests.applicants.conftest import browser_of
from tests.applicants.test_wizard import url
from tests.factories.accounts import make_phone_account
from tests.factories.people import make_id_number
from tests.factories.renovation import make_case, make_draft, make_villager, make_world
from tests.scale import some

pytestmark = pytest.mark.django_db
SERVER = VAR_DIR / "test" / "run" / "postgres.json"
FAMILIES, MEMBERS = some(8, 200), 3
# Whole ways of a case through the nine steps: person, household, project, payments.
WALKS = some(1, 20)


def _number(n: int) -> str:
    return make_id_number(f"{1940 + n // 900}0314", n % 900)


def _run_through_the_product(world) -> list[str]:
    """Families with members through the villagers' pages, cases through all nine steps; returns their ID numbers."""
    numbers = []

    def new():
        numbers.append(_number(len(numbers)))
        return numbers[-1]

    for family in range(FAMILIES):
        phone = make_phone_account()
        client = browser_of(phone)
        answers = {"name": "张石山", "home_region": world.village.pk, "home_address": "3组", "consent": "on"}
        # Typed into the box for the account, into one that refuses it, and then where it belongs.
        number = new()
        client.post("/staff/login/", {"username": number, "password": number})
        client.post(reverse("applicants:person_new"), {**answers, "id_number": number, "name": "?"})
        assert client.post(reverse("applicants:person_new"), {**answers, "id_number": number}).status_code == 302
        claim = Claim.objects.get(account=phone)
        phone.claim = claim
        client = browser_of(phone, claim)
        case = make_draft(phone, world.village, photos=int(family == 0))
        for _ in range(MEMBERS):
            said = {"name": "李小花", "id_number": new(), "relation": "10", "consent": "on"}
            assert client.post(url(case, "", "member_new"), said).status_code == 302
        for page in ("members", "check"):
            assert client.get(url(case, page)).status_code == 200
    for _ in range(WALKS):
        make_case(world, CaseState.COMPLETED, villager=make_villager(world.village, id_number=new()))
    for _ in range(some(7, 180)):
        make_case(world, CaseState.PENDING_APPRAISAL, villager=make_villager(world.village, id_number=new()))
    return numbers


def _dump() -> bytes:
    """Every table of the database as text, as pg_dump writes it."""
    out = BytesIO()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (table,) in cursor.fetchall():
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
    return out.getvalue()


def _server_files(since: str) -> dict[str, bytes]:
    """The WAL from that segment on and the log of the server that the tests run on; its memory is written out first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(pg_switch_wal())")
        last = cursor.fetchone()[0]
    if not SERVER.exists():
        pytest.skip("not a server of ours: its WAL is out of reach")
    home = Path(json.loads(SERVER.read_text())["home"])
    files = [path for path in (home / "data" / "pg_wal").iterdir() if since <= path.name <= last]
    assert files
    return {path.name: path.read_bytes() for path in (*files, home / "postgres.log")}


def _segment() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(pg_current_wal_lsn())")
        return cursor.fetchone()[0]


# Numbers of the invented area as they are, as hexadecimal digits (binary columns), and as base64.
WRITTEN = (
    (re.compile(rb"990101\d{11}[\dXx]"), lambda found: found),
    (re.compile(rb"393930313031(?:3\d){11}(?:3\d|[57]8)"), lambda found: bytes.fromhex(found.decode())),
    (re.compile(rb"OTkwMTAx[A-Za-z0-9+/]{16}"), base64.b64decode),
)


def _found(numbers: list[str], content: bytes) -> list[str]:
    """Which of the numbers stand there."""
    seen = {decode(one.group()).upper() for pattern, decode in WRITTEN for one in pattern.finditer(content)}
    return [number for number in numbers if number.encode() in seen]


@pytest.fixture
def log_file(tmp_path):
    """The product's own formatter at work on everything that is logged, down to the smallest."""
    handler = logging.FileHandler(tmp_path / "anju.log")
    handler.setFormatter(WithoutPersonalData(LOGGING["formatters"]["line"]["format"]))
    root = logging.getLogger()
    before, root.level = root.level, logging.INFO
    root.addHandler(handler)
    yield tmp_path / "anju.log"
    root.removeHandler(handler)
    handler.close()
    root.setLevel(before)


def test_known_numbers_stand_nowhere_in_clear(log_file, tried):
    world, since = make_world(), _segment()
    numbers = _run_through_the_product(world)
    for number in numbers[:20]:
        _let_something_break_with(number)
    dump, files = _dump(), _server_files(since)
    assert len(numbers) == len(set(numbers))
    assert Claim.objects.count() >= FAMILIES + WALKS
    assert _found(numbers, dump) == []
    assert {name: found for name, content in files.items() if (found := _found(numbers, content))} == {}
    written = log_file.read_bytes()
    assert b"IntegrityError" in written
    assert _found(numbers, written) == []
    size = (len(dump) + sum(map(len, files.values()))) // 1_000_000
    words = f"ID numbers sought in all tables, {len(files)} WAL and log files ({size} MB)"
    tried("P-02", len(numbers), words, "test_control_a_number_in_clear_is_found_everywhere")


def _let_something_break_with(number: str) -> None:
    """An error of the database and one of ours, each with the number in its text, both logged."""
    logger = logging.getLogger("anju.test")
    try:
        with transaction.atomic():
            existing = Claim.objects.order_by("pk").first()
            Claim.objects.filter(pk=existing.pk + 1).update(uid=existing.uid)
    except IntegrityError:
        logger.exception("saving %s failed", number)
    logger.error("refused: %s", {"id_number": number})


def test_control_a_number_in_clear_is_found_everywhere(log_file):
    number, since = _number(890), _segment()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE in_clear (note text, raw bytea)")
        for note, raw in (
            (f"身份证{number}", b""),
            ("", number.encode()),
            (base64.b64encode(number.encode()).decode(), b""),
        ):
            cursor.execute("DELETE FROM in_clear")
            cursor.execute("INSERT INTO in_clear VALUES (%s, %s)", [note, raw])
            assert _found([number], _dump()) == [number]
    assert any(_found([number], content) for content in _server_files(since).values())
    assert _found([number], logging.Formatter("%(message)s").format(_record(number)).encode()) == [number]


def _record(number: str) -> logging.LogRecord:
    return logging.LogRecord("x", logging.ERROR, "f", 1, "saving %s failed", (number,), None)


def test_a_seal_opens_only_where_it_was_made(tried):
    world = make_world()
    for _ in range(some(3, 30)):
        make_case(world, CaseState.PENDING_REVIEW)
    count = 0
    for model in rotation.sealed_models():
        fields = [field for field in sealed_fields(model) if field.model is model]
        rows = list(model._base_manager.order_by("pk")[:200])
        for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
            for field in fields:
                blob = row.__dict__[field.attname]
                if not blob:
                    continue
                here = field.bound_to(row)
                assert crypto.unseal(bytes(blob), **here)
                elsewhere = [here | {"table": "other"}, here | {"field": "other"}]
                elsewhere += [here | {"uid": other.uid}] if other.uid != row.uid else []
                for place in elsewhere:
                    with pytest.raises(SealBroken):
                        crypto.unseal(bytes(blob), **place)
                    count += 1
    assert count > 50
    tried("P-02", count, "seals moved to another row, column or table", CONTROL)


def test_a_number_copied_to_another_row_by_the_database_does_not_open():
    world = make_world()
    one, two = (make_villager(world.village).claim for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_claim SET id_number = one.id_number "
            "FROM households_claim one WHERE one.id = %s AND households_claim.id = %s",
            [one.pk, two.pk],
        )
    with pytest.raises(SealBroken, match=str(two.uid)):
        str(Claim.objects.get(pk=two.pk).id_number)


CONTROL = "test_control_a_seal_bound_to_nothing_opens_anywhere"


def test_control_a_seal_bound_to_nothing_opens_anywhere(monkeypatch):
    monkeypatch.setattr(crypto, "_bound_to", lambda table, field, uid: b"")
    blob = crypto.seal("x", table="a", field="b", uid="0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f")
    assert crypto.unseal(blob, table="c", field="d", uid="1f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f") == "x"
