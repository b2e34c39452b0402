"""Secrets that are made of words: phrases in quotes, Hangul with a number, codes in groups. Prose looks much the same."""

import re
from typing import Final

from haechi.gateway.classify.checks.randomness import classes_of
from haechi.gateway.classify.checks.samples import is_sample
from haechi.gateway.classify.checks.secret_names import speaks_of_something_else
from haechi.gateway.classify.checks.verdict import NO, STRONG, Verdict

Groups = tuple[str | None, ...]

_PHRASE_NAME: Final = re.compile("(?i)phrase|문구|구문|단어|mnemonic|니모닉|recovery words")
_PASSWORD_NAME: Final = re.compile("(?i)pass|pwd|pw|psk|비밀 ?번호|비번|암호|패스")
_APPLICATION: Final = re.compile("[a-z]{4}(?: [a-z]{4}){3}")
"""Mail providers give out passwords for programs as four times four letters."""

_PROSE: Final = frozenset((
    "a", "an", "the", "this", "that", "it", "is", "are", "was", "be", "been", "has", "have", "had", "not", "no", "must",
    "should", "can", "cannot", "may", "will", "do", "does", "did", "to", "for", "of", "in", "on", "at", "by", "with", "and",
    "or", "but", "if", "when", "from", "as", "your", "you", "my", "our", "please", "enter", "type", "confirm", "new", "old",
    "current", "invalid", "incorrect", "wrong", "expired", "required", "missing", "forgot", "reset", "change", "changed",
    "update", "updated", "password", "passwords", "token", "secret", "secrets", "key", "code", "least", "character",
    "characters", "too", "short", "long", "weak", "strong", "match", "matches", "field", "input", "here", "value", "name",
    "user", "login", "account", "access", "failed", "error", "hidden", "text", "only", "than", "more", "less", "same",
))  # fmt: skip
_SENTENCE: Final = re.compile(
    "입력|변경|확인|오류|설정|필수|이상|이하|영문|숫자|특수|문자|포함|조합|만료|분실|찾기|재설정|규칙|정책|초기화|사용"
    r"|세요|니다|시오|하기|[가-힣](?:다|요|음|함|됨|까|죠|을|를|은|는|의)(?:[ .!?]|$)"
)


_LONGEST: Final = 240


def phrase(matched: str, groups: Groups) -> Verdict:
    """Words in quotes: a phrase that was made up, no label and no message of a program."""
    name, tail, value, before, _ = (group or "" for group in groups)
    words = re.split("[ -]", value)
    if len(value) > _LONGEST:
        return NO
    if speaks_of_something_else(tail, before, name) or is_sample(value) or _SENTENCE.search(value):
        return NO
    prose = sum(word.lower().strip(".,:;!?") in _PROSE for word in words)
    if prose > (1 if _PHRASE_NAME.search(name) else 0):
        return NO
    if _APPLICATION.fullmatch(value):
        return STRONG
    if _PHRASE_NAME.search(name):
        return STRONG if len(words) >= 3 else NO
    if not _PASSWORD_NAME.search(name):
        return NO
    if any(map(str.isdigit, value)):
        return STRONG if classes_of("".join(words)) >= 3 and len(value) >= 8 else NO
    return STRONG if len(words) >= 4 and value.isascii() and "".join(words).islower() else NO


_NO_PASSWORD: Final = re.compile(
    "정책|규칙|오류|에러|코드|문서|버전|길이|형식|만료|변경|예시|화면|이슈|티켓|로그|모듈|함수|파일|알고리즘|방식|영문|숫자"
    "|특수|문자|최소|최대|이상|이하|포함|조합|매월|매주|매년|분기|현재|오늘|기한|주기|횟수|기간|조항|초기화|담당|문의|내선|년|월"
)
_UNIT: Final = re.compile(
    "자|글|회|번|개|일|분|초|월|년|시|명|건|가지|단계|만|천|원|비트|바이트|조|항|호|차|주|위|층|[0-9A-Za-z~.,/-]"
)
_GOES_ON: Final = re.compile(
    "[입이예에인임으로를을은는가와과도만년월일번회자개건명원시분초비바같라래야요죠맞까부처보하할했해였니고며면지쯤대정및중점호층동네"
    "줄길째차단글천억여넘미등위의씩간때후전내외다]"
)
"""What a sentence goes on with directly behind a number: a particle, a unit, a verb."""


def hangul(matched: str, groups: Groups) -> Verdict:
    """`비번은 우리집강아지12`: Hangul with a number, behind the name of a password and something between them."""
    name, _, value, before, behind = (group or "" for group in groups)
    between = matched[len(name) : len(matched) - len(value)]
    number = re.search("[0-9]+", value)
    if not between.strip("\"'`*)]") or number is None or _NO_PASSWORD.search(value) or _UNIT.match(behind):
        return NO
    if speaks_of_something_else("", before):
        return NO
    rest = value[number.end() :]
    if "가" <= rest[:1] <= "힣":
        return NO if _GOES_ON.match(rest) or number.start() else STRONG
    named = between[:1] in "은는" or bool(set(between) & set(":=：→>\"'`‘“「"))
    return STRONG if named or len(number[0]) >= 3 or not value[-1].isalnum() else NO


_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}(?:[ -][0-9]{2,4})*")


def recovery(matched: str, groups: Groups) -> Verdict:
    """Codes in groups that a machine gave out: a digit in most of them, or capitals of base 32; no words, no date."""
    _, _, value, _, behind = (group or "" for group in groups)
    words = re.split("[ -]", value)
    if len("".join(words)) < 8 or _YEAR.fullmatch(value) or _UNIT.match(behind.lstrip()) or is_sample(value):
        return NO
    if not any(map(str.isdigit, value)):
        return STRONG if value.isupper() and len(words) >= 4 and len(set(map(len, words))) == 1 else NO
    return NO if any(word.isalpha() and not word.isupper() for word in words) else STRONG
