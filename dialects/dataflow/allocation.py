"""What a design uses of a board: ports, lanes, widths, where states live. Plain data, and as IR.

    lmc.allocation = #dataflow.allocation<{target = "vck190", clock_mhz = 300, ...}>

Only what differs from the defaults has to be there; all is printed but what is none.
"""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, StringAttr, i64
from xdsl.ir import Attribute, Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.calibration import Calibration, Name, Positive

VECTOR_LANES = 8
"""Elements that a word of a vector's stream holds at most, where the user does not say."""

Channel = Annotated[int, Field(strict=True, ge=0)]


class Place(BaseModel, extra="forbid", frozen=True):
    """A channel of a memory: where a port leads to."""

    memory: Name
    channel: Channel = 0


class LanePort(BaseModel, extra="forbid", frozen=True):
    """A lane of the matrix unit and the port that feeds it.

    In each round of rows the lane takes `sets` weight words for each tile, each with rows of its
    own: a lane of a faster port has more of them.
    """

    memory: Name
    channel: Channel = 0
    sets: Positive = 1


class Allocation(BaseModel, extra="forbid", frozen=True):
    """The choices of a design."""

    target: Name
    clock_mhz: Positive
    port_bits: Positive
    """Width of a weight word."""
    lanes: tuple[LanePort, ...]
    prefetch: Positive = 32
    """Memory words that each lane's FIFO holds at least."""
    multipliers: Annotated[str, Field(pattern="^(fabric|dsp)$")] = "fabric"
    """What multiplies weights: `fabric` (LUTs) or `dsp` (several weights packed into a DSP)."""
    vector_lanes: Positive = VECTOR_LANES
    """Elements that a word of a vector's stream holds at most."""
    state_blocks: Positive = 1
    """Blocks of the SSM state that are updated in a cycle."""
    state_ports: tuple[Place, ...] = ()
    """Where the SSM state is, an equal share of each row's blocks at each; none: on the chip."""
    conv_state_port: Place | None = None
    """Where the conv state is; none: on the chip."""
    chip_memory: Annotated[str, Field(pattern="^(uram|bram)$")] = "uram"
    """The kind of memory that holds states on the chip: `uram` or `bram`."""
    side_port: Place
    """Where parameters, tables, embedding, logits and token ids are."""
    calibration: Calibration | None = None
    """What estimates of resources are multiplied by; none: nothing."""

    @property
    def in_dsps(self) -> bool:
        """Whether DSPs multiply weights."""
        return self.multipliers == "dsp"


@irdl_attr_definition
class AllocationAttr(Data[Allocation]):
    """An allocation in a module."""

    name = "dataflow.allocation"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Allocation:
        """A dictionary of the choices; an error names the key that is unknown, missing or wrong."""
        with parser.in_angle_brackets():
            choices = parser.parse_attribute()
        try:
            return Allocation.model_validate(_plain(choices))
        except ValidationError as error:
            parser.raise_error(_sentence(error))
        except VerifyException as error:
            parser.raise_error(str(error))

    def print_parameter(self, printer: Printer) -> None:
        """The reverse of `parse_parameter`."""
        with printer.in_angle_brackets():
            printer.print_string(_text(self.data.model_dump(exclude_none=True)))


def _plain(value: Attribute) -> object:
    if isinstance(value, DictionaryAttr):
        return {name: _plain(item) for name, item in value.data.items()}
    if isinstance(value, ArrayAttr):
        return [_plain(item) for item in value.data]
    if isinstance(value, IntegerAttr) and value.type == i64:
        return value.value.data
    if isinstance(value, StringAttr):
        return value.data
    raise VerifyException(f"an allocation holds {value}, which is no number, string or list")


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_text, value)) + "]"
    return str(value) if isinstance(value, int) else str(StringAttr(str(value)))


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, and where."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"an allocation has no {where}: it has {', '.join(Allocation.model_fields)}"
    if first["type"] == "missing":
        return f"an allocation needs {where}"
    return f"an allocation's {where}: {first['msg'].lower()}, got {first['input']!r}"
