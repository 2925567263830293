"""What a module asks of a design, before it is lowered."""

from collections.abc import Sequence
from math import prod

from xdsl.dialects import func
from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Operation, SSAValue

from lmc.allocation.choices import VECTOR_LANES
from lmc.allocation.demand import Demand, MatrixDemand, Packed, Parameter, SideDemand, StateDemand
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import table_bits, table_entries
from lmc.ir.editing import symbol
from lmc.lowering import op_demands
from lmc.lowering.demand_rules import OpDemand, Words, op_demand
from lmc.lowering.linear import matrix_tiling, matrix_unit_shape
from lmc.lowering.step import DecodeStep, decode_step
from lmc.lowering.vectors import fixed
from lmc.memory_layout.tiling import planes_of
from lmc.weights.store import layer_widths

_OWN_RULES = op_demands
"""Registers what lmc's ops ask for when it is imported."""


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
    shape = matrix_unit_shape(step.linears, step.weights, port_bits)
    tilings = [matrix_tiling(op, step.weights, shape.inputs) for op in step.linears]
    matrices = [
        MatrixDemand(
            name := symbol(op.weight),
            tiling,
            tuple(map(planes_of, layer_widths(step.weights[name]))),
        )
        for op, tiling in zip(step.linears, tilings, strict=True)
    ]
    dims, state = _ssm_state(step.layers)
    lanes = step.vector_lanes(shape, tilings, vector_lanes)
    vectors = _Vectors(step, Words(lanes, state.group.data))
    return Demand(
        matrices,
        shape,
        step.layer_count,
        _state(dims, state),
        vectors.conv_states(),
        vectors.side(function, module_ops),
    )


def _ssm_state(layers: ssm.LayersOp) -> tuple[tuple[int, ...], ssm.BlockType]:
    """Dimensions and format of the SSM state of a layer."""
    for argument in layers.block.args:
        found = ssm.format_of(argument.type)
        if isinstance(found, ssm.BlockType):
            return ssm.shape_of(argument.type), found
    raise LmcError("the layers have no SSM state in block floating point: run quantize first")


def _state(dims: tuple[int, ...], found: ssm.BlockType) -> StateDemand:
    group = found.group.data
    rows = dims[0] * (dims[1] if len(dims) == 3 else 1)
    return StateDemand(rows, dims[-1] // group, group * found.bits.data, ssm.EXPONENT_BITS)


class _Vectors:
    """Images of a step, in words as the patterns make them."""

    def __init__(self, step: DecodeStep, words: Words):
        self._step = step
        self._words = words
        self._demands: list[OpDemand] = [op_demand(op, words) for op in step.ops]

    def side(self, function: func.FuncOp, module_ops: Sequence[Operation]) -> SideDemand:
        """All images at the side port."""
        layered, final = self._parameters()
        rows, row = self._embedding()
        last = function.body.block.last_op
        assert last is not None
        return SideDemand(
            tuple(layered),
            tuple(parameter.packed for parameter in final),
            tuple(_tables(self._step.ops, module_ops)),
            rows,
            row,
            self._logits(last.operands[0]),
        )

    def conv_states(self) -> tuple[Packed, ...]:
        """What ops keep of past vectors."""
        return tuple(state for demand in self._demands for state in demand.conv_states)

    def _parameters(self) -> tuple[list[Parameter], list[Parameter]]:
        """Weight vectors of a layer, and those after the layers."""
        layered: list[Parameter] = []
        final: list[Parameter] = []
        elements = {name: n for demand in self._demands for name, n in demand.elements.items()}
        blocks = {name: n for demand in self._demands for name, n in demand.blocks.items()}
        for name, weight in self._step.weights.items():
            found = ssm.format_of(weight.type)
            if not isinstance(found, ssm.FixedType):
                continue
            parameters = final if weight.layers is None else layered
            count, bits = prod(weight.type.get_shape()), found.bits.data
            if name in blocks:
                packed = Packed(count // blocks[name], bits * blocks[name])
            else:
                lanes = elements.get(name, self._words.lanes)
                packed = self._words.packed(f"weight @{name}", count, lanes, bits)
            parameters.append(Parameter(packed, name in blocks))
        return layered, final

    def _embedding(self) -> tuple[int, Packed]:
        """Rows of the embedding, and one of them: each element has its row's scale with it."""
        readers = [op for op in self._step.ops if op.get_trait(ssm.ReadsRow) is not None]
        if len(readers) != 1:
            raise LmcError(f"a model to lower has one embedding, found {len(readers)}")
        reads_row = readers[0].get_trait(ssm.ReadsRow)
        assert reads_row is not None
        weight = self._step.weights[symbol(reads_row.reference(readers[0]))]
        found = ssm.format_of(weight.type)
        if not isinstance(found, ssm.WeightType):
            raise LmcError(f"the embedding @{weight.sym_name.data} is {found}: run quantize first")
        rows, columns = weight.type.get_shape()
        scale = found.mantissa.data + found.exponent.data
        what = f"the embedding @{weight.sym_name.data}"
        lanes, bits = self._words.lanes, found.bits.data
        return rows, self._words.packed(what, columns, lanes, bits, scale)

    def _logits(self, logits: SSAValue) -> Packed:
        (count,) = ssm.shape_of(logits.type)
        bits = fixed(logits).bits.data
        return self._words.packed("the logits", count, self._words.lanes, bits)


def _tables(ops: Sequence[Operation], module_ops: Sequence[Operation]) -> list[Packed]:
    """A copy of a function's table for each op that looks values up."""
    tables = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.TableOp)}
    used = [
        tables[symbol(reference)]
        for op in ops
        if isinstance(reference := op.properties.get("table"), SymbolRefAttr)
    ]
    return [Packed(table_entries(table), table_bits(table)) for table in used]
