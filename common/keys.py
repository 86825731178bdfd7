"""The key ring (decision 27): keys live in a file or the environment, never in the database beside the lock."""

import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class KeyRing:
    """Sealing keys by number (1–255), the number new seals use, and the key of the blind indexes."""

    current: int
    sealing: dict[int, bytes]
    index: bytes

    def __repr__(self) -> str:
        return f"<KeyRing current={self.current} known={sorted(self.sealing)}>"


def key_file() -> Path:
    """Where the keys are kept: settings.KEYS_FILE (ANJU_KEYS_FILE, else VAR_DIR/keys/keys.json)."""
    return Path(settings.KEYS_FILE)


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    """The ring of this process, from ANJU_KEYS (JSON) or the key file; ImproperlyConfigured when there is none."""
    text = os.environ.get("ANJU_KEYS")
    if not text:
        try:
            text = key_file().read_text("ascii")
        except OSError as error:
            raise ImproperlyConfigured(
                f"No encryption keys: set ANJU_KEYS or ANJU_KEYS_FILE, or let `make run` create {key_file()}"
            ) from error
    return parse(text)


def forget() -> None:
    """Read the ring again on next use (after a rotation, and between tests)."""
    key_ring.cache_clear()


def parse(text: str) -> KeyRing:
    """Read {"current": 2, "sealing": {"1": hex, "2": hex}, "index": hex}; ImproperlyConfigured names no key."""
    try:
        data = json.loads(text)
        sealing = {int(number): bytes.fromhex(key) for number, key in data["sealing"].items()}
        ring = KeyRing(int(data["current"]), sealing, bytes.fromhex(data["index"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ImproperlyConfigured("The key ring is not readable: expected current, sealing and index") from None
    lengths = {len(key) for key in (*ring.sealing.values(), ring.index)}
    if lengths != {KEY_BYTES} or ring.current not in ring.sealing or not all(0 < n < 256 for n in ring.sealing):
        raise ImproperlyConfigured("The key ring needs 32-byte keys numbered 1–255 and a current one among them")
    return ring


def create_keys(path: Path | str) -> Path:
    """Make a key file (0600, folder 0700) unless it is there; called by `make run` and tests only (decision 27)."""
    path = Path(path)
    if not path.exists():
        fresh = {"current": 1, "sealing": {"1": secrets.token_hex(KEY_BYTES)}, "index": secrets.token_hex(KEY_BYTES)}
        _write(path, fresh, os.O_EXCL)
    return path


def rotate(path: Path | str | None = None) -> int:
    """Add a sealing key and make it current; older ones stay readable. Returns the new key's number.

    The index key is not touched: changing it would mean computing every blind index again.
    """
    path = Path(path or key_file())
    data = json.loads(path.read_text("ascii"))
    number = max(map(int, data["sealing"])) + 1
    data["sealing"][str(number)] = secrets.token_hex(KEY_BYTES)
    data["current"] = number
    parse(json.dumps(data))
    _write(path, data, 0)
    forget()
    return number


def _write(path: Path, data: dict, exclusive: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(data, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    # A link refuses to replace: two processes starting together must not each believe in their own keys.
    if exclusive:
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary)
    else:
        os.replace(temporary, path)
