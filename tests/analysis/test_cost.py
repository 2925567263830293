"""The cost of a decode step: each op counted by hand on a tiny module."""

from collections import Counter
from collections.abc import Mapping

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from lmc.analysis.cost import (
    GROUPS,
    Multiplication,
    Shift,
    TokenCost,
    op_costs,
    summary,
    token_cost,
)
from lmc.analysis.cost.summary import short
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

M, ROUNDING, VARIABLE = Multiplication, Shift.ROUNDING, Shift.VARIABLE
LOAD = '#ssm.step<load, {name = "x"}>'
# At -2, -1, 0 and 1, in units of 1/8, silu is -2, -2, 0 and 6: 4 bits. Its slopes, in units of the
# result for each of the operand and times 16, are 0, 9, 23 and, where it goes on, 32: 6 bits.
SILU = """ssm.table @silu function "silu"
  {segments = 4 : i64, shift = 2 : i64, low = -8 : i64, slope_frac = 4 : i64}
  : !ssm.fixed<5, 2> to !ssm.fixed<6, 3>"""
# exp at -2, -1.5, -1 and -0.5 in units of 1/8 is 1, 2, 3 and 5: 3 bits. Its slopes, times 4, are
# 0, 2, 4 and 6: 3 bits.
EXP = """ssm.table @exp function "exp"
  {segments = 4 : i64, shift = 1 : i64, low = -8 : i64, slope_frac = 2 : i64}
  : !ssm.fixed<5, 2> to !ssm.fixed<6, 3>"""
RSQRT = """ssm.table @rsqrt function "rsqrt" {elements = 4 : i64, mantissa_shift = 20 : i64}
  : !ssm.fixed<16, 10> to !ssm.pfloat<16, 10>"""
RECIPROCAL = (
    'ssm.table @reciprocal function "reciprocal" {} : !ssm.fixed<9, 0> to !ssm.fixed<22, 20>'
)


def fixed(shape: str, *parameters: int) -> str:
    return f"tensor<{shape}x!ssm.fixed<{', '.join(map(str, parameters))}>>"


def parse(text: str) -> ModuleOp:
    return Parser(make_context(load_registry()), text).parse_module()


def cost(symbols: str, arguments: Mapping[str, str], op: str) -> TokenCost:
    """The cost of a module with one op."""
    listed = ", ".join(f"%{name}: {kind}" for name, kind in arguments.items())
    return token_cost(parse(f"{symbols}\nfunc.func @f({listed}) {{ {op}\n func.return }}"))


def weight(name: str, kind: str, last: str = "#ssm.step<quantize, {}>", layers: str = "") -> str:
    return f"ssm.weight @{name} : {kind} {layers} = [{LOAD}, {last}]\n"


def linear(matrix: str, operand: str, result: str = "!ssm.fixed<16, 9>", **more: str) -> TokenCost:
    """A linear layer of 6 rows and 8 columns."""
    return cost(
        weight("w", f"tensor<6x8x{matrix}>", **more),
        {"x": f"tensor<8x{operand}>"},
        f"%y = ssm.linear %x, @w : (tensor<8x{operand}>) -> tensor<6x{result}>",
    )


def test_a_linear_layer():
    # 6 rows in 2 weight groups of 4 and 4 blocks of 2.
    found = linear("!ssm.wint<4, 4, 8, 3, 10>", "!ssm.bfp<8, 2, 11>")
    assert found.products == {(4, 8): 48}
    assert found.multiplications == {M.WEIGHT_SCALE: 12}
    assert found.shifts == {VARIABLE: 12 + 24, ROUNDING: 6}
    assert found.weight_bits == 48 * 4 + 12 * (8 + 3)
    assert (found.table_bits, found.table_bits_read, found.state_bits) == (0, 0, 0)


def test_block_mantissas_and_static_scales_of_a_linear_layer():
    mantissas = linear(
        "!ssm.wint<8, 4, 8, 3, 10>", "!ssm.bfp<4, 2, 19, 8>", "!ssm.fixed<16, 9, 200>"
    )
    assert mantissas.products == {(8, 4): 48}
    assert mantissas.multiplications == {
        M.WEIGHT_SCALE: 12,
        M.BLOCK_MANTISSA: 24,
        M.REQUANTIZATION: 6,
    }
    static = linear("!ssm.wint<4, 8, 8, 0, 10>", "!ssm.fixed<8, 11>")
    assert static.products == {(4, 8): 48}
    assert static.multiplications == {M.WEIGHT_SCALE: 6}
    assert static.shifts == {ROUNDING: 6}


@pytest.mark.parametrize(("scale", "shifts"), [("1, 4, 10", 1), ("8, 3, 10, 2", 2)])
def test_weight_scales_that_are_shifts(scale: str, shifts: int):
    found = linear(f"!ssm.wint<4, 4, {scale}>", "!ssm.bfp<8, 8, 11>")
    assert found.multiplications == {}
    assert found.shifts == {VARIABLE: shifts * 12 + 6, ROUNDING: 6}


def test_an_embedding_reads_one_row():
    found = cost(
        weight("w", "tensor<100x8x!ssm.wint<8, 4, 8, 3, 10>>"),
        {"id": "tensor<i32>"},
        f"%y = ssm.embedding %id, @w : (tensor<i32>) -> {fixed('8', 24, 15)}",
    )
    assert found.multiplications == {M.WEIGHT_SCALE: 8}
    assert found.shifts == {VARIABLE: 8, ROUNDING: 8}
    assert found.weight_bits == 8 * 8 + 2 * (8 + 3)


@pytest.mark.parametrize(
    ("mul", "rounding", "kind", "multiplications", "variable", "read"),
    [
        (1, "up", "8, 4, 8", {}, 8, 0),
        (128, "up", "8, 4, 8", {}, 8, 0),
        (200, "up", "8, 4, 8", {M.REQUANTIZATION: 8}, 8, 0),
        (1, "nearest", "4, 4, 8", {M.BLOCK_CHOICE: 2}, 8, 0),
        # Of two bits the largest magnitude is 1: nothing to multiply by.
        (1, "nearest", "2, 4, 16, 8", {M.BLOCK_RECIPROCAL: 8}, 8 + 2, 2 * 21),
        (200, "nearest", "4, 4, 16, 8",
         {M.REQUANTIZATION: 8, M.BLOCK_RECIPROCAL: 8, M.BLOCK_CHOICE: 2}, 8 + 2, 2 * 21),
    ],
)  # fmt: skip
def test_quantize(
    mul: int, rounding: str, kind: str, multiplications: object, variable: int, read: int
):
    has_table = read > 0
    source, result = fixed("8", 16, 12, mul), f"tensor<8x!ssm.bfp<{kind}>>"
    found = cost(
        RECIPROCAL if has_table else "",
        {"x": source},
        f'%q = ssm.quantize %x rounding("{rounding}") {"table @reciprocal" if has_table else ""}'
        f" : ({source}) -> {result}",
    )
    assert found.multiplications == multiplications
    assert found.shifts == {VARIABLE: variable}
    assert found.table_bits_read == read
    assert found.table_bits == (256 * 21 if has_table else 0)


@pytest.mark.parametrize("mul", [1, 200])
@pytest.mark.parametrize("name", ["requantize", "bias", "add", "mul", "scale_channels"])
def test_elementwise_ops(name: str, mul: int):
    x, result = fixed("8", 16, 9), fixed("8", 16, 12, mul)
    second = {"add": ", %x", "mul": ", %x", "bias": ", @w", "scale_channels": ", @w"}.get(name, "")
    types = f"{x}, {x}" if "%" in second else x
    reads_weight = "@" in second
    found = cost(
        weight("w", fixed("8", 12, 9)) if reads_weight else "",
        {"x": x},
        f"%y = ssm.{name} %x{second} : ({types}) -> {result}",
    )
    expected = Counter({M.ELEMENTWISE: 8 if name in ("mul", "scale_channels") else 0})
    expected[M.REQUANTIZATION] = 8 if mul > 1 else 0
    assert found.multiplications == expected
    assert found.shifts == {ROUNDING: 8}
    assert found.weight_bits == (8 * 12 if reads_weight else 0)


def test_moving_data_and_rotating_costs_nothing():
    x, half = fixed("8", 16, 9), fixed("4", 16, 9)
    assert cost("", {"x": x}, f"%a, %b = ssm.split %x : ({x}) -> ({half}, {half})") == TokenCost()
    rotated = f"%y = ssm.rotate %x block(4) : ({x}) -> {fixed('8', 18, 9)}"
    assert cost("", {"x": x}, rotated) == TokenCost()


def test_a_convolution():
    x, state = fixed("5", 16, 9), fixed("5x3", 16, 9)
    found = cost(
        weight("w", fixed("5x4", 10, 9)) + weight("b", fixed("5", 20, 18)),
        {"x": x, "s": state},
        f"%y, %t = ssm.causal_conv1d_step %x, %s, @w bias @b : ({x}, {state})"
        f" -> ({fixed('5', 16, 18, 150)}, {state})",
    )
    assert found.multiplications == {M.CONVOLUTION: 20, M.REQUANTIZATION: 5}
    assert found.shifts == {ROUNDING: 5}
    assert found.weight_bits == 20 * 10 + 5 * 20
    assert found.state_bits == 2 * 15 * 16


@pytest.mark.parametrize("name", ["silu", "softplus"])
def test_table_functions(name: str):
    x, y = fixed("3", 5, 2), fixed("3", 6, 3)
    found = cost(SILU, {"x": x}, f"%y = ssm.{name} %x table @silu : ({x}) -> {y}")
    assert found.multiplications == {M.INTERPOLATION: 3}
    assert found.shifts == {ROUNDING: 3}
    assert (found.table_bits, found.table_bits_read) == (4 * 10, 3 * 10)


def test_a_decay():
    found = cost(
        EXP + weight("a", fixed("3x2", 9, 4, 180)),
        {"dt": fixed("3", 8, 4)},
        f"%d = ssm.decay %dt, @a argument !ssm.fixed<5, 2> table @exp"
        f" : ({fixed('3', 8, 4)}) -> {fixed('3x2', 6, 3)}",
    )
    assert found.multiplications == {M.DT_A: 6, M.REQUANTIZATION: 6, M.INTERPOLATION: 6}
    assert found.shifts == {ROUNDING: 6 + 6}
    assert (found.table_bits, found.table_bits_read) == (4 * 6, 6 * 6)
    assert found.weight_bits == 6 * 9


def test_norms():
    x = fixed("8", 16, 10)
    norm = cost(
        RSQRT,
        {"x": x},
        "%y = ssm.rms_norm %x eps(1.0e-05 : f32) table @rsqrt"
        f" : ({x}) -> {fixed('8', 16, 12, 200)}",
    )
    squares = {M.NORM_SQUARE: 8}
    assert norm.multiplications == squares | {M.NORM_RECIPROCAL: 8, M.REQUANTIZATION: 8}
    assert norm.shifts == {VARIABLE: 1 + 8}
    assert (norm.table_bits, norm.table_bits_read) == (4096 * 16, 16)
    groups = "tensor<2x!ssm.pfloat<16, 10>>"
    deferred = cost(
        RSQRT,
        {"x": x, "r": groups},
        f"%r2 = ssm.rms_scale %x eps(1.0e-05 : f32) table @rsqrt : ({x}) -> {groups}\n"
        f"%y = ssm.scale %x, %r : ({x}, {groups}) -> {x}",
    )
    assert deferred.multiplications == squares | {M.NORM_RECIPROCAL: 8}
    assert deferred.shifts == {VARIABLE: 2 + 8}
    assert deferred.table_bits_read == 2 * 16


def test_a_state_update():
    # Two heads of three rows and a state of four elements, in two blocks.
    state, x, heads, columns = (
        "tensor<2x3x4x!ssm.bfp<8, 2, 14>>", fixed("6", 16, 9), fixed("2", 16, 9), fixed("4", 16, 9)
    )  # fmt: skip
    found = cost(
        weight("d", fixed("2", 10, 7)),
        {"s": state, "a": heads, "dt": heads, "x": x, "b": columns, "c": columns},
        f"%y, %t = ssm.selective_state_update %s, %a, %dt, %x, %b, %c, @d dtx !ssm.fixed<16, 12>"
        f" : ({state}, {heads}, {heads}, {x}, {columns}, {columns}) -> ({x}, {state})",
    )
    assert found.multiplications == {
        M.DT_X: 6,
        M.DECAY_STATE: 24,
        M.DTX_B: 24,
        M.C_STATE: 24,
        M.D_X: 6,
    }
    # dt · x, the new state and y are rounded; old and new state have exponents, C · state 12.
    assert found.shifts == {ROUNDING: 6 + 24 + 6, VARIABLE: 24 + 24 + 12}
    assert found.state_bits == 2 * (24 * 8 + 12 * 4)
    assert found.weight_bits == 2 * 10


def test_layers_count_each_time_with_their_own_widths():
    x, block = fixed("8", 24, 12), "tensor<8x!ssm.bfp<8, 4, 11>>"
    widths = "#ssm.step<quantize, {bits = array<i64: 4, 8, 4>}>"
    module = parse(
        weight("w", "tensor<8x8x!ssm.wint<8, 8, 8, 3, 10>>", widths, "layers 3")
        + f"""func.func @f(%h: {x}) {{
          %out = ssm.layers %h count(3) carried(1) {{
          ^layer(%u: {x}):
            %q = ssm.quantize %u rounding("up") : ({x}) -> {block}
            %y = ssm.linear %q, @w : ({block}) -> {x}
            ssm.yield %y : {x}
          }} : ({x}) -> {x}
          func.return
        }}"""
    )
    found = token_cost(module)
    assert found.products == {(4, 8): 2 * 64, (8, 8): 64}
    assert found.weight_bits == 64 * (4 + 8 + 4) + 3 * 8 * 11
    assert found.multiplications == {M.WEIGHT_SCALE: 3 * 8}
    assert found.shifts == {VARIABLE: 3 * (8 + 8 + 16), ROUNDING: 3 * 8}
    by_op = {op.name: cost for op, cost in op_costs(module)}
    assert by_op["ssm.quantize"].shifts == {VARIABLE: 3 * 8}


def test_float_ops_and_others_count_nothing():
    x = "tensor<8xf32>"
    found = cost("", {"x": x}, f"%y = ssm.silu %x : ({x}) -> {x}\n%z = arith.constant 1 : i32")
    assert found == TokenCost()


def test_every_class_has_one_heading():
    assert Counter(kind for kinds in GROUPS.values() for kind in kinds) == Counter(Multiplication)


def test_as_data_and_as_text():
    found = linear("!ssm.wint<4, 4, 8, 3, 10>", "!ssm.bfp<8, 2, 11>")
    data = found.as_json()
    assert data["products"] == {"4 x 8": 48}
    assert data["shifts"] == {"rounding": 6, "variable": 36}
    assert isinstance(data["multiplications"], dict)
    assert list(data["multiplications"]) == [str(kind) for kind in Multiplication]
    assert data["multiplications"]["weight_scale"] == 12
    first, second = summary(found).splitlines()
    assert "products 48 4 x 8; multiplications 12 scales, 0 recurrence" in first
    assert second.split(";") == [
        "            42 shifts",
        " 324 bit of weights, 0 bit of states, 0 bit of tables read (0 bit stored)",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1 k"), (999_499, "999 k"), (999_500, "1 M"), (2.5e9, "2.5 G")],
)
def test_three_digits(number: int, text: str):
    assert short(number) == text
    assert short(number, "bit") == (f"{text} bit" if number < 1000 else f"{text}bit")
