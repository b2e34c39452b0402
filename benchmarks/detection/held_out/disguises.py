"""Mechanical changes without a key that a model reads at sight: one function, one disguise."""

import base64
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Change = Callable[[str, Random], str]

NUMERIC = frozenset(
    (
        "kr.rrn",
        "kr.frn",
        "kr.driver_license",
        "kr.brn",
        "kr.crn",
        "kr.health_insurance",
        "bank_account",
        "phone",
        "card",
        "us.ssn",
    )
)
"""Kinds that are digits and separators and nothing else."""
LETTERED = frozenset(
    ("kr.passport", "kr.customs", "patient_id", "employee_id", "ip", "date_of_birth", "iban")
)
HANGUL = frozenset(("person", "address", "kr.plate", "marking"))
LATIN = frozenset(("email", "secret", "kr.passport", "kr.customs", "iban"))
ALL = NUMERIC | LETTERED | HANGUL | LATIN | {"diagnosis_code", "kr.ci"}

_DIGIT_ROWS = {
    "fullwidth": "０１２３４５６７８９",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "negative-circled": "⓿❶❷❸❹❺❻❼❽❾",
    "arabic": "٠١٢٣٤٥٦٧٨٩",
    "devanagari": "०१२३४५६७८९",
    "mathematical": "𝟬𝟭𝟮𝟯𝟰𝟱𝟲𝟳𝟴𝟵",
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "subscript": "₀₁₂₃₄₅₆₇₈₉",
    "keycap": "",
}
_DASHES = "‐‑‒–—―−ー·・•ㅡㆍ－﹣"
_INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u180e\u202a\u202c\u2066\u2069"
_INVISIBLE += "\u115f\u1160\u3164\uffa0\ufe0f\U000e0041\U000e0100"
_LOOKALIKE = str.maketrans("aceopxyiABCEHKMOPTXSG", "асеорхуіАВСЕНКМОРТХЅԌ")
_SPOKEN = {
    "korean": ("공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"),
    "korean-zero": ("영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"),
    "native": ("영", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"),
    "han": ("〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    "han-formal": ("零", "壹", "貳", "參", "四", "五", "六", "七", "八", "九"),
    "english": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


@dataclass(frozen=True)
class Disguise:
    """A change, the class of the scope rule it belongs to, and the kinds it is applied to."""

    scope: str
    kinds: frozenset[str]
    change: Change


def _rewritten(row: str) -> Change:
    def change(text: str, chance: Random) -> str:
        if not row:
            return "".join(f"{sign}\ufe0f\u20e3" if sign in "0123456789" else sign for sign in text)
        return "".join(row[int(sign)] if sign in "0123456789" else sign for sign in text)

    return change


def _wide(text: str, chance: Random) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _redashed(text: str, chance: Random) -> str:
    digits = [sign for sign in text if sign in "0123456789"]
    joints = [place for place in range(1, len(text)) if text[place] in "-–－. "]
    if not joints:
        middle = len(digits) // 2
        return text[:middle] + chance.choice(_DASHES) + text[middle:]
    dash = chance.choice(_DASHES)
    return "".join(dash if place in joints else sign for place, sign in enumerate(text))


def _decomposed(text: str, chance: Random) -> str:
    return unicodedata.normalize("NFD", text)


def _jamo(text: str, chance: Random) -> str:
    heads, vowels = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
    tails = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]
    out = []
    for sign in text:
        place = ord(sign) - 0xAC00
        if 0 <= place < 11172:
            out += [heads[place // 588], vowels[place % 588 // 28], tails[place % 28]]
        else:
            out.append(sign)
    return "".join(out)


def _invisible(text: str, chance: Random) -> str:
    return (
        "".join(
            sign + "".join(chance.choice(_INVISIBLE) for _ in range(chance.choice((0, 1, 1, 4))))
            for sign in text[:-1]
        )
        + text[-1]
    )


def _letters(text: str, chance: Random) -> str:
    return text.translate(_LOOKALIKE)


def _separated(text: str, chance: Random) -> str:
    digits = [sign for sign in text if sign.isalnum()]
    joint = chance.choice(
        (" ", ".", "_", "/", "|", "*", "~", "·", ", ", " - ", "\n", " / ", "...", " . ", "\t", "::")
    )
    if chance.random() < 0.5:
        return joint.join(digits)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return joint.join("".join(group) for group in groups)


def _spoken(row: tuple[str, ...]) -> Change:
    gap = " " if row[1] in ("one", "하나") else ""
    marks = (
        {"-": " dash ", ".": " dot "}
        if row[1] == "one"
        else {"-": " 다시 ", "–": " 하이픈 ", ".": " 점 ", "－": " 대시 "}
    )

    def change(text: str, chance: Random) -> str:
        words = [row[int(sign)] + gap if sign in "0123456789" else marks.get(sign, sign) for sign in text]
        return " ".join("".join(words).split(" ")).replace("  ", " ").strip()

    return change


def _half_spoken(text: str, chance: Random) -> str:
    row = _SPOKEN["korean"]
    return "".join(
        row[int(sign)] if sign in "0123456789" and chance.random() < 0.5 else sign for sign in text
    )


def _spoken_mail(text: str, chance: Random) -> str:
    at, dot = chance.choice(
        ((" 골뱅이 ", " 점 "), (" at ", " dot "), ("(at)", "(dot)"), (" [앳] ", " [닷] "))
    )
    return text.replace("@", at).replace(".", dot)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _url_base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def _hex(text: str) -> str:
    return text.encode().hex()


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


def _hex_entities(text: str) -> str:
    return "".join(f"&#x{ord(sign):x};" for sign in text)


def _quoted_printable(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())


def _json_escape(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _hex_escape(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": _base64,
    "base64url": _url_base64,
    "base32": _base32,
    "hex": _hex,
    "percent": _percent,
    "entities": _entities,
    "hex-entities": _hex_entities,
    "quoted-printable": _quoted_printable,
    "json-escape": _json_escape,
    "hex-escape": _hex_escape,
}
NESTED = (
    ("base64", "base64"),
    ("hex", "base64"),
    ("percent", "base64"),
    ("entities", "percent"),
    ("base64", "hex"),
    ("json-escape", "base64url"),
    ("base64", "percent"),
)
"""Inner and outer encoding of what is encoded twice."""


def _encoded(*names: str) -> Change:
    def change(text: str, chance: Random) -> str:
        for name in names:
            text = ENCODINGS[name](text)
        return text

    return change


def cut(text: str, chance: Random, pieces: int) -> list[str]:
    """A text cut at so many places less one, nowhere empty."""
    places = sorted(chance.sample(range(1, len(text)), min(pieces, len(text)) - 1))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def _between(*joints: str) -> Change:
    def change(text: str, chance: Random) -> str:
        return chance.choice(joints).join(cut(text, chance, chance.choice((2, 3))))

    return change


def _wrapped(before: str, after: str) -> Change:
    def change(text: str, chance: Random) -> str:
        return "".join(f"{before}{piece}{after}" for piece in cut(text, chance, 2))

    return change


def _literal(shape: str) -> Change:
    def change(text: str, chance: Random) -> str:
        pieces = cut(text, chance, 3)
        quoted = [f'"{piece}"' for piece in pieces]
        codes = ", ".join(str(ord(sign)) for sign in text)
        return {
            "plus": " + ".join(quoted),
            "dots": " . ".join(f"'{piece}'" for piece in pieces),
            "pipes": " || ".join(f"'{piece}'" for piece in pieces),
            "adjacent": " ".join(quoted),
            "characters": "[" + ", ".join(f"'{sign}'" for sign in text) + "].join('')",
            "codes": f"String.fromCharCode({codes})",
            "list": f"bytes([{codes}])",
            "chr": " + ".join(f"chr({ord(sign)})" for sign in text),
            "format": '"' + "{}" * len(pieces) + f'".format({", ".join(quoted)})',
            "percent": '"' + "%s" * len(pieces) + f'" % ({", ".join(quoted)})',
            "builder": "new StringBuilder()" + "".join(f".append({piece})" for piece in quoted),
        }[shape]

    return change


DISGUISES: dict[str, Disguise] = {
    **{f"digits-{name}": Disguise("unicode", NUMERIC | LETTERED, _rewritten(row)) for name, row in _DIGIT_ROWS.items()},
    "wide": Disguise("unicode", NUMERIC | LETTERED | LATIN, _wide),
    "dash": Disguise("unicode", NUMERIC, _redashed),
    "decomposed": Disguise("unicode", HANGUL, _decomposed),
    "jamo": Disguise("unicode", HANGUL, _jamo),
    "lookalike-letters": Disguise("unicode", LATIN, _letters),
    "invisible": Disguise("invisibles", ALL, _invisible),
    "separated": Disguise("separators", NUMERIC, _separated),
    **{f"words-{name}": Disguise("number words", NUMERIC, _spoken(row)) for name, row in _SPOKEN.items()},
    "words-mixed": Disguise("number words", NUMERIC, _half_spoken),
    "words-mail": Disguise("number words", frozenset(("email",)), _spoken_mail),
    **{f"code-{name}": Disguise("encodings", ALL, _encoded(name)) for name in ENCODINGS},
    **{f"nested-{inner}-{outer}": Disguise("encodings", ALL, _encoded(inner, outer)) for inner, outer in NESTED},
    "markup-html": Disguise("markup", ALL, _between("</b><b>", "<wbr>", "<span></span>", "<!-- x -->", "<br/>")),
    "markup-bold": Disguise("markup", ALL, _wrapped("**", "**")),
    "markup-latex": Disguise("markup", ALL, _wrapped("\\textbf{", "}")),
    "markup-cells": Disguise("markup", NUMERIC, _between("</td><td>", " | ", '","', "\t")),
    **{
        f"literal-{shape}": Disguise("code literals", ALL - {"kr.ci"}, _literal(shape))
        for shape in ("plus", "dots", "pipes", "adjacent", "characters", "codes", "list", "chr", "format", "percent", "builder")
    },
}  # fmt: skip
"""Every disguise by name."""
