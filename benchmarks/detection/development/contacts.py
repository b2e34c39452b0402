"""Numbers people are reached by and international identifiers; hosts and mail domains are reserved names, cards test ranges."""

import random
import string
from collections.abc import Callable

from benchmarks.detection.development import checks, names, places
from benchmarks.detection.development.draw import UPPER, day, digits, grouped, letters, number

Draw = Callable[[random.Random], str]

_AREAS = [
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
]
_SUFFIXES = (
    ".example",
    ".test",
    ".example.com",
    ".example.net",
    ".example.org",
    ".co.example",
    ".or.example",
)
_FIRMS = [
    "hanbit",
    "narae",
    "daon",
    "mirae-tech",
    "saebom",
    "gaon",
    "onnuri",
    "barun",
    "haneul",
    "dasol",
    "solbit",
    "mulbit",
    "nuri",
    "jinsung",
]
_WORDS_OF_USERS = [
    "blue",
    "happy",
    "star",
    "rain",
    "river",
    "sun",
    "coffee",
    "tiger",
    "moon",
    "daily",
    "pine",
    "sky",
    "wave",
    "gom",
]
_ROLES = [
    "info",
    "help",
    "support",
    "noreply",
    "contact",
    "sales",
    "hr",
    "admin",
    "webmaster",
    "privacy",
    "press",
    "billing",
]
_TEST_RANGES = (
    "411111",
    "424242",
    "400005",
    "401288",
    "555555",
    "510510",
    "222300",
    "272099",
    "353011",
    "356600",
)
_DOMESTIC_RANGES = ("941009", "944020", "949013", "920061", "625000")


def domain(chance: random.Random) -> str:
    """A host that belongs to nobody (RFC 2606)."""
    return chance.choice(_FIRMS) + chance.choice(_SUFFIXES)


def email(chance: random.Random) -> str:
    """A personal mailbox in one of the usual shapes."""
    name = names.roman(chance).lower().replace(",", "").replace("-", "").split()
    family, given = name[-1], "".join(name[:-1]) or "kim"
    local = chance.choice(
        (
            f"{given}.{family}",
            f"{given[0]}{family}",
            f"{family}{digits(chance, 2)}",
            f"{chance.choice(_WORDS_OF_USERS)}_{family}",
            f"{chance.choice(_WORDS_OF_USERS)}{digits(chance, 4)}",
            f"{family}.{given}+{chance.choice(('work', 'news', 'test'))}",
            f"{given}-{digits(chance, 2)}",
        )
    )
    return f"{local}@{domain(chance)}"


def role_mailbox(chance: random.Random) -> str:
    """A mailbox of a desk, not of a person."""
    return f"{chance.choice(_ROLES)}@{domain(chance)}"


def _hangul_domain(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS_OF_USERS)}{digits(chance, 2)}@{chance.choice(('한빛', '나래', '다온'))}.example"


def _mobile(chance: random.Random) -> tuple[str, str, str]:
    if chance.random() < 0.06:
        return chance.choice(("011", "016", "017", "018", "019")), number(chance, 3), digits(chance, 4)
    return "010", number(chance, 4), digits(chance, 4)


def _landline(chance: random.Random) -> tuple[str, str, str]:
    area = "02" if chance.random() < 0.35 else chance.choice(_AREAS)
    return area, chance.choice("23456789") + digits(chance, chance.choice((2, 3))), digits(chance, 4)


def _joined(source: Callable[[random.Random], tuple[str, ...]], separator: str) -> Draw:
    return lambda chance: separator.join(source(chance))


def _abroad(chance: random.Random) -> str:
    area, *rest = chance.choice((_mobile, _mobile, _landline))(chance)
    prefix = chance.choice(("+82 ", "+82-", "+82", "0082-", "82-", "+82 (0)"))
    separator = "" if prefix == "+82" else chance.choice(("-", " ", "-"))
    return prefix + separator.join((area[1:], *rest))


def _bracketed(chance: random.Random) -> str:
    area, middle, last = _landline(chance)
    return chance.choice((f"({area}) {middle}-{last}", f"({area}){middle}-{last}", f"{area}){middle}-{last}"))


def _internet(chance: random.Random) -> tuple[str, str, str]:
    return (
        chance.choice(("070", "0502", "0503", "0504", "0505", "0507")),
        number(chance, 4),
        digits(chance, 4),
    )


def _foreign_phone(chance: random.Random) -> str:
    return chance.choice(
        (
            f"+1 ({chance.randint(201, 989)}) 555-01{digits(chance, 2)}",
            f"+1-{chance.randint(201, 989)}-555-01{digits(chance, 2)}",
            f"+44 20 7946 0{digits(chance, 3)}",
            f"+81-3-{number(chance, 4)}-{digits(chance, 4)}",
            f"+84 9{digits(chance, 2)} {digits(chance, 3)} {digits(chance, 3)}",
            f"+49 30 {number(chance, 8)}",
        )
    )


def _birth(pattern: str) -> Draw:
    def draw(chance: random.Random) -> str:
        born = day(chance, 1935, 2021)
        return pattern.format(y=born.year, m=born.month, d=born.day, s=f"{born:%y}", b=f"{born:%B}")

    return draw


def _masked_resident(chance: random.Random) -> str:
    born = day(chance, 1940, 2012)
    return f"{born:%y%m%d}-{'12'[chance.random() < 0.5] if born.year < 2000 else '34'[chance.random() < 0.5]}"


def ipv4(chance: random.Random) -> str:
    """A public, private or documentation address."""
    private = f"10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    home = f"192.168.{chance.randint(0, 30)}.{chance.randint(2, 254)}"
    sample = f"{chance.choice(('192.0.2', '198.51.100', '203.0.113'))}.{chance.randint(1, 254)}"
    first = chance.choice([octet for octet in range(11, 223) if octet not in {127, 172, 192, 198, 203}])
    public = f"{first}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    return chance.choice((private, home, sample, public, public))


def _ipv4_network(chance: random.Random) -> str:
    return f"{ipv4(chance).rsplit('.', 1)[0]}.0/{chance.choice((16, 24, 24, 27))}"


def ipv6(chance: random.Random) -> str:
    """Compressed, full, mapped, with zone or prefix length."""
    groups = [f"{chance.getrandbits(16):x}" for _ in range(8)]
    return chance.choice(
        (
            f"2001:db8:{groups[2]}::{groups[7]}",
            f"2001:db8:{':'.join(groups[2:])}",
            f"fe80::{groups[4]}:{groups[5]}:{groups[6]}:{groups[7]}",
            f"fe80::{groups[4]}:{groups[5]}%eth{chance.randint(0, 3)}",
            f"::ffff:{ipv4(chance)}",
            f"2001:db8:{groups[2]}::/48",
            f"fd{chance.getrandbits(8):02x}:{groups[1]}:{groups[2]}::{groups[7]}",
        )
    )


def card_digits(chance: random.Random) -> str:
    """Sixteen digits from test prefixes or invented domestic ones, with Luhn digit."""
    body = chance.choice(_TEST_RANGES * 2 + _DOMESTIC_RANGES) + digits(chance, 9)
    return body + checks.luhn(body)


def _card_grouped(chance: random.Random) -> str:
    return grouped(card_digits(chance), (4, 4, 4, 4), chance.choice(("-", "-", " ")))


def _amex(chance: random.Random) -> str:
    body = chance.choice(("378282", "371449")) + digits(chance, 8)
    return grouped(body + checks.luhn(body), (4, 6, 5), chance.choice((" ", "-")))


def _card_full(chance: random.Random) -> str:
    expiry = f"{chance.randint(1, 12):02d}/{chance.randint(27, 33)}"
    rest = chance.choice(
        (
            f" {expiry} CVC {digits(chance, 3)}",
            f" 유효기간 {expiry} CVC {digits(chance, 3)}",
            f" exp {expiry}",
        )
    )
    return _card_grouped(chance) + rest


_IBAN_SHAPES = {"DE": (18, ""), "FR": (23, ""), "ES": (20, ""), "AT": (16, ""), "PL": (24, ""), "CH": (17, ""),
                "GB": (14, "NWBK"), "NL": (10, "ABNA"), "IE": (14, "AIBK")}  # fmt: skip


def iban(chance: random.Random) -> str:
    """Country, check digits and account in one piece."""
    country = chance.choice(sorted(_IBAN_SHAPES))
    count, bank = _IBAN_SHAPES[country]
    account = bank + digits(chance, count)
    return country + checks.iban(country, account) + account


def _iban_grouped(chance: random.Random) -> str:
    whole = iban(chance)
    return " ".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def ssn_digits(chance: random.Random) -> str:
    """Nine digits in the ranges that were issued."""
    area = chance.choice([value for value in range(1, 900) if value != 666])
    return f"{area:03d}{chance.randint(1, 99):02d}{chance.randint(1, 9999):04d}"


def hexadecimal(chance: random.Random, count: int) -> str:
    """Lower-case hexadecimal digits."""
    return letters(chance, count, string.hexdigits[:16])


def product_code(chance: random.Random) -> str:
    """Two letters and figures, as on a label."""
    return f"{letters(chance, 2, UPPER)}-{digits(chance, 4)}"


CONTACTS: dict[str, tuple[tuple[str, Draw, int], ...]] = {
    "address": (
        ("road", places.road_address, 7),
        ("lot", places.lot_address, 3),
        ("en", places.english_address, 0),
        ("postcode", places.postcode, 0),
    ),
    "phone": (
        ("mobile", _joined(_mobile, "-"), 9),
        ("plain", _joined(_mobile, ""), 2),
        ("dotted", _joined(_mobile, "."), 1),
        ("spaced", _joined(_mobile, " "), 1),
        ("landline", _joined(_landline, "-"), 3),
        ("abroad", _abroad, 1),
        ("bracket", _bracketed, 1),
        ("internet", _joined(_internet, "-"), 1),
        ("foreign", _foreign_phone, 1),
    ),
    "email": (("personal", email, 8), ("role", role_mailbox, 1), ("hangul", _hangul_domain, 1)),
    "date_of_birth": (
        ("iso", _birth("{y}-{m:02d}-{d:02d}"), 4),
        ("dots", _birth("{y}.{m:02d}.{d:02d}"), 3),
        ("loose", _birth("{y}. {m}. {d}"), 1),
        ("korean", _birth("{y}년 {m}월 {d}일"), 4),
        ("korean_short", _birth("{s}년 {m}월 {d}일"), 1),
        ("slash", _birth("{y}/{m:02d}/{d:02d}"), 1),
        ("eight", _birth("{y}{m:02d}{d:02d}"), 1),
        ("six", _birth("{s}{m:02d}{d:02d}"), 2),
        ("en", _birth("{b} {d}, {y}"), 0),
        ("resident", _masked_resident, 0),
    ),
    "ip": (("four", ipv4, 6), ("six", ipv6, 2), ("network", _ipv4_network, 1)),
    "card": (("grouped", _card_grouped, 6), ("bare", card_digits, 2), ("amex", _amex, 1), ("full", _card_full, 1)),
    "iban": (("joined", iban, 1), ("grouped", _iban_grouped, 1)),
    "us.ssn": (
        ("hyphen", lambda chance: grouped(ssn_digits(chance), (3, 2, 4)), 6),
        ("space", lambda chance: grouped(ssn_digits(chance), (3, 2, 4), " "), 1),
        ("bare", ssn_digits, 2),
    ),
}  # fmt: skip
"""Kind → (spelling, how it is drawn, how often): weight 0 is drawn only where a template asks for it."""
