"""A bad line between a phone and the server: a TCP proxy that is slow, far, lossy, and breaks where a test says so.

What is lost on the way comes again, as TCP has it: a segment is late by its retransmission, and everything behind it
waits. All connections of one phone share its rate, each direction for itself.
"""

import asyncio
import random
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET, socket

SEGMENT = 1460

# Times that one segment is lost in a row, at most.
MOST_LOST = 4


@dataclass(frozen=True)
class Quality:
    """Bytes a second each way, seconds there and back, shares of segments and of connections that are lost."""

    rate: float = 12_500
    round_trip: float = 0.3
    loss: float = 0.0
    resets: float = 0.0
    # Shares of posts that are cut at some byte, and of those whose answer is lost after the commit.
    cuts: float = 0.0
    lost_replies: float = 0.0


# What the catalogue names (F20): 100 kbit/s and 300 ms; 20 KB/s and 2 s; 30 % loss; and a line that is no trouble.
BREAKS = {"cuts": 0.15, "lost_replies": 0.15}
WEAK = Quality(**BREAKS)
FAR = Quality(rate=20_000, round_trip=2.0, **BREAKS)
LOSSY = Quality(rate=20_000, round_trip=0.3, loss=0.3, resets=0.05, **BREAKS)
# For every run: the same breaks, thirty times as fast.
HURRIED = Quality(rate=600_000, round_trip=0.01, loss=0.3, resets=0.05, **BREAKS)
GOOD = Quality(rate=10_000_000, round_trip=0.0)


@dataclass
class Line:
    """The proxy; `with Line(port) as line:` listens on line.port. What it did is counted in line.done."""

    server: int
    quality: Quality = GOOD
    seed: int = 1
    port: int = 0
    is_down: bool = False
    done: dict[str, int] = field(default_factory=lambda: {"connections": 0, "cut": 0, "lost": 0, "stalls": 0, "up": 0})

    def __post_init__(self):
        self._chance = random.Random(self.seed)
        self._free = {"up": 0.0, "down": 0.0}
        # What is to happen to posts that come, in order: ("cut", bytes, where) or ("lose", 0, where).
        self._plans: list[tuple[str, int, bytes]] = []
        self._writers: set[asyncio.StreamWriter] = set()

    # What a test says; from its own thread.

    def cut_upload_at(self, count: int, where: str = "") -> None:
        """The next POST (to an address with those words) ends after that many bytes of the request."""
        self._plans.append(("cut", count, where.encode()))

    def lose_reply(self, where: str = "") -> None:
        """The next POST (to an address with those words) reaches the server; of the answer nothing arrives."""
        self._plans.append(("lose", 0, where.encode()))

    def go_down(self) -> None:
        """No network at all, and what is on the line breaks."""
        self.is_down = True
        self._loop.call_soon_threadsafe(self._break_all)

    def come_back(self) -> None:
        self.is_down = False

    def __enter__(self):
        started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # Inside the loop.

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        listening = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = listening.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        self._break_all()
        listening.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader, writer):
        # The line is pulled out at the end of a test, whatever is still on it.
        with suppress(asyncio.CancelledError):
            await self._connect(reader, writer)

    async def _connect(self, reader, writer):
        self.done["connections"] += 1
        if self.is_down or self._chance.random() < self.quality.resets:
            reset(writer)
            return
        # The handshake: there and back once before the first byte.
        await asyncio.sleep(self.quality.round_trip)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.server)
        except OSError:
            reset(writer)
            return
        self._writers |= {writer, far_writer}
        call = Call(self, writer, far_writer)
        await asyncio.gather(call.carry(reader, far_writer, "up"), call.carry(far_reader, writer, "down"))
        self._writers -= {writer, far_writer}
        for one in (writer, far_writer):
            one.close()

    def _break_all(self):
        for writer in self._writers:
            reset(writer)

    def take_plan(self, head: bytes) -> tuple[str, int]:
        """What is to happen to this post, whose first line says where it goes."""
        if self._plans and self._plans[0][2] in head.split(b"\r\n")[0]:
            return self._plans.pop(0)[:2]
        chance = self._chance.random()
        if chance < self.quality.cuts:
            return "cut", self._chance.randrange(1, 9000)
        return ("lose", 0) if chance > 1 - self.quality.lost_replies else ("", 0)

    def due(self, direction: str, size: int) -> float:
        """When a segment sent now has arrived."""
        now = time.monotonic()
        if self.quality.rate:
            self._free[direction] = max(now, self._free[direction]) + size / self.quality.rate
        return self._free[direction] + self.quality.round_trip / 2 + self._stall()

    def _stall(self) -> float:
        wait, pause = 0.0, self.quality.round_trip
        for _ in range(MOST_LOST):
            if self._chance.random() >= self.quality.loss:
                break
            wait, pause = wait + pause, pause * 2
            self.done["stalls"] += 1
        return wait


class Call:
    """One connection: both directions, and what is to happen to it."""

    def __init__(self, line: Line, near, far) -> None:
        self.line, self.near, self.far = line, near, far
        self.plan, self.limit = "", 0
        self.sent = 0

    async def carry(self, reader, writer, direction: str) -> None:
        """Segment after segment, each when it is due, none before the one ahead of it."""
        waiting: asyncio.Queue = asyncio.Queue(maxsize=64)
        pump = asyncio.ensure_future(self._deliver(waiting, writer, direction))
        with suppress(OSError):
            while data := await reader.read(SEGMENT):
                await waiting.put((self.line.due(direction, len(data)), data))
        await waiting.put((0.0, b""))
        await pump

    async def _deliver(self, waiting, writer, direction) -> None:
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not data or not self._let_pass(data, writer, direction):
                with suppress(OSError):
                    writer.write_eof()
                # Whatever still comes is taken and thrown away, so that nobody waits for room.
                while data:
                    _, data = await waiting.get()
                return
            with suppress(OSError):
                await writer.drain()

    def _let_pass(self, data: bytes, writer, direction: str) -> bool:
        """Hand the segment on, or break the connection as planned; False when it is broken."""
        if direction == "up":
            if data.startswith(b"POST "):
                (self.plan, self.limit), self.sent = self.line.take_plan(data), 0
            self.line.done["up"] += len(data)
            if self.plan == "cut" and self.sent + len(data) > self.limit:
                writer.write(data[: self.limit - self.sent])
                return self._break("cut")
            self.sent += len(data)
        elif self.plan == "lose":
            return self._break("lost")
        if writer.is_closing():
            return False
        writer.write(data)
        return True

    def _break(self, what: str) -> bool:
        self.line.done[what] += 1
        reset(self.near)
        # The server sees an end, as from a proxy in front of it, not always a reset.
        with suppress(OSError):
            self.far.write_eof()
        return False


def reset(writer) -> None:
    """End a connection the hard way."""
    one: socket = writer.get_extra_info("socket")
    if one is not None and one.fileno() >= 0:
        with suppress(OSError):
            one.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
