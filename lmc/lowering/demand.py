"""What a module asks of a design, before it is lowered."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import func
from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Operation, SSAValue

from lmc.allocation.choices import VECTOR_LANES
from lmc.allocation.demand import Demand, MatrixDemand, Packed, Parameter, SideDemand, StateDemand
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import table_bits, table_entries
from lmc.lowering.engine import engine_shape, matrix_tiling
from lmc.lowering.step import DecodeStep, decode_step
from lmc.lowering.vectors import fixed
from lmc.memory_layout.tiling import planes_of
from lmc.memory_layout.words import WORD_BITS
from lmc.weights.store import layer_widths


def model_demand(
    function: func.FuncOp,
    module_ops: Sequence[Operation],
    port_bits: int,
    vector_lanes: int = VECTOR_LANES,
) -> Demand:
    """The demand of a decode step on ports of `port_bits` bits, with vectors of at most
    `vector_lanes` elements to a word of a stream.

    Raises:
        LmcError: the model is not quantized, not rolled, or has formats that can't be lowered, or
            elements with so many lanes are wider than a word of memory.
    """
    step = decode_step(function, module_ops)
    shape = engine_shape(step.linears, step.weights, port_bits)
    tilings = [matrix_tiling(op, step.weights, shape.inputs) for op in step.linears]
    matrices = [
        MatrixDemand(
            name := op.weight.root_reference.data,
            tiling,
            tuple(map(planes_of, layer_widths(step.weights[name]))),
        )
        for op, tiling in zip(step.linears, tilings, strict=True)
    ]
    vectors = _Vectors(step, step.vector_lanes(shape, tilings, vector_lanes))
    return Demand(
        matrices,
        shape,
        step.layer_count,
        _state(step.layers),
        tuple(vectors.conv_states()),
        vectors.side(function, module_ops),
    )


def _state(layers: ssm.LayersOp) -> StateDemand:
    for argument in layers.block.args:
        found = ssm.format_of(argument.type)
        if isinstance(found, ssm.BlockType):
            dims, group = ssm.shape_of(argument.type), found.group.data
            rows = dims[0] * (dims[1] if len(dims) == 3 else 1)
            bits = group * found.bits.data
            return StateDemand(rows, dims[-1] // group, bits, ssm.EXPONENT_BITS)
    raise LmcError("the layers have no SSM state in block floating point: run quantize first")


@dataclass(frozen=True)
class _Vectors:
    """Images of a step whose vectors have `lanes` elements to a word, as the patterns make them."""

    step: DecodeStep
    lanes: int

    def side(self, function: func.FuncOp, module_ops: Sequence[Operation]) -> SideDemand:
        """All images at the side port."""
        layered, final = self._parameters()
        embeddings = [op for op in self.step.ops if isinstance(op, ssm.EmbeddingOp)]
        if len(embeddings) != 1:
            raise LmcError(f"a model to lower has one embedding, found {len(embeddings)}")
        rows, row = self._embedding(embeddings[0])
        last = function.body.block.last_op
        assert last is not None
        return SideDemand(
            tuple(layered),
            tuple(parameter.packed for parameter in final),
            tuple(_tables(self.step.ops, module_ops)),
            rows,
            row,
            self._logits(last.operands[0]),
        )

    def conv_states(self) -> list[Packed]:
        """The window of each convolution, but for its newest element."""
        found: list[Packed] = []
        for op in self.step.ops:
            if isinstance(op, ssm.CausalConv1dStepOp):
                channels, past = ssm.shape_of(op.state.type)
                bits = fixed(op.input).bits.data * past
                found.append(self._packed("the conv state", channels, self.lanes, bits))
        return found

    def _parameters(self) -> tuple[list[Parameter], list[Parameter]]:
        """Weight vectors of a layer, and those behind the layers."""
        layered: list[Parameter] = []
        final: list[Parameter] = []
        elements, blocks = self._other_lanes()
        for name, weight in self.step.weights.items():
            found = ssm.format_of(weight.type)
            if not isinstance(found, ssm.FixedType):
                continue
            parameters = final if weight.layers is None else layered
            count, bits = prod(weight.type.get_shape()), found.bits.data
            if name in blocks:
                packed = Packed(count // blocks[name], bits * blocks[name])
            else:
                lanes = elements.get(name, self.lanes)
                packed = self._packed(f"weight @{name}", count, lanes, bits)
            parameters.append(Parameter(packed, name in blocks))
        return layered, final

    def _other_lanes(self) -> tuple[dict[str, int], dict[str, int]]:
        """Elements that are taken at once of the weights which aren't taken like vectors; those of
        weights that go with the state's blocks, for each block."""
        elements: dict[str, int] = {}
        blocks: dict[str, int] = {}
        for op in self.step.ops:
            if isinstance(op, ssm.CausalConv1dStepOp):
                taps = ssm.shape_of(op.state.type)[1] + 1
                elements[op.weight.root_reference.data] = self.lanes * taps
            elif isinstance(op, ssm.SelectiveStateUpdateOp):
                elements[op.d.root_reference.data] = 1
            elif isinstance(op, ssm.DecayOp) and len(ssm.shape_of(op.result.type)) == 2:
                blocks[op.weight.root_reference.data] = _block_elements(self.step.layers)
        return elements, blocks

    def _embedding(self, op: ssm.EmbeddingOp) -> tuple[int, Packed]:
        """Rows of the embedding, and one of them: each element has its row's scale with it."""
        weight = self.step.weights[op.weight.root_reference.data]
        found = ssm.format_of(weight.type)
        if not isinstance(found, ssm.WeightType):
            raise LmcError(f"the embedding @{weight.sym_name.data} is {found}: run quantize first")
        rows, columns = weight.type.get_shape()
        scale = found.mantissa.data + found.exponent.data
        what = f"the embedding @{weight.sym_name.data}"
        return rows, self._packed(what, columns, self.lanes, found.bits.data, scale)

    def _logits(self, logits: SSAValue) -> Packed:
        (count,) = ssm.shape_of(logits.type)
        return self._packed("the logits", count, self.lanes, fixed(logits).bits.data)

    def _packed(self, what: str, count: int, lanes: int, bits: int, extra: int = 0) -> Packed:
        """`count` values of `bits` bits, `lanes` to an element, which has `extra` bits more."""
        width = lanes * bits + extra
        if width > WORD_BITS:
            raise LmcError(
                f"{what} would take words of {width} bits with vector_lanes={self.lanes}, and "
                f"those of memory have {WORD_BITS}: pin fewer vector_lanes"
            )
        return Packed(count // lanes, width)


def _block_elements(layers: ssm.LayersOp) -> int:
    """Elements of a block of the SSM state."""
    found = (ssm.format_of(argument.type) for argument in layers.block.args)
    return next(state.group.data for state in found if isinstance(state, ssm.BlockType))


def _tables(ops: Sequence[Operation], module_ops: Sequence[Operation]) -> list[Packed]:
    """A copy of a function's table for each op that looks values up."""
    tables = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.TableOp)}
    used = [
        tables[symbol.root_reference.data]
        for op in ops
        if isinstance(symbol := op.properties.get("table"), SymbolRefAttr)
    ]
    return [Packed(table_entries(table), table_bits(table)) for table in used]
