import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from common import crypto, keys
from tests.common.conftest import ring

PLACE = {"table": "t", "field": "f", "uid": "u"}


@pytest.fixture
def key_file(monkeypatch, settings, tmp_path):
    monkeypatch.delenv("ANJU_KEYS", raising=False)
    settings.KEYS_FILE = tmp_path / "keys" / "keys.json"
    return settings.KEYS_FILE


def test_missing_keys_stop_the_program_and_say_what_to_do(key_file):
    with pytest.raises(ImproperlyConfigured, match="ANJU_KEYS_FILE"):
        crypto.seal("x", **PLACE)


def test_created_keys_are_private_and_never_replaced(key_file):
    keys.create_keys(key_file)
    before = key_file.read_text()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
    keys.create_keys(key_file)
    assert key_file.read_text() == before
    assert [path.name for path in key_file.parent.iterdir()] == ["keys.json"]


def test_two_starters_agree_on_one_key_file(key_file):
    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(lambda _: keys.create_keys(key_file).read_text(), range(32)))
    assert len(seen) == 1


def test_rotation_seals_with_the_new_key_and_still_reads_the_old(key_file):
    keys.create_keys(key_file)
    old, index = crypto.seal("旧", **PLACE), crypto.blind_index("phone", "15400000001")
    assert keys.rotate() == 2
    new = crypto.seal("新", **PLACE)
    assert [crypto.key_number(old), crypto.key_number(new)] == [1, 2]
    assert [crypto.unseal(old, **PLACE), crypto.unseal(new, **PLACE)] == ["旧", "新"]
    assert crypto.blind_index("phone", "15400000001") == index
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_a_running_process_learns_a_new_key_when_it_meets_one(key_file):
    """The ring of this process is read before another process (a real one) rotates the file and seals with it."""
    keys.create_keys(key_file)
    assert keys.key_ring().current == 1
    script = (
        "import sys; from django.conf import settings; settings.configure(KEYS_FILE=sys.argv[1]);"
        "from common import crypto, keys; keys.rotate();"
        "print(crypto.seal('新', table='t', field='f', uid='u').hex())"
    )
    done = subprocess.run([sys.executable, "-c", script, key_file], capture_output=True, text=True, check=True)
    assert keys.key_ring().current == 1
    assert crypto.unseal(bytes.fromhex(done.stdout), **PLACE) == "新"
    assert keys.key_ring().current == 2


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{}", "not json",
        json.dumps({"current": 2, "sealing": {"1": "11" * 32}, "index": "22" * 32}),
        json.dumps({"current": 1, "sealing": {"1": "11" * 16}, "index": "22" * 32}),
        json.dumps({"current": 1, "sealing": {"1": "zz" * 32}, "index": "22" * 32}),
        json.dumps({"current": 256, "sealing": {"256": "11" * 32}, "index": "22" * 32}),
        json.dumps({"current": 1, "sealing": {"1": "11" * 32}}),
    ],
)  # fmt: skip
def test_unusable_key_rings_are_refused_without_naming_a_key(text):
    with pytest.raises(ImproperlyConfigured) as caught:
        keys.parse(text)
    assert "11" * 8 not in str(caught.value)


def test_a_key_ring_never_shows_its_keys():
    assert "0101" not in repr(keys.parse(ring(1, 1, 2)))
