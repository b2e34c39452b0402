"""Lines on two logarithmic axes as SVG, for the pages of figures: growth is better looked at than read."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 360
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 20, 45
COLOURS: Final = ("#0b6e4f", "#c8553d", "#3d5a80", "#8d6a9f", "#b08900", "#555555")

Line = Sequence[tuple[float, float]]


def svg(lines: Mapping[str, Line], across: str, up: str) -> str:
    """`lines` by name; both axes in powers of ten, labelled `across` and `up`."""
    points = [point for line in lines.values() for point in line]
    left, right = _decades([x for x, _ in points])
    low, high = _decades([y for _, y in points])

    def place(x: float, y: float) -> tuple[float, float]:
        wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return (
            LEFT + wide * (math.log10(x) - left) / (right - left),
            TOP + tall * (high - math.log10(y)) / (high - low),
        )

    parts = [*_grid(left, right, low, high, place)]
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(WIDTH - RIGHT + 8, TOP + 14 + 18 * number, name, colour=colour, anchor="start"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across))
    parts.append(_text(LEFT, 12, up, anchor="start"))
    body = "\n".join(parts)
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _grid(left: int, right: int, low: int, high: int, place: object) -> list[str]:
    assert callable(place)
    parts = []
    for power in range(left, right + 1):
        x, top = place(10.0**power, 10.0**high)
        _, bottom = place(10.0**power, 10.0**low)
        parts.append(f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="#ddd"/>')
        parts.append(_text(x, bottom + 16, _number(power)))
    for power in range(low, high + 1):
        x, y = place(10.0**left, 10.0**power)
        end, _ = place(10.0**right, 10.0**power)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="#ddd"/>')
        parts.append(_text(x - 6, y + 4, _number(power), anchor="end"))
    return parts


def _number(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _text(x: float, y: float, text: str, *, colour: str = "#333", anchor: str = "middle") -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{safe}</text>'
