"""Estimates of resources, multiplied by what synthesis of other designs has said about them.

The factors are those of the allocation that the design was lowered with; without an allocation, or
one without factors, estimates stay as they are.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.dataflow.resources.counts import Resources, total
from lmc.dialects.dataflow import AllocationAttr, Calibration
from lmc.dialects.dataflow.calibration import ONE
from lmc.ir.attributes import ALLOCATION

FAMILIES: Final[Mapping[str, str]] = {"DSP48E2": "UltraScale+", "DSP58": "Versal"}
"""The family of devices by the kind of its DSPs: what LUTs and memories are like, too."""


def calibration_of(op: Operation) -> Calibration | None:
    """The factors for a design, or for what is in one."""
    while (parent := op.parent_op()) is not None:
        op = parent
    allocation = op.attributes.get(ALLOCATION) if isinstance(op, ModuleOp) else None
    return allocation.data.calibration if isinstance(allocation, AllocationAttr) else None


def scaled(kind: str, taken: Resources, calibration: Calibration | None) -> Resources:
    """What a part of a kind takes, calibrated."""
    factor = None if calibration is None else calibration.factor(kind)
    if factor is None:
        return taken
    return Resources(
        *(
            getattr(taken, field.name) * (getattr(factor, field.name) or ONE) / ONE
            for field in fields(Resources)
        )
    )


def sum_of_parts(parts: Mapping[str, Resources], calibration: Calibration | None) -> Resources:
    """What all parts of something take together, calibrated."""
    return total(scaled(kind, taken, calibration) for kind, taken in parts.items())
