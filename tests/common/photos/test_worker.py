"""The child: what it takes, what it may not do, and that the parent survives whatever happens to it."""

import fcntl
import json
import subprocess
import sys
from io import BytesIO

import pytest

from common.errors import Refusal
from common.photos import prepare, worker
from common.photos.header import Header, read_header
from tests.common.photos import samples


@pytest.fixture
def calls(monkeypatch):
    """The command lines of the children that were started."""
    started, real = [], subprocess.run
    monkeypatch.setattr(worker.subprocess, "run", lambda command, **kw: started.append(command) or real(command, **kw))
    return started


@pytest.mark.parametrize(
    ("kind", "megapixels", "is_progressive", "is_heavy"),
    [
        ("JPEG", 64, False, False),
        ("JPEG", 24, True, False),
        ("JPEG", 25, True, True),
        ("PNG", 24, False, False),
        ("PNG", 25, False, True),
        ("WEBP", 24, False, False),
        ("WEBP", 25, False, True),
        ("HEIF", 0, False, True),
    ],
)
def test_only_what_may_be_dangerous_goes_to_the_child(kind, megapixels, is_progressive, is_heavy):
    assert Header(kind, megapixels * 1000, 1000, is_progressive).is_heavy is is_heavy


def test_ordinary_photos_start_no_child(calls):
    prepare(BytesIO(samples.jpeg()))
    prepare(BytesIO(samples.encoded(samples.scene(), "PNG")))
    assert calls == []


def test_heic_goes_through_the_child(calls):
    photo = prepare(BytesIO(samples.heic()))
    assert (photo.width, photo.height) == (800, 600)
    assert len(calls) == 1


def test_60_megapixels_are_decoded_within_the_memory(calls):
    photo = prepare(BytesIO(samples.flat_png(8000, 7500)))
    assert (photo.width, photo.height) == (2048, 1920)
    assert len(calls) == 1


def test_memory_limit_is_real(monkeypatch):
    monkeypatch.setattr(worker, "MEMORY_MB", 100)
    with pytest.raises(Refusal, match="图片无法识别或超过20MB"):
        prepare(BytesIO(samples.flat_png(8000, 7500)))


def test_processor_limit_is_real():
    endless = "import time, resource, common.photos.child as c\nc.work = lambda *a: [0 for _ in iter(int, 1)]\nc.main()"
    command = [sys.executable, "-c", endless, "512", "1"]
    done = subprocess.run(
        command, input=b"{}\n", capture_output=True, env=worker.bare_environment(), timeout=60, check=False
    )
    assert done.returncode < 0
    with pytest.raises(Refusal, match="无法识别"):
        worker.read_answer(done)


def test_wall_clock_limit_is_real(monkeypatch):
    monkeypatch.setattr(worker, "WALL_SECONDS", 0.01)
    with pytest.raises(Refusal, match="无法识别"):
        prepare(BytesIO(samples.heic()))


def test_child_inherits_no_secret_and_can_write_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "secret-4711")
    assert "4711" not in json.dumps(worker.bare_environment())
    assert not {"ANJU_KEYS", "SECRET_KEY", "DATABASE_URL"} & set(worker.bare_environment())
    target = tmp_path / "written"
    writes = f"open({str(target)!r}, 'wb', 0).write(b'x')"
    probe = f"import common.photos.child as c\nc.work = lambda *a: ({writes}, b'')\nc.main()"
    done = subprocess.run(
        [sys.executable, "-c", probe, "512", "5"],
        input=b"{}\n",
        capture_output=True,
        env=worker.bare_environment(),
        timeout=20,
        check=False,
    )
    assert done.returncode != 0
    assert b"File too large" in done.stderr
    assert target.stat().st_size == 0


@pytest.mark.parametrize(
    "stdout",
    [
        b"",
        b"garbage",
        b"[]\n",
        b"{}\n",
        b'{"jpeg": 9, "thumbnail": 9, "exif": 0, "width": 1, "height": 1}\nshort',
        b'{"jpeg": 3, "thumbnail": 3, "exif": 0, "width": 1, "height": 1}\n<html>',
        b'{"jpeg": "x", "thumbnail": 3, "exif": 0, "width": 1, "height": 1}\n',
        b'{"jpeg": -3, "thumbnail": 9, "exif": 0, "width": 1, "height": 1}\n\xff\xd8\xff\xff\xd8\xff',
        b"\xff\xfe\n",
    ],
)
def test_an_answer_that_does_not_add_up_is_not_believed(stdout):
    with pytest.raises(Refusal, match="无法识别"):
        worker.read_answer(subprocess.CompletedProcess([], 0, stdout, b""))


def test_places_are_limited_across_processes(monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(worker, "WALL_SECONDS", 0.3)
    folder = tmp_path / "photo-slots"
    folder.mkdir()
    held = [open(folder / str(number), "w") for number in range(worker.SLOTS)]  # noqa: SIM115 - closed below
    for place in held:
        fcntl.flock(place, fcntl.LOCK_EX)
    with pytest.raises(Refusal, match="太多"):
        prepare(BytesIO(samples.heic()))
    held.pop().close()
    monkeypatch.setattr(worker, "WALL_SECONDS", 30)
    assert prepare(BytesIO(samples.heic())).width == 800
    held.pop().close()


def test_header_of_the_largest_allowed_photo_passes():
    assert read_header(samples.png_claiming(8000, 8000)).is_heavy
