"""The detector of names, as it ships: where a name begins and ends, and what is no name."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.gateway.classify.names.lexicon import Lexicon
from haechi.gateway.classify.names.names import Names
from haechi.gateway.classify.names.units import Units

NAMES = Names()
HERE = Path(__file__).parent / "data"
_MARKED = re.compile("⟦([^⟧]*)⟧")


def found(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in NAMES.scan(text)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("김민수님께서 요청하신 자료입니다.", ["김민수"]),
        ("담당자는 박지영 과장이며 내일 회신합니다.", ["박지영"]),
        ("박 대리, 이거 확인 부탁해요", ["박"]),
        ("경찰은 김모(33)씨를 붙잡아 조사하고 있다.", ["김"]),
        ("정수석님이랑 오책임님은 외근입니다.", ["정", "오"]),
        ("성명: 홍 길 동", ["홍 길 동"]),
        ("성명: 홍  길동 (인)", ["홍  길동"]),
        ("남궁민수 과장님과 제갈현아 변호사님이 참석합니다.", ["남궁민수", "제갈현아"]),
        ("외국인 근로자 쩐반남 씨의 체류 기간", ["쩐반남"]),
        ("응우옌 티 흐엉 씨가 입사했습니다.", ["응우옌 티 흐엉"]),
        ("바이어 존 스미스 이사와 화상회의", ["존 스미스"]),
        ("영문 성명: Kim Min-su", ["Kim Min-su"]),
        ("Author: Minsu KIM <minsu@example.com>", ["Minsu KIM"]),
        ("Passenger: HONG GILDONG", ["HONG GILDONG"]),
        ("성명(한자): 홍길동(洪吉童)", ["홍길동", "洪吉童"]),
        ("이름,전화번호\n김민수,010-1234-5678\n박지영,010-2345-6789", ["김민수", "박지영"]),
        ('{"name": "김민수", "phone": "010-1234-5678"}', ["김민수"]),
        ("INSERT INTO member VALUES (7, '김민수', '010-1234-5678');", ["김민수"]),
        ("# TODO(김민수): 예외 처리", ["김민수"]),
        ("동욱: 자료 올렸어\n지현: 확인할게", ["동욱", "지현"]),
        ("Please contact Alice Johnson about the invoice.", ["Alice Johnson"]),
        ("Patient Robert Miller was seen today.", ["Robert Miller"]),
    ],
)
def test_finds_the_name_and_nothing_but_the_name(text: str, named: list[str]) -> None:
    assert found(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "이상 없음을 확인했습니다.",
        "고민이 많았지만 이유를 알 수 없었다.",
        "담당자: 미정",
        "조사 결과 정도가 심하지 않은 것으로 보입니다.",
        "서울시 강남구 신사동 일대 교통 통제",
        "하나은행과 우리은행의 금리를 비교해 줘",
        "고객님의 소중한 의견을 기다립니다.",
        "파이썬에서 리스트를 뒤집는 방법을 알려 줘",
        "def parse_date(value: str) -> date:\n    return date.fromisoformat(value)",
        "SELECT dept, COUNT(*) FROM employees GROUP BY dept",
        "New York, San Francisco and Hong Kong",
        "Explain the difference between a process and a thread.",
        "",
        " \n\t",
        "0123456789",
        "ㅋㅋㅋㅋ",
        "\ud800",
    ],
)
def test_leaves_ordinary_text_alone(text: str) -> None:
    assert found(text) == []


def test_a_hit_says_what_it_is() -> None:
    (hit,) = NAMES.scan("담당자는 박지영 과장입니다.")
    assert (hit.kind, hit.level, hit.rule) == ("person", Level.CONFIDENTIAL, "person.model")
    assert 0.3 <= hit.confidence <= 1


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("박 대리, 이거 확인 부탁해요", "person.title"),
        ("Author: Minsu Kim <minsu@example.com>", "person.latin"),
        ("담당자는 박지영 과장입니다.", "person.model"),
    ],
)
def test_the_rule_tells_the_sort_of_name(text: str, rule: str) -> None:
    assert {hit.rule for hit in NAMES.scan(text)} == {rule}


def test_a_name_found_surely_is_found_again_where_nothing_tells_it() -> None:
    text = "담당자는 표가온 과장입니다.\n" + "a=1;b=표가온;c=2\n" * 3
    assert found(text).count("표가온") == 4


@pytest.mark.parametrize("hidden", ["김○○", "박*진", "이OO", "최**"])
def test_a_name_half_hidden_is_nobodys(hidden: str) -> None:
    assert found(f"{hidden} 고객님의 접수가 끝났습니다.") == []


def test_part_of_a_longer_word_is_no_repetition() -> None:
    text = "담당자는 박지영 과장입니다. 함박지영화관"
    assert found(text) == ["박지영"]


@pytest.mark.parametrize("before", [0, 1, 5879, 5880, 5993, 5994, 5998, 6000, 6001, 6119, 6120, 12000])
def test_a_name_is_found_once_wherever_the_slices_meet(before: int) -> None:
    text = ("가 나 다 라 " * 2000)[:before] + "\n담당자는 박지영 과장입니다.\n" + "가 나 다 라 " * 500
    assert [(hit.start, hit.end) for hit in NAMES.scan(text) if text[hit.start : hit.end] == "박지영"] == [
        (before + 6, before + 9)
    ]


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    hits = NAMES.scan(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(one.end <= other.start for one, other in pairwise(hits))


@given(st.text(st.sampled_from("김박이 민수\n님씨과장.,:AaKim-0㎏\ud800金\u200b"), max_size=80))
def test_a_name_begins_and_ends_with_something_to_read(text: str) -> None:
    for hit in NAMES.scan(text):
        assert not text[hit.start].isspace()
        assert not text[hit.end - 1].isspace()


def test_threads_may_share_it() -> None:
    texts = [f"담당자는 {name} 과장입니다." for name in ("박지영", "김민수", "최서연", "정도현")] * 10
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(found, texts)) == [found(text) for text in texts]


def test_without_the_runtime_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigurationError) as refused:
        Names()
    assert "make up" in refused.value.text.ko
    assert "make up" in refused.value.text.en


def test_memory_does_not_grow_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = 0

    def watched(text: str, lexicon: Lexicon) -> Units:
        nonlocal longest
        longest = max(longest, len(text))
        return Units(text, lexicon)

    monkeypatch.setattr("haechi.gateway.classify.names.names.Units", watched)
    NAMES.scan("담당자는 박지영 과장입니다. " * 2000)
    assert longest <= 6240


def _labelled(name: str) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """The handwritten texts: a line each, names between ⟦ and ⟧, ⏎ for a line break."""
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        text, spans, place = "", set(), 0
        marked = line.replace("⏎", "\n")
        for match in _MARKED.finditer(marked):
            text += marked[place : match.start()]
            spans.add((len(text), len(text) + len(match[1])))
            text += match[1]
            place = match.end()
        yield text + marked[place:], spans


def test_texts_written_by_hand() -> None:
    right = said = there = 0
    for text, spans in _labelled("business"):
        hits = {(hit.start, hit.end) for hit in NAMES.scan(text)}
        right, said, there = right + len(hits & spans), said + len(hits), there + len(spans)
    assert there > 100
    assert 2 * right / (said + there) >= 0.90


def test_harmless_texts_written_by_hand() -> None:
    texts = [text for text, _ in _labelled("harmless")]
    alarmed = [text for text in texts if NAMES.scan(text)]
    assert len(texts) > 100
    assert len(alarmed) <= 0.05 * len(texts), alarmed
