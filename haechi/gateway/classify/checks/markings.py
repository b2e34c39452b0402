"""Whether a word such as 대외비 marks a document, or is only spoken of. Position decides.

A mark stands alone on its line, in brackets at the head or end of a line, in a subject, in a field that asks for the
grade, or between the name of a firm and a page number. Wherever a sentence goes on around it, it is spoken of.
"""

import re
from typing import Final

from haechi.gateway.classify.checks.labels import stands_as_label
from haechi.gateway.classify.checks.margins import asks_about, ends_title, in_margin
from haechi.gateway.classify.checks.verdict import NO, STRONG, Verdict

Groups = tuple[str | None, ...]

_BRACKETS: Final = {
    "[": "]", "(": ")", "【": "】", "<": ">", "「": "」", "『": "』", "《": "》", "〔": "〕", "{": "}", "〈": "〉", "［": "］",
    "（": "）", "＜": "＞", "|": "|", "*": "*", "=": "=", "-": "-", "–": "–", "—": "—", "~": "~", "★": "★", "■": "■", "#": "#",
    "◆": "◆", "※": "※", "_": "_", "+": "+",
}  # fmt: skip
_HARD: Final = frozenset("[【<「『《〔〈［＜")
_DECORATION: Final = (
    " \t\r[](){}【】<>「」『』《》〔〕〈〉［］（）＜＞*#=_-–—~|/·•※★☆■□◆◇▶▣●○◎▲▼│┃║─━═┌┐└┘├┤╔╗╚╝▌▐█▓▒░⚠🔒🔐🚫⛔❗‼🔴🟥"
    "\ufe0f+!\\;%\"'“”‘’`"
)
_LEVEL: Final = (
    "대 ?외 ?비|사내한|극 ?비|기밀|영업비밀|취급주의|일반|비공개|공개|평문|해당 ?없음|내부용|public|internal|confidential|secret"
    "|restricted|unclassified|open|[ⅠⅡⅢI1-3]+급 ?비밀"
)
_FURNITURE: Final = re.compile(
    rf"""(?ix) (?: {_LEVEL} | do\ not\ (?:distribute|copy|forward) | internal\ use\ only | proprietary | privileged | and
      | for | only | strictly | 문서 | 자료 | 등급 | page | of | 쪽 | 페이지 | 면 | 사본 | 원본 | 번호 | no | copy | draft
      | 초안 | 무단 | 외부 | 배포 | 유출 | 복사 | 복제 | 금지 | 금함 | 불가 | 반출 | 열람 | 회람 | 전용
      | 사내 | 내부 | 예고문? | 파기 | 재분류 | ver | v | 제 | 호
      | tlp:[a-z]+ | [0-9] | [.,:/년월일×&\s\-–] )+
    """
)
_LIST: Final = re.compile(r"\s*(?:[-*+•·○●▪◦]|\d{1,2}[.)]|[가-하][.)]|[①-⑳])\s*")
_LISTED_LEVEL: Final = re.compile(rf"(?i)[\s\-*•\"'·\d.)]*(?:{_LEVEL}|[A-FSO] ?등급)[\s\"',]*")
_OTHERS: Final = re.compile(
    rf"(?i)(?:^|[\s/,|·(□☐])(?:{_LEVEL})\s*(?:[/,|·)□☐]|중|및|또는|or\b|$)|중 ?(?:하나|선택|택)|□|☐|\[ \]"
)
_ABOUT: Final = re.compile(
    r"""(?ix) [\])】>」』》〉"'’”`\s*]* (?: 표시|표기|스탬프|도장|라벨|레이블|워터마크|문구|마크|마킹|태그|딱지
      | 스티커 | 글자 | 글씨 | 안내문 | 영어로
      | 이?라[ ]?(?:고|는|함|하) | 이?란 | 등급(?:을|이|은|의|으로) | 으?로\s*(?:분류|표시|지정)
      | (?:label|mark|stamp|watermark|tag|banner|header|notice)(?:s|ed|ing)?\b
      | (?:means|is|are|was|should|must|when|because|if|to)\b )
    """
)
_DEFINITION: Final = re.compile(
    r"말한다|말합니다|뜻|의미|정보를|정보로|경우|수준|정의|이란|입니다|합니다|한다|된다|않|요[.?]"
    r"|(?i:means|refers|information that|\bis\b|\bare\b)"
)
_SUBJECT: Final = re.compile(
    r"(?i)(?:제 {0,8}목|건 ?명|안 ?건|문서 ?명|파일 ?명|첨 ?부|첨부 ?파일|붙 ?임|회신|전달"
    r"|subject|title|re|fwd?|filename|file)[\"'*]{0,3}$"
)
_FIELD: Final = re.compile(
    r"""(?ix) (?: (?:보안|기밀|비밀|문서|정보|자료|데이터|취급|공개|열람|배포|유출|보호|대외)[ _\-]?(?:유지)?[ _\-]?
          (?:등급|분류|구분|범위|수준|표시|레벨|단계|제한|여부)
      | 보안 | 기밀 | N2SF[ _]?(?:등급)? | 등급
      | classification | sensitivity | confidentiality | marking | (?:classification|sensitivity|marking)[ _\-]?(?:level|label)
      | security[ _\-]?(?:level|class|label|grade) | distribution(?:[ _\-]statement)? | dissemination | handling
      | header | footer | keywords | 키워드 | security | 분류 | 구분 | 취급 )
      (?:[ \t]?\([^()\n]{0,20}\))? [\])"'*`]{0,3} (?:\ (?:content|value))? $
    """
)
_ASKS: Final = ":：=|>,\t▶│"
_OPENERS: Final = " \t\"'*([<【`"
_VALUE_ENDS: Final = re.compile(
    r"""(?x) ["'*`)\]】>]{0,3} (?: \s*(?:$|[|,;}<\n/(\#\\]|[-–—][ ]) | \s{2,}
      | \s?(?:등급|문서|자료)?\s*["')\]]*(?:$|[|,;}<]) )
    """
)
_SEPARATED: Final = re.compile(r"[)\]】>]?\s*[|·:：\-–—/_)]\s*(?=\S)")
_FIRM: Final = re.compile(r"(?i)㈜|\(주\)|주식회사|©|\(c\)|ⓒ|copyright|corp|inc\b|ltd|co\.|rights reserved")
_JOINED: Final = re.compile(r"[가-힣A-Za-z0-9_]")
_FILE: Final = re.compile(r"(?i)(?:[_\-)][^\s/]{0,40})?\.(?:hwpx?|docx?|pdf|xlsx?|pptx?|zip)\b")
_COMMENT: Final = re.compile(r"\s*(?://|#|\*|/\*|--|<!--|;|%|'|\"\"\")")
_RIGHTS: Final = re.compile(r"(?i)copyright|©|\(c\)|ⓒ|rights reserved|저작권|spdx-")


def marks(matched: str, groups: Groups) -> Verdict:
    """Whether the place of a mark is that of a mark."""
    mark, before, behind = (group or "" for group in groups)
    above, _, head = before.rpartition("\n")
    tail, _, below = behind.partition("\n")
    if head[-1:] in ("_", "-") and _FILE.match(tail):
        return STRONG
    if _JOINED.match(head[-1:]) or _goes_on(tail):
        return NO
    weak = mark.isascii() and (mark.islower() or mark.lower() in ("secret", "restricted", "internal only"))
    if _ticked(head, tail):
        return STRONG
    if in_margin(head, tail) and not mark.islower():
        return NO if _OTHERS.search(tail[:60]) or _ABOUT.match(tail) else STRONG
    if _in_field(head, tail):
        return NO if _OTHERS.search(tail[:60]) or _ABOUT.match(tail) else STRONG
    if weak and not (mark[0].isupper() and _is_subject(_bracket(head, tail)[0])):
        return NO
    if _ASKED.search(tail) and not tail.isupper():
        return NO
    if _alone(head, tail):
        if mark.startswith("비공개") and not (below.strip() or above.strip()):
            return NO
        if not above.strip() and asks_about(below):
            return NO
        compound = mark.isupper() and " " in mark and mark.isascii()
        return NO if _listed(head, tail, above, below) and not compound else STRONG
    if mark in ("Secret", "Restricted") or _ABOUT.match(tail):
        return NO
    if mark.startswith("부분"):
        return NO
    if mark.startswith("비공개"):
        return STRONG if _in_brackets(head, tail) and not _letters(head) else NO
    placed = (
        _in_brackets(head, tail)
        or _at_an_edge(mark, head, tail)
        or _apart(mark, head, tail)
        or _at_the_top(mark, head, tail, above)
        or (
            not _OTHERS.search(head)
            and not _OTHERS.search(tail)
            and stands_as_label(mark, head, tail, above, below)
        )
    )
    if placed or (not _letters(tail) and not _OTHERS.search(head) and ends_title(mark, head, above, below)):
        return STRONG
    return NO


_ASKED: Final = re.compile(r"[?？!]\s*$")
_GAP: Final = re.compile(r"\S(?:[ \u3000]{3,}|\t[ \t]*)(?=\S|$)")
_AT_THE_GAP: Final = re.compile(r"[ \t\u3000]{3}$|\t$")
_TITLE: Final = re.compile(r"\s*[\[【<「][^\]】>」\n]{1,40}[\]】>」]\s*")
_SHARED: Final = re.compile(r"\s*[\[【][^\[\]【】\n]{1,24}[·/|,\-–]\s*")


def _apart(mark: str, head: str, tail: str) -> bool:
    """At the right edge of a head line, behind a title in brackets, or last of what brackets at its head hold."""
    if _SHARED.fullmatch(head) and re.match(r"\s*[\]】]", tail):
        return not _OTHERS.search(head)
    if _letters(tail) or len(head) > _WIDEST_TITLE:
        return False
    if len(_GAP.findall(head)) == 1 and _AT_THE_GAP.search(head):
        return True
    if _OTHERS.search(head):
        return False
    if _TITLE.fullmatch(head):
        return True
    if mark.lower().startswith("tlp"):
        return _DEFINITION.search(head) is None and "?" not in tail
    return head.endswith("  ") and mark.endswith("비밀")


_WIDEST_TITLE: Final = 120


_TICKED: Final = re.compile(r"(?:[■☑☒✔✓◉]|[\[(][VvXx✓✔●ㅇO][\])])[ \t]?$")
_UNTICKED: Final = re.compile(r"□|☐|○|[\[(][ \t]{0,3}[\])]")
_REMARK: Final = re.compile(r"[ \t]{0,2}[(\[][^()\[\]\n]{1,40}[)\]][ \t]*")
_ORNAMENT: Final = re.compile(r"[ \t]*([★※*=~#◆■●◇☆◎▶]{1,5})[ \t]?")
_FORBIDS: Final = re.compile(
    r"(?i)[ \t]*[.·,-][ \t]?(?:(?:please )?do not|no part|not for|unauthori[sz]ed|무단|외부|사외|복사|복제|회람)\b"
)
_LAST_OF_A_NOTE: Final = re.compile(r"[다요음임함됨까죠][.?!]?\s*$")


def _ticked(head: str, tail: str) -> bool:
    """`보안구분 □ 일반 ■ 대외비 □ 비밀`: the box before the mark is ticked, and another on the line is not."""
    return _TICKED.search(head) is not None and _UNTICKED.search(head + tail) is not None


def _at_the_top(mark: str, head: str, tail: str, above: str) -> bool:
    """First of its line, and what follows is no sentence: a remark in brackets (`대외비 (임원 외 열람 금지)`), a wide gap, a ban,
    the same ornament again (`★ 대외비 ★ 발표안`), between bars (`보안 / 대외비 / 영업회의`), or in the first line, TLP."""
    if mark.islower() or _OTHERS.search(head) or _OTHERS.search(tail) or _LAST_OF_A_NOTE.search(tail):
        return bool(not head.strip(_DECORATION) and not mark.islower() and _FORBIDS.match(tail))
    ornament = _ORNAMENT.fullmatch(head)
    if ornament and tail.lstrip().startswith(ornament[1]):
        return True
    if not head.strip(_DECORATION) and not _LIST.fullmatch(head):
        first = not above.strip() and mark.upper().startswith("TLP") and not _TALK.search(tail)
        return bool(_REMARK.fullmatch(tail) or _FORBIDS.match(tail) or tail[:2].isspace() or first)
    bar = head.rstrip()[-1:]
    return bool(
        bar in ("/", "|", "│", "·", "—", "–")
        and bar == tail.lstrip()[:1]
        and not above.strip()
        and len(head) < _NARROW
        and head[:1] != bar
    )


_NARROW: Final = 24
_TALK: Final = re.compile(
    r"(?i)^ ?(?:은|는|이|가|와|과|의|랑|vs|and|or)\b|차이|뜻|의미|정의|설명|표시|프로토콜|문서|규칙|등급|\?|mean"
)


def _goes_on(tail: str) -> bool:
    """Whether a word goes on directly behind the mark: a particle, a longer noun, an identifier."""
    return bool(_JOINED.match(tail)) and not re.match(r"(?:문서|자료|등급)(?![가-힣])|_", tail)


def _alone(head: str, tail: str) -> bool:
    rest = f"{head.strip(_DECORATION)} {tail.strip(_DECORATION)}".strip()
    return (
        "," not in tail
        and not ("=" in tail and tail.strip("= \t"))
        and (not rest or (len(rest) < 80 and _FURNITURE.fullmatch(rest) is not None))
    )


def _listed(head: str, tail: str, above: str, below: str) -> bool:
    """An item of a list, a heading of a chapter, one of several levels that are enumerated."""
    if head.lstrip().startswith("##") or (_LIST.fullmatch(head) and not tail.strip()):
        return True
    if (
        _OTHERS.search(head)
        or (re.search(r"[/,]", head + tail) and _OTHERS.search(tail))
        or re.search("일반|공개|public", tail)
    ):
        return True
    neighbours = (above.rpartition("\n")[2], below.partition("\n")[0])
    return any(_LISTED_LEVEL.fullmatch(each) for each in neighbours if each.strip())


def _asking(head: str) -> str | None:
    """The name before a colon, bar or tab at the end of `head`; without one, `head` itself where a space follows it."""
    bare = head.rstrip(_OPENERS)
    if bare[-1:] in _ASKS and bare:
        return bare.rstrip(_ASKS + " ")[-40:]
    return bare[-40:] if head[-1:] in " \t" and bare[-1:] in _LAST_OF_FIELDS else None


_LAST_OF_FIELDS: Final = frozenset("급류분위준시벨계한부nyglsertNYGLSERT")


def _in_field(head: str, tail: str) -> bool:
    if not _VALUE_ENDS.match(tail):
        return False
    name = _asking(head)
    return bool(name) and _FIELD.search(str(name)) is not None


def _is_subject(head: str) -> bool:
    name = _asking(head)
    if name and _SUBJECT.search(name):
        return True
    return _SUBJECT_LINE.fullmatch(head) is not None


_SUBJECT_LINE: Final = re.compile(r"\s*제 {0,8}목 {1,8}[\[(【<「]?\s*")


def _in_brackets(head: str, tail: str) -> bool:
    """`[대외비] …`, `제목: [대외비]`, `…(대외비)`."""
    lead, opening, rest = _bracket(head, tail)
    if not opening or _ABOUT.match(rest):
        return False
    before = lead.strip()
    if opening in _HARD:
        return (
            not before.strip(_DECORATION)
            or before[-1] in ":：|\"'“,>)]】.?!"
            or not _letters(rest)
            or _is_subject(lead)
        )
    if re.search(r"(?:등급|분류|단계|종류|표시|표기|용어|뜻)$", before):
        return False
    return bool(not _letters(rest) or rest[:1] in "._" or not before.strip(_DECORATION))


def _bracket(head: str, tail: str) -> tuple[str, str, str]:
    """What stands before a pair of brackets around the mark, the opening one, and what stands behind the pair."""
    lead = head.rstrip()
    opening = lead[-1:]
    closing = _BRACKETS.get(opening, "") if opening in _HARD or opening in "(（" else ""
    inside, found, _ = tail[:40].partition(closing) if closing else ("", "", "")
    if not found or (inside.strip() and (opening not in _HARD or not re.match(r"\s*[-–—/|·:]", inside))):
        return head, "", tail
    if re.search("일반|공개", inside):
        return head, "", tail
    return lead[:-1], opening, tail[len(inside) + 1 :]


def _letters(text: str) -> bool:
    return any(map(str.isalpha, text.strip(_DECORATION + ".,:")))


def _at_an_edge(mark: str, head: str, tail: str) -> bool:
    """At the head of a line before a separator, or at its end behind one: `대외비 | 기획팀`, `㈜한빛 대외비`."""
    loud = not mark.isascii() or mark.isupper() or mark[0].isupper()
    if (
        not loud
        or "|" in (head.lstrip()[:1], tail.rstrip()[-1:])
        or _OTHERS.search(head)
        or _OTHERS.search(tail)
    ):
        return False
    lead, rest = head.strip(_DECORATION), tail.strip(_DECORATION)
    if _is_subject(head) or not lead:
        listed = _LIST.fullmatch(head) is not None and bool(head.strip())
        return (
            not listed
            and _SEPARATED.match(tail) is not None
            and len(tail) < 100
            and not _DEFINITION.search(rest)
        )
    if (
        (rest and not (len(rest) < 80 and _FURNITURE.fullmatch(rest)))
        or len(lead) > 80
        or _DEFINITION.search(lead)
    ):
        return False
    if mark.isascii() and mark.isupper() and lead.isupper() and lead.isascii():
        return True
    return _FIRM.search(head) is not None or (
        re.search(r"[|·–—-]\s+[\[(]?(?:[A-Z][A-Za-z&]{1,15} ){0,2}$", head) is not None
        and not _LIST.match(head)
    )


def licence_header(matched: str, groups: Groups) -> Verdict:
    """The head of a source file: beside a copyright notice, or in a comment."""
    _, before, behind = (group or "" for group in groups)
    if "전재" in matched or "licenseref" in matched.lower():
        return NO if "전재" in matched or "SPDX-" not in before[-40:] else STRONG
    line = before.rpartition("\n")[2]
    rights = _RIGHTS.search(before) or _RIGHTS.search(behind)
    return STRONG if rights and (_COMMENT.match(line) or not line.strip()) else NO
