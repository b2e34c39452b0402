"""Texts of the topics and of everyday work, drawn from the lines under `texts/`: many layouts of few hundred lines."""

import random
from pathlib import Path
from typing import Final, NamedTuple

from haechi.gateway.classify.topics.study import SHORTEST, TOPICS

HERE: Final = Path(__file__).parent
NONE: Final = len(TOPICS)
"""The number of "none of them", behind those of the topics."""

_ASKING: Final = (
    "다음 글을 세 문장으로 요약해 줘.\n\n",
    "아래 내용을 영어로 번역해 주세요.\n",
    "맞춤법을 고쳐 줘:\n",
    "이 문서를 읽기 쉽게 다듬어 줘.\n---\n",
    "아래 메모를 표로 정리해 줘\n\n",
    "Summarise this in three sentences:\n\n",
    "Please proofread the text below.\n",
    "Translate into Korean:\n",
    "핵심만 뽑아 주세요.\n\n",
    "보고서 형식으로 바꿔 줘.\n\n",
)
_CLOSING: Final = (
    "\n감사합니다.",
    "\n\n이상입니다.",
    "\n요약은 다섯 줄 이내로.",
    "\n\nThanks!",
    "\n확인 부탁드립니다.",
)
_POLITE: Final = (
    "짧게 답해 줘.",
    "단계별로 설명해 줘.",
    "고마워!",
    "초보자도 알 수 있게 부탁해.",
    "근거와 출처도 함께 적어 줘.",
    "표로 정리하면 더 좋아요.",
    "한국 기준으로 알려 주세요.",
    "발표 자료에 쓸 거야.",
    "Keep it short, please.",
    "Step by step, please.",
    "Say so if you are not sure.",
    "For a class tomorrow.",
)
_OPENING: Final = (
    "안녕하세요. ",
    "질문이 있어요. ",
    "업무에 참고하려고 해. ",
    "Hi! ",
    "As an expert, ",
    "급하진 않은데, ",
)
_FILL: Final = {
    "co": (
        "한빛전자",
        "가람물산",
        "미리내제약",
        "새봄소재",
        "솔향푸드",
        "Orchard Labs",
        "대상 회사",
        "B사",
        "A사",
    ),
    "prod": (
        "세라믹 기판",
        "접착제",
        "밀봉 밸브",
        "이차전지 분리막",
        "소스",
        "투명 필름",
        "냉각 장치",
        "향료",
        "precision valve",
    ),
    "dept": ("공정기술팀", "전략기획실", "연구소", "구매팀", "물류본부", "품질팀", "영업본부"),
    "who": ("김하늘", "이서준", "박도윤", "정다온", "J. Park"),
    "code": ("백두", "오리온", "Falcon", "한강", "Maple"),
}


class Example(NamedTuple):
    """A text, the number of its topic, and the lines it was drawn from: none of them may train what judges it."""

    text: str
    topic: int
    lines: frozenset[str]


def examples(seed: int, count: int) -> list[Example]:
    """`count` texts of each topic, and six times as many of none."""
    chance = random.Random(seed)
    drawn = [
        _document(chance, heads, lines, number)
        for number, topic in enumerate(TOPICS)
        for heads, lines in [_lines(topic)]
        for _ in range(count)
    ]
    _, requests = _lines("requests")
    _, documents = _lines("documents")
    drawn += [_request(chance, requests) for _ in range(3 * count)]
    drawn += [_document(chance, [], documents, NONE) for _ in range(2 * count)]
    _, records = _lines("records")
    drawn += [_document(chance, [], records, NONE) for _ in range(count)]
    return [example for example in drawn if len(example.text) >= SHORTEST]


def read_test(name: str) -> list[str]:
    """The texts of one file under `test/`, divided by lines of equal signs."""
    return [
        text.strip()
        for text in (HERE / "test" / f"{name}.txt").read_text(encoding="utf-8").split("\n=====\n")
    ]


def _lines(name: str) -> tuple[list[str], list[str]]:
    """Headings and lines of one file."""
    heads: list[str] = []
    lines: list[str] = []
    kept = lines
    for line in (HERE / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            kept = heads if line == "# heads" else lines
        else:
            kept.append(line)
    return heads, lines


def _document(chance: random.Random, heads: list[str], lines: list[str], topic: int) -> Example:
    korean = [line for line in lines if _is_korean(line)]
    language = korean if chance.random() < 0.72 else [line for line in lines if not _is_korean(line)]
    chosen = chance.sample(language, chance.choice((1, 2, 2, 3, 3, 4, 5)))
    head = chance.choice([""] * 3 + heads[:7] + heads[7:]) if heads else ""
    joint = chance.choice((" ", " ", "\n", "\n- ", " / ", "\n\n"))
    text = ("- " if joint == "\n- " else "") + joint.join(chosen)
    if len(text) > 2 * SHORTEST and chance.random() < 0.25:
        text = _cut(chance, text)
    text = (head + chance.choice(("\n", "\n\n", ": ")) if head else "") + text
    if chance.random() < 0.35:
        text = chance.choice(_ASKING) + text
    if chance.random() < 0.2:
        text += chance.choice(_CLOSING)
    return Example(_filled(chance, text), topic, frozenset(chosen))


def _cut(chance: random.Random, text: str) -> str:
    """A piece of a text, as when somebody copies a part of it; slots stay whole."""
    words = text.split(" ")
    length = max(len(words) // 2, 1)
    start = chance.randint(0, len(words) - length)
    return " ".join(words[start : start + chance.randint(length, len(words))])


def _request(chance: random.Random, requests: list[str]) -> Example:
    asked = chance.choice(requests)
    text = (chance.choice(_OPENING) if chance.random() < 0.4 else "") + asked
    for _ in range(chance.choice((0, 1, 1, 2))):
        text += chance.choice((" ", "\n")) + chance.choice(_POLITE)
    return Example(_filled(chance, text), NONE, frozenset((asked,)))


def _is_korean(line: str) -> bool:
    return any("가" <= character <= "힣" for character in line.replace("{", " "))


def _filled(chance: random.Random, text: str) -> str:
    """The text with its slots filled, each anew."""
    parts = text.split("{")
    out = [parts[0]]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        out.append(_value(chance, slot) + rest)
    return "".join(out)


def _value(chance: random.Random, slot: str) -> str:
    if slot in _FILL:
        return chance.choice(_FILL[slot])
    number = chance.randint(2, 60)
    return {
        "pct": f"{number}.{chance.randint(0, 9)}%" if chance.random() < 0.5 else f"{number}%",
        "amount": chance.choice(
            (f"{number * 10}억 원", f"{number},{chance.randint(100, 999)},000원", f"KRW {number} billion")
        ),
        "date": chance.choice(
            (
                f"{chance.randint(1, 12)}월 {chance.randint(1, 28)}일",
                f"2026-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
            )
        ),
    }.get(slot, str(number))
