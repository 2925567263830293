"""The report as one HTML page that needs nothing else: no script, no network."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.analysis.groups import Intermediates
from lmc.backends.report import tables
from lmc.backends.report.pictures import (
    resources_picture,
    roofline_picture,
    timeline_picture,
    utilization_picture,
)
from lmc.dataflow.resources.budget import excess
from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.ir.attributes import ALLOCATION
from lmc.ir.config_attribute import config_of_module
from lmc.simulation.launch import Launch
from lmc.simulation.layer import LayerActivity, layer_activity
from lmc.simulation.limits import limits
from lmc.simulation.report import figure_rows, source_of

REPORT = "report.html"
_TEMPLATE = Path(__file__).parent / "report.html.j2"
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
    """The page; the same bytes for the same launch. Raises LmcError as `layer_activity` does."""
    launch = subject.launch
    layers = config_of_module(subject.module).n_layers
    layer = layer_activity(launch, layers, _SLICES)
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    allocated = ALLOCATION in subject.module.attributes
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        facts=_facts(subject, layers),
        launch=launch,
        figures=tables.Table(("figure", "value", "source"), figure_rows(launch), ""),
        memories=tables.memory_table(launch),
        ports=tables.port_table(launch),
        tasks=tables.task_table(launch),
        stalls=tables.stall_table(launch),
        fifos=tables.fifo_table(launch),
        budget=tables.budget_table(subject.resources),
        kernels=tables.kernel_table(subject.resources),
        by_slr=_by_slr(subject.resources),
        allocation=tables.allocation_table(allocation_of(subject.module)) if allocated else None,
        intermediates=_intermediates(subject.folder),
        limits=limits(launch),
        excess=excess(subject.resources),
        pictures=_pictures(subject, layer),
        layer=layer,
        slice_cycles=-(-(layer.end - layer.start) // _SLICES),
        simulated=source_of(launch),
    )


def _facts(subject: Subject, layers: int) -> list[tuple[str, str]]:
    manifest, target = subject.folder.manifest, subject.launch.target
    weights = "random" if subject.folder.is_random else "trained"
    return [
        ("model", f"{subject.folder.model}, {layers} layers, {weights} weights"),
        ("target", f"{target.name} ({target.part})"),
        ("preset", str(manifest["preset"])),
        ("passes", ", ".join(manifest["pipeline"])),
    ]


def _by_slr(resources: Mapping[str, Any]) -> list[tables.Table]:
    """Tables for a design that is placed in SLRs, none for another one."""
    if "slrs" not in resources:
        return []
    return [tables.slr_table(resources), tables.crossing_table(resources)]


def _intermediates(folder: Design) -> str | None:
    entry = folder.manifest.get("intermediates")
    if entry is None:
        return None
    return Intermediates(entry["unfused_bytes"], entry["bytes"]).sentence


def _pictures(subject: Subject, layer: LayerActivity) -> dict[str, str]:
    launch = subject.launch
    memories = [
        (f"memory {name}", launch.utilization(name))
        for name, count in launch.decode_bytes.items()
        if count
    ]
    kernels: dict[str, str] = {}
    for name in sorted(launch.result.tasks, key=launch.occupancy, reverse=True):
        kernels.setdefault(launch.result.tasks[name].kernel, name)
    busiest = [(f"{kernel}: {name}", launch.occupancy(name)) for kernel, name in kernels.items()]
    texts = {
        "roofline": roofline_picture(launch),
        "utilization": utilization_picture([*memories, *busiest]),
        "resources": resources_picture(subject.resources),
        "timeline": timeline_picture(launch, layer),
    }
    return {name: base64.b64encode(text.encode()).decode() for name, text in texts.items()}
