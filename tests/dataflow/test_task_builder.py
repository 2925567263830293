"""The task builder: what it derives and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from design_builder import DesignBuilder, first

from lmc.dataflow import library
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import last
from lmc.dialects.dataflow import loop_of, si, ui


@contextmanager
def a_task() -> Iterator[tuple[TaskBuilder, Handle, DesignBuilder]]:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        yield task, x, design
    design.module().verify()


def test_result_types_are_derived() -> None:
    with a_task() as (task, x, _):
        a, b = task.read(x), task.read(x)
        assert (a + b).type == si(9)
        assert (a * b).type == si(16)
        assert (a - 1).type == si(9)
        assert (100 - a).type == si(9)
        assert abs(a).type == ui(8)
        assert abs(a).bitlen().type == ui(4)
        assert (-a).type == si(9)
        assert (a << 3).type == si(11)
        assert (a >> 3).type == si(8)
        assert a.max(0).type == ui(7)
        assert task.sum("lane", 64, lambda lane: a * b).type == si(22)
        assert (a < b).select(a, abs(b)).type == si(9)
        assert a.slice(2, 3).type == si(3)


def test_indices_fold_nothing_but_neutral_constants() -> None:
    with a_task() as (task, _, _), task.loop("i", 12) as i:
        assert i + 0 is i
        assert i * 1 is i
        assert first(i).ssa.type == last(i, 12).ssa.type
        assert (i * 3 + 1).is_index


def test_narrowing_needs_a_word() -> None:
    with a_task() as (task, x, design):
        value = task.read(x) + task.read(x)
        other = design.stream("y", si(8))
        with pytest.raises(TypeError, match="si8 does not hold every si9"):
            task.write(other, value)
        task.write(other, value.rss(1, si(8)))


def test_arguments_come_in_order_of_first_use_and_once() -> None:
    design = DesignBuilder("d")
    n = design.scalar("n", examples=(1,))
    x, y = design.stream("x", si(8)), design.stream("y", si(8))
    with design.kernel("k") as kernel, kernel.task("copy") as task, task.loop("t", n):
        task.write(y, task.read(x))
        task.write(y, task.read(x))
    module = design.module()
    module.verify()
    bound = [line.split("(")[1] for line in str(module).splitlines() if "@copy(" in line]
    assert [part.split(" = ")[1].split()[0] for part in bound[0].split(", ")] == [
        "%n_1",
        "%x_1",
        "%y_1",
    ]


def test_names_and_labels_are_made_unique() -> None:
    with a_task() as (task, x, design):
        assert design.stream("x", si(8)).name == "x_2"
        for _ in range(2):
            with task.loop("i", 4):
                task.read(x)
        block = task.process.block
    labels = [loop_of(op).label for op in block.walk() if op.regions]
    assert labels == ["work_i", "work_i_2"]


def test_carried_types_stay() -> None:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        start = task.read(x)
        with pytest.raises(TypeError, match="i: carries si8, got si9"):
            task.fold("i", 4, [start], lambda i, so_far: [so_far + 1])


@pytest.mark.parametrize(
    ("count", "word_bits", "bits", "words"), [(130, 512, 8, 3), (5, 128, 32, 2), (7, 512, 24, 1)]
)
def test_words_for(count: int, word_bits: int, bits: int, words: int) -> None:
    assert library.words_for(count, word_bits, bits) == words
    assert library.elements_per_word(512, 24) == 21
