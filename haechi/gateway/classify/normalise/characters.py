"""Which characters stand for which: digits of every script, dashes, dots, blanks, look-alike letters.

Own tables, for NFKC leaves most dashes and half of the circled digits as they are, and turns jamo that are used
as a dash into letters. One character stands for one, so that the way back needs no map.
"""

import unicodedata
from typing import Final

DIGIT_ZEROS: Final = "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰０𐒠𐴰𐵀𑁦𑃰𑄶𑇐𑋰𑑐𑓐𑙐𑛀𑛐𑜰𑣠𑥐𑯰𑱐𑵐𑶠𑽐𖄰𖩠𖫀𖭐𖵰𜳰𝟎𝟘𝟢𝟬𝟶𞅀𞋰𞓰𞗱𞥐🯰"
"""The zero of each run of ten decimal digits in Unicode 16."""

_ONE_TO_NINE: Final = "①❶➀➊⓵⑴⒈₁🄂"
_ZEROS: Final = "⓪⓿⁰₀🄋🄌🄀🄁"
_SUPERSCRIPTS: Final = "¹²³⁴⁵⁶⁷⁸⁹"

DASHES: Final = "‐‑‒–—―−ー－﹣﹘⁃⁻₋⸺⸻─━﹉﹊ㅡᅳﾰ˗➖"
DOTS: Final = "·・•．。｡‧ㆍ∙․ꞏ･⋅ᆞ"
_BLANKS: Final = (
    "\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u2800\u3000"
)
_OTHERS: Final = {
    "＠": "@", "﹫": "@", "⁄": "/", "∕": "/", "⧸": "/", "：": ":", "﹕": ":", "꞉": ":", "∶": ":", "︓": ":",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "〜": "~", "∼": "~", "～": "~", "，": ",", "、": ",", "﹐": ",", "﹑": ",", "＿": "_", "﹍": "_", "﹎": "_", "﹏": "_",
    "∥": "|", "│": "|", "┃": "|", "❘": "|", "ǀ": "|", "＝": "=", "﹦": "=", "⁼": "=", "＋": "+", "⁺": "+",
}  # fmt: skip

_LOOK_ALIKES: Final = {
    "A": "АΑᎪᗅꓮ", "B": "ВΒᏴᗷꓐ", "C": "СϹᏟꓚ", "D": "Ꭰᗞꓓ", "E": "ЕΕᎬꓰ", "F": "ҒϜꓝ", "G": "ԌᏀꓖ", "H": "НΗᎻꓧ", "I": "ІΙӀᏆꓲ",
    "J": "ЈͿᎫꓙ", "K": "КΚᏦꓗ", "L": "ᏞꓡⅬ", "M": "МΜᎷꓟ", "N": "Νꓠ", "O": "ОΟՕꓳ", "P": "РΡᏢꓑ", "Q": "ԚႳ", "R": "ᎡꓣᏒ",
    "S": "ЅՏᏚꓢ", "T": "ТΤᎢꓔ", "U": "Սꓴ", "V": "ѴᏙꓦ", "W": "ԜᎳꓪ", "X": "ХΧꓫ", "Y": "УΥҮꓬ", "Z": "ΖᏃꓜ",
    "a": "аαɑ", "b": "ЬᏏ", "c": "сϲᴄ", "d": "ԁ", "e": "еҽ", "f": "ғϝ", "g": "ɡց", "h": "һհ", "i": "іιıɩ", "j": "јϳ", "k": "кκᴋ",
    "l": "ӏⅼ", "m": "мⅿᴍ", "n": "ո", "o": "оοօσᴏ", "p": "рρ", "q": "ԛզ", "r": "гᴦ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "ѵνᴠ",
    "w": "ԝѡᴡ", "x": "хχ", "y": "уγү", "z": "ᴢ",
}  # fmt: skip
"""Letters of Cyrillic, Greek, Armenian, Cherokee, Lisu and phonetic alphabets that a reader takes for Latin ones."""


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for letter, others in _LOOK_ALIKES.items():
        table |= dict.fromkeys(map(ord, others), letter)
    for zero in DIGIT_ZEROS:
        table |= {ord(zero) + digit: str(digit) for digit in range(10)}
    for one in _ONE_TO_NINE:
        table |= {ord(one) + digit - 1: str(digit) for digit in range(1, 10)}
    table |= {ord(sign): str(digit) for digit, sign in enumerate(_SUPERSCRIPTS, 1)}
    table |= dict.fromkeys(map(ord, _ZEROS), "0")
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in (*range(0x24B6, 0x24EA), *range(0x249C, 0x24B6), *range(0x1D400, 0x1D7CE)):
        plain = unicodedata.normalize("NFKC", chr(code)).strip("()")
        if len(plain) == 1:
            table[code] = table.get(ord(plain), plain)
    for first in (
        0x1F130,
        0x1F150,
        0x1F170,
        0x1F1E6,
    ):  # squared, circled in black, squared in black, of flags
        table |= {first + place: chr(ord("A") + place) for place in range(26)}
    table |= dict.fromkeys(map(ord, DASHES), "-")
    table |= dict.fromkeys(map(ord, DOTS), ".")
    table |= dict.fromkeys(map(ord, _BLANKS), " ")
    return table | {ord(sign): plain for sign, plain in _OTHERS.items()}


PLAIN: Final = _table()
"""Code point to the plain character it stands for."""

LOOK_ALIKES: Final = "".join(_LOOK_ALIKES.values())

INVISIBLES: Final = (
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What takes no room: format characters, variation selectors, tags, Hangul fillers (letters by category). Members
of a character class."""

MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
"""Marks that stand on the character before: a line through a digit hides nothing from a reader."""

_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


def syllable(initial: str, vowel: str, final: str = "") -> str:
    """Letters put together.

    >>> syllable("ㅎ", "ㅗ", "ㅇ"), syllable("ㄱ", "ㅏ")
    ('홍', '가')
    """
    place = (_INITIALS.index(initial) * 21 + _VOWELS.index(vowel)) * 28 + _FINALS.index(final)
    return chr(ord("가") + place)


JAMO: Final = (
    rf"([{_INITIALS}])([{_VOWELS}])([{''.join(_FINALS[1:])}](?![{_VOWELS}]))?",
    r"[\u1100-\u115e][\u1161-\u11a7][\u11a8-\u11ff]?",
)
"""A syllable in letters as they stand on a keyboard, and in those that Unicode means to be joined."""
