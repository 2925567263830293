"""The roofline of a design: multiplications a second against multiplications a byte of memory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lmc.analysis.cost.summary import short
from lmc.dataflow.resources.budget import BUDGET_SOURCE
from lmc.labels import assumed, estimated
from lmc.simulation.launch import Launch
from lmc.simulation.report import source_of
from lmc.simulation.work import Work, work_of

_LARGE = 0.02
"""The share of a token's multiplications from which on a task is drawn."""
_MOST = 6
"""Tasks, or groups of tasks that are alike, that are drawn at most."""
COUNTED = estimated("counted in the IR of level 4")
"""The label of multiplications and bytes of a token."""


@dataclass(frozen=True)
class Roof:
    """A bound: bytes a second where `is_slanted`, else multiplications a second."""

    name: str
    rate: float
    is_slanted: bool
    is_board: bool
    label: str

    @property
    def shown(self) -> str:
        """The rate with its unit."""
        return f"{short(round(self.rate), 'B' if self.is_slanted else 'mult.')}/s"


@dataclass(frozen=True)
class Point:
    """The whole design, or a task: what it does a second, and what it would if it never waited.

    `per_byte` is None where no memory moves weights or states for it.
    """

    name: str
    per_byte: float | None
    rate: float
    unblocked: float | None

    @property
    def shown(self) -> str:
        """The rate with its unit."""
        return f"{short(round(self.rate), 'mult.')}/s"


@dataclass(frozen=True)
class Roofline:
    """Roofs, the design's point first among `points`, and sentences that say what is seen."""

    roofs: Sequence[Roof]
    points: Sequence[Point]
    sentences: Sequence[str]
    source: str


def roofline(launch: Launch, dsps: int) -> Roofline | None:
    """The roofline of a launch on a board with a budget of so many DSPs.

    None for a design without multiplications, or one that moves nothing through memory.
    """
    work = work_of(launch)
    moved = sum(launch.decode_bytes.values())
    total = sum(one.multiplications for one in work.values())
    if not moved or not total:
        return None
    whole = Point("the design", total / moved, total * launch.tokens_per_second, None)
    lanes = [one for one in work.values() if one.packed is not None]
    roofs = [*_memories(launch), *_ports(launch), *_products(launch, lanes, dsps)]
    products = sum(one.multiplications for one in lanes) * launch.tokens_per_second
    sentences = _sentences(whole, roofs, products)
    return Roofline(roofs, [whole, *_tasks(launch, work, total)], sentences, source_of(launch))


def _memories(launch: Launch) -> list[Roof]:
    used = [memory for memory in launch.target.memories if launch.decode_bytes[memory.name]]
    label = assumed("sustained rates of the target file")
    roofs = [
        Roof(f"memory {memory.name}, sustained", memory.sustained_gbps * 1e9, True, True, label)
        for memory in used
    ]
    if len(used) > 1:
        rate = sum(memory.sustained_gbps for memory in used) * 1e9
        roofs.append(Roof("all memories in use", rate, True, True, label))
    return roofs


def _ports(launch: Launch) -> list[Roof]:
    """What the ports that read in steps with new tokens can carry together."""
    ports = [port for port in launch.result.ports if not port.writes]
    hz = launch.result.clock_mhz * 1e6
    rate = sum(port.sustained for port in ports) * hz
    name = f"its {len(ports)} ports that read"
    return [Roof(name, rate, True, False, estimated("words, or rates of a port, at the clock"))]


def _products(launch: Launch, lanes: Sequence[Work], dsps: int) -> list[Roof]:
    """What the budget of DSPs could multiply, and what the lanes can."""
    hz = launch.result.clock_mhz * 1e6
    packed = max((one.packed or 1 for one in lanes), default=1)
    in_each = "" if packed == 1 else f", {packed} products in each"
    name = f"{dsps:,} DSPs of the budget{in_each}"
    roofs = [Roof(name, dsps * packed * hz, False, True, BUDGET_SOURCE)]
    if lanes:
        products = sum(one.each_cycle for one in lanes)
        made_of = "" if any(one.packed for one in lanes) else ", made of LUTs"
        name = f"its {len(lanes)} lanes, {products:,.0f} products a cycle{made_of}"
        roofs.append(Roof(name, products * hz, False, False, COUNTED))
    return roofs


def _tasks(launch: Launch, work: Mapping[str, Work], total: int) -> list[Point]:
    """The tasks with the most multiplications; those with the same figures are one point."""
    alike: dict[tuple[Work, int], list[str]] = defaultdict(list)
    for name, one in work.items():
        # Tasks that compute as much may need different times for it.
        alike[one, launch.decode_cycles[name]].append(name)
    sums = {key: key[0].multiplications * len(names) for key, names in alike.items()}
    largest = sorted(alike, key=lambda key: -sums[key])[:_MOST]
    hz = launch.result.clock_mhz * 1e6
    points: list[Point] = []
    for key in largest:
        if sums[key] < _LARGE * total:
            break
        one, cycles = key
        first, others = alike[key][0], len(alike[key]) - 1
        name = f"{first} and {others} alike, together" if others else first
        per_byte = one.multiplications / one.bytes if one.bytes else None
        rate = sums[key] * launch.tokens_per_second
        points.append(Point(name, per_byte, rate, sums[key] * hz / cycles))
    return points


def _sentences(whole: Point, roofs: Sequence[Roof], products: float) -> list[str]:
    """What the picture shows; `products` are those of weights and activations a second."""
    assert whole.per_byte is not None
    memory = max(
        (roof for roof in roofs if roof.is_slanted and roof.is_board), key=lambda roof: roof.rate
    )
    bound = whole.per_byte * memory.rate
    first = (
        f"A new token takes {whole.per_byte:.2f} multiplications for each byte that memory moves. "
        f"At {memory.shown} ({memory.name}) that is {_rate(bound)} at the most; the design does "
        f"{_rate(whole.rate)}, {whole.rate / bound:.1%} of it."
    )
    lanes = [roof for roof in roofs if not roof.is_slanted and not roof.is_board]
    return [first] + [
        f"The lanes do {products / roof.rate:.1%} of the products that they could do if they had a "
        "word in each cycle."
        for roof in lanes
    ]


def _rate(rate: float) -> str:
    return f"{short(round(rate))} multiplications a second"
