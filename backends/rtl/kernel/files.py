"""All SystemVerilog of a design's kernels, file by file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lmc.backends.hls.arguments import design_kernels
from lmc.backends.rtl.kernel.interfaces import kernel_module
from lmc.backends.rtl.kernel.tasks import Alike, KernelTasks, kernel_tasks_module
from lmc.backends.rtl.verilog.module import TaskModule, task_module
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.alike import first_alike
from lmc.dataflow.clocks import design_clock, schedule_clock
from lmc.dataflow.graph import DesignGraph, design_graph
from lmc.dataflow.handles import UniqueNames
from lmc.dataflow.netlist.statements import TaskNetlist
from lmc.dataflow.netlist.task import task_netlist
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target

LIBRARY = tuple(sorted((Path(__file__).parents[1] / "library").glob("lmc_*.sv")))
"""The modules that all designs share."""


@dataclass(frozen=True)
class DesignRtl:
    """A design's modules: those of tasks that are alike are one, called after the first of them."""

    design: DesignOp
    clock_mhz: int
    graph: DesignGraph
    alike: Alike
    netlists: Mapping[str, TaskNetlist]
    kernels: tuple[KernelTasks, ...]

    @cached_property
    def modules(self) -> dict[str, TaskModule]:
        """The modules of tasks, without what is unlike in their names only."""
        return {name: task_module(netlist) for name, netlist in self.netlists.items()}

    @cached_property
    def task_files(self) -> dict[str, str]:
        """The texts of these modules by file name."""
        return {f"tasks/{identifier(name)}.sv": made.text for name, made in self.modules.items()}

    @property
    def files(self) -> dict[str, str]:
        """All texts by file name: kernels, their parts, and the library."""
        found = {f"{made.name}.sv": made.text for made in self.kernels}
        for made in self.kernels:
            name = identifier(made.kernel.sym_name.data)
            found[f"{name}.sv"] = kernel_module(made, name)
        library = {f"library/{path.name}": path.read_text(encoding="utf-8") for path in LIBRARY}
        return {**found, **self.task_files, **library}


def design_rtl(design: DesignOp, target: Target) -> DesignRtl:
    """The modules of a design whose loops are scheduled and whose streams have depths.

    Raises LmcError, with the names of the task or kernel, for what has no hardware yet.
    """
    graph = design_graph(design)
    _check(graph)
    clock_mhz = design_clock(design, target)
    clock = schedule_clock(design, clock_mhz)
    alike = first_alike(graph.tasks)
    firsts = {first.name: first for first, _ in alike.values()}
    netlists = {name: task_netlist(task, clock) for name, task in firsts.items()}
    names = UniqueNames(identifier(task.name) for task in graph.tasks)
    kernels = design_kernels(design)
    for kernel in kernels:
        names(identifier(kernel.sym_name.data))
    made = tuple(
        kernel_tasks_module(kernel, alike, netlists, names(f"{kernel.sym_name.data}_tasks"))
        for kernel in kernels
    )
    return DesignRtl(design, clock_mhz, graph, alike, netlists, made)


def kernel_sources(rtl: DesignRtl, made: KernelTasks) -> list[str]:
    """The files of `rtl.files` that a kernel is made of, modules before those that use them."""
    tasks = dict.fromkeys(rtl.alike[task][0].name for task in made.tasks)
    return [
        *(f"library/{path.name}" for path in LIBRARY),
        *(f"tasks/{identifier(task)}.sv" for task in tasks),
        f"{made.name}.sv",
        f"{identifier(made.kernel.sym_name.data)}.sv",
    ]


def _check(graph: DesignGraph) -> None:
    """LmcError for a stream that lacks an end, and a name that is the library's."""
    for stream in graph.streams:
        ends = len(graph.producers(stream)), len(graph.consumers(stream))
        if ends != (1, 1):
            raise LmcError(
                f"stream {stream} is written by {ends[0]} tasks and read by {ends[1]}: a FIFO "
                "has one of each"
            )
    for task in graph.tasks:
        for name in (task.name, task.kernel):
            if name.startswith("lmc_"):
                raise LmcError(f"{name} is called as modules of the RTL library are: rename it")
