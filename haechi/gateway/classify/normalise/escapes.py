"""Escapes that stand for single characters: percent, string literals, HTML entities, quoted-printable, exponents.

Each is undone where it stands, so that what is around it stays its context, and a finding covers no more than the
escapes it was written in. Several pieces make one character where they are bytes of UTF-8.
"""

import html
import re
import unicodedata
from typing import Final

from haechi.gateway.classify.normalise.reading import Reading

_BYTE: Final = "[0-9A-Fa-f]{2}"
_SOFT: Final = r"=[ \t]{0,4}\r?\n"

SIGNS: Final = (
    rf"%{_BYTE}|%u[0-9A-Fa-f]{{4}}",
    r"\\[uUxo][0-9A-Fa-f{]|\\[0-3][0-7]{2}|\\[4-7][0-7]\\|\\[2-7][0-9A-Fa-f] \\[2-7]|\\N\{[DHCFL]",
    r"\\[abefnrtv0\"'/\\]",
    r"&(?:#[0-9xX]|[A-Za-z]{2,31};)",
    rf"={_BYTE}=(?:{_BYTE}|\r?\n)|[0-9A-Za-z]=(?:2[B-F]|3[A-F]|40|5F)[0-9A-Za-z]|=3[0-9][0-9]{{1,3}}=|={{1}}\r?\n[0-9A-Za-z=]",
    r"[0-9]\.[0-9]{8,}[eE]\+?[0-9]",
)

_ESCAPE: Final = re.compile(
    rf"""(?x)
    (?P<percent> %[0-7][0-9A-Fa-f] | (?:%[89A-Fa-f][0-9A-Fa-f])+ )
    | %u(?P<percent_u>[0-9A-Fa-f]{{4}})
    | \\u(?P<high>[dD][89abAB]{_BYTE})\\u(?P<low>[dD][c-fC-F]{_BYTE})
    | \\(?:u|U000[0-9A-Fa-f])(?P<unicode>[0-9A-Fa-f]{{4}}) | \\[ux]\{{(?P<braced>[0-9A-Fa-f]{{1,6}})\}}
    | \\o\{{(?P<octals>[0-7]{{2,6}})\}} | \\N\{{(?P<named>[A-Z][A-Z \-]{{2,40}})\}}
    | (?P<css> \\0[0-9A-Fa-f]{{3,5}}[ ]? (?:(?=[^0-9A-Fa-f])|\Z) )
    | (?P<css_short> (?:\\[2-7][0-9A-Fa-f][ ]){{4,}} )
    | (?P<bytes> \\x[0-7][0-9A-Fa-f] | (?:\\x[89A-Fa-f][0-9A-Fa-f])+ )
    | (?P<octal> \\0?[01][0-7]{{2}} | (?:\\0?[23][0-7]{{2}})+ | (?:\\[4-7][0-7](?![0-7])){{3,}} )
    | \\(?P<letter>[abefnrtv0"'/\\])
    | (?P<entity> &(?:\#[0-9]{{1,7}};? | \#[xX][0-9A-Fa-f]{{1,6}};? | [A-Za-z][A-Za-z0-9]{{1,31}};) )
    | (?P<quoted> =(?:{_BYTE}|[ \t]{{0,4}}\r?\n)(?:=(?:{_BYTE}|[ \t]{{0,4}}\r?\n))+
        | (?<=[0-9A-Za-z])=(?:2[B-F]|3[A-F]|40|5F)(?=[0-9A-Za-z]) | (?<=[0-9A-Z])=3[0-9](?=[0-9A-Z@.\-]) | (?<![0-9A-Za-z+/_\-=]{{16}})=\r?\n(?=[0-9A-Za-z=]) )
    | (?P<mail_word> =\?[A-Za-z0-9\-]{{3,12}}\?[Qq]\?(?==[0-9A-F]{{2}}) | (?<==[0-9A-F][0-9A-F])\?= )
    | (?P<exponent> (?<![0-9.])[0-9]\.[0-9]{{8,18}}[eE]\+?[0-9]{{1,2}}(?![0-9.]) )
    """
)
_LETTERS: Final = dict(zip("abefnrtv0", " \b\x1b\f\n\r\t\v ", strict=True))


def unescape(reading: Reading) -> Reading:
    """The text with its escapes undone once; `reading` itself where it holds none."""
    return reading.replaced(_ESCAPE, _undone)


def _undone(match: re.Match[str]) -> str | None:
    name, found = match.lastgroup, match[match.lastgroup or 0]
    match name:
        case "percent":
            return _text(bytes.fromhex(found.replace("%", "")))
        case "percent_u" | "braced":
            return _character(int(found, 16))
        case "unicode":
            return _character(int(match[0][2:] if match[0][1] == "U" else found, 16))
        case "low":
            return chr(0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (int(found, 16) & 0x3FF))
        case "bytes":
            return _text(bytes.fromhex(found.replace("\\x", "")))
        case "octals":
            return _character(int(found, 8))
        case "css":
            return _character(int(found[1:], 16))
        case "css_short":
            return _text(bytes.fromhex(found.replace("\\", "")))
        case "named":
            try:
                return unicodedata.lookup(found)
            except KeyError:
                return None
        case "octal":
            return _text(bytes(int(octal, 8) for octal in found.split("\\")[1:]))
        case "letter":
            return _LETTERS.get(found, found)
        case "entity":
            plain = html.unescape(found)
            return plain if plain != found else None
        case "mail_word":
            return ""
        case "quoted":
            return _text(bytes.fromhex(_SOFT_BREAK.sub("", found).replace("=", "")))
        case _:
            number = float(found)
            return format(number, ".0f") if number.is_integer() else None


_SOFT_BREAK: Final = re.compile(_SOFT)


def _character(code: int) -> str | None:
    return None if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _text(raw: bytes) -> str:
    """What the bytes say; what is no UTF-8 hides nothing."""
    return raw.decode("utf-8", "replace")
