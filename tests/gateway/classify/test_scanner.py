"""The scanner: spans in code points, boundaries, overlaps, linear time in spirit (no input is re-read)."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Label, Level, join_all
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.page import Page
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.windows import everywhere

SCANNER = Scanner(identifiers())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("고객 홍길동 900101-1234568 의 대출", "900101-1234568"),
        ("😀 이모지 뒤 900101-1234568입니다", "900101-1234568"),
        ("한글한글 010-1234-5678로", "010-1234-5678"),
        ("메일은 minsu@naver.com입니다", "minsu@naver.com"),
        ("𝐀𝐁 900101-1234568", "900101-1234568"),
    ],
)
def test_spans_count_code_points(text: str, value: str) -> None:
    (hit,) = SCANNER.scan(text)
    assert text[hit.start : hit.end] == value


@pytest.mark.parametrize("left", ["", "가", " ", "(", "번호:", "\n", "_", "-"])
@pytest.mark.parametrize("right", ["", "입니다", " ", ")", ".", "\n", "님", "_"])
def test_a_number_is_seen_between_any_neighbours_that_are_not_part_of_it(left: str, right: str) -> None:
    assert [hit.kind for hit in SCANNER.scan(f"{left}900101-1234568{right}")] == ["kr.rrn"]


@pytest.mark.parametrize("text", ["1900101-1234568", "900101-12345681", "+1234567890123456789"])
def test_a_longer_number_is_not_the_number(text: str) -> None:
    assert SCANNER.scan(text) == []


@pytest.mark.parametrize(
    "left", ["RRN", "no", "JUMIN", "ID", "x", "%20", r"\n", r"\t", r"\u0020", r"\x20", r"\uac00"]
)
@pytest.mark.parametrize("right", ["", "is my number", "x", r"\n", "%0A", "@naver.com"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("900101-1234568", "kr.rrn"),
        ("900101-5234567", "kr.frn"),
        ("010-1234-5678", "phone"),
        ("4111-1111-1111-1111", "card"),
        ("11-12-345678-90", "kr.driver_license"),
        ("124-81-00998", "kr.brn"),
    ],
)
def test_letters_and_remnants_of_escapes_hide_no_number(left: str, right: str, value: str, kind: str) -> None:
    assert kind in {hit.kind for hit in SCANNER.scan(f"{left}{value}{right}")}


@pytest.mark.parametrize(
    "text",
    [
        "550e8400-e29b-41d4-a716-446655440000",
        "id 4111a111-4111-4111-4111-1111abcdef01",
        "550e8400-e29b-41d4-a010-1234567890ab",
        "git revert 9fceb02d0ae01012345678d0ae598e95dc970b74",
        "v2.5.0-1234567",
        "aGVsbG8gd29ybGQgMTIzNDU2Nzg5MDEyMw==",
    ],
)
def test_a_piece_of_a_uuid_or_a_digest_is_no_number(text: str) -> None:
    assert SCANNER.scan(text) == []


def test_a_longer_milder_finding_hides_no_stricter_one() -> None:
    assert {hit.kind for hit in SCANNER.scan("900101-1234568@naver.com")} == {"kr.rrn", "email"}


FRAGMENTS = [
    "900101-1234568", "@naver.com", "010-1234-5678", "계좌 ", "110-123-456789", "124-81-00998", "123-45-67891", "사업자 ",
    "4111-1111-1111-1111", "카드 ", "로트 ", "240131-1234567", "주민번호 ", "9001011234567", "비밀번호: ", "Xk29!mPq7z",
    "a", "가", " ", "-", "1", "\n", "%20", "\\n", "postgres://app:", "AKIAQ3EGRZ7VXB2MTW5K", "여권 ", "M12345678",
]  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join))
def test_the_label_is_that_of_all_hits_of_all_rules(text: str) -> None:
    def label(hits: Iterable[Hit]) -> Label:
        return join_all(Label(hit.level, frozenset({hit.kind})) for hit in hits)

    alone = (
        hit
        for rule in SCANNER._rules
        for hit in rule.hits(Page(text, text.encode()), everywhere(text.encode()))
    )  # past the gate
    assert label(SCANNER.scan(text)) == label(alone)


def test_every_occurrence_is_found() -> None:
    text = " ".join(f"9001{day:02d}-1234567" for day in range(1, 29))
    assert len(SCANNER.scan(text)) == 28


def test_a_sole_trader_is_a_person_and_a_company_is_not() -> None:
    assert [hit.level for hit in SCANNER.scan("사업자 124-81-00998")] == [Level.INTERNAL]
    assert [hit.level for hit in SCANNER.scan("사업자등록번호 123-45-67891")] == [Level.CONFIDENTIAL]


@pytest.mark.parametrize(
    "word", ["주민등록번호", "주민 등록 번호", "주민번호", "RRN", "resident registration"]
)
def test_context_is_understood_in_both_languages_and_with_spaces(word: str) -> None:
    assert [hit.kind for hit in SCANNER.scan(f"{word}: 9001011234567")] == ["kr.rrn"]


def test_a_bare_number_with_a_good_old_check_digit_needs_no_context() -> None:
    assert [hit.kind for hit in SCANNER.scan("9001011234568")] == ["kr.rrn"]


@given(st.text())
def test_any_text_is_survived_and_spans_lie_inside(text: str) -> None:
    encodable = text.encode("utf-8", "ignore").decode()
    for hit in SCANNER.scan(encodable):
        assert 0 <= hit.start < hit.end <= len(encodable)


@given(st.text(alphabet="0123456789-. ()+가나x@", max_size=200))
def test_findings_of_one_kind_and_level_never_overlap(text: str) -> None:
    hits = SCANNER.scan(text)
    for kind, level in {(hit.kind, hit.level) for hit in hits}:
        same = [hit for hit in hits if (hit.kind, hit.level) == (kind, level)]
        assert all(left.end <= right.start for left, right in pairwise(same))


class Counted:
    """A pattern that counts the bytes it was made to pass."""

    def __init__(self, pattern: Any) -> None:
        self.pattern, self.groups, self.passed = pattern, pattern.groups, 0

    def finditer(self, encoded: bytes, at: int = 0) -> Iterator[Any]:
        for match in self.pattern.finditer(encoded, at):
            self.passed += match.end() - at
            at = match.end()
            yield match
        self.passed += len(encoded) - at


@pytest.mark.parametrize(
    "unit",
    [
        "1", "1234 ", "4234 ", "2024-01-02 ", "991332-1234567 ", "900101-1234567 ", "900101-12345671-", "010-1234-5678-",
        "password=aaaaaa ", "a@", "a@b.", "a.", "a://", "a://b:", "eyJaaaaaaaa.", "XeyJaaaaaaaa-", "sk-", "-----BEGIN ",
        "계좌 1234567890 ", "카드4111111111111111", "%20", "\\n1", "비밀번호 ", "bearer ", "주민 ", "M1234567",
    ],
)  # fmt: skip
def test_no_text_is_read_over_and_over(unit: str) -> None:
    """Work, not time: every byte is passed a few times at most by every rule, however the text is made."""
    text = (unit * 20_000)[:20_000] + " 주민번호 여권 면허 계좌 카드 전화 사업자"
    scanner = Scanner(identifiers())
    for rule in scanner._rules:
        rule.pattern = Counted(rule.pattern)
    scanner.scan(text)
    for rule in scanner._rules:
        assert rule.pattern.passed <= 12 * len(text.encode()), rule.id


@pytest.mark.parametrize(
    "unit", ["a", "your", "aes1", "1a", "-a", "a.", "a/", "s", "ab_", "$a", "x.x(", "A_", "=", "key-", "a|"]
)
def test_a_value_made_to_confuse_the_checks_is_judged_at_once(unit: str) -> None:
    for opening in ("", "your-", "aes", "os.", "my"):
        SCANNER.scan(f"password={opening}{unit * 128}"[:136] + "!")


def test_without_a_rule_there_is_no_rules() -> None:
    with pytest.raises(ConfigurationError):
        Scanner(())
