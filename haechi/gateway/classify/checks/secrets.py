"""Whether what stands where a secret stands is one, or a sample, a variable, an expression.

No repetition below stands inside another without something between: nothing to backtrack over.
A value is judged whole: `test1234!` and `Your$ecret99` are passwords, although words of samples stand in them.
"""

import base64
import binascii
import re
from typing import Final

from haechi.gateway.classify.checks.randomness import (
    classes_of,
    entropy_of,
    is_counted_up,
    is_random_word,
)
from haechi.gateway.classify.checks.samples import is_ordinary, is_sample
from haechi.gateway.classify.checks.secret_names import is_parameter, speaks_of_something_else
from haechi.gateway.classify.checks.verdict import NO, STRONG, Verdict

Groups = tuple[str | None, ...]

_LONGEST: Final = 4096
"""Characters of the longest credential; what is longer is a file in base64."""

_PASSWORD_NAME: Final = re.compile(
    "(?i)pass(?!key)|pwd|pw|psw|psk|비밀 ?번호|비번|암호(?!화 ?키)|패스 ?워드|identified"
)
_STRONG_NAME: Final = re.compile("(?i)secret|key|키|시크릿|access|auth|credential")

_CAMEL: Final = re.compile("[A-Za-z][a-z]+(?:[A-Z][a-z]+)+")
_HASHED: Final = re.compile(
    r"(?i)\$(?:[15-9]|2[aby]|14|y|apr1|argon2id?|scrypt)\$.*|\{[a-z0-9]{3,8}\}.*|(?:sha|md)[0-9]+[:\-].*|ENC\(.*"
)
_UUID: Final = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE: Final = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2}.*)?|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}")
_NUMBER: Final = re.compile(r"[-+$#]?[0-9][0-9.,:/~\-]*[%)]?")
_NUMBERED: Final = re.compile(r"[A-Za-z]+[-_]?[0-9.]+")
_UNIT: Final = re.compile(
    r"""(?x) [ \t]{0,2} (?: 자리?|글자|회|번(?!이에요|입니다|이고|이야|이요|예요|으로|을\ 누)
      | 개|일|분|초|월|년|시|명|건|가지|단계|만|천|원|비트|바이트|호|% | ~ | [.,:/\-][0-9]
      | (?:char|digit|time|day|minute|bit|token|attempt|user)s?\b ) | [A-Za-z0-9!@\#$%^&_]
    """
)
_SCHEMA: Final = re.compile(r"[A-Za-z]*(?:\|[A-Za-z_:0-9]+)+|[A-Za-z_]+[0-9]*\(.*|[A-Za-z_]\w*\[.*")
_TOKEN_NUMBER: Final = re.compile(r"[A-Za-z]+[0-9]{1,3}")
_VERSIONED: Final = re.compile(r"[A-Za-z]+(?:[-_.][A-Za-z]*[0-9]*)+")
_JWT_OF_THE_MANUAL: Final = ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIi"
_GUESSES: Final = frozenset(
    ["password", "pass", "passwd", "secret", "pw", "pwd", "changeme", "guest", "test", "postgres", "root", "admin",
     "example", "user", "mysql", "token", "xxx"]
)  # fmt: skip


def issued(matched: str, groups: Groups) -> Verdict:
    """A key that a machine made: no sample, no alphabet, not the same few characters over and over."""
    value = _value(groups) or matched
    if len(value) > _LONGEST or is_sample(value) or is_counted_up(value) or len(set(value)) < 8:
        return NO
    if not any(map(str.isdigit, value)):  # words with hyphens, such as `sk-learn-pipeline-with-many-steps`
        if matched.lstrip("/_").startswith(_CAPITALS):
            return STRONG
        return NO if value.islower() or value.isupper() or _CAMEL.fullmatch(value) else STRONG
    return NO if _of_words(value) else STRONG


_CAPITALS: Final = ("AKIA", "ASIA", "ABIA", "ACCA")
"""Keys of capitals, one in forty of which has no digit."""


def _of_words(value: str) -> bool:
    """`your-key-2024-goes-here`: four words or more, and hardly a digit among them."""
    words = [
        word for word in re.split(r"[-_.]", value) if word.isalpha() and word.islower() and len(word) > 2
    ]
    return len(words) >= 4 and sum(map(len, words)) * 10 >= len(value) * 6


def web_token(matched: str, groups: Groups) -> Verdict:
    """Three parts whose first two are JSON; the token that every manual shows is none."""
    value = _value(groups)
    if len(value) > _LONGEST:
        return STRONG
    return NO if _JWT_OF_THE_MANUAL in value or is_sample(value) or "..." in value else STRONG


def login(matched: str, groups: Groups) -> Verdict:
    """`user:password@` in an address: not a sample, a variable, the password of every example."""
    user, value = groups[0] or "", groups[1] or ""
    if (
        len(value) > _LONGEST
        or value.lower() in _GUESSES
        or value == user
        or is_sample(value)
        or _is_variable(value)
    ):
        return NO
    return (
        NO
        if value.endswith(("_password", "-password", "_pass")) and value.isascii() and value.islower()
        else STRONG
    )


def _is_variable(value: str) -> bool:
    return (
        "${" in value
        or "{{" in value
        or (value[0] in "<{[%$(" and value[-1] in ">}]%)")
        or value.startswith("$(")
    )


def assigned(matched: str, groups: Groups) -> Verdict:
    """`password = …`: digits alone where a password is named; else mixed classes or many different characters."""
    name, tail, value, before, behind = (group or "" for group in groups)
    if speaks_of_something_else(tail, before, name) or ("&" in value and is_parameter(before)):
        return NO
    if _UUID.fullmatch(value) and _OPENS.search(before):
        return STRONG
    return _judged(name, value, behind)


_OPENS: Final = re.compile(r"(?i)(?:auth|access|api|bearer|deploy|personal|registry)[ _-]?$")
"""What a token of a shape without sense is called where it opens something: `_authToken`."""


def assigned_password(matched: str, groups: Groups) -> Verdict:
    """`login hong password …`: one word that is no word of a sentence."""
    _, _, value, _, behind = (group or "" for group in groups)
    return _judged("password", value, behind)


def _judged(name: str, value: str, behind: str) -> Verdict:
    password = _PASSWORD_NAME.search(name) is not None
    if value.isdecimal():
        return STRONG if password and 4 <= len(value) <= 16 and not _UNIT.match(behind) else NO
    if not 6 <= len(value) <= _LONGEST or is_ordinary(value) or is_literal(value) or behind[:1] == "(":
        return NO
    classes, entropy = classes_of(value), entropy_of(value)
    if password:
        return STRONG if classes >= 3 or (classes >= 2 and entropy >= 2.5) or entropy >= 3.5 else NO
    return _judged_as_key(name, value, classes, entropy)


def is_literal(value: str) -> bool:
    """A date, a number, a hash, a type: nothing that opens a door."""
    return any(form.fullmatch(value) for form in (_DATE, _NUMBER, _HASHED, _SCHEMA))


def _judged_as_key(name: str, value: str, classes: int, entropy: float) -> Verdict:
    """Keys are made by machines: longer than a word with a number, and without sense."""
    if _UUID.fullmatch(value):
        return STRONG if _STRONG_NAME.search(name) else NO
    if len(value) < 8 or _TOKEN_NUMBER.fullmatch(value) or _of_words(value) or is_counted_up(value):
        return NO
    if not any(map(str.isdigit, value)):
        return STRONG if is_random_word(value) else NO
    if _VERSIONED.fullmatch(value) and entropy < 3.6 and classes < 4:
        return NO
    return STRONG if classes >= 3 or (classes >= 2 and entropy >= 2.75) else NO


def told(matched: str, groups: Groups) -> Verdict:
    """`비밀번호 …` in a sentence: what follows is prose more often, so it must look like a password: a digit,
    three classes, eight characters, and more than a name with a number (`iPhone15`)."""
    _, tail, value, before, behind = (group or "" for group in groups)
    if (
        tail
        or len(value) > _LONGEST_TOLD
        or is_ordinary(value)
        or is_literal(value)
        or _ESCAPED.search(value)
    ):
        return NO
    if _NUMBERED.fullmatch(value):
        return STRONG if len(value) >= 8 and _ENTERED.match(behind) and not _ABOUT.search(matched) else NO
    if _ABOUT.search(matched) or speaks_of_something_else(tail, before) or _is_file(value):
        return NO
    if _ENTERED.match(behind) and len(value) >= 8 and any(map(str.isdigit, value)) and classes_of(value) >= 2:
        return STRONG
    if behind[:1] == "(" or len(value) < (7 if _marks(value) else 8) or not any(map(str.isdigit, value)):
        return NO
    classes = classes_of(value)
    sure = (
        not _VERSIONED.fullmatch(value) or _marks(value) or (classes == 4 and _said_at_once(matched, value))
    )
    return STRONG if classes >= 3 and sure else NO


def _said_at_once(matched: str, value: str) -> bool:
    """Whether nothing but a particle stands between the name and the value: `암호 Hb-4821-any`."""
    return " " not in matched[: len(matched) - len(value)].rstrip(" \t\"'`(‘“「").partition("번호")[2]


_LONGEST_TOLD: Final = 40
_ESCAPED: Final = re.compile("://|(?:%[0-9A-Fa-f]{2}){3}")
_ENTERED: Final = re.compile(
    r"[ \t]?(?:입력|넣|치면|입니다|이에요|예요|임\b|\(?(?:모두 |전부 |다 )?(?:소문자|대문자|대소문자|영문|띄어쓰기)"
    r"|(?:으?로)[ \t](?:변경|바꾸|바꿨|설정|초기화|들어|접속|로그인|재설정"
    r"|잠[가갔궈그]|압축|열[어리면]|풀[어면리]|걸[어었]|보호))"
)
_ABOUT: Final = re.compile(
    "정책|규칙|오류|에러|코드|문서|버전|길이|형식|만료|변경일|예시|화면|이슈|티켓|로그|모듈|함수|파일|알고리즘|방식"
)
_FILE: Final = re.compile(
    r"(?i).*\.(?:py|js|tsx?|java|go|rs|kt|md|txt|docx?|xlsx?|pdf|hwpx?|ya?ml|json|csv|log|sql|html?|css|sh|zip)"
)


def _is_file(value: str) -> bool:
    return _FILE.fullmatch(value) is not None


def _marks(value: str) -> bool:
    return any(mark in value for mark in "!@#$%^&*?+=")


def key_told(matched: str, groups: Groups) -> Verdict:
    """`API 키가 …` in a sentence: long, of letters and digits, no words with hyphens."""
    name, _, value, before, behind = (group or "" for group in groups)
    if value.isdecimal() or _UUID.fullmatch(value) or _VERSIONED.fullmatch(value):
        return NO
    return NO if speaks_of_something_else("", before) else _judged(name, value, behind)


def key_shown(matched: str, groups: Groups) -> Verdict:
    """A random value in quotes or brackets in a sentence about a key: no digest, no name, and no number of a request."""
    name, _, value, before, _ = (group or "" for group in groups)
    between = matched[len(name) : len(matched) - len(value)]
    if (
        _OF_A_REQUEST.search(between)
        or speaks_of_something_else(between, before, name)
        or _DIGEST.fullmatch(value)
    ):
        return NO
    if _UUID.fullmatch(value):
        return STRONG
    if _VERSIONED.fullmatch(value) or not any(map(str.isdigit, value)) or _is_file(value):
        return NO
    return (
        _judged_as_key(name, value, classes_of(value), entropy_of(value)) if entropy_of(value) >= 3.5 else NO
    )


_OF_A_REQUEST: Final = re.compile(
    r"(?i)요청|세션|추적|거래|해시|지문|함수|문서|이슈|티켓|파일|request|trace|session|txn|hash|digest|fingerprint|\bid\b"
)
_DIGEST: Final = re.compile(r"(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}")


def licence_key(matched: str, groups: Groups) -> Verdict:
    """Groups of capitals and digits mixed, as a machine makes them."""
    words = _value(groups).split("-")
    mixed = sum(any(map(str.isdigit, word)) and any(map(str.isalpha, word)) for word in words)
    return NO if is_sample(_value(groups)) or mixed < min(2, len(words) - 1) else STRONG


def lock_code(matched: str, groups: Groups) -> Verdict:
    """What opens a lock: a digit in it, no date, no version."""
    value, behind = groups[0] or "", groups[-1] or ""
    return (
        NO
        if _SHORT_DATE.fullmatch(value) or _UNIT.match(behind) or not any(map(str.isdigit, value))
        else STRONG
    )


_SHORT_DATE: Final = re.compile(r"2\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])")


def wireless(matched: str, groups: Groups) -> Verdict:
    """What stands behind the name of a network; standards of radio look much the same."""
    _, _, value, _, behind = (group or "" for group in groups)
    if _NUMBERED.fullmatch(value) or _OF_RADIO.match(value) or _is_file(value) or _QUERY.search(value):
        return NO
    return _judged("password", value, behind)


_OF_RADIO: Final = re.compile(r"(?i)802\.|\d+(?:[mgk]hz|[mgk]bps|dbm)")


def pin(matched: str, groups: Groups) -> Verdict:
    """Digits behind the name of a password or a door: no year, no count, no piece of a longer number."""
    return NO if _UNIT.match(groups[-1] or "") else STRONG


def paired(matched: str, groups: Groups) -> Verdict:
    """`계정: hong / …`: where only an account is named, the value must look like a password by itself."""
    password, _, value, before, behind = (group or "" for group in groups)
    if _QUERY.search(value) or value[:1] == "/" or before.endswith("//") or _NAMES_ITSELF.match(value):
        return NO
    if password:
        return _judged("password", value, behind)
    if is_ordinary(value) or is_literal(value) or _is_file(value) or _NUMBERED.fullmatch(value):
        return NO
    classes, parted = classes_of(value), "/" in matched[: -len(value)]
    return (
        STRONG if len(value) >= 8 and ((classes >= 3 and _marks(value)) or (classes == 4 and parted)) else NO
    )


_NAMES_ITSELF: Final = re.compile(r"(?i)-{0,2}(?:pw|pass\w*|pwd|token|secret|key|id|user|host|port)[=:]")
_QUERY: Final = re.compile(r"[?&][A-Za-z_]\w*=|//")


def commanded(matched: str, groups: Groups) -> Verdict:
    """A password on a command line."""
    value = groups[-1] or ""
    if value.isdecimal() or is_ordinary(value) or is_literal(value) or _is_file(value) or len(value) < 6:
        return NO
    return STRONG if classes_of(value) >= 3 or (classes_of(value) >= 2 and entropy_of(value) >= 2.75) else NO


def basic_auth(matched: str, groups: Groups) -> Verdict:
    """Base64 of `user:password`, the password being no sample; or a key alone."""
    value = _value(groups)
    try:
        user, _, password = base64.b64decode(value[:1024] + "==").decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        password = user = ""
    if password:
        return login(matched, (user, password))
    return issued(matched, (value,)) if len(value) >= _SHORTEST_KEY and classes_of(value) >= 3 else NO


_SHORTEST_KEY: Final = 20


def _value(groups: Groups) -> str:
    return next((group for group in groups if group), "")
