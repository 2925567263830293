"""Where states live between tokens: in device memory, or in a buffer on the chip."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerType

from lmc.dataflow import library
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import DesignOp, StateAttr, StateOp, StreamOp, stream_element, ui
from lmc.lowering.images import LOAD, STORE
from lmc.lowering.launch import scalars_of
from lmc.memory_layout.words import WORD_BITS

STATES = "states"
"""The kernel of the states on the chip."""
PLACE = ui(32)
"""The type of a word's place in a bank, as the writer of a state tells it to the reader."""
LAG = 128
"""Elements that a state on the chip gives out before it waits for the first new one: more than an
update has under way with any tool, so that it does not wait for itself."""


def stream_states(design: DesignOp) -> None:
    """Replaces the states of a flat design by banks and the tasks that move or hold them.

    Raises:
        LmcError: the design has no scalar that counts tokens.
    """
    for op in [item for item in design.body.block.ops if isinstance(item, StateOp)]:
        builder = FlatBuilder(design).before(op)
        tokens = scalars_of(design).tokens
        fields = [_Field(builder, op, number, tokens) for number in range(len(op.fields))]
        if op.chip is None:
            for field in fields:
                _stream(field, *field.ends())
        else:
            ends = [field.ends() for field in fields]
            outside = [_load_and_save(field) for field in fields]
            with builder.of_kernel(STATES).task(f"hold_{op.sym_name.data}") as task:
                _Holder(task, op, op.chip.data, tokens).run(ends, outside)
        op.detach()
        op.erase()


@dataclass(frozen=True)
class _Field:
    """A field of a state: its bank, the streams of its elements, and the tasks between the two."""

    builder: FlatBuilder
    state: StateOp
    number: int
    tokens: Handle

    @property
    def name(self) -> str:
        return self.state.sym_name.data + self.state.fields.data[self.number].data

    @property
    def count(self) -> int:
        """Elements of a layer."""
        return self.state.count.value.data

    @property
    def layers(self) -> int:
        return self.state.layers.value.data

    @property
    def element(self) -> IntegerType:
        return stream_element(self.state.new[self.number])

    @property
    def layer_words(self) -> int:
        """Memory words of a layer."""
        return library.words_for(self.count, WORD_BITS, self.element.width.data)

    def ends(self) -> tuple[Handle, Handle]:
        """Streams of old and new elements; that of the old ones is put before the other."""
        new, old = self.state.new[self.number], self.state.old[self.number]
        assert isinstance(new.owner, StreamOp)
        given = self.builder.before(new.owner).stream(f"{self.name}_old", self.element)
        old.replace_all_uses_with(given.ssa)
        return given, Handle(new.owner.sym_name.data, new)

    def bank(self) -> Handle:
        layout = StateAttr.of(bits=self.element.width.data, count=self.count, layers=self.layers)
        return self.builder.bank(
            f"{self.name}_state",
            self.layer_words * self.layers,
            direction="read_write",
            memory=self.state.memories.data[self.number].data,
            channel=self.state.channels.get_values()[self.number],
            layout=[layout],
        )

    @property
    def load(self) -> FlatBuilder:
        return self.builder.of_kernel(LOAD)

    @property
    def store(self) -> FlatBuilder:
        return self.builder.of_kernel(STORE)

    def unpack(self, words: Handle, elements: Handle, loops: library.Loops) -> None:
        name = f"unpack_{self.name}"
        library.unpack(self.load, name, words, elements, self.count, loops)

    def pack(self, elements: Handle, words: Handle, loops: library.Loops) -> None:
        name = f"pack_{self.name}"
        library.pack(self.store, name, elements, words, self.count, loops)


def _stream(field: _Field, old: Handle, new: Handle) -> None:
    """Words of a layer go through memory. From the second token on the reader takes a layer's
    place from its writer: only a request that depends on that can't be made before it."""
    tokens, words = field.tokens, field.layer_words
    loops: library.Loops = (("token", tokens), ("layer", field.layers))
    bank, beside = field.bank(), field.builder.after(new)
    old_words = beside.stream(f"{field.name}_old_words", ui(WORD_BITS))
    new_words = beside.stream(f"{field.name}_new_words", ui(WORD_BITS))
    credit = beside.stream(f"{field.name}_credit", PLACE)
    with (
        field.load.task(f"read_{field.name}") as task,
        task.nest(loops, pipeline=False) as (token, layer),
    ):
        (place,) = task.choose(
            token > 0,
            lambda: [task.read(credit)],
            lambda: [(layer * words).cast(PLACE)],
        )
        task.burst_read(bank, place.index(), words, old_words)
    field.unpack(old_words, old, loops)
    field.pack(new, new_words, loops)
    with (
        field.store.task(f"write_{field.name}") as task,
        task.nest(loops, pipeline=False) as (token, layer),
    ):
        place = layer * words
        task.burst_write(new_words, bank, place, words)
        with task.when(token < task.index_of(tokens) - 1):
            task.write(credit, place.cast(PLACE))


def _load_and_save(field: _Field) -> tuple[Handle, Handle]:
    """A field's elements of all layers, read at the start of a launch, and written at its end."""
    bank = field.bank()
    loops: library.Loops = (("layer", field.layers),)
    all_words = field.layer_words * field.layers
    loaded = field.builder.stream(f"{field.name}_loaded", field.element)
    saved = field.builder.stream(f"{field.name}_saved", field.element)
    loaded_words = field.builder.stream(f"{field.name}_loaded_words", ui(WORD_BITS))
    saved_words = field.builder.stream(f"{field.name}_saved_words", ui(WORD_BITS))
    with field.load.task(f"read_{field.name}") as task:
        task.burst_read(bank, 0, all_words, loaded_words)
    field.unpack(loaded_words, loaded, loops)
    field.pack(saved, saved_words, loops)
    with field.store.task(f"write_{field.name}") as task:
        task.burst_write(saved_words, bank, 0, all_words)
    return loaded, saved


class _Holder:
    """The task that keeps a state: it gives out a layer's elements and takes back new ones."""

    def __init__(self, task: TaskBuilder, state: StateOp, kind: str, tokens: Handle):
        self.task, self.tokens = task, tokens
        self.layers, self.count = state.layers.value.data, state.count.value.data
        self.widths = [stream_element(value).width.data for value in state.new]
        size = (self.layers, self.count)
        self.buffer: Buffer = task.buffer("state", ui(sum(self.widths)), size, kind)

    def run(
        self, ends: Sequence[tuple[Handle, Handle]], outside: Sequence[tuple[Handle, Handle]]
    ) -> None:
        """Load, all tokens, save."""
        task, layers, count = self.task, self.layers, self.count
        with task.nest((("load_layer", layers), ("load", count))) as (layer, index):
            self._take(layer, index, [loaded for loaded, _ in outside])
        olds, news = [old for old, _ in ends], [new for _, new in ends]
        loops = (("token", self.tokens), ("layer", layers))
        if count <= LAG:
            with task.nest(loops, pipeline=False) as (_, layer):
                with task.loop("give", count, pipeline=True) as index:
                    self._give(layer, index, olds)
                with task.loop("take", count, pipeline=True) as index:
                    self._take(layer, index, news)
        else:
            with task.nest((*loops, ("step", count + LAG))) as (_, layer, index):
                with task.when(index < count):
                    self._give(layer, index, olds)
                with task.when(index >= LAG):
                    self._take(layer, index - LAG, news)
        with task.nest((("save_layer", layers), ("save", count))) as (layer, index):
            self._give(layer, index, [saved for _, saved in outside])

    def _take(self, layer: Value, index: Value, sources: Sequence[Handle]) -> None:
        self.buffer[layer, index] = self.task.concat([self.task.read(source) for source in sources])

    def _give(self, layer: Value, index: Value, sinks: Sequence[Handle]) -> None:
        element, start = self.buffer[layer, index], 0
        for sink, width in zip(sinks, self.widths, strict=True):
            self.task.write(sink, element.slice(start, width, signed=False))
            start += width
