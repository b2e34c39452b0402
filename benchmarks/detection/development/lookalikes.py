"""What a careless detector would flag and must not: numbers with another meaning, and numbers that fail their rule."""

import random
import uuid
from collections.abc import Callable

from benchmarks.detection.development import checks, contacts, national
from benchmarks.detection.development.contacts import hexadecimal
from benchmarks.detection.development.draw import UPPER, day, digits, grouped, letters, number, words

Draw = Callable[[random.Random], str]

_LAWS = [
    "개인정보 보호법 제{}조",
    "근로기준법 제{}조",
    "상법 제{}조",
    "민법 제{}조 제2항",
    "신용정보법 제{}조",
    "의료법 제{}조 제1항",
]
_PLACES = [
    "강남역",
    "서초구",
    "이천시",
    "정자동",
    "안양시",
    "유성구",
    "성수동",
    "구로디지털단지",
    "조치원",
    "양재동",
    "신촌",
    "김포공항",
]
_PRODUCTS = [
    "하늘담 김치냉장고",
    "나래 노트북",
    "온새미로 정수기",
    "다솜 보험",
    "이지톡",
    "고운손 크림",
    "민들레 플랜",
    "한결 서비스",
]
_FIRMS = [
    "(주)한빛정밀",
    "나래물산",
    "㈜다솔소프트",
    "주식회사 온누리",
    "해오름상사",
    "가온전자(주)",
    "미리내제약",
    "은가람건설",
]
_PLACEHOLDERS = (
    "${DB_PASSWORD}", "<password>", "changeme", "YOUR_API_KEY", "xxxxxxxx", "********", "{{ vault_secret }}",
    "sk-...", "<YOUR_TOKEN>", "process.env.API_KEY", "os.environ['TOKEN']", "REPLACE_ME",
)  # fmt: skip


_PUBLIC_PREFIXES = ["1544", "1577", "1588", "1599", "1600", "1644", "1661", "1811", "1833", "1899"]
_PROSE = [
    "대외비 문서의 관리 절차",
    "기밀 유지 의무",
    "영업비밀의 요건",
    "비밀 등급 분류 기준",
    "confidential computing",
]
_FALSE_DATES = ("1345", "0230", "0631", "1301", "0431")


def _wrong(right: str, chance: random.Random) -> str:
    """The same number with another last digit, so that its check fails."""
    return right[:-1] + chance.choice([digit for digit in "0123456789" if digit != right[-1]])


def _order(chance: random.Random) -> str:
    date = f"{day(chance, 2023, 2026):%Y%m%d}"
    return chance.choice(
        (
            f"{date}-{digits(chance, 7)}",
            f"{date}{digits(chance, 6)}",
            f"ORD-{date[2:]}-{digits(chance, 5)}",
            number(chance, 10),
        )
    )


def _tracking(chance: random.Random) -> str:
    return chance.choice(
        (number(chance, 12), grouped(number(chance, 12), (4, 4, 4)), number(chance, 10), number(chance, 13))
    )


def _barcode(chance: random.Random) -> str:
    body = "880" + digits(chance, 9)
    return body + checks.barcode(body)


def _book(chance: random.Random) -> str:
    body = "979" + "11" + digits(chance, 7)
    whole = body + checks.barcode(body)
    return chance.choice((whole, grouped(whole, (3, 2, 5, 2, 1))))


def _version(chance: random.Random) -> str:
    parts = [str(chance.randint(0, 20)) for _ in range(chance.choice((3, 3, 4)))]
    return chance.choice(("v", "v", "")) + ".".join(parts) if len(parts) == 3 else "v" + ".".join(parts)


def _call_centre(chance: random.Random) -> str:
    return chance.choice(
        (
            f"{chance.choice(_PUBLIC_PREFIXES)}-{digits(chance, 4)}",
            f"080-{number(chance, 3)}-{digits(chance, 4)}",
        )
    )


def _date(chance: random.Random) -> str:
    date = day(chance, 2022, 2026)
    return chance.choice(
        (
            f"{date:%Y-%m-%d}",
            f"{date:%Y.%m.%d}",
            f"{date.year}년 {date.month}월 {date.day}일",
            f"{date.month}월 {date.day}일",
            f"{date:%y%m%d}",
            f"{date:%Y/%m/%d}",
        )
    )


def _amount(chance: random.Random) -> str:
    value = chance.randint(12, 98_000) * 100
    return chance.choice(
        (f"{value:,}원", f"{value:,}원", f"₩{value:,}", f"{value // 10000 + 1}만 원", f"금 {value:,}원정")
    )


def _lot(chance: random.Random) -> str:
    return chance.choice(
        (
            f"LOT{day(chance, 2024, 2026):%y%m%d}-{chance.choice('ABC')}{digits(chance, 2)}",
            f"{letters(chance, 2, UPPER)}{day(chance, 2024, 2026):%y%m%d}{digits(chance, 3)}",
        )
    )


def _masked(chance: random.Random) -> str:
    return chance.choice(
        (
            f"010-****-{digits(chance, 4)}",
            "******-*******",
            f"{digits(chance, 4)}-****-****-{digits(chance, 4)}",
            "k***@example.com",
            "***-**-*****",
            f"010-XXXX-{digits(chance, 4)}",
        )
    )


def _token(chance: random.Random) -> str:
    return f"{chance.choice(('PERSON', 'PHONE', 'EMAIL', 'ADDRESS', 'KR_RRN', 'ACCOUNT'))}_{chance.randint(1, 30)}"


def _impossible_resident(chance: random.Random) -> str:
    return f"{chance.randint(40, 99)}{chance.choice(_FALSE_DATES)}-{chance.choice('12')}{digits(chance, 6)}"


def _bad_card(chance: random.Random) -> str:
    return grouped(_wrong(contacts.card_digits(chance), chance), (4, 4, 4, 4), chance.choice(("-", " ")))


def _imei(chance: random.Random) -> str:
    body = "35" + digits(chance, 12)
    return body + checks.luhn(body)


def _bad_ip(chance: random.Random) -> str:
    return f"{chance.randint(256, 999)}.{chance.randint(0, 300)}.{chance.randint(0, 255)}.{chance.randint(256, 900)}"


def _part_number(chance: random.Random) -> str:
    return chance.choice(
        (f"{letters(chance, 1, UPPER)}{chance.randint(10, 99)}", contacts.product_code(chance))
    )


def _document_number(chance: random.Random) -> str:
    desk = chance.choice(("경영", "총무", "품질", "인사"))
    return f"{desk}-{chance.randint(2023, 2026)}-{digits(chance, 4)}"


def _site(chance: random.Random) -> str:
    return national.business_digits(chance) + chance.choice("0246")


LOOKALIKES: dict[str, Draw] = {
    "order": _order,
    "invoice": lambda chance: f"{chance.choice(('INV', 'TAX', 'SO'))}-{number(chance, 8)}",
    "tracking": _tracking,
    "epoch": lambda chance: str(chance.randint(1_600_000_000, 1_790_000_000)),
    "epoch_ms": lambda chance: str(chance.randint(1_600_000_000_000, 1_790_000_000_000)),
    "ean": _barcode,
    "isbn": _book,
    "version": _version,
    "browser": lambda chance: f"Chrome/{chance.randint(90, 140)}.0.{chance.randint(1000, 7300)}.{chance.randint(10, 250)}",
    "uuid": lambda chance: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    "git_hash": lambda chance: hexadecimal(chance, chance.choice((7, 12, 40))),
    "digest": lambda chance: hexadecimal(chance, chance.choice((32, 64))),
    "call_centre": _call_centre,
    "emergency": lambda chance: chance.choice(("112", "119", "114", "110", "182", "1345")),
    "law": lambda chance: chance.choice(_LAWS).format(chance.randint(2, 90)),
    "amount": _amount,
    "date": _date,
    "time": lambda chance: f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}",
    "hours": lambda chance: f"{chance.randint(7, 10):02d}:00~{chance.randint(17, 22)}:30",
    "lot": _lot,
    "part_number": _part_number,
    "room": lambda chance: f"{chance.randint(1, 12)}0{chance.randint(1, 9)}호",
    "document_number": _document_number,
    "ticket": lambda chance: f"{chance.choice(('OPS', 'CRM', 'BUG', 'SR', 'PAY'))}-{chance.randint(100, 99999)}",
    "section": lambda chance: ".".join(str(chance.randint(1, 9)) for _ in range(chance.choice((3, 4)))),
    "oid": lambda chance: "1.3.6.1.4.1." + ".".join(str(chance.randint(1, 300)) for _ in range(3)),
    "constant": lambda chance: f"0x{hexadecimal(chance, 8).upper()}",
    "colour": lambda chance: f"#{hexadecimal(chance, 6)}",
    "coordinates": lambda chance: f"{chance.randint(33, 38)}.{digits(chance, 6)}, {chance.randint(126, 129)}.{digits(chance, 6)}",
    "percent": lambda chance: f"{chance.randint(1, 99)}.{chance.randint(0, 9)}%",
    "quantity": lambda chance: f"{chance.randint(2, 900)}{chance.choice(('개', '건'))}",
    "heads": lambda chance: f"{chance.randint(2, 900)}명",
    "id16": lambda chance: _wrong(contacts.card_digits(chance), chance),
    "imei": _imei,
    "masked": _masked,
    "our_token": _token,
    "placeholder": lambda chance: chance.choice(_PLACEHOLDERS),
    "word_like_name": lambda chance: chance.choice(words("namelike.txt")),
    "place": lambda chance: chance.choice(_PLACES),
    "product": lambda chance: chance.choice(_PRODUCTS),
    "firm": lambda chance: chance.choice(_FIRMS),
    "site_number": _site,
    "about_marking": lambda chance: chance.choice(_PROSE),
    "bad_resident": _impossible_resident,
    "bad_card": _bad_card,
    "bad_iban": lambda chance: _wrong(contacts.iban(chance), chance),
    "bad_business": lambda chance: grouped(_wrong(national.business_digits(chance), chance), (3, 2, 5)),
    "bad_ip": _bad_ip,
    "bad_ssn": lambda chance: f"{chance.choice(('000', '666', '900', '987'))}-{digits(chance, 2)}-{digits(chance, 4)}",
    "short_resident": lambda chance: f"{day(chance, 1960, 2020):%y%m%d}-{digits(chance, 5)}",
}  # fmt: skip
"""What it is → how it is drawn; a template asks for it with a tilde."""
