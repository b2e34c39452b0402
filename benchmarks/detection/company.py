"""A company's own lists and documents: `python -m benchmarks.detection.company [--names N] [--documents N]`.

Quality, on the development corpus: the values of its texts as lists, looked for in the same texts; excerpts of its
documents in frames; alarms on ordinary texts, and on each document where the others are kept. Cost: CPU µs for a KB
(UTF-8) of ordinary requests joined to 1 KB and to 16 KB, with invented names and documents of 600 words; the best of
several looks at each text. One JSON object on standard output.
"""

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from benchmarks.detection.development.excerpts import documents, edited
from benchmarks.detection.development.generate import ordinary, texts
from haechi.catalogue.ordinary_words import ordinary_words
from haechi.gateway.classify.company import Company, index_of
from haechi.gateway.classify.exact import Listed, rows_of
from haechi.gateway.classify.families import Document
from haechi.gateway.classify.fingerprints import Source, prints_of
from haechi.gateway.classify.folded import GramKey
from haechi.gateway.classify.listing import LEVELS, enrol

KEY: Final = bytes(range(32))
LOOKS: Final = 5
SYLLABLES: Final = [chr(code) for code in range(0xAC00, 0xD7A4, 9)]
SURNAMES: Final = (
    "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심노하곽성"
    "차주우구민유나진지엄채원천방공현함변염여추도소석선설마길"
)


def company(lists: dict[str, Sequence[str]], kept: Iterable[str]) -> tuple[Company, int]:
    """The study over values by kind and texts of documents, and the bytes of its index."""
    rows = [
        (Listed("ours", kind, LEVELS[kind]), rows_of(enrol(values, kind, ordinary_words()).forms, KEY))
        for kind, values in lists.items()
    ]
    grams = GramKey(KEY)
    shelved = [Document(0, 2, prints_of(text, grams)) for text in kept]
    file = b"".join(index_of(rows, [Source("deals", 2)], shelved))
    return Company(memoryview(file), KEY), len(file)


def lists(count: int) -> dict[str, dict[str, float]]:
    """Share of the values found, and hits outside of any finding, by kind."""
    corpus = list(texts(11, count))
    values: dict[str, set[str]] = defaultdict(set)
    for text in corpus:
        for span in text.findings:
            if span.what in LEVELS and span.end - span.start > 1:
                values[span.what].add(text.text[span.start : span.end])
    study, _ = company({kind: sorted(each) for kind, each in values.items()}, ())
    all_of, found, false = Counter[str](), Counter[str](), Counter[str]()
    for text in corpus:
        hits = study.scan(text.text)
        for span in text.findings:
            if span.what in values and span.end - span.start > 1:
                all_of[span.what] += 1
                found[span.what] += any(
                    hit.kind == span.what and hit.start < span.end and hit.end > span.start for hit in hits
                )
        for hit in hits:
            false[hit.kind] += not any(
                hit.start < span.end and hit.end > span.start for span in text.findings
            )
    return {
        kind: {"values": all_of[kind], "recall": round(found[kind] / all_of[kind], 4), "false": false[kind]}
        for kind in sorted(values)
    }


def excerpts(count: int) -> dict[str, float]:
    """Share of excerpts found, by length and share of edits; alarms on documents that are not kept."""
    shelf, chance = documents(), random.Random("company")
    study, _ = company({}, shelf.values())
    found = {}
    for length, share in ((60, 0.0), (120, 0.0), (120, 0.05), (120, 0.1), (240, 0.1)):
        hit = 0
        for _ in range(count):
            text = chance.choice(list(shelf.values()))
            begin = chance.randint(0, len(text) - length)
            piece = edited(text[begin : begin + length], share, chance)
            hit += bool(study.scan(f"다음 글을 세 줄로 요약해 줘.\n\n{piece}\n\n핵심만 부탁해."))
        found[f"{length} characters, {share:.0%} edited"] = hit / count
    looked = alarms = 0
    for name, text in shelf.items():
        others, _ = company({}, (each for other, each in shelf.items() if other != name))
        for begin in range(len(text) - 120):
            looked += 1
            alarms += bool(others.scan(text[begin : begin + 120]))
    return found | {"false alarms on the document left out": alarms / looked}


def requests(size: int, count: int) -> Iterator[str]:
    """Ordinary requests, joined to `size` bytes."""
    gathered = ""
    for text in ordinary(5, count):
        gathered += text.text + "\n"
        if len(gathered.encode()) >= size:
            yield gathered
            gathered = ""


def cost(names: int, kept: int) -> dict[str, Any]:
    """CPU µs for a KB of new text, and what the index takes."""
    chance = random.Random("cost")
    people = [
        chance.choice(SURNAMES) + "".join(chance.choices(SYLLABLES, k=2)) for _ in range(names * 8 // 10)
    ]
    numbers = [str(chance.randrange(10**8, 10**9)) for _ in range(names - len(people))]
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(20_000)]
    began = time.process_time()
    study, size = company(
        {"person": people, "patient_id": numbers},
        (" ".join(chance.choices(words, k=600)) for _ in range(kept)),
    )
    made: dict[str, Any] = {
        "names and numbers": names,
        "documents": kept,
        "index MB": round(size / 1e6, 1),
        "seconds to make it": round(time.process_time() - began, 1),
    }
    alarms = sum(bool(study.scan(text.text)) for text in ordinary(6, 2_000))
    for kilobytes in (1, 16):
        asked = list(requests(kilobytes << 10, 2_000))
        spent = sum(min(_seconds(study, text) for _ in range(LOOKS)) for text in asked)
        made[f"µs/KB at {kilobytes} KB"] = round(
            1e6 * spent / (sum(len(text.encode()) for text in asked) / 1024), 1
        )
    return made | {"ordinary requests with an alarm": alarms / 2_000}


def _seconds(study: Company, text: str) -> float:
    began = time.thread_time()
    study.scan(text)
    return time.thread_time() - began


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--documents", type=int, default=10_000)
    asked = parser.parse_args()
    measured = {
        "lists": lists(3_000),
        "excerpts": excerpts(2_000),
        "cost": cost(asked.names, asked.documents),
    }
    print(json.dumps(measured, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
