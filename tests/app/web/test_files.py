"""Files in a request: read first, and only their text goes on, the same to the scanner and to the door."""

import asyncio
import base64
from typing import Any

import orjson
import pytest

from haechi.app.web.dialects.dialect import Decoded
from haechi.app.web.dialects.files import file_at, places
from haechi.app.web.dialects.openai import decode
from haechi.app.web.files import MOST_FILES, read_files
from haechi.domain.chat import TextPart
from haechi.domain.reading import File, Read


class Fixed:
    """Readers that know their answers."""

    def __init__(self, *answers: Read, pictures: bool = False) -> None:
        self.pictures = pictures
        self.asked: list[File] = []
        self._answers = answers

    async def read(self, file: File) -> Read:
        self.asked.append(file)
        return self._answers[(len(self.asked) - 1) % len(self._answers)]


def part(content: bytes = b"x", **more: str) -> dict[str, Any]:
    data = f"data:application/pdf;base64,{base64.b64encode(content).decode()}"
    return {"type": "file", "file": {"file_data": data, **more}}


def image() -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": "data:image/png;base64,eA=="}}


def request(*parts: Any) -> Decoded:
    return decode(orjson.dumps({"model": "auto", "messages": [{"role": "user", "content": list(parts)}]}))


ASK = {"type": "text", "text": "요약해줘"}


def read(decoded: Decoded, readers: Fixed) -> tuple[Decoded, list[str]]:
    found, reasons = asyncio.run(read_files(decoded, readers))
    return found, [reason.code for reason in reasons]


def test_text_takes_the_place_of_a_file_in_what_is_scanned_and_in_what_is_sent() -> None:
    given = request(ASK, part(b"pdf", filename="여신.pdf"), ASK)
    found, codes = read(given, readers := Fixed(Read("홍길동 900101-1234568", left=("images",))))
    sent = found.chat.messages[0].content
    assert readers.asked == [File(b"pdf", "여신.pdf", "application/pdf")]
    assert isinstance(sent, tuple)
    assert [each.text for each in sent if isinstance(each, TextPart)] == [
        each["text"] for each in found.body["messages"][0]["content"]
    ]
    assert found.body["messages"][0]["content"][1]["text"].startswith("여신.pdf\n\n홍길동 900101-1234568")
    assert "images" in found.body["messages"][0]["content"][1]["text"]
    assert b"file_data" not in orjson.dumps(found.body)
    assert codes == ["file_read", "file_left"]
    assert found.strangers == ("/messages/0/content/1",), "what stands there is not the caller's own word"
    assert "file" in str(given.body), "what was decoded is another's, too"


def test_a_file_that_cannot_be_read_stays_what_it_is() -> None:
    given = request(ASK, part())
    found, codes = read(given, Fixed(Read(why="encrypted")))
    assert found is given
    assert codes == ["file_unread"]


def test_one_of_two_files_is_read() -> None:
    found, codes = read(request(part(), part()), Fixed(Read("글"), Read(why="broken")))
    assert [each["type"] for each in found.body["messages"][0]["content"]] == ["text", "file"]
    assert codes == ["file_read", "file_unread"]


def test_files_beyond_the_bound_are_not_read() -> None:
    found, codes = read(request(*[part()] * (MOST_FILES + 1)), readers := Fixed(Read("글")))
    assert len(readers.asked) == MOST_FILES
    assert found.body["messages"][0]["content"][-1]["type"] == "file"
    assert codes == ["file_read", "file_unread"]


@pytest.mark.parametrize(
    ("parts", "pictures", "found"),
    [
        ([ASK], False, 0),
        ([part()], False, 1),
        ([image()], False, 0),
        ([image()], True, 1),
        ([{"type": "image_url", "image_url": {"url": "https://host.example/a.png"}}], True, 0),
        ([{"type": "file", "file": {"file_id": "file-1"}}], False, 0),
        ([{"type": "file", "file": {"file_id": "file-1", "file_data": "eA=="}}], False, 0),
        ([{"type": "file", "file": {"file_data": "https://host.example/a.pdf"}}], False, 0),
    ],
)
def test_which_parts_hold_a_file(parts: list[Any], pictures: bool, found: int) -> None:
    assert len(places(request(*parts).body, pictures=pictures)) == found


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ("eHl6", b"xyz"),
        ("data:text/plain;base64,eHl6", b"xyz"),
        ("data:text/plain;charset=utf-8;base64,eH\nl6", b"xyz"),
        ("data:text/plain,x%20z", b"x z"),
        ("data:text/plain;base64,***", None),
        ("가", None),
    ],
)
def test_how_a_file_is_written(data: str, content: bytes | None) -> None:
    (place,) = places(request({"type": "file", "file": {"file_data": data}}).body, pictures=False)
    found = file_at(place)
    assert (found.content if found else None) == content
