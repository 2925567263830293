"""`rewrite-power-of-two`: every static scale becomes a power of two, so that rescaling is a shift.

Hardware then requantizes without a multiplier (LightMamba, arXiv 2502.15260). Each format keeps
its width and takes the next range that is not smaller, which costs less than a bit of resolution.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import (
    DenseArrayBase,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation
from xdsl.rewriter import Rewriter

from lmc.analysis.cost import GROUPS, TokenCost, op_costs
from lmc.dialects.ssm import FixedType, RMSScaleOp, TableOp
from lmc.ir.editing import ops_of, symbol, tables_of, value_names
from lmc.ir.pass_base import Effect, LmcPass
from lmc.quantization.formats import without_mul
from lmc.quantization.tables import function_options, rsqrt_options, rsqrt_result
from lmc.quantization.widths import check_widths

REPORT = "lmc.power_of_two"
"""Module attribute: a token's multiplications by scales, before and after: in all, for each value
that takes some, and what those are for that remain."""
_SCALES = "scales"


@dataclass(frozen=True)
class RewritePowerOfTwo(LmcPass):
    """Replace each format with a `mul` by the power-of-two format of the next larger range.

    Tables, and the weights that share a scale with an activation (the biases), follow. The module
    attribute `lmc.power_of_two` shows for each value which multiplications are gone: entries of
    `values` are the numbers before and after. `remaining` counts the others by what they are for.
    """

    name = "rewrite-power-of-two"
    effect: ClassVar[Effect] = Effect.NUMBERS

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError if a sum would no longer fit 63 bits."""
        before = _costs(op)
        for inner in op.walk():
            _rewrite_properties(inner)
            _rewrite_values(inner)
        for table in tables_of(op).values():
            _remake(table)
        _update_reciprocals(op)
        for function in ops_of(op, FuncOp):
            function.update_function_type()
        check_widths(op)
        op.attributes[REPORT] = _report(before, _costs(op))


def _costs(module: ModuleOp) -> dict[str, TokenCost]:
    """The cost of what makes each value, by the name of the value in the module's text."""
    names = value_names(module)
    return {names[op.results[0]]: cost for op, cost in op_costs(module) if op.results}


def _report(before: dict[str, TokenCost], after: dict[str, TokenCost]) -> DictionaryAttr:
    counts = {
        name: (cost.multiplied_for(_SCALES), after[name].multiplied_for(_SCALES))
        for name, cost in before.items()
    }
    values = {
        name: DenseArrayBase.from_list(i64, pair) for name, pair in counts.items() if any(pair)
    }
    total = sum(after.values(), TokenCost()).multiplications
    remaining = {kind: total[kind] for kind in GROUPS[_SCALES] if total[kind]}
    return DictionaryAttr(
        {
            "multiplications_before": _integer(sum(pair[0] for pair in counts.values())),
            "multiplications_after": _integer(sum(pair[1] for pair in counts.values())),
            "values": DictionaryAttr(values),
            "remaining": DictionaryAttr({str(k): _integer(n) for k, n in remaining.items()}),
        }
    )


def _integer(value: int) -> IntegerAttr:
    return IntegerAttr(value, i64)


def _rewritten(attribute: Attribute) -> Attribute:
    if isinstance(attribute, FixedType):
        return without_mul(attribute)
    if isinstance(attribute, TensorType):
        return TensorType(_rewritten(attribute.element_type), attribute.get_shape())
    return attribute


def _rewrite_properties(op: Operation) -> None:
    for name, value in list(op.properties.items()):
        if isinstance(value, FixedType | TensorType):
            op.properties[name] = _rewritten(value)


def _rewrite_values(op: Operation) -> None:
    blocks = [block for region in op.regions for block in region.blocks]
    arguments = [argument for block in blocks for argument in block.args]
    for value in [*op.results, *arguments]:
        wanted = _rewritten(value.type)
        if wanted != value.type:
            Rewriter.replace_value_with_new_type(value, wanted)


def _remake(table: TableOp) -> None:
    """Options (and, for rsqrt, the result's scale) for the operand's new format."""
    operand = table.input
    assert isinstance(operand, FixedType)
    if table.function.data == "reciprocal":
        return
    if table.function.data == "rsqrt":
        options = rsqrt_options(table.option("elements"), operand)
        table.properties["output"] = rsqrt_result(options, operand)
    else:
        assert isinstance(table.output, FixedType)
        options = function_options(table.function.data, operand, table.output)
    entries = {name: _integer(value) for name, value in options.items()}
    table.properties["options"] = DictionaryAttr(entries)


def _update_reciprocals(module: ModuleOp) -> None:
    tables = tables_of(module)
    for op in ops_of(module, RMSScaleOp):
        assert op.table is not None
        wanted = TensorType(tables[symbol(op.table)].output, op.result.type.get_shape())
        Rewriter.replace_value_with_new_type(op.result, wanted)
