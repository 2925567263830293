"""The lowering of a whole decode step."""

from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.ir import Operation

from lmc.allocation import Allocation
from lmc.analysis.lowering_order import lowering_order
from lmc.analysis.streaming import require_streaming
from lmc.dialects.dataflow import DesignOp
from lmc.lowering import (
    decoding,
    elementwise,
    engine,
    norms,
    operands,
    rotation,
    state_update,
    tables,
)
from lmc.lowering.context import Lowering
from lmc.lowering.network import Network
from lmc.lowering.patterns import lower
from lmc.lowering.phases import Engine
from lmc.lowering.step import decode_step

PATTERN_MODULES = (
    decoding,
    elementwise,
    engine,
    norms,
    operands,
    rotation,
    state_update,
    tables,
)
"""The modules whose patterns are registered when this one is imported."""


def lower_function(
    function: func.FuncOp,
    module_ops: Sequence[Operation],
    allocation: Allocation,
) -> DesignOp:
    """The design that runs the decode step `function` for token after token.

    Raises:
        LmcError: an op, a format or a shape can't be lowered; the message names it.
    """
    step = decode_step(function, module_ops)
    sets = tuple(lane.sets for lane in allocation.lanes)
    shape = engine.engine_shape(
        step.linears, step.weights, allocation.port_bits, sets, in_dsps=allocation.in_dsps
    )
    network = Network(function.sym_name.data)
    tilings = [engine.matrix_tiling(op, step.weights, shape.inputs) for op in step.linears]
    lanes = step.vector_lanes(shape, tilings, allocation.vector_lanes)
    count = step.layer_count
    low = Lowering(network, module_ops, Engine(shape), lanes, allocation, count)
    require_streaming(function)
    for op in lowering_order(function.body.block):
        if isinstance(op, func.ReturnOp):
            decoding.lower_logits(low, op, op.operands[0])
        else:
            lower(low, op)
    engine.finish(low)
    place = allocation.side_port
    low.parameters.finish(network, low.scalars.tokens, low.scalars.logits, count, place)
    low.tables.finish(network, place)
    return network.build()
