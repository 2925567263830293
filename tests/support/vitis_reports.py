"""Reports as Vitis writes them, made of a design's own plan: csynth.xml, and those of the link.

The format is that of public reports of Vitis HLS 2020.1 to 2023.1; the numbers are the plan's, each
kind of part multiplied by a factor that is known, so that a test can tell what comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from xml.sax.saxutils import escape

from lmc.backends.hls.printer import find_design
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.resources.counts import Resources
from lmc.design.folder import open_design
from lmc.dialects.dataflow import DesignOp
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text
from lmc.synthesis.planned import PlannedKernel, PlannedLoop, PlannedUnit, planned_kernels
from lmc.targets import Target

Factors = Mapping[str, Mapping[str, float]]
"""By kind of part and resource."""


@dataclass(frozen=True)
class Style:
    """How a release writes things down."""

    version: str = "2024.2"
    dsp: str = "DSP"
    outlined: bool = True
    """A pipelined loop is a module of its own."""
    suffix: str = "_s"
    """After the name of a template's module."""
    copies: bool = False
    """Instances of one function are modules with a number each."""
    date: str | None = "Thu Nov 14 09:30:00 2024"
    folder: str = "hls/syn/report"


@dataclass(frozen=True)
class Made:
    """What differs from the plan: factors of resources, intervals and latencies by label."""

    factors: Factors = field(default_factory=dict[str, Mapping[str, float]])
    intervals: Mapping[str, int] = field(default_factory=dict[str, int])
    latencies: Mapping[str, int] = field(default_factory=dict[str, int])
    periods: Mapping[str, float] = field(default_factory=dict[str, float])
    """Of tasks' functions, in ns."""
    part: str | None = None
    clock_mhz: float | None = None


def load_design(folder: Path) -> tuple[DesignOp, Target]:
    """The design in a folder, and its target."""
    opened = open_design(folder)
    path = opened.ir_file(4)
    module = parse_module(make_context(load_registry()), read_text(str(path)), path.name)
    return find_design(module), opened.target


def write_reports(
    folder: Path,
    design: DesignOp,
    target: Target,
    made: Made | None = None,
    style: Style | None = None,
) -> Path:
    """`KERNEL/.../csynth.xml` for each kernel, below `folder`; the folder."""
    made, style = made or Made(), style or Style()
    for name, kernel in plan_of(design, target).items():
        place = folder / name / style.folder
        place.mkdir(parents=True)
        clock = made.clock_mhz or design_clock(design, target)
        text = _kernel_xml(kernel, made, style, made.part or target.part, 1e3 / clock)
        (place / "csynth.xml").write_text(text, encoding="utf-8")
        if style.date is not None:
            (place / "csynth.rpt").write_text(_summary(name, style, target.part), encoding="utf-8")
    return folder


def write_routed(
    folder: Path, design: DesignOp, target: Target, share: float, slack_ns: float, made: Made
) -> Path:
    """The table of routed kernels, each with a share of what HLS reported, and the timing."""
    rows = ["| Name | LUT | LUTAsMem | REG | BRAM | URAM | DSP |"]
    for user in ("Platform", "User Budget", "   Used Resources", "   Unused Resources"):
        rows.append(f"| {user} | {' | '.join(['151731 [ 12.83%]'] * 6)} |")
    for name, kernel in plan_of(design, target).items():
        taken = _whole(kernel, made) * share
        amounts = (taken.lut, 20, taken.ff, 2 * taken.bram36, taken.uram, taken.dsp)
        whole = [round(amount) for amount in amounts]
        whole[3] /= 2
        cells = " | ".join(f"{amount:g} [  1.62%]" for amount in whole)
        rows += [f"| {name} | {cells} |", f"|    {name}_1 | {cells} |"]
    rule = "+" + "-" * 20 + "+"
    head = [
        "Copyright 1986-2024 Xilinx, Inc. All Rights Reserved.",
        "| Tool Version : Vivado v.2024.2 (lin64) Build 1 Fri Nov 15 10:00:00 MST 2024",
        "| Date         : Fri Nov 15 20:15:00 2024",
        "| Device       : " + target.part.split("-")[0],
        "| Design State : Routed",
        "",
        "1. System Utilization",
        "",
    ]
    place = folder / "link/reports/link/imp"
    place.mkdir(parents=True)
    table = "\n".join([*head, rule, rows[0], rule, *rows[1:], rule, ""])
    (place / "impl_1_kernel_util_routed.rpt").write_text(table, encoding="utf-8")
    period = 1e3 / design_clock(design, target)
    (place / "impl_1_hw_bb_locked_timing_summary_routed.rpt").write_text(
        "\n".join(
            [
                head[1],
                "| Design Timing Summary",
                "| ---------------------",
                "    WNS(ns)      TNS(ns)  TNS Failing Endpoints",
                "    -------      -------  ---------------------",
                "     -9.000       -9.500                     12",
                "",
                "| Clock Summary",
                "| -------------",
                "Clock                  Waveform(ns)       Period(ns)      Frequency(MHz)",
                "-----                  ------------       ----------      --------------",
                f"clk_kernel  {{0.000 {period / 2:.3f}}}   {period:.3f}   {1e3 / period:.3f}",
                "| Intra Clock Table",
                "Clock             WNS(ns)      TNS(ns)",
                f"clk_kernel       {slack_ns:.3f}       -1.500",
            ]
        ),
        encoding="utf-8",
    )
    return folder


def perturbed(parts: Mapping[str, Resources], factors: Factors) -> Resources:
    """The parts, each kind multiplied by its factors."""
    taken = Resources()
    for kind, part in parts.items():
        own = factors.get(kind, {})
        taken += Resources(
            *(getattr(part, one.name) * own.get(one.name, 1.0) for one in fields(Resources))
        )
    return taken


def module_name(unit: PlannedUnit, style: Style, copy: int = 0) -> str:
    """What HLS calls the module of a function, or a copy of it."""
    key = "_".join([unit.function, *map(str, unit.arguments)])
    if copy:
        return f"{key}_{copy}"
    return f"{key}{style.suffix}" if unit.arguments else key


_PLANS: dict[DesignOp, dict[str, PlannedKernel]] = {}


def plan_of(design: DesignOp, target: Target) -> dict[str, PlannedKernel]:
    """The plan of a design, which takes a second to make."""
    if design not in _PLANS:
        _PLANS[design] = planned_kernels(design, target)
    return _PLANS[design]


def _whole(kernel: PlannedKernel, made: Made) -> Resources:
    units = [perturbed(unit.parts, made.factors) for unit in kernel.units]
    return sum(units, start=perturbed(kernel.rest, made.factors))


def _kernel_xml(kernel: PlannedKernel, made: Made, style: Style, part: str, period: float) -> str:
    instances: list[str] = ["entry_proc"]
    modules = [_module_xml("entry_proc", Resources(), "", style, 1.0)]
    hierarchy = [_instance_xml("entry_proc", "")]
    total = Resources()
    for unit in kernel.units:
        count = len(unit.tasks)
        taken = perturbed(unit.parts, made.factors)
        each = Resources(*(getattr(taken, one.name) / count for one in fields(Resources)))
        for copy in range(count):
            name = module_name(unit, style, copy if style.copies else 0)
            pipelined = [loop for loop in unit.loops if loop.ii is not None]
            inner: list[str] = []
            if style.outlined:
                for loop in pipelined:
                    key = "_".join([unit.function, *map(str, unit.arguments)])
                    inner.append(f"{key}_Pipeline_{loop.label}")
                    if inner[-1] not in instances:
                        instances.append(inner[-1])
                        body = _loop_xml(loop, unit, made)
                        modules.append(_module_xml(inner[-1], Resources(), body, style, 2.0))
            hierarchy.append(_instance_xml(name, "".join(_instance_xml(i, "") for i in inner)))
            total += _rounded(each)
            if name in instances:
                continue
            instances.append(name)
            outer = [loop for loop in unit.loops if loop.ii is None]
            own = outer if style.outlined else [*outer, *pipelined]
            body = "".join(_loop_xml(loop, unit, made) for loop in own)
            longest = made.periods.get(unit.function, 2.0)
            modules.append(_module_xml(name, each, body, style, longest))
    total += perturbed(kernel.rest, made.factors)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<profile>
  <ReportVersion><Version>{style.version}</Version></ReportVersion>
  <UserAssignments>
    <unit>ns</unit><ProductFamily>versal</ProductFamily><Part>{part}</Part>
    <TopModelName>{kernel.name}</TopModelName>
    <TargetClockPeriod>{period:.2f}</TargetClockPeriod>
    <ClockUncertainty>0.90</ClockUncertainty><FlowTarget>vitis</FlowTarget>
  </UserAssignments>
  <PerformanceEstimates>
    <PipelineType>dataflow</PipelineType>
    <SummaryOfTimingAnalysis><unit>ns</unit>
      <EstimatedClockPeriod>2.433</EstimatedClockPeriod></SummaryOfTimingAnalysis>
    <SummaryOfOverallLatency>
      <Best-caseLatency>undef</Best-caseLatency><Worst-caseLatency>undef</Worst-caseLatency>
      <Interval-min>undef</Interval-min><Interval-max>undef</Interval-max>
    </SummaryOfOverallLatency>
  </PerformanceEstimates>
  <AreaEstimates>{_resources_xml(total, style)}
    <AvailableResources><LUT>899840</LUT></AvailableResources></AreaEstimates>
  <RTLDesignHierarchy><TopModule><ModuleName>{kernel.name}</ModuleName>
    <InstancesList>{"".join(hierarchy)}</InstancesList></TopModule></RTLDesignHierarchy>
  <ModuleInformation>{"".join(modules)}</ModuleInformation>
</profile>
"""


def _instance_xml(module: str, inner: str) -> str:
    inside = f"<InstancesList>{inner}</InstancesList>" if inner else ""
    names = f"<InstName>{module}_U0</InstName><ModuleName>{module}</ModuleName>"
    return f"<Instance>{names}{inside}</Instance>"


def _module_xml(name: str, taken: Resources, loops: str, style: Style, period: float) -> str:
    summary = f"<SummaryOfLoopLatency>{loops}</SummaryOfLoopLatency>" if loops else ""
    return f"""<Module><Name>{escape(name)}</Name><PerformanceEstimates>
<SummaryOfTimingAnalysis><TargetClockPeriod>3.33</TargetClockPeriod>
<EstimatedClockPeriod>{period}</EstimatedClockPeriod></SummaryOfTimingAnalysis>
<SummaryOfOverallLatency>
<Best-caseLatency>2</Best-caseLatency><Worst-caseLatency>?</Worst-caseLatency>
<PipelineInitiationInterval>2 ~ 65</PipelineInitiationInterval></SummaryOfOverallLatency>
{summary}</PerformanceEstimates>
<AreaEstimates>{_resources_xml(taken, style)}</AreaEstimates></Module>
"""


def _rounded(taken: Resources) -> Resources:
    return Resources(
        round(taken.lut),
        round(taken.ff),
        round(taken.dsp),
        round(2 * taken.bram36) / 2,
        round(taken.uram),
    )


def _resources_xml(taken: Resources, style: Style) -> str:
    whole = _rounded(taken)
    return (
        f"<Resources><LUT>{whole.lut}</LUT><AVAIL_LUT>899840</AVAIL_LUT><UTIL_LUT>~0</UTIL_LUT>"
        f"<FF>{whole.ff}</FF><{style.dsp}>{whole.dsp}</{style.dsp}>"
        f"<BRAM_18K>{round(2 * whole.bram36)}</BRAM_18K><URAM>{whole.uram}</URAM></Resources>"
    )


def _loop_xml(loop: PlannedLoop, unit: PlannedUnit, made: Made) -> str:
    trips = "undef" if loop.trips is None else str(loop.trips)
    body = f"<Name>{loop.label}</Name><TripCount>{trips}</TripCount><Latency>? ~ ?</Latency>"
    if loop.ii is not None:
        ii = made.intervals.get(loop.label, loop.ii)
        depth = made.latencies.get(loop.label, loop.latency or 3)
        body += f"<PipelineII>{ii}</PipelineII><PipelineDepth>{depth}</PipelineDepth>"
        body += "<PipelineType>yes</PipelineType>"
    else:
        body += "<IterationLatency><range><min>3</min><max>9</max></range></IterationLatency>"
    return f"<{loop.label}>{body}<InstanceList/></{loop.label}>"


def _summary(name: str, style: Style, part: str) -> str:
    return (
        f"== Synthesis Summary Report of '{name}'\n+ General Information: \n"
        f"    * Date:           {style.date}\n"
        f"    * Version:        {style.version} (Build 1 on Nov  8 2024)\n"
        f"    * Target device:  {part}\n"
    )
