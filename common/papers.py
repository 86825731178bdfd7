"""Uploaded papers (鉴定报告 and the like): PDF, JPG or PNG up to 10 MB, proved harmless, sealed for the disk.

Sniffing alone sees neither scripts nor polyglots: a picture is drawn anew, a PDF is searched for whatever
acts by itself (packages §12, decision 27).
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import filetype

from common import crypto
from common.errors import Refusal
from common.photos import prepare
from common.text import clean_file_label
from common.uploads import read_whole

MAX_BYTES = 10 * 1024 * 1024
# Object streams hold the dictionaries of a PDF; real ones are well under this even with ten thousand pages.
MAX_INFLATED = 32 * 1024 * 1024
PIECE = 64 * 1024

EMPTY = "文件是空的，请重新选择"
TOO_LARGE = "文件超过10MB，请压缩或分成几个文件后再上传"
WRONG_KIND = "只能上传PDF、JPG或PNG文件"
DAMAGED = "PDF文件损坏或没有传完整，请重新导出后上传"
LOCKED = "PDF文件设有密码，请去掉密码后再上传"
ACTIVE = "PDF文件中含有脚本、自动操作或内嵌文件，为安全起见不能上传，请打印成普通PDF后再上传"

KINDS = {"pdf": "pdf", "jpg": "jpg", "png": "png", "apng": "png"}


@dataclass(frozen=True, repr=False)
class PreparedPaper:
    """A paper ready to be stored: its sealed bytes, its type, the digests and a label from the file's name.

    sha256 is of the opened content, source_sha256 of the upload (they differ for a picture, which is re-encoded).
    """

    sealed: bytes
    content_type: str
    label: str
    sha256: str
    source_sha256: str


def prepare_paper(upload, *, table: str, field: str, uid: UUID) -> PreparedPaper:
    """Check an uploaded paper (domain §0: PDF/JPG/PNG ≤ 10 MB) and seal it for one row; a Refusal says why not.

    crypto.unseal_bytes with the same table, field and uid gives the content back.
    """
    data = read_whole(upload, most=MAX_BYTES, too_large=TOO_LARGE, empty=EMPTY)
    content, content_type = proved(data)
    return PreparedPaper(
        sealed=crypto.seal_bytes(content, table=table, field=field, uid=uid),
        content_type=content_type,
        label=clean_file_label(getattr(upload, "name", "") or ""),
        sha256=hashlib.sha256(content).hexdigest(),
        source_sha256=hashlib.sha256(data).hexdigest(),
    )


def proved(data: bytes) -> tuple[bytes, str]:
    """The content to keep and its type: a picture drawn anew, a PDF as it is after its search."""
    guess = filetype.guess(data[:8192])
    kind = KINDS.get(guess.extension) if guess else None
    if kind is None:
        raise Refusal(WRONG_KIND, code="wrong_kind")
    if kind == "pdf":
        check_pdf(data)
        return data, "application/pdf"
    picture = prepare(BytesIO(data))
    return picture.bytes, picture.content_type


def name(*words: str) -> str:
    """A pattern for PDF names, any of whose letters may be written as #xx (/J#61vaScript is /JavaScript)."""
    letters = ["".join(f"(?:{letter}|#{ord(letter):02x})" for letter in word) for word in words]
    return rf"/(?:{'|'.join(letters)})(?![^\x00\t\n\f\r ()<>\[\]{{}}/%])"


def pattern(text: str) -> re.Pattern:
    """A bytes pattern of names made by name()."""
    # Only the hex digits may change case; PDF names do not.
    return re.compile(re.sub(r"#[0-9a-f]{2}", lambda hexed: _any_case(hexed[0]), text).encode(), re.DOTALL)


def _any_case(hexed: str) -> str:
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in hexed)


STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
# Long names cannot occur by chance in compressed data, so nothing can hide them; short ones are sought outside it.
LONG_NAMES = pattern(name("JavaScript", "OpenAction", "Launch", "EmbeddedFile", "EmbeddedFiles"))
SHORT_NAMES = pattern(name("JS", "AA"))
ENCRYPTED = pattern(name("Encrypt"))
PAGE = pattern(name("Type") + r"\s*" + name("Page", "Pages"))
OBJECT_STREAM = pattern(name("ObjStm"))
# No parenthesis or comment may stand between the name and its data: a second "stream" could hide in there.
ITS_DATA = re.compile(rb"[^()%]{0,1000}?stream\r?\n")
OBJECT_NUMBERS = re.compile(rb"\s*[0-9]+\s+[0-9]+\s")


def check_pdf(data: bytes) -> None:
    """Refuse a PDF that is broken, locked, or does anything by itself when it is opened."""
    if not re.match(rb"%PDF-[12]\.[0-9]", data) or b"%%EOF" not in data[-1024:] or b"startxref" not in data[-2048:]:
        raise Refusal(DAMAGED, code="damaged")
    if ENCRYPTED.search(data):
        raise Refusal(LOCKED, code="locked")
    hidden = b"\n".join(object_streams(data))
    outside = STREAM.sub(b" ", data)
    if any(LONG_NAMES.search(part) for part in (data, hidden)) or any(map(SHORT_NAMES.search, (outside, hidden))):
        raise Refusal(ACTIVE, code="active")
    if not PAGE.search(outside) and not PAGE.search(hidden):
        raise Refusal(DAMAGED, code="damaged")


def object_streams(data: bytes) -> list[bytes]:
    """The dictionaries PDF 1.5 hides in compressed streams, opened; refused unless every one of them can be."""
    opened, left = [], MAX_INFLATED
    for found in OBJECT_STREAM.finditer(data):
        start = ITS_DATA.match(data, found.end())
        text = inflated(memoryview(data)[start.end() :], left) if start else b""
        if not OBJECT_NUMBERS.match(text):
            raise Refusal(DAMAGED, code="damaged")
        opened.append(text)
        left -= len(text)
    return opened


def inflated(data: memoryview, limit: int) -> bytes:
    """A Flate stream opened, b'' when it is broken or longer than `limit` bytes."""
    work, parts = zlib.decompressobj(), []
    # In pieces: handed all at once, zlib would copy the whole rest of the file for every one of a thousand streams.
    for start in range(0, len(data), PIECE):
        try:
            parts.append(work.decompress(data[start : start + PIECE], max(limit, 1)))
        except zlib.error:
            return b""
        limit -= len(parts[-1])
        if work.eof:
            return b"".join(parts)
        if limit <= 0 or work.unconsumed_tail:
            return b""
    return b""
