"""Where states live between tokens: in device memory, or in a buffer on the chip."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmc.allocation import Place
from lmc.dataflow import library
from lmc.dataflow.builder import Buffer, Handle, TaskBuilder
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import StateAttr, ui
from lmc.lowering.images import LOAD, STORE, memory_of
from lmc.memory_layout.words import WORD_BITS

STATES = "states"
"""The kernel of the states on the chip."""
LAG = 64
"""Elements that a state on the chip gives out before it waits for the first new one: more than an
update has under way, so that it does not wait for itself."""


@dataclass(frozen=True)
class StateField:
    """A part of each element of a state, in a bank of its own."""

    suffix: str
    bits: int
    place: Place


@dataclass(frozen=True)
class StateRequest:
    """A state: `count` elements for each layer, the fields of each in their banks."""

    name: str
    fields: Sequence[StateField]
    count: int
    layers: int
    tokens: Handle


@dataclass(frozen=True)
class _Field:
    """A field's bank, the streams of its elements, and the tasks between the two."""

    builder: FlatBuilder
    state: StateRequest
    field: StateField

    @property
    def name(self) -> str:
        return self.state.name + self.field.suffix

    @property
    def layer_words(self) -> int:
        """Memory words of a layer."""
        return library.words_for(self.state.count, WORD_BITS, self.field.bits)

    def bank(self) -> Handle:
        layout = StateAttr.of(
            bits=self.field.bits, count=self.state.count, layers=self.state.layers
        )
        return self.builder.bank(
            f"{self.name}_state",
            self.layer_words * self.state.layers,
            direction="read_write",
            **memory_of(self.field.place),
            layout=[layout],
        )

    def elements(self, age: str) -> Handle:
        return self.builder.stream(f"{self.name}_{age}", ui(self.field.bits))

    def words(self, age: str) -> Handle:
        return self.builder.stream(f"{self.name}_{age}_words", ui(WORD_BITS))

    @property
    def load(self) -> FlatBuilder:
        return self.builder.of_kernel(LOAD)

    @property
    def store(self) -> FlatBuilder:
        return self.builder.of_kernel(STORE)

    def unpack(self, words: Handle, elements: Handle, loops: library.Loops) -> None:
        name = f"unpack_{self.name}"
        library.unpack(self.load, name, words, elements, self.state.count, loops)

    def pack(self, elements: Handle, words: Handle, loops: library.Loops) -> None:
        name = f"pack_{self.name}"
        library.pack(self.store, name, elements, words, self.state.count, loops)


def stream_state(builder: FlatBuilder, state: StateRequest) -> list[tuple[Handle, Handle]]:
    """Old and new elements of each field of a state that lives in device memory."""
    return [_stream_field(_Field(builder, state, field)) for field in state.fields]


def _stream_field(field: _Field) -> tuple[Handle, Handle]:
    """The reader of a layer's state waits for a credit from the writer of the token before: the
    reader must not run ahead of what is still being written."""
    tokens, words = field.state.tokens, field.layer_words
    loops: library.Loops = (("token", tokens), ("layer", field.state.layers))
    bank = field.bank()
    old, new = field.elements("old"), field.elements("new")
    old_words, new_words = field.words("old"), field.words("new")
    credit = field.builder.stream(f"{field.name}_credit", ui(1))
    with (
        field.load.task(f"read_{field.name}") as task,
        task.nest(loops, pipeline=False) as (token, layer),
    ):
        with task.when(token > 0):
            task.read(credit)
        task.burst_read(bank, layer * words, words, old_words)
    field.unpack(old_words, old, loops)
    field.pack(new, new_words, loops)
    with (
        field.store.task(f"write_{field.name}") as task,
        task.nest(loops, pipeline=False) as (token, layer),
    ):
        task.burst_write(new_words, bank, layer * words, words)
        with task.when(token < task.index_of(tokens) - 1):
            task.write(credit, 1)
    return old, new


def hold_state(builder: FlatBuilder, kind: str, state: StateRequest) -> list[tuple[Handle, Handle]]:
    """Old and new elements of each field of a state that lives in a buffer on the chip.

    The buffer, of a `kind` as dataflow.buffer has them, is filled from the banks when a launch
    begins, and goes back to them when it ends. New elements come back to the task that gave the old
    ones, so it is in a kernel of its own.
    """
    fields = [_Field(builder, state, field) for field in state.fields]
    ends = [(field.elements("old"), field.elements("new")) for field in fields]
    outside = [_load_and_save(field) for field in fields]
    with builder.of_kernel(STATES).task(f"hold_{state.name}") as task:
        _Holder(task, state, kind).run(ends, outside)
    return ends


def _load_and_save(field: _Field) -> tuple[Handle, Handle]:
    """A field's elements of all layers, read at the start of a launch, and written at its end."""
    bank = field.bank()
    loops: library.Loops = (("layer", field.state.layers),)
    all_words = field.layer_words * field.state.layers
    loaded, saved = field.elements("loaded"), field.elements("saved")
    loaded_words, saved_words = field.words("loaded"), field.words("saved")
    with field.load.task(f"read_{field.name}") as task:
        task.burst_read(bank, 0, all_words, loaded_words)
    field.unpack(loaded_words, loaded, loops)
    field.pack(saved, saved_words, loops)
    with field.store.task(f"write_{field.name}") as task:
        task.burst_write(saved_words, bank, 0, all_words)
    return loaded, saved


class _Holder:
    """The task that keeps a state: it gives out a layer's elements and takes back new ones."""

    def __init__(self, task: TaskBuilder, state: StateRequest, kind: str):
        self.task, self.state = task, state
        bits = sum(field.bits for field in state.fields)
        self.buffer: Buffer = task.buffer("state", ui(bits), (state.layers, state.count), kind)

    def run(
        self, ends: Sequence[tuple[Handle, Handle]], outside: Sequence[tuple[Handle, Handle]]
    ) -> None:
        """Load, all tokens, save."""
        task, layers, count = self.task, self.state.layers, self.state.count
        lag = min(LAG, count)
        with task.nest((("load_layer", layers), ("load", count))) as (layer, index):
            self._take(layer, index, [loaded for loaded, _ in outside])
        loops = (("token", self.state.tokens), ("layer", layers), ("step", count + lag))
        with task.nest(loops) as (_, layer, index):
            with task.when(index < count):
                self._give(layer, index, [old for old, _ in ends])
            with task.when(index >= lag):
                self._take(layer, index - lag, [new for _, new in ends])
        with task.nest((("save_layer", layers), ("save", count))) as (layer, index):
            self._give(layer, index, [saved for _, saved in outside])

    def _take(self, layer: Value, index: Value, sources: Sequence[Handle]) -> None:
        self.buffer[layer, index] = self.task.concat([self.task.read(source) for source in sources])

    def _give(self, layer: Value, index: Value, sinks: Sequence[Handle]) -> None:
        element, low = self.buffer[layer, index], 0
        for sink, field in zip(sinks, self.state.fields, strict=True):
            self.task.write(sink, element.slice(low, field.bits, signed=False))
            low += field.bits


__all__ = ["StateField", "StateRequest", "hold_state", "stream_state"]
