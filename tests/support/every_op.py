"""A design of two kernels that uses every op of the dataflow dialect, and what it computes.

For each token it takes PAIRS pairs (a: si20, b: ui12) from packed words, sends them through a
feedback-free pair of kernels, and writes RESULTS 64-bit words for each pair.
"""

from collections.abc import Sequence

from design_builder import DesignBuilder, KernelBuilder, first
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow import library
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import COMPLETE, si, ui

PAIRS = 5
PAIR_BITS = 32
RESULTS = 12


def every_op_design() -> ModuleOp:
    design = DesignBuilder("every_op")
    tokens = design.scalar("n_tokens", examples=(1, 3))
    words_in = library.words_for(PAIRS, 128, PAIR_BITS)
    source = design.bank("pairs", words=64 * words_in, word_bits=128)
    target = design.bank("results", words=64 * PAIRS * RESULTS, word_bits=64, direction="write")
    pairs = design.stream("pairs_cut", ui(PAIR_BITS))
    with design.kernel("reader") as kernel:
        words = kernel.stream("words", ui(128))
        with kernel.task("fetch") as task, task.loop("t", tokens) as t:
            task.burst_read(source, t * words_in, words_in, words)
        library.unpack(kernel, "cut", words, pairs, PAIRS, [("t", tokens)])
    with design.kernel("compute") as kernel:
        results = kernel.stream("answers", ui(64))
        with kernel.task("work") as task:
            total = task.register("total", si(40))
            squares = task.buffer("squares", si(24), (4, 8), "bram", {1: 2})
            lanes = task.buffer("lanes", si(12), (8,), "register", {0: COMPLETE})
            with task.loop("t", tokens), task.loop("pair", PAIRS) as pair:
                word = task.read(pairs).named("pair_word")
                a, b = word.slice(0, 20).named("a"), word.slice(20, 12, signed=False).named("b")
                with task.loop("lane", 8, pipeline=True) as lane:
                    lanes[lane] = a.slice(lane, 12)
                answers = _answers(task, a, b) + _memory(task, a, total, squares, lanes, pair)
                for answer in answers:
                    task.write(results, task.concat([answer.cast(si(63)), task.zero_word(1)]))
        _store(kernel, results, target, tokens)
    return design.module()


def _store(kernel: KernelBuilder, results, target, tokens) -> None:
    with kernel.task("store") as task, task.loop("t", tokens) as t:
        length = PAIRS * RESULTS
        task.burst_write(results, target, t * length, length)


def _answers(task: TaskBuilder, a: Value, b: Value) -> list[Value]:
    amount = b.slice(0, 4, signed=False)
    return [
        a + b,
        a - b,
        a * b,
        -a + abs(a) * 3 - 7,
        a.min(b) + a.max(b) * 2,
        a.shl(amount, si(40)) + (a >> amount),
        a.rss(amount, si(8)) * 1000 + a.rss(amount, ui(6)),
        b.bitlen() + (a < b).select(b, a),
        task.concat([b, a]).slice(4, 28)
        + (a.eq(b) | ~(a >= 5) & (b > 9)).select(task.constant(1, si(2)), -1),
        task.zero_word(128).insert(a, 3).insert(b, b.bitlen().index() + 64).slice(0, 62),
    ]


def _memory(task: TaskBuilder, a: Value, total, squares, lanes, pair: Value) -> list[Value]:
    with task.when(first(pair)) as start:
        total.set(0)
    with task.otherwise(start):
        total.set(task.add(total.get(), a, si(40)))
    with task.nest([("row", 4), ("column", 8)]) as (row, column):
        scaled = task.choose(
            row.eq(2),
            lambda: [lanes[column].widen(si(24))],
            lambda: [(lanes[column] * 5).widen(si(24))],
        )[0]
        squares[row, column] = scaled
    best = task.fold(
        "best", 8, [task.constant(-(2**23), si(24))], lambda i, so_far: [so_far.max(squares[2, i])]
    )[0]
    return [
        total.get() + task.sum("add", 8, lambda lane: lanes[lane]),
        best + squares[(pair * 3 + 1) % 4, pair // 2],
    ]


def every_op_answers(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """What the design writes for the pairs of one launch, as signed 63-bit values."""
    answers: list[int] = []
    total = 0
    for number, (a, b) in enumerate(pairs):
        total = 0 if number % PAIRS == 0 else total + a
        answers += _pair_answers(a, b) + _memory_answers(a, total, number % PAIRS)
    return answers


def _pair_answers(a: int, b: int) -> list[int]:
    amount = b & 15
    rounded = (a + (1 << amount >> 1)) >> amount
    joined = b | (a & 0xFFFFF) << 12
    return [
        a + b,
        a - b,
        a * b,
        -a + abs(a) * 3 - 7,
        min(a, b) + max(a, b) * 2,
        (a << amount) + (a >> amount),
        max(-128, min(127, rounded)) * 1000 + max(0, min(63, rounded)),
        b.bit_length() + (b if a < b else a),
        wrap(joined >> 4, 28) + (1 if a == b or (a < 5 and b > 9) else -1),
        wrap((a & 0xFFFFF) << 3, 62),
    ]


def _memory_answers(a: int, total: int, pair: int) -> list[int]:
    lanes = [wrap(a >> lane, 12) for lane in range(8)]
    rows = [[value if row == 2 else value * 5 for value in lanes] for row in range(4)]
    return [
        total + sum(lanes),
        max(rows[2]) + rows[(pair * 3 + 1) % 4][pair // 2],
    ]


def wrap(value: int, bits: int) -> int:
    low = value & ((1 << bits) - 1)
    return low - (1 << bits) if low >> (bits - 1) else low
