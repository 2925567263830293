"""Random designs of level 4 with what they are launched with, built through the dialect's own
constructors: they verify and keep the rules of `check-dataflow`; FIFOs may be too short.

Every task goes through the rounds of a launch. In each round it takes some elements from each of
its streams and puts some into each that it makes, in loops, branches and folds of random shapes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from design_builder import DesignBuilder, KernelBuilder
from hypothesis import strategies as st
from random_bodies import Body, Open
from random_values import Source, T
from xdsl.dialects.builtin import IntegerType

from lmc.backends.hls.printer import find_design
from lmc.dataflow.handles import Handle
from lmc.dataflow.links import LINK_DEPTHS
from lmc.dialects.dataflow import DesignOp, si, ui

PORT_BITS = (8, 16, 32, 64, 128, 256, 512, 1024)
ELEMENT_BITS = (1, 4, 8, 12, 16, 31, 32, 40, 63, 64, 65, 128, 512, 1024)
DEPTHS = (None, 1, 2, 3, 4, 8, 16, 64)
FAR = 2**20
"""Its square needs more than 32 bits: an offset that is far away on the way."""


@dataclass(frozen=True)
class Launch:
    """A design, and the scalars and words of banks that it is launched with.

    `depths` are those of FIFOs between kernels that are not the design's.
    """

    design: DesignOp
    scalars: Mapping[str, int]
    banks: Mapping[str, Sequence[int]]
    depths: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class SeededSource:
    """Choices of a seeded generator."""

    random: random.Random

    def between(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def choice(self, items: Sequence[T]) -> T:
        return self.random.choice(items)


@dataclass(frozen=True)
class DrawnSource:
    """Choices of hypothesis."""

    draw: Callable[..., int]

    def between(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def choice(self, items: Sequence[T]) -> T:
        return items[self.between(0, len(items) - 1)]


def seeded_launch(seed: int, name: str = "d") -> Launch:
    """The launch of a seed."""
    return RandomDesign(SeededSource(random.Random(seed)), name).launch()


@st.composite
def launches(draw: Callable[..., int], name: str = "d") -> Launch:
    """Random launches, which hypothesis can make smaller."""
    return RandomDesign(DrawnSource(draw), name).launch()


class RandomDesign:
    """One design under construction; names begin with its own, so that several can be linked."""

    def __init__(self, source: Source, name: str):
        self.source = source
        self.name = name
        self.builder = DesignBuilder(name)
        self.rounds = source.between(1, 3)
        self.scalar = (
            self.builder.scalar(f"{name}_n", (1, self.rounds)) if self._one_in(2) else None
        )
        self.banks: dict[str, list[int]] = {}
        self.open: list[Open] = []

    def launch(self) -> Launch:
        """The finished design (call once)."""
        self._load()
        for number in range(self.source.between(1, 2)):
            self._work(f"{self.name}_work{number}")
        self._store()
        scalars = {} if self.scalar is None else {self.scalar.name: self.rounds}
        return Launch(find_design(self.builder.module()), scalars, self.banks)

    def _one_in(self, count: int) -> bool:
        return self.source.between(1, count) == 1

    def _depth(self) -> int | None:
        return self.source.choice(DEPTHS)

    def _link_depth(self) -> int | None:
        """Of a stream between kernels."""
        return self.source.choice((None, *LINK_DEPTHS[:2]))

    @property
    def _count(self) -> Handle | int:
        return self.rounds if self.scalar is None else self.scalar

    def _words(self, count: int, bits: int) -> list[int]:
        numbers = random.Random(self.source.between(0, 2**16))
        ends = (0, 1, 2**bits - 1, 2 ** (bits - 1), 2 ** (bits - 1) - 1)
        return [numbers.choice((numbers.getrandbits(bits), *ends)) for _ in range(count)]

    # Memory

    def _load(self) -> None:
        """A task that reads a few banks in turn, some words a round, into a stream each."""
        far = self._one_in(3)
        kernel = self.builder.kernel(f"{self.name}_load")
        reads = [self._image(number) for number in range(self.source.between(1, 3))]
        with (
            kernel as kernel,
            kernel.task(f"{self.name}_read") as task,
            task.loop("t", self._count) as t,
        ):
            for bank, stream, before in reads:
                start = t * stream.count + before
                if far:
                    start = start + t * FAR * FAR - t * FAR * FAR
                first = self.source.between(0, stream.count)
                task.burst_read(bank, start, first, stream.handle)
                task.burst_read(bank, start + first, stream.count - first, stream.handle)

    def _image(self, number: int) -> tuple[Handle, Open, int]:
        """A bank, the stream that it goes into, and how many of its words come before."""
        name = f"{self.name}_in{number}"
        bits, count = self.source.choice(PORT_BITS), self.source.between(1, 8)
        before = self.source.between(0, 2)
        words = before + self.rounds * count
        bank = self.builder.bank(f"{name}_bank", words=words, word_bits=bits)
        self.banks[bank.name] = self._words(words, bits)
        self.open.append(Open(self.builder.stream(name, ui(bits), self._link_depth()), count))
        return bank, self.open[-1], before

    def _store(self) -> None:
        """Every stream that is left goes to a bank of its own."""
        with self.builder.kernel(f"{self.name}_store") as kernel:
            for stream in self.open:
                self._store_one(kernel, stream)

    def _store_one(self, kernel: KernelBuilder, source: Open) -> None:
        name, element = source.handle.name, source.handle.element_type
        bits = next(size for size in PORT_BITS if size >= element.width.data)
        words = self.rounds * source.count
        bank = self.builder.bank(f"{name}_out", words=words, word_bits=bits, direction="write")
        packed = source.handle
        if element != ui(bits):
            packed = kernel.stream(f"{name}_packed", ui(bits), self._depth())
            with (
                kernel.task(f"{name}_pack") as task,
                task.nest([("t", self._count), ("i", source.count)]),
            ):
                task.write(packed, task.zero_word(bits).insert(task.read(source.handle), 0))
        with kernel.task(f"{name}_write") as task, task.loop("t", self._count) as t:
            task.burst_write(packed, bank, t * source.count, source.count)

    # Tasks between

    def _work(self, name: str) -> None:
        """A kernel of one or two tasks."""
        local: list[Open] = []
        made: list[Open] = []
        count = self.source.between(1, 2)
        with self.builder.kernel(name) as kernel:
            for number in range(count):
                last = number == count - 1
                sources = self._inputs(local, everything=last)
                sinks = self._outputs(kernel, f"{name}_s{number}", last)
                body = Body(self.source, sources, [sink.handle for sink, _ in sinks])
                with kernel.task(f"{name}_task{number}") as task:
                    counts = body.build(task, self._count, self.rounds)
                for (sink, inside), elements in zip(sinks, counts, strict=True):
                    (local if inside else made).append(Open(sink.handle, elements))
        self.open += made

    def _inputs(self, local: list[Open], *, everything: bool) -> list[Open]:
        taken = [local.pop() for _ in range(len(local))] if everything else []
        for _ in range(self.source.between(0 if taken else 1, 2)):
            pools = [pool for pool in (local, self.open) if pool]
            if pools:
                pool = self.source.choice(pools)
                taken.append(pool.pop(self.source.between(0, len(pool) - 1)))
        return taken

    def _outputs(self, kernel: KernelBuilder, name: str, last: bool) -> list[tuple[Open, bool]]:
        """(stream, whether it stays in the kernel), the counts not known yet."""
        found: list[tuple[Open, bool]] = []
        for number in range(self.source.between(1, 2)):
            inside = not last and self._one_in(2)
            make, depth = (
                (kernel.stream, self._depth) if inside else (self.builder.stream, self._link_depth)
            )
            handle = make(f"{name}_{number}", self._element(), depth())
            found.append((Open(handle, 0), inside))
        return found

    def _element(self) -> IntegerType:
        if self._one_in(2):
            return ui(self.source.choice(PORT_BITS))
        return self.source.choice((si, ui))(self.source.choice(ELEMENT_BITS))
