"""F12 and F13: the disk of the photos, or that of the database, is full. Small file systems in memory; FULL=1, root.

Without root nothing can be mounted; then tests/common/test_storage.py tries the same refusal with a kernel limit.
"""

import json
import os
import shutil
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

from tests.factories.people import photo_bytes
from tests.faults.load import Load
from tests.faults.site import Site, until
from tests.faults.verdict import broken, findings
from tests.faults.visitors import Visitor
from tests.scale import FULL

pytestmark = [
    pytest.mark.skipif(not FULL, reason="takes minutes: FULL=1"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system"),
]
MOUNT = shutil.which("mount")
UMOUNT = shutil.which("umount")
WORDS = "服务器存储已满，请联系管理员"
CONTROL_WORDS = "test_control_without_words_for_it_a_full_disk_is_an_error_page"


@contextmanager
def small_disk(folder: Path, size: str):
    """A file system of that size in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([MOUNT, "-t", "tmpfs", "-o", f"size={size},mode=700", "anju-faults", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run([UMOUNT, "--lazy", str(folder)], check=True)


def fill(folder: Path, left: int = 0) -> Path:
    """A file that takes all that is free but `left` bytes."""
    ballast, free = folder / "ballast", shutil.disk_usage(folder).free
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free - left, 1))
    return ballast


def _upload(visitor: Visitor, who: dict, client_id: str, seed: int):
    return visitor.upload(
        f"/apply/{who['case']}/photos/add/", {"client_id": client_id}, photo_bytes(seed, (1600, 1200))
    )


def test_full_disk_of_photos_refuses_them_and_keeps_all_else(site, tried, beside, tmp_path):
    times = 10
    with small_disk(tmp_path / "v" / "media", "8m") as media, beside(ANJU_VAR=str(tmp_path / "v")) as (port, inside):
        for who in inside("people", count=times):
            visitor, client_id, seed = Visitor(port, who["session"]), str(uuid4()), int(who["case"][:6], 16)
            # Room for the photo or not even for that: in turn.
            ballast = fill(media, left=(seed % 8) * 4096)
            refused = _upload(visitor, who, client_id, seed)
            assert (refused.status, json.loads(refused.body)) == (422, {"error": WORDS})
            assert [path for path in media.rglob("*") if path.is_file() and path.stat().st_size == 0] == []
            assert [path for path in media.rglob(".*") if path.is_file()] == []
            assert inside("facts", cases=[], photos=[client_id])["photos"] == []
            saved = visitor.post(f"/apply/{who['case']}/description/save/", {"risk_description": "后墙也裂了"})
            assert saved.status == 200
            ballast.unlink()
            assert _upload(visitor, who, client_id, seed).status == 200
            assert inside("facts", cases=[], photos=[client_id])["photos"] == [client_id]
        assert inside("invariants")["wrong"] == []
    tried("F12", times, "photos on a full disk", CONTROL_WORDS)


def test_control_without_words_for_it_a_full_disk_is_an_error_page(site, beside, tmp_path):
    environment = {"ANJU_VAR": str(tmp_path / "v"), "WITHOUT": "words_for_a_full_disk"}
    with small_disk(tmp_path / "v" / "media", "8m") as media, beside(**environment) as (port, inside):
        (who,) = inside("people", count=1)
        fill(media)
        assert _upload(Visitor(port, who["session"]), who, str(uuid4()), 1).status == 500


@contextmanager
def full_database(times: int, *, breath: float = 0, **settings: str):
    """A site whose database ran out of disk so many times under load, and its load; everything is up again.

    `settings` of the server; `breath` is how long the load goes on between two steps of the log towards its end.
    """
    site = Site()
    with small_disk(site.var / "postgres", "300m") as disk:
        # The database's own user owns its folder, and makes it private itself.
        try:
            site.prepare()
            assert site.places["postgres"].home == disk
            for name, value in settings.items():
                site.ask(f"ALTER SYSTEM SET {name} = '{value}'")
            site.ask("SELECT pg_reload_conf()")
            site.start_web()
            load = Load(site)
            load.bring(site.inside("people", count=250))
            with load:
                for _ in range(times):
                    time.sleep(2)
                    _fill_and_free(site, load, disk, breath)
            yield site, load
        finally:
            site.stop()
    # What was mounted in it was in the way before.
    shutil.rmtree(site.folder, ignore_errors=True)


def _fill_and_free(site, load, disk: Path, breath: float) -> None:
    ballast, before = fill(disk, left=1 << 20), len(load.troubles())
    until(lambda: _is_full(site, load, before, breath), 60, "the disk never became full")
    time.sleep(3)
    ballast.unlink()
    if site.running["postgres"].poll() is not None:
        # It could not even recover without room; a person frees the disk and starts it again.
        site.reap("postgres")
        site.start_server("postgres")
    until(lambda: Visitor(site.port).get("/readyz").status == 200, 60, "the site does not recover")
    time.sleep(1)


def _is_full(site, load, before: int, breath: float) -> bool:
    """Whether somebody has noticed; until then the log of the database goes on to its next 16 MB."""
    with suppress(psycopg2.Error):
        site.ask("SELECT pg_switch_wal()")
    time.sleep(breath)
    return len(load.troubles()) > before


def test_full_disk_of_the_database_loses_nothing_that_was_said_to_be_done(tried):
    times = 3
    with full_database(times) as (site, load):
        assert load.troubles()
        assert {one.answer.status for one in load.troubles()} <= {503}
        assert findings(site, load) == []
        assert broken(site) == []
    control = "test_control_that_does_not_wait_for_the_log_loses_what_was_said_to_be_done"
    tried("F13", times, "times the disk of the database was full under load", control)


def test_control_that_does_not_wait_for_the_log_loses_what_was_said_to_be_done():
    """Where a commit is answered before it stands in the log, the log's end takes acknowledged work with it."""
    lazy = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
    with full_database(3, breath=1, **lazy) as (site, load):
        assert [one for one in findings(site, load) if one.startswith("I1 ")]
