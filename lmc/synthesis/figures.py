"""Numbers as reports of Vitis HLS and Vivado write them.

A figure is a number (`12`, `1,024`, `12.5`), a range (`4 ~ 65`, or an element with `min` and
`max`), something that the tool does not know or that does not apply (`undef`, `?`, `-`, `N/A`,
nothing at all), or next to nothing (`~0`). Tables add a share (`1669 (4%)`, `1879 [  0.18%]`).
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from lmc.diagnostics import LmcError

UNKNOWN = frozenset({"", "-", "?", "undef", "n/a", "na", "none", "unknown"})
"""What stands for no figure, in small letters."""

_NUMBER = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SHARE = re.compile(r"\s*(\(\s*~?[\d.]+\s*%\s*\)|\[\s*~?[\d.]+\s*%\s*\])$")
_UNIT = re.compile(r"\s*(ns|us|ms|s|sec|cycles|MHz|clock cycles)$")


@dataclass(frozen=True)
class Span:
    """The least and the most of a figure; both are the same for a single number."""

    least: float
    most: float

    def __str__(self) -> str:
        # All digits that a report may have: periods have a few after the point, cycles many before.
        least, most = f"{self.least:,.15g}", f"{self.most:,.15g}"
        return least if least == most else f"{least} ~ {most}"


def parse_figure(text: str | None, where: str) -> Span | None:
    """A figure; None where the report has none.

    Raises:
        LmcError: the text is none of the formats of this module; the message says `where` it is.
    """
    plain = _SHARE.sub("", (text or "").strip())
    if plain.lower() in UNKNOWN:
        return None
    low, separator, high = plain.partition("~")
    if separator and not low.strip():
        return Span(0, _number(high, where, plain))
    if not separator:
        value = _number(plain, where, plain)
        return Span(value, value)
    ends = [parse_figure(end, where) for end in (low, high)]
    if None in ends:
        # A bound that the tool does not know bounds nothing.
        return None
    least, most = _number(low, where, plain), _number(high, where, plain)
    if least > most:
        raise LmcError(f"{where}: the range {plain!r} ends below its beginning")
    return Span(least, most)


def parse_element(element: Element | None, where: str) -> Span | None:
    """The figure of an element of XML, as text or as `<range><min/><max/></range>`; None if it is
    not there or has none.

    Raises:
        LmcError: as `parse_figure`.
    """
    if element is None:
        return None
    inner = element.find("range")
    if inner is None:
        return parse_figure(element.text, where)
    least, most = (parse_figure(inner.findtext(end), where) for end in ("min", "max"))
    if least is None or most is None:
        return None
    if least.least > most.most:
        raise LmcError(f"{where}: the range {least} to {most} ends below its beginning")
    return Span(least.least, most.most)


def amount(figure: Span | None) -> float:
    """How many of a resource: none where the report has no figure, the most of a range."""
    return 0 if figure is None else figure.most


def _number(text: str, where: str, whole: str) -> float:
    plain = _UNIT.sub("", text.strip())
    if not _NUMBER.fullmatch(plain):
        raise LmcError(
            f"{where}: {whole!r} is no figure that lmc knows; is the report whole, and of Vitis?"
        )
    return float(plain.replace(",", ""))
