"""Addresses in English: of Korea with romanised names, of the United States and the United Kingdom."""

import re
from collections.abc import Iterator
from typing import Final

from haechi.gateway.classify.addresses.span import Places, Span

_SEP: Final = r"(?:, ?|\n| )"
_KOREAN_PLACE: Final = (
    r"(?:[A-Z][A-Za-z']{1,16}(?: ?[0-9]{1,2})?-?(?:gu|si|gun|do|dong|eup|myeon|ri|ga)\b|"
    r"[A-Z]{2,17}-(?:GU|SI|GUN|DO|DONG|EUP|MYEON|RI)\b|SEOUL|BUSAN|KOREA|"
    r"[A-Z][a-z]{1,12}-[a-z]{2,12}(?:do|si|gu)\b|"
    r"Seoul|Busan|Pusan|Daegu|Incheon|Gwangju|Daejeon|Ulsan|Sejong|Jeju|Gyeonggi|Gangwon|"
    r"Chung(?:cheong)?buk|Chungnam|Jeonbuk|Jeonnam|Gyeongbuk|Gyeongnam|(?:South |Republic of )?Korea|ROK)"
)
_KOREAN_TAIL: Final = rf"(?:{_SEP}{_KOREAN_PLACE}|,? ?\(?[0-6][0-9]{{4}}\)?(?![0-9]))"
_KOREAN_ROAD: Final = (
    r"[A-Z][A-Za-z']{1,24}(?:[ -][0-9]{1,3})?-?(?:daero|ro|gil|-(?:DAERO|RO|GIL))\b"
    r"(?: ?[0-9]{1,4}(?:beon|[a-z]{1,2})?-?(?:gil|GIL)\b)?"
)
_KOREAN_LOT: Final = r"[A-Z][A-Za-z']{1,16}(?: ?[0-9]{1,2})?-?(?:dong|ri|ga)\b"
_UNIT_NAMED: Final = r"(?:Apt|Apartment|Unit|Suite|Room|Rm|Bldg|Building|Tower|Block|Floor|Level|Villa)\.? ?\#?[0-9A-Z-]{1,9}\b"
_FLOOR: Final = r"(?:[0-9]{1,3}F|B[1-9]F?|[0-9]{1,2}(?:st|nd|rd|th) (?:Floor|Fl\.?|floor))"
_UNIT_BEFORE: Final = (
    rf"(?:(?:{_UNIT_NAMED}|{_FLOOR}|\#?[0-9A-Z]{{1,5}}-?(?:ho|dong|F|th Floor|th Fl\.?)?|[0-9]{{3,4}}-[0-9]{{3,4}}|"
    r"[A-Z][A-Za-z]{1,15} (?:Apt\.?|Apartment|Building|Bldg\.?|Tower)(?: [0-9-]{1,9})?),? ){0,4}"
)
_UNIT_AFTER: Final = (
    rf"(?:, ?(?:{_UNIT_NAMED}|{_FLOOR}|[0-9]{{3,4}}-[0-9]{{3,4}}(?![0-9-])|[0-9]{{2,4}}-?(?:ho|dong)\b)|"
    rf" ?\((?:{_UNIT_NAMED}|{_FLOOR})\))"
)
_PLOT: Final = r"[1-9][0-9]{0,4}(?:-[0-9]{1,4})?"
_KOREA: Final = re.compile(
    rf"(?<![\w.#-]){_UNIT_BEFORE}(?:No\. ?)?{_PLOT},? (?:{_KOREAN_ROAD}|{_KOREAN_LOT})(?:{_KOREAN_TAIL}){{1,7}}{_UNIT_AFTER}?|"
    rf"(?<![\w-])(?:[0-9]{{3,4}}-[0-9]{{3,4}},? )?{_KOREAN_ROAD} {_PLOT}(?![0-9-])"
    rf"(?:{_UNIT_AFTER}){{0,3}}(?:{_KOREAN_TAIL}){{1,7}}{_UNIT_AFTER}?|"
    rf"(?<![\w-])(?:{_KOREAN_PLACE},? ?){{1,5}}(?:{_KOREAN_ROAD}|{_KOREAN_LOT}),? {_PLOT}(?![0-9-])"
)

_STREET: Final = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Ter|Square|Sq|Close|"
    r"Crescent|Cres|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Row|Mews|Gardens|Grove|Hill|Walk|Broadway|Plaza|Alley|Loop|Turnpike|Pike|Quay|Embankment)"
)
_DIRECTION: Final = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?"
_FLAT: Final = (
    r"(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Flat|Room|Rm|Bldg|Building|Level)\.? ?\#?[0-9A-Za-z-]{1,6}|"
    r"\#[0-9A-Za-z-]{1,6}|[0-9]{1,2}(?:st|nd|rd|th) (?:Floor|floor|Fl)"
)
_STATES: Final = (
    "A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|"
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|"
    "Wisconsin|Wyoming"
)
_ZIP: Final = r"[0-9]{5}(?:-[0-9]{4})?(?![0-9-])"
_UK: Final = r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b"
_OTHER: Final = r"(?:[A-Z]{2,3} [0-9]{4}\b|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]\b)"  # Australia, Canada
_COUNTRY: Final = (
    r"(?:,? ?\n?(?:USA|U\.S\.A\.|US|United States(?: of America)?|UK|United Kingdom|England|Scotland|Wales|Canada|"
    r"Australia)\b)"
)
_NAME: Final = r"[A-Z][A-Za-z'.-]{1,18}"
_TOWN: Final = rf"{_NAME}(?: {_NAME}){{0,2}}"
_CODE: Final = rf"(?:(?:{_STATES}),? {_ZIP}|{_UK}|{_OTHER})"
_REGION: Final = rf"(?:(?:{_STATES})\b(?! ?[a-z])|{_ZIP})"
_HOUSE: Final = r"[1-9][0-9]{0,5}(?:-[0-9]{1,4})?[A-Za-z]?"
_BREAK: Final = r"(?:, ?\n?|\n| - )"

_ABROAD: Final = re.compile(
    rf"(?<![\w.#$€£-])(?:(?:{_FLAT}){_BREAK})?{_HOUSE},? (?:{_DIRECTION} )?(?:"
    rf"(?:(?:{_NAME}|[0-9]{{1,3}}(?:st|nd|rd|th)) ){{1,3}}{_STREET}\b\.?(?: {_DIRECTION})?(?:,? (?:{_FLAT}))?"
    rf"(?:(?:{_BREAK}| ){_TOWN})??(?:{_BREAK}{_TOWN})?(?:,? ?\n?{_CODE}|{_BREAK}(?:{_REGION}))"
    rf"|(?:{_NAME} ){{0,2}}{_NAME}(?:,? (?:{_FLAT}))?(?:{_BREAK}{_TOWN}){{1,2}}(?:,? ?\n?{_CODE})"
    rf"){_COUNTRY}?"
)
_BOX: Final = re.compile(
    rf"(?<!\w)P\.? ?O\.? Box [0-9]{{1,7}}{_BREAK}(?:{_TOWN}{_BREAK}){{0,2}}{_TOWN},? ?{_CODE}{_COUNTRY}?"
)
_LOCAL: Final = re.compile(
    rf"(?<![\w.#$€£-]){_HOUSE} (?:{_DIRECTION} )?(?:(?:{_NAME}|[0-9]{{1,3}}(?:st|nd|rd|th)) ){{1,3}}{_STREET}\b"
    rf"(?:\.?,? (?:{_FLAT}))?(?:\.?, {_TOWN}(?![a-z]))?"
)
_ADDRESSED: Final = re.compile(
    r"(?i:address|residing at|resides? at|lives? at|living at|ship to|deliver(?:ed)? to|mail to|sent to|located at|주소|배송지)"
    r"(?: (?:is|was|of))?[\"'\s:=,|(]{1,4}\Z"
)


_REACH: Final = 160
"""How far an address may stand around its anchor."""

KOREAN_ANCHOR: Final = r"-(?:ro|gil|daero|dong|ri|ga|RO|GIL|DAERO)\b"
ABROAD_ANCHOR: Final = (
    rf"[0-9][A-Za-z]?,? (?:{_DIRECTION} )?(?:(?:[A-Z][A-Za-z'.-]{{1,18}}|[0-9]{{1,3}}(?:st|nd|rd|th)) ){{1,3}}{_STREET}\b|"
    rf"(?:{_STATES}),? [0-9]{{5}}\b|{_UK}|Box [0-9]"
)
"""Anchors, for RE2."""


def english_spans(text: str, korean: Places, abroad: Places) -> Iterator[Span]:
    """Addresses in English around these anchors, the surest first; they may overlap."""
    for places, patterns in ((korean, _OF_KOREA), (abroad, _OF_ABROAD)):
        for low, high in _windows(places):
            for pattern, form in patterns:
                for match in pattern.finditer(text, low, high):
                    start, end = match.span()
                    if form != "local" or _ADDRESSED.search(text, max(0, start - 24), start):
                        yield start, end, form


def _windows(places: Places) -> list[tuple[int, int]]:
    """The surroundings of anchors, joined where they touch, so that nothing is read twice."""
    windows: list[tuple[int, int]] = []
    for start, end in places:
        low = max(0, start - _REACH)
        if windows and low <= windows[-1][1]:
            low = windows.pop()[0]
        windows.append((low, end + _REACH))
    return windows


_OF_KOREA: Final = ((_KOREA, "english"),)
_OF_ABROAD: Final = ((_ABROAD, "abroad"), (_BOX, "abroad"), (_LOCAL, "local"))
