"""The system user that embedded servers run as when everything else runs as root."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from config.embedded.process import Trouble, become

NAME = "anju-db"


def system_user() -> pwd.struct_passwd:
    """The user `anju-db`, made on first need (no password, no shell). Raises Trouble where none can be made."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    done = subprocess.run(command, capture_output=True, text=True) if useradd else None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        reason = done.stderr.strip() if done else "there is no useradd here"
        raise Trouble(
            f"PostgreSQL refuses to run as root and the system user {NAME} cannot be made ({reason}). "
            "Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None


def can_enter(user: pwd.struct_passwd, folders: list[Path]) -> bool:
    """Whether `user` may pass through every one of `folders`, asked as that user itself."""
    child = os.fork()
    if child == 0:
        try:
            become(user)
            os._exit(0 if all(os.access(folder, os.R_OK | os.X_OK) for folder in folders) else 1)
        except BaseException:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0
