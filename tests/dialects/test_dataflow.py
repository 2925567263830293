"""Types, ranges and verifiers of the dataflow dialect."""

from __future__ import annotations

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow import (
    AddOp,
    BankOp,
    BufferOp,
    ConstantOp,
    MulOp,
    PortType,
    Range,
    ScalarOp,
    ShlOp,
    StreamType,
    SubOp,
    operand_range,
    si,
    smallest_type,
    type_range,
    ui,
)


def value(type_) -> SSAValue:
    return test.TestOp(result_types=[type_]).results[0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0, 0), ui(1)),
        ((0, 255), ui(8)),
        ((0, 256), ui(9)),
        ((-1, 0), si(1)),
        ((-128, 127), si(8)),
        ((-1, 128), si(9)),
        ((-129, 0), si(9)),
        ((-8, -3), si(4)),
    ],
)
def test_smallest_type(values: tuple[int, int], expected: IntegerType) -> None:
    assert smallest_type(Range(*values)) == expected
    assert type_range(expected).contains(Range(*values))


@pytest.mark.parametrize("op", [AddOp, SubOp, MulOp])
@pytest.mark.parametrize("types", [(si(3), si(4)), (ui(3), si(4)), (ui(3), ui(4)), (si(1), ui(4))])
def test_ranges_of_results_are_tight(op, types: tuple[IntegerType, IntegerType]) -> None:
    function = {AddOp: int.__add__, SubOp: int.__sub__, MulOp: int.__mul__}[op]
    left, right = (type_range(type_) for type_ in types)
    results = [
        function(a, b)
        for a in range(left.low, left.high + 1)
        for b in range(right.low, right.high + 1)
    ]
    assert op.combine(left, right) == Range(min(results), max(results))


def test_widths_that_never_overflow_verify_and_smaller_ones_do_not() -> None:
    a, b = value(si(8)), value(si(8))
    AddOp(a, b, si(9)).verify()
    MulOp(a, b, si(16)).verify()
    AddOp(a, b, si(8), exact=True).verify()
    with pytest.raises(VerifyException, match="needs si9, which si8 does not hold"):
        AddOp(a, b, si(8)).verify()
    with pytest.raises(VerifyException, match="needs si9, which ui9 does not hold"):
        SubOp(a, b, ui(9)).verify()


def test_constants_count_with_their_value() -> None:
    three = ConstantOp(3, ui(8)).result
    assert operand_range(three) == Range(3, 3)
    MulOp(value(si(8)), three, si(10)).verify()
    ShlOp(value(si(8)), ConstantOp(3, ui(2)).result, si(11)).verify()
    with pytest.raises(VerifyException, match="300 is out of range for type ui8"):
        ConstantOp(300, ui(8))


@pytest.mark.parametrize("type_", [IndexType(), IntegerType(8), si(1025)])
def test_streams_carry_signed_or_unsigned_data_only(type_) -> None:
    with pytest.raises(VerifyException):
        StreamType(type_)


@pytest.mark.parametrize("type_", [si(512), ui(12)])
def test_ports_carry_words_of_bytes(type_) -> None:
    with pytest.raises(VerifyException, match="uiN of whole bytes"):
        PortType(type_)


def test_structure_is_verified() -> None:
    with pytest.raises(VerifyException, match="unknown direction both"):
        BankOp("w", "both", 4, "ddr", ui(512)).verify()
    with pytest.raises(VerifyException, match="at least one example"):
        ScalarOp("n", []).verify()
    with pytest.raises(VerifyException, match="unknown kind rom"):
        BufferOp("b", si(8), (4,), "rom").verify()
    with pytest.raises(VerifyException, match="dimension 1 can't be partitioned by 2"):
        BufferOp("b", si(8), (4,), "bram", [(1, 2)]).verify()
