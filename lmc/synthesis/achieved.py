"""The speed of a design with the intervals and latencies that its loops were synthesized with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xdsl.dialects import scf

from lmc.dataflow.machines import Machine
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, loop_of, set_loop
from lmc.simulation.steady import steady_launch
from lmc.synthesis.comparison import Comparison, LoopPair

PROMPT_LENGTH = 16
"""Tokens of the simulated launch's prompt."""


@dataclass(frozen=True)
class Speed:
    """New tokens a second as planned and as synthesized; None for what stops, with the reason."""

    machine: str
    planned: float
    achieved: float | None
    reason: str | None = None


def simulated_speed(comparison: Comparison, machine: Machine) -> Speed | None:
    """The speed as planned and as synthesized; None where every loop is as fast as planned.

    The intervals and latencies of loops are those of the reports where these are worse; the places
    of accesses in an iteration, bursts and the clock stay as they are planned.

    Raises:
        LmcError: the design as it is planned cannot be simulated.
    """
    changed = list(slower_loops(comparison))
    if not changed:
        return None
    target = comparison.target
    planned = steady_launch(comparison.design, target, PROMPT_LENGTH, machine).tokens_per_second
    # The whole module, since the design finds its allocation there.
    module = comparison.design.parent_op()
    assert module is not None
    copy = next(op for op in module.clone().walk() if isinstance(op, DesignOp))
    _set_loops(copy, changed)
    try:
        achieved = steady_launch(copy, target, PROMPT_LENGTH, machine).tokens_per_second
    except LmcError as error:
        return Speed(machine.name, planned, None, str(error))
    return Speed(machine.name, planned, achieved)


def slower_loops(comparison: Comparison) -> Iterator[LoopPair]:
    """The loops that are worse than planned and that the simulator has a word for: no bursts, and
    none that are not pipelined at all."""
    for unit in comparison.units:
        for loop in unit.loops:
            worse = loop.is_slower or loop.is_longer
            if worse and loop.is_pipelined and loop.planned.latency is not None:
                yield loop


def _set_loops(design: DesignOp, loops: list[LoopPair]) -> None:
    by_label = {label: loop for loop in loops for label in loop.planned.own}
    for op in design.walk():
        found = by_label.get(loop_of(op).label) if isinstance(op, scf.ForOp) else None
        if found is None or not isinstance(op, scf.ForOp):
            continue
        planned = loop_of(op)
        ii = max(planned.ii or 1, int(found.ii or 1))
        latency = max(planned.latency or 1, int(found.depth or 1))
        set_loop(op, replace(planned, ii=ii, latency=latency))
