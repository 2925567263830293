"""The rules of dataflow: each broken once, and told in words."""

from __future__ import annotations

from collections.abc import Callable

from design_builder import DesignBuilder

from lmc.backends.hls.printer import find_design
from lmc.dataflow.handles import Handle
from lmc.dataflow.rules import violations
from lmc.dataflow.task import TaskBuilder
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
