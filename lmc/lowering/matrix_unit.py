"""One matrix unit for all matrix-vector products of a design, phase after phase.

Weights lie in each port's image in the order in which they are used, over phases and layers, so
that each reader is one burst for a token.
"""

from collections.abc import Sequence
from dataclasses import replace

from lmc.allocation import Allocation
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, MatrixUnitOp, MatrixVectorOp, StreamOp
from lmc.ir.editing import symbol
from lmc.lowering.lane import add_lane
from lmc.lowering.launch import scalars_of
from lmc.lowering.phases import KERNEL, Phase, PhaseOrder
from lmc.lowering.routing import deal_lane, gather, pass_rows, read_lane, scatter
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape


def unit_op(shape: MatrixUnitShape) -> MatrixUnitOp:
    """The op that stands for a unit of this shape."""
    return MatrixUnitOp(
        shape.sets,
        rows=shape.rows,
        inputs=shape.inputs,
        block=shape.block,
        packed=shape.packed,
        activation_bits=shape.activation_bits,
        activation_mantissa_bits=shape.activation_mantissa_bits,
        exponent_bits=shape.exponent_bits,
        scale_mantissa_bits=shape.scale_mantissa_bits,
        scale_exponent_bits=shape.scale_exponent_bits,
    )


def unit_shape(op: MatrixUnitOp) -> MatrixUnitShape:
    """The shape of the unit that an op stands for."""
    return MatrixUnitShape(
        sets=tuple(op.sets.get_values()),
        rows=op.rows.value.data,
        inputs=op.inputs.value.data,
        block=op.block.value.data,
        packed=op.packed.value.data,
        activation_bits=op.activation_bits.value.data,
        activation_mantissa_bits=op.activation_mantissa_bits.value.data,
        exponent_bits=op.exponent_bits.value.data,
        scale_mantissa_bits=op.scale_mantissa_bits.value.data,
        scale_exponent_bits=op.scale_exponent_bits.value.data,
    )


def share_matrix_unit(design: DesignOp, allocation: Allocation) -> None:
    """Replaces all matrix-vector products of a flat design by the tasks of its one unit.

    Lanes are fed by the allocation's ports. The products of a layer are in the order of the text,
    layer after layer, then those after the layers.

    Raises:
        LmcError: lanes and ports are not equally many, or products differ in layers or lanes.
    """
    units = [op for op in design.body.block.ops if isinstance(op, MatrixUnitOp)]
    products = [op for op in design.body.block.ops if isinstance(op, MatrixVectorOp)]
    if not units:
        return
    shape = unit_shape(units[0])
    if shape.sets != tuple(port.sets for port in allocation.lanes):
        raise LmcError(
            f"the matrix unit has lanes with {list(shape.sets)} sets of rows, and the allocation "
            f"ports for {[port.sets for port in allocation.lanes]}"
        )
    units[0].detach()
    units[0].erase()
    if not products:
        return
    layers = _common("layers", [op.layers.value.data for op in products if op.layers is not None])
    lanes = _common("lanes", [op.lanes.value.data for op in products])
    builder = FlatBuilder(design, KERNEL)
    origins = tuple(op.origin for op in products if op.origin is not None)
    phases = [_replace(builder, op, shape.inputs) for op in products]
    layered = [phase for phase in phases if phase.in_layers]
    final = [phase for phase in phases if not phase.in_layers]
    order = PhaseOrder(layered, final, layers, scalars_of(design))
    _build(builder, replace(builder, origins=origins), shape, order, lanes, allocation)


def _common(name: str, values: Sequence[int]) -> int:
    """The one value that all have; 0 for none."""
    if len(set(values)) > 1:
        listed = ", ".join(map(str, sorted(set(values))))
        raise LmcError(f"products on one matrix unit have equal {name}, not {listed}")
    return values[0] if values else 0


def _replace(builder: FlatBuilder, op: MatrixVectorOp, inputs: int) -> Phase:
    """Puts a stream at the place of a product; what the unit has to do for it."""
    assert isinstance(op.tiles.owner, StreamOp)
    tiling = MatrixTiling(
        op.rows.value.data,
        op.columns.value.data,
        op.weight_group.value.data,
        op.block.value.data,
        inputs,
    )
    return Phase(
        weight=symbol(op.weight),
        tiling=tiling,
        tiles=Handle(op.tiles.owner.sym_name.data, op.tiles),
        shift=op.shift.value.data,
        left=op.left.value.data,
        sum_bits=op.sum_bits.value.data,
        planes=tuple(op.planes.get_values()),
        result_bits=op.result_bits,
        in_layers=op.layers is not None,
        result=builder.replace_by_stream(op),
    )


def _build(
    unit: FlatBuilder,
    products: FlatBuilder,
    shape: MatrixUnitShape,
    order: PhaseOrder,
    lanes: int,
    allocation: Allocation,
) -> None:
    """The unit's tasks: tiles to all lanes, each with its weights, and rows back to vectors.

    `products` is the builder of those that see activations: they say which products they are for.
    """
    tiles = gather(products, shape, order)
    rows: list[Handle] = []
    for number, port in enumerate(allocation.lanes):
        words = read_lane(unit, shape, order, number, port, allocation.prefetch)
        weights, scales = deal_lane(unit, shape, order, number, words)
        ends = tiles[number : number + 2]
        rows.append(add_lane(products, shape, order, number, ends, weights, scales))
    chain = rows.pop()
    for number, own in reversed(list(enumerate(rows))):
        chain = pass_rows(unit, shape, order, number, own, chain)
    scatter(products, shape, order, chain, lanes)
