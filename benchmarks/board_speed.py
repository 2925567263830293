"""Prints what models do on boards, by the cycle simulator: tokens a second, bandwidth, resources.

    python benchmarks/board_speed.py [--large | MODEL:TARGET ...] [--machine NAME ...]
        [--clock MHZ ...]

MODEL is a name or a folder. Weights are random: cycles do not depend on them. `TARGET` may end in
`/MEMORY`: that memory alone. `--large` takes the models of 7 billion parameters. Each machine has a
column of tokens a second; the bandwidth is that of the first one on which the design does not stop.
With `--clock` each case is planned with each of these clocks, from the target's range, instead of
the target's own.
"""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.hls.printer import find_design
from lmc.backends.schedule import design_resources
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.machines import MACHINES, RTL, Machine, machine_of
from lmc.dataflow.resources.budget import SOURCE, slr_line
from lmc.dialects.dataflow import DesignOp
from lmc.driver.default import board_passes, integer_pipeline, schedule_passes
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context
from lmc.labels import Label, estimated
from lmc.simulation.launch import Launch
from lmc.simulation.steady import steady_launch
from lmc.simulation.waits import DeadlockError
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
PROMPT = 1
"""Tokens of the simulated launch's prompt."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Tokens a second of models on boards.")
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--large", action="store_true", help="the models of 7 billion parameters")
    parser.add_argument("--preset", default="w4a8")
    parser.add_argument("--machine", nargs="+", choices=tuple(MACHINES), default=[RTL.name])
    parser.add_argument("--clock", type=int, nargs="+", metavar="MHZ", default=[None])
    arguments = parser.parse_args()
    machines = [machine_of(name) for name in arguments.machine]
    print(f"resources: {estimated(SOURCE)}; all else: {Label.SIMULATED}")
    print(f"{'':39}tokens/s")
    print(f"{'model':21}{'board':14}{'MHz':>4}", *(f"{one.name:>9}" for one in machines), end="")
    print(f"{'of the bandwidth':>18}{'GB a token':>12}  resources, share of the budget")
    cases = arguments.cases or (LARGE if arguments.large else CASES)
    pairs = [case.split(":", 1) for case in cases]
    for model, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        boards = [(board, mhz) for _, board in group for mhz in arguments.clock]
        for line in lines(model, boards, arguments.preset, machines):
            print(line, flush=True)


def lines(
    model: str, boards: list[tuple[str, int | None]], preset: str, machines: Sequence[Machine]
) -> Iterator[str]:
    """A line for each board and clock; what the boards share is done once."""
    registry = load_registry([])
    context = make_context(registry)
    module = import_named(model, random_weights=not model.startswith("bookbyte")).module
    common = ",".join([integer_pipeline(preset), *schedule_passes()])
    Pipeline.parse(registry, common).run(context, module)
    for board, mhz in boards:
        label = f"{Path(model).name:21}{board:14}"
        yield line(context, registry, module.clone(), label, board, mhz, machines)


def line(
    context: Context,
    registry: Registry,
    module: ModuleOp,
    label: str,
    board: str,
    clock_mhz: int | None,
    machines: Sequence[Machine],
) -> str:
    name, _, memory = board.partition("/")
    target = load_target(name)
    pinned = only(target, memory) if memory else None
    Pipeline.parse(registry, ",".join(board_passes(name, pinned, clock_mhz))).run(context, module)
    design = find_design(module)
    launches = [launched(design, target, machine) for machine in machines]
    speeds = " ".join(
        "    stops" if one is None else f"{one.tokens_per_second:9.1f}" for one in launches
    )
    resources = design_resources(design, target)
    shares = " ".join(
        f"{kind} {resources[kind]['used'] / most:.0%}" for kind, most in target.budget().items()
    )
    by_slr = slr_line(resources)
    first = next((one for one in launches if one is not None), None)
    used = " " * 30
    if first is not None:
        moved = sum(first.decode_bytes.values()) / 1e9
        used = f"{first.bandwidth_utilization:18.1%}{moved:12.3f}"
    figures = f"{label}{design_clock(design, target):4} {speeds}{used}  {shares}"
    return figures if by_slr is None else f"{figures}; {by_slr}"


def launched(design: DesignOp, target: Target, machine: Machine) -> Launch | None:
    """A launch in its steady state; None if it stops on this machine."""
    try:
        return steady_launch(design, target, PROMPT, machine)
    except DeadlockError:
        return None


def only(target: Target, memory: str) -> str:
    """Options that use one memory, all its ports."""
    ports = next(one.ports for one in target.memories if one.name == memory)
    return f'lanes="{memory}:{ports}" state="{memory}" side="{memory}"'


if __name__ == "__main__":
    main()
