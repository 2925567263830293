"""The rules of dataflow: each broken once, and told in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, StringAttr

from lmc.backends.hls.printer import find_design
from lmc.dataflow.builder import DesignBuilder, Handle, TaskBuilder, first
from lmc.dataflow.rules import violations
from lmc.dialects.dataflow import si, ui


def sentences(design: DesignBuilder) -> list[str]:
    return list(violations(find_design(design.module())))


def pair(body: Callable[[TaskBuilder, Handle, Handle], None]) -> list[str]:
    """Violations of a producer task with this body, and a consumer of 8 elements."""
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8)
    with design.kernel("k") as kernel:
        x = kernel.stream("x", ui(8))
        with kernel.task("make") as task:
            body(task, x, bank)
        with kernel.task("take") as task, task.loop("i", 8):
            task.read(x)
    return sentences(design)


def test_a_sound_design_breaks_none() -> None:
    assert pair(lambda task, x, bank: task.burst_read(bank, 0, 8, x)) == []


def test_rates() -> None:
    found = pair(lambda task, x, bank: task.burst_read(bank, 0, 7, x))
    assert found == ["stream x: task make writes 7 elements and task take reads 8"]


def test_conditional_and_pipelined_bursts() -> None:
    def conditional(task: TaskBuilder, x: Handle, bank: Handle) -> None:
        with task.loop("i", 8) as i, task.when(first(i)):
            task.burst_read(bank, 0, 8, x)

    def pipelined(task: TaskBuilder, x: Handle, bank: Handle) -> None:
        with task.loop("i", 2, pipeline=True):
            task.burst_read(bank, 0, 4, x)

    assert pair(conditional) == [
        "task make: burst make_burst is conditional: make its length 0 instead"
    ]
    assert pair(pipelined) == [
        "task make: burst make_burst is a loop itself: it can't be in a pipelined or unrolled one"
    ]


def test_loops_in_pipelined_loops() -> None:
    def body(task: TaskBuilder, x: Handle, bank: Handle) -> None:
        with task.loop("i", 2, pipeline=True), task.loop("j", 4):
            task.write(x, 1)

    assert pair(body) == [
        "task make: loop make_j is inside a pipelined loop, so it must be unrolled"
    ]


def test_loops_count_from_zero_and_are_labelled() -> None:
    def body(task: TaskBuilder, x: Handle, bank: Handle) -> None:
        with task.loop("i", 8) as i:
            task.write(x, 1)
        loop = i.ssa.owner.parent_op()
        assert isinstance(loop, scf.ForOp)
        del loop.attributes["lmc.label"]
        step = arith.ConstantOp(IntegerAttr(2, IndexType()))
        task.process.block.insert_op_before(step, loop)
        loop.operands[2] = step.result

    found = pair(body)
    assert found[:2] == [
        "task make: a loop has no lmc.label",
        "task make: loop  must count from 0 in steps of 1",
    ]


def test_ends_of_streams() -> None:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel:
        for name in ("one", "two"):
            with kernel.task(name) as task:
                task.write(x, 1)
    assert sentences(design) == [
        "stream x has 2 producers (one, two) and needs exactly one",
        "stream x has 0 consumers (none) and needs exactly one",
    ]


def test_feedback_inside_a_kernel() -> None:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        x, y = kernel.stream("x", si(8)), kernel.stream("y", si(8))
        for name, source, sink in (("one", x, y), ("two", y, x)):
            with kernel.task(name) as task:
                task.write(sink, task.read(source))
    (sentence,) = sentences(design)
    assert sentence.startswith("stream x goes back from task two to task one of kernel k")


def test_ports() -> None:
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8, direction="read")
    x = design.stream("x", ui(8))
    with design.kernel("k") as kernel, kernel.task("get") as task:
        task.burst_read(bank, 0, 8, x)
    with design.kernel("l") as kernel, kernel.task("put") as task:
        task.burst_write(x, bank, 0, 8)
    assert sentences(design) == ["bank memory has direction read and is used to write"]


@pytest.mark.parametrize("name", ["same", "x" * 81])
def test_names(name: str) -> None:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        streams = [kernel.stream(f"s{i}", si(8)) for i in range(2)]
        with kernel.task("make") as task:
            for stream in streams:
                task.write(stream, 1)
        with kernel.task("take") as task:
            for stream in streams:
                task.read(stream)
    renamed = streams if name == "same" else streams[:1]
    for stream in renamed:
        stream.ssa.owner.properties["sym_name"] = StringAttr(name)
    expected = "is used 2 times" if name == "same" else "has 81 characters: 80 are allowed"
    assert expected in sentences(design)[0]
