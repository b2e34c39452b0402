"""Names of districts and roads: where a list decides, no shape is guessed. `README.md` says where they come from."""

import lzma
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

_FULL: Final = (
    "서울특별시 부산광역시 대구광역시 인천광역시 대전광역시 울산광역시 세종특별자치시 경기도 강원특별자치도 충청북도 충청남도 "
    "전북특별자치도 전남광주통합특별시 경상북도 경상남도 제주특별자치도"
)
_FORMER: Final = (
    "광주광역시 전라남도 전라북도 강원도 제주도 부산직할시 대구직할시 인천직할시 광주직할시 대전직할시"
)
_SPOKEN: Final = (
    "서울시 부산시 대구시 인천시 광주시 대전시 울산시 세종시 전남광주특별시 전남광주시 서울 부산 대구 인천 광주 대전 울산 세종 "
    "경기 강원 충북 충남 전북 전남 경북 경남 제주 전남광주"
)
PROVINCES: Final = frozenset(f"{_FULL} {_FORMER} {_SPOKEN}".split())
COUNTRIES: Final = frozenset(("대한민국", "한국"))


class Gazetteer(NamedTuple):
    """Cities, counties and wards; towns and quarters; roads without their branches; cities as one says them."""

    cities: frozenset[str]
    towns: frozenset[str]
    roads: frozenset[str]
    spoken_cities: frozenset[str]
    spoken_wards: frozenset[str]

    def knows_road(self, name: str) -> bool:
        """Whether a road is listed, its number (`신봉1로`) aside."""
        return name in self.roads or name.translate(_WITHOUT_DIGITS) in self.roads


_WITHOUT_DIGITS: Final = dict.fromkeys(map(ord, "0123456789"))


@cache
def gazetteer() -> Gazetteer:
    """The lists, read once."""
    packed = (files("haechi.gateway.classify") / "addresses" / "places.txt.xz").read_bytes()
    cities, towns, roads = (line.split() for line in lzma.decompress(packed).decode().splitlines())
    stems = {name: name[:-1] for name in cities if len(name) > 2}
    return Gazetteer(
        frozenset(cities),
        frozenset(towns),
        frozenset(roads),
        frozenset(stem for name, stem in stems.items() if name.endswith("시")),
        frozenset(stem for name, stem in stems.items() if not name.endswith("시")),
    )
