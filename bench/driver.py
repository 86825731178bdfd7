"""Sends prepared requests to a running server from several connections at once.

A process of its own, so that its processor time is no part of what is measured.
"""

import http.client
import multiprocessing
import resource
import threading
from dataclasses import dataclass
from time import perf_counter

CONNECTIONS = 8


@dataclass(frozen=True)
class Request:
    """One click of one person: what kind, whose session, and what is sent."""

    kind: str
    session: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    good: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Report:
    """What came of them: (kind, seconds, what was wrong or ''); seconds in all; the driver's own CPU seconds."""

    answers: list[tuple[str, float, str]]
    wall: float
    cpu: float


TOKEN = "b" * 32


def drive(port: int, requests: list[Request]) -> Report:
    """Everything in this order, by CONNECTIONS connections as fast as answers come."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(port, requests, send))
    child.start()
    report = receive.recv()
    child.join()
    return report


def _child(port: int, requests: list[Request], pipe) -> None:
    waiting, lock, answers = iter(requests), threading.Lock(), []
    before, began = _cpu(), perf_counter()

    def work():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                return
            answers.append(_send(connection, request))

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send(Report(answers, perf_counter() - began, _cpu() - before))


def _send(connection, request: Request) -> tuple[str, float, str]:
    cookies = f"sessionid={request.session}; csrftoken={TOKEN}"
    headers = {"Cookie": cookies, "Content-Type": request.content_type, "X-CSRFToken": TOKEN}
    # As scripts send drafts and photos: an answer in JSON, no redirect.
    headers |= {"X-Requested-With": "XMLHttpRequest"} if request.kind in ("save", "photo") else {}
    began = perf_counter()
    try:
        connection.request(request.method, request.path, request.body or None, headers)
        response = connection.getresponse()
        body = response.read()
    except OSError as error:
        connection.close()
        return request.kind, perf_counter() - began, type(error).__name__
    took = perf_counter() - began
    wrong = "" if response.status in request.good else f"{response.status} {request.path} {body[:120]!r}"
    return request.kind, took, wrong


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
