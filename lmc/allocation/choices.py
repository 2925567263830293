"""The allocation of a module.

`allocate-resources` chooses an allocation and leaves it in the module; the steps of lowering build
what it says.
"""

from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    ALLOCATION,
    VECTOR_LANES,
    Allocation,
    AllocationAttr,
    LanePort,
    Place,
)


def set_allocation(module: ModuleOp, allocation: Allocation) -> None:
    """Leaves the allocation in the module."""
    module.attributes[ALLOCATION] = AllocationAttr(allocation)


def allocation_of(module: ModuleOp) -> Allocation:
    """The allocation that a module holds.

    Raises:
        LmcError: there is none, or it is not one.
    """
    found = module.attributes.get(ALLOCATION)
    if found is None:
        raise LmcError("the module has no allocation: run allocate-resources first")
    if not isinstance(found, AllocationAttr):
        raise LmcError(f"the module's {ALLOCATION}: a #dataflow.allocation<...>, got {found}")
    return found.data


__all__ = [
    "ALLOCATION",
    "VECTOR_LANES",
    "Allocation",
    "LanePort",
    "Place",
    "allocation_of",
    "set_allocation",
]
