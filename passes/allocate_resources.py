"""`allocate-resources`: what a design uses of a target, chosen for the fewest cycles a token."""

from dataclasses import dataclass
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import LanePort, set_allocation
from lmc.allocation.choices import VECTOR_LANES
from lmc.allocation.search import Pins, choose
from lmc.dataflow.resources.calibration_file import read_calibration
from lmc.diagnostics import LmcError, UsageError
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering.demand import model_demand
from lmc.targets import Target, load_target


@dataclass(frozen=True)
class AllocateResources(LmcPass):
    """Leaves an allocation in the module (`lmc.allocation`), which the steps of lowering build.

    What an option gives is taken as it is; the search decides the rest.
    """

    name = "allocate-resources"
    effect = Effect.BITS

    target: str = "vck190"
    """A target's name, or its .toml file."""
    clock_mhz: int | None = None
    """The clock to plan with, from the target's range: the target's own where it is not given."""
    lanes: str | None = None
    """Ports that feed lanes, and how many sets of rows each lane has: "DDR4:3x4 LPDDR4:4x7"."""
    state: str | None = None
    """Where states are: "chip", or memories and how many banks: "DDR4:1 LPDDR4:3"."""
    state_blocks: int | None = None
    """Blocks of the SSM state that are updated in a cycle."""
    side: str | None = None
    """The memory of parameters, tables, embedding, logits and token ids."""
    vector_lanes: int | None = None
    """Elements that a word of a vector's stream holds at most."""
    prefetch: int | None = None
    """Memory words that each lane's FIFO holds at least."""
    multipliers: str | None = None
    """What multiplies weights: "fabric" or "dsp"."""
    calibration: str | None = None
    """A file of `lmc report`, whose factors the estimates of resources are multiplied by."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Choose, for the only function of the module.

        Raises:
            LmcError: the module has no function or is not quantized, nothing fits the target, that
                is not planned with the clock, or the calibration is not for it.
            UsageError: an option is wrong.
        """
        functions = [item for item in op.body.block.ops if isinstance(item, func.FuncOp)]
        if len(functions) != 1:
            raise LmcError(
                f"allocate-resources takes a module with one function, found {len(functions)}"
            )
        target = load_target(self.target).at_clock(self.clock_mhz)
        pins = self._pins(target)
        used = {lane.memory for lane in pins.lanes or ()}
        widths = [m.port_bits for m in target.memories if m.name in used or not used]
        ops = list(op.body.block.ops)
        demand = model_demand(functions[0], ops, min(widths), pins.vector_lanes)
        allocation = choose(demand, target, pins).allocation
        # A file of the user's is found again by its path, not by the name that is in it.
        set_allocation(op, allocation.model_copy(update={"target": self.target}))

    def _pins(self, target: Target) -> Pins:
        for name in ("state_blocks", "vector_lanes", "prefetch"):
            value = getattr(self, name)
            if value is not None and (value < 1 or value & (value - 1)):
                raise UsageError(f"allocate-resources: {name}={value} is no power of two")
        if self.multipliers not in (None, "fabric", "dsp"):
            raise UsageError(
                f"allocate-resources: multipliers={self.multipliers} is neither fabric nor dsp"
            )
        return Pins(
            None if self.lanes is None else parse_lanes(self.lanes, target),
            None if self.state is None else parse_state(self.state, target),
            self.state_blocks,
            self.side,
            self.vector_lanes or VECTOR_LANES,
            self.prefetch,
            self.multipliers,
            None if self.calibration is None else read_calibration(Path(self.calibration), target),
        )


def parse_state(text: str, target: Target) -> tuple[tuple[str, int], ...]:
    """(memory, banks) from "MEMORY:BANKS ...", BANKS being 1 where it is left out; empty: "chip".

    Raises:
        UsageError: the text is not of this form.
        LmcError: the target has no such memory.
    """
    if text == "chip":
        return ()
    shares: list[tuple[str, int]] = []
    for item in text.split():
        name, _, banks = item.partition(":")
        if not (banks or "1").isdecimal() or not int(banks or 1):
            raise UsageError(f"allocate-resources: state {text!r} is neither chip nor MEMORY:BANKS")
        shares.append((target.memory(name).name, int(banks or 1)))
    if not shares:
        raise UsageError("allocate-resources: state names no memory")
    return tuple(shares)


def parse_lanes(text: str, target: Target) -> tuple[LanePort, ...]:
    """Lanes from "MEMORY:PORTSxSETS ...", SETS being 1 where it is left out.

    Raises:
        UsageError: the text is not of this form.
        LmcError: the target has no such memory, or fewer ports.
    """
    lanes: list[LanePort] = []
    for item in text.split():
        name, _, rest = item.partition(":")
        ports, _, sets = rest.partition("x")
        if not ports.isdecimal() or not (sets or "1").isdecimal() or not int(sets or 1):
            raise UsageError(f"allocate-resources: lanes {item!r} are not MEMORY:PORTSxSETS")
        memory = target.memory(name)
        first = sum(lane.memory == name for lane in lanes)
        if not 1 <= int(ports) <= memory.ports - first:
            raise LmcError(
                f"{target.name}'s {name} has {memory.ports} ports, of which a design uses 1 to "
                f"{memory.ports}, not {first + int(ports)}"
            )
        lanes += [
            LanePort(memory=name, channel=port % memory.channels, sets=int(sets or 1))
            for port in range(first, first + int(ports))
        ]
    if not lanes:
        raise UsageError("allocate-resources: lanes name no port")
    return tuple(lanes)
