"""Tasks that every design needs: fork, pack, unpack, and tables loaded at launch.

Each takes the loops around its work as (label, count) pairs, so that token and layer loops are
inside the task.
"""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Count, TaskBuilder
from lmc.dataflow.values import Operand, Value, last
from lmc.dialects.dataflow import elements_per_word, words_for

Loops = Sequence[tuple[str, Count]]


class TaskMaker(Protocol):
    """What tasks are added to: a kernel, or a flat design."""

    def task(self, name: str) -> AbstractContextManager[TaskBuilder]:
        """A task under construction."""
        ...


def fork(
    kernel: TaskMaker, name: str, source: Handle, sinks: Sequence[Handle], loops: Loops
) -> None:
    """A task that copies each element of `source` to all `sinks`, one a cycle."""
    with kernel.task(name) as task, task.nest(loops):
        element = task.read(source).named("element")
        for sink in sinks:
            task.write(sink, element)


def pack(
    kernel: TaskMaker, name: str, source: Handle, sink: Handle, count: int, loops: Loops = ()
) -> None:
    """A task that packs `count` elements of `source` into words of `sink`, each round of `loops`.

    Element i of a word has its lowest bit at i * element width; unused bits are zero. Elements are
    shifted in from above, so that every bit has a fixed way; zeros push the last elements down.
    """
    word_bits, bits = sink.element_type.width.data, source.element_type.width.data
    per = elements_per_word(word_bits, bits)
    words, kept = words_for(count, word_bits, bits), (per - 1) * bits
    with kernel.task(name) as task:
        word = task.register("word", sink.element_type)
        with outer(task, loops), task.nest([("word", words), ("lane", per)]) as (w, lane):
            zero = task.constant(0, source.element_type)
            element = task.choose(
                (w * per + lane) < count, lambda: [task.read(source)], lambda: [zero]
            )[0]
            older = [word.get().slice(bits, kept, signed=False)] if kept else []
            unused = [task.zero_word(word_bits - per * bits)] if word_bits % bits else []
            after = task.concat([*older, element, *unused])
            word.set(after)
            with task.when(last(lane, per)):
                task.write(sink, after)


def unpack(
    kernel: TaskMaker, name: str, source: Handle, sink: Handle, count: int, loops: Loops = ()
) -> None:
    """A task that cuts words of `source` into `count` elements of `sink`: the reverse of `pack`."""
    with kernel.task(name) as task, outer(task, loops):
        for index, element in unpacked(task, source, sink.element_type.width.data, count):
            with task.when(index < count):
                task.write(sink, element.cast(sink.element_type))


def unpacked(
    task: TaskBuilder, source: Handle, bits: int, count: int
) -> Generator[tuple[Value, Value]]:
    """One round of a pipelined nest over words and lanes: (element number, its bits as uiN).

    Numbers reach past `count` in the last word. Use as the only `for` of its place: the body is
    traced once.
    """
    return unpacked_words(
        task, source, bits, words_for(count, source.element_type.width.data, bits)
    )


def unpacked_words(
    task: TaskBuilder, source: Handle, bits: int, words: Count
) -> Generator[tuple[Value, Value]]:
    """The same for that many words."""
    word_bits = source.element_type.width.data
    per = elements_per_word(word_bits, bits)
    word = task.register("word", source.element_type)
    with task.nest([("word", words), ("lane", per)]) as (w, lane):

        def same() -> list[Value]:
            return [word.get()]

        # Shifted down, so that every element leaves at the same place: no multiplexer is needed.
        current = task.choose(lane.eq(0), lambda: [task.read(source)], same)[0]
        if per > 1:
            above = current.slice(bits, word_bits - bits, signed=False)
            word.set(task.concat([above, task.zero_word(bits)]))
        yield w * per + lane, current.slice(0, bits, signed=False)


@contextmanager
def outer(task: TaskBuilder, loops: Loops) -> Generator[tuple[Value, ...]]:
    """Plain loops around the work of a task; none at all for an empty list."""
    if not loops:
        yield ()
        return
    with task.nest(loops, pipeline=False) as counters:
        yield counters


__all__ = [
    "Loops",
    "Operand",
    "elements_per_word",
    "fork",
    "outer",
    "pack",
    "unpack",
    "unpacked",
    "unpacked_words",
    "words_for",
]
