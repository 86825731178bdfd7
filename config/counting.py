"""Counters that several processes add up to: each writes into a file of its own, whoever asks reads them all.

A slot is a key of 120 bytes and a double, changed in place in memory the kernel shares: no lock between processes, and
what a process counted outlives it. The files go when the web server starts anew (config/gunicorn.py).
"""

import mmap
import os
import struct
import threading
from collections import Counter
from pathlib import Path

SLOT = struct.Struct("120sd")
SLOTS = 4096


class Tally:
    """This process's counters, in `folder`/<pid>; made at the first count, and again in a forked child."""

    def __init__(self) -> None:
        self._lock, self._owner, self._places, self._memory = threading.Lock(), None, {}, None

    def add(self, folder: Path, sums: dict[str, float]) -> None:
        """Add to these counters; what does not fit any more is left out."""
        with self._lock:
            if self._owner != (folder, os.getpid()):
                self._open(folder)
            for key, amount in sums.items():
                place = self._places.setdefault(key, len(self._places))
                if place < SLOTS:
                    before = SLOT.unpack_from(self._memory, place * SLOT.size)[1]
                    SLOT.pack_into(self._memory, place * SLOT.size, key.encode()[:120], before + amount)

    def _open(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / str(os.getpid()), "w+b") as file:
            file.truncate(SLOTS * SLOT.size)
            self._memory = mmap.mmap(file.fileno(), 0)
        self._owner, self._places = (folder, os.getpid()), {}


def read(folder: Path) -> Counter:
    """The sums over all processes, those that have ended included."""
    found = Counter()
    for file in sorted(folder.glob("[0-9]*")):
        raw = file.read_bytes()
        for key, amount in SLOT.iter_unpack(raw[: len(raw) // SLOT.size * SLOT.size]):
            if not key[0]:
                break
            found[key.rstrip(b"\0").decode("utf-8", "replace")] += amount
    return found


def forget(folder: Path) -> None:
    """Begin from zero; to whoever asks this looks like any restart of a counter."""
    for file in folder.glob("[0-9]*"):
        file.unlink(missing_ok=True)
