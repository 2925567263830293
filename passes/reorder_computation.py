"""`reorder-computation`: rows of linear layers in the order in which the SSM wants their results.

Mamba-2's in_proj gives B, C and dt first, then head by head x and z, so that the state update
begins while the matrix unit still works on it (LightMamba, arXiv 2502.15260). Rows change places;
so do the channels of what lies between them and the pieces. No result changes.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    i64,
)

from lmc.analysis.mixed_channels import (
    MixedChannels,
    MixedError,
    Segment,
    State,
    mixed_channels,
)
from lmc.analysis.wanted_order import wanted_order
from lmc.dialects.ssm import LinearOp, RecipeStepAttr, RunOrderAttr, WeightOp
from lmc.interpreter.state_order import STATE_ORDER
from lmc.ir.editing import ops_of, symbol
from lmc.ir.levels import COMPUTATION_ORDER
from lmc.ir.pass_base import Effect, LmcPass
from lmc.numerics.run_order import Run, RunOrder
from lmc.weights.recipes import PERMUTE_ROWS


@dataclass(frozen=True)
class ReorderComputation(LmcPass):
    """Put the rows of linear layers before a state update into the order in which it needs them.

    First what is needed whole: operands of other linear layers, B, C, dt; then head by head x and
    what meets the update's result. A layer is left as it is where its channels cannot change
    places. The module attribute `lmc.computation_order` says which order each has, or why not. A
    second run changes nothing.
    """

    name = "reorder-computation"
    effect: ClassVar[Effect] = Effect.BITS

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module."""
        known = op.attributes.get(COMPUTATION_ORDER)
        report = dict(known.data) if isinstance(known, DictionaryAttr) else {}
        for linear in ops_of(op, LinearOp):
            outcome = _reorder(op, linear)
            if outcome is not None:
                report[symbol(linear.weight)] = StringAttr(outcome)
        op.attributes[COMPUTATION_ORDER] = DictionaryAttr(report)


def _reorder(module: ModuleOp, linear: LinearOp) -> str | None:
    """Reorder a layer if it can be; what came of it.

    None if no state update wants an order, or the layer has one already.
    """
    try:
        mixed = mixed_channels(module, linear)
    except MixedError as error:
        return f"as it was: {error}"
    order = None if mixed is None else wanted_order(mixed)
    if mixed is None or order is None or mixed.is_ordered:
        return None
    if order.is_consecutive:
        return f"as it was: {_names(order, mixed)}"
    _permute(mixed.weight, order)
    for segment in mixed.segments:
        _apply(segment, order)
    return _names(order, mixed)


def _apply(segment: Segment, order: RunOrder) -> None:
    """Permute what works on a segment's channels, and let its split undo it."""
    numbers = {piece: number for number, piece in enumerate(segment.pieces)}
    own = order.only(segment.pieces).renamed(numbers)
    if own.is_consecutive:
        return
    for weight in segment.weights:
        _permute(weight, own)
    for state in segment.states:
        _mark(state, own)
    holders = {piece: n for n, part in enumerate(segment.parts) for piece in part}
    split_order = order.only(segment.pieces).renamed(holders)
    if not split_order.is_consecutive:
        segment.split.order = RunOrderAttr.of(split_order)


def _permute(weight: WeightOp, order: RunOrder) -> None:
    weight.with_steps(RecipeStepAttr.of(PERMUTE_ROWS, order=RunOrderAttr.of(order)))


def _mark(state: State, order: RunOrder) -> None:
    """Write down in the function's argument how its channels lie."""
    function = state.function
    known = function.arg_attrs
    attributes = [DictionaryAttr({})] * len(function.args) if known is None else [*known]
    entry = DictionaryAttr({"axis": IntegerAttr(state.axis, i64), "order": RunOrderAttr.of(order)})
    own = {**attributes[state.argument].data, STATE_ORDER: entry}
    attributes[state.argument] = DictionaryAttr(own)
    function.arg_attrs = ArrayAttr(attributes)


def _names(order: RunOrder, mixed: MixedChannels) -> str:
    """An order by the names of the pieces: "b, c, dt, 8 x (x, z)"."""

    def listed(runs: tuple[Run, ...]) -> str:
        return ", ".join(mixed.pieces[run.piece].name_hint or str(run.piece) for run in runs)

    texts = [listed(order.prologue)] if order.prologue else []
    texts += [f"{order.repeat} x ({listed(order.repeated)})"] if order.repeated else []
    return ", ".join(texts)
