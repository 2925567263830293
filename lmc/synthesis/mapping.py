"""Which modules of a report are which functions of a design.

Vitis HLS names the module of a function after it. That of a template is `NAME_1_2_s` for
`NAME<1, 2>`, and a loop of it that is a module of its own is `NAME_1_2_Pipeline_LABEL`. Of a
function that is there several times there are copies, `NAME_1`, `NAME_2` and so on. What can be
read in two ways is refused.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lmc.diagnostics import LmcError, suggestion
from lmc.synthesis.csynth import PIPELINE, KernelReport, LoopReport, ModuleReport
from lmc.synthesis.planned import PlannedKernel, PlannedLoop, PlannedUnit

_OWN = re.compile(r"entry_proc\d*|Block_\w+")
"""Processes that the tool adds: they hand scalars to others. They count with the kernel's rest."""


@dataclass(frozen=True)
class MappedUnit:
    """A function, its modules, each as often as it is there, and its loops with their reports."""

    unit: PlannedUnit
    modules: tuple[tuple[ModuleReport, int], ...]
    loops: tuple[tuple[PlannedLoop, LoopReport], ...]
    unknown_loops: tuple[str, ...]
    """Loops of the report that the design does not have."""


def map_units(kernel: PlannedKernel, report: KernelReport) -> tuple[MappedUnit, ...]:
    """The functions of a kernel with their modules.

    Raises:
        LmcError: the report has a module that is no task, lacks one, has more or fewer instances
            than there are tasks, or a module can be one of two functions.
    """
    found: dict[str, dict[str, int]] = {unit.call: {} for unit in kernel.units}
    for name, count in sorted(_processes(report).items()):
        unit = _unit_of(name, kernel, report)
        if unit is not None:
            found[unit.call][name] = count
    _check_counts(kernel, found, report)
    return tuple(_mapped(unit, found[unit.call], report) for unit in kernel.units)


def _processes(report: KernelReport) -> Mapping[str, int]:
    """How often each module is there right under the kernel."""
    if report.processes:
        return report.processes
    names = set(report.modules) - {report.top.name}
    return {name: 1 for name in names if PIPELINE not in name}


def _unit_of(name: str, kernel: PlannedKernel, report: KernelReport) -> PlannedUnit | None:
    """The function of a module; None for one that the tool has added."""
    exact = [unit for unit in kernel.units if name in _names(unit)]
    copies = [unit for unit in kernel.units if _is_copy(name, unit)]
    candidates = exact or copies
    if len(candidates) > 1:
        calls = " or ".join(unit.call for unit in candidates)
        raise LmcError(
            f"{report.path}: module {name} can be {calls}: rename one of the tasks, so that no "
            "function has the name of another one and a number"
        )
    if candidates:
        return candidates[0]
    if _OWN.fullmatch(name):
        return None
    near = suggestion(name, [unit.function for unit in kernel.units], "is it of another design?")
    raise LmcError(
        f"{report.path}: module {name} is no task of kernel {kernel.name}; {near} Synthesize the "
        "design that the folder has now"
    )


def _names(unit: PlannedUnit) -> tuple[str, ...]:
    """What a module of a function itself is called."""
    if not unit.arguments:
        return (unit.function,)
    key = _key(unit)
    return f"{key}_s", key


def _key(unit: PlannedUnit) -> str:
    return "_".join([unit.function, *map(str, unit.arguments)])


def _is_copy(name: str, unit: PlannedUnit) -> bool:
    """Whether a module can be another instance of a function that is there several times."""
    if len(unit.tasks) == 1:
        return False
    return re.fullmatch(rf"{re.escape(_key(unit))}(_s)?_\d+", name) is not None


def _check_counts(
    kernel: PlannedKernel, found: Mapping[str, Mapping[str, int]], report: KernelReport
) -> None:
    missing = [call for call, modules in found.items() if not modules]
    if missing:
        raise LmcError(
            f"{report.path} has no module of {_listed(missing)} of kernel {kernel.name}: it is of "
            "another design, or the tool has dissolved them; synthesize the design that the folder "
            "has now"
        )
    for unit in kernel.units:
        count = sum(found[unit.call].values())
        if count == len(unit.tasks):
            continue
        advice = "it is of another design"
        if not report.processes:
            advice = "it says of no module how often it is there: name the csynth.xml of the kernel"
        raise LmcError(
            f"{report.path} has {count} instances of {unit.call}, and kernel {kernel.name} has "
            f"{len(unit.tasks)} tasks of it ({_listed(unit.tasks)}): {advice}"
        )


def _mapped(unit: PlannedUnit, modules: Mapping[str, int], report: KernelReport) -> MappedUnit:
    loops: list[tuple[PlannedLoop, LoopReport]] = []
    unknown: list[str] = []
    for name in modules:
        for reported in report.loops_of(name):
            planned = find_loop(unit.loops, reported.name)
            if planned is None:
                unknown.append(reported.name)
            else:
                loops.append((planned, reported))
    counted = [(report.modules[name], count) for name, count in modules.items()]
    return MappedUnit(unit, tuple(counted), tuple(loops), tuple(dict.fromkeys(unknown)))


def find_loop(loops: Sequence[PlannedLoop], name: str) -> PlannedLoop | None:
    """The loop that a report calls by a name; a label goes before a nest of that name."""
    exact = (loop for loop in loops if loop.label == name)
    nests = (loop for loop in loops if name in dict(loop.names()))
    return next(exact, next(nests, None))


def _listed(names: Sequence[str]) -> str:
    return (
        ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"
    )
