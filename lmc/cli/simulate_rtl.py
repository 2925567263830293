"""`lmc simulate --engine rtl`: whole launches of a design's RTL in Verilator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lmc.cli.output import print_json, print_table

if TYPE_CHECKING:
    from lmc.driver.rtl import RtlCheck
    from lmc.simulation.result import Result
    from lmc.targets import Target

_SHOWN = 20


@dataclass(frozen=True)
class RtlPlan:
    """A launch: ids of its prompt, new tokens, memories, and where all signals go."""

    prompt_length: int
    tokens: int
    hostile: bool
    waves: Path | None
    plugins: Sequence[Path] = ()
    """Files that define ops or adapters of the design."""


def simulate_rtl(folder: Path, plan: RtlPlan, json_output: bool) -> None:
    """Runs a launch, compares it, and prints both; exit status 1 with deviations."""
    from lmc.design.folder import open_design
    from lmc.design.plugins import naming_plugins
    from lmc.driver.rtl import RtlSimulation

    design = open_design(folder)
    with naming_plugins(design, plan.plugins):
        simulation = RtlSimulation(design, plan.plugins, waves=plan.waves)
        check = simulation.check([(plan.prompt_length, plan.tokens)], hostile=plan.hostile)
    if json_output:
        print_json(_json(check, plan, design.target))
    else:
        _print(check, plan, design.target)
        print(f"{simulation.sources} has the SystemVerilog")
        if plan.waves is not None:
            print(f"gtkwave {plan.waves.with_suffix('.gtkw')} shows all signals")
    if check.deviations:
        raise typer.Exit(1)


def _label(plan: RtlPlan) -> str:
    from lmc.labels import rtl

    memories = "adversarial memories" if plan.hostile else "memories of docs/simulation.md"
    return rtl(f"Verilator, with {memories}")


def _memories(result: "Result", target: "Target") -> dict[str, str]:
    """The memories of a launch, with the sources of what they are taken to do."""
    used = {port.memory for port in result.ports}
    return {memory.name: memory.source for memory in target.memories if memory.name in used}


def _print(check: "RtlCheck", plan: RtlPlan, target: "Target") -> None:
    from lmc.labels import simulated

    (launch,), (result,) = check.run.launches, check.simulated
    rows = [
        ("cycles", launch.cycles, result.cycles),
        ("tasks", len(launch.ends), len(result.tasks)),
    ]
    rows.append(("FIFOs", len(check.run.most), len(result.streams)))
    passed = sum(use.elements for use in result.streams.values())
    rows.append(("elements passed", sum(check.run.passed.values()), passed))
    print_table(["", _label(plan), simulated("rtl")], rows)
    for name, source in _memories(result, target).items():
        print(f"memory {name}: {source}")
    print(f"{check.run.speed:,.0f} cycles/s of processor time in Verilator")
    if check.golden[0].tokens:
        print(f"tokens {' '.join(map(str, check.golden[0].tokens))} of the integer interpreter")
    if not check.deviations:
        compared = "" if plan.hostile else "ends of tasks, fills of FIFOs, "
        print(f"{compared}tokens, logits and states: no difference")
    for sentence in check.deviations[:_SHOWN]:
        print(f"  {sentence}")
    if len(check.deviations) > _SHOWN:
        print(f"  and {len(check.deviations) - _SHOWN} more")


def _json(check: "RtlCheck", plan: RtlPlan, target: "Target") -> dict[str, Any]:
    from lmc.labels import simulated

    (launch,), (result,) = check.run.launches, check.simulated
    return {
        "engine": "rtl",
        "cycles": {"rtl": launch.cycles, "simulated": result.cycles},
        "tasks": {
            name: {"rtl": launch.ends.get(name), "simulated": use.end}
            for name, use in result.tasks.items()
        },
        "streams": {
            name: {"rtl": check.run.most.get(name), "simulated": use.most}
            for name, use in result.streams.items()
        },
        "tokens": list(check.golden[0].tokens),
        "cycles_per_second": round(check.run.speed),
        "deviations": check.deviations,
        "sources": {
            "rtl": _label(plan),
            "simulated": simulated("rtl"),
            "memories": _memories(result, target),
        },
    }
