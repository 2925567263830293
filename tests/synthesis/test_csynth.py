"""Reading csynth.xml: releases, names, nests of loops, and what is no report."""

from pathlib import Path

import pytest

from lmc.diagnostics import LmcError
from lmc.synthesis.csynth import LoopReport, read_csynth, report_date
from lmc.synthesis.figures import Span

HEAD = """<UserAssignments><Part>xcvc1902-vsva2197-2MP-e-S</Part><TopModelName>front</TopModelName>
<TargetClockPeriod>3.33</TargetClockPeriod></UserAssignments>"""
VERSION = "<ReportVersion><Version>2020.2</Version></ReportVersion>"
AREA = """<AreaEstimates><Resources><BRAM_18K>3</BRAM_18K><DSP48E>7</DSP48E><FF>20</FF>
<LUT>30</LUT></Resources></AreaEstimates>"""


def write(folder: Path, inner: str, *, name: str = "csynth.xml") -> Path:
    path = folder / name
    path.write_text(f"<profile>\n{inner}\n</profile>\n", encoding="utf-8")
    return path


def test_an_old_report(tmp_path: Path) -> None:
    """One module, DSP48E, no URAM, no hierarchy, loops in one another with ranges."""
    loops = """<PerformanceEstimates>
    <SummaryOfTimingAnalysis><EstimatedClockPeriod>2.900</EstimatedClockPeriod></SummaryOfTimingAnalysis>
    <SummaryOfOverallLatency><Best-caseLatency>12</Best-caseLatency>
    <Average-caseLatency>?</Average-caseLatency><Worst-caseLatency>90</Worst-caseLatency>
    </SummaryOfOverallLatency>
    <SummaryOfLoopLatency><outer><Slack>2.4</Slack><TripCount>8</TripCount>
      <Latency><range><min>80</min><max>90</max></range></Latency>
      <AbsoluteTimeLatency>undef</AbsoluteTimeLatency>
      <IterationLatency><range><min>10</min><max>11</max></range></IterationLatency>
      <InstanceList/>
      <inner><TripCount><range><min>1</min><max>4</max></range></TripCount><Latency>8 ~ 9</Latency>
        <PipelineII>2</PipelineII><PipelineDepth>5</PipelineDepth></inner>
    </outer></SummaryOfLoopLatency></PerformanceEstimates>"""
    report = read_csynth(write(tmp_path, VERSION + HEAD + loops + AREA))
    assert (report.version, report.part) == ("2020.2", "xcvc1902-vsva2197-2MP-e-S")
    assert report.clock_mhz == pytest.approx(300.3, abs=0.1)
    assert report.top.period_ns == 2.9
    assert report.top.latency == Span(12, 90)
    taken = report.top.resources
    assert (taken.lut, taken.ff, taken.dsp, taken.bram36, taken.uram) == (30, 20, 7, 1.5, 0)
    assert report.top.loops == (
        LoopReport("outer", Span(8, 8), None, Span(10, 11), Span(80, 90)),
        LoopReport("inner", Span(1, 4), Span(2, 2), Span(5, 5), Span(8, 9)),
    )
    assert report.processes is None
    assert report.date is None


def test_modules_of_their_own(tmp_path: Path) -> None:
    """A pipelined loop is a module below its function; a function is there twice."""
    inner = """<InstancesList><Instance><ModuleName>work_Pipeline_row</ModuleName></Instance>
    </InstancesList>"""
    work = f"<Instance><ModuleName>work</ModuleName>{inner}</Instance>"
    tree = f"""<RTLDesignHierarchy><TopModule><ModuleName>front</ModuleName>
    <InstancesList>{work}{work}</InstancesList></TopModule></RTLDesignHierarchy>"""
    loop = "<SummaryOfLoopLatency><row><PipelineII>1</PipelineII></row></SummaryOfLoopLatency>"
    modules = "".join(
        f"<Module><Name>{name}</Name><PerformanceEstimates>{loops}</PerformanceEstimates>{AREA}</Module>"
        for name, loops in (("work", ""), ("work_Pipeline_row", loop))
    )
    inner = f"{VERSION}{HEAD}{AREA}{tree}<ModuleInformation>{modules}</ModuleInformation>"
    report = read_csynth(write(tmp_path, inner))
    assert report.processes == {"work": 2}
    assert [one.name for one in report.loops_of("work")] == ["row"]


def test_release_and_date_of_the_text_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + AREA)
    (tmp_path / "csynth.rpt").write_text(
        "* Date:           Thu Jul 13 23:01:33 2023\n* Version:        2022.1 (Build 3 on 4)\n"
    )
    report = read_csynth(path)
    assert (report.version, report.date) == ("2022.1", "2023-07-13T23:01:33")
    assert report_date("yesterday") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<profile>", "is no whole XML file .*: synthesize again"),
        ("<html/>", "is no report of Vitis HLS: it has no profile/UserAssignments"),
        ("<profile><UserAssignments/></profile>", "it has no TopModelName"),
        (f"<profile>{VERSION}{HEAD}</profile>", "module front has no AreaEstimates/Resources"),
        (f"<profile>{HEAD}{AREA}</profile>", "says of no release"),
        (
            f"<profile>{VERSION}{HEAD}{AREA}</profile>".replace("3.33", "?"),
            "TargetClockPeriod says no clock",
        ),
        (
            f"<profile>{VERSION}{HEAD}{AREA}</profile>".replace(">30<", ">many<"),
            "module front: LUT: 'many' is no figure",
        ),
        (
            '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><profile>&c;</profile>',
            "declares a document type",
        ),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "csynth.xml"
    path.write_text(text)
    with pytest.raises(LmcError, match=f"{path}.*{sentence}"):
        read_csynth(path)


def test_another_encoding_hides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "csynth.xml"
    path.write_bytes('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"))
    with pytest.raises(LmcError, match="no whole XML file"):
        read_csynth(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LmcError, match="cannot be read: No such file"):
        read_csynth(tmp_path / "csynth.xml")
