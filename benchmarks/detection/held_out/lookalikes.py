"""What a careless detector would flag and must not: spans with a name of what they are."""

import base64
import uuid
from datetime import datetime, timedelta, timezone
from random import Random

from benchmarks.detection.held_out import checks
from benchmarks.detection.held_out.shape import Maker, digits, letters

_SEOUL = timezone(timedelta(hours=9))
_HEX = "0123456789abcdef"
_NATIONAL = (1544, 1566, 1577, 1588, 1599, 1600, 1644, 1661, 1670, 1688, 1800, 1811, 1855)


def moment(chance: Random) -> datetime:
    """Some moment of the last years."""
    return datetime(2023, 1, 1, tzinfo=_SEOUL) + timedelta(seconds=chance.randrange(120_000_000))


def order(chance: Random) -> str:
    """An order number."""
    day = moment(chance)
    return chance.choice(
        (
            f"{day:%Y%m%d}-{digits(chance, 7)}",
            f"{day:%y%m%d}{digits(chance, 6)}",
            f"ORD-{digits(chance, 10)}",
            f"{day:%y%m%d}-{digits(chance, 5)}",
            f"SO{digits(chance, 9)}",
        )
    )


def parcel(chance: Random) -> str:
    """A parcel's tracking number."""
    number = chance.choice("3456") + digits(chance, 11)
    return chance.choice((number, f"{number[:4]}-{number[4:8]}-{number[8:]}", number[:10]))


def barcode(chance: Random) -> str:
    """A Korean product's barcode."""
    first = "880" + digits(chance, 9)
    return first + checks.barcode(first)


def isbn(chance: Random) -> str:
    """A book's number."""
    first = "97911" + digits(chance, 7)
    number = first + checks.barcode(first)
    return chance.choice((number, f"979-11-{number[5:9]}-{number[9:12]}-{number[12]}"))


def version(chance: Random) -> str:
    """A version of four parts."""
    one = f"{chance.randrange(1, 30)}.{chance.randrange(20)}.{chance.randrange(200)}.{chance.randrange(200)}"
    return chance.choice(
        (
            f"v{one}",
            f"v{one}",
            f"버전 {one}",
            f"build {one}",
            f"Chrome/{chance.randrange(100, 140)}.0.{chance.randrange(4000, 7000)}.{chance.randrange(200)}",
        )
    )


def epoch(chance: Random) -> str:
    """Seconds or milliseconds since 1970."""
    seconds = int(moment(chance).timestamp())
    return chance.choice((str(seconds), f"{seconds}{digits(chance, 3)}"))


def unique(chance: Random) -> str:
    """A UUID."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def commit(chance: Random) -> str:
    """A commit's hash, long or short."""
    return letters(chance, chance.choice((7, 10, 40)), _HEX)


def digest(chance: Random) -> str:
    """A checksum with its algorithm."""
    return chance.choice(
        (
            f"sha256:{letters(chance, 64, _HEX)}",
            f"md5:{letters(chance, 32, _HEX)}",
            "sha512-" + base64.b64encode(chance.randbytes(64)).decode(),
        )
    )


def call_centre(chance: Random) -> str:
    """A number everybody may know."""
    return chance.choice(
        (
            f"{chance.choice(_NATIONAL)}-{digits(chance, 4)}",
            f"080-{digits(chance, 3)}-{digits(chance, 4)}",
            "112",
            "119",
            "114",
            "1345",
            "1372",
        )
    )


def law(chance: Random) -> str:
    """An article of a statute."""
    return f"제{chance.randrange(2, 120)}조" + chance.choice(
        (
            "",
            "의2",
            f" 제{chance.randrange(1, 6)}항",
            f"제{chance.randrange(1, 5)}항제{chance.randrange(1, 9)}호",
        )
    )


def case_number(chance: Random) -> str:
    """A court's case number."""
    sort = chance.choice(("가합", "나", "다", "고단", "도", "구합", "카단"))
    return f"{chance.randrange(2015, 2027)}{sort}{chance.randrange(1000, 300000)}"


def amount(chance: Random) -> str:
    """A sum of money."""
    won = chance.randrange(10, 99_999_999) * 10
    return chance.choice(
        (f"{won:,}원", f"₩{won:,}", f"{won:,} KRW", f"금 {won:,}원정", f"{won // 10000 + 1:,}만 원")
    )


def day(chance: Random) -> str:
    """A day that is nobody's birthday."""
    when = moment(chance)
    return chance.choice(
        (
            f"{when:%Y-%m-%d}",
            f"{when:%Y.%m.%d}",
            f"{when.year}년 {when.month}월 {when.day}일",
            f"{when:%y/%m/%d}",
            f"'{when:%y}. {when.month}. {when.day}.",
        )
    )


def clock(chance: Random) -> str:
    """A moment in a log."""
    when = moment(chance)
    return chance.choice(
        (
            f"{when:%Y-%m-%dT%H:%M:%S}+09:00",
            f"{when:%Y-%m-%d %H:%M:%S},{chance.randrange(1000):03d}",
            f"{when:%Y-%m-%dT%H:%M:%S}Z",
        )
    )


def lot(chance: Random) -> str:
    """A production lot."""
    when = moment(chance)
    return chance.choice(
        (
            f"L{when:%y%m%d}-{digits(chance, 2)}",
            f"LOT {when:%y%m%d}{digits(chance, 4)}",
            f"{when:%y%j}{letters(chance, 1, 'ABC')}{digits(chance, 3)}",
            f"{when:%y%m%d}-{digits(chance, 4)}",
        )
    )


def part(chance: Random) -> str:
    """A part number shaped like a code of something else."""
    return chance.choice(
        (
            f"B{chance.randrange(10, 99)}",
            f"C{chance.randrange(10, 99)}.{chance.randrange(9)}",
            f"M{digits(chance, 3)}-{digits(chance, 4)}",
            f"HX-{digits(chance, 4)}-{digits(chance, 2)}",
            f"P{digits(chance, 7)}",
        )
    )


def imei(chance: Random) -> str:
    """A device's number, which passes the same check as a card."""
    first = "35" + digits(chance, 12)
    return first + checks.luhn(first)


def masked_card(chance: Random) -> str:
    """A card number whose middle is masked."""
    return f"{chance.choice(('4', '5', '9'))}{digits(chance, 3)}-****-****-{digits(chance, 4)}"


def masked_name(chance: Random) -> str:
    """A name whose middle is masked."""
    return chance.choice(("김○수", "이*영", "박O준", "최**", "정○○"))


def not_card(chance: Random) -> str:
    """Sixteen digits in groups that fail the card check."""
    first = chance.choice("45") + digits(chance, 14)
    number = first + str((int(checks.luhn(first)) + chance.randrange(1, 10)) % 10)
    return "-".join(number[at : at + 4] for at in range(0, 16, 4))


def not_resident(chance: Random) -> str:
    """Six and seven digits whose first six are no day."""
    month, sign = chance.choice(("13", "15", "00", "27", "44")), chance.choice("1234")
    return f"{digits(chance, 2)}{month}{chance.randrange(1, 29):02d}-{sign}{digits(chance, 6)}"


def not_iban(chance: Random) -> str:
    """An IBAN's shape with wrong check digits."""
    account = digits(chance, 18)
    wrong = (int(checks.iban("DE", account)) + chance.randrange(1, 80)) % 97
    number = f"DE{wrong:02d}{account}"
    return " ".join(number[at : at + 4] for at in range(0, 22, 4))


def not_ssn(chance: Random) -> str:
    """A number of a social security number's shape that none can be."""
    return f"{chance.choice(('000', '666', '9' + digits(chance, 2)))}-{chance.randrange(1, 100):02d}-{digits(chance, 4)}"


def placeholder(chance: Random) -> str:
    """What stands where a secret would."""
    return chance.choice(
        (
            "${DB_PASSWORD}",
            "<password>",
            "changeme",
            "********",
            "{{ vault.db_password }}",
            "your-api-key-here",
            "xxxxxxxx",
            "$(cat /run/secrets/db)",
            "<YOUR_TOKEN>",
            "REDACTED",
        )
    )


def token(chance: Random) -> str:
    """A placeholder of a de-identified text."""
    return f"{chance.choice(('PERSON', 'PHONE', 'EMAIL', 'ADDRESS', 'KR_RRN'))}_{chance.randrange(1, 30)}"


def room(chance: Random) -> str:
    """A room and another number, shaped like a hired car's plate."""
    return chance.choice(
        (
            f"{chance.randrange(101, 999)}호 {digits(chance, 4)}",
            f"{chance.randrange(2, 20)}층 {chance.randrange(201, 999)}호",
        )
    )


def coordinates(chance: Random) -> str:
    """A place on the map."""
    return f"{chance.uniform(33, 38.5):.6f}, {chance.uniform(126, 129.5):.6f}"


def section(chance: Random) -> str:
    """A section of a document, four levels deep."""
    return ".".join(str(chance.randrange(1, 12)) for _ in range(4)) + "절"


def oid(chance: Random) -> str:
    """An object identifier."""
    return f"1.3.6.1.4.1.{chance.randrange(1000, 60000)}.{chance.randrange(9)}"


def mac(chance: Random) -> str:
    """A network card's address."""
    return ":".join(letters(chance, 2, _HEX) for _ in range(6))


def constant(chance: Random) -> str:
    """A constant of a program."""
    return chance.choice(
        (
            "0x7FFFFFFF",
            "2147483647",
            "4294967296",
            "9007199254740991",
            "1000000007",
            "3141592653589793",
            "0xDEADBEEFCAFEBABE",
            "86400000",
        )
    )


def area(chance: Random) -> str:
    """A district without a street: no address."""
    return chance.choice(
        (
            "성동구 일대",
            "강릉시 전역",
            "제주 서귀포시",
            "수원시 팔달구",
            "전주 한옥마을",
            "경남 통영",
            "대구 북구",
            "충북 음성군",
            "마포구·서대문구",
        )
    )


def subject(chance: Random) -> str:
    """A word that is shaped like a name."""
    return chance.choice(
        (
            "이상",
            "정도",
            "조사",
            "고민",
            "유리",
            "한국",
            "지금",
            "강조",
            "이전",
            "조치",
            "신고",
            "정상",
            "유지",
            "민원",
            "주문",
            "원료",
            "차량",
            "구매",
            "기술",
            "배송",
        )
    )


def registration(chance: Random) -> str:
    """A number of the state about a thing: patent, certificate, building."""
    return chance.choice(
        (
            f"10-20{chance.randrange(15, 27)}-0{digits(chance, 6)}",
            f"제20{chance.randrange(15, 27)}-{chance.randrange(10, 9999)}호",
            f"특허 제10-{digits(chance, 7)}호",
            f"KC-{digits(chance, 4)}-{digits(chance, 5)}",
        )
    )


def workplace(chance: Random) -> str:
    """A workplace's insurance number: a business number and one digit."""
    first = f"{chance.randrange(101, 900)}81{digits(chance, 4)}"
    return first + checks.business(first) + chance.choice("0246")


LOOKALIKES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        order, parcel, barcode, isbn, version, epoch, unique, commit, digest, call_centre, law, case_number,
        amount, day, clock, lot,
        part, imei, masked_card, masked_name, not_card, not_resident, not_iban, not_ssn, placeholder, token,
        room, coordinates, section, oid, mac,
        constant, area, subject, registration, workplace,
    )
}  # fmt: skip
"""What each is called in the corpus, and its maker."""
