"""The roofline drawn: both axes are logarithmic, roofs have letters and points numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from lmc.backends.report.roofline import Point, Roof, Roofline
from lmc.backends.report.svg import Drawing

_WIDTH, _HEIGHT = 640.0, 430.0
_LEFT, _TOP, _BOTTOM = 58.0, 14.0, 386.0
_APART = 22.0
"""Units between two marks, so that each can be read."""
_TURNED_TO = 78.0
"""Units for the points that no memory feeds, at the right."""
_FEW_POWERS = 3.5
"""Powers of ten of an axis up to which there is room for ticks between them."""
_PREFIXES = {0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P"}


@dataclass(frozen=True)
class _Axis:
    """A logarithmic axis from `low` to `high`, drawn from one place to the other."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """1, 2 and 5 times powers of ten, or powers alone where these are many."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        steps = (1, 2, 5) if math.log10(self.high / self.low) <= _FEW_POWERS else (1,)
        ticks = [step * 10.0**power for power in range(first, last + 1) for step in steps]
        return [tick for tick in ticks if self.low <= tick <= self.high]


def roofline_picture(found: Roofline) -> str:
    """The picture; marks are the roofs' letters and the points' numbers in their order."""
    drawing = Drawing(_WIDTH, _HEIGHT, "multiplications a second against multiplications a byte")
    fed = [point for point in found.points if point.per_byte is not None]
    off = [point for point in found.points if point.per_byte is None]
    x, y = _axes(found.roofs, found.points, bool(off))
    _grid(drawing, x, y)
    places: list[tuple[float, float]] = []
    for letter, roof in zip(ascii_uppercase, found.roofs, strict=False):
        _roof(drawing, x, y, roof, letter, places)
    if off:
        drawing.line("axis", x.end + 12, _TOP, x.end + 12, _BOTTOM)
        middle = x.end + 12 + (_TURNED_TO - 12) / 2
        drawing.text("tick", middle, _BOTTOM + 17, "no memory", anchor="middle")
    for place, point in enumerate(found.points, start=1):
        if point in fed:
            assert point.per_byte is not None
            column = x.at(point.per_byte)
        else:
            column = x.end + 24 + 18.0 * (off.index(point) % 3)
        _point(drawing, column, y, point, place)
    return str(drawing)


def marks(found: Roofline) -> tuple[list[tuple[str, Roof]], list[tuple[int, Point]]]:
    """Roofs and points, each with its mark in the picture."""
    roofs = list(zip(ascii_uppercase, found.roofs, strict=False))
    return roofs, list(enumerate(found.points, start=1))


def _axes(roofs: Sequence[Roof], points: Sequence[Point], has_off: bool) -> tuple[_Axis, _Axis]:
    intensities = [point.per_byte for point in points if point.per_byte is not None]
    flat = [roof.rate for roof in roofs if not roof.is_slanted]
    slanted = [roof.rate for roof in roofs if roof.is_slanted]
    left = min(intensities) / 8
    # The corner under the highest and the flattest roof is in the picture.
    right = max([*intensities, *(rate / min(slanted) for rate in flat)]) * 2
    rates = [point.rate for point in points] + [point.unblocked or point.rate for point in points]
    low = min([*rates, left * max(slanted)]) / 2
    high = max([*rates, *flat]) * 2
    end = _WIDTH - 12 - (_TURNED_TO if has_off else 0)
    return _Axis(left, right, _LEFT, end), _Axis(low, high, _BOTTOM, _TOP)


def _grid(drawing: Drawing, x: _Axis, y: _Axis) -> None:
    for tick in x.ticks():
        drawing.line("grid", x.at(tick), _TOP, x.at(tick), _BOTTOM)
        drawing.text("tick", x.at(tick), _BOTTOM + 17, f"{tick:g}", anchor="middle")
    for tick in y.ticks():
        drawing.line("grid", _LEFT, y.at(tick), x.end, y.at(tick))
        drawing.text("tick", _LEFT - 6, y.at(tick) + 4, _short(tick), anchor="end")
    drawing.line("axis", _LEFT, _BOTTOM, x.end, _BOTTOM)
    drawing.line("axis", _LEFT, _TOP, _LEFT, _BOTTOM)
    middle = (_LEFT + x.end) / 2
    drawing.text("title", middle, _HEIGHT - 6, "multiplications a byte of memory", anchor="middle")
    drawing.text("title", _LEFT + 8, _TOP + 12, "multiplications a second")


def _short(tick: float) -> str:
    power = math.floor(math.log10(tick) + 1e-9)
    thousands = power - power % 3
    return f"{tick / 10.0**thousands:g}{_PREFIXES.get(thousands, f'e{thousands}')}"


def _roof(
    drawing: Drawing,
    x: _Axis,
    y: _Axis,
    roof: Roof,
    letter: str,
    places: list[tuple[float, float]],
) -> None:
    """A roof over the whole picture, with its letter where no other one is."""
    kind = f"roof {'board' if roof.is_board else 'own'}"
    if roof.is_slanted:
        start = max(x.low, y.low / roof.rate)
        end = min(x.high, y.high / roof.rate)
        drawing.line(kind, x.at(start), y.at(start * roof.rate), x.at(end), y.at(end * roof.rate))
        wanted = [x.low * (x.high / x.low) ** (step / 40) for step in range(2, 40)]
        candidates = [
            (x.at(value), y.at(value * roof.rate))
            for value in wanted
            if start < value < end and y.at(value * roof.rate) < _BOTTOM - _APART
        ]
    else:
        drawing.line(kind, _LEFT, y.at(roof.rate), x.end, y.at(roof.rate))
        candidates = [(x.end - 14 - step * _APART / 2, y.at(roof.rate)) for step in range(30)]
    place = next(
        (one for one in candidates if all(math.dist(one, other) >= _APART for other in places)),
        candidates[0],
    )
    places.append(place)
    drawing.circle(f"mark {kind.removeprefix('roof ')}", *place, 9, f"{roof.name}: {roof.shown}")
    drawing.text("letter", place[0], place[1] + 4, letter, anchor="middle")


def _point(drawing: Drawing, column: float, y: _Axis, point: Point, place: int) -> None:
    """A point, and above it how far it would come if it never waited."""
    kind = "whole" if place == 1 else "task"
    row = y.at(point.rate)
    if point.unblocked is not None:
        top = y.at(point.unblocked)
        drawing.line("reach", column, row, column, top)
        drawing.line("reach", column - 6, top, column + 6, top)
    drawing.circle(f"point {kind}", column, row, 9, point.name)
    drawing.text("on", column, row + 4, str(place), anchor="middle")
