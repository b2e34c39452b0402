"""Passwords in talk: asked for on one line and told on another, or told among words: «비번 뭐예요?» «hanbit5g!!».

Where a password or an account is spoken of, this line and the next few are looked at word by word. A word with letters,
digits and a sign that stands where a value stands was made up by somebody; one of letters and digits alone has to be
the whole answer, or to be followed by what one says behind a password. Prose around passwords holds neither. Where only
a login, a lock or a network is spoken of, nothing but a word of the first sort counts.
"""

import re
from collections.abc import Iterator
from typing import Final

from haechi.domain.label import Level
from haechi.gateway.classify.checks.randomness import classes_of
from haechi.gateway.classify.checks.samples import is_ordinary
from haechi.gateway.classify.checks.secret_names import speaks_of_something_else
from haechi.gateway.classify.checks.secrets import is_literal
from haechi.gateway.classify.hit import Hit

RULE: Final = "secret.talk"
_CONFIDENCE: Final = 0.75
_NAMES: Final = r"비번|비밀 ?번호|패스 ?워드|pass(?:word|phrase|wd|code)"
_WIRELESS: Final = r"(?:와이파이|wi-?fi)[는은]?\s?\?"
_ACCOUNTS: Final = r"계정|접속 ?정보|로그인 ?정보|accounts?|credentials?"
_LOCKS: Final = r"로그인|원격 ?(?:접속|데스크)|잠금|압축 ?(?:풀|해제)|[복암]호화 ?키|공유기|와이파이|wi-?fi|나스|관리자 ?페이지"
_TOPIC: Final = re.compile(rf"(?i){_NAMES}|암호(?!화)|(?<![a-z0-9])pw(?![a-z0-9])|{_WIRELESS}")
_ACCOUNT: Final = re.compile(rf"(?i)(?:{_ACCOUNTS})(?![a-z])")
_LOCK: Final = re.compile(rf"(?i)(?:{_ACCOUNTS}|{_LOCKS})(?![a-z])")
_SPOKEN_OF: Final = re.compile(rf"(?i){_NAMES}|암호|pw|{_ACCOUNTS}|{_LOCKS}")
"""What a line without any of the names above has not."""
_TAIL: Final = re.compile("[ _-]?[A-Za-z]+")
_LINES: Final = 4
"""A question and its answer stand so near: this line and the next ones, the names of those who speak counted."""
_WIDEST: Final = 240
_LONGEST: Final = 40
_MOST: Final = 200
"""So many lines speak of passwords in no text of people."""

_SPEAKER: Final = re.compile(
    r"""(?x) \s* (?: [-*•>·→ㄴ└]\s* | (?:->|=>|>>)\s*
      | \[[^\]\n]{1,24}\]\s* | (?:오전|오후)?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?,?\s*
      | (?:[A-Z]|답|답변|[A-Za-z가-힣]{1,12}(?:\ [A-Za-z가-힣]{1,12})?)\s?[.:]\s ){0,4}"""
)
"""Who speaks, and when, at the head of a line."""

_WORD: Final = re.compile(r"(?<![^\s\"'`“‘「(=:>→,])[A-Za-z0-9!@#$%^&*?~+_.\-]{6,40}")
_MIXED: Final = re.compile(
    r"(?<![^\s\"'`“‘「(=:>→,])(?P<latin>[A-Za-z0-9!@#$%^&*?~+_.\-]{4,30})(?P<hangul>[가-힣]{1,6})(?P<tail>[!@#$%^&*?~0-9_\-]{0,8})"
)
_ENDING: Final = re.compile(
    r"입니|이에|예요|에요|이[야고래라요지네다]|[야임요래]$|인[데가지]|랍니|라[고는며]|으?로|[를을는은이가의도만랑와과]$|에서|부터|까지|였|맞|말고|아[니님]|네요?|거든|잖"
)
_TRIMMED: Final = ".,:;)]"
_SIGNS: Final = frozenset("!@#$%^&*?~")
_BEHIND: Final = re.compile(
    r"[\"'`”’»」)]{0,2}\s?(?:입니다|이에요|예요|이예요|에요|이야|야|임|요|래|이래|랍니다|이고|인데|라고|이라고|으?로|를|을|는|은|넣|치면|입력)"
    r"(?![가-힣]{5})"
)
_TOLD: Final = re.compile(
    r"[\"'`”’»」)]{0,2}\s?(?:입니다|이에요|예요|이예요|에요|이야|이요|이여|이용|임다|입니당|임(?![가-힣])|이래|래요|랍니다|입력"
    r"|(?:으?로)\s(?:변경|바꾸|바꿨|바뀌|바꿔|설정|초기화|들어|접속|로그인|재설정|통일|해))"
)
_QUESTION: Final = re.compile(
    r"[?？]|뭐|좀\s*$|알려|주세요|주실|공유|어떻게|무엇|아래|바뀌었|바꿨|[:：]\s*$|(?i:what|share|send)"
)
_ABOUT: Final = re.compile(
    r"(?i)정책|규칙|오류|에러|형식|버전|알고리즘|해시|정규식|함수|코드 ?리뷰|테스트 ?코드"
    r"|hash|regex|algorithm|policy|import|version"
)
_OTHER: Final = re.compile(
    r"""(?ix) [\w.%+\-]+@[\w\-]+(?:\.[\w\-]+)+.* | [\w.\-]+@v?[\d.]+[\w\-]* | .*:// .* | /.* | .*\.[a-z]{2,4}
      | [$%@\#][a-z_]\w* | \#[0-9a-f]{6,8} | .*[?&]\w+=.* | [a-z_.]+\(.*  | [a-z\-]+[:=/][a-z\-]+ | .*(?:==|!=|&&|\|\||->|=>|:=).*
      | \d{1,6}[%a-z]{1,3} | \d[\d,.:~\-/]* | [a-z]+[-\#]\d+[!?*]* | %\w+%? | .*\*\*.* | [\d*]+
      | (?:19|20)\d\d[\-_.].* | [a-z]{1,4}\d+[~\-][a-z]{0,4}\d+
    """
)
"""Addresses, versions, variables, colours, parameters, expressions, numbers, tickets."""
_SHOUT: Final = re.compile(r"[A-Za-z]+\d{1,3}[!?~*]+")
_PRODUCT: Final = re.compile(r"[A-Z][A-Za-z]+[0-9]{1,3}")
_VERSIONED: Final = re.compile(r"[A-Za-z]+(?:[-_.][A-Za-z]*[0-9]*)+")
_BIRTHDAYS: Final = re.compile(r"(?!.*(?:19|20)\d\d$)[a-z]{3,16}\d{4,6}")
_DOOR: Final = re.compile(r"[*#]?\d{3,8}[*#]\d{0,8}[*#]?")

_PAIR: Final = re.compile(
    r"[A-Za-z][\w.@\-]{1,40}\s*[/:|,]\s*(?P<value>[A-Za-z0-9!@#$%^&*?~+_.\-]{8,40})\s*$"
)


class PasswordTalk:
    """Looks for passwords near the places where one is spoken of."""

    gate = rf"(?i){_NAMES}|암호|\bpw|{_ACCOUNTS}|{_LOCKS}"

    def scan(self, text: str) -> list[Hit]:
        """Words that are passwords, in order."""
        return [Hit(*place, "secret", Level.RESTRICTED, _CONFIDENCE, RULE) for place in _places(text)]


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where passwords stand, each once."""
    asked = accounts = 0
    question, found, start, turns = False, 0, 0, 0
    for line in text.split("\n"):
        near = line[:_WIDEST]
        spoken_of = _SPOKEN_OF.search(near) is not None
        topic = _topic(near) if spoken_of else None
        if topic is not None:
            asked, found, turns = _LINES, topic.end(), turns + 1
            question = _QUESTION.search(near, topic.end()) is not None
        elif asked:
            asked, found = asked - 1, 0
        lock = _LOCK.search(near) if spoken_of else None
        accounts = _LINES if topic or (lock and _ACCOUNT.search(near)) else accounts - 1
        if turns > _MOST:
            return
        if asked:
            yield from ((start + first, start + last) for first, last in _told(near, found, question))
        elif lock and not _ABOUT.search(near):
            yield from ((start + first, start + last) for first, last in _made_up(near, lock.end()))
        if accounts > 0 and (pair := _pair(near)):
            yield start + pair[0], start + pair[1]
            accounts = _LINES
        start += len(line) + 1


def _topic(line: str) -> re.Match[str] | None:
    """The name of a password in a line that speaks of a password, and not of its length, its policy, its hash."""
    topic = _TOPIC.search(line)
    if topic is None or _ABOUT.search(line):
        return None
    tail = _TAIL.match(line, topic.end())
    speaks = speaks_of_something_else(tail[0] if tail else "", line[: topic.start()])
    return None if speaks else topic


def _made_up(line: str, at: int) -> Iterator[tuple[int, int]]:
    """Words of a line behind `at` that somebody made up, whatever is said about them."""
    for word in _WORD.finditer(line, at):
        value = word[0].rstrip(_TRIMMED)
        last = word.start() + len(value)
        if _is_an_example(line, word.start(), last):
            continue
        if _is_made_up(value) and not _SHOUT.fullmatch(value) and _stands_free(line, last):
            yield word.start(), last


def _mixed(line: str, at: int) -> Iterator[tuple[int, int]]:
    """Words of a line behind `at` in which Hangul stands: `Gwanak_17동!`, `cue_1103_아침`; no ending of a sentence."""
    for word in _MIXED.finditer(line, at):
        latin = word["latin"]
        goes_on = word["tail"] or latin[-1] in "_-@#"
        made_up = classes_of(latin) >= 3 and not _SIGNS_BETWEEN.isdisjoint(latin) and not _is_other(latin)
        if goes_on and made_up and not _ENDING.match(word["hangul"]) and _stands_free(line, word.end()):
            yield word.span()


_SIGNS_BETWEEN: Final = _SIGNS | {"_", "-"}


def _told(line: str, at: int, question: bool) -> Iterator[tuple[int, int]]:
    """Words of a line behind `at` that are told as a password, or in front of it: «the new one is …, password of …»."""
    head = _SPEAKER.match(line)
    body = head.end() if head and not at else at
    if at:
        yield from (place for place in _made_up(line, 0) if place[1] < at and _IS.search(line, 0, place[0]))
        yield from _mixed(line, at)
    for word in _WORD.finditer(line, body):
        value = word[0].rstrip(_TRIMMED)
        first, last = word.start(), word.start() + len(value)
        far = first - at if at else len(line[body:first].strip(" \"'`"))
        if _is_an_example(line, first, last):
            continue
        if _is_made_up(value):
            if _stands_free(line, last) and (far <= _DIRECTLY or not _SHOUT.fullmatch(value)):
                yield first, last
        elif _is_the_answer(line, last, value, far <= (_DIRECTLY if at else 0) and (question or at > 0), at):
            yield first, last


_SAMPLE_BEFORE: Final = re.compile(
    r"(?i)(?:예|예시|예컨대|가령|보기|e\.?g\.?|ex|such as|like)[ \t).:,]{0,3}[\"'`“‘]?$|예를 들어[ ,]*[\"'`“‘]?$"
)
_SAMPLE_BEHIND: Final = re.compile(r"[\"'`”’]?\s?(?:같은|같이|처럼|식의|등의|따위|, etc)")


def _is_an_example(line: str, first: int, last: int) -> bool:
    """Whether a word shows what a password looks like: «예: P@ssw0rd! 같은 건 안 됩니다»."""
    return _SAMPLE_BEFORE.search(line, 0, first) is not None or _SAMPLE_BEHIND.match(line, last) is not None


def _is_the_answer(line: str, last: int, value: str, near: bool, at: int) -> bool:
    """Whether a word is told near the name of a password, or is a name with a day of birth that is said to be one."""
    if near and _is_answer(value) and _ends(line, last):
        return True
    return at > 0 and _BIRTHDAYS.fullmatch(value) is not None and _SAID.match(line, last) is not None


_IS: Final = re.compile(r"(?:\b(?:is|was)|[은는이가]|[:=→])\s*[\"'`“]?$")
_SAID: Final = re.compile(r"\s?(?:인데|입니다|이에요|예요|이야|임(?![가-힣]))")


def _ends(line: str, last: int) -> bool:
    """Whether a sentence ends with the word before `last`, or goes on as one does behind a password."""
    return _TOLD.match(line, last) is not None or not line[last:].strip(" .'\"`)~ㅋㅎㅠ")


_DIRECTLY: Final = 12


def _is_answer(value: str) -> bool:
    """What is a password only where one is asked for: letters with digits, the code of a door."""
    if _DOOR.fullmatch(value):
        return True
    product = _PRODUCT.fullmatch(value) or (_VERSIONED.fullmatch(value) and value[0].isupper())
    return _has_digit_and_letter(value) and not product


def _stands_free(line: str, last: int) -> bool:
    """Whether what stands behind a word is no continuation of it."""
    behind = line[last : last + 1]
    return not behind or behind in " \t\"'`”’»」).,;" or _BEHIND.match(line, last) is not None


def _is_made_up(value: str) -> bool:
    """Letters, digits and a sign, and none of the things that have them too."""
    return (
        len(value) >= 7
        and classes_of(value) >= 3
        and not _SIGNS.isdisjoint(value)
        and _has_digit_and_letter(value)
        and not _is_other(value)
    )


def _has_digit_and_letter(value: str) -> bool:
    return (
        6 <= len(value) <= _LONGEST
        and any(map(str.isdigit, value))
        and any(map(str.isalpha, value))
        and not _is_other(value)
    )


def _is_other(value: str) -> bool:
    return bool(_OTHER.fullmatch(value)) or is_ordinary(value) or is_literal(value)


def _pair(line: str) -> tuple[int, int] | None:
    """`erp_batch / b4tch-R0bin-77` where accounts are spoken of."""
    head = _SPEAKER.match(line)
    pair = _PAIR.match(line, head.end() if head else 0) or _PAIR.match(line)
    if pair is None or classes_of(pair["value"]) < 3 or not _has_digit_and_letter(pair["value"]):
        return None
    return pair.span("value")
