"""What a design uses of a board: ports, lanes, widths, where states live. Plain data, and as IR.

`allocate-resources` chooses an allocation and leaves it in the module; the steps of lowering build
what it says.
"""

from pydantic import BaseModel, ConfigDict, ValidationError
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    i64,
)
from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.ir.attributes import ALLOCATION

VECTOR_LANES = 8
"""Elements that a word of a vector's stream holds at most, where the user does not say."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Data):
    """A channel of a memory: where a port leads to."""

    memory: str
    channel: int = 0


class LanePort(_Data):
    """A lane of the matrix unit and the port that feeds it.

    In each round of rows the lane takes `sets` weight words for each tile, each with rows of its
    own: a lane behind a faster port has more of them.
    """

    memory: str
    channel: int = 0
    sets: int = 1


class Allocation(_Data):
    """The choices of a design."""

    target: str
    clock_mhz: int
    port_bits: int
    """Width of a weight word."""
    lanes: tuple[LanePort, ...]
    prefetch: int = 32
    """Memory words that each lane's FIFO holds at least."""
    multipliers: str = "fabric"
    """What multiplies weights: `fabric` (LUTs) or `dsp` (several weights packed into a DSP)."""
    vector_lanes: int = VECTOR_LANES
    """Elements that a word of a vector's stream holds at most."""
    state_blocks: int = 1
    """Blocks of the SSM state that are updated in a cycle."""
    state_ports: tuple[Place, ...] = ()
    """Where the SSM state is, an equal share of each row's blocks at each; none: on the chip."""
    conv_state_port: Place | None = None
    """Where the conv state is; none: on the chip."""
    chip_memory: str = "uram"
    """The kind of memory that holds states on the chip: `uram` or `bram`."""
    side_port: Place
    """Where parameters, tables, embedding, logits and token ids are."""

    @property
    def in_dsps(self) -> bool:
        """Whether DSPs multiply weights."""
        return self.multipliers == "dsp"


def _plain(value: Attribute) -> object:
    if isinstance(value, DictionaryAttr):
        return {name: _plain(item) for name, item in value.data.items()}
    if isinstance(value, ArrayAttr):
        return [_plain(item) for item in value.data]
    if isinstance(value, IntegerAttr):
        return value.value.data
    if isinstance(value, StringAttr):
        return value.data
    raise LmcError(f"{ALLOCATION} holds {value}, which is no number, string or list")


def _attribute(value: object) -> Attribute:
    if isinstance(value, dict):
        return DictionaryAttr({str(name): _attribute(item) for name, item in value.items()})
    if isinstance(value, list | tuple):
        return ArrayAttr([_attribute(item) for item in value])
    if isinstance(value, int):
        return IntegerAttr(value, i64)
    return StringAttr(str(value))


def set_allocation(module: ModuleOp, allocation: Allocation) -> None:
    """Leaves the allocation in the module."""
    module.attributes[ALLOCATION] = _attribute(allocation.model_dump(exclude_none=True))


def allocation_of(module: ModuleOp) -> Allocation:
    """The allocation that a module holds.

    Raises:
        LmcError: there is none, or it is not one.
    """
    found = module.attributes.get(ALLOCATION)
    if found is None:
        raise LmcError("the module has no allocation: run allocate-resources first")
    try:
        return Allocation.model_validate(_plain(found))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LmcError(f"the module's {ALLOCATION}: {where}: {first['msg'].lower()}") from error


__all__ = ["Allocation", "LanePort", "Place", "allocation_of", "set_allocation"]
