"""One value in one sentence, disguised; split over messages; and ordinary texts in odd dress for false alarms.

The finding covers the disguise, from its first sign to its last. A split text holds its messages one per line,
and `parts` says where each begins and ends.
"""

import itertools
import random
from collections.abc import Iterator

from benchmarks.detection.development.changes import CHANGES
from benchmarks.detection.development.values import draw
from benchmarks.detection.development.weave import Span, Text

CONTEXTS: dict[str, tuple[str, ...]] = {
    "kr.rrn": ("주민등록번호", "주민번호", "RRN"),
    "kr.frn": ("외국인등록번호", "ARC"),
    "kr.passport": ("여권번호", "passport no."),
    "kr.driver_license": ("운전면허번호", "면허번호"),
    "kr.brn": ("사업자등록번호", "사업자번호"),
    "kr.crn": ("법인등록번호",),
    "kr.health_insurance": ("건강보험증 번호", "증번호"),
    "kr.plate": ("차량번호", "번호판"),
    "kr.customs": ("개인통관고유부호", "통관부호"),
    "patient_id": ("환자번호", "MRN"),
    "employee_id": ("사번", "사원번호"),
    "bank_account": ("국민은행 계좌번호", "입금 계좌"),
    "phone": ("연락처", "휴대폰", "tel"),
    "email": ("이메일", "e-mail"),
    "date_of_birth": ("생년월일", "DOB"),
    "card": ("카드번호", "card no."),
    "iban": ("IBAN", "수취 계좌 IBAN"),
    "us.ssn": ("SSN", "social security number"),
    "ip": ("접속 IP", "IP address"),
    "secret": ("API key", "시크릿 키"),
    "person": ("성명", "담당자 이름"),
    "address": ("주소", "배송지"),
}
"""Kind → the words that say what the value beside them is."""
_CARRIERS = (
    "{context}: {value}",
    "고객 {context}는 {value} 입니다.",
    "아래 내용을 정리해 줘.\n{context} = {value}\n나머지는 비워 두면 돼.",
    "{context} 확인 부탁드립니다. {value} 맞나요?",
    "메모) {context} {value} / 확인함",
    "Please check the {context}: {value} before Friday.",
    "{context} {value}",
)
_SPELLINGS = {
    "person": "person/ko",
    "address": "address/road",
    "phone": "phone/mobile",
    "secret": "secret/aws",
    "ip": "ip/four",
}
_TURNS = ("번호를 나눠서 보낼게요.", "앞부분은", "그리고 뒷부분은", "이어서 적어 주세요:", "다음은")
_ODD = {
    "unicode": ("full_width", "decomposed"),
    "invisible": ("zero_width", "filler", "soft_hyphen", "variation", "bidi"),
    "encoding": (
        "base64",
        "base64_url",
        "hex",
        "percent",
        "html_decimal",
        "unicode_escape",
        "quoted_printable",
    ),
}
_PLAIN_SHARE = 0.3
"""How much of an odd text is dressed up: one run of words of about this share."""


def disguise(kind: str, family: str, name: str, chance: random.Random) -> tuple[str, Span] | None:
    """A sentence with a disguised value of a kind, or None where the change does not fit the value."""
    value = draw(_SPELLINGS.get(kind, kind), chance)
    dressed = CHANGES[family][name](value, chance)
    if not dressed or dressed == value:
        return None
    carrier = chance.choice(_CARRIERS).format(context=chance.choice(CONTEXTS[kind]), value="\0")
    start = carrier.index("\0")
    return carrier.replace("\0", dressed), Span(start, start + len(dressed), kind)


def split(kind: str, shape: str, chance: random.Random) -> tuple[str, Span, tuple[tuple[int, int], ...]]:
    """A value cut in two: over messages with or without words around it, or over the fields of an object."""
    value, context = draw(_SPELLINGS.get(kind, kind), chance), chance.choice(CONTEXTS[kind])
    cut = chance.randint(max(1, len(value) // 3), max(1, 2 * len(value) // 3))
    head, tail = value[:cut], value[cut:]
    if shape == "fields":
        before, middle, after = f'{{"context": "{context}", "a": "', '", "b": "', '"}'
    else:
        closing = chance.choice(("", "", " 입니다.", " 맞죠?")) if shape == "messages" else ""
        before, middle, after = f"{chance.choice(_TURNS)} {context} ", "\n", closing
    text = before + head + middle + tail + after
    span = Span(len(before), len(before) + len(head) + len(middle) + len(tail), kind)
    border = len(before) + len(head)
    parts = () if shape == "fields" else ((0, border), (border + 1, len(text)))
    return text, span, parts


def obfuscated(seed: int, count: int) -> Iterator[Text]:
    """Every change with every kind it fits, in turn, splitting included."""
    chance = random.Random(f"obfuscated {seed}")
    ways = [(family, name) for family, names in CHANGES.items() for name in names]
    ways += [("split", "messages"), ("split", "parts"), ("split", "fields")]
    rounds = itertools.cycle([(kind, *way) for kind in CONTEXTS for way in ways])
    order = [next(rounds) for _ in range(len(CONTEXTS) * len(ways))]
    chance.shuffle(order)
    made = 0
    for kind, family, name in itertools.cycle(order):
        if made == count:
            return
        parts: tuple[tuple[int, int], ...] = ()
        if family == "split":
            text, span, parts = split(kind, name, chance)
        elif (changed := disguise(kind, family, name, chance)) is not None:
            text, span = changed
        else:
            continue
        yield Text(
            f"dev-{seed}-obfuscated-{made:06d}-{family}-{name}", text, "obfuscated", (span,), (), parts
        )
        made += 1


def harmless(text: Text, chance: random.Random) -> Text:
    """The same text with a run of its words oddly dressed."""
    family = chance.choice(sorted(_ODD))
    name = chance.choice(_ODD[family])
    start = chance.randint(0, max(0, int(len(text.text) * (1 - _PLAIN_SHARE)) - 1))
    end = start + max(1, int(len(text.text) * _PLAIN_SHARE))
    run = text.text[start:end]
    dressed = CHANGES[family][name](run, chance) or run
    span = Span(start, start + len(dressed), f"odd_{name}")
    whole = text.text[:start] + dressed + text.text[end:]
    return Text(f"{text.id}-{name}", whole, "odd", (), (span,))
