"""The benchmark of tasks: its judge is right, its script does what its page says, and nothing of it ever gives a wrong value."""

import random
import re
from pathlib import Path

import pytest

from benchmarks.deidentify.judge import outcome, particle
from benchmarks.deidentify.scenes import Scene, scenes
from benchmarks.deidentify.script import BEHAVIOURS, answer
from benchmarks.deidentify.tasks import run
from haechi.app.inspection import eyes_of

TOKENS = {"PERSON_1": "김민수", "PHONE_1": "010-2345-6789"}
VALUES = {"p1": "김민수", "t1": "010-2345-6789"}


@pytest.mark.parametrize(
    ("word", "pair", "form"),
    [
        ("김민수", "은/는", "는"),
        ("김민", "은/는", "은"),
        ("이슬", "으로/로", "로"),
        ("이슬", "을/를", "을"),
        ("PERSON_1", "으로/로", "로"),
        ("PERSON_3", "으로/로", "으로"),
        ("010-1234-5670", "이/가", "이"),
        ("**010-1234-5672**", "이/가", "가"),
        ("Scott", "은/는", "은"),
        ("Smith", "은/는", "는"),
        ("a@b.kr", "을/를", "을"),
        ("a@b.com", "으로/로", "으로"),
    ],
)
def test_particles_of_the_judge(word: str, pair: str, form: str) -> None:
    assert particle(word, pair) == form


@pytest.mark.parametrize(
    ("read", "became"),
    [
        ("김민수는 010-2345-6789", "exact"),
        ("PERSON_1은 010-2345-6789", "lost"),
        ("person 1는 010-2345-6789", "lost"),
        ("김민수은 010-2345-6789", "particle"),
        ("김민수는 김민수", "wrong value"),
        ("김민수는 다릅니다", "other"),
    ],
)
def test_what_the_judge_says(read: str, became: str) -> None:
    assert outcome(read, "김민수는 010-2345-6789", TOKENS, VALUES) == became


def test_every_behaviour_stands_on_its_page_with_its_share() -> None:
    page = (Path("benchmarks") / "deidentify" / "behaviours.md").read_text(encoding="utf-8")
    listed = sum(float(share) for share in re.findall(r"\| ([0-9.]+) % \|", page))
    assert listed == pytest.approx(sum(each.share for each in BEHAVIOURS), abs=1)


def test_the_script_writes_tokens_and_never_a_value() -> None:
    scene = Scene("mail", "ko", "", "{p1|은/는} {t1}로", "text")
    for seed in range(200):
        told = answer(scene, {"p1": "PERSON_1", "t1": "PHONE_1"}, VALUES, random.Random(seed))
        assert "김민수" not in told.written
        assert ("김민수" in told.expected) or told.behaviour in ("invented", "translated, blank")


def test_no_task_gets_a_wrong_value_and_none_depends_on_how_it_is_cut() -> None:
    eyes = eyes_of()
    some = [run(scene, f"test/{at}", eyes) for at, scene in enumerate(scenes())][::3]
    assert not [one for one in some if one.outcome in ("wrong value", "stream differs", "other")]
    assert sum(one.outcome == "exact" for one in some) > 0.9 * len(some)
