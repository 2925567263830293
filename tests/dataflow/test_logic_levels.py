"""LUT levels that ops say they take."""

from __future__ import annotations

from collections import Counter

import pytest
from random_designs import seeded_launch
from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Operation, SSAValue
from xdsl.utils.test_value import create_ssa_value

from lmc.dataflow.delays import operator_delay
from lmc.dialects import dataflow
from lmc.dialects.dataflow import si, ui


def test_what_takes_time_and_has_no_registers_has_levels() -> None:
    """So that no op is forgotten: a chain of such would have no end."""
    seen = Counter[str]()
    for seed in range(12):
        for op in seeded_launch(seed).design.walk():
            if not op.results or op.regions:
                continue
            delay = operator_delay(op)
            if delay.nanoseconds and not delay.cycles:
                assert delay.levels > 0, op
                seen[op.name] += 1
            elif not delay.cycles:
                assert delay.levels == 0, op
    assert len(seen) >= 15


def value(type_: IntegerType | IndexType) -> SSAValue:
    return create_ssa_value(type_)


@pytest.mark.parametrize(
    ("op", "levels"),
    [
        (dataflow.AddOp(value(si(48)), value(si(48)), si(49)), 1),
        (dataflow.CmpOp("lt", value(si(32)), value(si(32))), 1),
        (dataflow.MaxOp(value(si(32)), value(si(32)), si(32)), 2),
        (dataflow.AbsOp(value(si(32)), ui(32)), 3),
        (dataflow.BitLengthOp(value(ui(32)), ui(6)), 8),
        (dataflow.BitLengthOp(value(ui(62)), ui(6)), 14),
        (dataflow.MulOp(value(si(8)), value(si(8)), si(16)), 6),
        (dataflow.ShrOp(value(si(64)), value(ui(6)), si(64)), 6),
        (dataflow.SliceOp(value(ui(512)), value(IndexType()), ui(16)), 3),
        (dataflow.InsertOp(value(ui(16)), value(ui(128)), value(IndexType())), 5),
        (arith.MuliOp(value(IndexType()), value(IndexType())), 8),
    ],
)
def test_levels_of_ops(op: Operation, levels: float) -> None:
    """docs/synthesis.md has what yosys makes of most of these."""
    assert operator_delay(op).levels == levels
