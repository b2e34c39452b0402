"""Encodings of a whole block: base64 in both alphabets, base32, hexadecimal.

A word is decoded where what comes out is text: UTF-8 without control characters. Nearly no identifier, digest or
random key decodes to that, so ordinary code is not read otherwise. A long word that mixes everything and decodes
to nothing is opaque: it may be a digest, a signature, or something encrypted.
"""

import math
import re
from base64 import b32decode
from binascii import Error, a2b_base64
from collections import Counter
from collections.abc import Iterator
from typing import Final

from haechi.gateway.classify.normalise.calls import closing, opening
from haechi.gateway.classify.normalise.reading import Edit, Reading

SHORTEST: Final = 12
"""Characters of base64 in which a name of three syllables fits."""

_HEX: Final = "[0-9A-Fa-f]"
SIGNS: Final = (
    r"[A-Za-z0-9+/_\-]{7,}={1,2}",
    r"[A-Z0-9][a-z]{1,4}[A-Z0-9+/]{1,8}[a-z]{1,4}[A-Z0-9+/]",
    r"[0-9][A-Z][A-Za-z0-9+/]*[0-9][A-Z]",
    r"[A-Z2-7]{14,}|[a-z2-7]{0,12}[2-7][a-z2-7]{14,}",
    rf"{_HEX}{{12,}}",
    r"[45][0-9A-Fa-f]3[0-9]3[0-9]2[eE]3[0-9]|[45][0-9A-Fa-f][ :,\-]3[0-9][ :,\-]3[0-9][ :,\-]2[eE]",
    r"[67][A-Za-z][A-Za-z0-9+/_\-]{2}[67][A-Za-z]",
    r"[MNO][DTjz][AEIMQUYcgk][w-z0-5][MNO][DTjz][AEIMQUYcgk]?|[Gg][AEIMQUYaeimquy4][YZyz2-7][DTdt][ACEGIKMOQSUWYacegikmoqsuwy246][LMNOPlmnop][BJRZbjrz]",
    r"[Q-W][A-Za-z0-9]{3}Lj[AEIMQUYcgk]|[I-L][A-Z2-7]{4}LR[A-Z2-7]|[i-l][a-z2-7]{4}lr[a-z2-7]",
    r"(?:[0-9A-Fa-f]{4} ){2}[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8}[ \n][0-9A-Fa-f]{8}|(?:[0-9A-Fa-f]{2}h ){3}",
    rf"(?:{_HEX}{{2}}[ :,\-]){{5}}{_HEX}{{2}}|(?:0[xX]{_HEX}{{2}},? ?){{5}}",
)

_WORD: Final = re.compile(
    rf"""(?x)
    (?P<apart> (?<![0-9A-Za-z])(?:{_HEX}{{2}}[ :,\-]){{4,}}{_HEX}{{2}}(?![0-9A-Za-z]) )
    | (?P<grouped> (?<![0-9A-Za-z])(?:(?:{_HEX}{{4}}[ ]){{2,}}(?:{_HEX}{{2}}){{1,2}} | (?:{_HEX}{{8}}[ \n]){{1,}}(?:{_HEX}{{2}}){{1,4}}
        | (?:{_HEX}{{16}}\n)+(?:{_HEX}{{2}}){{1,8}} | (?:{_HEX}{{2}}h[ ]){{3,}}{_HEX}{{2}}h)(?![0-9A-Za-z]) )
    | (?P<listed> (?:0[xX]{_HEX}{{2}}[, ]{{0,3}}){{5,}} )
    | (?P<lines> (?<![A-Za-z0-9+/_=\-])(?:[A-Za-z0-9+/]{{40,}}\r?\n[ \t>]{{0,4}})+[A-Za-z0-9+/]{{2,}}={{0,2}}(?![A-Za-z0-9]) )
    | (?P<word> (?<![A-Za-z0-9+/_\-])[A-Za-z0-9+/_\-]{{7,}}={{0,6}} )
    """
)
_HEXADECIMAL: Final = re.compile(rf"(?:0[xX])?((?:{_HEX}{{2}}){{5,}})")
_BASE32: Final = re.compile(r"([A-Z2-7]{8,}|[a-z2-7]{8,})={0,6}")
_LIST_PREFIX: Final = re.compile(r"0[xX]|[ :,\-h\n]")

OPAQUE: Final = 128
"""Characters of a word that could hide a sentence: a SHA-512 in hexadecimal is not longer."""
_RANDOM: Final = 4.2
"""Bits a character (Shannon); prose, paths and names joined by points stay below."""


def decode(reading: Reading) -> Reading:
    """The text with its blocks decoded once; `reading` itself where none holds text."""
    return reading.edited(_edits(reading.text))


def is_decodable(text: str) -> bool:
    """Whether any block in `text` holds text."""
    return next(_edits(text), None) is not None


def opaque(text: str) -> Iterator[tuple[int, int]]:
    """Where long words stand that hold no text and look like chance."""
    for match in _LONG.finditer(text):
        if _decoded(match[0]) is None and _looks_random(match[0]):
            yield match.span()


_LONG: Final = re.compile(rf"(?<![A-Za-z0-9+/_=\-])[A-Za-z0-9+/_\-]{{{OPAQUE + 1},}}={{0,2}}")


def _looks_random(word: str) -> bool:
    counts = Counter(word[:4096]).values()
    length = min(len(word), 4096)
    bits = -sum(n / length * math.log2(n / length) for n in counts)
    return bits >= (3.6 if _HEXADECIMAL.fullmatch(word) else _RANDOM)


def _edits(text: str) -> Iterator[Edit]:
    for match in _WORD.finditer(text):
        found = match[0]
        match match.lastgroup:
            case "apart" | "listed" | "grouped":
                said = _text(bytes.fromhex(_LIST_PREFIX.sub("", found)))
                if said is not None:
                    yield *_with_calls(text, match.start(), match.end()), said
            case "lines":
                yield from _lines(match.start(), found)
            case _:
                said = _decoded(found)
                if said is not None and (
                    len(found) >= SHORTEST or _is_padded(found) or _FIGURES.search(said)
                ):
                    yield *_with_calls(text, match.start(), match.end()), _unwrapped(said)


def _is_padded(word: str) -> bool:
    """Whether a short word ends as one of base64 or base32 does; the sign behind the name in `password=` fills nothing up."""
    return word[-1] == "=" and len(word) % 4 == 0


def _with_calls(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of a block with what says how it is encoded: `atob("…")`, `data:text/plain;base64,…`, `=?UTF-8?B?…?=`."""
    if prefix := _PREFIX.search(text, max(0, start - 48), start):
        suffix = _SUFFIX.match(text, end)
        return prefix.start(), suffix.end() if suffix else end
    quote = text[start - 1 : start]
    if start and quote in {"'", '"', "`"} and text[end : end + 1] == quote:
        first, last = opening(text, start - 1), closing(text, end + 1)
        if first < start - 1 and last > end + 1:
            return first, last
    if quote in {"(", "[", "{"}:
        first, last = opening(text, start), closing(text, end)
        if first < start - 1 and last > end:
            return first, last
    return start, end


_PREFIX: Final = re.compile(
    r"(?:data:[a-z]{2,12}/[a-z.+\-]{2,16}(?:;[a-z]{3,8}=[A-Za-z0-9\-]{2,12})?;base64,|=\?[A-Za-z0-9\-]{3,12}\?[Bb]\?|(?i:base64|b64|hex|base32):\s?"
    r"|(?<![0-9A-Za-z])[xX]'|echo |\\x)\Z"
)
_SUFFIX: Final = re.compile(r"\?=|'|\s?\|\s?base64 (?:-d|--decode|-D)\b|(?=[^0-9A-Za-z]|\Z)")


_FIGURES: Final = re.compile(r"[0-9]{5}|\A[A-Z][0-9]{2}\.[0-9]{1,2}\Z|\A[가-힣][가-힣 ]*[가-힣]\Z")
"""Chance does not decode to these: a short word that does was a number."""
_ENVELOPE: Final = re.compile(
    r"""(?x)\s*\{\s*"(?i:value|val|v|data|d|text|t|number|no|id|n|content|body|payload|result|x)"\s*:\s*
    (?:"([^"\\{}]{1,200})"|([0-9]{5,20}))\s*\}\s*"""
)


def _unwrapped(said: str) -> str:
    """What stands in an object whose only key says nothing: its name stands before the block."""
    envelope = _ENVELOPE.fullmatch(said)
    return (envelope[1] or envelope[2]) if envelope else said


def _lines(start: int, block: str) -> Iterator[Edit]:
    """A block broken into lines, as mail and certificates write it, else each of its lines by itself."""
    said = _decoded(_BREAK.sub("", block))
    if said is not None:
        yield start, start + len(block), said
        return
    for line in _LINE.finditer(block):
        said = _decoded(line[0])
        if said is not None:
            yield start + line.start(), start + line.end(), said


_BREAK: Final = re.compile(r"\r?\n[ \t>]{0,4}")
_LINE: Final = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}")


def _decoded(word: str) -> str | None:
    """The text that a word holds, in the narrowest alphabet in which it holds any."""
    if (digits := _HEXADECIMAL.fullmatch(word)) and (said := _text(bytes.fromhex(digits[1]))) is not None:
        return said
    if _BASE32.fullmatch(word) and (said := _from_base32(word.rstrip("=").upper())) is not None:
        return said
    return _from_base64(word.rstrip("="))


def _from_base32(word: str) -> str | None:
    try:
        return _text(b32decode(word + "=" * (-len(word) % 8)))
    except Error:
        return None


def _from_base64(word: str) -> str | None:
    if len(word) % 4 == 1:
        return None
    try:
        return _text(a2b_base64(word.translate(_STANDARD) + "=" * (-len(word) % 4)))
    except Error:
        return None


_STANDARD: Final = str.maketrans("-_", "+/")


def _text(raw: bytes) -> str | None:
    """What bytes say, where they say something: UTF-8, or UTF-16 as PowerShell encodes it."""
    try:
        wide = raw[1::2].count(0) * 3 > len(raw)
        said = raw.decode("utf-16-le" if wide else "utf-8")
    except UnicodeDecodeError:
        return None
    plain = said.translate(_BLANK)
    return said if plain.isprintable() or not _CONTROL.search(plain) else None


_BLANK: Final = {9: " ", 10: " ", 13: " "}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
