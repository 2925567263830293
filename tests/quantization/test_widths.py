"""Exact intermediates of more than 63 bits are refused, by op; those of 63 are not."""

import pytest

from lmc.diagnostics import LmcError
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.quantization.widths import check_widths

WEIGHT = 'ssm.weight @w : {} = [#ssm.step<load, {{name = "x"}}>, #ssm.step<quantize, {{}}>]\n'


def fixed(*parameters: int) -> str:
    return f"tensor<4x!ssm.fixed<{', '.join(map(str, parameters))}>>"


def check(op: str, weight: str | None = None, returned: str = "", **arguments: str) -> None:
    listed = ", ".join(f"%{name}: {kind}" for name, kind in arguments.items())
    symbols = "" if weight is None else WEIGHT.format(weight)
    results = f" -> {returned}" if returned else ""
    value = f" %y : {returned}" if returned else ""
    text = f"{symbols}func.func @f({listed}){results} {{ {op} func.return{value} }}"
    check_widths(parse_module(make_context(load_registry()), text, "test"))


# Two integers of 30 bits, one of them shifted left: the sum takes 32 bits more than the shift.
@pytest.mark.parametrize(("shift", "fits"), [(32, True), (33, False)])
def test_add(shift: int, fits: bool) -> None:
    lhs, rhs, result = fixed(30, 0), fixed(30, shift), fixed(24, 0)
    op = f"%y = ssm.add %a, %b : ({lhs}, {rhs}) -> {result}"
    if fits:
        check(op, a=lhs, b=rhs)
    else:
        with pytest.raises(LmcError, match=r"ssm\.add %y: the sum would need 64 bits"):
            check(op, a=lhs, b=rhs)


# 2^(bits - 1) times a multiplier of 16 bits, and the rounding.
@pytest.mark.parametrize(("bits", "fits"), [(47, True), (48, False)])
@pytest.mark.parametrize("name", ["requantize", "bias"])
def test_changes_of_scale(name: str, bits: int, fits: bool) -> None:
    operand, result = fixed(bits, 20, 255), fixed(24, 0)
    weight = fixed(8, 20, 255) if name == "bias" else None
    reference = ", @w" if name == "bias" else ""
    op = f"%y = ssm.{name} %x{reference} : ({operand}) -> {result}"
    if fits:
        check(op, weight, x=operand)
    else:
        with pytest.raises(LmcError, match=rf"ssm\.{name} %y: the change of scale of the result"):
            check(op, weight, x=operand)


@pytest.mark.parametrize(("frac", "fits"), [(-42, True), (-43, False)])
def test_an_embedding(frac: int, fits: bool) -> None:
    """A right shift by 62 is rounded with 2^61, one by 63 with 2^62, which is a bit too much."""
    weight = "tensor<9x4x!ssm.wint<8, 4, 8, 3, 20>>"
    result = fixed(24, frac)
    op = f"%y = ssm.embedding %id, @w : (tensor<i32>) -> {result}"
    if fits:
        check(op, weight, result, id="tensor<i32>")
    else:
        with pytest.raises(LmcError, match=r"ssm\.embedding %y: the change of scale"):
            check(op, weight, result, id="tensor<i32>")
