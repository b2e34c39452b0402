"""New text is studied once; a change of lists is noticed; the memory is bounded."""

import pytest

from haechi.domain.label import Level
from haechi.gateway.classify import eyes
from haechi.gateway.classify.eyes import Eyes
from haechi.gateway.classify.hit import Hit

KEY = b"k" * 32


class Study:
    """Finds the first character of every text, and counts how often it looked."""

    def __init__(self, kind: str = "person") -> None:
        self.kind = kind
        self.looked: list[str] = []

    def scan(self, text: str) -> list[Hit]:
        self.looked.append(text)
        return [Hit(0, 1, self.kind, Level.CONFIDENTIAL, 0.9, f"{self.kind}.first")] if text else []


def test_a_text_is_studied_once_and_by_all() -> None:
    names, places = Study(), Study("address")
    looking = Eyes(Study("rule"), [names, places], key=KEY)
    first = looking.study("가나다")
    assert [hit.kind for hit in first] == ["person", "address"]
    assert looking.study("가나다") is first
    assert looking.study("가나라") != []
    assert names.looked == places.looked == ["가나다", "가나라"]


def test_rules_read_the_whole_request_every_time() -> None:
    rules = Study("rule")
    looking = Eyes(rules, key=KEY)
    assert looking.scan("가") == looking.scan("가")
    assert rules.looked == ["가", "가"]
    assert looking.study("가") == ()


def test_a_changed_list_is_noticed() -> None:
    edition, study = [1], Study()
    looking = Eyes(Study(), [study], key=KEY, edition=lambda: edition[0])
    looking.study("가")
    edition[0] = 2
    looking.study("가")
    assert study.looked == ["가", "가"]


def test_the_memory_is_bounded_and_keeps_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "ROOM", 20)
    study = Study()
    looking = Eyes(Study(), [study], key=KEY)
    for number in range(1000):
        looking.study("늘")
        looking.study(str(number))
        assert len(looking._young) + len(looking._old) <= 20
    assert study.looked.count("늘") == 1
    assert len(study.looked) == 1001


def test_half_a_surrogate_pair_is_a_text_like_any_other() -> None:
    assert Eyes(Study(), [Study()], key=KEY).study("\ud800")[0].end == 1


def test_a_study_that_breaks_is_not_remembered_as_nothing() -> None:
    class Broken(Study):
        def scan(self, text: str) -> list[Hit]:
            raise RuntimeError("broken")

    looking = Eyes(Study(), [Broken()], key=KEY)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            looking.study("가")
