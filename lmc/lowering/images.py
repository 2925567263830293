"""Memory images and the tasks that read them: parameters and tables.

Each image lies in memory in exactly the order in which its reader wants it, so that readers burst
through it. The
`layout` of its bank says what the words hold; `lmc.backends.images` fills them from it.
"""

from dataclasses import dataclass, field

from lmc.allocation import Place
from lmc.dataflow import library
from lmc.dataflow.builder import Handle, TaskBuilder
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import (
    SegmentAttr,
    TableAttr,
    VectorAttr,
    table_bits,
    table_entries,
    ui,
)
from lmc.lowering.network import Channel, Network

WORD_BITS = 512
"""Width of a memory word: the widest that one port of the memories in question takes in a cycle."""
LOAD, STORE = "load", "store"
"""The kernels that hold the tasks which read and write memory beside the weights."""
LONGEST_PROMPT = 1 << 16
"""Token ids that the images of prompt and tokens hold."""


@dataclass(frozen=True)
class Segment:
    """`count` elements of `bits` bits for one consumer, packed into whole words."""

    channel: Channel
    count: int
    bits: int
    layout: SegmentAttr

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
        # All of a layer's: those that come later in the image are needed before the last of these.
        channel = network.channel(f"{name}_parameters", ui(lanes * bits), elements // lanes)
        layout = VectorAttr.of(name, lanes=lanes, bits=bits)
        segments = self.layered if in_layers else self.final
        segments.append(Segment(channel, elements // lanes, lanes * bits, layout))
        return channel

    def finish(
        self, network: Network, tokens: Handle, logits: Handle, layers: int, place: Place
    ) -> None:
        """Adds the image and the tasks that stream it, once all requests are known."""
        if self.layered:
            loops: library.Loops = (("token", tokens), ("layer", layers))
            _stream_image(network, "parameters", self.layered, loops, layers, place)
        if self.final:
            loops = (("token", logits),)
            _stream_image(network, "final_parameters", self.final, loops, 1, place)


@dataclass
class TableImage:
    """Function tables, one copy for each task that looks values up, streamed once at launch."""

    segments: list[Segment] = field(default_factory=list[Segment])

    def request(self, network: Network, table: ssm.TableOp) -> Channel:
        """A stream of the table's entries."""
        bits, name = table_bits(table), table.sym_name.data
        channel = network.channel(f"{name}_table", ui(bits))
        layout = TableAttr.of(name, bits=bits)
        self.segments.append(Segment(channel, table_entries(table), bits, layout))
        return channel

    def finish(self, network: Network, place: Place) -> None:
        """Adds the image and the tasks that stream it."""
        if self.segments:
            _stream_image(network, "tables", self.segments, (), 1, place)


def _stream_image(
    network: Network,
    name: str,
    segments: list[Segment],
    loops: library.Loops,
    copies: int,
    place: Place,
) -> None:
    """A bank, a task that bursts through it in each round, and one that deals it out."""
    round_words = sum(segment.words for segment in segments) * copies
    layout = [segment.layout for segment in segments]
    bank = network.bank(name, round_words, place=place, layout=layout)
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
