"""`keep-layers`: a model of the first layers alone, in the formats and with the board of them all.

Simulating RTL takes too long for many layers. What a kernel does in a layer is the same in each, so
a design of two shows it; only bounds of loops, lengths of bursts and places in memory are others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    DictionaryAttr,
    FunctionType,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, BlockArgument, SSAValue
from xdsl.rewriter import Rewriter

from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.ssm import LayersOp, RecipeStepAttr, WeightOp, format_of, shape_of
from lmc.dialects.ssm.step_kinds import integers_of
from lmc.ir.attributes import CONFIG
from lmc.ir.editing import ops_of, refuse, weights_of
from lmc.ir.pass_base import Effect, LmcPass

_BY_LAYER = ("hashes", "bits")
"""Options of recipe steps that have an entry for each layer."""


@dataclass(frozen=True)
class KeepLayers(LmcPass):
    """Cut a rolled model after its first layers.

    Recipes, states and layer classes keep their first entries. Formats, groups and an allocation
    stay as they are: those of the whole model.
    """

    name = "keep-layers"
    effect: ClassVar[Effect] = Effect.NUMBERS

    count: int = 2

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError for one whose layers are not rolled."""
        found = ops_of(op, LayersOp)
        if len(found) != 1:
            raise LmcError("keep-layers takes a module with one ssm.layers: run roll-layers first")
        (layers,) = found
        given = layers.count.value.data
        if not 1 <= self.count <= given:
            raise UsageError(
                f"keep-layers keeps {self.count} layers of a model that has {given}; "
                f"count is 1 to {given}"
            )
        if self.count == given:
            return
        for weight in weights_of(op).values():
            if weight.layers is not None:
                _cut_weight(weight, self.count)
        _cut_states(layers, self.count)
        _cut_layers(layers, self.count)
        config = op.attributes.get(CONFIG)
        if isinstance(config, DictionaryAttr):
            changed = {**config.data, "n_layers": IntegerAttr(self.count, i64)}
            op.attributes[CONFIG] = DictionaryAttr(changed)


def _cut_weight(weight: WeightOp, count: int) -> None:
    steps = [_cut_step(step, count) for step in weight.recipe]
    weight.properties["recipe"] = ArrayAttr([step for step in steps if step is not None])
    weight.properties["layers"] = IntegerAttr(count, i64)


def _cut_step(step: RecipeStepAttr, count: int) -> RecipeStepAttr | None:
    """The step for the first layers; None where it is done in later ones only."""
    options = dict(step.options.data)
    named = integers_of(options.get("layers"))
    if named is not None:
        kept = [layer for layer in named if layer < count]
        if not kept:
            return None
        options["layers"] = DenseArrayBase.from_list(i64, kept)
    for name in _BY_LAYER:
        entries = options.get(name)
        if isinstance(entries, ArrayAttr):
            options[name] = ArrayAttr(entries.data[:count])
        elif isinstance(entries, DenseArrayBase):
            options[name] = _first(entries, count)
    return RecipeStepAttr(step.kind, DictionaryAttr(options))


def _first(entries: DenseArrayBase, count: int) -> DenseArrayBase:
    return DenseArrayBase.from_list(i64, list(integers_of(entries) or ())[:count])


def _cut_states(layers: LayersOp, count: int) -> None:
    """Give stacked states, which come from the function and go back to it, their new types."""
    carried = layers.carried.value.data
    for state in layers.inputs[carried:]:
        if not isinstance(state, BlockArgument) or not isinstance(state.owner.parent_op(), FuncOp):
            raise refuse(layers, "keep-layers takes states that are arguments of the function")
        _cut_type(state, count)
    for state in layers.outputs[carried:]:
        _cut_type(state, count)
    function = layers.parent_op()
    assert isinstance(function, FuncOp)
    last = function.body.block.last_op
    assert isinstance(last, ReturnOp)
    function.function_type = FunctionType.from_lists(
        _types(function.body.block.args), _types(last.operands)
    )


def _types(values: Sequence[SSAValue]) -> list[Attribute]:
    return [value.type for value in values]


def _cut_type(state: SSAValue, count: int) -> None:
    cut = TensorType(format_of(state.type), [count, *shape_of(state.type)[1:]])
    Rewriter.replace_value_with_new_type(state, cut)


def _cut_layers(layers: LayersOp, count: int) -> None:
    layers.properties["count"] = IntegerAttr(count, i64)
    if layers.layer_to_class is not None:
        layers.properties["layer_to_class"] = _first(layers.layer_to_class, count)
