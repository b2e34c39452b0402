"""Unicode forms and invisible characters: what differs in its code points alone.

drop what takes no room  ─>  put Hangul letters together, expand what stands for several  ─>  one for one
"""

import re
import unicodedata
from typing import Final

from haechi.gateway.classify.normalise.characters import (
    DASHES,
    DOTS,
    INVISIBLES,
    JAMO,
    LOOK_ALIKES,
    MARKS,
    PLAIN,
    syllable,
)
from haechi.gateway.classify.normalise.reading import Reading

_VALUE: Final = "0-9A-Za-z가-힣"
_EXPANDED: Final = (
    "\u00bc-\u00be\u0132\u0133\u01c4-\u01cc\u2100-\u218b\u2460-\u24ff\u3200-\u33ff\uf900-\ufaff\ufb00-\ufb06"
    "\ufe10-\ufe6b\uff65-\uffdc\U0001f100-\U0001f12f\U0001f240-\U0001f248"
)
SIGNS: Final = (
    (
        r"[\x{ff01}-\x{ff5e}\x{1d400}-\x{1d7ff}\x{1100}-\x{11ff}\x{ffa0}-\x{ffdc}\x{3164}"
        r"\x{fe50}-\x{fe6b}\x{1f130}-\x{1f189}\x{e0000}-\x{e0fff}\x{f900}-\x{faff}]"
    ),
    rf"[{_VALUE}@._\-][\p{{Cf}}\x{{fe00}}-\x{{fe0f}}\x{{34f}}\x{{17b4}}\x{{17b5}}\x{{180b}}-\x{{180f}}{MARKS}]",
    r"[ㄱ-ㅎ][ㅏ-ㅣ]",
    rf"[0-9A-Za-z@.][{LOOK_ALIKES}]|[{LOOK_ALIKES}][0-9A-Za-z@.]",
    r"[^\x00-\x7f\P{Nd}]",
    r"\p{No}.{0,3}\p{No}.{0,3}\p{No}.{0,3}\p{No}",
    r"[0-9A-Za-z] {0,2}[^\x00-\x7f\p{L}\p{N}\p{S}…※“”‘’] {0,2}[0-9]",
    r"[0-9][ㅡᅳㆍᆞー−┃│─━∙⋅∼∕] {0,2}[0-9]",
    r"[A-Za-z0-9가-힣_-] ?[＠﹫。｡．] ?[A-Za-z0-9가-힣]",
    rf"@[A-Za-z0-9.\-]*[{DASHES}{DOTS}][A-Za-z0-9]|[A-Za-z0-9][{DASHES}{DOTS}][A-Za-z0-9._\-]{{1,30}}@",
    rf"[{LOOK_ALIKES}]{{2,}}[ :]{{1,2}}[0-9]|[{LOOK_ALIKES}] [0-9]{{3}}",
    r"[0-9A-Za-z]\p{No}[0-9A-Za-z]",
    r"\x{20e3}",
    r"[0-9][\p{So}\p{Sk}]{1,3}\x{200d}[\p{So}\x{200d}\x{fe0f}\p{Sk}]{1,9}[0-9]",
    r"[가-힣0-9A-Za-z:][\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}][가-힣0-9A-Za-z]",
    r"[㈀-㈞㋀-㏿][0-9A-Za-z가-힣]",
)
"""Where folding could bring something to light. Emoji, ①, ㈜ by themselves, ㅋㅋ and ㅠㅠ are ordinary."""

_INVISIBLE: Final = re.compile(rf"[{INVISIBLES}]+|(?<=[0-9A-Za-z@._\-])[{MARKS}]+")
_COMPOSED: Final = re.compile(rf"{JAMO[0]}|{JAMO[1]}|([{_EXPANDED}])")


def fold(reading: Reading) -> Reading:
    """The text in plain characters; `reading` itself where it is plain."""
    if reading.text.isascii():
        return reading
    visible = reading.replaced(_INVISIBLE, lambda _: "")
    whole = visible.replaced(_COMPOSED, _composed)
    return whole.same_length(whole.text.translate(PLAIN))


def _composed(match: re.Match[str]) -> str | None:
    """A syllable of its letters, or what one character stands for; `None` where the table says it better."""
    if match[1]:
        return syllable(match[1], match[2], match[3] or "")
    sign = match[4]
    if sign is None:
        return unicodedata.normalize("NFC", match[0])
    if ord(sign) in PLAIN:
        return None
    plain = unicodedata.normalize("NFKC", sign)
    return plain if plain != sign else None
