"""Where an op is lowered: what a pattern sees of the model and the design, and adds to it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from math import gcd, prod

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Attribute, BlockArgument, Operation, SSAValue

from lmc.allocation import Allocation, Place
from lmc.dataflow import library
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle, hint
from lmc.dataflow.task import TaskBuilder
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import (
    CarriedAttr,
    FunctionTableOp,
    StateOp,
    StreamType,
    WeightVectorOp,
    integers,
    table_bits,
    table_entries,
    ui,
)
from lmc.dialects.dataflow.names import legal_name
from lmc.ir.editing import symbol
from lmc.ir.groups import origin
from lmc.lowering.images import Memory, memory_of
from lmc.lowering.launch import Scalars
from lmc.lowering.origin import origins_of
from lmc.lowering.step import DecodeStep
from lmc.lowering.vectors import Vector, name_of, vector_size
from lmc.memory_layout.tiling import MatrixUnitShape
from lmc.memory_layout.words import WORD_BITS


@dataclass(frozen=True)
class Site:
    """An op's place in the decode step, and the flat design that its tasks are added to.

    `lanes` are the elements in a word of a vector; `loops` go around the op's work: tokens, and
    layers inside of `ssm.layers`, which is `layers` then.
    """

    step: DecodeStep
    builder: FlatBuilder
    allocation: Allocation
    shape: MatrixUnitShape
    lanes: int
    scalars: Scalars
    chosen_tokens: Handle
    loops: tuple[tuple[str, Handle | int], ...]
    layers: ssm.LayersOp | None = None

    def at(self, op: Operation) -> "Site":
        """The site of another op in the same loops."""
        origins = origins_of(op, self.step.weights)
        builder = self.builder.of_kernel(self.step.kernels[op], op.location, origins)
        return replace(self, builder=builder)

    @property
    def side_memory(self) -> Memory:
        """Where memory images are that have no port of their own."""
        return memory_of(self.allocation.side_port)

    @property
    def side(self) -> FlatBuilder:
        """The design, for tasks that come from no op, in the same kernel."""
        return self.builder.of_kernel(self.builder.kernel)

    # Tasks and vectors

    def task(self, name: str) -> AbstractContextManager[TaskBuilder]:
        """A task of the op, in the op's kernel."""
        return self.builder.task(name)

    def result(self, value: SSAValue, lanes: int | None = None) -> Vector:
        """The stream that the op's task must write for one of its results."""
        length, bits = vector_size(value)
        return self.vector(name_of(value), length, bits, lanes, element=ssm.format_of(value.type))

    def vector(
        self,
        name: str,
        length: int,
        bits: int,
        lanes: int | None = None,
        after: Handle | None = None,
        element: Attribute | None = None,
    ) -> Vector:
        """A stream of vectors that stands for no value of the IR, or for part of one.

        It is declared after another one if that is given. `element` is the format of its elements,
        where they have one.
        """
        lanes = self.lanes if lanes is None else lanes
        builder = self.builder if after is None else self.builder.after(after)
        carries = None if element is None else self.carried(element, lanes, length // lanes)
        stream = builder.stream(name, ui(bits * lanes), carries=carries)
        return Vector(stream, length, bits, lanes, element)

    def carried(self, element: Attribute, lanes: int, words: int) -> CarriedAttr:
        """What a stream carries for the op: so many words, each time that its loops go around."""
        return CarriedAttr.of(element, lanes, words, self.loops[-1][0])

    def resize(self, vector: Vector, lanes: int) -> Vector:
        """The same elements, `lanes` to a word (one of the two counts divides the other)."""
        if vector.lanes == lanes:
            return vector
        name = vector.stream.name
        result = self.vector(
            f"{name}_x{lanes}", vector.length, vector.bits, lanes, element=vector.element
        )
        if vector.lanes > lanes:
            convert, verb, count = library.unpack, "narrow", result.words
        else:
            convert, verb, count = library.pack, "widen", vector.words
        convert(self.side, f"{verb}_{name}", vector.stream, result.stream, count, self.loops)
        return result

    # Weight vectors and tables

    def parameter(self, reference: SymbolRefAttr, lanes: int) -> Handle:
        """A stream of a weight vector's integers, `lanes` consecutive elements (rows) to a word."""
        weight, bits = self._weight(reference), self.weight_format(reference).bits.data
        name = weight.sym_name.data
        if lanes * bits > WORD_BITS:
            raise LmcError(f"weight @{name}: {lanes} x {bits} bits exceed a memory word")
        numbers = {"count": prod(weight.type.get_shape()) // lanes, "lanes": lanes}
        carries = self.carried(self.weight_format(reference), lanes, numbers["count"])
        if self.layers is not None:
            numbers["layers"] = self.step.layer_count
        op = WeightVectorOp.create(
            properties=integers(**numbers)
            | {"sym_name": StringAttr(legal_name(f"{name}_parameters")), "weight": reference}
            | {"carries": carries},
            result_types=[StreamType(ui(lanes * bits))],
        )
        return self.builder.declare(op.sym_name.data, op)

    def weight_format(self, reference: SymbolRefAttr) -> ssm.FixedType:
        """The fixed-point format of a weight vector.

        Raises:
            LmcError: it has another format.
        """
        weight = self._weight(reference)
        found = ssm.format_of(weight.type)
        if not isinstance(found, ssm.FixedType):
            raise LmcError(
                f"weight @{weight.sym_name.data} is {found}, not fixed point: quantize it first"
            )
        return found

    def _weight(self, reference: SymbolRefAttr) -> ssm.WeightOp:
        return self.step.weights[symbol(reference)]

    def table(self, reference: SymbolRefAttr) -> tuple[ssm.TableOp, Handle]:
        """A table and the stream that fills a task's copy of it at launch."""
        table = self.step.tables[symbol(reference)]
        name = legal_name(f"{table.sym_name.data}_table")
        op = FunctionTableOp.create(
            properties=integers(entries=table_entries(table))
            | {"sym_name": StringAttr(name), "table": reference},
            result_types=[StreamType(ui(table_bits(table)))],
        )
        return table, self.builder.declare(name, op)

    # States

    def state(
        self,
        old: SSAValue,
        new: SSAValue,
        fields: Sequence[tuple[str, int]],
        count: int,
        places: Sequence[Place],
    ) -> list[tuple[Handle, Handle]]:
        """Streams of a layer's old and new state: `count` elements, each of fields (name, bits).

        A field's bank is at its place; where there are none, the state is on the chip.

        Raises:
            LmcError: the new state is not what the layers yield in the old state's place.
        """
        name = self._state_name(old, new)
        where = places or [self.allocation.side_port] * len(fields)
        taken = [self.builder.stream(f"{name}{suffix}_new", ui(bits)) for suffix, bits in fields]
        op = StateOp.create(
            operands=[handle.ssa for handle in taken],
            properties=integers(count=count, layers=self.step.layer_count)
            | {
                "sym_name": StringAttr(name),
                "fields": ArrayAttr([StringAttr(suffix) for suffix, _ in fields]),
                "memories": ArrayAttr([StringAttr(place.memory) for place in where]),
                "channels": DenseArrayBase.from_list(i64, [place.channel for place in where]),
            }
            | ({} if places else {"chip": StringAttr(self.allocation.chip_memory)}),
            result_types=[StreamType(ui(bits)) for _, bits in fields],
        )
        self.builder.add(op)
        given: list[Handle] = []
        for (suffix, _), result in zip(fields, op.results, strict=True):
            given.append(Handle(f"{name}{suffix}_old", result))
            result.name_hint = hint(given[-1].name)
        return list(zip(given, taken, strict=True))

    def _state_name(self, old: SSAValue, new: SSAValue) -> str:
        """The name of the state that enters as `old` and leaves as `new`."""
        layers, old, new = self.layers, origin(old), origin(new)
        if layers is None or not isinstance(old, BlockArgument) or old.block is not layers.block:
            raise LmcError(f"state %{old.name_hint} is not an argument of the layers")
        last = layers.block.last_op
        if last is None or origin(last.operands[old.index]) is not new:
            raise LmcError(
                f"state %{new.name_hint} is not what the layers yield for %{old.name_hint}"
            )
        return name_of(old, f"state_{old.index}")

    @property
    def state_lanes(self) -> int:
        """Elements of a row of the SSM state that its update works on at once.

        Raises:
            LmcError: the layers have no state in block floating point.
        """
        for argument in self.layers.block.args if self.layers is not None else ():
            found = ssm.format_of(argument.type)
            if isinstance(found, ssm.BlockType):
                return self.state_blocks(ssm.shape_of(argument.type), found) * found.group.data
        raise LmcError("the layers have no SSM state in block floating point: run quantize first")

    def state_blocks(self, shape: Sequence[int], state: ssm.BlockType) -> int:
        """Blocks of a row of an SSM state [..., N] that are updated in a cycle."""
        return gcd(shape[-1] // state.group.data, self.allocation.state_blocks)
