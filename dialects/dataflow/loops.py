"""What a loop of a task is: its label, how it runs, and what schedule-loops has found out.

    scf.for %i = %zero to %n step %one {
      ...
    } {loop = #dataflow.loop<"bias_word", pipeline, ii 1, latency 7>}

`scf.for` is not of this dialect, so that this is its one attribute: all of it, in one place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeGuard

from xdsl.dialects import scf
from xdsl.ir import Data, Operation
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow.arithmetic import AddOp, MulOp
from lmc.dialects.dataflow.names import verify_name

LOOP = "loop"
"""The name of the attribute."""


class LoopMode(StrEnum):
    """How the iterations of a loop run."""

    SEQUENTIAL = "sequential"
    """One after the other."""
    PIPELINE = "pipeline"
    """One begins every II cycles, while those before it are under way."""
    UNROLL = "unroll"
    """All at once, each in hardware of its own."""


@dataclass(frozen=True)
class Loop:
    """What a loop says of itself.

    `requested_ii` is what somebody asks schedule-loops for; `ii` and `latency` (of one iteration)
    are what it found, in cycles; `independent` names the buffers between whose loads and stores no
    two iterations have a dependence that hardware must wait for. The sum of products of an unrolled
    loop that is a `cascade` is a chain of DSPs. A sequential loop that `drains` is in no pipeline:
    that inside of it comes to its end in each round.
    """

    label: str
    mode: LoopMode = LoopMode.SEQUENTIAL
    requested_ii: int | None = None
    ii: int | None = None
    latency: int | None = None
    independent: tuple[str, ...] = ()
    cascade: bool = False
    drains: bool = False


@irdl_attr_definition
class LoopAttr(Data[Loop]):
    """`#dataflow.loop<"label", pipeline, requested_ii 2, ii 2, latency 7, independent ["memory"]>`.

    A loop that is neither pipelined nor unrolled names no mode, and may say `drains`; an unrolled
    one may say `cascade`.
    """

    name = "dataflow.loop"

    def verify(self) -> None:
        """VerifyException when the parts do not go together."""
        loop = self.data
        verify_name("loop", loop.label)
        where, unrolled = f"loop {loop.label}", loop.mode == LoopMode.UNROLL
        sequential = loop.mode == LoopMode.SEQUENTIAL
        for what, cycles in (
            ("requested_ii", loop.requested_ii),
            ("ii", loop.ii),
            ("latency", loop.latency),
        ):
            if cycles is None:
                continue
            if loop.mode != LoopMode.PIPELINE:
                raise VerifyException(f"{where} is not pipelined, so it has no {what}")
            if cycles < 1:
                raise VerifyException(f"{where}: {what} is at least 1, got {cycles}")
        if (loop.ii is None) != (loop.latency is None):
            raise VerifyException(f"{where} has one of ii and latency: a schedule is both")
        if loop.requested_ii is not None and loop.ii not in (None, loop.requested_ii):
            raise VerifyException(f"{where} has ii {loop.ii}, but requested_ii {loop.requested_ii}")
        if loop.independent and loop.ii is None:
            raise VerifyException(f"{where} has no schedule that could say what is independent")
        if len(set(loop.independent)) != len(loop.independent):
            raise VerifyException(f"{where} names an independent buffer twice")
        if loop.cascade and not unrolled:
            raise VerifyException(f"{where} is not unrolled, so it is no cascade")
        if loop.drains and not sequential:
            raise VerifyException(f"{where} is not sequential, so no pipeline drains in it")

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Loop:
        """The label, the mode, then what else there is, each once and in any order."""
        found: dict[str, int | tuple[str, ...] | bool] = {}
        modes: list[LoopMode] = []
        with parser.in_angle_brackets():
            label = parser.parse_str_literal()
            while parser.parse_optional_punctuation(",") is not None:
                word = parser.parse_identifier()
                if word in (LoopMode.PIPELINE, LoopMode.UNROLL):
                    modes.append(LoopMode(word))
                elif word not in _PARTS:
                    known = [LoopMode.PIPELINE, LoopMode.UNROLL, *_PARTS]
                    parser.raise_error(f"a loop has no {word}: it has {', '.join(known)}")
                elif word in found:
                    parser.raise_error(f"loop {label} has {word} twice")
                else:
                    found[word] = _PARTS[word](parser)
        if len(modes) > 1:
            parser.raise_error(f"loop {label} says {' and '.join(modes)}: one of them")
        return Loop(label, *modes, **found)  # pyright: ignore[reportArgumentType]

    def print_parameter(self, printer: Printer) -> None:
        """The reverse of `parse_parameter`."""
        loop = self.data
        with printer.in_angle_brackets():
            printer.print_string_literal(loop.label)
            if loop.mode != LoopMode.SEQUENTIAL:
                printer.print_string(f", {loop.mode}")
            for name in ("requested_ii", "ii", "latency"):
                if (cycles := getattr(loop, name)) is not None:
                    printer.print_string(f", {name} {cycles}")
            if loop.independent:
                printer.print_string(", independent ")
                with printer.in_square_brackets():
                    printer.print_list(loop.independent, printer.print_string_literal)
            for name in ("cascade", "drains"):
                if getattr(loop, name):
                    printer.print_string(f", {name}")


def _names(parser: AttrParser) -> tuple[str, ...]:
    square = parser.Delimiter.SQUARE
    return tuple(parser.parse_comma_separated_list(square, parser.parse_str_literal))


def _cycles(parser: AttrParser) -> int:
    return parser.parse_integer(allow_boolean=False)


_PARTS: dict[str, Callable[[AttrParser], int | tuple[str, ...] | bool]] = {
    "requested_ii": _cycles,
    "ii": _cycles,
    "latency": _cycles,
    "independent": _names,
    "cascade": lambda _parser: True,
    "drains": lambda _parser: True,
}


def loop_of(op: scf.ForOp) -> Loop:
    """What a loop says of itself. Raises LmcError when it says nothing, as no verified one does."""
    found = op.attributes.get(LOOP)
    if not isinstance(found, LoopAttr):
        raise LmcError(f"an scf.for has no {LOOP} = #dataflow.loop<...> that says its label")
    return found.data


def set_loop(op: scf.ForOp, loop: Loop) -> None:
    """Replaces what a loop says of itself."""
    op.attributes[LOOP] = LoopAttr(loop)


def with_schedule(loop: Loop, ii: int, latency: int, independent: Sequence[str] = ()) -> Loop:
    """The loop with another schedule."""
    return replace(loop, ii=ii, latency=latency, independent=tuple(independent))


def is_pipelined(op: Operation | None) -> TypeGuard[scf.ForOp]:
    """Whether this is a pipelined loop."""
    return isinstance(op, scf.ForOp) and loop_of(op).mode == LoopMode.PIPELINE


def is_unrolled(op: Operation | None) -> TypeGuard[scf.ForOp]:
    """Whether this is an unrolled loop."""
    return isinstance(op, scf.ForOp) and loop_of(op).mode == LoopMode.UNROLL


def cascade_product(op: scf.ForOp) -> MulOp | None:
    """The product that a loop adds to its only carried value; None where it does not do that."""
    last = op.body.block.last_op
    if last is None or len(last.operands) != 1:
        return None
    total, step = op.body.block.args[1], last.operands[0].owner
    if not isinstance(step, AddOp) or total not in step.operands:
        return None
    other = step.rhs if step.lhs is total else step.lhs
    return other.owner if isinstance(other.owner, MulOp) else None
