"""The lowering of a whole decode step to a flat design: each op by its pattern, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from xdsl.dialects import func
from xdsl.dialects.builtin import IntegerAttr, i64
from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import IsTerminator

from lmc.allocation import Allocation
from lmc.analysis.lowering_order import lowering_order
from lmc.analysis.streaming import require_streaming
from lmc.dataflow.flat import FlatBuilder
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import DesignOp, ui
from lmc.ir.rewriting import at_work
from lmc.lowering import (
    activations,
    decoding,
    elementwise,
    linear,
    norms,
    rotation,
    state_update,
    tables,
)
from lmc.lowering.checkpoints import CHOSEN, FED_BACK
from lmc.lowering.launch import declare_scalars
from lmc.lowering.matrix_unit import unit_op
from lmc.lowering.patterns import lower
from lmc.lowering.site import Site
from lmc.lowering.step import DecodeStep, decode_step
from lmc.lowering.uses import streams_of_uses
from lmc.lowering.vectors import Operands, Stream

_OWN_PATTERNS = (
    decoding,
    elementwise,
    linear,
    norms,
    activations,
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
    """The flat design that runs the decode step `function` for token after token.

    Raises:
        LmcError: an op, a format or a shape can't be lowered; the message names it.
    """
    step = decode_step(function, module_ops)
    require_streaming(function)
    design = DesignOp(function.sym_name.data)
    design.clock_mhz = IntegerAttr(allocation.clock_mhz, i64)
    _Lowering().lower_block(function.body.block, _first_site(step, design, allocation))
    return design


def _first_site(step: DecodeStep, design: DesignOp, allocation: Allocation) -> Site:
    """The site before any op: the design has its scalars and its matrix unit."""
    sets = tuple(lane.sets for lane in allocation.lanes)
    shape = linear.matrix_unit_shape(
        step.linears, step.weights, allocation.port_bits, sets, in_dsps=allocation.in_dsps
    )
    tilings = [linear.matrix_tiling(op, step.weights, shape.inputs) for op in step.linears]
    builder = FlatBuilder(design)
    scalars = declare_scalars(builder)
    design.body.block.add_op(unit_op(shape))
    return Site(
        step,
        builder,
        allocation,
        shape,
        step.vector_lanes(shape, tilings, allocation.vector_lanes),
        scalars,
        builder.stream(CHOSEN, ui(32)),
        (("token", scalars.tokens),),
    )


@dataclass
class _Lowering:
    """The streams that the operands of ops to come read, by op and index."""

    streams: dict[tuple[Operation, int], Stream] = field(
        default_factory=dict[tuple[Operation, int], Stream]
    )

    def lower_block(self, block: Block, site: Site) -> None:
        """Adds the tasks of all ops of a block and of its groups."""
        for op in lowering_order(block):
            here = site.at(op)
            if isinstance(op, ssm.LayersOp):
                site = self._lower_layers(op, here)
            elif isinstance(op, func.ReturnOp):
                logits = self._operands(op).vector(0)
                with at_work(decoding.lower_logits):
                    decoding.lower_logits(here, logits, op.operands[0])
            elif not op.has_trait(IsTerminator):
                streams = lower(op, self._operands(op), here)
                for result, stream in zip(op.results, streams, strict=True):
                    if stream is not None:
                        self._pass_on(here, result, stream)

    def _lower_layers(self, op: ssm.LayersOp, site: Site) -> Site:
        """The body once, with a loop over layers inside of each task; the site after the layers.

        The residual stream enters from the embedding, then from the layer before.
        """
        if op.carried.value.data != 1:
            raise LmcError(
                f"the layers carry {op.carried.value.data} values; one residual stream can be "
                "lowered"
            )
        first = self._operands(op).vector(0)
        inside = replace(site, loops=(*site.loops, ("layer", site.step.layer_count)), layers=op)
        fed_back = inside.vector(FED_BACK, first.length, first.bits, element=first.element)
        with at_work(decoding.enter_layers):
            entering = decoding.enter_layers(inside, op, first, fed_back)
        self._pass_on(inside, op.block.args[0], entering)
        self.lower_block(op.block, inside)
        last = op.block.last_op
        assert last is not None
        leaving = self._operands(last).vector(0)
        end = replace(inside, builder=site.builder.of_kernel(site.step.kernels[last], op.location))
        with at_work(decoding.leave_layers):
            final = decoding.leave_layers(end, op, leaving, fed_back)
        after = replace(end, loops=(("token", site.scalars.logits),), layers=None)
        self._pass_on(after, op.outputs[0], final)
        return after

    def _operands(self, op: Operation) -> Operands:
        found = [self.streams.get((op, index)) for index in range(len(op.operands))]
        return Operands(op, found)

    def _pass_on(self, site: Site, value: SSAValue, stream: Stream) -> None:
        """Lets the uses of a value read its stream."""
        with at_work(streams_of_uses):
            streams = streams_of_uses(site, value, stream)
        for use, own in streams:
            self.streams[use.operation, use.index] = own
