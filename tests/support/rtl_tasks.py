"""Small tasks, one for each thing that a netlist has to get right."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from design_builder import DesignBuilder
from small_designs import Body

from lmc.dataflow.handles import Handle
from lmc.dataflow.implementations import implement, make_cascade
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import last
from lmc.dialects.dataflow import COMPLETE, si, ui

Maker = Callable[[DesignBuilder, str, Mapping[str, Handle]], Body]

MAKERS: dict[str, Maker] = {}
"""By the task's name: what makes its body, with streams of its own."""


def task(maker: Maker) -> Maker:
    MAKERS[maker.__name__.strip("_")] = maker
    return maker


@task
def _plain(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Reads and writes that are states."""
    x, y = design.stream(f"{name}_x", si(8)), design.stream(f"{name}_y", si(9))

    def body(task: TaskBuilder) -> None:
        with task.loop("i", scalars["n"]), task.loop("j", 4):
            task.write(y, task.read(x) + 1)

    return body


@task
def _empty(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Loops and pipelines without iterations, then one with some."""
    x, y = design.stream(f"{name}_x", ui(8)), design.stream(f"{name}_y", ui(8))

    def body(task: TaskBuilder) -> None:
        with task.loop("i", scalars["none"], pipeline=True):
            task.write(y, task.read(x))
        with task.loop("j", scalars["none"]):
            task.write(y, task.read(x))
        with task.nest([("k", scalars["n"]), ("l", 2)]):
            task.write(y, task.read(x))

    return body


@task
def _never(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Streams that constants leave no access of, in a pipeline that has others."""
    x, y = design.stream(f"{name}_x", ui(8)), design.stream(f"{name}_y", ui(8))
    z, w = design.stream(f"{name}_z", ui(8)), design.stream(f"{name}_w", ui(8))

    def body(task: TaskBuilder) -> None:
        with task.loop("i", scalars["n"]), task.loop("j", 4, pipeline=True) as j:
            value = task.read(x)
            task.write(y, value)
            with task.when(j.eq(4)):
                task.write(w, task.read(z))

    return body


@task
def _products(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Products of DSPs and of LUTs, rounded by amounts from a stream."""
    x, y = design.stream(f"{name}_x", ui(64)), design.stream(f"{name}_y", si(16))

    def body(task: TaskBuilder) -> None:
        with task.nest([("i", scalars["n"]), ("j", 7)]):
            word = task.read(x)
            wide = word.slice(0, 16, signed=True) * word.slice(16, 16, signed=True)
            small = word.slice(32, 8, signed=True) * word.slice(40, 8, signed=False)
            implement(small.ssa, "fabric")
            task.write(y, (wide - small).rss(word.slice(48, 6, signed=False), si(16)))

    return body


@task
def _accumulate(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """A register that each iteration adds to, and that ends with each round."""
    x, y = design.stream(f"{name}_x", si(12)), design.stream(f"{name}_y", si(20))

    def body(task: TaskBuilder) -> None:
        total = task.register("total", si(20))
        with task.nest([("i", scalars["n"]), ("j", 5)]) as (_, j):
            before = j.eq(0).select(task.constant(0, si(20)), total.get())
            after = (before + task.read(x)).cast(si(20))
            total.set(after)
            with task.when(last(j, 5)):
                task.write(y, after)

    return body


def _memory(kind: str) -> Maker:
    def maker(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
        x, y = design.stream(f"{name}_x", ui(40)), design.stream(f"{name}_y", ui(40))

        def body(task: TaskBuilder) -> None:
            held = task.buffer("held", ui(40), (6, 3), kind)
            with task.loop("t", scalars["n"]):
                with task.nest([("i", 6), ("j", 3)]) as (i, j):
                    held[i, j] = task.read(x)
                with task.nest([("k", 3), ("m", 6)]) as (k, m):
                    task.write(y, held[m, k])

        return body

    return maker


for _kind in ("lutram", "bram", "uram", "auto"):
    MAKERS[f"memory_{_kind}"] = _memory(_kind)


@task
def _history(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """A memory that each iteration loads from and stores in, some iterations apart."""
    x, y = design.stream(f"{name}_x", si(16)), design.stream(f"{name}_y", si(17))

    def body(task: TaskBuilder) -> None:
        old = task.buffer("old", si(16), (8,), "bram")
        with task.loop("fill", 8, pipeline=True) as i:
            old[i] = task.constant(0, si(16))
        with task.nest([("i", scalars["n"]), ("j", 8)]) as (_, j):
            value = task.read(x)
            task.write(y, old[j] + value)
            old[j] = value

    return body


@task
def _table(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Straight-line code of several cycles between two statements."""
    x, y = design.stream(f"{name}_x", si(16)), design.stream(f"{name}_y", si(16))

    def body(task: TaskBuilder) -> None:
        table = task.buffer("table", si(16), (64,), "bram")
        with task.loop("load", 64, pipeline=True) as i:
            table[i] = task.read(x)
        with task.loop("t", scalars["n"]):
            value = task.read(x)
            square = value * value
            found = table[square.slice(0, 6, signed=False).index()]
            with task.loop("emit", 3, pipeline=True) as i:
                task.write(y, (found + i.cast(si(4))).cast(si(16)))

    return body


@task
def _branches(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Statements in branches that counters decide, and a register between them."""
    x, y = design.stream(f"{name}_x", si(8)), design.stream(f"{name}_y", si(8))

    def body(task: TaskBuilder) -> None:
        kept = task.register("kept", si(8))
        with task.loop("i", scalars["n"]) as i:
            with task.when(i.eq(0)) as first:
                kept.set(task.read(x))
            with task.otherwise(first):
                task.write(y, kept.get())
            with task.when(i.eq(1)), task.loop("j", 3, pipeline=True):
                task.write(y, task.read(x).max(kept.get()))

    return body


@task
def _lanes(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """A tree of adders, a chain of DSPs, and a word put together lane by lane."""
    x, y = design.stream(f"{name}_x", ui(128)), design.stream(f"{name}_y", ui(80))

    def body(task: TaskBuilder) -> None:
        with task.nest([("i", scalars["n"]), ("j", 3)]):
            word = task.read(x)
            tree = task.sum("tree", 5, lambda k: word.slice(k * 16, 16, signed=True))
            chain = task.sum(
                "chain",
                6,
                lambda k: (
                    word.slice(k * 8, 8, signed=True) * word.slice(k * 8 + 48, 8, signed=True)
                ),
            )
            make_cascade(chain.ssa)
            low = task.zero_word(80).insert(tree.cast(ui(32)), 0)
            task.write(y, low.insert(chain.cast(ui(40)), 32))

    return body


@task
def _registers(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Registers that are chosen by a number: loaded after they are stored in one iteration."""
    x, y = design.stream(f"{name}_x", ui(16)), design.stream(f"{name}_y", ui(16))

    def body(task: TaskBuilder) -> None:
        held = task.buffer("held", ui(16), (4,), "register", {0: COMPLETE})
        with task.loop("clear", 4, pipeline=True) as i:
            held[i] = task.constant(7, ui(16))
        with task.nest([("i", scalars["n"]), ("j", 9)]):
            word = task.read(x)
            held[word.slice(0, 2, signed=False).index()] = word
            task.write(y, held[word.slice(2, 2, signed=False).index()])

    return body


@task
def _words(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Bits at places that a stream decides."""
    x, y = design.stream(f"{name}_x", ui(200)), design.stream(f"{name}_y", ui(200))

    def body(task: TaskBuilder) -> None:
        with task.nest([("i", scalars["n"]), ("j", 9)]):
            word = task.read(x)
            place = word.slice(0, 7, signed=False).index()
            part = word.slice(place, 33, signed=True)
            length = word.slice(90, 40, signed=False).bitlen()
            word = word.insert((abs(part) - length).cast(si(35)), place)
            task.write(y, word)

    return body


@task
def _slow(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """An iteration every three cycles."""
    x, y = design.stream(f"{name}_x", si(16)), design.stream(f"{name}_y", si(16))

    def body(task: TaskBuilder) -> None:
        with task.nest([("i", scalars["n"]), ("j", 5)], requested_ii=3):
            value = task.read(x)
            task.write(y, (value * value).rss(9, si(16)))

    return body


@task
def _bursts(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Words of a memory into a stream, those of another stream into a memory."""
    source = design.bank(f"{name}_from", words=24, word_bits=64)
    target = design.bank(f"{name}_to", words=24, word_bits=32, direction="write")
    x, y = design.stream(f"{name}_x", ui(32)), design.stream(f"{name}_y", ui(64))

    def body(task: TaskBuilder) -> None:
        with task.loop("i", scalars["n"]) as i:
            task.burst_read(source, i * 7, 7 - i, y)
            task.burst_write(x, target, i * 4 + 2, i * 2)

    return body


@task
def _late(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Registers that are stored at the end of a branch and of a loop, with what was just read."""
    x, y = design.stream(f"{name}_x", si(8)), design.stream(f"{name}_y", si(8))
    z = design.stream(f"{name}_z", si(8))

    def body(task: TaskBuilder) -> None:
        kept, latest = task.register("kept", si(8)), task.register("latest", si(8))
        with task.loop("i", scalars["n"]) as i, task.loop("j", 3) as j:
            with task.when(i.eq(0) & j.eq(0)):
                task.write(z, 3)
                kept.set(task.read(x))
                task.write(z, 5)
                latest.set(kept.get())
            task.write(z, 7)
            with task.when(j.eq(1)):
                kept.set(task.read(x))
            task.write(y, latest.get())
            task.write(y, kept.get())
            latest.set(task.read(x))

    return body


@task
def _chosen(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """A register that one branch stores and the next one loads, in one cycle."""
    x, y = design.stream(f"{name}_x", si(8)), design.stream(f"{name}_y", si(8))

    def body(task: TaskBuilder) -> None:
        kept = task.register("kept", si(8))
        with task.loop("i", 5) as i:
            with task.when(i.ne(2)):
                kept.set(task.read(x))
            (value,) = task.choose(i.eq(3), lambda: [task.read(x)], lambda: [kept.get()])
            task.write(y, value)

    return body


@task
def _cyclic(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Banks that a counter chooses for the lanes of a word, and a lane for each bank."""
    x, y = design.stream(f"{name}_x", ui(32)), design.stream(f"{name}_y", ui(64))

    def body(task: TaskBuilder) -> None:
        held = task.buffer("held", ui(8), (16,), "lutram", {0: 8})
        with task.loop("t", scalars["n"]):
            with task.loop("i", 4, pipeline=True) as i:
                word = task.read(x)
                with task.loop("lane", 4, unroll=True) as lane:
                    held[i * 4 + lane] = word.slice(lane * 8, 8, signed=False)
            with task.loop("row", 2, pipeline=True) as row:
                parts = [held[row * 8 + lane] for lane in range(8)]
                word = task.zero_word(64)
                for lane, part in enumerate(parts):
                    word = word.insert(part, lane * 8)
                task.write(y, word)

    return body


@task
def _chosen_bank(design: DesignBuilder, name: str, scalars: Mapping[str, Handle]) -> Body:
    """Banks that counters choose, a part of them cyclically, to store in and to load from."""
    x, y = design.stream(f"{name}_x", si(12)), design.stream(f"{name}_y", si(12))

    def body(task: TaskBuilder) -> None:
        held = task.buffer("held", si(12), (3, 5), "bram", {0: COMPLETE})
        turned = task.buffer("turned", si(12), (5,), "uram", {0: 2})
        with task.loop("t", scalars["n"]):
            with task.nest([("i", 3), ("j", 5)]) as (i, j):
                held[i, j] = task.read(x)
            with task.nest([("k", 5), ("m", 3)]) as (k, m):
                value = held[m, k]
                with task.when(m.eq(1)):
                    turned[k] = value
                task.write(y, value)
            with task.loop("o", 5, pipeline=True) as o:
                task.write(y, turned[o])

    return body
