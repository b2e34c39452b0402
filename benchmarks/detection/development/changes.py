"""Mechanical, keyless changes of a value that a model reads at sight: the scope of what must be seen through.

A change returns the value in its new dress, or None where it has nothing to hold on to (no figure, no syllable).
"""

import base64
import json
import random
import re
import unicodedata
from collections.abc import Callable

_HYPHEN = "\0"
"""Stands for the hyphen between groups of a number."""
Change = Callable[[str, random.Random], str | None]

_INVISIBLE = {
    "zero_width": "\u200b\u200c\u200d\u2060\ufeff",
    "bidi": "\u200e\u200f\u202a\u202c\u2066\u2069",
    "filler": "\u115f\u1160\u3164\uffa0",
    "soft_hyphen": "\u00ad",
    "tag": "\U000e0020\U000e0041\U000e0061\U000e0030",
    "variation": "\ufe00\ufe0e\ufe0f\U000e0100",
}
_DASHES = "‐‑‒–—―−ー－﹣⁃ㅡ"
_DOTS = "·・•．。‧ㆍ∙"
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000\u2028"
_LOOK_ALIKES = str.maketrans("ABCEHIKMOPSTXYaceopsxy", "АВСЕНІКМОРЅТХУасеорѕху")
_WORDS = {
    "korean_words": ["영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"],
    "korean_words_gong": ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"],
    "han_words": ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    "han_formal": ["零", "壹", "貳", "參", "四", "五", "六", "七", "八", "九"],
    "english_words": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
_SPOKEN = {"-": "다시", "@": "골뱅이", ".": "점", "_": "언더바", "/": "슬래시", ":": "콜론"}
_SPOKEN_ENGLISH = {"-": "dash", "@": "at", ".": "dot", "_": "underscore", "/": "slash", ":": "colon"}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: list[str] = ["", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"]


def _digits(value: str) -> int:
    return sum("0" <= sign <= "9" for sign in value)


def _is_number(value: str) -> bool:
    """Mostly figures, with separators: what people spell out or space out."""
    return _digits(value) >= 6 and not re.search(r"[^0-9\-. /()+]", value)


def _figures(ten: str) -> Change:
    table = dict(zip(map(ord, "0123456789"), ten, strict=True))
    return lambda value, chance: value.translate(table) if _digits(value) >= 4 else None


def _full_width(value: str, chance: random.Random) -> str | None:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in value)


def _look_alike(value: str, chance: random.Random) -> str | None:
    changed = value.translate(_LOOK_ALIKES)
    return changed if changed != value else None


def _decomposed(value: str, chance: random.Random) -> str | None:
    changed = unicodedata.normalize("NFD", value)
    return changed if changed != value else None


def _jamo(value: str, chance: random.Random) -> str | None:
    changed = "".join(_apart(sign) for sign in value)
    return changed if changed != value else None


def _apart(sign: str) -> str:
    if not "가" <= sign <= "힣":
        return sign
    place = ord(sign) - ord("가")
    return _INITIALS[place // 588] + _VOWELS[place // 28 % 21] + _FINALS[place % 28]


def _with_invisibles(signs: str) -> Change:
    def change(value: str, chance: random.Random) -> str:
        return value[0] + "".join(
            "".join(chance.choices(signs, k=chance.randint(1, 4))) + sign for sign in value[1:]
        )

    return change


def _instead_of(old: str, new: str) -> Change:
    def change(value: str, chance: random.Random) -> str | None:
        sign = chance.choice(new)
        return re.sub(old, lambda _: sign, value) if re.search(old, value) else None

    return change


def _is_address(value: str) -> bool:
    """Four numbers with points: without its points it is nothing."""
    return value.count(".") >= 3


def _pieces(value: str) -> list[str]:
    """The value cut behind its separators, else in two halves: put side by side they are the value again."""
    pieces = [piece for piece in re.split(r"(?<=[-. @/])", value) if piece]
    return pieces if 2 <= len(pieces) <= 6 else [value[: len(value) // 2], value[len(value) // 2 :]]


def _groups(value: str) -> list[str] | None:
    """The value in two or three pieces: at its own separators, else in the middle."""
    groups = [group for group in re.split(r"[-. @/]+", value) if group]
    if len(groups) in {2, 3, 4}:
        return groups
    return None if len(value) < 6 else [value[: len(value) // 2], value[len(value) // 2 :]]


def _between_groups(*separators: str) -> Change:
    def change(value: str, chance: random.Random) -> str | None:
        groups = _groups(value) if _is_number(value) and not _is_address(value) else None
        return chance.choice(separators).join(groups) if groups else None

    return change


def _between_digits(*separators: str) -> Change:
    def change(value: str, chance: random.Random) -> str | None:
        if not _is_number(value) or _is_address(value):
            return None
        return chance.choice(separators).join(re.sub(r"[^0-9]", "", value))

    return change


def _worded(name: str, separator: str, spoken: dict[str, str]) -> Change:
    def change(value: str, chance: random.Random) -> str | None:
        if not _is_number(value) or set(value) & set("()+"):
            return None
        words = [_WORDS[name][int(sign)] if sign.isdigit() else spoken.get(sign, "") for sign in value]
        return separator.join(word for word in words if word)

    return change


def _half_worded(value: str, chance: random.Random) -> str | None:
    if not _is_number(value):
        return None
    words = _WORDS["korean_words"]
    return "".join(words[int(sign)] if sign.isdigit() and chance.random() < 0.5 else sign for sign in value)


def _spoken_mail(words: dict[str, str], separator: str) -> Change:
    def change(value: str, chance: random.Random) -> str | None:
        if "@" not in value:
            return None
        return re.sub(r"[@.]", lambda sign: f"{separator}{words[sign[0]]}{separator}", value)

    return change


def _quoted(value: str) -> str:
    """Every byte in quoted-printable, with the soft line breaks the standard asks for."""
    codes = [f"={byte:02X}" for byte in value.encode()]
    return "=\n".join("".join(codes[place : place + 24]) for place in range(0, len(codes), 24))


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


_ENCODINGS: dict[str, Callable[[str], str]] = {
    "base64": _base64,
    "base64_url": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "hex": lambda value: value.encode().hex(),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "html_decimal": lambda value: "".join(f"&#{ord(sign)};" for sign in value),
    "html_hex": lambda value: "".join(f"&#x{ord(sign):x};" for sign in value),
    "quoted_printable": _quoted,
    "unicode_escape": lambda value: "".join(f"\\u{ord(sign):04x}" for sign in value),
    "hex_escape": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
}
_NESTED = (
    ("base64", "base64"), ("percent", "base64"), ("base64", "percent"), ("hex", "base64"), ("base64", "hex"),
    ("html_decimal", "percent"), ("unicode_escape", "base64"), ("percent", "percent"), ("base32", "hex"),
)  # fmt: skip
"""Inner, outer: depth two."""


def _encoded(name: str) -> Change:
    return lambda value, chance: _ENCODINGS[name](value)


def _twice(inner: str, outer: str) -> Change:
    return lambda value, chance: _ENCODINGS[outer](_ENCODINGS[inner](value))


def _json_inside(value: str, chance: random.Random) -> str:
    return _base64(json.dumps({"value": value}, ensure_ascii=chance.random() < 0.5))


def _marked(before: str, between: str, after: str) -> Change:
    """Marks around and between the groups of a number; other values are cut where they are and lose nothing."""

    def change(value: str, chance: random.Random) -> str | None:
        if _is_number(value) and not _is_address(value):
            groups = _groups(value)
            return before + between.replace(_HYPHEN, "-").join(groups) + after if groups else None
        return before + between.replace(_HYPHEN, "").join(_pieces(value)) + after

    return change


def _in_cells(before: str, between: str, after: str) -> Change:
    """Cells of a table: only numbers stand spread over them."""
    marked = _marked(before, between, after)
    return lambda value, chance: (
        None if _is_address(value) or not _is_number(value) else marked(value, chance)
    )


_SHAPES = (
    "plus", "plus_separator", "adjacent", "list", "codes", "javascript", "format", "percent_format", "join", "f_string",
)  # fmt: skip


def _in_code(shape: str) -> Change:
    def change(value: str, chance: random.Random) -> str:
        quoted = [json.dumps(piece, ensure_ascii=False) for piece in _pieces(value)]
        apart = re.split(r"([-. @/])", value)
        fours = [
            json.dumps(value[place : place + 4], ensure_ascii=False) for place in range(0, len(value), 4)
        ]
        listed, codes = ", ".join(repr(sign) for sign in value), ", ".join(str(ord(sign)) for sign in value)
        return {
            "plus": " + ".join(quoted),
            "plus_separator": " + ".join(json.dumps(piece, ensure_ascii=False) for piece in apart if piece),
            "adjacent": " ".join(fours),
            "list": f"''.join([{listed}])",
            "codes": f"''.join(map(chr, [{codes}]))",
            "javascript": f"String.fromCharCode({codes})",
            "format": f'"{"{}" * len(quoted)}".format({", ".join(quoted)})',
            "percent_format": f'"{"%s" * len(quoted)}" % ({", ".join(quoted)})',
            "join": f'"".join([{", ".join(quoted)}])',
            "f_string": 'f"' + "".join(f"{{{piece!r}}}" for piece in _pieces(value)) + '"',
        }[shape]

    return change


CHANGES: dict[str, dict[str, Change]] = {
    "unicode": {
        "full_width": _full_width,
        "mathematical": _figures("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
        "double_struck": _figures("𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"),
        "circled": _figures("⓪①②③④⑤⑥⑦⑧⑨"),
        "black_circled": _figures("⓿❶❷❸❹❺❻❼❽❾"),
        "superscript": _figures("⁰¹²³⁴⁵⁶⁷⁸⁹"),
        "arabic": _figures("٠١٢٣٤٥٦٧٨٩"),
        "devanagari": _figures("०१२३४५६७८९"),
        "look_alike": _look_alike,
        "decomposed": _decomposed,
        "jamo": _jamo,
    },
    "invisible": {name: _with_invisibles(signs) for name, signs in _INVISIBLE.items()},
    "separator": {
        "dash": _instead_of("-", _DASHES),
        "dot": _instead_of("-", _DOTS),
        "space": _instead_of("[- ]", _SPACES),
        "spaced_digits": _between_digits(" ", "  ", "\u3000"),
        "dotted_digits": _between_digits(".", "·", ". "),
        "dashed_digits": _between_digits("-", "_", " - "),
        "three_signs": _between_groups(" / ", "...", "---", " ~ ", "::", " | ", "*_*", ") ("),
        "line_break": _between_groups("\n", "-\n", "\r\n", "\n\n"),
    },
    "words": {
        "korean": _worded("korean_words", "", _SPOKEN),
        "korean_spaced": _worded("korean_words", " ", _SPOKEN),
        "korean_gong": _worded("korean_words_gong", "", {"-": "에 "}),
        "han": _worded("han_words", "", {"-": "-"}),
        "han_formal": _worded("han_formal", "", {"-": "-"}),
        "english": _worded("english_words", " ", _SPOKEN_ENGLISH),
        "english_dashed": _worded("english_words", "-", {}),
        "mixed": _half_worded,
        "spoken_mail": _spoken_mail(_SPOKEN, " "),
        "spoken_mail_en": _spoken_mail(_SPOKEN_ENGLISH, " "),
        "bracketed_mail": _spoken_mail({"@": "[at]", ".": "[dot]"}, ""),
    },
    "encoding": {
        **{name: _encoded(name) for name in _ENCODINGS},
        **{f"{outer}_of_{inner}": _twice(inner, outer) for inner, outer in _NESTED},
        "base64_of_json": _json_inside,
    },
    "markup": {
        "bold": _marked("<b>", "</b>\0<b>", "</b>"),
        "span": _marked("<span class=\"a\">", "</span><span>", "</span>"),
        "comment": _marked("", "<!-- -->", ""),
        "markdown": _marked("**", "**\0**", "**"),
        "table": _in_cells("| ", " | ", " |"),
        "cells": _in_cells("<td>", "</td><td>", "</td>"),
        "csv": _in_cells('"', '","', '"'),
        "latex": _marked(r"\textbf{", "}\0\\textbf{", "}"),
        "xml": _marked("<part>", "</part><part>", "</part>"),
    },
    "code": {
        shape: _in_code(shape)
        for shape in _SHAPES
    },
}  # fmt: skip
"""Class of the scope rule → its changes by name."""
