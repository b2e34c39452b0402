"""Values split over messages, parts and fields: every piece is a finding, and what stands between is none."""

import time
from typing import Any

import pytest

from haechi.catalogue.identifiers import identifiers
from haechi.domain.label import Level
from haechi.gateway.classify import sight
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes

SCAN = Scanner(identifiers()).scan


def said(*contents: str, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "content": content} for content in contents]}


def found(body: Any, **how: Any) -> list[tuple[str, str, int, int]]:
    return [(f.kind, f.pointer, f.start, f.end) for f in classify(body, Eyes(SCAN, **how)).findings]


def test_two_messages() -> None:
    assert found(said("주민번호 앞은 900101-12", "34568 입니다")) == [
        ("kr.rrn", "/messages/0/content", 8, 17),
        ("kr.rrn", "/messages/1/content", 0, 5),
    ]


def test_content_parts() -> None:
    parts = [{"type": "text", "text": text} for text in ("키는 AKIAQ3EG", "RZ7VXB2MTW5K")]
    assert found({"messages": [{"role": "user", "content": parts}]}) == [
        ("secret", "/messages/0/content/0/text", 3, 11),
        ("secret", "/messages/0/content/1/text", 0, 12),
    ]


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b", "\u3164", ",", "\n·\n"])
def test_a_part_that_says_nothing_keeps_nothing_apart(nothing: str) -> None:
    pieces = found(
        {"content": [{"type": "text", "text": text} for text in ("번호 900101-12", nothing, "34568")]}
    )
    assert pieces == [("kr.rrn", "/content/0/text", 3, 12), ("kr.rrn", "/content/2/text", 0, 5)]


@pytest.mark.parametrize("answer", [[{"type": "text", "text": "네, 계속하세요."}], None, [{"type": "file"}]])
@pytest.mark.parametrize("last", ["1234568", [{"type": "text", "text": "1234568"}]])
def test_an_answer_of_any_form_is_no_piece(answer: Any, last: Any) -> None:
    contents = (("user", "주민번호 900101-"), ("assistant", answer), ("user", last))
    pieces = found({"messages": [{"role": role, "content": content} for role, content in contents]})
    assert [kind for kind, *_ in pieces] == ["kr.rrn"] * 2


def test_fields_of_one_object() -> None:
    assert found({"metadata": {"앞": "900101-1", "뒤": "234568"}}) == [
        ("kr.rrn", "/metadata/앞", 0, 8),
        ("kr.rrn", "/metadata/뒤", 0, 6),
    ]


def test_an_answer_in_between_is_no_piece() -> None:
    body = said("주민번호 900101-", "네, 계속하세요.", "1234568")
    body["messages"][1]["role"] = "assistant"
    assert found(body) == [
        ("kr.rrn", "/messages/0/content", 5, 12),
        ("kr.rrn", "/messages/2/content", 0, 7),
    ]


def test_three_pieces() -> None:
    assert [pointer for _, pointer, _, _ in found(said("연락처 010-12", "34-5", "678"))] == [
        f"/messages/{number}/content" for number in range(3)
    ]


@pytest.mark.parametrize(
    "pieces", [("900101-12", "34568"), ("900101-", "123", "4568"), ("AKIAQ3EG", "RZ7VXB2MTW5K")]
)
@pytest.mark.parametrize("before", ["ok", "Here is the number", "1", "x1", "네"])
@pytest.mark.parametrize("behind", ["thanks", "7", "네"])
def test_neighbours_are_no_part_of_a_split_value(pieces: tuple[str, ...], before: str, behind: str) -> None:
    if len(pieces) == 3 and (before[-1] == "1" or behind == "7"):
        return  # figures on every side: which of them belong together, nobody can tell
    assert {place[1] for place in found(said(before, *pieces, behind))} == {
        f"/messages/{number}/content" for number in range(1, len(pieces) + 1)
    }


def test_a_disguise_that_is_split() -> None:
    assert {kind for kind, *_ in found(said("번호는 구공공일공일 다시 일이삼", "사오육팔"))} == {"kr.rrn"}


@pytest.mark.parametrize(
    "contents", [("합계 12", "34 건"), ("2024-01", "02 회의"), ("thanks", "Sure"), ("room 101", "5 people")]
)
def test_ordinary_messages_are_not_joined_into_anything(contents: tuple[str, str]) -> None:
    assert found(said(*contents)) == []


def _names(text: str) -> list[Hit]:
    place = text.find("홍길동")
    return [Hit(place, place + 3, "person", Level.CONFIDENTIAL, 0.9, "person.test")] if place >= 0 else []


@pytest.mark.parametrize(
    ("body", "places"),
    [
        (said("담당 홍길동 님"), [("/messages/0/content", 3, 6)]),
        (said("담당 홍\u200b길\u200b동 님"), [("/messages/0/content", 3, 8)]),
        (said("첨부 7ZmN6ri464+Z"), [("/messages/0/content", 3, 15)]),
        (said("담당 홍길", "동 님"), [("/messages/0/content", 3, 5), ("/messages/1/content", 0, 1)]),
    ],
)
def test_studies_look_at_each_string_and_its_readings(body: Any, places: list[tuple[str, int, int]]) -> None:
    assert found(body, study=_names) == [("person", *place) for place in places]


def test_many_seams_cost_as_much_as_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    shows = sight._shows

    def counted(known: Hit, hit: Hit, length: int) -> bool:
        nonlocal asked
        asked += 1
        return shows(known, hit, length)

    monkeypatch.setattr(sight, "_shows", counted)
    pairs = 300
    halves = [half for number in range(pairs) for half in (f"메일 u{number}@exam", f"ple{number}.com 은")]
    assert len({pointer for _, pointer, _, _ in found({"a": halves})}) == 2 * pairs
    assert asked <= 20 * pairs
    assert found({"a": halves})[:1] == [("email", "/a/0", 3, 10)]


def test_a_hit_is_cut_at_its_own_gaps_however_many_there_are() -> None:
    gaps = tuple((place, place + 1) for place in range(0, 400_000, 4))
    hit = Hit(200_001, 200_011, "email", Level.CONFIDENTIAL, 0.9, "test")
    began = time.process_time()
    for _ in range(100):
        assert sight.without(gaps, hit) == [(200_001, 200_004), (200_005, 200_008), (200_009, 200_011)]
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"model": "홍길동"}, []),
        ({"metadata": {"model": "홍길동"}}, ["/metadata/model"]),
        ({"metadata": {"id": "홍길동"}}, ["/metadata/id"]),
        (
            {"messages": [{"role": "홍길동", "tool_call_id": "홍길동"}]},
            ["/messages/0/role", "/messages/0/tool_call_id"],
        ),
    ],
)
def test_nobody_is_named_where_the_model_is_and_only_there(body: Any, places: list[str]) -> None:
    def names(text: str) -> list[Hit]:
        starts = [place for place in range(len(text)) if text.startswith("홍길동", place)]
        return [Hit(place, place + 3, "person", Level.CONFIDENTIAL, 0.9, "person.test") for place in starts]

    assert [pointer for _, pointer, _, _ in found(body, study=names)] == places
