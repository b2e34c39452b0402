import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import haechi
from haechi.catalogue.reasons import codes, say, word
from haechi.domain.decision import Reason
from haechi.domain.text import Text

PROMISED = {
    "label": {"level", "kinds"},
    "nothing_found": set(),
    "unreadable": {"pointer"},
    "restricted_stays": set(),
    "file_read": {"files", "characters"},
    "file_left": {"left"},
    "file_unread": {"pointer", "why"},
    "remembered": {"level"},
    "excepted": {"ids"},
    "combined": {"basis"},
    "service_closed": {"service", "destination", "missing"},
    "law": {"law", "missing"},
    "law_stale": {"law", "missing"},
    "rule": {"rule", "basis"},
    "inseparable": set(),
    "clearance_raw": {"destination", "level"},
    "not_cleared": {"destination", "level", "missing"},
    "no_cloud": set(),
    "home_only_asked": set(),
    "model_is_home": {"model"},
    "legal_floor": {"kind"},
    "level_raised": {"level"},
    "sent_out": {"destination", "model"},
    "sent_deidentified": {"destination", "model", "kinds"},
    "stays_home": {"destination", "model"},
    "refused": {"rule"},
    "no_home": set(),
    "fallback": {"destination", "fault"},
}


def names(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_code_is_there_and_no_other() -> None:
    assert set(codes()) == set(PROMISED)


@pytest.mark.parametrize("code", PROMISED)
def test_both_languages_use_the_same_arguments(code: str) -> None:
    template = codes()[code]
    assert names(template.ko) == names(template.en) == PROMISED[code]


def given() -> list[tuple[str, str, set[str]]]:
    """Every `Reason("code", {"argument": …})` that the product gives, with its place. Arguments that stand in a
    variable are looked up among the dictionaries of the same file."""
    found = []
    for file in Path(haechi.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("Reason"), args=[ast.Constant(str(code)), *rest]):
                    value = rest[0] if rest else None
                    value = named.get(value.id) if isinstance(value, ast.Name) else value
                    keys = value.keys if isinstance(value, ast.Dict) else []
                    arguments = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                    found.append((f"{file.name}:{node.lineno}", code, arguments))
    return found


@pytest.mark.parametrize(("place", "code", "arguments"), given())
def test_reasons_that_are_given_can_be_said(place: str, code: str, arguments: set[str]) -> None:
    assert code in PROMISED, place
    assert PROMISED[code] <= arguments, place


@pytest.mark.parametrize("code", PROMISED)
def test_korean_is_formal_and_korean_english_is_not(code: str) -> None:
    template = codes()[code]
    assert re.search(r"니다\.|니다\. [^.]+: \{\w+(:word)?\}\.$", template.ko)
    assert not re.search("[가-힣]", template.en)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            Reason("label", {"level": "restricted", "kinds": "kr.rrn, person"}),
            Text(
                "요청의 등급은 제한입니다. 발견된 항목: 주민등록번호, 이름.",
                "The request is labelled restricted. Found: resident registration number, name of a person.",
            ),
        ),
        (
            Reason("not_cleared", {"destination": "claude", "level": "confidential", "missing": ""}),
            Text(
                "목적지 claude는 기밀 등급을 받을 수 없습니다. 빠진 사실: 없음.",
                "The destination claude is not cleared for confidential. Missing fact: none.",
            ),
        ),
        (
            Reason("sent_out", {"destination": "gpt", "model": "gpt-6.1"}),
            Text(
                "클라우드 목적지 gpt의 모델 gpt-6.1로 보내기로 했습니다.",
                "It goes to the model gpt-6.1 at the cloud destination gpt.",
            ),
        ),
        (
            Reason("level_raised", {"level": "confidential"}),
            Text(
                "호출자가 x-haechi-level 헤더로 등급을 기밀로 올렸습니다.",
                "The caller raised the level to confidential with the x-haechi-level header.",
            ),
        ),
        (
            Reason("legal_floor", {"kind": "kr.rrn"}),
            Text(
                "주민등록번호는 법에 따라 어떤 규칙이나 등급 설정으로도 외부로 내보낼 수 없습니다.",
                "By law, no rule or level can send this outside: resident registration number.",
            ),
        ),
        (
            Reason("fallback", {"destination": "claude", "fault": "TimedOut"}),
            Text(
                "목적지 claude에 문제가 있어(시간 초과) 다음 목적지로 넘어갔습니다.",
                "The destination claude failed (timed out), so the next one was tried.",
            ),
        ),
    ],
)
def test_says(reason: Reason, said: Text) -> None:
    assert Text(say(reason, "ko"), say(reason, "en")) == said


def test_what_the_table_lacks_is_still_shown() -> None:
    assert say(Reason("from_the_future", {"a": "b"}), "ko") == "from_the_future: b"
    assert say(Reason("refused"), "en") == "The request was refused by the rule “{rule}”."
    assert word("from.the.future", "ko") == "from.the.future"


def test_an_argument_cannot_reach_into_the_program() -> None:
    assert "{0.__class__}" in say(Reason("refused", {"rule": "{0.__class__}"}), "en")
