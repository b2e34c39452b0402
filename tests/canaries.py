"""Numbers that must never be seen outside, and a look for them in all the forms in which they could travel."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_LIKELY: Final = "-@:/=._ "
"""What stands in canaries beside digits and letters: some encodings leave it as it is, some do not."""


def resident_number(number: int) -> str:
    """A resident number of nobody's, one for each `number` below 10^8: date, check digit and all are right."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    digits = f"{born:%y%m%d}{1 + number % 2}{number:06d}"[:12]
    digits = digits[:7] + f"{number % 100_000:05d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return f"{digits[:6]}-{digits[6:]}{(11 - total % 11) % 10}"


def forms(value: str) -> dict[str, bytes]:
    """`value` as it is, without its marks, and as base64, hex, percent and \\u would write it; base64 in each of
    the three alignments that it can have inside a longer text."""
    raw = value.encode()
    bare = "".join(character for character in value if character not in _LIKELY)
    found = {
        "plain": raw,
        "bare": bare.encode(),
        "hex": raw.hex().encode(),
        "percent": quote(value, safe="").encode(),
        "percent, all": "".join(f"%{byte:02x}" for byte in raw).encode(),
        "escaped": "".join(f"\\u{ord(character):04x}" for character in value).encode(),
    }
    for shift in range(3):
        whole = b64encode(b"\0" * shift + raw).rstrip(b"=")
        found[f"base64 at {shift}"] = whole[(0, 2, 3)[shift] : len(whole) - 1]
    return found


def traces(value: str, seen: bytes) -> list[str]:
    """The forms in which `value` stands in `seen`, which may itself be JSON within JSON."""
    low = seen.lower()
    flat = low.replace(b"\\\\", b"\\")
    return [
        form
        for form, needle in forms(value).items()
        if (needle in seen if form.startswith("base64") else needle.lower() in low or needle.lower() in flat)
    ]
