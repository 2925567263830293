"""Pictures of the report, as SVG text that is the same for the same numbers."""

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lmc.backends.report.shares import kernel_shares
from lmc.dataflow.resources.counts import NAMES
from lmc.labels import Label
from lmc.simulation.launch import Launch
from lmc.simulation.layer import LayerActivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STATES: Mapping[str, str] = {
    "busy": "#2c7fb8",
    "waits to read": "#d9d9d9",
    "waits to write": "#fdae61",
    "waits for memory": "#d7191c",
}
"""Colours of what a task does."""
_ROW = 0.16
"""Inches of a task's row."""
_SPREAD = 4.0
"""How far a roofline goes to both sides of what was simulated."""


def roofline_picture(launch: Launch) -> str:
    """New tokens a second against the bytes that each of them moves.

    A memory's roof is its sustained bandwidth over these bytes, the flat one what the slowest task
    allows; a point for each memory, and one for all in use together.
    """
    figure, axes = _figure(8, 4.6)
    used = {name: count for name, count in launch.decode_bytes.items() if count}
    rates = {memory.name: memory.sustained_gbps for memory in launch.target.memories}
    groups = {name: (count, rates[name]) for name, count in used.items()}
    if len(used) > 1:
        groups["all memories"] = (sum(used.values()), sum(rates[name] for name in used))
    speed = launch.tokens_per_second
    for number, (name, (count, rate)) in enumerate(groups.items()):
        ends = (count / _SPREAD, count * _SPREAD)
        label = f"{name}: {rate:g} GB/s sustained"
        axes.loglog(ends, [rate * 1e9 / end for end in ends], color=f"C{number}", label=label)
        axes.plot([count], [speed], "o", color=f"C{number}")
    roof = launch.task_bound_tokens_per_second
    axes.axhline(roof, color="black", linestyle="--", label=f"slowest task: {launch.slowest_task}")
    axes.axhline(speed, color="grey", linewidth=0.8, linestyle=":", label=Label.SIMULATED)
    axes.set_xlabel("bytes a new token moves")
    axes.set_ylabel("new tokens a second")
    axes.xaxis.set_minor_formatter("")
    axes.yaxis.set_minor_formatter("")
    axes.legend(fontsize=8)
    return _svg(figure, "roofline")


def utilization_picture(rows: Sequence[tuple[str, float]]) -> str:
    """A bar for each (name, share), from 0 to 1."""
    figure, axes = _figure(8, 0.8 + 0.22 * len(rows))
    names, shares = [name for name, _ in rows], [100 * share for _, share in rows]
    axes.barh(range(len(rows)), shares, color=STATES["busy"])
    _rows(axes, names)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of what it could do in the cycles of a new token")
    return _svg(figure, "utilization")


def resources_picture(resources: Mapping[str, Any]) -> str:
    """A bar for each resource, made up of kernels, FIFOs, ports and control; the budget is 100%."""
    figure, axes = _figure(8, 2.6)
    offsets = dict.fromkeys(NAMES, 0.0)
    for number, (part, amounts) in enumerate(kernel_shares(resources).items()):
        for row, name in enumerate(NAMES):
            share = 100 * amounts[name] / max(1, resources[name]["budget"])
            label = part if row == 0 else None
            colour = f"C{number % 10}"
            hatch = "//" if number >= 10 else None
            axes.barh(row, share, left=offsets[name], color=colour, hatch=hatch, label=label)
            offsets[name] += share
    axes.axvline(100, color="black", linestyle="--")
    _rows(axes, list(NAMES.values()))
    axes.set_xlabel("% of the budget")
    axes.legend(fontsize=7, bbox_to_anchor=(1.01, 1), loc="upper left")
    return _svg(figure, "resources")


def timeline_picture(launch: Launch, layer: LayerActivity) -> str:
    """A row for each task, by kernel: busy, or waiting, in the cycles of one layer."""
    tasks = launch.result.tasks
    kernels = dict.fromkeys(task.kernel for task in tasks.values())
    names = [name for kernel in kernels for name, task in tasks.items() if task.kernel == kernel]
    figure, axes = _figure(11, 1.2 + _ROW * len(names))
    places = {name: row for row, name in enumerate(names)}
    for state, colour in STATES.items():
        spans = [span for span in layer.activity.spans if _state(span.wait) == state]
        axes.barh(
            [places[span.task] for span in spans],
            [span.end - span.start for span in spans],
            left=[span.start - layer.start for span in spans],
            height=0.8,
            color=colour,
            label=state,
        )
    _rows(axes, [f"{tasks[name].kernel}: {name}" for name in names])
    axes.set_xlim(0, layer.end - layer.start)
    axes.set_xlabel("cycles")
    axes.legend(ncols=len(STATES), fontsize=7, loc="lower left", bbox_to_anchor=(0, 1))
    return _svg(figure, "timeline")


def _state(wait: str | None) -> str:
    if wait is None:
        return "busy"
    return next(state for state in STATES if f"waits {wait}".startswith(state))


def _figure(width: float, height: float) -> "tuple[Figure, Axes]":
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    return figure, figure.subplots()


def _rows(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _svg(figure: "Figure", name: str) -> str:
    from matplotlib import rc_context

    text = io.StringIO()
    # A fixed salt and no date: the same numbers give the same bytes.
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    return text.getvalue()
