"""What a lowering pattern works with: vectors of values, kernels, loops, and memory images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

from xdsl.dialects.builtin import LocationAttr, SymbolRefAttr, TensorType
from xdsl.ir import BlockArgument, Operation, SSAValue

from lmc.allocation import Allocation, Place
from lmc.analysis.groups import is_kept, uses_in_order
from lmc.dataflow import library
from lmc.dataflow.builder import Handle, TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import si, ui
from lmc.lowering.images import ParameterImage, TableImage
from lmc.lowering.network import Channel, Network
from lmc.lowering.phases import Engine
from lmc.lowering.states import StateField, StateRequest, hold_state, stream_state

_LARGE_BITS = 1 << 18
"""From here on a vector that is kept lies where states on the chip do, in UltraRAM if there is."""


@dataclass(frozen=True)
class Vector:
    """A tensor as a stream: `length` elements of `bits` bits, `lanes` to a word, first lowest."""

    channel: Channel
    length: int
    bits: int
    lanes: int

    @property
    def words(self) -> int:
        """Words of one tensor."""
        return self.length // self.lanes


@dataclass(frozen=True)
class Scope:
    """Where an op stands: in the layers or behind them, and the loops that go around its work."""

    loops: tuple[tuple[str, Handle | int], ...]
    op: ssm.LayersOp | None = None

    @property
    def layers(self) -> int | None:
        """The number of layers, inside of them."""
        return None if self.op is None else self.op.count.value.data

    def state_place(self, old: SSAValue, new: SSAValue) -> str:
        """The name of the state that enters as `old` and leaves as `new`."""
        if self.op is None or not isinstance(old, BlockArgument) or old.block is not self.op.block:
            raise LmcError(f"state %{old.name_hint} is not an argument of the layers")
        last = self.op.block.last_op
        if last is None or last.operands[old.index] is not new:
            raise LmcError(
                f"state %{new.name_hint} is not what the layers yield for %{old.name_hint}"
            )
        return old.name_hint or f"state_{old.index}"


@dataclass(frozen=True)
class Scalars:
    """The run-time scalars of a launch: steps, tokens given by the host, last steps with logits."""

    tokens: Handle
    prompt: Handle
    logits: Handle


class Lowering:
    """The state of one lowering; patterns add tasks through it."""

    def __init__(
        self,
        network: Network,
        module_ops: Sequence[Operation],
        engine: Engine,
        lanes: int,
        allocation: Allocation,
        layer_count: int,
    ):
        self.network = network
        self.engine = engine
        self.lanes = lanes
        self.allocation = allocation
        self.place = allocation.side_port
        self.layer_count = layer_count
        self.chosen_tokens = network.channel("chosen_tokens", ui(32))
        self.scalars = Scalars(
            network.design.scalar("n_tokens", (3, 4)),
            network.design.scalar("n_prompt", (2, 1)),
            network.design.scalar("n_logits", (2, 4)),
        )
        self.scope = Scope((("token", self.scalars.tokens),))
        self.kernel = "front"
        self.weights = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.WeightOp)}
        self.tables_ir = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.TableOp)}
        self.parameters = ParameterImage()
        self.tables = TableImage()
        self._values: dict[SSAValue, list[Vector]] = {}

    # Values

    def vector_type(self, value: SSAValue) -> tuple[int, int]:
        """(elements, bits of one) of a value that travels as a vector."""
        assert isinstance(value.type, TensorType)
        return _elements(value.type), format_bits(value)

    def define(self, value: SSAValue, lanes: int | None = None) -> Vector:
        """The stream that the op's task must write; copies for several uses are made here."""
        length, bits = self.vector_type(value)
        vector = self.vector(value.name_hint or "value", length, bits, lanes)
        self.bind(value, vector)
        return vector

    def vector(self, name: str, length: int, bits: int, lanes: int | None = None) -> Vector:
        """A stream of vectors that stands for no value of the IR, or for part of one."""
        lanes = self.lanes if lanes is None else lanes
        return Vector(self.network.channel(name, ui(bits * lanes)), length, bits, lanes)

    def bind(self, value: SSAValue, vector: Vector) -> None:
        """Makes the vector stand for the value.

        It is forked when it has several uses, and kept whole for those outside of its group.
        """
        kept = [is_kept(use) for use in uses_in_order(value)]
        if not any(kept):
            self._values[value] = self._copies(vector, len(kept))
            return
        # One buffer for all uses that wait for the whole value.
        first, *passing = self._copies(vector, 1 + kept.count(False))
        waiting = self._copies(self._kept(first), kept.count(True))
        self._values[value] = [(waiting if waits else passing).pop(0) for waits in kept]

    def _kept(self, vector: Vector) -> Vector:
        """The same vector, which begins to come out when all of it is in a buffer."""
        name = vector.channel.name
        result = self.vector(f"{name}_kept", vector.length, vector.bits, vector.lanes)
        source, sink, loops = vector.channel, result.channel, self.scope.loops
        is_large = vector.length * vector.bits >= _LARGE_BITS
        kind = self.allocation.chip_memory if is_large else "auto"

        def body(task: TaskBuilder) -> None:
            held = task.buffer("vector", source.element, (vector.words,), kind)
            with task.nest(loops, pipeline=False):
                with task.loop("take_in", vector.words, pipeline=True) as index:
                    held[index] = task.read(source.handle)
                with task.loop("give_out", vector.words, pipeline=True) as index:
                    task.write(sink.handle, held[index])

        self.network.task(self.kernel, f"keep_{name}", [source], [sink], body)
        return result

    def _copies(self, vector: Vector, count: int) -> list[Vector]:
        """The vector `count` times; a single one is itself."""
        if count == 1:
            return [vector]
        copies = [
            self.vector(f"{vector.channel.name}_copy", vector.length, vector.bits, vector.lanes)
            for _ in range(count)
        ]
        loops = (*self.scope.loops, ("word", vector.words))
        channels = [copy.channel for copy in copies]

        def build(kernel: library.KernelBuilder) -> None:
            sinks = [channel.handle for channel in channels]
            library.fork(kernel, f"fork_{vector.channel.name}", vector.channel.handle, sinks, loops)

        self.network.add(self.kernel, [vector.channel], channels, build)
        return copies

    def use(self, value: SSAValue) -> Vector:
        """The value's stream, for the next of its uses in the order of the text."""
        if not self._values.get(value):
            raise LmcError(f"value %{value.name_hint} has no stream: what makes it is not lowered")
        return self._values[value].pop(0)

    # Tasks

    def task(
        self,
        op: Operation,
        name: str,
        reads: Sequence[Channel],
        writes: Sequence[Channel],
        body: Callable[[TaskBuilder], None],
    ) -> None:
        """A task in the current kernel."""
        self.network.task(self.kernel, name, reads, writes, body, location_of(op))

    def resize(self, vector: Vector, lanes: int) -> Vector:
        """The same elements, `lanes` to a word (one of the two counts divides the other)."""
        if vector.lanes == lanes:
            return vector
        result = self.vector(f"{vector.channel.name}_x{lanes}", vector.length, vector.bits, lanes)
        source, sink, loops = vector.channel, result.channel, self.scope.loops
        narrow = vector.lanes > lanes
        count = result.words if narrow else vector.words
        name = f"{'narrow' if narrow else 'widen'}_{source.name}"
        convert = library.unpack if narrow else library.pack

        def build(kernel: library.KernelBuilder) -> None:
            convert(kernel, name, source.handle, sink.handle, count, loops)

        self.network.add(self.kernel, [source], [sink], build)
        return result

    @property
    def state_lanes(self) -> int:
        """Elements of a row of the SSM state that its update works on at once.

        Raises:
            LmcError: the layers have no state in block floating point.
        """
        if self.scope.op is not None:
            for argument in self.scope.op.block.args:
                found = ssm.format_of(argument.type)
                if isinstance(found, ssm.BlockType):
                    return self.state_blocks(ssm.shape_of(argument.type), found) * found.group.data
        raise LmcError("the layers have no SSM state in block floating point: run quantize first")

    def state_blocks(self, shape: Sequence[int], state: ssm.BlockType) -> int:
        """Blocks of a row of an SSM state [..., N] that are updated in a cycle."""
        return gcd(shape[-1] // state.group.data, self.allocation.state_blocks)

    # Memory images

    def parameter(self, symbol: SymbolRefAttr, lanes: int) -> Channel:
        """A stream of a weight vector's integers, `lanes` consecutive elements (rows) to a word."""
        weight = self.weights[symbol.root_reference.data]
        fmt = ssm.format_of(weight.type)
        if not isinstance(fmt, ssm.FixedType):
            raise LmcError(
                f"weight @{weight.sym_name.data} is {fmt}, not fixed point: quantize it first"
            )
        return self.parameters.request(
            self.network, weight, lanes, fmt.bits.data, in_layers=self.scope.layers is not None
        )

    def weight_format(self, symbol: SymbolRefAttr) -> ssm.FixedType:
        """The fixed-point format of a weight vector.

        Raises:
            LmcError: it has another format.
        """
        weight = self.weights[symbol.root_reference.data]
        found = ssm.format_of(weight.type)
        if not isinstance(found, ssm.FixedType):
            raise LmcError(
                f"weight @{weight.sym_name.data} is {found}, not fixed point: quantize it first"
            )
        return found

    def state(
        self,
        old: SSAValue,
        new: SSAValue,
        fields: Sequence[tuple[str, int]],
        count: int,
        places: Sequence[Place],
    ) -> list[tuple[Channel, Channel]]:
        """Streams of a layer's old and new state: `count` elements, each of fields (name, bits).

        A field's bank is at its place; where there are none, the state is on the chip.

        Raises:
            LmcError: the new state is not what the layers yield in the old state's place.
        """
        name = self.scope.state_place(old, new)
        assert self.scope.layers is not None
        where = places or [self.place] * len(fields)
        parts = [
            StateField(suffix, bits, place)
            for (suffix, bits), place in zip(fields, where, strict=True)
        ]
        request = StateRequest(name, parts, count, self.scope.layers, self.scalars.tokens)
        if places:
            return stream_state(self.network, request)
        return hold_state(self.network, self.allocation.chip_memory, request)

    def table(self, symbol: SymbolRefAttr) -> tuple[ssm.TableOp, Channel]:
        """A table and the stream that fills a task's copy of it at launch."""
        table = self.tables_ir[symbol.root_reference.data]
        return table, self.tables.request(self.network, table)


def _elements(tensor: TensorType) -> int:
    count = 1
    for size in tensor.get_shape():
        count *= size
    return count


def fixed(value: SSAValue) -> ssm.FixedType:
    """The fixed-point format of a value.

    Raises:
        LmcError: the value has another format.
    """
    found = ssm.format_of(value.type)
    if not isinstance(found, ssm.FixedType):
        raise LmcError(
            f"value %{value.name_hint} is {found}, but only integers can be lowered: "
            "run quantize first"
        )
    return found


def format_bits(value: SSAValue) -> int:
    """Bits of one element on a stream; a pseudo-float has its shift above the mantissa."""
    found = ssm.format_of(value.type)
    if isinstance(found, ssm.PseudoFloatType):
        return found.bits.data + PSEUDO_FLOAT_SHIFT_BITS
    return fixed(value).bits.data


PSEUDO_FLOAT_SHIFT_BITS = 8


def location_of(op: Operation) -> LocationAttr:
    """The source location of an op."""
    return op.location


def lane(word: Value, index: Value | int, bits: int, signed: bool = True) -> Value:
    """One element of a vector's word."""
    offset = index * bits
    return word.slice(offset, bits, signed)


def map_lanes(task: TaskBuilder, lanes: int, bits: int, element: Callable[[Value], Value]) -> Value:
    """A word of `lanes` elements of `bits` bits, element(lane) in each, unrolled."""

    def body(index: Value, word: Value) -> list[Value]:
        return [word.insert(element(index).widen(si(bits)), index * bits)]

    return task.fold("lane", lanes, [task.zero_word(lanes * bits)], body, unroll=True)[0]


__all__ = [
    "PSEUDO_FLOAT_SHIFT_BITS",
    "Lowering",
    "Scalars",
    "Scope",
    "Vector",
    "fixed",
    "format_bits",
    "lane",
    "location_of",
    "map_lanes",
]
