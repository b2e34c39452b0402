"""The part of an address that many share: province, city, district."""

import re
from typing import Final

_DISTRICT: Final = re.compile(r"(?:\S+\s+){0,3}\S+(?:구|군|시)(?=\s)")


def district(address: str) -> str:
    """The district of a Korean address; empty where none is written.

    >>> district("서울특별시 강남구 테헤란로 152, 3층"), district("테헤란로 152")
    ('서울특별시 강남구', '')
    """
    found = _DISTRICT.match(address)
    return found.group() if found else ""
