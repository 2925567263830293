"""The largest of lanes: a tree in the IR, in its timing, and in what it computes."""

from __future__ import annotations

from math import ceil, log2

import pytest
from design_builder import DesignBuilder
from xdsl.dialects import memref, scf
from xdsl.ir import Operation

from lmc.backends.hls.printer import find_design
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import DesignOp, MaxOp, is_pipelined, ui
from lmc.lowering.largest import largest
from lmc.reference import execute

FAST = Clock(700)
"""A cycle has room for one comparison of eight bits, and no more."""


def design_of(lanes: int, words: int = 3) -> DesignOp:
    """Words of `lanes` bytes; the largest byte of each."""
    builder = DesignBuilder("d")
    source = builder.bank("source", words=words, word_bits=1024)
    target = builder.bank("target", words=words, word_bits=8, direction="write")
    x, y = builder.stream("x", ui(1024)), builder.stream("y", ui(8))
    with builder.kernel("load") as kernel, kernel.task("read") as task:
        task.burst_read(source, 0, words, x)
    with (
        builder.kernel("work") as kernel,
        kernel.task("find") as task,
        task.loop("word", words, pipeline=True),
    ):
        word = task.read(x)
        byte = largest(task, "top", lanes, lambda i: word.slice(i * 8, 8, signed=False), ui(8))
        task.write(y, byte)
    with builder.kernel("store") as kernel, kernel.task("keep") as task:
        task.burst_write(y, target, 0, words)
    return find_design(builder.module())


@pytest.mark.parametrize("lanes", [1, 2, 3, 5, 8, 31, 32])
def test_it_is_the_largest(lanes: int) -> None:
    words = [[(i * 37 + word * 101) % 251 for i in range(lanes)] for word in range(3)]
    packed = [sum(byte << 8 * i for i, byte in enumerate(word)) for word in words]
    outcome = execute(design_of(lanes), scalars={}, banks={"source": packed})
    assert outcome.failure is None
    assert list(outcome.banks["target"]) == [max(word) for word in words]


def levels_to(op: Operation) -> int:
    """Comparisons on the longest way to an op, through the buffers of the levels."""
    found = 0
    for operand in op.operands:
        owner = operand.owner
        if isinstance(owner, memref.LoadOp):
            stores = [use.operation for use in owner.memref.uses]
            found = max(found, *(levels_to(s) for s in stores if isinstance(s, memref.StoreOp)), 0)
        elif isinstance(owner, MaxOp):
            found = max(found, 1 + levels_to(owner))
    return found


@pytest.mark.parametrize("lanes", [2, 5, 8, 32])
def test_it_is_a_tree_and_timed_as_one(lanes: int) -> None:
    design = design_of(lanes)
    (loop,) = [op for op in design.walk() if is_pipelined(op)]
    written = next(op for op in loop.walk() if op.name == "dataflow.write")
    assert levels_to(written) == ceil(log2(lanes))
    found = schedule_loop(loop, FAST)
    assert (found.ii, found.latency) == (1, ceil(log2(lanes)))


def test_a_maximum_that_lanes_carry_on_is_timed_as_the_chain_that_it_is() -> None:
    builder = DesignBuilder("d")
    x, y = builder.stream("x", ui(256)), builder.stream("y", ui(8))
    with (
        builder.kernel("k") as kernel,
        kernel.task("t") as task,
        task.loop("word", 3, pipeline=True),
    ):
        word = task.read(x)

        def larger(i: Value, so_far: Value) -> list[Value]:
            return [so_far.max(word.slice(i * 8, 8, signed=False))]

        zero = task.constant(0, ui(8))
        task.write(y, task.fold("top", 32, [zero], larger, unroll=True)[0])
    (loop,) = [op for op in builder.op.walk() if is_pipelined(op)]
    assert isinstance(loop, scf.ForOp)
    assert schedule_loop(loop, FAST).latency >= 31
