"""Single integer ops against docs/number-formats.md in plain Python integers, extremes included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from integer_modules import function_of, parse
from number_format_reference import MEANING, Scope, flat

from lmc.diagnostics import LmcError
from lmc.interpreter import BlockValue, same_values
from lmc.interpreter.exact_product import exact_product, narrow_product
from lmc.interpreter.formats import BlockFormat
from lmc.interpreter.recurrence import Operands, Recurrence, scan_compiled, scan_integers
from lmc.interpreter.registry import prepare
from lmc.numerics.rounding import Rescale
from lmc.numerics.weight_quantization import QuantizedMatrix
from lmc.weights import WeightStore

WHOLE = Rescale(1, 0, 0, 63)
"""Rounds nothing."""


class ChosenWeights(WeightStore):
    """Integers given outright, so that extremes can be tried."""

    def __init__(self, module, integers):
        super().__init__(module, source=None)  # pyright: ignore
        self._integers = integers

    def quantized(self, symbol, layer=None):
        return self._integers[symbol]


def single_op(text):
    module = parse(f"builtin.module {{ {text} }}")
    function = function_of(module)
    return module, function.body.block.first_op


def check_op(module, op, integers, operands, token_axis):
    """Run an op on [T, 1, ...] operands and, token by token, through the reference.

    `token_axis` says which operands are activations; the others are states, fed back.
    """
    store = ChosenWeights(module, integers)
    results = prepare(op, store)(operands, None)
    states = [None if axis else flat(v) for v, axis in zip(operands, token_axis, strict=True)]
    tokens = len(results[0])
    for token in range(tokens):
        arguments = [
            flat(value[token])
            if axis and isinstance(value, np.ndarray)
            else flat(BlockValue(value.q[token], value.e[token]))
            if axis
            else state
            for value, axis, state in zip(operands, token_axis, states, strict=True)
        ]
        first, *new = MEANING[type(op)](op, Scope(store, None), *arguments)
        assert flat(results[0][token]) == first
        if new:
            states = [None if axis else new[0] for axis in token_axis]
    for state, result in zip([s for s in states if s is not None], results[1:], strict=True):
        assert flat(result) == state


def check_unless_too_wide(module, op, *rest):
    try:
        prepare(op, ChosenWeights(module, {}))
    except LmcError as error:
        if "63 are supported" in str(error):
            return
        raise
    check_op(module, op, *rest)


def integers(rng, bits, shape, extreme):
    """Integers of `bits` bits: uniform, of all magnitudes, or the range's ends."""
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if extreme:
        return rng.choice(np.array([low, high, 0, -1]), shape)
    values = rng.integers(low, high + 1, shape)
    return values >> rng.integers(0, bits, shape)


cases = settings(max_examples=40, deadline=None, derandomize=True)


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    x_bits=st.integers(2, 16),
    w_bits=st.integers(2, 8),
    exponent=st.integers(0, 4),
    mantissa=st.integers(1, 9),
    x_group=st.sampled_from([1, 2, 4, 8]),
    w_group=st.sampled_from([2, 4, 8]),
    out=st.tuples(st.integers(4, 40), st.integers(-10, 40), st.sampled_from([1, 131, 128, 200])),
)
def test_linear(seed, extreme, x_bits, w_bits, exponent, mantissa, x_group, w_group, out):
    rng = np.random.default_rng(seed)
    module, op = single_op(
        f"""
        ssm.weight @w : tensor<3x8x!ssm.wint<{w_bits}, {w_group}, {mantissa}, {exponent}, 10>> = [
          #ssm.step<load, {{name = "w"}}>, #ssm.step<quantize>]
        func.func @f(%x: tensor<8x!ssm.bfp<{x_bits}, {x_group}, 12>>) {{
          %y = ssm.linear %x, @w : (tensor<8x!ssm.bfp<{x_bits}, {x_group}, 12>>)
            -> tensor<3x!ssm.fixed<{", ".join(map(str, out))}>>
          func.return
        }}"""
    )
    groups = 8 // w_group
    largest = (1 << mantissa) - 1
    mantissas = rng.integers(largest if extreme else 1, largest + 1, (3, groups))
    matrix = QuantizedMatrix(
        integers(rng, w_bits, (3, 8), extreme).astype(np.int8),
        mantissas.astype(np.uint16),
        rng.integers(0, 1 << exponent, (3, groups)).astype(np.uint8),
    )
    x = BlockValue(
        integers(rng, x_bits, (2, 1, 8), extreme).astype(np.int32),
        rng.integers(0, 16, (2, 1, 8 // x_group)).astype(np.int32),
    )
    check_unless_too_wide(module, op, {"w": matrix}, [x], [True])


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    x=st.tuples(st.integers(2, 16), st.integers(-4, 20)),
    w_bits=st.integers(2, 8),
    out=st.tuples(st.integers(4, 40), st.integers(-10, 40), st.sampled_from([1, 131, 128, 200])),
)
def test_linear_with_a_static_operand(seed, extreme, x, w_bits, out):
    rng = np.random.default_rng(seed)
    operand = f"tensor<6x!ssm.fixed<{x[0]}, {x[1]}>>"
    module, op = single_op(
        f"""
        ssm.weight @w : tensor<4x6x!ssm.wint<{w_bits}, 3, 8, 3, 10>> = [
          #ssm.step<load, {{name = "w"}}>, #ssm.step<quantize>]
        func.func @f(%x: {operand}) {{
          %y = ssm.linear %x, @w : ({operand})
            -> tensor<4x!ssm.fixed<{", ".join(map(str, out))}>>
          func.return
        }}"""
    )
    matrix = QuantizedMatrix(
        integers(rng, w_bits, (4, 6), extreme).astype(np.int8),
        rng.integers(1, 256, (4, 2)).astype(np.uint16),
        rng.integers(0, 8, (4, 2)).astype(np.uint8),
    )
    check_unless_too_wide(
        module, op, {"w": matrix}, [integers(rng, x[0], (2, 1, 6), extreme)], [True]
    )


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    bits=st.tuples(st.integers(2, 24), st.integers(2, 16)),
    mul=st.sampled_from([1, 130, 255]),
    out=st.tuples(st.integers(4, 30), st.integers(0, 30), st.sampled_from([1, 130, 199])),
    has_bias=st.booleans(),
)
def test_causal_conv1d_step(seed, extreme, bits, mul, out, has_bias):
    rng = np.random.default_rng(seed)
    x, w = f"!ssm.fixed<{bits[0]}, 9, {mul}>", f"!ssm.fixed<{bits[1]}, 7>"
    result = f"!ssm.fixed<{', '.join(map(str, out))}>"
    module, op = single_op(
        f"""
        ssm.weight @w : tensor<5x4x{w}> = [#ssm.step<load, {{name = "w"}}>, #ssm.step<quantize>]
        ssm.weight @b : tensor<5x!ssm.fixed<20, 16, {mul}>> = [
          #ssm.step<load, {{name = "b"}}>, #ssm.step<quantize>]
        func.func @f(%x: tensor<5x{x}>, %s: tensor<5x3x{x}>) {{
          %y, %t = ssm.causal_conv1d_step %x, %s, @w {"bias @b" if has_bias else ""}
            : (tensor<5x{x}>, tensor<5x3x{x}>) -> (tensor<5x{result}>, tensor<5x3x{x}>)
          func.return
        }}"""
    )
    weights = {
        "w": integers(rng, bits[1], (5, 4), extreme),
        "b": integers(rng, 20, (5,), extreme),
    }
    operands = [
        integers(rng, bits[0], (6, 1, 5), extreme),
        integers(rng, bits[0], (1, 5, 3), extreme),
    ]
    check_op(module, op, weights, operands, [True, False])


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    shape=st.sampled_from([(2, 3, 4, 1), (4, 1, 4, 2), (3, 0, 4, 1)]),
    state=st.tuples(st.sampled_from([4, 8, 9, 12]), st.sampled_from([1, 2, 4]), st.integers(6, 20)),
    decay=st.tuples(st.integers(8, 18), st.integers(8, 17)),
    dt=st.tuples(st.integers(8, 20), st.integers(8, 18)),
    x=st.tuples(st.integers(8, 16), st.integers(4, 12)),
    dtx=st.tuples(st.integers(8, 20), st.integers(4, 20)),
    out=st.tuples(st.integers(8, 24), st.integers(4, 20)),
)
def test_selective_state_update(seed, extreme, shape, state, decay, dt, x, dtx, out):
    rng = np.random.default_rng(seed)
    heads, head_dim, size, groups = shape
    channels, is_mamba1 = heads * max(head_dim, 1), head_dim == 0
    dims = f"{heads}x{size}" if is_mamba1 else f"{heads}x{head_dim}x{size}"
    state_type = f"tensor<{dims}x!ssm.bfp<{', '.join(map(str, state))}>>"
    decay_type = (
        f"tensor<{f'{heads}x{size}' if is_mamba1 else heads}x!ssm.fixed<{decay[0]}, {decay[1]}>>"
    )
    dt_type = f"tensor<{heads}x!ssm.fixed<{dt[0]}, {dt[1]}>>"
    x_type = f"tensor<{channels}x!ssm.fixed<{x[0]}, {x[1]}>>"
    b_type = f"tensor<{groups * size}x!ssm.fixed<{x[0]}, {x[1]}>>"
    module, op = single_op(
        f"""
        ssm.weight @d : tensor<{heads}x!ssm.fixed<12, 9>> = [
          #ssm.step<load, {{name = "d"}}>, #ssm.step<quantize>]
        func.func @f(%s: {state_type}, %a: {decay_type}, %dt: {dt_type}, %x: {x_type},
            %b: {b_type}, %c: {b_type}) {{
          %y, %t = ssm.selective_state_update %s, %a, %dt, %x, %b, %c, @d
            dtx !ssm.fixed<{dtx[0]}, {dtx[1]}>
            : ({state_type}, {decay_type}, {dt_type}, {x_type}, {b_type}, {b_type})
            -> (tensor<{channels}x!ssm.fixed<{out[0]}, {out[1]}>>, {state_type})
          func.return
        }}"""
    )
    full = (1, *map(int, dims.split("x")))
    old = BlockValue(
        integers(rng, state[0], full, extreme).astype(np.int32),
        rng.integers(0, 16, (*full[:-1], size // state[1])).astype(np.int32),
    )
    tokens = (5, 1)
    decay_shape = (*tokens, heads, size) if is_mamba1 else (*tokens, heads)
    operands = [
        old,
        np.abs(integers(rng, decay[0], decay_shape, extreme)) - 1,
        integers(rng, dt[0], (*tokens, heads), extreme),
        integers(rng, x[0], (*tokens, channels), extreme),
        integers(rng, x[0], (*tokens, groups * size), extreme),
        integers(rng, x[0], (*tokens, groups * size), extreme),
    ]
    weights = {"d": integers(rng, 12, (heads,), extreme)}
    check_unless_too_wide(module, op, weights, operands, [False, *[True] * 5])


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    bits=st.sampled_from([4, 8, 9, 16]),
    group=st.sampled_from([1, 2, 4, 8]),
    shifts=st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-3, 20)),
    channels=st.sampled_from([3, 64, 70]),
    by_state=st.booleans(),
)
def test_compiled_loops_equal_the_plain_recurrence(
    seed, extreme, bits, group, shifts, channels, by_state
):
    rng = np.random.default_rng(seed)
    rule = Recurrence(BlockFormat(bits, group, 10), *shifts, exact_in_float=True)
    state = BlockValue(
        integers(rng, bits, (2, 2, channels, 8), extreme).astype(np.int32),
        rng.integers(0, 16, (2, 2, channels, 8 // group)).astype(np.int32),
    )
    operands = Operands(
        integers(rng, 12, (6, 2, 2, 8 if by_state else 1, channels), extreme),
        integers(rng, 16, (6, 2, 2, 1, channels), extreme),
        integers(rng, 16, (6, 2, 2, 8, 1), extreme),
        integers(rng, 8, (6, 2, 2, 1, 8), extreme),
    )
    compiled = scan_compiled(rule, state, operands)
    plain = scan_integers(rule, state, operands)
    assert np.array_equal(compiled.read, plain.read)
    assert same_values(compiled.state, plain.state)


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    x=st.tuples(st.integers(2, 30), st.integers(4, 20), st.sampled_from([1, 128, 201])),
    out=st.tuples(st.integers(2, 16), st.sampled_from([1, 2, 6]), st.integers(0, 4)),
    rounding=st.sampled_from(["up", "nearest"]),
)
def test_quantize(seed, extreme, x, out, rounding):
    rng = np.random.default_rng(seed)
    x_type = f"tensor<6x!ssm.fixed<{', '.join(map(str, x))}>>"
    module, op = single_op(
        f"""
        func.func @f(%x: {x_type}) {{
          %y = ssm.quantize %x rounding("{rounding}") : ({x_type})
            -> tensor<6x!ssm.bfp<{out[0]}, {out[1]}, {x[1] - out[2]}>>
          func.return
        }}"""
    )
    values = integers(rng, x[0], (3, 1, 6), extreme)
    store = ChosenWeights(module, {})
    (result,) = prepare(op, store)([values], None)
    for token in range(3):
        (expected,) = MEANING[type(op)](op, Scope(store, None), flat(values[token]))
        assert flat(BlockValue(result.q[token], result.e[token])) == expected


@pytest.mark.parametrize("block", [1, 8, 12, 24, 28, 36, 96])
@pytest.mark.parametrize("extreme", [True, False])
def test_rotate(block, extreme):
    growth = (block - 1).bit_length()
    module, op = single_op(
        f"""
        func.func @f(%x: tensor<{2 * block}x!ssm.fixed<24, 10, 200>>) {{
          %y = ssm.rotate %x block({block}) : (tensor<{2 * block}x!ssm.fixed<24, 10, 200>>)
            -> tensor<{2 * block}x!ssm.fixed<{24 + growth}, 10, 200>>
          func.return
        }}"""
    )
    x = integers(np.random.default_rng(block), 24, (2, 1, 2 * block), extreme)
    check_op(module, op, {}, [x], [True])


def refused(text, message):
    module, op = single_op(text)
    with pytest.raises(LmcError, match=message):
        prepare(op, ChosenWeights(module, {}))


def test_too_wide_sums_are_refused():
    refused(
        """
        ssm.weight @w : tensor<3x256x!ssm.wint<8, 128, 12, 4, 10>> = [
          #ssm.step<load, {name = "w"}>, #ssm.step<quantize>]
        func.func @f(%x: tensor<256x!ssm.bfp<16, 32, 12>>) {
          %y = ssm.linear %x, @w : (tensor<256x!ssm.bfp<16, 32, 12>>) -> tensor<3x!ssm.fixed<8, 1>>
          func.return
        }""",
        "the accumulator of a linear would need",
    )


@pytest.mark.parametrize("spread", [1, 20])
def test_products_are_exact_beyond_53_bits(spread):
    rng = np.random.default_rng(spread)
    matrix = QuantizedMatrix(
        rng.integers(-128, 128, (5, 64)).astype(np.int8),
        rng.integers(1, 4096, (5, 2)).astype(np.uint16),
        np.full((5, 2), 15 if spread > 1 else 9, np.uint8),
    )
    x = rng.integers(-(2**spread), 2**spread, (3, 64)).astype(np.int32)
    scales = np.repeat(matrix.scales(), 32, axis=1).astype(object)
    expected = x.astype(object) @ (matrix.q.astype(object) * scales).T
    assert exact_product(x, matrix, 8, WHOLE).tolist() == expected.tolist()


@cases
@given(
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
    weight_bits=st.integers(2, 8),
    x_bits=st.integers(2, 16),
    exponent=st.sampled_from([0, 3, 15]),
    shape=st.tuples(st.integers(1, 19), st.integers(1, 35), st.sampled_from([1, 2, 3])),
    group=st.sampled_from([2, 3, 32, 64]),
    plan=st.sampled_from([WHOLE, Rescale(1, 3, 0, 40), Rescale(40000, 0, 25, 16)]),
)
def test_compiled_products_equal_those_in_float(
    seed, extreme, weight_bits, x_bits, exponent, shape, group, plan
):
    rng = np.random.default_rng(seed)
    tokens, rows, groups = shape
    columns = group * groups
    matrix = QuantizedMatrix(
        integers(rng, weight_bits, (rows, columns), extreme).astype(np.int8),
        rng.integers(1, 256, (rows, groups)).astype(np.uint16),
        rng.integers(0, 8, (rows, groups)).astype(np.uint8),
    )
    exponents = rng.integers(0, exponent + 1, (tokens, groups)).repeat(group, axis=1)
    x = (integers(rng, x_bits, (tokens, columns), extreme) << exponents).astype(np.int32)
    narrow = narrow_product(x, matrix, weight_bits, plan)
    if narrow is None:
        assert group % 2 or exponent == 15
    else:
        assert np.array_equal(narrow, exact_product(x, matrix, weight_bits, plan))


def test_numbers_too_wide_for_compiled_products_are_left():
    matrix = QuantizedMatrix(
        np.ones((1, 2), np.int8), np.ones((1, 1), np.uint16), np.zeros((1, 1), np.uint8)
    )
    assert narrow_product(np.array([[1 << 15, 1]], np.int32), matrix, 8, WHOLE) is None
    assert narrow_product(np.array([[1 << 15, 2]], np.int32), matrix, 8, WHOLE) is not None
    wide = QuantizedMatrix(
        matrix.q, np.full((1, 1), 4095, np.uint16), np.full((1, 1), 31, np.uint8)
    )
    assert narrow_product(np.array([[1 << 15, 2]], np.int32), wide, 8, WHOLE) is None
