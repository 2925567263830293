"""Memory images and the tasks that read and write them: parameters, tables, states.

Each image lies in memory in exactly the order in which its reader wants it, so that readers burst
through it. The
`layout` of its bank says what the words hold; `lmc.backends.images` fills them from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Attribute

from lmc.dataflow import library
from lmc.dataflow.builder import Handle, KernelBuilder, TaskBuilder
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import ui
from lmc.lowering.network import Channel, Network

WORD_BITS = 512
"""Width of a memory word: the widest that one port of the memories in question takes in a cycle."""
LOAD, STORE = "load", "store"
"""The kernels that hold the tasks which read and write memory beside the weights."""
TABLE_BASE_BITS, TABLE_SLOPE_BITS, LISTED_BITS = 32, 32, 32
"""Widths of a piecewise linear table's entries and of listed values."""


def layout_entry(kind: str, **fields: str | int) -> DictionaryAttr:
    """One entry of a bank's layout."""
    attributes: dict[str, Attribute] = {"kind": StringAttr(kind)}
    for name, value in fields.items():
        is_symbol = name in ("weight", "table")
        if isinstance(value, int):
            attributes[name] = IntegerAttr(value, i64)
        else:
            attributes[name] = SymbolRefAttr(value) if is_symbol else StringAttr(value)
    return DictionaryAttr(attributes)


@dataclass(frozen=True)
class Segment:
    """`count` elements of `bits` bits for one consumer, packed into whole words."""

    channel: Channel
    count: int
    bits: int
    layout: DictionaryAttr

    @property
    def words(self) -> int:
        """Words that the segment takes."""
        return library.words_for(self.count, WORD_BITS, self.bits)


@dataclass
class ParameterImage:
    """Weight vectors: a layer's in order of use, layer after layer, then those behind them."""

    layered: list[Segment] = field(default_factory=list[Segment])
    final: list[Segment] = field(default_factory=list[Segment])

    def request(
        self, network: Network, weight: ssm.WeightOp, lanes: int, bits: int, *, in_layers: bool
    ) -> Channel:
        """A stream of the weight's integers, `lanes` consecutive ones to an element."""
        elements = 1
        for size in weight.type.get_shape():
            elements *= size
        if lanes * bits > WORD_BITS:
            raise LmcError(
                f"weight @{weight.sym_name.data}: {lanes} x {bits} bits exceed a memory word"
            )
        name = weight.sym_name.data
        channel = network.channel(f"{name}_parameters", ui(lanes * bits))
        layout = layout_entry("vector", weight=name, lanes=lanes, bits=bits)
        segments = self.layered if in_layers else self.final
        segments.append(Segment(channel, elements // lanes, lanes * bits, layout))
        return channel

    def finish(
        self, network: Network, tokens: Handle, logits: Handle, layers: int, memory: str
    ) -> None:
        """Adds the image and the tasks that stream it, once all requests are known."""
        if self.layered:
            loops: library.Loops = (("token", tokens), ("layer", layers))
            _stream_image(network, "parameters", self.layered, loops, layers, memory)
        if self.final:
            loops = (("token", logits),)
            _stream_image(network, "final_parameters", self.final, loops, 1, memory)


@dataclass
class TableImage:
    """Function tables, one copy for each task that looks values up, streamed once at launch."""

    segments: list[Segment] = field(default_factory=list[Segment])

    def request(self, network: Network, table: ssm.TableOp) -> Channel:
        """A stream of the table's entries."""
        is_listed = table.function.data in LISTED_ENTRIES
        bits = LISTED_BITS if is_listed else TABLE_BASE_BITS + TABLE_SLOPE_BITS
        name = table.sym_name.data
        channel = network.channel(f"{name}_table", ui(bits))
        layout = layout_entry("table", table=name, bits=bits)
        self.segments.append(Segment(channel, table_entries(table), bits, layout))
        return channel

    def finish(self, network: Network, memory: str) -> None:
        """Adds the image and the tasks that stream it."""
        if self.segments:
            _stream_image(network, "tables", self.segments, (), 1, memory)


def table_entries(table: ssm.TableOp) -> int:
    """Number of entries of a table."""
    return LISTED_ENTRIES.get(table.function.data) or table.option("segments")


LISTED_ENTRIES = {"rsqrt": 1 << 12, "reciprocal": 1 << ssm.SCALE_MANTISSA_BITS}
"""Entries of tables that list values: a reciprocal root is looked up by the 12 leading bits of its
operand (to an even exponent), a reciprocal by a mantissa."""


@dataclass
class StateImage:
    """States that live in device memory from token to token, read and written layer by layer."""

    names: list[str] = field(default_factory=list[str])

    def request(
        self,
        network: Network,
        name: str,
        bits: int,
        count: int,
        *,
        layers: int,
        tokens: Handle,
        memory: str,
    ) -> tuple[Channel, Channel]:
        """Streams of the old and of the new state, `count` elements of `bits` bits for each layer.

        The reader of a layer's state waits for a credit from the writer of the token before: the
        reader must not run ahead of what is still being written.
        """
        self.names.append(name)
        words = library.words_for(count, WORD_BITS, bits)
        layout = layout_entry("state", bits=bits, count=count, layers=layers)
        bank = network.bank(
            f"{name}_state", words * layers, direction="read_write", memory=memory, layout=[layout]
        )
        old, new = (network.channel(f"{name}_{age}", ui(bits)) for age in ("old", "new"))
        old_words, new_words = (
            network.channel(f"{name}_{age}_words", ui(WORD_BITS)) for age in ("old", "new")
        )
        credit = network.channel(f"{name}_credit", ui(1))
        loops: library.Loops = (("token", tokens), ("layer", layers))

        def read(task: TaskBuilder) -> None:
            with task.nest(loops, pipeline=False) as (token, layer):
                with task.when(token > 0):
                    task.read(credit.handle)
                task.burst_read(bank, layer * words, words, old_words.handle)

        def write(task: TaskBuilder) -> None:
            with task.nest(loops, pipeline=False) as (token, layer):
                task.burst_write(new_words.handle, bank, layer * words, words)
                with task.when(token < task.index_of(tokens) - 1):
                    task.write(credit.handle, 1)

        network.task(LOAD, f"read_{name}", [credit], [old_words], read)
        network.add(
            LOAD,
            [old_words],
            [old],
            _converter(library.unpack, f"unpack_{name}", old_words, old, count, loops),
        )
        network.add(
            STORE,
            [new],
            [new_words],
            _converter(library.pack, f"pack_{name}", new, new_words, count, loops),
        )
        network.task(STORE, f"write_{name}", [new_words], [credit], write)
        return old, new


def _converter(
    convert: Callable[..., None],
    name: str,
    source: Channel,
    sink: Channel,
    count: int,
    loops: library.Loops,
) -> Callable[[KernelBuilder], None]:
    def build(kernel: KernelBuilder) -> None:
        convert(kernel, name, source.handle, sink.handle, count, loops)

    return build


def _stream_image(
    network: Network,
    name: str,
    segments: list[Segment],
    loops: library.Loops,
    copies: int,
    memory: str,
) -> None:
    """A bank, a task that bursts through it in each round, and one that deals it out."""
    round_words = sum(segment.words for segment in segments) * copies
    layout = [segment.layout for segment in segments]
    bank = network.bank(name, round_words, memory=memory, layout=layout)
    words = network.channel(f"{name}_words", ui(WORD_BITS))

    def read(task: TaskBuilder) -> None:
        with library.outer(task, loops[:1]):
            task.burst_read(bank, 0, round_words, words.handle)

    def deal(task: TaskBuilder) -> None:
        with library.outer(task, loops):
            for segment in segments:
                for index, element in library.unpacked(
                    task, words.handle, segment.bits, segment.count
                ):
                    with task.when(index < segment.count):
                        task.write(segment.channel.handle, element)

    network.task(LOAD, f"read_{name}", [], [words], read)
    network.task(LOAD, f"deal_{name}", [words], [segment.channel for segment in segments], deal)
