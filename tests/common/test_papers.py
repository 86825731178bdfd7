import time
import zlib
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common import crypto, papers
from common.errors import Refusal, SealBroken
from common.papers import prepare_paper
from tests.common.photos import samples

PAGES = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R >>",
]


def pdf(*more: bytes, trailer: bytes = b"", pages=PAGES) -> bytes:
    """A small valid PDF with our own objects after its pages."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate([*pages, *more], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"", packed=True) -> bytes:
    data = zlib.compress(data) if packed else data
    flate = b"/Filter /FlateDecode" if packed else b""
    return b"<< %s %s /Length %d >>\nstream\n%s\nendstream" % (entries, flate, len(data), data)


def object_stream(inside: bytes, entries: bytes = b"/Type /ObjStm /N 1 /First 4") -> bytes:
    return stream(b"9 0 " + inside, entries)


def accept(data: bytes, name="鉴定报告.pdf"):
    return prepare_paper(SimpleUploadedFile(name, data), table="attachment", field="path", uid=uuid4())


def reason(data: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        accept(data)
    return caught.value.code


def test_pdf_is_kept_as_it_is_and_sealed_for_its_row():
    uid, data = uuid4(), pdf()
    paper = prepare_paper(SimpleUploadedFile("../鉴定 报告.pdf", data), table="attachment", field="path", uid=uid)
    assert b"Catalog" not in paper.sealed
    assert paper.content_type == "application/pdf"
    assert paper.label == "鉴定 报告.pdf"
    assert paper.sha256 == paper.source_sha256
    assert crypto.unseal_bytes(paper.sealed, table="attachment", field="path", uid=uid) == data
    with pytest.raises(SealBroken):
        crypto.unseal_bytes(paper.sealed, table="attachment", field="path", uid=uuid4())


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_picture_of_a_paper_is_drawn_anew(kind):
    uid, data = (
        uuid4(),
        samples.encoded(samples.scene(), kind, exif=samples.exif_block()) + b"<script>alert(1)</script>",
    )
    paper = prepare_paper(SimpleUploadedFile("表.png", data), table="a", field="p", uid=uid)
    content = crypto.unseal_bytes(paper.sealed, table="a", field="p", uid=uid)
    assert paper.content_type == "image/jpeg"
    assert content.startswith(b"\xff\xd8\xff")
    assert b"alert" not in content
    assert b"Exif" not in content
    assert paper.sha256 != paper.source_sha256


ACTIONS = [
    b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    b"<< /S/JavaScript/JS 5 0 R>>",
    b"<< /S /J#61vaScript /J#53 (x) >>",
    b"<< /S /#4a#61#76#61#53#63#72#69#70#74 >>",
    b"<< /S /#4A#61vaScript >>",
    b"<< /OpenAction 5 0 R >>",
    b"<< /Open#41ction[3 0 R/Fit] >>",
    b"<< /AA << /O 5 0 R >> >>",
    b"<< /A#41<</O 5 0 R>> >>",
    b"<< /S /Launch /F (cmd.exe) >>",
    b"<< /Type /EmbeddedFile >>",
    b"<< /Names << /EmbeddedFiles 5 0 R >> >>",
    b"<< /JS(x) >>",
]


@pytest.mark.parametrize("body", ACTIONS)
def test_pdf_that_does_something_by_itself_is_refused(body):
    assert reason(pdf(body)) == "active"


@pytest.mark.parametrize("body", ACTIONS)
def test_actions_hidden_in_an_object_stream_are_found(body):
    assert reason(pdf(object_stream(body))) == "active"


@pytest.mark.parametrize("body", ACTIONS[:4])
def test_actions_hidden_behind_a_false_stream_are_found(body):
    assert reason(pdf(b"(stream\n", body, b"endstream)")) == "active"


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type /Obj#53tm /N 1 /First 4",
        b"/Type/ObjStm/N 1/First 4",
        b"/N 1 /First 4 /Type /ObjStm",
    ],
)
def test_object_streams_are_recognised_however_they_are_written(entries):
    assert reason(pdf(object_stream(ACTIONS[0], entries))) == "active"


def test_object_stream_that_cannot_be_opened_is_refused():
    hidden = zlib.compress(b"9 0 " + ACTIONS[0]).hex().encode() + b">"
    entries = b"/Type /ObjStm /N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]"
    assert reason(pdf(stream(hidden, entries, packed=False))) == "damaged"
    decoy = b"/Type /ObjStm /X (stream\n" + zlib.compress(b"9 0 null") + b")"
    assert reason(pdf(stream(hidden, decoy, packed=False))) == "damaged"


def test_object_stream_without_end_is_not_inflated_for_ever():
    bomb = b"9 0 " + b" " * (papers.MAX_INFLATED + 100)
    assert reason(pdf(object_stream(bomb))) == "damaged"


def test_a_thousand_object_streams_take_no_time():
    data = pdf(*[object_stream(b"<< /Type /Page >>") for _ in range(3000)], stream(bytes(6_000_000), packed=False))
    started = time.process_time()
    accept(data)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"<< /Title (JavaScript) /Producer (AA) >>"),
        pdf(b"<< /JSX 1 /AAA 2 /Launcher 3 >>"),
        pdf(stream(b"BT /F1 12 Tf (text) Tj ET")),
        pdf(stream(b"\x00/JS \xff/AA ", packed=False)),
        pdf(object_stream(b"<< /Type /Font >>"), stream(b"x" * 5000, b"/Type /XRef /DecodeParms << /Predictor 12 >>")),
        pdf(object_stream(b"<< /Type /Page >>"), pages=[]),
    ],
)
def test_ordinary_pdf_passes(data):
    assert accept(data).content_type == "application/pdf"


def test_locked_pdf_is_refused_with_its_own_words():
    assert reason(pdf(trailer=b"/Encrypt 5 0 R")) == "locked"
    assert accept(pdf(b"<< /EncryptMetadata true >>"))


@pytest.mark.parametrize(
    "data",
    [
        pdf()[:-40],
        pdf()[:200],
        pdf() + b"<script>" + b"x" * 3000,
        pdf(pages=[b"<< /Type /Catalog >>"]),
        b"%PDF-1.7\nstartxref\n0\n%%EOF",
        b"%PDF-1.7",
    ],
)
def test_broken_pdf_is_refused(data):
    assert reason(data) == "damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>",
        b"x" + pdf(),
        b"PK\x03\x04" + bytes(100),
        samples.encoded(samples.scene(), "GIF"),
        samples.encoded(samples.scene(), "WEBP"),
        "文字".encode() * 9,
    ],
)
def test_other_files_are_refused(data):
    assert reason(data) == "wrong_kind"


def test_empty_and_large_files_are_refused():
    assert reason(b"") == "empty"

    class Huge(BytesIO):
        size = papers.MAX_BYTES + 1

    with pytest.raises(Refusal, match="10MB"):
        prepare_paper(Huge(), table="a", field="p", uid=uuid4())
    unsized = BytesIO(pdf(bytes(papers.MAX_BYTES)))
    with pytest.raises(Refusal, match="10MB"):
        prepare_paper(unsized, table="a", field="p", uid=uuid4())


def test_every_reason_is_chinese_and_says_what_to_do():
    reasons = [papers.EMPTY, papers.TOO_LARGE, papers.WRONG_KIND, papers.DAMAGED, papers.LOCKED, papers.ACTIVE]
    assert len(set(reasons)) == 6
    assert all("请" in reason or "只能" in reason for reason in reasons)
