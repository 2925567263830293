"""Prints LightMamba's ablation on its own resources, by the cycle simulator, beside its paper's.

    python benchmarks/ablation.py [--model mamba2-2.7b] [--preset lightmamba]

A token is one without logits: the layers only, as LightMamba leaves the LM head to the host. Two
and three layers are simulated; each further one takes what the third has added. Weights are
random: cycles do not depend on them. docs/lightmamba.md explains the figures.
"""

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from lmc.analysis.groups import intermediates_of
from lmc.backends.hls.printer import find_design
from lmc.dataflow.resources import estimate
from lmc.dataflow.resources.budget import SOURCE as RESOURCES_SOURCE
from lmc.dialects.ssm import LinearOp, WeightOp
from lmc.driver.default import PINNED, SCHEDULES, board_passes, integer_pipeline
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named, shallow
from lmc.ir.editing import symbol
from lmc.ir.groups import layers_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.labels import Label
from lmc.memory_layout.tiling import planes_of
from lmc.simulation.launch import Launch, simulate_launch
from lmc.targets import load_target
from lmc.weights.store import layer_widths

TARGET, MODEL = "lightmamba-vck190", "mamba2-2.7b"
ALL = "lightmamba"
"""The schedule with everything; what it pins holds for all rows."""
DEPTHS = (2, 3)
"""Layers of the models that are simulated."""
PROMPT, NEW = 4, 2
"""Tokens of the simulated launch; steps without logits count, when the first one is over."""
PRODUCTS = 64
"""Products that LightMamba's matrix unit makes in a cycle."""


@dataclass(frozen=True)
class Row:
    """A row: its passes of level 3, and what LightMamba (arXiv 2502.15260) publishes of it."""

    name: str
    passes: tuple[str, ...]
    tokens_per_second: float | None = None
    utilization: float | None = None
    uram: int | None = None


PUBLISHED, UNQUANTIZED = 7.21, 2.23
"""Tokens a second of the last and of the first row of the paper's ablation; the first has 16-bit
weights."""
ROWS = (
    Row("naive", SCHEDULES["naive"], 5.32, 0.58, 246),
    Row("reordered", SCHEDULES["reordered"], 7.21, 0.96, 246),
    Row("fused in the model's order", ("tile-and-fuse",)),
    Row("reordered and fused", SCHEDULES[ALL], PUBLISHED, 0.96, 61),
)


@dataclass(frozen=True)
class Step:
    """A step without logits of a design, in cycles and bytes."""

    cycles: float
    read: float
    written: float

    def deeper(self, other: "Step", layers: int) -> "Step":
        """With as many layers more, each of which takes what `other` has beyond this step."""
        return Step(
            self.cycles + layers * (other.cycles - self.cycles),
            self.read + layers * (other.read - self.read),
            self.written + layers * (other.written - self.written),
        )


@dataclass(frozen=True)
class Figures:
    """A row of a model on the target.

    `products` are those of a token in the layers, `kept` the bytes of a layer's intermediates that
    are kept whole, `bram36` and `uram` the blocks of the whole design.
    """

    step: Step
    products: int
    clock_hz: float
    sustained: float
    kept: int
    bram36: float
    uram: float

    @property
    def tokens_per_second(self) -> float:
        """Tokens without logits."""
        return self.clock_hz / self.step.cycles

    @property
    def utilization(self) -> float:
        """The share of cycles in which the matrix unit multiplies."""
        return self.products / PRODUCTS / self.step.cycles

    @property
    def port_use(self) -> float:
        """The share of the port's bandwidth that is used."""
        moved = self.step.read + self.step.written
        return moved * self.tokens_per_second / self.sustained

    @property
    def urams(self) -> float:
        """BRAM and URAM together, in blocks of 288 Kbit."""
        return self.uram + self.bram36 / 8

    @property
    def ceilings(self) -> dict[str, float]:
        """Tokens a second if one thing alone took time."""
        return {
            "the multipliers": self.clock_hz * PRODUCTS / self.products,
            "words read": self.sustained / self.step.read,
            "words read and written": self.sustained / (self.step.read + self.step.written),
            "16-bit weights read": self.sustained / (2 * self.products),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description="LightMamba's ablation on its own resources.")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--preset", default="lightmamba")
    arguments = parser.parse_args()
    print(f"{arguments.model}, preset {arguments.preset}, {TARGET}, tokens without logits")
    print(f"BRAM36 and URAM: {RESOURCES_SOURCE}; paper: as published; all else: {Label.SIMULATED}")
    print(
        f"{'':28}{'tokens/s':>9}{'paper':>7}{'MACs busy':>11}{'paper':>7}{'port busy':>11}"
        f"{'kept whole':>12}{'BRAM36':>8}{'URAM':>6}{'as URAM':>9}{'paper':>7}"
    )
    ceilings: dict[str, float] = {}
    for row, figures in ablation(arguments.model, arguments.preset):
        print(line(row, figures), flush=True)
        ceilings = figures.ceilings
    print("\ntokens/s if one thing alone took time, the paper's, and their ratio:")
    for what, rate in ceilings.items():
        published = UNQUANTIZED if what.startswith("16-bit") else PUBLISHED
        print(f"  {what:26}{rate:9.2f}{published:7.2f}{published / rate:8.1%}")


def line(row: Row, figures: Figures) -> str:
    return (
        f"{row.name:28}{figures.tokens_per_second:9.2f}{or_dash(row.tokens_per_second, '.2f'):>7}"
        f"{figures.utilization:11.1%}{or_dash(row.utilization, '.0%'):>7}{figures.port_use:11.1%}"
        f"{figures.kept / 1e3:9.1f} kB{figures.bram36:8g}{figures.uram:6g}"
        f"{figures.urams:9.1f}{or_dash(row.uram, 'd'):>7}"
    )


def or_dash(value: float | None, form: str) -> str:
    """A published figure, or a dash where there is none."""
    return "-" if value is None else format(value, form)


def ablation(model: str, preset: str) -> Iterator[tuple[Row, Figures]]:
    """Each row and its figures; what the rows share is done once."""
    source = import_named(model, random_weights=not model.startswith("bookbyte"))
    registry = load_registry([])
    context = make_context(registry)
    common = Pipeline.parse(registry, integer_pipeline(preset))
    board = Pipeline.parse(registry, ",".join(board_passes(TARGET, PINNED[ALL])))
    modules = [shallow(source, depth).module for depth in DEPTHS]
    for module in modules:
        common.run(context, module)
    for row in ROWS:
        own = Pipeline.parse(registry, ",".join(row.passes))
        scheduled = [module.clone() for module in modules]
        for module in scheduled:
            own.run(context, module)
        kept = intermediates_of(scheduled[0]).bytes
        products = products_of_layer(scheduled[0]) * source.config.n_layers
        for module in scheduled:
            board.run(context, module)
        yield row, figures_of(scheduled, source.config.n_layers, kept, products)


def figures_of(modules: list[ModuleOp], layers: int, kept: int, products: int) -> Figures:
    """Simulates lowered models of `DEPTHS` layers, for one of `layers` layers."""
    target = load_target(TARGET)
    designs = [find_design(module) for module in modules]
    launches = [simulate_launch(design, target, PROMPT, NEW) for design in designs]
    shallower, deeper = map(step_of, launches)
    used = estimate(designs[0], target).total
    return Figures(
        shallower.deeper(deeper, layers - DEPTHS[0]),
        products,
        target.clock_mhz * 1e6,
        sum(memory.sustained_gbps for memory in target.memories) * 1e9,
        kept,
        used.bram36,
        used.uram,
    )


def step_of(launch: Launch) -> Step:
    """A step without logits. It writes states only: what is read as well as written."""
    cycles = launch.prefill_cycles_per_token
    assert cycles is not None
    ports = launch.result.ports
    read = {port.bank for port in ports if not port.writes}
    total = sum(port.bytes for port in ports if port.writes and port.bank in read)
    written = total / len(launch.step_ends)
    return Step(cycles, sum(launch.prefill_bytes.values()) - written, written)


def products_of_layer(module: ModuleOp) -> int:
    """Products of a layer's matrices in the first layer, of four bits of a weight each."""
    weights = {op.sym_name.data: op for op in module.walk() if isinstance(op, WeightOp)}
    total = 0
    for op in module.walk():
        if isinstance(op, LinearOp) and layers_of(op) is not None:
            weight = weights[symbol(op.weight)]
            total += math.prod(weight.type.get_shape()) * planes_of(layer_widths(weight)[0])
    return total


if __name__ == "__main__":
    main()
