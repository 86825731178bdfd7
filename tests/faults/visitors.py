"""People at the site: plain HTTP, one connection a request, every answer looked at for what must not be in it (I10)."""

import http.client
import re
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

CSRF = "a" * 32
# What the invented people bear: a failing page must show none of it.
PERSONAL = re.compile(rb"Traceback|psycopg2|\b154\d{8}\b|\b99\d{15}[\dXx]\b|\xe5\xbc\xa0\xe7\x9f\xb3\xe5\xb1\xb1")


@dataclass
class Answer:
    """Status 0 when none came; `was_sent` says whether the server may have got the request."""

    status: int = 0
    body: bytes = b""
    location: str = ""
    was_sent: bool = False
    took: float = 0.0
    error: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def leaks(self) -> bool:
        """A failing page with a traceback or with somebody's data."""
        return self.status >= 500 and bool(PERSONAL.search(self.body))

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return found.group(1) if found else ""


@dataclass
class Visitor:
    """One person's browser."""

    port: int
    session: str = ""
    name: str = ""
    case: str = ""
    sockets: list[socket.socket] = field(default_factory=list)

    def get(self, url: str, *, patience: float = 35) -> Answer:
        return self._ask("GET", url, None, {}, patience)

    def post(self, url: str, fields: dict, *, patience: float = 35) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": CSRF}, doseq=True).encode()
        return self._ask("POST", url, body, {"Content-Type": "application/x-www-form-urlencoded"}, patience)

    def upload(self, url: str, fields: dict, photo: bytes, *, patience: float = 35) -> Answer:
        mark = uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (fields | {"csrfmiddlewaretoken": CSRF}).items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
        parts.append(f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + f"\r\n--{mark}--\r\n".encode())
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "X-Requested-With": "XMLHttpRequest"}
        return self._ask("POST", url, b"".join(parts), headers, patience)

    def _ask(self, method: str, url: str, body: bytes | None, headers: dict, patience: float) -> Answer:
        began, answer = time.monotonic(), Answer()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Connection": "close"} | headers
        try:
            connection.connect()
            self.sockets.append(connection.sock)
            answer.was_sent = True
            connection.request(method, url, body, headers)
            reply = connection.getresponse()
            answer.body = reply.read()
            # Only a whole answer is one.
            answer.status, answer.location = reply.status, reply.headers.get("Location", "")
        except (OSError, http.client.HTTPException) as error:
            answer.error = type(error).__name__
        finally:
            self.sockets.clear()
            connection.close()
        answer.took = time.monotonic() - began
        return answer
