"""A design beside reports that are made of its own plan: what is whose, and what is worse."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from vitis_reports import Made, Style, write_reports, write_routed

from lmc.dataflow.machines import HLS_FLP
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.synthesis.achieved import Speed, simulated_speed
from lmc.synthesis.comparison import Comparison, UnitPair, compare, relative_error
from lmc.synthesis.findings import findings
from lmc.synthesis.found import find_reports
from lmc.synthesis.mapping import map_units
from lmc.synthesis.tables import UNIT_COLUMNS, kernel_rows, unit_rows
from lmc.targets import Target

Planned = tuple[DesignOp, Target]
STYLES = (
    Style(),
    Style("2020.2", dsp="DSP48E", outlined=False, date=None, folder="solution/syn/report"),
    Style("2022.2", suffix="", folder="front/front/solution/syn/report"),
    Style("2023.1", copies=True),
)


def compared(
    folder: Path, planned: Planned, made: Made | None = None, style: Style | None = None
) -> Comparison:
    return compare(*planned, find_reports(write_reports(folder, *planned, made, style)))


def unit(comparison: Comparison, task: str) -> UnitPair:
    return next(one for one in comparison.units if task in one.tasks)


def edit(folder: Path, kernel: str, change: Callable[[str], str]) -> Path:
    path = next((folder / kernel).rglob("csynth.xml"))
    path.write_text(change(path.read_text()))
    return path


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.version)
def test_what_is_made_as_planned(tmp_path: Path, planned: Planned, style: Style) -> None:
    comparison = compared(tmp_path, planned, style=style)
    assert findings(comparison, simulated_speed(comparison, HLS_FLP)) == []
    assert comparison.tool == f"Vitis HLS {style.version}"
    lanes = [one for one in comparison.units if "lane_" in one.name and one.loops[-1].depth]
    assert sorted(task for one in lanes for task in one.tasks if task.startswith("lane_")) == [
        f"lane_{number}" for number in range(4)
    ]
    assert sum(len(one.loops) for one in comparison.units) > 40
    for one in comparison.units:
        assert not one.unreported
        for loop in one.loops:
            assert loop.ii == loop.planned.ii
            assert loop.planned.latency in (None, loop.depth)
        for name, error in relative_error(one.estimated, one.reported).items():
            # Numbers of a report are whole.
            amount = getattr(one.reported, name)
            assert error is None or abs(error) * amount <= len(one.tasks), (one.name, name)


def test_equal_lanes_are_one_function(tmp_path: Path, planned: Planned) -> None:
    comparison = compared(tmp_path, planned)
    shared = [one for one in comparison.units if len(one.tasks) > 2]
    assert shared
    for one in shared:
        (module, count) = one.mapped.modules[0]
        assert count == len(one.tasks)
        assert one.reported.lut == module.resources.lut * count


def test_slower_loops_are_said_first(tmp_path: Path, planned: Planned) -> None:
    made = Made(
        intervals={"lane_set": 3, "read_tables_words": 2}, latencies={"rms_norm_square": 40}
    )
    comparison, before = compared(tmp_path, planned, made), str(planned[0])
    speed = simulated_speed(comparison, HLS_FLP)
    assert str(planned[0]) == before
    assert speed is not None
    assert speed.achieved is not None
    assert speed.achieved < speed.planned / 1.05
    said = findings(comparison, speed)
    assert re.fullmatch(
        r"the design simulates at [\d,.]+ new tokens a second, and with intervals and latencies of "
        r"synthesis at [\d,.]+ \(simulated: hls-flp\)",
        said[0],
    )
    assert re.fullmatch(r"loop lane_set of lane_.* has II 3, the design plans 1", said[1])
    assert any(
        "longer latency than planned, most of all rms_norm_square of rms_norm: 40 cycles" in one
        for one in said
    )


def test_a_speed_that_cannot_be_told(tmp_path: Path, planned: Planned) -> None:
    speed = Speed("hls-flp", 44.3, None, "lane_0 waits for lane_1")
    assert findings(compared(tmp_path, planned), speed) == [
        "the design simulates at 44.3 new tokens a second, and with intervals and latencies of "
        "synthesis it stops (simulated: hls-flp): lane_0 waits for lane_1"
    ]


def test_a_burst_that_is_slower_and_a_loop_that_is_no_pipeline(
    tmp_path: Path, planned: Planned
) -> None:
    write_reports(tmp_path, *planned, style=Style(outlined=False))
    edit(
        tmp_path,
        "matrix",
        lambda text: re.sub(
            r"(<read_weights_layers>.*?<PipelineII>)1(</PipelineII>)", r"\g<1>2\2", text
        ),
    )
    edit(
        tmp_path,
        "front",
        lambda text: re.sub(r"(<rms_norm_square>.*?)<PipelineII>1</PipelineII>", r"\1", text),
    )
    said = findings(compare(*planned, find_reports(tmp_path)), None)
    assert any("loop rms_norm_square of rms_norm is not pipelined; the design" in s for s in said)
    assert any(
        re.search(r"loop read_weights_layers of read_weights_.* has II 2.*it is a burst", one)
        for one in said
    )


def test_clocks(tmp_path: Path, planned: Planned) -> None:
    made = Made(periods={"rms_norm": 4.0, "rotate": 3.5})
    comparison = compared(tmp_path, planned, made)
    (said,) = findings(comparison, None)
    assert said.startswith("rms_norm is expected to reach 250.0 MHz, the design plans 300 MHz")
    # What is routed says more than what is expected.
    write_routed(tmp_path, *planned, 0.5, -0.4, made)
    comparison = compare(*planned, find_reports(tmp_path))
    assert comparison.routed_mhz == pytest.approx(1e3 / (1e3 / 300 + 0.4))
    assert findings(comparison, None) == [
        "the routed design reaches 267.9 MHz and is planned with 300 MHz (rtl: Vivado 2024.2)"
    ]


def test_what_the_linker_expects(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    (tmp_path / "system_estimate.xtxt").write_text(
        "| Compute Unit | Kernel Name | Estimated Frequency |\n"
        "| front_1      | front       | 411.015             |\n"
        "| matrix_1     | matrix      | 290.5               |\n"
    )
    assert findings(compare(*planned, find_reports(tmp_path)), None) == [
        "kernel matrix is expected to reach 290.5 MHz, the design plans 300 MHz (estimated: "
        "system_estimate.xtxt)"
    ]


def test_tables(tmp_path: Path, planned: Planned) -> None:
    """Functions that are off by most of the budget first; a row for each kernel and one for all."""
    made = Made({"registers": {"ff": 3.0}}, intervals={"lane_0_plane": 2})
    comparison = compared(tmp_path, planned, made)
    rows = [dict(zip(UNIT_COLUMNS, row, strict=True)) for row in unit_rows(comparison)]
    assert len(rows) == len(list(comparison.units))

    def off(row: dict[str, str]) -> float:
        planned_ff, reported = row["FF"].partition(" (")[0].replace(",", "").split(" / ")
        return float(reported) - float(planned_ff)

    assert off(rows[0]) == max(off(row) for row in rows if " / " in row["FF"])
    assert [row["II"] for row in rows if "lane_0" in row["task"]] == ["1 / 2"]
    kernels = kernel_rows(comparison)
    assert [row[0] for row in kernels] == [k.planned.name for k in comparison.kernels] + ["all"]


def test_what_is_routed(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    write_routed(tmp_path, *planned, 0.5, 0.1, Made())
    comparison = compare(*planned, find_reports(tmp_path))
    assert comparison.routed_mhz == pytest.approx(300)
    for kernel in comparison.kernels:
        assert kernel.routed is not None
        assert kernel.routed.lut == pytest.approx(kernel.reported.lut / 2, abs=20)
    assert findings(comparison, None) == []


def test_a_flattened_nest_has_the_names_of_its_loops(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    path = edit(
        tmp_path, "front", lambda t: t.replace("rms_norm_square", "rms_norm_layer_rms_norm_square")
    )
    loops = unit(compare(*planned, find_reports(path)), "rms_norm").loops
    assert "rms_norm_square" in [loop.planned.label for loop in loops]


def test_what_the_design_does_not_have(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    path = edit(tmp_path, "front", lambda text: text.replace("rms_norm_square", "VITIS_LOOP_9_1"))
    said = findings(compare(*planned, find_reports(path)), None)
    assert said[0] == "nothing is reported of loop rms_norm_square of rms_norm"
    assert said[1] == "the design has no loop VITIS_LOOP_9_1, which is reported of rms_norm"
    assert said[2].startswith("there is no csynth.xml of ")


def test_a_loop_of_which_nothing_is_said(tmp_path: Path, planned: Planned) -> None:
    """A tool may unroll or dissolve one."""
    write_reports(tmp_path, *planned, style=Style(outlined=False))
    path = edit(
        tmp_path,
        "front",
        lambda text: re.sub("<rms_norm_square>.*?</rms_norm_square>", "", text, flags=re.S),
    )
    said = findings(compare(*planned, find_reports(path)), None)
    assert said[0] == "nothing is reported of loop rms_norm_square of rms_norm"


def test_other_numbers_of_iterations(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    path = edit(
        tmp_path,
        "front",
        lambda text: re.sub(r"(<Name>rms_norm_square</Name><TripCount>)\d+", r"\g<1>7777", text),
    )
    said = findings(compare(*planned, find_reports(path)), None)
    assert said[0].startswith("loop rms_norm_square of rms_norm has 7777 iterations, the design")


REFUSED: dict[str, tuple[Callable[[str], str], str]] = {
    "an unknown task": (
        lambda text: text.replace(">rms_norm<", ">rms_nrom<"),
        "module rms_nrom is no task of kernel front; did you mean 'rms_norm'[?] Synthesize",
    ),
    "a task that is missing": (
        lambda text: re.sub(
            r"<Instance><InstName>rms_norm_U0.*?</Instance>(?=<Instance>)", "", text
        ),
        "",
    ),
    "too many instances": (
        lambda text: text.replace("<InstancesList>", f"<InstancesList>{_instance('rms_norm')}", 1),
        r"has 2 instances of rms_norm, and kernel front has 1 tasks of it \(rms_norm\)",
    ),
    "another kernel": (
        lambda text: text.replace("<TopModelName>front<", "<TopModelName>frnt<"),
        r"is of kernel frnt, which the design does not have; did you mean 'front'\?",
    ),
    "another part": (
        lambda text: text.replace("xcvc1902", "xcvc1802"),
        "is of part xcvc1802-.*, and the design is for vck190, xcvc1902-.*: synthesize",
    ),
    "another clock": (
        lambda text: text.replace(
            "<TargetClockPeriod>3.33</TargetClockPeriod>\n    <Clock",
            "<TargetClockPeriod>4.00</TargetClockPeriod>\n    <Clock",
        ),
        "is of a clock of 250 MHz, and the design is planned with 300 MHz.*--clock 250",
    ),
}


def _instance(module: str) -> str:
    return f"<Instance><InstName>{module}_U9</InstName><ModuleName>{module}</ModuleName></Instance>"


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_compared_is_refused(tmp_path: Path, planned: Planned, case: str) -> None:
    change, sentence = REFUSED[case]
    write_reports(tmp_path, *planned, style=Style(outlined=False))
    path = edit(tmp_path, "front", change)
    if not sentence:
        sentence = "has no module of rms_norm of kernel front: it is of another design"
    with pytest.raises(LmcError, match=sentence):
        compare(*planned, find_reports(path))


def test_a_report_without_a_hierarchy(tmp_path: Path, planned: Planned) -> None:
    """Which functions are there several times is not said then."""
    write_reports(tmp_path, *planned)
    for kernel in ("front", "matrix"):
        edit(
            tmp_path,
            kernel,
            lambda text: re.sub(
                r"<RTLDesignHierarchy>.*</RTLDesignHierarchy>", "", text, flags=re.S
            ),
        )
    front = compare(*planned, find_reports(next((tmp_path / "front").rglob("csynth.xml"))))
    assert unit(front, "rms_norm").reported.lut > 0
    with pytest.raises(LmcError, match="says of no module how often it is there"):
        compare(*planned, find_reports(tmp_path / "matrix"))


def test_two_builds_in_one_folder(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path / "one", *planned)
    write_reports(tmp_path / "two", *planned)
    assert find_reports(tmp_path).kernels.keys() == find_reports(tmp_path / "one").kernels.keys()
    edit(
        tmp_path / "two",
        "front",
        lambda text: text.replace("2.433", "2.434").replace(">2.0<", ">3.0<"),
    )
    with pytest.raises(LmcError, match="are of kernel front and differ: name the folder of one"):
        find_reports(tmp_path)


def test_two_routed_builds_in_one_folder(tmp_path: Path, planned: Planned) -> None:
    write_routed(tmp_path / "one", *planned, 0.5, 0.1, Made())
    write_routed(tmp_path / "two", *planned, 0.6, 0.1, Made())
    with pytest.raises(LmcError, match=r"kernel_util_routed.rpt and .* differ"):
        find_reports(tmp_path)


def test_no_report(tmp_path: Path) -> None:
    with pytest.raises(LmcError, match="has no report of Vitis"):
        find_reports(tmp_path)
    with pytest.raises(LmcError, match="there is no"):
        find_reports(tmp_path / "nothing")


def test_a_name_that_can_be_two_functions(tmp_path: Path, planned: Planned) -> None:
    comparison = compared(tmp_path, planned)
    kernel = next(k for k in comparison.kernels if k.planned.name == "matrix")
    one = next(u for u in kernel.planned.units if len(u.tasks) > 1)
    other = replace(one, tasks=("x", "y"))
    doubled = replace(kernel.planned, units=(*kernel.planned.units, other))
    with pytest.raises(LmcError, match=r"can be .* or .*: rename one of the tasks"):
        map_units(doubled, kernel.report)
