"""A small module that computes what a large one does, in its first layers and for few token ids."""

from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, ModuleOp, TensorType, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from lmc.dialects.ssm import (
    EmbeddingOp,
    LayersOp,
    LinearOp,
    RecipeStepAttr,
    WeightOp,
    format_of,
    shape_of,
)
from lmc.ir.editing import ops_of, symbol_users, weights_of
from lmc.weights.recipes import ROW_WISE


def excerpt(module: ModuleOp, layers: int, vocabulary: int) -> ModuleOp:
    """A copy of a float module that runs on the same weights but does less.

    Of rolled layers the first `layers` are left, with their states. Embedding and LM head have
    `vocabulary` rows, where their recipes go row by row: the copy takes ids below that.
    """
    copy = module.clone()
    for op in ops_of(copy, LayersOp):
        _cut_layers(copy, op, min(layers, op.count.value.data))
    for function in ops_of(copy, FuncOp):
        _cut_vocabulary(copy, function, vocabulary)
        function.update_function_type()
    return copy


def _cut_layers(module: ModuleOp, op: LayersOp, layers: int) -> None:
    op.count = IntegerAttr(layers, i64)
    if op.layer_to_class is not None:
        classes = [int(entry) for entry in op.layer_to_class.iter_values()]
        op.layer_to_class = DenseArrayBase.from_list(i64, classes[:layers])
    for index in range(op.carried.value.data, len(op.inputs)):
        for state in (op.inputs[index], op.outputs[index]):
            _set_rows(state, layers)
    for name, weight in weights_of(module).items():
        inside = any(user.parent is op.block for user in symbol_users(module, name))
        if inside and weight.layers is not None:
            weight.layers = IntegerAttr(layers, i64)


def _cut_vocabulary(module: ModuleOp, function: FuncOp, rows: int) -> None:
    returned = function.get_return_op()
    logits = returned.operands[0] if returned is not None and returned.operands else None
    head = logits.owner if logits is not None else None
    for name, weight in weights_of(module).items():
        users = symbol_users(module, name)
        if users and all(_reads_rows(user, head) for user in users) and _is_row_wise(weight):
            _cut_rows(weight, rows)
            if logits is not None and head in users:
                _set_rows(logits, shape_of(weight.type)[0])


def _reads_rows(user: Operation, head: object) -> bool:
    """Whether an op takes rows of its weight one by one, and only the logits see how many."""
    return isinstance(user, EmbeddingOp) or (isinstance(user, LinearOp) and user is head)


def _is_row_wise(weight: WeightOp) -> bool:
    return all(step.kind.data in ROW_WISE for step in weight.recipe.data[1:])


def _cut_rows(weight: WeightOp, rows: int) -> None:
    load, *rest = weight.recipe.data
    count, columns = shape_of(weight.type)
    rows = min(rows, count)
    weight.properties["recipe"] = type(weight.recipe)(
        [load, RecipeStepAttr.of("first_rows", count=IntegerAttr(rows, i64)), *rest]
    )
    weight.properties["type"] = TensorType(format_of(weight.type), [rows, columns])


def _set_rows(value: SSAValue, rows: int) -> None:
    """Give a value another first dimension."""
    shape = [rows, *shape_of(value.type)[1:]]
    Rewriter.replace_value_with_new_type(value, TensorType(format_of(value.type), shape))
