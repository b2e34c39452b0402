"""Files that were made to hurt: bounded time and memory, nothing read in part, the reason said."""

import io
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haechi.adapters.readers import bounds, formats, limits
from haechi.app.processes.reading import reading
from haechi.domain.reading import File, Read, Why
from tests.adapters.readers import documents

HEAD = '<?xml version="1.0"?>'


def laughs() -> str:
    lines = ['<!ENTITY l0 "하하하하하하하하">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f"{HEAD}<!DOCTYPE d [{''.join(lines)}]><w:document {documents.W}><w:t>&l9;</w:t></w:document>"


def elsewhere() -> str:
    return f'{HEAD}<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {documents.W}><w:t>&x;</w:t></w:document>'


def claiming(size: int) -> bytes:
    """A part of 200 MB that says it is small."""
    raw = documents.zipped({"word/document.xml": b" " * (200 << 20)})
    return raw.replace((200 << 20).to_bytes(4, "little"), size.to_bytes(4, "little"))


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("word/document.xml", "<b/>")
    return out.getvalue()


def pdf_bomb() -> bytes:
    """A page whose description unpacks to 600 MB."""
    packed = zlib.compress(b"(a) Tj " * (90 << 20), 9)
    start = documents.pdf("가")
    at = start.index(b"9 0 obj")
    return start[:at] + b"9 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n" % (
        len(packed),
        packed,
    )


def sheet(rows: str) -> bytes:
    return documents.with_parts(
        documents.book(),
        {"xl/worksheets/sheet1.xml": f"{HEAD}<worksheet><sheetData>{rows}</sheetData></worksheet>"},
    )


BAD: list[tuple[str, Callable[[], bytes], str, set[Why]]] = [
    (
        "zip bomb in a DOCX",
        lambda: documents.zipped({"word/document.xml": b" " * (200 << 20)}),
        "a.docx",
        {"too_large"},
    ),
    ("zip bomb that lies about its size", lambda: claiming(100), "a.docx", {"too_large", "broken"}),
    ("many entries", lambda: documents.zipped({f"{n}": b"" for n in range(5001)}), "a.docx", {"too_large"}),
    ("two parts of one name", twice, "a.docx", {"broken"}),
    ("billion laughs", lambda: documents.zipped({"word/document.xml": laughs()}), "a.docx", {"broken"}),
    (
        "an entity from a file",
        lambda: documents.zipped({"word/document.xml": elsewhere()}),
        "a.docx",
        {"broken"},
    ),
    ("deep XML", lambda: documents.word_of("<w:p>" * 100_000), "a.docx", {"too_large"}),
    ("XML cut off", lambda: documents.zipped({"word/document.xml": "<w:document"}), "a.docx", {"broken"}),
    (
        "endless text",
        lambda: documents.word_of(f"<w:t>{'가나다라' * 300_000}</w:t>"),
        "a.docx",
        {"too_long", "too_large"},
    ),
    (
        "a million cells",
        lambda: sheet("<row>" + '<c t="s"><v>0</v></c>' * 1_000_000 + "</row>"),
        "a.xlsx",
        {"too_long", "too_large"},
    ),
    (
        "a cell out of the world",
        lambda: sheet('<row><c r="ZZZ1"><v>1</v></c><c r="가1" t="s"><v>99999999999</v></c></row>'),
        "a.xlsx",
        set(),
    ),
    ("a PDF that unpacks without end", pdf_bomb, "a.pdf", {"gave_up", "broken"}),
    (
        "a PDF that leads in circles",
        lambda: documents.pdf("가").replace(b"/Kids[8 0 R]", b"/Kids[2 0 R]"),
        "a.pdf",
        {"gave_up", "broken", "empty"},
    ),
    ("deep JSON", lambda: b"[" * 100_000 + b"]" * 100_000, "a.json", set()),
    ("one line of a megabyte", lambda: "가".encode() * 340_000, "a.txt", set()),
    ("more text than is looked at", lambda: b"a" * (bounds.MOST_CHARACTERS + 1), "a.txt", {"too_long"}),
    ("NUL", lambda: b"\x00" * 1000, "a.txt", {"not_text"}),
    ("lone surrogates", lambda: "가 \ud800 나".encode("utf-16-le", "surrogatepass"), "a.txt", {"not_text"}),
    ("nested tags", lambda: b"<div>" * 200_000, "a.html", {"empty"}),
    ("a tag that never ends", lambda: b"<a " * 300_000, "a.html", set()),
    ("comments that never end", lambda: b"<!--" * 200_000, "a.html", set()),
    ("signs that begin no tag", lambda: b"<" * 200_000, "a.html", set()),
    (
        "a mail of many parts",
        lambda: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
        "a.eml",
        set(),
    ),
    (
        "a mail in itself",
        lambda: b"Content-Type: message/rfc822\n\n" * 5_000,
        "a.eml",
        {"empty", "broken", "too_large"},
    ),
]


@pytest.fixture(scope="module")
def read() -> Iterator[Callable[[bytes, str], Read]]:
    with reading() as found:
        yield found


@pytest.mark.parametrize(("make", "name", "whys"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_files_cost_little_and_say_why(
    read: Callable[[bytes, str], Read], make: Callable[[], bytes], name: str, whys: set[Why]
) -> None:
    content = make()
    began = time.monotonic()
    found = read(content, name)
    assert time.monotonic() - began < limits.PATIENCE
    assert found.why in whys if whys else found.readable
    assert found.readable or not found.text
    assert read("다음 파일".encode(), "b.txt").text == "다음 파일"


def test_half_characters_in_a_document_do_not_get_out() -> None:
    assert formats.read(File(b"<p>&#xD800;&#xD55C;</p>", "a.html")).text.strip().isprintable()
    assert formats._clean("\ud83d\ude00 \ud800 \x00") == "😀 \ufffd  "


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.csv", "a.html", "a.eml", "a.pdf", "a.docx", ""]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    found = formats.read(File(content, name))
    assert found.readable != (found.text == "")
    found.text.encode()


WORD, BOOK = documents.word(), documents.book()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([WORD, BOOK, documents.hwpx(), documents.hwp(), documents.pdf("한글")]), st.data())
def test_a_document_with_a_few_bytes_changed_is_read_or_refused(content: bytes, data: st.DataObject) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        changed[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = formats.read(File(bytes(changed), ""))
    assert found.readable != (found.text == "")
