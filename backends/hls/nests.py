"""Nests that HLS tools are not promised to flatten: printed as one loop with explicit counters.

UG1399, "Working with Nested Loops": a nest becomes one pipeline when it is perfect (no logic
between its loops, all bounds constant) or semi-perfect (the outermost bound may be a variable). An
inner loop with a variable bound is left alone (message HLS 200-960), and its pipeline drains each
time that it ends. A nest of the IR is one iteration space, so where the rule does not hold, the C++
counts through that space itself.
"""

from collections.abc import Callable, Iterable, Sequence

from xdsl.dialects import scf
from xdsl.ir import Operation, SSAValue

from lmc.backends.hls.names import Names
from lmc.dataflow.addresses import Nest, flattened_nest, index_range
from lmc.dialects.dataflow import constant_value, is_pipelined


def counted_nests(ops: Iterable[Operation]) -> dict[Operation, Nest]:
    """Nests that are printed with counters, by their outermost loops."""
    nests = (flattened_nest(op) for op in ops if is_pipelined(op))
    return {nest.loops[0]: nest for nest in nests if not is_flattened(nest)}


def is_flattened(nest: Nest) -> bool:
    """Whether the rule of UG1399 makes one pipeline of a nest."""
    outer, inner = nest.loops[:-1], nest.loops[1:]
    are_constant = all(constant_value(loop.ub) is not None for loop in inner)
    return are_constant and not any(between(loop) for loop in outer)


def between(loop: scf.ForOp) -> list[Operation]:
    """The arithmetic that stands beside the inner loop of a nest."""
    return [
        op
        for op in loop.body.block.ops
        if not isinstance(op, scf.ForOp | scf.YieldOp) and constant_value(op.results[0]) is None
    ]


def counter_names(nest: Nest, names: Names) -> list[str]:
    """A name for each loop's register."""
    return [names.fresh(f"next_{counter.name_hint or 'i'}") for counter in nest.counters]


def counter_type(loop: scf.ForOp) -> str:
    """The narrowest type for a loop's counter: tools do not find it for counters of their own."""
    return f"ap_uint<{max(1, (index_range(loop.ub).high - 1).bit_length())}>"


def advance(
    nest: Nest, registers: Sequence[str], more: str, text: Callable[[SSAValue], str]
) -> list[str]:
    """Statements that go to the next iteration: the innermost counter first, like an odometer.

    No inner loop is empty (flattened_nest sees to that), so each iteration has a body.
    """
    lines: list[str] = []
    depth = 0
    for loop, register in zip(reversed(nest.loops), reversed(registers), strict=True):
        counter, margin = text(loop.body.block.args[0]), "  " * depth
        lines += [
            f"{margin}if ({counter} + 1 < {text(loop.ub)}) {{",
            f"{margin}  {register} = {counter} + 1;",
            f"{margin}}} else {{",
            f"{margin}  {register} = 0;",
        ]
        depth += 1
    lines[-1] = f"{'  ' * depth}{more} = false;"
    return lines + ["  " * level + "}" for level in reversed(range(depth))]
