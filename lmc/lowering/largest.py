"""The largest of many lanes as a tree: tools balance sums into trees, but not comparisons."""

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import IntegerType

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Operand, Value
from lmc.dialects.dataflow import COMPLETE


def largest(
    task: TaskBuilder,
    label: str,
    lanes: int,
    term: Callable[[Value], Value],
    element: IntegerType,
    around: Sequence[tuple[Value, int]] = (),
) -> Value:
    """The largest `term(lane)` over unrolled lanes, as `element`: a level of the tree is a loop.

    The nodes of each level are registers of their own, for each lane of the unrolled loops `around`
    (counter, lanes): at their places, which are constant, they are wires.
    """
    places = [counter for counter, _ in around]
    sizes = [size for _, size in around]

    def level(count: int) -> Buffer:
        shape = [*sizes, count]
        cut = dict.fromkeys(range(len(shape)), COMPLETE)
        return task.buffer(label, element, shape, "register", cut)

    def node(values: Buffer, place: Operand) -> Value:
        return values[(*places, place)]

    values, count = level(lanes), lanes
    with task.loop(label, lanes, unroll=True) as lane:
        values[(*places, lane)] = term(lane)
    while count > 1:
        half = count // 2
        above = level(count - half)
        with task.loop(label, half, unroll=True) as pair:
            left, right = node(values, pair * 2), node(values, pair * 2 + 1)
            above[(*places, pair)] = left.max(right)
        if count % 2:
            above[(*places, half)] = node(values, count - 1)
        values, count = above, count - half
    return node(values, 0)
