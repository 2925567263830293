"""Prints LightMamba's ablation on its own resources, by the cycle simulator, beside its paper's.

    python benchmarks/ablation.py [--model mamba2-2.7b] [--preset lightmamba]

A token is one without logits: the layers only, as LightMamba leaves the LM head to the host.
Weights are random: cycles do not depend on them. docs/lightmamba.md explains the figures.
"""

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from lmc.backends.hls.printer import find_design
from lmc.context import make_context
from lmc.dataflow.resources import estimate
from lmc.dialects.ssm import LayersOp, LinearOp, WeightOp
from lmc.intermediates import intermediates_of
from lmc.lowering.tiling import planes_of
from lmc.pipeline import SCHEDULES, default_pipeline, parse_passes, run_passes
from lmc.registry import load_registry
from lmc.simulation.launch import Launch, simulate_launch
from lmc.source import import_named
from lmc.targets import load_target
from lmc.weights.store import layer_widths

TARGET, MODEL = "lightmamba-vck190", "mamba2-2.7b"
ALL = "lightmamba"
"""The schedule with everything; its pins are those of the others too."""
SCHEDULED, FIRST_OF_BOARD = "reorder-computation", "allocate-resources"
"""The first pass of level 3, and the first one that knows the board."""
PROMPT, NEW = 4, 2
"""Tokens of the simulated launch: the steps without logits count, when the first is over."""
PRODUCTS = 64
"""Products that LightMamba's matrix unit makes in a cycle."""


@dataclass(frozen=True)
class Published:
    """A row of LightMamba's ablation on the VCK190 (arXiv 2502.15260)."""

    schedule: str
    step: str
    tokens_per_second: float
    utilization: float | None
    uram: int | None


PUBLISHED = (
    Published("naive", "naive", 5.32, 0.58, 246),
    Published("reordered", "reordered", 7.21, 0.96, 246),
    Published(ALL, "tiled and fused", 7.21, 0.96, 61),
)
UNQUANTIZED = 2.23
"""Tokens a second of the same ablation's first row, with 16-bit weights."""


@dataclass(frozen=True)
class Measured:
    """A schedule of a model on the target.

    `products` are those of a token's layers, `kept` the bytes of intermediates that are kept whole,
    `on_chip` the bytes of memory that the design's BRAM and URAM blocks hold.
    """

    tokens_per_second: float
    products: int
    clock_hz: float
    bytes_moved: int
    bytes_read: float
    sustained: float
    kept: int
    bram36: float
    uram: float

    @property
    def utilization(self) -> float:
        """The share of cycles in which the matrix unit multiplies."""
        return self.products / PRODUCTS * self.tokens_per_second / self.clock_hz

    @property
    def port_use(self) -> float:
        """The share of cycles in which the port moves a word."""
        return self.bytes_moved * self.tokens_per_second / self.sustained

    @property
    def urams(self) -> float:
        """BRAM and URAM together, in blocks of 288 Kbit."""
        return self.uram + self.bram36 / 8

    @property
    def ceilings(self) -> dict[str, float]:
        """Tokens a second if nothing but one thing took time."""
        return {
            "the multipliers": self.clock_hz * PRODUCTS / self.products,
            "words read": self.sustained / self.bytes_read,
            "words read and written": self.sustained / self.bytes_moved,
            "16-bit weights read": self.sustained / (2 * self.products),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description="LightMamba's ablation on its own resources.")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--preset", default="lightmamba")
    arguments = parser.parse_args()
    print(f"{arguments.model}, preset {arguments.preset}, {TARGET}, tokens without logits")
    print(
        f"{'':16}{'tokens/s':>9}{'paper':>7}{'MACs busy':>11}{'paper':>7}{'port busy':>11}"
        f"{'kept whole, kB':>16}{'BRAM36':>8}{'URAM':>6}{'in URAMs':>10}{'paper':>7}"
    )
    last = None
    for published, measured in ablation(arguments.model, arguments.preset):
        print(row(published, measured), flush=True)
        last = measured
    assert last is not None
    print("\nceilings, tokens/s, and what the paper's rate is of them:")
    for what, rate in last.ceilings.items():
        rates = UNQUANTIZED if what.startswith("16-bit") else PUBLISHED[-1].tokens_per_second
        print(f"  {what:24}{rate:6.2f}{rates:7.2f}{rates / rate:7.1%}")


def row(published: Published, measured: Measured) -> str:
    return (
        f"{published.step:16}{measured.tokens_per_second:9.2f}{published.tokens_per_second:7.2f}"
        f"{measured.utilization:11.1%}{published.utilization or math.nan:7.0%}"
        f"{measured.port_use:11.1%}{measured.kept / 1e3:16.1f}{measured.bram36:8g}"
        f"{measured.uram:6g}{measured.urams:10.1f}{published.uram or math.nan:7g}"
    )


def ablation(model: str, preset: str) -> Iterator[tuple[Published, Measured]]:
    """Each row of the paper with the same schedule here; what they share is done once."""
    registry = load_registry([])
    context = make_context(registry)
    module = import_named(model, random_weights=not model.startswith("bookbyte")).module
    passes = parse_passes(registry, default_pipeline(preset, TARGET, schedule=ALL))
    names = [one.name for one in passes]
    common = passes[: names.index(SCHEDULED)]
    board = passes[names.index(FIRST_OF_BOARD) :]
    run_passes(context, module, common)
    for published in PUBLISHED:
        own = ",".join(SCHEDULES[published.schedule])
        scheduled = module.clone()
        run_passes(context, scheduled, parse_passes(registry, own) if own else [])
        kept, products = intermediates_of(scheduled).bytes, products_of(scheduled)
        run_passes(context, scheduled, board)
        yield published, measure(scheduled, kept, products)


def measure(module: ModuleOp, kept: int, products: int) -> Measured:
    """Simulates the design of a module with its FIFOs sized."""
    design, target = find_design(module), load_target(TARGET)
    launch = simulate_launch(design, target, PROMPT, NEW)
    cycles = launch.prefill_cycles_per_token
    assert cycles is not None
    hertz = launch.result.clock_mhz * 1e6
    used = estimate(design, target).total
    moved = sum(launch.prefill_bytes.values())
    return Measured(
        hertz / cycles,
        products,
        hertz,
        moved,
        moved - written(launch),
        sum(memory.sustained_gbps for memory in target.memories) * 1e9,
        kept,
        used.bram36,
        used.uram,
    )


def written(launch: Launch) -> float:
    """Bytes that a step without logits writes: states, which every step reads and writes."""
    ports = launch.result.ports
    read = {port.bank for port in ports if not port.writes}
    total = sum(port.bytes for port in ports if port.writes and port.bank in read)
    return total / len(launch.step_ends)


def products_of(module: ModuleOp) -> int:
    """Products of a token in the layers' matrices, of four bits of a weight each."""
    weights = {op.sym_name.data: op for op in module.walk() if isinstance(op, WeightOp)}
    total = 0
    for op in module.walk():
        if isinstance(op, LinearOp) and isinstance(op.parent_op(), LayersOp):
            weight = weights[op.weight.root_reference.data]
            total += math.prod(weight.type.get_shape()) * sum(map(planes_of, layer_widths(weight)))
    return total


if __name__ == "__main__":
    main()
