"""Prints what models do on boards, by the cycle simulator: tokens a second, bandwidth, resources.

    python benchmarks/board_speed.py [--large | MODEL:TARGET ...] [--clock MHZ ...]

Weights are random: cycles do not depend on them. `TARGET` may end in `/MEMORY`: that memory alone.
`--large` takes the models of 7 billion parameters. With `--clock` each case is planned with each of
these clocks, from the target's range, instead of the target's own.
"""

import argparse
import itertools
from collections.abc import Iterator

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.hls.printer import find_design
from lmc.backends.schedule import design_resources
from lmc.dataflow.resources.budget import SOURCE as RESOURCES_SOURCE
from lmc.dataflow.resources.budget import slr_line
from lmc.driver.default import board_passes, integer_pipeline, schedule_passes
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context
from lmc.labels import Label
from lmc.simulation.launch import simulate_launch
from lmc.targets import Target, load_target

CASES = (
    "mamba2-2.7b:vck190",
    "mamba2-2.7b:vck190/DDR4",
    "mamba2-2.7b:u280",
    "mamba2-130m:vck190",
    "mamba-130m:vck190",
    "mamba-2.8b:vck190",
)
LARGE = (
    "falcon-mamba-7b:vck190",
    "falcon-mamba-7b:u280",
    "codestral-mamba-7b:vck190",
    "codestral-mamba-7b:u280",
)
PROMPT, NEW = 1, 3
"""Tokens of the simulated launch; the last ones count."""
"""The first pass that knows the board."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Tokens a second of models on boards.")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--large", action="store_true", help="the models of 7 billion parameters")
    parser.add_argument("--preset", default="w4a8")
    parser.add_argument("--clock", type=int, nargs="+", metavar="MHZ", default=[None])
    arguments = parser.parse_args()
    print(f"resources: {RESOURCES_SOURCE}; all else: {Label.SIMULATED}")
    print(
        f"{'model':19}{'board':14}{'MHz':>4}{'tokens/s':>10}{'of the bandwidth':>18}"
        f"{'GB a token':>12}",
        end="",
    )
    print("  resources, share of the budget")
    cases = arguments.cases or (LARGE if arguments.large else CASES)
    pairs = [case.split(":", 1) for case in cases]
    for model, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        boards = [(board, mhz) for _, board in group for mhz in arguments.clock]
        for line in lines(model, boards, arguments.preset):
            print(line, flush=True)


def lines(model: str, boards: list[tuple[str, int | None]], preset: str) -> Iterator[str]:
    """A line for each board and clock; what the boards share is done once."""
    registry = load_registry([])
    context = make_context(registry)
    module = import_named(model, random_weights=not model.startswith("bookbyte")).module
    common = ",".join([integer_pipeline(preset), *schedule_passes()])
    Pipeline.parse(registry, common).run(context, module)
    for board, mhz in boards:
        yield line(context, registry, module.clone(), f"{model:19}{board:14}", board, mhz)


def line(
    context: Context,
    registry: Registry,
    module: ModuleOp,
    label: str,
    board: str,
    clock_mhz: int | None,
) -> str:
    name, _, memory = board.partition("/")
    target = load_target(name)
    pinned = only(target, memory) if memory else None
    Pipeline.parse(registry, ",".join(board_passes(name, pinned, clock_mhz))).run(context, module)
    design = find_design(module)
    launch = simulate_launch(design, target, PROMPT, NEW)
    resources = design_resources(design, target)
    shares = " ".join(
        f"{kind} {resources[kind]['used'] / most:.0%}" for kind, most in target.budget().items()
    )
    by_slr = slr_line(resources)
    moved = sum(launch.decode_bytes.values()) / 1e9
    utilization = launch.bandwidth_utilization
    label += f"{launch.result.clock_mhz:4g}"
    figures = f"{label}{launch.tokens_per_second:10.1f}{utilization:18.1%}{moved:12.3f}  {shares}"
    return figures if by_slr is None else f"{figures}; {by_slr}"


def only(target: Target, memory: str) -> str:
    """Options that use one memory, all its ports."""
    ports = next(one.ports for one in target.memories if one.name == memory)
    return f'lanes="{memory}:{ports}" state="{memory}" side="{memory}"'


if __name__ == "__main__":
    main()
