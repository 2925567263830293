"""What ops of the dialect come down to: an operand, a number, or nothing simpler."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import IndexType, IntegerType, i1
from xdsl.ir import Block, SSAValue

from lmc.dialects import dataflow
from lmc.dialects.dataflow import ConstantOp, RoundShiftSaturateOp, si, ui
from lmc.dialects.dataflow.traits import Reducible

KEPT = Block(arg_types=[ui(4), si(8), i1, ui(200), IndexType()])
NIBBLE, BYTE, CONDITION, WORD, INDEX = KEPT.args


def number(value: int) -> SSAValue:
    return ConstantOp(value, ui(8)).result


def cast(value: SSAValue, type_: IntegerType) -> SSAValue:
    return dataflow.CastOp(value, type_).result


WIDER = cast(NIBBLE, ui(6))
NARROWER = cast(BYTE, si(3))

CASES: dict[str, tuple[Reducible, SSAValue | int | None]] = {
    "x + 0": (dataflow.AddOp(BYTE, number(0), si(9)), BYTE),
    "0 + x": (dataflow.AddOp(number(0), BYTE, si(9)), BYTE),
    "x + 1": (dataflow.AddOp(BYTE, number(1), si(9)), None),
    "2 + 3": (dataflow.AddOp(number(2), number(3), ui(4)), 5),
    "x - 0": (dataflow.SubOp(BYTE, number(0), si(9)), BYTE),
    "0 - x": (dataflow.SubOp(number(0), BYTE, si(9)), None),
    "x * 1": (dataflow.MulOp(BYTE, number(1), si(9)), BYTE),
    "x * 0": (dataflow.MulOp(BYTE, number(0), si(9)), 0),
    "min of more": (dataflow.MinOp(NIBBLE, number(15), ui(4)), NIBBLE),
    "min of less": (dataflow.MinOp(NIBBLE, number(14), ui(4)), None),
    "max of less": (dataflow.MaxOp(NIBBLE, number(0), ui(4)), NIBBLE),
    "max of more": (dataflow.MaxOp(number(20), NIBBLE, ui(5)), 20),
    "|x| of unsigned": (dataflow.AbsOp(NIBBLE, ui(4)), NIBBLE),
    "|x| of signed": (dataflow.AbsOp(BYTE, ui(8)), None),
    "bits of 0": (dataflow.BitLengthOp(number(0), ui(4)), 0),
    "x << 0": (dataflow.ShlOp(BYTE, number(0), si(9)), BYTE),
    "x >> 0": (dataflow.ShrOp(BYTE, number(0), si(8)), BYTE),
    "x >> 1": (dataflow.ShrOp(BYTE, number(1), si(8)), None),
    "rounded by 0": (RoundShiftSaturateOp(BYTE, number(0), si(8)), BYTE),
    "saturated": (RoundShiftSaturateOp(BYTE, number(0), si(7)), None),
    "always less": (dataflow.CmpOp("lt", NIBBLE, number(16)), 1),
    "maybe less": (dataflow.CmpOp("lt", NIBBLE, number(15)), None),
    "never more": (dataflow.CmpOp("gt", NIBBLE, number(15)), 0),
    "always at least": (dataflow.CmpOp("ge", NIBBLE, number(0)), 1),
    "never equal": (dataflow.CmpOp("eq", NIBBLE, number(16)), 0),
    "always other": (dataflow.CmpOp("ne", NIBBLE, number(16)), 1),
    "equal constants": (dataflow.CmpOp("le", number(7), number(7)), 1),
    "same choice": (dataflow.SelectOp(CONDITION, BYTE, BYTE), BYTE),
    "own type": (dataflow.CastOp(BYTE, si(8)), BYTE),
    "wider, then narrower": (dataflow.CastOp(WIDER, ui(3)), NIBBLE),
    "narrower, then wider": (dataflow.CastOp(NARROWER, si(9)), None),
    "a number that fits": (dataflow.CastOp(number(7), si(4)), 7),
    "a number that wraps": (dataflow.CastOp(number(8), si(4)), None),
    "an index": (dataflow.CastOp(INDEX, ui(6)), None),
    "a condition": (dataflow.CastOp(CONDITION, ui(1)), None),
    "all of a word": (dataflow.SliceOp(WORD, INDEX, ui(200)), WORD),
    "all of a number": (dataflow.SliceOp(BYTE, INDEX, ui(8)), BYTE),
    "part of a number is replaced": (dataflow.InsertOp(NIBBLE, number(0), INDEX), None),
    "all of a number is replaced": (dataflow.InsertOp(BYTE, number(0), INDEX), BYTE),
    "part of a word": (dataflow.SliceOp(WORD, INDEX, ui(8)), None),
    "one part": (dataflow.ConcatOp([WORD], ui(200)), WORD),
    "two parts": (dataflow.ConcatOp([NIBBLE, NIBBLE], ui(8)), None),
}


@pytest.mark.parametrize("case", CASES)
def test_reduced(case: str) -> None:
    op, expected = CASES[case]
    found = op.reduced()
    assert found is expected or (isinstance(found, int) and found == expected)
