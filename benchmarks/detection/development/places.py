"""Postal addresses, invented: real districts and roads, put together at random."""

import random

from benchmarks.detection.development.draw import digits, rows, words

_SHORT_PROVINCE = {
    "서울특별시": ("서울", "서울시"),
    "부산광역시": ("부산", "부산시"),
    "대구광역시": ("대구", "대구시"),
    "인천광역시": ("인천", "인천시"),
    "대전광역시": ("대전", "대전시"),
    "울산광역시": ("울산", "울산시"),
    "경기도": ("경기",),
    "강원특별자치도": ("강원", "강원도"),
    "충청북도": ("충북",),
    "충청남도": ("충남",),
    "전북특별자치도": ("전북", "전라북도"),
    "경상북도": ("경북",),
    "경상남도": ("경남",),
    "제주특별자치도": ("제주", "제주도"),
}
_BUILDINGS = [
    "한빛마을",
    "늘푸른",
    "가람",
    "솔향기",
    "해오름",
    "은하수",
    "다온",
    "벽산",
    "참누리",
    "미르",
    "새봄",
    "하늘채",
    "윤슬",
    "물빛",
    "도담",
]


def _place(chance: random.Random, *, lot: bool) -> tuple[str, str, str]:
    """Province and district as written, and the legal 동 or 리 with what stands before it."""
    province, district, town, village = chance.choice(rows("districts.tsv"))
    shown = province if chance.random() < 0.6 else chance.choice(_SHORT_PROVINCE.get(province, (province,)))
    head = " ".join(part for part in (shown, district) if part)
    below = town if not village else f"{town} {village}" if lot else town
    return head, below, village


def _unit(chance: random.Random) -> str:
    room, block = chance.choice((101, 302, 1204, 703, 1503, 204, 2101, 506)), chance.randint(101, 118)
    return chance.choice(
        (
            f", {block}동 {room}호",
            f", {block}동 {room}호",
            f", {room}호",
            f" {block}-{room}",
            f", {chance.randint(2, 24)}층",
            f", B{chance.randint(1, 2)}층 {chance.randint(1, 9)}호",
        )
    )


def postcode(chance: random.Random) -> str:
    """Five digits; the first two say the region, 01 to 63."""
    return f"{chance.randint(1, 63):02d}{digits(chance, 3)}"


def road_address(chance: random.Random) -> str:
    """An address of the new kind, with what is said about flat and building."""
    head, below, village = _place(chance, lot=False)
    road = chance.choice(words("roads.txt"))
    if chance.random() < 0.3:
        road += f"{chance.randint(2, 88)}{chance.choice(('번길', '길', '번길'))}"
    plot = str(chance.randint(1, 480)) + (f"-{chance.randint(1, 38)}" if chance.random() < 0.3 else "")
    middle = f" {below}" if village else ""
    unit = _unit(chance) if chance.random() < 0.6 else ""
    building = f"{chance.choice(_BUILDINGS)}아파트"
    note = chance.choice(("", "", f" ({below})", f" ({below}, {building})")) if not village else ""
    code = chance.choice((f"({postcode(chance)}) ", f"{postcode(chance)} ")) if chance.random() < 0.12 else ""
    return f"{code}{head}{middle} {road} {plot}{unit}{note}"


def lot_address(chance: random.Random) -> str:
    """An address of the old kind, by plot of land."""
    head, below, _ = _place(chance, lot=True)
    plot = str(chance.randint(1, 990)) + (f"-{chance.randint(1, 60)}" if chance.random() < 0.6 else "")
    plot = ("산" if chance.random() < 0.1 else "") + plot + ("번지" if chance.random() < 0.25 else "")
    flat = f" {chance.choice(_BUILDINGS)}아파트 {chance.randint(101, 118)}동 {chance.randint(1, 19)}0{chance.randint(1, 6)}호"
    return f"{head} {below} {plot}{flat if chance.random() < 0.5 else ''}"


def english_address(chance: random.Random) -> str:
    """An invented address abroad, or a Korean one in English order."""
    street = chance.choice(("Maple", "Harbor", "Kingsley", "Orchard", "Mill", "Cedar"))
    kind = chance.choice(("Street", "Avenue", "Road", "Lane", "Drive"))
    town = chance.choice(
        ("Springfield, IL 62704", "Portland, OR 97205", "Boston, MA 02116", "Austin, TX 78702")
    )
    flat = chance.choice(("", f", Apt {chance.randint(1, 40)}B", f", Suite {chance.randint(100, 900)}"))
    korean = f"{chance.randint(1, 99)}, Teheran-ro {chance.randint(2, 90)}-gil, Gangnam-gu, Seoul"
    return korean if chance.random() < 0.3 else f"{chance.randint(10, 4999)} {street} {kind}{flat}, {town}"
