"""A plugin whose passes change the formats that `quantize` gives to operands of linear layers."""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.rewriter import Rewriter

from lmc.dialects import ssm
from lmc.ir.editing import create_before, ops_of, symbol
from lmc.ir.pass_base import Effect, LmcPass


def _operands(
    module: ModuleOp, weights: tuple[str, ...]
) -> list[tuple[ssm.LinearOp, ssm.QuantizeOp, ssm.BlockType]]:
    """The linear layers of these weights, what makes their operands, and those operands' format."""
    found: list[tuple[ssm.LinearOp, ssm.QuantizeOp, ssm.BlockType]] = []
    for linear in ops_of(module, ssm.LinearOp):
        maker = linear.input.owner
        if symbol(linear.weight) in weights and isinstance(maker, ssm.QuantizeOp):
            fmt = ssm.format_of(maker.result.type)
            assert isinstance(fmt, ssm.BlockType)
            found.append((linear, maker, fmt))
    assert len(found) == len(weights)
    return found


def _log2(magnitude: int, frac: int) -> int:
    return (magnitude - 1).bit_length() - frac


@dataclass(frozen=True)
class StaticActivations(LmcPass):
    """Fixed point that ends where the exponents' window or the vector's own format does."""

    name = "static-activations"
    effect: ClassVar[Effect] = Effect.NUMBERS

    weights: tuple[str, ...]
    bits: int = 8

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for linear, maker, fmt in _operands(op, self.weights):
            vector = ssm.format_of(maker.input.type)
            assert isinstance(vector, ssm.FixedType)
            end = min(_log2(fmt.largest, fmt.frac.data), _log2(vector.largest, vector.frac.data))
            wanted = ssm.FixedType.of(self.bits, self.bits - 1 - end)
            shape = ssm.shape_of(maker.result.type)
            operands, types = [maker.input], [TensorType(wanted, shape)]
            hint = maker.result.name_hint or "operand"
            made = create_before(maker, ssm.RequantizeOp, operands, types, {}, hint=hint)
            linear.operands[0] = made.result
            Rewriter.erase_op(maker)


@dataclass(frozen=True)
class LargeBlocks(LmcPass):
    """Blocks of `group` elements, or of the whole vector."""

    name = "large-blocks"
    effect: ClassVar[Effect] = Effect.NUMBERS

    weights: tuple[str, ...]
    group: int | None = None

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for _, maker, fmt in _operands(op, self.weights):
            (elements,) = ssm.shape_of(maker.result.type)
            group = elements if self.group is None else self.group
            wanted = ssm.BlockType.of(fmt.bits.data, group, fmt.frac.data, fmt.mantissa.data)
            Rewriter.replace_value_with_new_type(maker.result, TensorType(wanted, [elements]))
