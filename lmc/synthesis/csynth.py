"""`csynth.xml`, the report of Vitis HLS of a kernel: clock, loops and resources of its functions.

The format is that of public reports of Vitis HLS 2020.1 to 2023.1. Loops are elements named after
their labels, one in another; pipelined loops of a function are often modules of their own,
`FUNCTION_Pipeline_LABEL`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError
from lmc.synthesis.figures import Span, amount, parse_element, parse_figure

PIPELINE = "_Pipeline_"
"""In the name of a module that is a pipelined loop of the function before it."""

_NOT_LOOPS = frozenset(
    {
        *("Name", "Slack", "TripCount", "Latency", "AbsoluteTimeLatency", "IterationLatency"),
        *("PipelineII", "PipelineDepth", "PipelineType", "InstanceList", "AverageLatency"),
        *("BestCaseLatency", "WorstCaseLatency", "Issue", "IssueType", "range"),
    }
)
"""What the element of a loop holds beside inner loops."""
_MOST_BYTES = 256 << 20
"""Of a report; those of whole kernels have a few megabytes."""
_DATE = re.compile(r"^\s*\*\s*Date:\s*(.+?)\s*$", re.MULTILINE)
_BUILD = re.compile(r"^\s*\*\s*Version:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class LoopReport:
    """A loop of a function. `ii` is None where it is not pipelined; `depth` are the cycles of an
    iteration, `latency` those of the whole loop, None where the tool does not know."""

    name: str
    trips: Span | None
    ii: Span | None
    depth: Span | None
    latency: Span | None


@dataclass(frozen=True)
class ModuleReport:
    """A function as a module of RTL. `resources` are those of its own modules, too."""

    name: str
    period_ns: float | None
    latency: Span | None
    resources: Resources
    loops: tuple[LoopReport, ...]


@dataclass(frozen=True)
class KernelReport:
    """A kernel as Vitis HLS reports it.

    `processes` says how often each module is there right under the kernel, None where the report
    does not say; `inner` are the modules that each module has in it, itself left out.
    """

    path: Path
    top: ModuleReport
    version: str
    part: str
    target_ns: float
    modules: Mapping[str, ModuleReport]
    processes: Mapping[str, int] | None
    inner: Mapping[str, frozenset[str]]
    date: str | None
    """Of the report, in the form of ISO 8601; None where nothing beside it has one."""

    @property
    def clock_mhz(self) -> float:
        """The clock that was asked for."""
        return 1e3 / self.target_ns

    def loops_of(self, name: str) -> tuple[LoopReport, ...]:
        """The loops of a module, those that are modules of their own included."""
        inside = sorted(self.inner.get(name, frozenset()))
        modules = [self.modules[one] for one in (name, *inside) if one in self.modules]
        return tuple(loop for module in modules for loop in module.loops)


def is_csynth(path: Path) -> bool:
    """Whether a file is named like the report of a whole kernel."""
    return path.name == "csynth.xml"


def read_csynth(path: Path) -> KernelReport:
    """The report of a kernel.

    Raises:
        LmcError: the file cannot be read, is no such report, or holds what lmc does not know.
    """
    root = _parse(path)
    user = root.find("UserAssignments")
    if root.tag != "profile" or user is None:
        raise LmcError(f"{path} is no report of Vitis HLS: it has no profile/UserAssignments")
    name = _text(user, "TopModelName", path)
    target = parse_figure(_text(user, "TargetClockPeriod", path), f"{path}: TargetClockPeriod")
    if target is None or target.least <= 0:
        raise LmcError(f"{path}: TargetClockPeriod says no clock; synthesize with a clock")
    top = _module(root, name, path)
    modules = {top.name: top}
    for element in root.iterfind("ModuleInformation/Module"):
        module = _module(element, _text(element, "Name", path), path)
        modules.setdefault(module.name, module)
    tree = root.find("RTLDesignHierarchy/TopModule")
    version, date = _version(root, path)
    return KernelReport(
        path=path,
        top=top,
        version=version,
        part=_text(user, "Part", path),
        target_ns=target.least,
        modules=modules,
        processes=None if tree is None else Counter(name for name, _ in _instances(tree)),
        inner={} if tree is None else _inside(tree),
        date=date,
    )


def _parse(path: Path) -> Element:
    """The root of an XML file; one that declares a document type, and so could name entities, is
    refused, since reports have none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LmcError(f"{path} has more than {_MOST_BYTES >> 20} MB: that is no report")
        # As text, so that no declared encoding can hide what is looked for.
        text = path.read_text(encoding="utf-8")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise LmcError(f"{path} declares a document type, which reports of Vitis do not")
        return ElementTree.fromstring(text)
    except OSError as error:
        raise LmcError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ElementTree.ParseError, ValueError) as error:
        raise LmcError(f"{path} is no whole XML file ({error}): synthesize again") from error


def _text(element: Element, name: str, path: Path) -> str:
    found = (element.findtext(name) or "").strip()
    if not found:
        raise LmcError(f"{path} is no report of Vitis HLS: it has no {name}")
    return found


def _version(root: Element, path: Path) -> tuple[str, str | None]:
    """Release and date: the XML has the first, the text report beside it has both."""
    version = (root.findtext("ReportVersion/Version") or "").strip()
    beside = sorted(
        path.parent.glob("*csynth.rpt"), key=lambda one: (one.name != "csynth.rpt", one)
    )
    date: str | None = None
    for report in beside:
        try:
            head = report.read_text(encoding="utf-8", errors="replace")[:4000]
        except OSError:
            continue
        dated, built = _DATE.search(head), _BUILD.search(head)
        version = version or (built[1] if built else "")
        date = report_date(dated[1]) if dated else None
        if date is not None:
            break
    if not version:
        raise LmcError(f"{path} says of no release of Vitis HLS that it wrote it")
    return version, date


def report_date(text: str) -> str | None:
    """A date as AMD's tools write it (`Thu Jul 13 23:01:33 2023`) in the form of ISO 8601."""
    try:
        return datetime.strptime(" ".join(text.split()), "%a %b %d %H:%M:%S %Y").isoformat()
    except ValueError:
        return None


def _module(element: Element, name: str, path: Path) -> ModuleReport:
    where = f"{path}: module {name}"
    period = parse_element(
        element.find("PerformanceEstimates/SummaryOfTimingAnalysis/EstimatedClockPeriod"),
        f"{where}: EstimatedClockPeriod",
    )
    overall = element.find("PerformanceEstimates/SummaryOfOverallLatency")
    loops = element.find("PerformanceEstimates/SummaryOfLoopLatency")
    resources = element.find("AreaEstimates/Resources")
    if resources is None:
        raise LmcError(f"{where} has no AreaEstimates/Resources: the report is not whole")
    return ModuleReport(
        name=name,
        period_ns=None if period is None else period.most,
        latency=None if overall is None else _overall(overall, where),
        resources=_resources(resources, where),
        loops=() if loops is None else tuple(_loops(loops, where)),
    )


def _overall(element: Element, where: str) -> Span | None:
    least, most = (
        parse_element(element.find(f"{case}-caseLatency"), f"{where}: {case}-caseLatency")
        for case in ("Best", "Worst")
    )
    return None if least is None or most is None else Span(least.least, most.most)


def _loops(parent: Element, where: str) -> Iterator[LoopReport]:
    for element in parent:
        if element.tag in _NOT_LOOPS:
            continue
        label = f"{where}: loop {element.tag}"
        depth = element.find("PipelineDepth")
        if depth is None:
            depth = element.find("IterationLatency")
        yield LoopReport(
            name=(element.findtext("Name") or element.tag).strip(),
            trips=parse_element(element.find("TripCount"), f"{label}: TripCount"),
            ii=parse_element(element.find("PipelineII"), f"{label}: PipelineII"),
            depth=parse_element(depth, f"{label}: cycles of an iteration"),
            latency=parse_element(element.find("Latency"), f"{label}: Latency"),
        )
        yield from _loops(element, where)


def _resources(element: Element, where: str) -> Resources:
    """Amounts; BRAM is reported in blocks of 18 Kbit. DSPs have had two names."""

    def read(*names: str) -> float:
        found = (element.find(name) for name in names)
        present = next((one for one in found if one is not None), None)
        return amount(parse_element(present, f"{where}: {names[0]}"))

    return Resources(
        lut=read("LUT"),
        ff=read("FF"),
        dsp=read("DSP", "DSP48E", "DSP48E2"),
        bram36=read("BRAM_18K") / 2,
        uram=read("URAM"),
    )


def _instances(element: Element) -> Iterator[tuple[str, Element]]:
    """Modules right under a module, with their elements."""
    for instance in element.iterfind("InstancesList/Instance"):
        name = (instance.findtext("ModuleName") or "").strip()
        if name:
            yield name, instance


def _inside(tree: Element) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}

    def visit(element: Element) -> frozenset[str]:
        names = frozenset[str]()
        for name, instance in _instances(element):
            inside = visit(instance)
            found[name] = found.get(name, frozenset()) | inside
            names |= {name} | inside
        return names

    visit(tree)
    return found
