"""The report as one HTML page that needs nothing else: no script, no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.analysis.groups import Intermediates
from lmc.backends.report import summary, tables
from lmc.backends.report.roofline import Roofline, roofline
from lmc.backends.report.roofline_picture import marks, roofline_picture
from lmc.backends.report.shares import kernel_shares, resource_bars
from lmc.backends.report.timeline import cause_strip, launch_steps, layer_rows, waits_for
from lmc.dataflow.resources.budget import BUDGET_SOURCE
from lmc.dataflow.resources.budget import source_of as resources_source
from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.ir.attributes import ALLOCATION
from lmc.ir.config_attribute import config_of_module
from lmc.pages import EXPLORER, REPORT, environment, style
from lmc.simulation.causes import causes
from lmc.simulation.launch import Launch
from lmc.simulation.layer import layer_activity
from lmc.simulation.limits import Kind, idle_tasks, limit_of
from lmc.simulation.report import figure_rows, source_of

_FOLDER = Path(__file__).parent
_SLICES = 300
"""Of the cycles of a layer, in the timeline."""


@dataclass(frozen=True)
class Subject:
    """What a report is about: a design folder, its module, a launch of it, its resources.

    `resources` is what `backends.schedule.design_resources` says.
    """

    folder: Design
    module: ModuleOp
    launch: Launch
    resources: Mapping[str, Any]


def write_report(subject: Subject) -> Path:
    """Write report.html into the design folder; returns its path.

    Raises:
        LmcError: it can't be written, or the design can't be simulated.
    """
    path = subject.folder.path / REPORT
    text = report_page(subject)
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def report_page(subject: Subject) -> str:
    """The page; the same bytes for the same launch. Raises LmcError as `layer_activity` does.

    It links to the explorer's page where the folder has one.
    """
    filled = environment()
    filled.filters["code"] = _code
    template = (_FOLDER / "report.html.j2").read_text(encoding="utf-8")
    return filled.from_string(template).render(
        style=Markup(style(_FOLDER / "report.css")),
        explorer=EXPLORER if (subject.folder.path / EXPLORER).exists() else None,
        **_about(subject),
        **_speed(subject),
        **_resources(subject),
    )


def _code(sentence: str) -> Markup:
    """A sentence as HTML; what is between two backticks is code."""
    parts = sentence.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part
        for place, part in enumerate(parts)
    )


def _about(subject: Subject) -> dict[str, Any]:
    """What the design is, what its numbers are, what to mind."""
    folder, launch = subject.folder, subject.launch
    formats, remarks = summary.accuracy(folder)
    allocated = ALLOCATION in subject.module.attributes
    entry = folder.manifest.get("intermediates")
    whole = None if entry is None else Intermediates(entry["unfused_bytes"], entry["bytes"])
    return {
        "title": f"{folder.model} for {launch.target.name}",
        "facts": _facts(subject),
        "formats": tables.Table(("figure", "value", "label"), formats, ""),
        "losses": tables.loss_table(folder),
        "accuracy": remarks,
        "warnings": summary.warnings(folder, subject.resources),
        "notes": summary.board_notes(launch),
        "intermediates": None if whole is None else whole.sentence,
        "allocation": tables.allocation_table(allocation_of(subject.module)) if allocated else None,
    }


def _facts(subject: Subject) -> list[tuple[str, str]]:
    folder, target = subject.folder, subject.launch.target
    weights = "random" if folder.is_random else "trained"
    layers = config_of_module(subject.module).n_layers
    return [
        ("model", f"{folder.model}, {layers} layers, {weights} weights"),
        ("board", f"{target.name} ({target.part})"),
        ("numbers", str(folder.manifest["preset"] or "of its own pipeline")),
        ("machine", f"{subject.launch.machine.name} (docs/simulation.md)"),
        ("compiled by", f"lmc {folder.manifest['lmc']}"),
    ]


def _speed(subject: Subject) -> dict[str, Any]:
    """A launch, what limits it, and what happens when."""
    launch = subject.launch
    limit = limit_of(launch)
    layer = layer_activity(launch, config_of_module(subject.module).n_layers, _SLICES)
    strip, shares = cause_strip(layer, causes(launch, limit, layer))
    busy, idle = layer_rows(launch, layer)
    roofs = roofline(launch, subject.resources["dsp"]["budget"])
    return {
        "launch": launch,
        "headline": summary.headline(launch),
        "figures": tables.Table(("figure", "value", "label"), figure_rows(launch), ""),
        "simulated": source_of(launch),
        "limit": limit,
        "waits_for": waits_for(limit.name, shares) if limit.kind is Kind.NOTHING else None,
        "idle_tasks": idle_tasks(launch),
        "busy_table": tables.busy_table(launch),
        "idle_table": tables.idle_table(launch),
        "memories": tables.memory_table(launch),
        "ports": tables.port_table(launch),
        "fifos": tables.fifo_table(launch),
        "steps": launch_steps(launch),
        "layer": layer,
        "slice_cycles": -(-(layer.end - layer.start) // _SLICES),
        "cause_strip": strip,
        "causes": shares,
        "busy_rows": busy,
        "idle_rows": idle,
        **_roofline(roofs),
    }


def _roofline(found: Roofline | None) -> dict[str, Any]:
    if found is None:
        return {"roofline": None}
    roofs, points = marks(found)
    return {
        "roofline": found,
        "roofline_picture": Markup(roofline_picture(found)),
        "roofs": roofs,
        "points": points,
    }


def _resources(subject: Subject) -> dict[str, Any]:
    resources = subject.resources
    by_slr: list[tables.Table] = []
    if "slrs" in resources:
        by_slr = [tables.slr_table(resources), tables.crossing_table(resources)]
    return {
        "bars": resource_bars(resources),
        "parts": list(kernel_shares(resources)),
        "resources_source": resources_source(resources),
        "budget_source": BUDGET_SOURCE,
        "kernels": tables.kernel_table(resources),
        "budget": tables.budget_table(resources),
        "by_slr": by_slr,
    }
