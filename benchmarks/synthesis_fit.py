"""Fits estimates of LUTs to what yosys makes of tasks, and judges them on another design.

    python benchmarks/synthesis_fit.py build/mamba1 build/mamba2 --judge build/130m --largest 20

takes design folders for boards with UltraScale+ devices. What yosys has made is kept in lmc's
cache, so a changed estimate is compared at once. LUTs of logic are counted in terms
(lmc/dataflow/resources/terms.py): so many bits of sums, so many of choices, ... The fit is by least
squares of relative errors over all tasks of the folders, copies too, with a pull towards what is in
the code, so that a term that is rare stays near it. Flip-flops and blocks are counted, and not
fitted. A design that is judged has no part in the fit.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import lsq_linear

from lmc.dataflow.alike import first_alike
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.graph import TaskNode, design_graph
from lmc.dataflow.implementations import DSP_SIZES
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.resources import Resources
from lmc.dataflow.resources.counts import NAMES, total
from lmc.dataflow.resources.netlists import netlist_tally
from lmc.dataflow.resources.terms import FIXED, TERMS, Tally
from lmc.dataflow.timing import Clock
from lmc.design.folder import open_design
from lmc.driver.synthesize import read_design, synthesize_design

UNEXPLAINED = 0.05
"""The share of a task's LUTs that no coefficient explains (assumed)."""
SMALL = 100
"""LUTs up to which an error counts as if the task had so many."""
SPREAD = 0.3
"""The relative deviation of coefficients from those in the code (assumed)."""
EACH, ALL = 0.15, 0.05
"""How far the estimate of a task, and of all together, may be from what yosys has made."""


@dataclass(frozen=True)
class Row:
    """A task: what is counted of it, and what yosys has made of it."""

    name: str
    copies: int
    tally: Tally
    made: Resources
    levels: int

    @property
    def estimated(self) -> Resources:
        """What all parts are estimated to take together."""
        return total(self.tally.parts().values())

    def error(self, resource: str) -> float:
        """By which share the estimate is above what was made."""
        made = getattr(self.made, resource)
        return getattr(self.estimated, resource) / made - 1 if made else 0.0

    @property
    def has_exact_blocks(self) -> bool:
        """Whether DSPs and memory blocks are as estimated."""
        names = ("dsp", "bram36", "uram")
        return all(getattr(self.estimated, name) == getattr(self.made, name) for name in names)


def rows_of(folder: Path, largest: int | None) -> Iterator[Row]:
    """The distinct tasks of a design, or those with the most estimated LUTs."""
    opened = open_design(folder)
    design = read_design(opened)
    clock, size = Clock(design_clock(design, opened.target)), DSP_SIZES[opened.target.dsp.kind]
    firsts = [first for first, _ in first_alike(design_graph(design).tasks).values()]
    nodes = {first.name: first for first in firsts}

    def count(node: TaskNode) -> Tally:
        return netlist_tally(task_netlist(node, clock), size)

    tallies = {name: count(node) for name, node in nodes.items()}
    luts = {name: total(tally.parts().values()).lut for name, tally in tallies.items()}
    names = sorted(tallies, key=lambda name: -luts[name])[:largest]
    found = synthesize_design(
        design,
        opened.target,
        names,
        lambda name, done, count: print(f"{name} ({done} of {count})", file=sys.stderr),
    )
    for task in found.tasks:
        if task.made is None:
            print(task.outcome, file=sys.stderr)
            continue
        made = task.made
        yield Row(task.name, task.copies, tallies[task.name], made.resources, made.levels)


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """LUTs of a unit of each term. What follows from a memory's shape is not fitted."""
    amounts = [row.tally.terms() for row in rows]
    terms = [term for term in TERMS if term != FIXED and any(term in one for one in amounts)]
    start = np.array([TERMS[term].luts for term in terms])
    made = np.array(
        [row.made.lut - one.get(FIXED, 0) for row, one in zip(rows, amounts, strict=True)]
    )
    sizes = np.array([max(row.made.lut, SMALL) / np.sqrt(row.copies) for row in rows])
    sizes *= UNEXPLAINED
    parts = np.array([[one.get(term, 0) for term in terms] for one in amounts]) * start
    equations = np.vstack([parts / sizes[:, None], np.eye(len(terms)) / SPREAD])
    wanted = np.concatenate([made / sizes, np.full(len(terms), 1 / SPREAD)])
    solved = lsq_linear(equations, wanted, bounds=(0, np.inf))
    return dict(zip(terms, map(float, solved.x * start), strict=True))


def luts_of(row: Row, coefficients: Mapping[str, float]) -> float:
    """LUTs of a task with other coefficients."""
    return sum(
        amount * coefficients.get(term, TERMS[term].luts)
        for term, amount in row.tally.terms().items()
    )


def print_rows(rows: Sequence[Row]) -> None:
    print(f"{'task':28}{'copies':>7}{'LUT':>9}{'yosys':>9}{'FF':>16}{'yosys':>9}", end="")
    print(f"{'DSP':>14}{'BRAM36':>14}{'URAM':>10}{'levels':>8}")
    for row in rows:
        planned, made = row.estimated.as_dict(), row.made.as_dict()
        print(f"{row.name:28}{row.copies:7}", end="")
        for name in ("lut", "ff"):
            print(f"{planned[name]:9,}{made[name]:9,}{row.error(name):+7.1%}", end="")
        for name, width in (("dsp", 14), ("bram36", 14), ("uram", 10)):
            print(f"{f'{planned[name]:g} / {made[name]:g}':>{width}}", end="")
        print(f"{row.levels:8}")


def print_sums(rows: Sequence[Row]) -> None:
    print(f"\n{'all copies':12}{'estimated':>12}{'yosys':>12}{'error':>8}{'median of errors':>20}")
    for name, shown in NAMES.items():
        planned, made = _sum(rows, "estimated", name), _sum(rows, "made", name)
        error = f"{planned / made - 1:+.1%}" if made else ""
        errors = [abs(row.error(name)) for row in rows if getattr(row.made, name)]
        middle = f"{median(errors):.1%}" if errors else ""
        print(f"{shown:12}{planned:12,.0f}{made:12,.0f}{error:>8}{middle:>20}")


def _sum(rows: Sequence[Row], what: str, resource: str) -> float:
    return sum(getattr(getattr(row, what), resource) * row.copies for row in rows)


def print_fit(rows: Sequence[Row]) -> None:
    coefficients = fitted(rows)
    print(f"\n{'LUTs of':30}{'code':>7}{'fit':>7}  unit")
    for term, value in coefficients.items():
        print(f"{term:30}{TERMS[term].luts:7.2f}{value:7.2f}  {TERMS[term].unit}")
    for what, chosen in (("in the code", dict[str, float]()), ("of the fit", coefficients)):
        errors = [(luts_of(row, chosen) - row.made.lut) / max(row.made.lut, SMALL) for row in rows]
        print(f"error of LUTs with those {what}: {np.sqrt(np.mean(np.square(errors))):.1%} (RMS)")


def print_judgement(rows: Sequence[Row]) -> None:
    """Whether each task and their sum are near enough, and blocks as estimated."""
    for name in ("lut", "ff"):
        near = sum(abs(row.error(name)) <= EACH for row in rows)
        error = _sum(rows, "estimated", name) / _sum(rows, "made", name) - 1
        worst = max(rows, key=lambda row: abs(row.error(name)))
        print(
            f"{NAMES[name]}: {near} of {len(rows)} tasks within {EACH:.0%}, the worst "
            f"{worst.name} ({worst.error(name):+.1%}); of their sum {error:+.1%}, "
            f"{'within' if abs(error) <= ALL else 'beyond'} {ALL:.0%}"
        )
    exact = sum(row.has_exact_blocks for row in rows)
    print(f"DSP, BRAM36 and URAM: {exact} of {len(rows)} tasks exactly as estimated")


def _distinct(folders: Sequence[Path], largest: int | None) -> list[Row]:
    """Tasks of all folders, largest first. What designs share counts once."""
    found: dict[tuple[str, Resources], Row] = {}
    for folder in folders:
        for row in rows_of(folder, largest):
            found.setdefault((row.name, row.made), row)
    if not found:
        sys.exit("no task was synthesized, so there is nothing to compare: see what yosys says")
    return sorted(found.values(), key=lambda row: -row.made.lut)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="designs to fit to")
    parser.add_argument("--judge", type=Path, metavar="DIR", help="a design that is only judged")
    parser.add_argument(
        "--largest",
        type=int,
        metavar="N",
        help="only the N largest tasks of the one that is judged",
    )
    arguments = parser.parse_args()
    rows = _distinct(arguments.folders, None)
    print_rows(rows)
    print_sums(rows)
    print_fit(rows)
    if arguments.judge is not None:
        print(f"\n{arguments.judge}, which has no part in the fit")
        judged = _distinct([arguments.judge], arguments.largest)
        print_rows(judged)
        print_sums(judged)
        print_judgement(judged)


if __name__ == "__main__":
    main()
