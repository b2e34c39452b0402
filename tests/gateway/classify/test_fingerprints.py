"""Excerpts of documents: found although edited, and nothing where there is none."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.detection.development.excerpts import documents, edited
from haechi.domain.label import Level
from haechi.gateway.classify.company import Company, index_of
from haechi.gateway.classify.families import Document, joined
from haechi.gateway.classify.fingerprints import Source, prints_of
from tests.gateway.classify.kit_company import GRAMS, KEY, company, found

SHELF = documents()
MERGER, AUDIT, PATENT = SHELF["merger"], SHELF["audit"], SHELF["patent"]
STUDY = company(documents=list(SHELF.values()))
FRAMES = ("{}", "다음 글을 세 줄로 요약해 줘.\n\n{}\n\n핵심만 부탁해.", "Translate:\n{}\nKeep the tone.")


def excerpts(length: int, share: float, count: int) -> list[tuple[str, int, int]]:
    """Framed excerpts with the places where they begin and end."""
    chance, made = random.Random(f"{length} {share}"), []
    for _ in range(count):
        text = chance.choice(list(SHELF.values()))
        begin = chance.randint(0, len(text) - length)
        piece = edited(text[begin : begin + length], share, chance)
        before, after = chance.choice(FRAMES).split("{}")
        made.append((before + piece + after, len(before), len(before) + len(piece)))
    return made


@pytest.mark.parametrize(
    ("length", "share", "least"),
    [(120, 0.0, 1.0), (120, 0.05, 0.97), (240, 0.05, 1.0), (400, 0.1, 0.98), (60, 0.0, 0.95)],
)
def test_excerpts_are_found_where_they_stand(length: int, share: float, least: float) -> None:
    right = 0
    for text, begin, end in excerpts(length, share, 200):
        hits = STUDY.scan(text)
        inside = sum(max(0, min(hit.end, end) - max(hit.start, begin)) for hit in hits)
        outside = sum(hit.end - hit.start for hit in hits) - inside
        right += inside >= 0.6 * (end - begin) and outside <= 12
    assert right >= least * 200


def test_other_documents_of_the_trade_are_none() -> None:
    for name, text in SHELF.items():
        others = company(documents=[other for each, other in SHELF.items() if each != name])
        alarms = sum(bool(others.scan(text[begin : begin + 120])) for begin in range(0, len(text) - 120, 5))
        assert alarms == 0, name
        assert others.scan(text) == []


def test_white_space_case_and_punctuation_make_no_difference() -> None:
    text = "The Orchid programme will close its second round in May, subject to board approval of the revised budget."
    study = company(documents=[text])
    assert found(study, text.upper().replace(" ", "\n").replace(",", ""))
    assert found(study, text.replace(" ", "\u00a0"))


def test_a_hit_has_the_level_and_the_collection_of_its_document() -> None:
    index = index_of(
        [],
        [Source("hr", Level.CONFIDENTIAL), Source("deals", Level.RESTRICTED)],
        [
            Document(0, Level.CONFIDENTIAL, prints_of(AUDIT, GRAMS)),
            Document(1, Level.RESTRICTED, prints_of(MERGER, GRAMS)),
        ],
    )
    study = Company(memoryview(b"".join(index)), KEY)
    hits = study.scan(f"{AUDIT[:200]}\n{MERGER[:200]}")
    assert [(hit.kind, hit.level, hit.rule) for hit in hits] == [
        ("fingerprint", Level.CONFIDENTIAL, "fingerprint.hr"),
        ("fingerprint", Level.RESTRICTED, "fingerprint.deals"),
    ]


def test_a_phrase_of_many_documents_is_no_sign_of_any() -> None:
    phrase = "본 문서에 포함된 정보는 지정된 수신인만을 위한 것이며 무단 복제와 배포를 금합니다. " * 2
    chance = random.Random(1)
    bodies = ["".join(chance.choices("가나다라마바사아자차카타파하거너더러", k=300)) for _ in range(4)]
    assert found(company(documents=[phrase + body for body in bodies[:3]]), phrase)
    assert not found(company(documents=[phrase + body for body in bodies]), phrase)


def test_drafts_of_one_document_do_not_make_each_other_unfindable() -> None:
    chance = random.Random(2)
    drafts = [edited(MERGER, 0.004, chance) for _ in range(6)]
    assert found(company(documents=drafts), MERGER[100:260])
    families = joined(Document(0, 2, prints_of(draft, GRAMS)) for draft in [*drafts, AUDIT])
    assert len(families) == 2


def test_a_family_is_as_strict_as_its_strictest_member() -> None:
    prints = prints_of(MERGER, GRAMS)
    [family] = joined([Document(0, 2, prints), Document(1, 3, prints), Document(2, 2, prints)])
    assert (family.source, family.level) == (1, 3)


def test_a_whole_document_in_a_long_text_is_one_finding() -> None:
    ordinary = "오늘 회의에서는 다음 분기의 휴가 일정을 정하기로 하였다.\n"
    text = ordinary * 400 + MERGER + ordinary * 400
    [hit] = STUDY.scan(text)
    assert abs(hit.start - len(ordinary) * 400) < 10
    assert abs(hit.end - len(ordinary) * 400 - len(MERGER)) < 10


def test_texts_too_short_for_a_print() -> None:
    study = company(documents=["", "짧다", "열한글자쯤되는글입니다"])
    assert study.scan("짧다") == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=30, max_size=200), min_size=1, max_size=4), st.data())
def test_what_was_kept_is_found_wherever_it_is_pasted(texts: list[str], data: st.DataObject) -> None:
    long = [text for text in texts if len(set(prints_of(text, GRAMS).tolist())) >= 8]
    if long:
        chosen = data.draw(st.sampled_from(long))
        assert STUDY.scan(chosen) == [] or chosen in MERGER
        assert found(company(documents=texts), chosen)


def test_prints_are_in_order_and_need_the_key() -> None:
    prints = prints_of(PATENT, GRAMS).tolist()
    assert all(first < second for first, second in pairwise(prints))
    assert not set(prints) & set(prints_of(PATENT, type(GRAMS)(bytes(32))).tolist())
