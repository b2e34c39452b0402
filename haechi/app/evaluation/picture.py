"""Lines on two axes as SVG: calibration, risk and coverage, cost and accuracy."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_WIDTH: Final = 640
_HEIGHT: Final = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 160, 20, 50
_COLOURS: Final = ("#0b6e4f", "#c8553d", "#3d5a80", "#8d6a9f", "#b08900", "#555555")
_STEPS: Final = 5

Line = Sequence[tuple[float, float]]


def picture(lines: Mapping[str, Line], across: str, up: str, diagonal: bool = False) -> str:
    """`lines` by name, axes labelled `across` and `up`; `diagonal` draws where both are equal."""
    points = [point for line in lines.values() for point in line] or [(0.0, 0.0)]
    left, right = _range([x for x, _ in points])
    low, high = _range([y for _, y in points])

    def place(x: float, y: float) -> tuple[float, float]:
        wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return _LEFT + wide * (x - left) / (right - left), _TOP + tall * (high - y) / (high - low)

    parts = []
    for step in range(_STEPS + 1):
        x, y = left + (right - left) * step / _STEPS, low + (high - low) * step / _STEPS
        at, floor = place(x, low)
        wall, height = place(left, y)
        end = place(right, y)[0]
        parts.append(
            f'<path d="M{at:.1f} {_TOP}V{floor:.1f}M{wall:.1f} {height:.1f}H{end:.1f}" stroke="#ddd"/>'
        )
        parts.append(_words(at, floor + 16, f"{x:.2f}", "middle"))
        parts.append(_words(wall - 6, height + 4, f"{y:.2f}", "end"))
    if diagonal:
        begin, finish = max(left, low), min(right, high)
        (x1, y1), (x2, y2) = place(begin, begin), place(finish, finish)
        parts.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#999" stroke-dasharray="4 4"/>')
    for number, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_words(_WIDTH - _RIGHT + 8, _TOP + 14 + 18 * number, name, "start", colour))
    parts.append(_words((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, across, "middle"))
    parts.append(_words(_LEFT, 13, up, "start"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _words(x: float, y: float, words: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
