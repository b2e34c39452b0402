"""Where people are reached, what they pay with, and when they were born."""

from datetime import date, timedelta
from random import Random

from benchmarks.detection.held_out import checks, names
from benchmarks.detection.held_out.shape import Value, digits, grouped, lines, rows, weighted

_PLACES = rows("places.tsv")
_ROADS = lines("roads.txt")
_BUILDINGS = (
    "늘푸른마을", "한여울아파트", "청솔빌라", "가람주공", "은하타운", "송림하이츠", "다온오피스텔", "미르상가",
    "해오름빌딩", "너울맨션", "참샘연립", "도담스퀘어", "별무리 3단지", "온누리프라자", "수레바퀴 지식산업센터",
)  # fmt: skip
_CITY_NUMBERS = (
    "02",
    "031",
    "032",
    "033",
    "041",
    "042",
    "043",
    "044",
    "051",
    "052",
    "053",
    "054",
    "055",
    "061",
    "062",
    "063",
    "064",
)
_DOMAINS = (
    "example.com", "example.org", "mail.example.net", "hansu-ceramic.example", "doldam.example", "narae-air.example",
    "gaon.co.example", "ferry.test", "kiln-lab.test", "sub.deep.example.org", "seedbank.example", "도담.example",
)  # fmt: skip
_ROLES = ("info", "help", "noreply", "billing", "recruit", "webmaster", "export-desk")


def phone_mobile(chance: Random) -> Value:
    """A mobile number as Koreans write it, with the country code now and then."""
    if chance.random() < 0.05:
        prefix, rest = (
            chance.choice(("011", "016", "017", "018", "019")),
            (digits(chance, 3), digits(chance, 4)),
        )
    else:
        prefix, rest = "010", (chance.choice("23456789") + digits(chance, 3), digits(chance, 4))
    if chance.random() < 0.12:
        prefix = chance.choice(("+82 ", "+82-", "+82", "0082-", "82-", "(+82)")) + prefix[1:]
        return Value(f"{prefix}-{rest[0]}-{rest[1]}".replace("--", "-"), "phone")
    joint = weighted(chance, ((62, "-"), (14, ""), (10, "."), (9, " "), (3, " - "), (2, ")")))
    if joint == ")":
        return Value(f"{prefix}){rest[0]}-{rest[1]}", "phone")
    return Value(joint.join((prefix, *rest)), "phone")


def phone_line(chance: Random) -> Value:
    """A number with an area code, of the internet or a personal one."""
    area = (
        chance.choice(_CITY_NUMBERS)
        if chance.random() < 0.8
        else chance.choice(("070", "0502", "0507", "0505"))
    )
    middle = chance.choice("23456789") + digits(
        chance, 3 if area[:2] in ("07", "05") and len(area) != 3 else chance.choice((2, 3))
    )
    if area == "070":
        middle = chance.choice("45678") + digits(chance, 3)
    last = digits(chance, 4)
    shapes = (f"{area}-{middle}-{last}",) * 6 + (
        f"{area}) {middle}-{last}",
        f"({area}) {middle}-{last}",
        f"{area}.{middle}.{last}",
        f"{area} {middle} {last}",
        f"+82-{area[1:]}-{middle}-{last}",
    )
    return Value(chance.choice(shapes), "phone")


def phone(chance: Random) -> Value:
    """Any domestic number."""
    return phone_mobile(chance) if chance.random() < 0.75 else phone_line(chance)


def phone_foreign(chance: Random) -> Value:
    """A number abroad in international form."""
    shapes = (
        f"+1-{chance.choice(('212', '415', '617', '303'))}-555-01{digits(chance, 2)}",
        f"+1 ({chance.choice(('206', '512', '818'))}) 555-01{digits(chance, 2)}",
        f"+44 20 7946 0{digits(chance, 3)}",
        f"+84 9{digits(chance, 1)} {digits(chance, 3)} {digits(chance, 4)}",
        f"+81-90-{chance.choice('123456789')}{digits(chance, 3)}-{digits(chance, 4)}",
        f"+49 30 23125 {digits(chance, 3)}",
    )
    return Value(chance.choice(shapes), "phone")


def email(chance: Random) -> Value:
    """An address in a reserved domain."""
    local = chance.choice(_ROLES) if chance.random() < 0.08 else names.account(chance)
    if chance.random() < 0.06:
        local = local.upper() if chance.random() < 0.4 else local.title()
    return Value(f"{local}@{chance.choice(_DOMAINS)}", "email")


def email_international(chance: Random) -> Value:
    """An address with Hangul in it."""
    return Value(
        chance.choice(
            (
                f"{names.account(chance)}@한수도예.테스트",
                f"{names.given(chance)}@도담.example",
                "민원실@가람.테스트",
            )
        ),
        "email",
    )


def _unit(chance: Random) -> str:
    room = f"{chance.randrange(1, 25)}{chance.randrange(1, 9):02d}호"
    block = f"{chance.randrange(101, 130)}동"
    return chance.choice(
        (
            "",
            "",
            f", {block} {room}",
            f" {block} {room}",
            f", {chance.randrange(2, 19)}층",
            f", {room}",
            f" 지하 1층 {room}",
            f" {block[:-1]}-{room[:-1]}",
        )
    )


def _postcode(chance: Random) -> str:
    code = f"{chance.randrange(1000, 63600):05d}"
    return weighted(chance, ((88, ""), (5, f"({code}) "), (4, f"[{code}] "), (3, f"우){code} ")))


def address_road(chance: Random) -> Value:
    """An address by street, down to the flat."""
    sido, sigungu, town, _ = chance.choice(_PLACES)
    area = f"{town} " if town[-1] in "읍면" else ""
    side = f"{chance.randrange(2, 90)}번길" if chance.random() < 0.25 else ""
    road = chance.choice(_ROADS) + side
    gap = "" if chance.random() < 0.06 else " "
    number = f"{chance.randrange(1, 400)}" + (f"-{chance.randrange(1, 40)}" if chance.random() < 0.3 else "")
    extra = f" ({town}, {chance.choice(_BUILDINGS)})" if town[-1] == "동" and chance.random() < 0.35 else ""
    head = _postcode(chance)
    text = (
        f"{_province(chance, sido)} {sigungu} {area}{road}{gap}{number}".replace("  ", " ")
        + _unit(chance)
        + extra
    )
    return _whole(head, text)


def address_lot(chance: Random) -> Value:
    """An address by lot number."""
    sido, sigungu, town, village = chance.choice(_PLACES)
    area = f"{town} {village}".strip()
    number = f"{chance.choice(('', '', '', '산'))}{chance.randrange(1, 1500)}" + (
        f"-{chance.randrange(1, 60)}" if chance.random() < 0.6 else ""
    )
    building = f" {chance.choice(_BUILDINGS)}{_unit(chance)}" if chance.random() < 0.45 else ""
    lot = chance.choice(("번지", "", "")) if not building else ""
    text = f"{_province(chance, sido)} {sigungu} {area} {number}{lot}".replace("  ", " ") + building
    return _whole(_postcode(chance), text)


def address(chance: Random) -> Value:
    """An address by street or lot."""
    return address_road(chance) if chance.random() < 0.7 else address_lot(chance)


def _whole(head: str, text: str) -> Value:
    return Value(head + text.strip(), "address")


def _province(chance: Random, sido: str) -> str:
    roll = chance.random()
    if roll < 0.12:
        return ""
    if roll < 0.45:
        return _SHORT.get(sido, sido)
    return sido


_SHORT = {
    "서울특별시": "서울", "부산광역시": "부산", "대구광역시": "대구", "인천광역시": "인천",
    "대전광역시": "대전", "울산광역시": "울산",
    "경기도": "경기", "강원특별자치도": "강원", "충청북도": "충북", "충청남도": "충남",
    "전북특별자치도": "전북", "경상북도": "경북",
    "경상남도": "경남", "제주특별자치도": "제주",
}  # fmt: skip


def address_english(chance: Random) -> Value:
    """A Korean address as it stands on a foreign invoice."""
    street = chance.choice(("Dolmen-ro", "Gaetbeol-gil", "Sinae-ro 22beon-gil", "Kiln-ro", "Yeomjeon-daero"))
    district = chance.choice(
        ("Seo-gu, Incheon", "Buk-gu, Daegu", "Yuseong-gu, Daejeon", "Wonju-si, Gangwon-do", "Saha-gu, Busan")
    )
    flat = chance.choice(("", f"#{chance.randrange(201, 1900)}, ", f"{chance.randrange(2, 20)}F, "))
    return Value(f"{flat}{chance.randrange(3, 320)}, {street}, {district}", "address")


def date_of_birth(chance: Random) -> Value:
    """A birth date in one of the spellings people use."""
    born = date(1938, 1, 1) + timedelta(days=chance.randrange(30000))
    year, month, day = born.year, born.month, born.day
    shapes = (
        f"{born:%Y-%m-%d}", f"{born:%Y.%m.%d}", f"{born:%Y/%m/%d}", f"{year}. {month}. {day}.", f"{year}년 {month}월 {day}일",
        f"{year}년{month:02d}월{day:02d}일", f"{born:%Y%m%d}", f"{born:%y%m%d}", f"{born:%y.%m.%d}", f"{year}. {month}. {day}",
        f"{born:%y}년 {month}월 {day}일",
    )  # fmt: skip
    return Value(chance.choice(shapes), "date_of_birth")


def date_of_birth_english(chance: Random) -> Value:
    """A birth date in English."""
    born = date(1938, 1, 1) + timedelta(days=chance.randrange(30000))
    month = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )[born.month - 1]
    shapes = (
        f"{born.day} {month} {born.year}",
        f"{month} {born.day}, {born.year}",
        f"{born:%m/%d/%Y}",
        f"{born:%Y-%m-%d}",
        f"{born.day}-{month[:3]}-{born.year}",
    )
    return Value(chance.choice(shapes), "date_of_birth")


def date_of_birth_masked(chance: Random) -> Value:
    """The first seven digits of a resident number whose tail is masked: they still tell the birth date."""
    born = date(1945, 1, 1) + timedelta(days=chance.randrange(28000))
    sign = chance.choice("12" if born.year < 2000 else "34")
    mask = chance.choice(("******", "XXXXXX", "●●●●●●", "xxxxxx"))
    return Value(f"{born:%y%m%d}-{sign}", "date_of_birth", after=mask)


def ip(chance: Random) -> Value:
    """An address of version 4, public or private."""
    roll = chance.random()
    last = f"{chance.randrange(256)}.{chance.randrange(1, 255)}"
    if roll < 0.25:
        return Value(f"10.{chance.randrange(256)}.{last}", "ip")
    if roll < 0.4:
        return Value(f"192.168.{last}", "ip")
    if roll < 0.55:
        block = chance.choice(("192.0.2", "198.51.100", "203.0.113"))
        return Value(f"{block}.{chance.randrange(1, 255)}", "ip")
    return Value(
        f"{chance.choice((14, 27, 61, 112, 121, 175, 183, 211, 220))}.{chance.randrange(256)}.{last}", "ip"
    )


def ip6(chance: Random) -> Value:
    """An address of version 6 in one of its forms."""
    word = f"{chance.randrange(16, 65536):x}"
    other = f"{chance.randrange(16, 65536):x}"
    full = ":".join(f"{chance.randrange(65536):04x}" for _ in range(6))
    shapes = (
        f"2001:db8::{word}", f"2001:db8:{word}:{other}::1", f"fe80::{word}:{other}%eth0", f"2001:0db8:{full}",
        f"::ffff:203.0.113.{chance.randrange(1, 255)}", f"2001:DB8:{word.upper()}::{other.upper()}",
        f"fd{chance.randrange(16, 256):02x}:{word}::{other}",
    )  # fmt: skip
    return Value(chance.choice(shapes), "ip")


def card(chance: Random) -> Value:
    """A card number of an issuer's range, grouped or bare."""
    start = chance.choice(
        (
            "4",
            "4",
            "51",
            "53",
            "55",
            "2221",
            "2345",
            "2720",
            "3528",
            "3589",
            "62",
            "9",
            "94",
            "37",
            "34",
            "36",
        )
    )
    length = {"37": 15, "34": 15, "36": 14}.get(start, 16)
    first = start + digits(chance, length - len(start) - 1)
    number = first + checks.luhn(first)
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(length, (4, 4, 4, 4))
    return Value(grouped(number, sizes, weighted(chance, ((60, "-"), (20, " "), (18, ""), (2, ".")))), "card")


def card_whole(chance: Random) -> Value:
    """A card number with expiry and security code, which belong to the finding."""
    ends = f"{chance.randrange(1, 13):02d}/{chance.randrange(27, 33)}"
    label = chance.choice((" 유효기간 {} CVC {}", " ({}) CVV {}", " / {} / {}", ", exp {}, cvc {}"))
    return Value(card(chance).text + label.format(ends, digits(chance, 3)), "card")


def iban(chance: Random) -> Value:
    """An IBAN of a country that issues them, in groups of four or closed."""
    country, size, head = chance.choice(
        (
            ("DE", 18, ""),
            ("FR", 23, ""),
            ("GB", 18, "NWBK"),
            ("NL", 14, "ABNA"),
            ("AT", 16, ""),
            ("ES", 20, ""),
            ("PL", 24, ""),
            ("CH", 17, ""),
        )
    )
    account = head + digits(chance, size - len(head))
    number = country + checks.iban(country, account) + account
    spaced = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return Value(number if chance.random() < 0.35 else spaced, "iban")


def ssn(chance: Random) -> Value:
    """A social security number of the United States."""
    area = chance.choice([number for number in range(1, 900) if number != 666])
    joint = weighted(chance, ((85, "-"), (15, " ")))
    return Value(
        f"{area:03d}{joint}{chance.randrange(1, 100):02d}{joint}{chance.randrange(1, 10000):04d}", "us.ssn"
    )


BANKS = {
    "국민은행": (6, 2, 6), "신한은행": (3, 3, 6), "우리은행": (4, 3, 6), "하나은행": (3, 6, 5), "농협": (3, 4,
    4, 2), "NH농협": (3, 4, 4, 2),
    "기업은행": (3, 6, 2, 3), "카카오뱅크": (4, 2, 7), "토스뱅크": (4, 4, 4), "새마을금고": (4, 2, 6, 1),
    "신협": (3, 3, 6), "수협": (3, 2, 6),
    "부산은행": (3, 4, 4, 2), "경남은행": (3, 2, 7), "iM뱅크": (3, 2, 6, 1), "KB": (3, 2, 4, 3), "IBK": (3, 6,
    2, 3), "우체국": (6, 2, 6),
}  # fmt: skip


def bank_account(chance: Random) -> Value:
    """An account number in the grouping of some bank, the bank before it."""
    bank, sizes = chance.choice(list(BANKS.items()))
    return Value(
        _account(chance, bank, sizes),
        "bank_account",
        before=bank + chance.choice((" ", " ", ") ", ": ", "/")),
    )


def bank_account_bare(chance: Random) -> Value:
    """An account number alone; the text must say that it is one."""
    bank, sizes = chance.choice(list(BANKS.items()))
    return Value(_account(chance, bank, sizes), "bank_account")


def _account(chance: Random, bank: str, sizes: tuple[int, ...]) -> str:
    number = (
        "3333" + digits(chance, 9)
        if bank == "카카오뱅크"
        else chance.choice("123456789") + digits(chance, sum(sizes) - 1)
    )
    return grouped(number, sizes, weighted(chance, ((70, "-"), (20, ""), (10, " "))))
