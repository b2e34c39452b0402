"""Bad input: linear time, no exception, and what reaches a bound counts as found."""

import base64
import random
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.domain.label import ORDINARY, Level
from haechi.gateway.classify.classify import UNSEEN, classify
from haechi.gateway.classify.normalise import normalise
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes

SCAN = Scanner(identifiers()).scan
CHANCE = random.Random(4)
PIECES = [
    "%2525", "%41a", "\\", "\\u0039", "&amp;", "&#57;", "=41=42a", "1\u200b", "\u1112\u1169\u11bc", "ㅎㅗㅇ", "９", "9 ",
    "1\n", "일", "일 ", "one two three ", "<b>1</b>", "<a", "**1", "[1](a)", "\\textbf{1}", '"', '"1"+', '"1",', '"".join([',
    '"{}{}".format(', "chr(57)+", "57,", '"a":"1","b":"2",', "a at b dot c ", "a골뱅이", "1.23456789e9,", "\0",
    "900101-1234568 ", "39 ", " ", "(", "|",
]  # fmt: skip


def seconds(text: str) -> float:
    began = time.process_time()
    classify({"content": text}, Eyes(SCAN))
    return time.process_time() - began


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (4_000, 32_000))
    seconds(long)  # an automaton builds its states once
    took = min(seconds(short) for _ in range(3)), min(seconds(long) for _ in range(2))
    assert took[1] < 24 * took[0] + 0.02


@example("\ud800")
@given(
    st.text(alphabet=st.characters(), max_size=60)
    | st.text(alphabet="%\\u0039&#;=<>*\"'+,.[](){} 일이at점\n", max_size=120)
)
def test_no_text_breaks_it(text: str) -> None:
    found = classify({"content": text}, Eyes(SCAN))
    assert (found.unreadable == "") == _has_half_a_pair(
        text
    )  # cannot even be encoded: nobody has looked at it


def _has_half_a_pair(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def test_three_encodings_inside_one_another_count_as_found() -> None:
    said = "회의는 세 시입니다".encode()
    for _ in range(2):
        said = base64.b64encode(said)
    assert classify({"content": said.decode()}, Eyes(SCAN)).label == ORDINARY
    found = classify({"content": base64.b64encode(said).decode()}, Eyes(SCAN))
    assert found.label.level is Level.RESTRICTED
    assert found.unreadable is not None


def test_more_disguise_than_anybody_writes_counts_as_found() -> None:
    found = classify({"content": "%41a" * 210_000}, Eyes(SCAN))
    assert found is not UNSEEN
    assert (found.label.level, found.unreadable) == (Level.RESTRICTED, "/content")


def test_readings_have_a_length_together(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "%41 보통 문장입니다. " * 60
    assert classify({"content": text}, Eyes(SCAN)).unreadable is None
    monkeypatch.setattr(normalise, "MOST_TEXT", 500)
    assert classify({"content": text}, Eyes(SCAN)).unreadable == "/content"


def opaque(size: int) -> str:
    return base64.b64encode(CHANCE.randbytes(size)).decode()


@pytest.mark.parametrize(
    ("text", "strict", "level"),
    [
        (opaque(120), True, Level.RESTRICTED),
        (f"서명: {opaque(400)} 끝", True, Level.RESTRICTED),
        (CHANCE.randbytes(100).hex(), True, Level.RESTRICTED),
        (opaque(120), False, Level.INTERNAL),
        (opaque(40), True, Level.INTERNAL),  # a digest, a token: too short for a text
        (CHANCE.randbytes(64).hex(), True, Level.INTERNAL),  # SHA-512
        (base64.b64encode(("보통 문장입니다. " * 20).encode()).decode(), True, Level.INTERNAL),  # read, and ordinary
        ("a/very/long/path/" * 20, True, Level.INTERNAL),
        ("=" * 400 + "-" * 400, True, Level.INTERNAL),
    ],
)  # fmt: skip
def test_in_strict_mode_a_block_that_may_hide_text_stays_home(text: str, strict: bool, level: Level) -> None:
    found = classify({"a": "x", "content": text}, Eyes(SCAN, strict=strict))
    assert found.label.level is level
    assert found.unreadable == ("/content" if level is Level.RESTRICTED else None)
