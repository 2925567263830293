"""The reference executor: values, waiting, and a sentence for each precondition that breaks."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation

from lmc.backends.hls.printer import find_design
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import DesignOp, si, ui
from lmc.reference import Outcome, UndefinedError, execute

sys.path.insert(0, str(Path(__file__).parents[1] / "backends" / "hls"))

from every_op import PAIRS, RESULTS, every_op_answers, every_op_design, wrap

Body = Callable[[TaskBuilder, Handle, Handle], object]


def one_task(body: Body, words: int = 4) -> DesignOp:
    """A task between two streams of 64-bit words that come from a bank and go to one."""
    design = DesignBuilder("d")
    source = design.bank("source", words=words, word_bits=64)
    target = design.bank("target", words=words, word_bits=64, direction="write")
    x, y = design.stream("x", ui(64)), design.stream("y", ui(64))
    with design.kernel("k_in") as kernel, kernel.task("load") as task:
        task.burst_read(source, 0, words, x)
    with design.kernel("k") as kernel, kernel.task("work") as task:
        body(task, x, y)
    with design.kernel("k_out") as kernel, kernel.task("store") as task:
        task.burst_write(y, target, 0, words)
    return find_design(design.module())


def launched(body: Body, *words: int) -> Outcome:
    design = one_task(body, len(words))
    design.verify()
    return execute(design, {}, {"source": words})


def mapped(function: Callable[[TaskBuilder, Value], Value], *words: int) -> list[int]:
    """What a function makes of each word."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", len(words)):
            value = function(task, task.read(x))
            task.write(y, task.zero_word(64).insert(value, 0))

    outcome = launched(body, *words)
    assert outcome.failure is None
    return list(outcome.banks["target"])


def emit(task: TaskBuilder, op: Operation) -> Value:
    return task.emit(op)


def low(value: Value, bits: int, signed: bool = True) -> Value:
    return value.slice(0, bits, signed)


def test_every_op() -> None:
    source = random.Random(1)
    pairs = [(source.randrange(-(2**19), 2**19), source.randrange(2**12)) for _ in range(4 * PAIRS)]
    words: list[int] = []
    for start in range(0, len(pairs), PAIRS):
        cut = [(a & 0xFFFFF) | b << 20 for a, b in pairs[start : start + PAIRS]]
        words += [sum(part << 32 * place for place, part in enumerate(cut[:4])), cut[4]]
    outcome = execute(find_design(every_op_design()), {"n_tokens": 4}, {"pairs": words + [0] * 120})
    assert outcome.failure is None
    answers = outcome.banks["results"][: 4 * PAIRS * RESULTS]
    assert [wrap(word, 63) for word in answers] == every_op_answers(pairs)


def test_rounding_is_half_up_and_saturates() -> None:
    words = (5, 6, 7, -5 & 0xFF, -6 & 0xFF, 127, 128)
    rounded = mapped(lambda task, x: low(x, 8).rss(2, si(8)), *words)
    assert [wrap(word & 0xFF, 8) for word in rounded] == [1, 2, 2, -1, -1, 32, -32]
    assert mapped(lambda task, x: low(x, 8).rss(1, ui(4)), 5, 100, 200) == [3, 15, 0]
    assert mapped(lambda task, x: low(x, 8).rss(63, ui(4)), 255) == [0]


def test_only_cast_wraps() -> None:
    cut = mapped(lambda task, x: low(x, 12).cast(si(4)), 0x7F, 0x80)
    assert [word & 0xF for word in cut] == [0xF, 0]
    assert mapped(lambda task, x: low(x, 1, False).eq(1).select(7, 9).cast(ui(3)), 0, 1) == [1, 7]


def test_a_bound_or_a_length_below_zero_is_zero() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        index = low(task.read(x), 8, False).index() - 10
        with task.loop("never", index):
            task.read(x)
        task.write(y, task.zero_word(64))

    assert launched(body, 3).failure is None


def test_carried_values_change_together() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        pair = [task.read(x), task.read(x)]
        for value in task.fold("swap", 3, pair, lambda i, p, q: [q, p]):
            task.write(y, value)

    assert launched(body, 1, 2).banks["target"] == [2, 1]


# Waiting


def test_a_deadlock_names_the_tasks_and_streams() -> None:
    def greedy(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 3):
            task.read(x)
        task.write(y, task.zero_word(64))

    outcome = launched(greedy, 1, 2)
    assert outcome.failure == (
        "deadlock: task work of kernel k waits to read from empty stream x "
        "(depth 2, 2 written, 2 read); task store of kernel k_out waits to read from empty "
        "stream y (depth 2, 0 written, 0 read)"
    )
    assert outcome.banks["target"] == [0, 0]


@pytest.mark.parametrize(("depth", "stuck"), [(None, True), (2, True), (3, False)])
def test_depths_are_kept(depth: int | None, stuck: bool) -> None:
    """Three words have to be in the stream at once; one without a depth holds two."""
    design = DesignBuilder("d")
    x, y = design.stream("x", ui(8), depth), design.stream("y", ui(8), 1)
    with design.kernel("a") as kernel, kernel.task("ahead") as task:
        with task.loop("i", 3):
            task.write(x, 1)
        task.write(y, 1)
    with design.kernel("b") as kernel, kernel.task("late") as task:
        task.read(y)
        with task.loop("j", 3):
            task.read(x)
    failure = execute(find_design(design.module()), {}, {}).failure
    assert (failure is not None) == stuck
    assert failure is None or "task ahead of kernel a waits to write to full stream x" in failure


def test_elements_that_nobody_reads_are_named() -> None:
    def lazy(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 2):
            task.write(y, task.zero_word(64))

    outcome = launched(lazy, 1, 2)
    assert outcome.failure == "elements are left after all tasks have ended: 2 in stream x"


def test_a_blocked_branch_reads_only_its_own_stream() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 2) as i, task.when(i.eq(0)):
            task.read(x)
        task.write(y, task.read(x))
        task.write(y, task.zero_word(64))

    assert launched(body, 1, 2).banks["target"] == [2, 0]


# Preconditions


def exact(task: TaskBuilder, x: Value) -> Value:
    return emit(task, dataflow.AddOp(low(x, 8).ssa, low(x, 8).ssa, si(8), exact=True))


def far(task: TaskBuilder, x: Value) -> Value:
    index = low(x, 32, False).index()
    return emit(task, arith.MuliOp(index.ssa, index.ssa)).eq(0).select(1, 2).cast(ui(2))


def divided(task: TaskBuilder, x: Value) -> Value:
    return (task.to_index(5) // low(x, 8, False).index()).eq(0).select(1, 2).cast(ui(2))


def negative(task: TaskBuilder, x: Value) -> Value:
    return ((low(x, 8).index() - 1) % 3).eq(0).select(1, 2).cast(ui(2))


def unsigned_below(task: TaskBuilder, x: Value) -> Value:
    less = arith.CmpiOp(low(x, 8).index().ssa, task.to_index(3).ssa, "ult")
    return emit(task, less).select(1, 2).cast(ui(2))


def outside(task: TaskBuilder, x: Value) -> Value:
    return task.buffer("memory", ui(8), (2, 3))[0, low(x, 8, False).index()]


@pytest.mark.parametrize(
    ("function", "word", "sentence"),
    [
        (exact, 100, "task work: dataflow.add: the result 200 does not fit si8"),
        (
            lambda task, x: low(x, 8) >> x.slice(0, 8, False).index(),
            64,
            "dataflow.shr: the shift amount 64",
        ),
        (
            lambda task, x: low(x, 8).rss(low(x, 8).index(), si(8)),
            255,
            "the shift amount -1 is not",
        ),
        (
            lambda task, x: x.slice(low(x, 8, False).index(), 8),
            57,
            "bits 57 to 64 are not in a word",
        ),
        (lambda task, x: x.insert(low(x, 8), low(x, 8).index()), 0xFF, "dataflow.insert: bits -1"),
        (divided, 0, "task work: arith.divui: division by zero"),
        (negative, 0, "arith.remui: an unsigned division of -1 by 3"),
        (unsigned_below, 0xFF, "arith.cmpi: an unsigned comparison of -1 with 3"),
        (far, 2**31 - 1, "arith.muli: the result 4611686014132420609 does not fit index"),
        (far, 2**31, "dataflow.cast: the result 2147483648 does not fit index"),
        (outside, 3, "memref.load: element [0, 3] is not in buffer memory of shape [2, 3]"),
        (outside, 1, "depends on elements that were never stored, of work's buffer memory"),
    ],
)
def test_a_broken_precondition_is_named(
    function: Callable[[TaskBuilder, Value], Value], word: int, sentence: str
) -> None:
    with pytest.raises(UndefinedError, match=re.escape(sentence)):
        mapped(function, word)


def test_a_burst_stays_in_its_bank() -> None:
    design = DesignBuilder("d")
    bank, x = design.bank("bank", words=3), design.stream("x", ui(512), 8)
    with design.kernel("k") as kernel, kernel.task("load") as task:
        task.burst_read(bank, 1, 3, x)
    with pytest.raises(UndefinedError, match=r"dataflow\.burst_read: word 3 is not in bank bank"):
        execute(find_design(design.module()), {}, {})


def test_what_was_never_stored_may_be_loaded_and_thrown_away() -> None:
    """A register that words are shifted into, as decoders have it."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        register = task.register("window", ui(128))
        with task.loop("i", 4) as i:
            high = register.get().slice(64, 64, False)
            register.set(task.concat([high, task.read(x)]))
            with task.when(i >= 1):
                task.write(y, register.get().slice(0, 64, False))
        task.write(y, task.zero_word(64))

    assert launched(body, 1, 2, 3, 4).banks["target"] == [1, 2, 3, 0]


def test_an_address_has_64_bits_on_the_way() -> None:
    def body(task: TaskBuilder, bank: Handle, x: Handle) -> None:
        with task.loop("t", 2) as t:
            task.burst_read(bank, t * 2**20 * 2**20 - t * 2**20 * 2**20 + t, 1, x)

    design = DesignBuilder("d")
    bank, x = design.bank("bank", words=2), design.stream("x", ui(512))
    target = design.bank("target", words=2, direction="write")
    with design.kernel("k") as kernel, kernel.task("load") as task:
        body(task, bank, x)
    with design.kernel("out") as kernel, kernel.task("store") as task:
        task.burst_write(x, target, 0, 2)
    outcome = execute(find_design(design.module()), {}, {"bank": [7, 8]})
    assert outcome.banks["target"] == [7, 8]


# What it is given


@pytest.mark.parametrize(
    ("scalars", "banks", "sentence"),
    [
        ({}, {}, "the run-time scalar n is not given"),
        ({"n": 2**32}, {}, "the run-time scalar n = 4294967296 is not ui32"),
        ({"n": 1}, {"memory": [1]}, "bank memory has 2 words, 1 are given"),
        ({"n": 1}, {"memory": [1, 256]}, "bank memory: a word is not ui8"),
        ({"n": 1}, {"other": [1]}, "the design has no bank other"),
    ],
)
def test_wrong_input_is_named(
    scalars: dict[str, int], banks: dict[str, list[int]], sentence: str
) -> None:
    design = DesignBuilder("d")
    count, bank = design.scalar("n", (1,)), design.bank("memory", words=2, word_bits=8)
    x = design.stream("x", ui(8))
    with design.kernel("k") as kernel, kernel.task("load") as task:
        task.burst_read(bank, 0, task.index_of(count), x)
    with pytest.raises(LmcError, match=sentence):
        execute(find_design(design.module()), scalars, banks)


def test_an_op_of_another_level_is_refused() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        three = task.constant(3, IndexType())
        task.append(arith.ShLIOp(three.ssa, three.ssa))

    with pytest.raises(
        LmcError, match=r"task work: arith\.shli: this op has no meaning at level 4"
    ):
        execute(one_task(body), {}, {})


def test_bitwise_ops_are_on_conditions() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        three = task.constant(3, IndexType())
        task.append(arith.AndIOp(three.ssa, three.ssa))

    with pytest.raises(LmcError, match=r"arith\.andi is on i1, not on index"):
        execute(one_task(body), {}, {})
