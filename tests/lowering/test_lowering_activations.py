"""How the engine cuts the operands of linear layers, whatever their format."""

import pytest
from integer_modules import parse

from lmc.dialects import ssm
from lmc.ir.editing import ops_of, weights_of
from lmc.lowering.linear import INPUTS, matrix_tiling, matrix_unit_shape

FORMATS = {
    "static": "!ssm.fixed<8, 4>",
    "whole": "!ssm.bfp<8, {columns}, 10>",
}


def linear_layer(columns: int, weight_group: int, operand: str) -> tuple[ssm.LinearOp, dict]:
    kind = f"tensor<{columns}x{operand.format(columns=columns)}>"
    module = parse(
        f"""
        ssm.weight @w : tensor<3x{columns}x!ssm.wint<4, {weight_group}, 8, 3, 10>> = [
          #ssm.step<load, {{name = "w"}}>, #ssm.step<quantize>]
        func.func @f(%x: {kind}) {{
          %y = ssm.linear %x, @w : ({kind}) -> tensor<3x!ssm.fixed<16, 8>>
          func.return
        }}"""
    )
    return ops_of(module, ssm.LinearOp)[0], weights_of(module)


@pytest.mark.parametrize(
    ("columns", "weight_group", "operand", "block"),
    [
        (192, 96, FORMATS["static"], 32),
        (80, 80, FORMATS["static"], 16),
        (5, 5, FORMATS["static"], 1),
        (192, 96, FORMATS["whole"], 32),
        (80, 80, FORMATS["whole"], 16),
        (384, 128, "!ssm.bfp<8, 64, 10>", 32),
        # Both groups are cut where either ends.
        (144, 72, "!ssm.bfp<8, 48, 10>", 8),
        (144, 72, "!ssm.bfp<8, 16, 10>", 8),
        # A block that fits is taken as it is.
        (50, 25, "!ssm.bfp<8, 5, 10>", 5),
        (128, 128, "!ssm.bfp<8, 32, 10>", 32),
    ],
)
def test_the_engine_s_block_of_a_layer(
    columns: int, weight_group: int, operand: str, block: int
) -> None:
    op, weights = linear_layer(columns, weight_group, operand)
    tiling = matrix_tiling(op, weights, INPUTS)
    assert tiling.activation_block == block
    assert weight_group % block == 0


def test_an_engine_of_static_operands_is_as_wide_as_they_are() -> None:
    op, weights = linear_layer(64, 64, "!ssm.fixed<6, 4>")
    shape = matrix_unit_shape([op], weights, 512, (1, 3))
    assert (shape.sets, shape.rows, shape.inputs, shape.all_rows) == ((1, 3), 4, 32, 16)
    assert (shape.activation_bits, shape.activation_mantissa_bits, shape.block) == (6, 0, 32)
