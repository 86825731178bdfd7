"""Where an embedded server lives: program, data, sockets, log; and as whom it runs.

PostgreSQL refuses to be root, so under root it runs as a system user of its own. When that user cannot enter the
project's folder, program and data move to /var/tmp/anju-<hash>: permissions of folders that are not ours never change.
"""

import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.osuser import can_enter, system_user
from config.embedded.process import Trouble

# sun_path holds 108 bytes with its end mark; PostgreSQL's own socket is called /.s.PGSQL.5432.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class Places:
    """Folders of one embedded server; `owner` is None when it runs as ourselves."""

    home: Path
    sockets: Path
    log: Path
    owner: pwd.struct_passwd | None
    copies_program: bool
    socket_is_temporary: bool

    @classmethod
    def find(cls, service: str, var: Path) -> "Places":
        """Makes the folders and hands them to their owner. Raises Trouble when that is impossible."""
        owner = system_user() if os.geteuid() == 0 else None
        outside = owner is not None and not can_enter(owner, [var, Path(sys.prefix)])
        base = elsewhere(var) if outside else var
        if outside:
            _own(base, owner)
        home = base / service
        _own(home, owner)
        sockets, temporary = _socket_folder(home)
        _own(sockets, owner)
        log = home / f"{service}.log"
        return cls(home, sockets, log, owner, copies_program=outside, socket_is_temporary=temporary)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def unfinished(self) -> Path:
        return self.home / "data.unfinished"

    def clear_unfinished(self) -> None:
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def program(self, packages: Path, name: str) -> Path:
        """The program folder `name` among installed `packages`; a copy of it where its user cannot get there."""
        if not self.copies_program:
            return packages / name
        mark = f"{packages / name} {(packages / name).stat().st_mtime_ns}"
        copy, stamp = self.home / "program", self.home / "program.txt"
        if not (stamp.exists() and stamp.read_text() == mark):
            shutil.rmtree(copy, ignore_errors=True)
            # Beside a wheel's folder stand the libraries it was linked with, found by their relative place.
            for part in (name, f"{name.partition('/')[0]}.libs"):
                if (packages / part).exists():
                    shutil.copytree(packages / part, copy / part)
            _open_up(copy)
            stamp.write_text(mark)
        return copy / name


def elsewhere(var: Path) -> Path:
    """The folder that stands in for a `var` which the server's user cannot enter."""
    return Path("/var/tmp") / f"anju-{hashlib.sha256(str(var).encode()).hexdigest()[:12]}"  # noqa: S108  private, and its owner is checked


def remove_sockets(places: Places) -> None:
    """Removes a temporary socket folder once its server is gone."""
    if places.socket_is_temporary:
        shutil.rmtree(places.sockets, ignore_errors=True)


def _socket_folder(home: Path) -> tuple[Path, bool]:
    inside = home / "sockets"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside, False
    return Path(tempfile.mkdtemp(prefix="anju-", dir="/tmp")), True


def _own(folder: Path, owner: pwd.struct_passwd | None) -> None:
    """Makes `folder` private to the server's user; one that somebody else made is refused, not taken over."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.lstat()
    ours = {os.geteuid()} | ({owner.pw_uid} if owner else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise Trouble(f"{folder} belongs to somebody else: remove it or set ANJU_VAR to another folder")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _open_up(folder: Path) -> None:
    # The folder around it is 0700 and the owner's: reading rights inside let nobody else in.
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
