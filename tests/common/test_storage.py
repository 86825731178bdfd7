import errno
import hashlib
import os
import resource
import stat
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from common import storage
from common.errors import Refusal
from common.storage import FsyncFileSystemStorage, file_name, media_storage

UID = UUID("a1a2a3a4-b1b2-4c1c-8d1d-d1d2d3d4d5d6")
SHA = hashlib.sha256(b"x").hexdigest()
NAME = file_name("photos", UID, SHA, "jpg")


def files_under(folder) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.fixture
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return FsyncFileSystemStorage()


def test_name_comes_from_row_and_content_alone():
    assert f"photos/a1/a2/a1a2a3a4b1b24c1c8d1dd1d2d3d4d5d6-{SHA[:16]}.jpg" == NAME


@pytest.mark.parametrize(
    "name",
    [
        "../../x.jpg", "/etc/passwd", "photos/../x.jpg", "照片.jpg", "a.jpg.php.longest", "photos/A.jpg", "x",
        "a b.jpg", ".x.jpg", "gpj\u202e.exe",
    ],
)  # fmt: skip
def test_no_other_name_is_ever_stored(store, name):
    with pytest.raises(SuspiciousFileOperation):
        store.save(name, ContentFile(b"x"))
    assert not files_under(store.location)


def test_file_is_private_and_whole(store):
    assert store.save(NAME, ContentFile(b"\xff\xd8 photo")) == NAME
    path = Path(store.path(NAME))
    assert path.read_bytes() == b"\xff\xd8 photo"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [path.parent, path.parent.parent, path.parent.parent.parent]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert files_under(store.location) == [path]


def test_the_same_photo_again_replaces_itself(store):
    for _ in range(2):
        assert store.save(NAME, ContentFile(b"x")) == NAME
    assert len(files_under(store.location)) == 1


def test_a_private_file_has_no_address(store):
    with pytest.raises(ValueError, match="scoped view"):
        store.url(NAME)


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_answer(store, monkeypatch):
    seen = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(handle):
        target = Path(os.readlink(f"/proc/self/fd/{handle}"))
        seen.append(("fsync folder" if target.is_dir() else "fsync file", target.name))
        return real_fsync(handle)

    def replace(source, target):
        assert Path(source).stat().st_size == 3
        seen.append(("rename", Path(target).name))
        return real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    store.save(NAME, ContentFile(b"abc"))
    made, written = seen[:4], seen[4:]
    assert [what for what, _ in made] == ["fsync folder"] * 4  # media, photos, a1, a2: each entry in its parent
    assert [what for what, _ in written] == ["fsync file", "rename", "fsync folder"]
    assert written[1][1] == Path(NAME).name
    assert written[2][1] == "a2"


def test_failure_before_the_rename_leaves_nothing(store, monkeypatch):
    def broken(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(KeyboardInterrupt):
        store.save(NAME, ContentFile(b"abc"))
    assert not files_under(store.location)


class TestFullDisk:
    @pytest.fixture
    def tiny(self, tmp_path, settings):
        """A real file system of 64 kB."""
        folder = tmp_path / "tiny"
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False, capture_output=True
        )
        if mounted.returncode:
            pytest.skip("mounting a small file system needs more rights than this run has")
        settings.MEDIA_ROOT = folder / "media"
        yield FsyncFileSystemStorage()
        subprocess.run(["umount", "-l", folder], check=True)

    def test_upload_is_refused_and_works_again_after_freeing(self, tiny):
        tiny.save(NAME, ContentFile(b"x" * 30_000))
        second = file_name("photos", UID, SHA[::-1], "jpg")
        with pytest.raises(Refusal, match="服务器存储已满，请联系管理员"):
            tiny.save(second, ContentFile(b"y" * 60_000))
        assert [path.stat().st_size for path in files_under(tiny.location)] == [30_000]
        tiny.delete(NAME)
        assert tiny.save(second, ContentFile(b"y" * 30_000)) == second

    def test_kernel_refusing_more_bytes_leaves_no_stump(self, store):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            with pytest.raises(Refusal, match="服务器存储已满"):
                store.save(NAME, ContentFile(b"x" * 200_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not files_under(store.location)

    def test_other_faults_are_not_called_a_full_disk(self, store, monkeypatch):
        def broken(handle):
            raise OSError(errno.EIO, "i/o error")

        monkeypatch.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="i/o error"):
            store.save(NAME, ContentFile(b"x"))


class Bucket(BaseHTTPRequestHandler):
    """As much of the S3 protocol as one private bucket needs, over real HTTP."""

    objects: dict
    requests: list
    is_failing = False

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, self.headers.get("x-amz-acl"), self.headers["Authorization"][:16]))
        if self.is_failing:
            return self.answer(507)
        self.objects[self.path] = body
        return self.answer(200, ETag='"1"')

    def do_GET(self):
        body = self.objects.get(self.path)
        headers = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 00:00:00 GMT"}
        return self.answer(404) if body is None else self.answer(200, body, **headers)

    do_HEAD = do_GET

    def do_DELETE(self):
        self.objects.pop(self.path, None)
        self.answer(204)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def bucket(settings):
    handler = type("OneBucket", (Bucket,), {"objects": {}, "requests": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MEDIA_BACKEND = "s3"
    settings.MEDIA_S3 = {
        "bucket_name": "anju",
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "access_key": "test",
        "secret_key": "test",
        "region_name": "cn-test",
        "addressing_style": "path",
    }
    yield handler
    server.shutdown()
    server.server_close()


def test_object_store_keeps_private_files_under_our_names(bucket):
    store = media_storage()
    assert store.save(NAME, ContentFile(b"photo")) == NAME
    assert bucket.objects == {f"/anju/{NAME}": b"photo"}
    assert bucket.requests == [(f"/anju/{NAME}", "private", "AWS4-HMAC-SHA256")]
    with store.open(NAME) as file:
        assert file.read() == b"photo"
    store.delete(NAME)
    assert not bucket.objects
    with pytest.raises(SuspiciousFileOperation):
        store.save("../x.jpg", ContentFile(b"x"))
    with pytest.raises(ValueError, match="scoped view"):
        store.url(NAME)


def test_object_store_that_fails_is_a_refusal(bucket):
    bucket.is_failing = True
    with pytest.raises(Refusal, match="文件暂时无法保存"):
        media_storage().save(NAME, ContentFile(b"photo"))


def test_file_system_is_the_store_unless_settings_say_otherwise(settings):
    assert isinstance(media_storage(), storage.FsyncFileSystemStorage)
