"""`roll-layers`: the layers, written one after the other, become one `ssm.layers` op.

A layer is what lies between two values of the residual stream. All layers must be the same ops on
other weights and states; their weights become one symbol whose recipe holds `{layer}`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr, SymbolRefAttr, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    AddOp,
    EmbeddingOp,
    LayersOp,
    RecipeStepAttr,
    WeightOp,
    YieldOp,
    format_of,
    shape_of,
)
from lmc.ir.editing import describe, ops_of, refuse, symbol, symbol_users, users, weights_of
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class RollLayers(LmcPass):
    """Write the repeated layer once, with a repeat count and weights indexed by layer.

    The function then takes and returns the states of all layers stacked along a new first
    dimension: `(id, conv_state, ssm_state) → (logits, conv_state, ssm_state)`. A module with
    `ssm.layers` stays as it is.
    """

    name = "roll-layers"
    effect: ClassVar[Effect] = Effect.FLOAT

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError naming the first op in which two layers differ."""
        if ops_of(op, LayersOp):
            return
        embeddings = ops_of(op, EmbeddingOp)
        function = embeddings[0].parent_op() if embeddings else None
        if len(embeddings) != 1 or not isinstance(function, FuncOp):
            raise LmcError("roll-layers takes one function with one ssm.embedding")
        layers = _find_layers(function, embeddings[0])
        for number, layer in enumerate(layers[1:], start=1):
            _compare(op, layers[0], layer, number)
        if layers:
            _share_weights(op, layers)
            _roll(function, layers)


@dataclass(frozen=True)
class _Layer:
    ops: list[Operation]
    """From the first op after the last layer to the addition to the residual stream."""
    stream: SSAValue
    """The residual stream in front of the layer."""
    states: list[BlockArgument]
    """Those of the function's arguments that the layer reads, in their order."""
    new_states: list[SSAValue]
    """What the function returns for these states."""

    @property
    def result(self) -> SSAValue:
        """The residual stream after the layer."""
        return self.ops[-1].results[0]


def _find_layers(function: FuncOp, embedding: EmbeddingOp) -> list[_Layer]:
    returned = function.get_return_op()
    if returned is None or len(returned.operands) != len(function.args):
        raise LmcError("roll-layers takes a function (id, states) → (logits, states)")
    layers: list[_Layer] = []
    stream, following = embedding.result, embedding.next_op
    while add := next((user for user in users(stream) if isinstance(user, AddOp)), None):
        ops: list[Operation] = []
        while following is not None and (not ops or ops[-1] is not add):
            ops.append(following)
            following = following.next_op
        read = {operand for op in ops for operand in op.operands}
        states = [argument for argument in function.args if argument in read]
        new_states = [returned.operands[state.index] for state in states]
        layers.append(_Layer(ops, stream, states, new_states))
        stream = add.result
    if sum(len(layer.states) for layer in layers) != len(function.args) - 1:
        raise LmcError("roll-layers: each state of the function must be read by one layer")
    return layers


def _compare(module: ModuleOp, one: _Layer, other: _Layer, number: int) -> None:
    """Raise LmcError unless the two are the same ops on other weights and states."""
    weights = weights_of(module)
    values: dict[SSAValue, SSAValue] = {one.stream: other.stream}
    values |= dict(zip(one.states, other.states, strict=False))
    for a, b in zip(one.ops, other.ops, strict=False):
        same = (
            a.name == b.name
            and [values.get(operand) for operand in a.operands] == list(b.operands)
            and list(a.result_types) == list(b.result_types)
            and a.attributes == b.attributes
            and _properties(a, weights, 0) == _properties(b, weights, number)
        )
        if not same:
            raise refuse(b, f"layer {number} differs from layer 0 here, which has {describe(a)}")
        values |= dict(zip(a.results, b.results, strict=True))
    if len(one.ops) != len(other.ops):
        raise refuse(other.ops[-1], f"layer {number} has another number of ops than layer 0")
    if [values.get(value) for value in one.new_states] != other.new_states:
        raise refuse(other.ops[-1], f"layer {number} returns its states unlike layer 0")


def _properties(op: Operation, weights: dict[str, WeightOp], layer: int) -> dict[str, object]:
    """The op's properties, with what a weight is in place of its name."""
    properties: dict[str, object] = dict(op.properties)
    for key, name in _weight_names(op, weights).items():
        properties[key] = (weights[name].type, _rolled_recipe(weights[name], layer))
    return properties


def _weight_names(op: Operation, weights: dict[str, WeightOp]) -> dict[str, str]:
    """Property → name of the weight that it refers to."""
    named = {
        key: symbol(value)
        for key, value in op.properties.items()
        if isinstance(value, SymbolRefAttr)
    }
    return {key: name for key, name in named.items() if name in weights}


def _rolled_recipe(weight: WeightOp, layer: int) -> list[RecipeStepAttr]:
    """The recipe with `{layer}` in place of the layer's index in the names of tensors."""
    return [
        RecipeStepAttr.of(
            step.kind.data,
            **{key: _rolled_option(value, layer) for key, value in step.options.data.items()},
        )
        for step in weight.recipe
    ]


def _rolled_option(value: Attribute, layer: int) -> Attribute:
    if not isinstance(value, StringAttr):
        return value
    return StringAttr(re.sub(rf"(?<=\blayers\.){layer}(?=\.)", "{layer}", value.data))


def _share_weights(module: ModuleOp, layers: Sequence[_Layer]) -> None:
    """Make layer 0's weights those of all layers and erase the other layers'."""
    weights = weights_of(module)
    inside = {op for layer in layers for op in layer.ops}
    for a, *others in zip(*(layer.ops for layer in layers), strict=True):
        for key, name in _weight_names(a, weights).items():
            others_names = [_weight_names(b, weights)[key] for b in others]
            for one in (name, *others_names):
                _require_users_inside(module, one, inside)
            weight = weights[name]
            recipe = _rolled_recipe(weight, 0)
            if recipe == list(weight.recipe):
                continue
            short = name.removesuffix("_0")
            new_name = name if short in weights else short
            new = WeightOp(new_name, weight.type, recipe, len(layers))
            new.location = weight.location
            module.body.block.insert_op_before(new, weight)
            a.properties[key] = SymbolRefAttr(new_name)
            for old in (name, *others_names):
                weights[old].detach()
                weights[old].erase()


def _require_users_inside(module: ModuleOp, name: str, inside: set[Operation]) -> None:
    for user in symbol_users(module, name):
        if user not in inside:
            raise refuse(user, f"@{name} belongs to a layer and cannot be read outside of it")


def _roll(function: FuncOp, layers: Sequence[_Layer]) -> None:
    """Replace the layers by one op and the function's states by stacked ones."""
    block = function.body.block
    returned = function.get_return_op()
    assert returned is not None, "_find_layers has seen it"
    first, count = layers[0], len(layers)
    stacked: list[SSAValue] = []
    for state in first.states:
        stacked_type = TensorType(format_of(state.type), [count, *shape_of(state.type)])
        stacked.append(block.insert_arg(stacked_type, len(block.args)))
        stacked[-1].name_hint = state.name_hint
    anchor = first.ops[0].prev_op
    assert anchor is not None, "the embedding is in front of the layers"
    body = _move_to_body(first)
    rolled = LayersOp([first.stream, *stacked], count, 1, Region(body))
    for output, value in zip(rolled.outputs, (first.result, *first.new_states), strict=True):
        output.name_hint = value.name_hint
    block.insert_op_after(rolled, anchor)
    layers[-1].result.replace_uses_with_if(
        rolled.outputs[0], lambda use: use.operation.parent is block
    )
    block.insert_op_before(ReturnOp(returned.operands[0], *rolled.outputs[1:]), returned)
    unrolled = [op for layer in layers[1:] for op in layer.ops]
    for op in (returned, *reversed(unrolled)):
        op.detach()
        op.erase()
    for state in [state for layer in layers for state in layer.states]:
        block.erase_arg(state)
    function.update_function_type()


def _move_to_body(layer: _Layer) -> Block:
    """The layer's own ops in a block whose arguments are the residual stream and the states."""
    outer = [layer.stream, *layer.states]
    body = Block(arg_types=[value.type for value in outer])
    inner = dict(zip(outer, body.args, strict=True))
    for value, argument in inner.items():
        argument.name_hint = value.name_hint
    for op in layer.ops:
        op.detach()
        op.operands = [inner.get(operand, operand) for operand in op.operands]
        body.add_op(op)
    body.add_op(YieldOp(operands=[[layer.result, *layer.new_states]]))
    return body
