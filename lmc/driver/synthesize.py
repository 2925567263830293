"""A design's RTL as yosys synthesizes it, task by task, beside what lmc estimates of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lmc.backends.hls.printer import find_design
from lmc.backends.rtl.kernel.files import DesignRtl, design_rtl
from lmc.backends.rtl.synthesis.relative_timing import (
    RelativeTiming,
    nextpnr_version,
    place_and_route,
)
from lmc.backends.rtl.synthesis.run import Outcome, Synthesized, synthesize, yosys_version
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.resources import estimate
from lmc.dataflow.resources.calibrated import FAMILIES
from lmc.dataflow.resources.counts import Resources, total
from lmc.design.folder import Design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import DesignOp
from lmc.ir.levels import DATAFLOW
from lmc.labels import assumed, rtl
from lmc.targets import Target

FAMILY = "UltraScale+"
"""The devices whose cells yosys is asked for."""
LEVEL_NANOSECONDS = 0.35
"""A LUT and the wire to it."""
LEVEL_SOURCE = assumed(
    "0.35 ns for a LUT and its wire, what Vivado's report_failfast allows for both in public "
    "reports (0.30 ns for a KU085 of speed grade -2)"
)


@dataclass(frozen=True)
class TaskSynthesis:
    """A module of a design: the tasks that it is for, what one of them is estimated to take, and
    what yosys has made of it."""

    name: str
    copies: int
    estimated: Resources
    outcome: Outcome

    @property
    def made(self) -> Synthesized | None:
        """What yosys has made; None where it has failed."""
        return None if isinstance(self.outcome, LmcError) else self.outcome


@dataclass(frozen=True)
class DesignSynthesis:
    """The modules of a design, those first that take the most LUTs."""

    tasks: list[TaskSynthesis]
    clock_mhz: int
    version: str

    @property
    def limit(self) -> int:
        """LUT levels that fit into a cycle of the design's clock, at `LEVEL_NANOSECONDS` each."""
        return int(1000 / self.clock_mhz / LEVEL_NANOSECONDS)

    @property
    def label(self) -> str:
        """The label of what yosys has made."""
        return rtl(f"yosys (pyosys {self.version}), for {FAMILY}")

    @property
    def sums(self) -> tuple[Resources, Resources]:
        """(estimated, synthesized) of all tasks of which yosys has made something."""
        made = [(task, task.made) for task in self.tasks]
        return (
            total(task.estimated * task.copies for task, found in made if found),
            total(found.resources * task.copies for task, found in made if found),
        )

    def findings(self) -> Iterator[str]:
        """A sentence for each task that could not be synthesized, and each path that is long."""
        for task in self.tasks:
            if isinstance(task.outcome, LmcError):
                yield str(task.outcome)
        for task in self.tasks:
            if task.made is not None and task.made.levels > self.limit:
                start, end = task.made.path
                yield (
                    f"task {task.name} has a path of {task.made.levels} LUT levels, from "
                    f"{start or 'an input'} to {end or 'an output'}: more than the {self.limit} of "
                    f"{self.clock_mhz} MHz"
                )


def read_design(folder: Design, plugins: Sequence[Path] = ()) -> DesignOp:
    """The design of a folder at the dataflow level; `plugins` as for `design_module`."""
    return find_design(design_module(folder, DATAFLOW, plugins))


def synthesize_design(
    design: DesignOp,
    target: Target,
    tasks: Sequence[str] | None = None,
    done: Callable[[str, int, int], None] = lambda _name, _done, _all: None,
) -> DesignSynthesis:
    """Synthesizes the modules of a design's tasks, or those of some of them.

    `done` is called with a module's name, how many are done, and how many there are.

    Raises:
        UsageError: the design has no task of the name.
        LmcError: pyosys is not installed, the board's device is not of the family that yosys makes
        cells of, or a task has no hardware yet.
    """
    version = yosys_version()
    family = FAMILIES[target.dsp.kind]
    if family != FAMILY:
        raise LmcError(
            f"{target.name} has a device of {family}, and yosys makes cells of {FAMILY}: compile "
            "the model for a board with one, such as u280"
        )
    rtl = design_rtl(design, target)
    wanted = _wanted(rtl, tasks)
    texts = {identifier(name): rtl.task_files[f"tasks/{identifier(name)}.sv"] for name in wanted}
    outcomes = synthesize(texts, lambda name, count: done(name, count, len(texts)))
    estimates = {
        name: taken
        for tasks in estimate(design, target).tasks.values()
        for name, taken in tasks.items()
    }
    copies = Counter(first.name for first, _ in rtl.alike.values())
    made = [
        TaskSynthesis(name, copies[name], estimates[name], outcomes[identifier(name)])
        for name in wanted
    ]
    made.sort(key=lambda one: -(one.made.resources if one.made else one.estimated).lut)
    return DesignSynthesis(made, rtl.clock_mhz, version)


def time_task(design: DesignOp, target: Target, task: str) -> RelativeTiming:
    """Places and routes the module of a task on an ECP5, whatever the board is.

    Raises:
        UsageError: the design has no task of the name.
        LmcError: a tool is not installed or fails, the module does not fit, or a task has no
        hardware yet.
    """
    nextpnr_version()
    rtl = design_rtl(design, target)
    name = identifier(_wanted(rtl, [task])[0])
    return place_and_route(name, rtl.task_files[f"tasks/{name}.sv"])


def _wanted(rtl: DesignRtl, tasks: Sequence[str] | None) -> list[str]:
    if tasks is None:
        return list(rtl.netlists)
    for task in tasks:
        if task not in rtl.alike:
            raise UsageError(
                f"design {rtl.design.sym_name.data} has no task {task}: schedule.json lists its "
                "tasks"
            )
    return list(dict.fromkeys(rtl.alike[task][0].name for task in tasks))
