"""Prints what tasks are estimated to take beside what yosys makes of them, and where they differ.

    python benchmarks/synthesis_fit.py build/mamba1 build/mamba2 --largest 20

takes design folders for boards with UltraScale+ devices. Tasks that designs share count once. What
yosys has made is kept in lmc's cache, so a changed estimate is compared at once. The last table is
a fit by least squares: by which factor each kind of part would have to be multiplied. Factors are
pulled towards 1, so that a kind that is rare, or small in all tasks, stays near 1.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import lsq_linear

from lmc.dataflow.clocks import design_clock
from lmc.dataflow.implementations import DSP_SIZES
from lmc.dataflow.resources import Resources, estimate
from lmc.dataflow.resources.counts import NAMES, total
from lmc.dataflow.resources.tasks import Parts, task_parts
from lmc.dataflow.timing import Clock
from lmc.design.folder import open_design
from lmc.dialects.dataflow import DesignOp, TaskOp
from lmc.driver.synthesize import read_design, synthesize_design
from lmc.targets import Target

UNEXPLAINED = 0.1
"""The share of a task's size that no factor explains (assumed)."""
SPREAD = 0.5
"""The deviation of factors from 1 (assumed)."""


@dataclass(frozen=True)
class Row:
    """A task: what its parts are estimated to take, and what yosys has made of it."""

    name: str
    copies: int
    parts: Parts
    made: Resources
    levels: int

    @property
    def estimated(self) -> Resources:
        """What all parts are estimated to take together."""
        return total(self.parts.values())

    def error(self, resource: str) -> float:
        """By which share the estimate is above what was made."""
        made = getattr(self.made, resource)
        return getattr(self.estimated, resource) / made - 1 if made else 0.0


def rows_of(folder: Path, largest: int | None) -> Iterator[Row]:
    """The tasks of a design, or those with the largest estimates."""
    opened = open_design(folder)
    design = read_design(opened)
    clock, size = Clock(design_clock(design, opened.target)), DSP_SIZES[opened.target.dsp.kind]
    ops = {op.sym_name.data: op for op in design.walk() if isinstance(op, TaskOp)}
    names = None if largest is None else largest_tasks(design, opened.target, largest)
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
        parts = task_parts(ops[task.name], clock, size)
        yield Row(task.name, task.copies, parts, task.made.resources, task.made.levels)


def largest_tasks(design: DesignOp, target: Target, count: int) -> list[str]:
    """The tasks that are estimated to take most, of equal ones, most likely alike, the first."""
    sizes: dict[Resources, str] = {}
    for tasks in estimate(design, target).tasks.values():
        for name, taken in tasks.items():
            sizes.setdefault(taken, name)
    return [sizes[taken] for taken in sorted(sizes, key=lambda taken: -taken.lut)[:count]]


def factors(rows: Sequence[Row], resource: str) -> dict[str, float]:
    """For each kind of part what its estimates would have to be multiplied by."""
    rows = [row for row in rows if getattr(row.made, resource)]
    kinds = sorted({kind for row in rows for kind in row.parts})
    kinds = [kind for kind in kinds if any(_part(row, kind, resource) for row in rows)]
    made = np.array([getattr(row.made, resource) for row in rows])
    parts = np.array([[_part(row, kind, resource) for kind in kinds] for row in rows])
    equations = np.vstack([parts / (UNEXPLAINED * made)[:, None], np.eye(len(kinds)) / SPREAD])
    wanted = np.concatenate([np.full(len(rows), 1 / UNEXPLAINED), np.full(len(kinds), 1 / SPREAD)])
    solved = lsq_linear(equations, wanted, bounds=(0, np.inf))
    return dict(zip(kinds, map(float, solved.x), strict=True))


def _part(row: Row, kind: str, resource: str) -> float:
    return getattr(row.parts.get(kind, Resources()), resource)


def print_rows(rows: Sequence[Row]) -> None:
    print(f"{'task':24}{'copies':>7}{'LUT':>9}{'yosys':>9}{'FF':>16}{'yosys':>9}", end="")
    print(f"{'DSP':>14}{'BRAM36':>14}{'URAM':>10}{'levels':>8}")
    for row in rows:
        planned, made = row.estimated.as_dict(), row.made.as_dict()
        print(f"{row.name:24}{row.copies:7}", end="")
        for name in ("lut", "ff"):
            print(f"{planned[name]:9,}{made[name]:9,}{row.error(name):+7.0%}", end="")
        for name, width in (("dsp", 14), ("bram36", 14), ("uram", 10)):
            print(f"{f'{planned[name]:g} / {made[name]:g}':>{width}}", end="")
        print(f"{row.levels:8}")


def print_sums(rows: Sequence[Row]) -> None:
    print(f"\n{'all copies':12}{'estimated':>12}{'yosys':>12}{'error':>8}{'median of errors':>20}")
    for name, shown in NAMES.items():
        planned = sum(getattr(row.estimated, name) * row.copies for row in rows)
        made = sum(getattr(row.made, name) * row.copies for row in rows)
        error = f"{planned / made - 1:+.1%}" if made else ""
        errors = [abs(row.error(name)) for row in rows if getattr(row.made, name)]
        middle = f"{median(errors):.1%}" if errors else ""
        print(f"{shown:12}{planned:12,.0f}{made:12,.0f}{error:>8}{middle:>20}")


def print_factors(rows: Sequence[Row]) -> None:
    print(f"\n{'part':32}{'LUT':>10}{'FF':>10}")
    luts, ffs = factors(rows, "lut"), factors(rows, "ff")
    for kind in sorted({*luts, *ffs}):
        print(f"{kind:32}{_shown(luts, kind):>10}{_shown(ffs, kind):>10}")


def _shown(of: dict[str, float], kind: str) -> str:
    return f"{of[kind]:.2f}" if kind in of else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="design folders")
    parser.add_argument("--largest", type=int, metavar="N", help="only the N largest tasks of each")
    arguments = parser.parse_args()
    found: dict[tuple[str, Resources], Row] = {}
    for folder in arguments.folders:
        for row in rows_of(folder, arguments.largest):
            found.setdefault((row.name, row.made), row)
    if not found:
        sys.exit("no task was synthesized, so there is nothing to compare: see what yosys says")
    rows = sorted(found.values(), key=lambda row: -row.made.lut)
    print_rows(rows)
    print_sums(rows)
    print_factors(rows)


if __name__ == "__main__":
    main()
