"""A small design whose kernels have all interfaces: two banks are added up, word by word."""

from __future__ import annotations

from contextlib import AbstractContextManager

from design_builder import DesignBuilder
from small_designs import finished
from xdsl.dialects.builtin import StringAttr

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dialects.dataflow import DesignOp, StreamOp, si, ui

WORDS = 37
"""Words of a round: more than two bursts of AXI3."""
ROUNDS = 3


def adding_design() -> DesignOp:
    """Kernels that read two banks, add their words in 21 bits, and write the sums to a third."""
    design = DesignBuilder("adding")
    rounds = design.scalar("rounds", (1, ROUNDS))
    total = WORDS * ROUNDS
    banks = [design.bank(f"numbers_{i}", words=total, word_bits=64) for i in range(2)]
    words = [design.stream(f"words_{i}", ui(64), 16) for i in range(2)]
    sums = design.stream("sums", si(21), 16)
    results = design.bank("results", words=total, word_bits=128, direction="write")
    with design.kernel("fetch") as kernel:
        for bank, stream in zip(banks, words, strict=True):
            with kernel.task(f"read_{bank.name}") as task, task.loop("t", rounds) as t:
                task.burst_read(bank, t * WORDS, WORDS, stream)
    with design.kernel("add") as kernel:
        inner = kernel.stream("unpacked", si(21), 3)
        with kernel.task("sum_up") as task, _pipeline(task, rounds):
            one, other = (task.read(stream).slice(3, 20) for stream in words)
            task.write(inner, one + other)
        with kernel.task("pass_on") as task, _pipeline(task, rounds):
            task.write(sums, task.read(inner))
    with design.kernel("keep") as kernel:
        packed = kernel.stream("packed", ui(128), 4)
        with kernel.task("pack") as task, _pipeline(task, rounds):
            task.write(packed, task.zero_word(128).insert(task.read(sums), 5))
        with kernel.task("write_results") as task, task.loop("t", rounds) as t:
            task.burst_write(packed, results, t * WORDS, WORDS)
    found = finished(design)
    for op in found.walk():
        if isinstance(op, StreamOp) and op.sym_name.data == "packed":
            op.impl = StringAttr("bram")
    return found


def _pipeline(task: TaskBuilder, rounds: Handle) -> AbstractContextManager[object]:
    return task.nest([("t", rounds), ("i", WORDS)])
