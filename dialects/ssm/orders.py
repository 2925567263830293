"""The order of runs, as an attribute."""

from __future__ import annotations

from typing import Self

from xdsl.ir import Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.numerics.run_order import Run, RunOrder


@irdl_attr_definition
class RunOrderAttr(Data[RunOrder]):
    """`#ssm.order<1: 64, 2: 8, 4 x (1: 16, 0: 16)>`: in which runs pieces are laid out.

    A run is the number of a piece and how many of its next elements follow. Behind the first runs
    there may be a list of runs that is repeated. The runs of a piece, in turn, are all of it.
    """

    name = "ssm.order"

    def verify(self) -> None:
        runs = (*self.data.prologue, *self.data.repeated)
        pieces = {run.piece for run in runs}
        empty = not all(run.length > 0 for run in runs)
        if not pieces or empty or max(pieces) >= len(pieces) or not all(self.data.lengths):
            raise VerifyException("an order has runs of one or more elements of pieces 0, 1, ...")

    @classmethod
    def of(cls, order: RunOrder) -> Self:
        """The attribute of an order."""
        return cls(order)

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> RunOrder:
        prologue: list[Run] = []
        with parser.in_angle_brackets():
            while True:
                number = _positive(parser)
                if parser.parse_optional_keyword("x") is not None:
                    runs = parser.parse_comma_separated_list(
                        parser.Delimiter.PAREN, lambda: _run(parser, _positive(parser))
                    )
                    return RunOrder(tuple(prologue), number, tuple(runs))
                prologue.append(_run(parser, number))
                if parser.parse_optional_punctuation(",") is None:
                    return RunOrder(tuple(prologue))

    def print_parameter(self, printer: Printer) -> None:
        entries = [_text(run) for run in self.data.prologue]
        if self.data.repeat:
            inner = ", ".join(map(_text, self.data.repeated))
            entries.append(f"{self.data.repeat} x ({inner})")
        printer.print_string(f"<{', '.join(entries)}>")


def _positive(parser: AttrParser) -> int:
    return parser.parse_integer(allow_boolean=False, allow_negative=False)


def _run(parser: AttrParser, piece: int) -> Run:
    parser.parse_punctuation(":")
    return Run(piece, _positive(parser))


def _text(run: Run) -> str:
    return f"{run.piece}: {run.length}"
