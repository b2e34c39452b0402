"""Write a labelled corpus: `python -m benchmarks.detection.development.generate --seed 1 --count 3000 --out F`.

`--of` chooses what: texts (the default), ordinary (nothing sensitive in them), obfuscated (one value, disguised),
odd (ordinary texts in odd typography), topics, excerpts (of confidential documents).
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.detection.development import excerpts, obfuscate
from benchmarks.detection.development.draw import HERE
from benchmarks.detection.development.weave import Text, templates, weave

_MARKED_SHARE, _PROSE_SHARE = 0.08, 0.04
_PROSE_DOMAINS = frozenset({"approval", "clinical", "contract", "form", "mail", "table"})
_MARKED = (
    "«marking»\n{}", "[«marking»]\n{}", "【«marking»】\n\n{}", "{}\n\n- «marking» -", "{}\n[«marking»]", "< «marking» >\n{}",
)  # fmt: skip
_ABOUT = (
    "{}\n참고: «~prose_marking:대외비» 표시는 보안 규정에 따라 부서장이 정합니다.",
    "{}\n이 자료는 «~prose_marking:영업비밀»에 해당하지 않습니다.",
    "{}\n모든 직원은 «~prose_marking:기밀»을 지킬 의무가 있다.",
    "{}\nThis note explains when «~prose_marking:confidential» labels are required.",
)


def _dressed(domain: str, template: str, chance: random.Random) -> str:
    """Now and then a marking at head or foot of a document, or a sentence about markings."""
    draw = chance.random()
    if domain not in _PROSE_DOMAINS or draw > _MARKED_SHARE + _PROSE_SHARE:
        return template
    return chance.choice(_MARKED if draw < _MARKED_SHARE else _ABOUT).replace("{}", template)


def texts(seed: int, count: int) -> Iterator[Text]:
    """Business texts, domains in turn, and within a domain every template before one comes again."""
    chance, decks = random.Random(f"texts {seed}"), templates(HERE / "templates")
    hands: dict[str, list[int]] = {domain: [] for domain in decks}
    for place in range(count):
        domain = list(decks)[place % len(decks)]
        if not hands[domain]:
            hands[domain] = chance.sample(range(len(decks[domain])), len(decks[domain]))
        which = hands[domain].pop()
        template = _dressed(domain, decks[domain][which], chance)
        yield weave(f"dev-{seed}-{place:06d}-{domain}-{which:02d}", domain, template, chance)


def ordinary(seed: int, count: int) -> Iterator[Text]:
    """Requests of every day without a finding, no two alike."""
    chance, decks = random.Random(f"ordinary {seed}"), templates(HERE / "ordinary")
    seen: set[str] = set()
    while len(seen) < count:
        language = chance.choice(sorted(decks))
        which, tail = chance.randrange(len(decks[language])), "_en" if language == "english" else ""
        template = f"«+opening{tail}»{decks[language][which]}«+closing{tail}»"
        text = weave(
            f"dev-{seed}-ordinary-{len(seen):06d}-{language}-{which:02d}", "ordinary", template, chance
        )
        if text.text not in seen:
            seen.add(text.text)
            yield text


def odd(seed: int, count: int) -> Iterator[Text]:
    """Ordinary texts in odd typography and harmless encodings: still nothing in them."""
    chance = random.Random(f"odd {seed}")
    for text in ordinary(seed, count):
        yield obfuscate.harmless(text, chance)


def topics(seed: int, count: int) -> Iterator[Text]:
    """Texts of a confidential topic: the whole text is the finding."""
    chance, decks = random.Random(f"topics {seed}"), templates(HERE / "topics")
    for place in range(count):
        topic = list(decks)[place % len(decks)]
        which = chance.randrange(len(decks[topic]))
        yield excerpts.whole(
            weave(f"dev-{seed}-topic-{place:06d}-{topic}-{which:02d}", "topic", decks[topic][which], chance),
            topic,
        )


KINDS_OF_CORPUS: dict[str, Callable[[int, int], Iterator[Text]]] = {
    "texts": texts,
    "ordinary": ordinary,
    "obfuscated": obfuscate.obfuscated,
    "odd": odd,
    "topics": topics,
    "excerpts": excerpts.excerpts,
}
"""What `--of` may ask for."""


def as_json(text: Text) -> dict[str, Any]:
    """The line of a text."""
    line: dict[str, Any] = {
        "id": text.id,
        "text": text.text,
        "domain": text.domain,
        "findings": [{"start": span.start, "end": span.end, "kind": span.what} for span in text.findings],
        "lookalikes": [{"start": span.start, "end": span.end, "what": span.what} for span in text.lookalikes],
    }
    return line | ({"parts": [list(part) for part in text.parts]} if text.parts else {})


def main(arguments: list[str] | None = None) -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--of", choices=sorted(KINDS_OF_CORPUS), default="texts")
    asked = parser.parse_args(arguments)
    with asked.out.open("w", encoding="utf-8") as out:
        for text in KINDS_OF_CORPUS[asked.of](asked.seed, asked.count):
            out.write(json.dumps(as_json(text), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
