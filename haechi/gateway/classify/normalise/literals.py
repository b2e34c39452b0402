"""Values written as code: concatenation, formats, lists of characters, character codes, fields of one object.

    "9001" + "01-1234568"     "{}-{}".format("900101", "1234568")     String.fromCharCode(57, 48, …)

Code is not run. Expressions whose parts are all literals are put together by their shape, in the manner of the
common languages; what stands between two literals is taken out. Such readings are loose.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from haechi.gateway.classify.normalise.calls import closing, names, opening
from haechi.gateway.classify.normalise.reading import Edit, Reading

_QUOTE: Final = "[\"'`]"
_OPERATOR: Final = r"(?:\+\+?|\|\||<<|\.\.?|<>|&|~|\^|\*|//|%\+%|;)"
_BEHIND: Final = r"[)\]};]{0,3}(?:\.[A-Za-z]{2,16}\(\))?"
"""What a literal may have behind it before the operator: `"a".toString() + "b"`, `std::string("a") + …`."""
_WORD: Final = r"[$@A-Za-z_][0-9A-Za-z_.$:]{0,24}"
_PIECE: Final = r"(?:[fFrRbBuU@$]{0,2}(?:\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|`[^`\n]{0,80}`))"
_HOLE: Final = (
    r"(?:%\([A-Za-z][A-Za-z0-9_]{0,7}\)s|\{(?:[0-9]{0,2}|[A-Za-z][A-Za-z0-9_]{0,7})\}|%[sdcv@]|\$\{[0-9]\})"
)
_PART: Final = r"(?:[A-Za-z]|(?i:part|p|x|s|str|first|second|third|front|back|head|tail|left|right|num|n)_?[0-9]{0,2}|앞|뒤|앞자리|뒷자리)"
"""What pieces of a value are called that are assigned without quotes."""
_CODE: Final = r"(?:0[xX][0-9A-Fa-f]{2,5}|0o[0-7]{2,6}|-?[0-9]{2,6})"
_TO_CHARACTER: Final = (
    r"(?i:chrw?|n?char|uni(?:chr|char)|rune|(?:String\.)?from(?:Char|Code)(?:Code|Point)(?:\.apply)?)"
)
_CASTED: Final = rf"(?:{_TO_CHARACTER}\s{{0,2}}\(\s{{0,2}}|\[char\]\s?|U\+)"
_OPENS: Final = r"(?:[$#]\{|\$\(|\\\(|\{\{?)\s?"
_CLOSES: Final = r"\s?(?:\}\}?|\))"
"""Around a hole that holds a literal: `${'a'}`, `#{'a'}`, `\\("a")`, `{{ 'a' }}`."""

_TO_FIELD: Final = rf"{_QUOTE}[^\"'\n]*{_QUOTE}\s*(?::|=>)\s*"

SIGNS: Final = (
    rf"{_QUOTE}{_BEHIND}\s*{_OPERATOR}[\s_\\]*(?:/\*[^*\n]*\*/\s*{_OPERATOR}?)?\s*\(?[fFrRbBuU@$]{{0,2}}{_QUOTE}",
    rf"{_QUOTE}\s*/\*[^*\n]*\*/\s*{_OPERATOR}\s*{_QUOTE}",
    rf"{_QUOTE}{_BEHIND}\s*{_OPERATOR}?\s*(?:{_WORD}\s*){{1,3}}(?:\[[0-9]{{1,2}}\]\s*)?[.+&<|]?(?:=|:|\(|<<|&|\+)\s*[fFrRbBuU@$]{{0,2}}{_QUOTE}",
    rf"{_QUOTE};?\s*{_WORD}\s*=\s*{_WORD}\s*[+.&|<]{{1,2}}\s*{_QUOTE}|{_QUOTE}\)?;?\s*{_WORD}\((?:{_WORD},\s*)?{_QUOTE}",
    r"[0-9A-Za-z가-힣@.\-](?:''|\"\")[0-9@.\-]|[0-9@.\-](?:''|\"\")[A-Za-z0-9가-힣]",
    rf"[0-9A-Za-z\-][0-9@.\-][;,]?\s{{1,3}}{_PART}\s?[=:]\s?[0-9@.\-]{{2,}}",
    rf"{_QUOTE}\s*#define {_WORD} {_QUOTE}",
    rf"{_QUOTE}\s*\+\s*{_WORD}\(\s*{_QUOTE}|{_QUOTE}\s*,\s*(?:[0-9]{{1,2}}|{_WORD})\s*(?::|=>?)\s*{_QUOTE}",
    rf"{_QUOTE}\s*/?>\s*<{_WORD}\s+{_WORD}=\s*{_QUOTE}",
    rf"{_QUOTE}[ \t]*\r?\n[ \t\-]*{_QUOTE}|{_QUOTE};\s*{_QUOTE}|\)\.append\({_QUOTE}|{_QUOTE}{_CLOSES}[^\"'\n]{{0,3}}{_OPENS}{_QUOTE}",
    r"[0-9A-Za-z@.\-]#\\[0-9A-Za-z@.\-]|#\\[0-9A-Za-z] #\\|\?[0-9], \?",
    r"[\"'][ \t]+\\?\n?[ \t]*[fFrRbBuUL]?[\"'][0-9A-Za-z가-힣@._\-]",
    rf"[0-9@.\-]{_QUOTE}\s*,\s*{_QUOTE}[-.@ /]?[0-9A-Za-z가-힣]|[0-9A-Za-z]{_QUOTE}\s*,\s*{_QUOTE}[0-9@.\-]",
    rf"[A-Z0-9]{{4}}{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[A-Z0-9]{{4}}",
    rf"@[0-9A-Za-z.\-]*{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[A-Za-z]",
    rf"[A-Za-z]{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[0-9A-Za-z._\-]*@",
    rf"(?:{_QUOTE}[0-9A-Za-z가-힣@.\-]{_QUOTE}\s*,\s*){{3}}",
    rf"[가-힣]{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[가-힣]",
    rf"[0-9A-Za-z가-힣@.\-]{_QUOTE}\s*,\s*{_TO_FIELD}{_QUOTE}[-.@0-9]",
    rf"[0-9@.\-]{_QUOTE}?\s*,\s*{_TO_FIELD}{_QUOTE}?[-.@0-9A-Za-z]",
    rf"{_QUOTE}\s*\.\s*join\(\s*(?:[\[(]\s*{_QUOTE}|map|chr)|\.concat\(|{_QUOTE}\s*\]\s*\.\s*join\(",
    rf"{_HOLE}[^\"'\n]{{0,3}}{_HOLE}[^\"'\n]*{_QUOTE}\s*(?:\.\s*format(?:ted)?\(|%|,|-f|)\s*[(\[]?@?(?:[a-z]=)?{_QUOTE}",
    r"\}[-.@ /]?\{['\"]",
    rf"{_CASTED}(?:null, )?\[?{_CODE}|U\+00[0-9A-F]{{2}}",
    rf"chr\s*,\s*[\[(]\s*{_CODE}",
    rf"{_CODE}(?:\s*,\s*{_CODE}){{5}}|[\[(]\s?{_CODE}(?:\s?,\s?{_CODE}){{4}}",
    r"(?:(?:4[5-9]|5[0-7])(?: |; ?)){4}|(?:0?(?:55|6[0-7]|7[01]) ){4}",
)

_LISTED: Final = re.compile(
    rf"""(?x)
    (?:{_QUOTE}{{2}}\s?\.\s?join\([^\[\n(]{{0,40}}\(?)? (?:[A-Za-z_.][A-Za-z0-9_.]{{2,29}}\(\s{{0,4}})? (?:chr\s?,\s?)?
    (?:\[|\(|\{{)?\s{{0,8}}
    ({_CODE}(?:\s{{0,4}},\s{{0,8}}{_CODE}){{4,}}+)
    \s{{0,8}}[\])}}]{{0,4}}
    """
)
_NAMED_LIST: Final = re.compile(
    rf"""(?x)
    (?:{_QUOTE}{{2}}\s?\.\s?join\()? (?:(?:list|tuple)\()?
    (?:map\(\s?(?:chr|unichr)\s?,\s?|{_TO_CHARACTER}\()\s?(?:\.{{3}})?[\[(]?
    \s{{0,8}}({_CODE}(?:\s{{0,4}},\s{{0,8}}{_CODE})+)\s{{0,8}}[\])]{{0,4}}
    """
)
"""What is called so needs no more than two codes to be letters."""
_CALLS: Final = re.compile(
    rf"(?:{_CASTED}(?:(?<=U\+)[0-9A-F]{{4,5}}|{_CODE})\s?\)?(?:[ ]{{0,4}}[+.&|,]{{1,2}}\s{{0,8}}|[ ](?=U\+)|(?=U\+|\s{{0,4}}\Z|))){{2,}}+"
)
_SPACED: Final = re.compile(r"(?<![0-9.,-])(?:[0-9]{2,3}(?:;? |;)(?=[0-9])){4,}+[0-9]{2,3}(?![0-9.,-])")
"""Codes with blanks between: believed where most are those of figures."""
_NUMBER: Final = re.compile(rf"U\+[0-9A-F]{{4,5}}|{_CODE}")

_FORMAT: Final = re.compile(
    rf"""(?x)
    [fFrRbBuU@]?(["'`]) ((?:[^"'`\n{{%$]{{0,20}}{_HOLE}){{1,24}}[^"'`\n{{%$]{{0,20}}) \1 \s{{0,4}}
    (?:\.\s?format(?:ted)?\s?\(|%\s?[({{\[]?|,|-f\s|(?<=\s))\s{{0,8}}
    ((?:(?:[A-Za-z][A-Za-z0-9_]{{0,7}}=|["'][A-Za-z][A-Za-z0-9_]{{0,7}}["']:\s?)?{_PIECE}\s{{0,4}},?\s{{0,8}}){{1,24}}) [)\]}}]?
    """
)
_JOIN: Final = re.compile(
    rf"""(?x)
    [bBuUrR]?(["'`])([^"'`\n]{{0,4}})\1 \s?\.\s?join\(\s{{0,4}}[\[(]\s{{0,8}} ((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{1,200}}) [\])]\s{{0,8}}\)?
    """
)
_JOINED_BEHIND: Final = re.compile(
    rf"""(?x) \[\s{{0,8}}((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{2,200}})\]\s?\.\s?join\(\s?(["'`])([^"'`\n]{{0,4}})\2\s?\)"""
)
_JOIN_CALLED: Final = re.compile(
    rf"""(?x) (?<![0-9A-Za-z_])(?:implode|strings\.Join|String\.[jJ]oin|string\.Join|[cC]oncat_ws|CONCAT_WS|paste)\(\s{{0,2}}
    (["'`])([^"'`\n]{{0,4}})\1\s{{0,2}},\s{{0,4}}(?:(?:array|list|c|Arrays\.asList|List\.of)\(|[\[({{])?\s{{0,8}}
    ((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{2,200}}) [\])}}]{{0,3}}
    """
)
_ONE_PIECE: Final = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`\n]*)`")
_ONE_HOLE: Final = re.compile(_HOLE)

_GLUE: Final = re.compile(
    rf"""(?x)
    {_QUOTE}?\s{{0,8}},\s{{0,20}}{_QUOTE}[^"'\n]{{1,40}}{_QUOTE}\s{{0,4}}(?::|=>)\s{{0,4}}{_QUOTE}?
    | (?P<bare>(?<=[0-9A-Za-z\-][0-9@.\-])[;,]?\s{{1,3}}{_PART}\s?[=:]\s?(?=[0-9@.\-]))
    | (?P<op>{_QUOTE}{{1,3}}\)?\s{{0,8}}(?:{_OPERATOR}|\|\||,|\\)?\s{{0,20}}\(?[fFrRbBuU@$]{{0,2}}{_QUOTE}{{1,3}})
    | (?P<joint>{_QUOTE}{{1,3}}(?:[ \t]{{0,8}}[)\]}};,+.&|~<>^*%/\\]|\s{{0,2}}[\n-])[^"'`가-힣\n]{{0,60}}\n?[^"'`가-힣\n]{{0,40}}{_QUOTE}{{1,3}})
    | (?P<close>{_QUOTE}{_CLOSES}[ ]?{_OPENS}{_QUOTE} | {_QUOTE}{_CLOSES}{_QUOTE}? | [fF$]{{0,2}}{_QUOTE}{_OPENS}{_QUOTE} | {_OPENS}{_QUOTE})
    | (?P<edge>(?:(?<![0-9A-Za-z@."'`])[fFrRbBuUL@$]{{1,2}})?{_QUOTE})
    """
)


def evaluate(reading: Reading) -> Reading:
    """Formats, joins and character codes, each replaced by what it makes."""
    for pattern, say in (
        (_JOIN, _joined),
        (_JOINED_BEHIND, _joined_behind),
        (_JOIN_CALLED, _joined_behind_separator),
        (_FORMAT, _formatted),
        (_CALLS, _spelled),
        (_NAMED_LIST, _spelled_list),
        (_LISTED, _spelled_list),
        (_SPACED, _spelled_figures),
    ):
        reading = reading.edited(_calls(reading.text, pattern, say))
    return reading


def _calls(text: str, pattern: re.Pattern[str], say: Callable[[re.Match[str]], str | None]) -> Iterator[Edit]:
    """Every match as `say` puts it, with the calls around it."""
    for match in pattern.finditer(text):
        said = say(match)
        if said is not None:
            end = match.start() + len(match[0].rstrip())
            yield opening(text, match.start()), closing(text, end), said


def glue(reading: Reading) -> Reading:
    """Literals and fields that stand side by side, put together."""
    return reading.edited(_glue(reading.text), loose=True)


def _glue(text: str) -> Iterator[Edit]:
    edits = list(_glued_places(text))
    for number, (start, end, group, said) in enumerate(edits):
        left = edits[number - 1] if number else None
        right = edits[number + 1] if number + 1 < len(edits) else None
        from_left = left is not None and start - left[1] <= _LONGEST
        to_right = right is not None and right[0] - end <= _LONGEST
        first, last = start, end
        if group in _JOINTS:
            first = start if from_left else opening(text, start)
            last = end if to_right else closing(text, end)
        elif group in _EDGES:
            if from_left and left is not None and left[2] in _JOINTS:
                last = _summed(text, closing(text, end))
            elif to_right and right is not None and right[2] in _JOINTS:
                first = opening(text, start)
        yield first, last, said


_EDGES: Final = frozenset({"edge", "close"})


def _glued_places(text: str) -> Iterator[tuple[int, int, str | None, str]]:
    """What is taken out, and as what; of what seems to join two literals and is prose, the quotes alone."""
    for match in _GLUE.finditer(text):
        said = _glued(match)
        if said is not None:
            yield match.start(), match.end(), match.lastgroup, said
        else:
            yield match.start(), match.start() + 1, "edge", ""
            yield match.end() - 1, match.end(), "edge", ""


def _summed(text: str, end: int) -> int:
    """Where the statement ends that puts the variables together to which literals were assigned."""
    match = _SUM.match(text, end)
    if match is None:
        return end
    before = text[max(0, end - 400) : end]
    parts = [word for word in _IDENTIFIER.findall(match[1]) if len(word) > 1 or word != "f"]
    return (
        match.end()
        if all(re.search(rf"(?<![0-9A-Za-z_]){re.escape(word)}\s?=", before) for word in parts)
        else end
    )


_SUM: Final = re.compile(
    r"""(?x) ;?\s{1,3} (?:(?:const|let|var|String|echo|return|print|puts)\s|(?:print|puts|echo|log|println|console\.log|System\.out\.println)\()? (?:[$\w]{1,8}\s?=\s?)? [fF$]{0,2}["`]?
    ((?:[${]{0,2}[A-Za-z_]\w{0,8}\}?[ ]?[+.&]?[ ]?){2,6}) ["`]?\)?;?"""
)
_JOINTS: Final = frozenset({"op", "joint"})
_LONGEST: Final = 80
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$@][0-9A-Za-z_$]*")
_ASSIGNS: Final = frozenset("=([{:<")
_MOST_WORDS: Final = 6
_OF_CODE: Final = frozenset(["TRUE", "FALSE", "null", "None", "join", "sep"])


def _is_code(between: str) -> bool:
    """Whether what stands between two literals is code and no prose."""
    words = [word for word in _IDENTIFIER.findall(between.strip("\"'`")) if len(word) > 1]
    if not set(words) - _OF_CODE:
        return True
    signs = set(re.sub(r"[0-9A-Za-z_\s]", "", between))
    return len(words) <= _MOST_WORDS and (bool(signs & _ASSIGNS) or "/*" in between)


def _glued(match: re.Match[str]) -> str | None:
    """Nothing, but a blank between a field that only names the next and what it names; `None` where prose stands."""
    if match.lastgroup == "joint":
        if not _is_code(match[0]):
            return None
        words = _IDENTIFIER.findall(match[0])
        return " " if words and words[-1].casefold() in names() else ""
    if match.lastgroup is not None:
        return ""
    if ":" not in match[0] and "=>" not in match[0]:
        return ""
    if match.string[match.end() : match.end() + 1].isdigit() and _WORD_END.search(
        match.string, max(0, match.start() - 8), match.start()
    ):
        return " "
    left = _LAST_PIECE.search(match.string, max(0, match.start() - 40), match.start())
    named = left is None or _PROSE.search(left[0]) or re.sub(r"\s", "", left[0]).casefold() in names()
    return " " if named else ""


_WORD_END: Final = re.compile(r"[a-z가-힣]\Z|[A-Z]{5}\Z")
"""A word, and no letter that begins a number."""
_PROSE: Final = re.compile(r"^[^0-9@]* [^0-9@]*$")
_LAST_PIECE: Final = re.compile(r"[^\"'`:,{}]{1,40}\Z")


def _pieces(listed: str) -> list[str]:
    return ["".join(part or "" for part in found.groups()) for found in _ONE_PIECE.finditer(listed)]


def _joined(match: re.Match[str]) -> str:
    return match[2].join(_pieces(match[3]))


def _joined_behind(match: re.Match[str]) -> str:
    return match[3].join(_pieces(match[1]))


_KEY: Final = re.compile("([\"'])[A-Za-z][A-Za-z0-9_]{0,7}\\1:\\s?")


def _joined_behind_separator(match: re.Match[str]) -> str:
    return match[2].join(_pieces(match[3]))


def _formatted(match: re.Match[str]) -> str | None:
    """The pieces in their holes, in order or by number; `None` where there are too few."""
    listed = _KEY.sub("", match[3])
    pieces, said = _pieces(listed), iter(_pieces(listed))
    if len(_ONE_HOLE.findall(match[2])) > len(pieces):
        return None

    def filled(hole: re.Match[str]) -> str:
        number = hole[0].strip("{}$%")
        return pieces[int(number)] if number.isdecimal() and int(number) < len(pieces) else next(said, "")

    return _ONE_HOLE.sub(filled, match[2])


def _spelled(match: re.Match[str]) -> str | None:
    return _characters(match[0])


def _characters(listed: str) -> str | None:
    """What codes of characters or bytes of UTF-8 say, in any base; `None` where it is no text."""
    codes = [_code(code) for code in _NUMBER.findall(listed)]
    if codes and codes[-1] == 0:
        codes.pop()
    if all(map(_is_text, codes)):
        return "".join(map(chr, codes))
    if not all(code % 256 >= 32 and -128 <= code < 256 for code in codes):
        return None
    try:
        said = bytes(code % 256 for code in codes).decode()
    except UnicodeDecodeError:
        return None
    return said if all(_is_text(ord(sign)) for sign in said) else None


def _code(code: str) -> int:
    if code[:2] in {"U+", "0x", "0X"}:
        return int(f"0x{code[2:]}", 0)
    return int(code, 8 if code[:2] == "0o" else 10)


def _is_text(code: int) -> bool:
    return 32 <= code < 127 or 0xAC00 <= code < 0xD7A4 or 0x4E00 <= code < 0xA000


_MOST_FIGURES: Final = 0.6


def _spelled_figures(match: re.Match[str]) -> str | None:
    """Codes in decimals, else in octals."""
    codes = re.findall("[0-9]+", match[0])
    for base in (10, 8):
        try:
            said = bytes(int(code, base) for code in codes).decode()
        except ValueError:
            continue
        if said.isprintable() and sum(map(str.isdecimal, said)) >= _MOST_FIGURES * len(said):
            return said
    return None


def _spelled_list(match: re.Match[str]) -> str | None:
    """Characters of a list of codes; a list of numbers of ordinary size says nothing that anybody looks for."""
    return _characters(match[1]) if "," in match[1] else None
