"""report.html of `lmc simulate`: well-formed, complete, and the same bytes for the same launch."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from tiny_designs import last_module

from lmc.backends.hls.printer import find_design
from lmc.backends.report import Subject, report_page, write_report
from lmc.backends.report import simulated as simulated_subject
from lmc.backends.report.roofline import _tasks
from lmc.backends.report.shares import kernel_shares
from lmc.dataflow.resources.budget import budget_line, excess
from lmc.design.folder import Design, open_design
from lmc.ir.levels import DATAFLOW
from lmc.simulation.launch import Launch, simulate_launch
from lmc.simulation.layer import layer_activity
from lmc.simulation.report import launch_json
from lmc.simulation.work import Work
from lmc.targets import load_target

HTML, SVG = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
SECTIONS = ("speed", "limit", "timeline", "roofline", "resources", "accuracy", "warnings")
ARGUMENTS = ("--tokens", "4", "--prompt-length", "3")


@pytest.fixture(scope="module")
def design(mamba2_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "design"
    return Path(shutil.copytree(mamba2_design, folder))


@pytest.fixture(scope="module")
def subject(design: Path) -> Subject:
    return simulated_subject(open_design(design), 3, 4, "rtl")


@pytest.fixture(scope="module")
def simulated(subject: Subject) -> tuple[dict[str, Any], str]:
    """What the command prints as JSON, and the text of the page that it writes."""
    page = write_report(subject).read_text(encoding="utf-8")
    return json.loads(json.dumps(launch_json(subject.launch, subject.resources))), page


def root(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page.partition("\n")[2])


def cells(page: str) -> list[list[str]]:
    """Text of all rows of all tables."""
    rows = root(page).iter(f"{HTML}tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def text_of(page: str) -> str:
    return " ".join("".join(root(page).itertext()).split())


def pictures(page: str) -> dict[str, ElementTree.Element]:
    """SVGs by what they are said to show."""
    return {svg.attrib["aria-label"]: svg for svg in root(page).iter(f"{SVG}svg")}


def test_the_page_has_the_figures_of_the_command(simulated) -> None:
    found, page = simulated
    rows = cells(page)
    values = {row[0]: row[1] for row in rows if len(row) > 1}
    assert values["tokens a second"] == f"{found['tokens_per_second']:,.2f}"
    assert values["DDR4"] == f"{found['memories']['DDR4']['bytes_per_token']:,}"
    summary = text_of(page).partition("No figure is of a board")[0]
    assert f"Speed{found['tokens_per_second']:,.0f} tokens/ssimulated" in summary.replace("\n", "")
    for name, shown in {"lut": "LUT", "bram36": "BRAM36", "uram": "URAM"}.items():
        used, budget = found["resources"][name]["used"], found["resources"][name]["budget"]
        assert [shown, f"{used:,g}", f"{budget:,g}", f"{used / budget:.1%}"] in rows
    assert set(found["tasks"]) <= {row[0] for row in rows}
    deepest = max(found["streams"].values(), key=lambda stream: stream["depth"])
    assert any(f"{deepest['depth']:,}" in row for row in rows)


def test_the_page_needs_nothing_else_and_says_where_figures_are_from(simulated) -> None:
    _, page = simulated
    for source in ("simulated", "estimated: docs/resources.md", "assumed: the target file"):
        assert source in page
    assert "target file" in page
    assert load_target("kv260").memories[0].source.split(":")[0] in page
    assert set(re.findall(r'(?:src|href)="(\w+):', page)) == {"data"}
    assert not re.search(r"<script|@import|url\(", page)
    assert (files("lmc.pages") / "base.css").read_text("utf-8") in page
    headings = {item.attrib.get("id") for item in root(page).iter(f"{HTML}h2")}
    assert headings == set(SECTIONS)


def test_tasks_that_have_time_are_told_apart(simulated) -> None:
    """What is busy is shown first; the others are there, and say what they wait for."""
    found, page = simulated
    body = root(page)
    (folded,) = [
        item
        for item in body.iter(f"{HTML}details")
        if "what they wait for" in "".join(item[0].itertext())
    ]
    rows = {svg.attrib["aria-label"]: svg for svg in folded.iter(f"{SVG}svg")}
    idle = {name for name, task in found["tasks"].items() if task["occupancy"] < 0.5}
    assert set(rows) == idle
    assert set(found["tasks"]) - idle <= set(pictures(page))
    (longest,) = [port for port in found["ports"] if port["bank"] == "prompt"]
    assert f"{longest['task']}" in "".join(folded.itertext())
    assert re.search(r"waits (to read|to write|for memory) \w+", "".join(folded.itertext()))


def test_a_layer_is_accounted_for(simulated) -> None:
    """The bar of causes covers all cycles of the layer, and its shares are those of its parts."""
    _, page = simulated
    bar = pictures(page)["what the design goes as fast as in the cycles of a layer"]
    length = int(bar.attrib["viewBox"].split()[2])
    paths = {path.attrib["class"]: path.attrib["d"] for path in bar}
    cycles = {kind: sum(map(int, re.findall(r"0h(\d+)v", d))) for kind, d in paths.items()}
    assert sum(cycles.values()) == length
    largest = max(cycles.values())
    assert f" {largest / length:.1%}" in text_of(page)


def test_the_roofline_has_roofs_of_board_and_design(simulated) -> None:
    found, page = simulated
    rows = {row[1]: row for row in cells(page) if len(row) > 2}
    memory = load_target("kv260").memories[0]
    assert rows[f"memory {memory.name}, sustained"][2] == f"{memory.sustained_gbps:g} GB/s"
    lanes = [name for name in found["tasks"] if re.fullmatch(r"lane_\d+", name)]
    words = {port["word_bytes"] for port in found["ports"] if port["task"] == "read_weights_0"}
    products = len(lanes) * 2 * words.pop()  # a weight is half of a byte
    (own,) = [name for name in rows if name.startswith(f"its {len(lanes)} lanes, ")]
    assert own.startswith(f"its {len(lanes)} lanes, {products} products a cycle")
    assert rows[own][2] == f"{products * 0.2:.3g} Gmult./s", "at 200 MHz"
    together = rows[f"lane_0 and {len(lanes) - 1} alike, together"]
    assert together[3] == f"{found['tasks']['lane_0']['occupancy']:.1%}"


def test_tasks_that_multiply_alike_in_other_times_are_other_points() -> None:
    work = Work(multiplications=100, each_cycle=1.0, bytes=50, packed=None)
    cycles = {"fast": 100, "slow": 400, "as_slow": 400}
    result = SimpleNamespace(clock_mhz=1)
    launch = SimpleNamespace(result=result, tokens_per_second=10.0, decode_cycles=cycles)
    points = _tasks(cast(Launch, launch), dict.fromkeys(cycles, work), 300)
    assert {point.name: point.unblocked for point in points} == {
        "fast": 1e6,
        "slow and 1 alike, together": 0.5e6,
    }


def test_the_page_links_to_the_explorer_where_there_is_one(
    simulated, subject: Subject, design: Path
) -> None:
    _, page = simulated
    assert "explorer.html" not in page
    (design / "explorer.html").write_text("a page", "utf-8")
    linked = report_page(subject)
    (design / "explorer.html").unlink()
    assert 'href="explorer.html"' in linked
    assert 'href="explorer.html#view=graph&amp;selected=task:state_update"' in linked


def test_accuracy_is_not_made_up(simulated) -> None:
    _, page = simulated
    assert "The weights are random, so its text means nothing" in text_of(page) or (
        "The folder has no measurement of bits per byte" in text_of(page)
    )


def test_the_same_launch_gives_the_same_bytes(simulated, design: Path, lmc) -> None:
    found, page = simulated
    done = lmc("simulate", design, *ARGUMENTS, "--json")
    assert done.status == 0, done.errors
    assert done.json == found
    assert (design / "report.html").read_text(encoding="utf-8") == page
    assert not list(design.glob(".*"))


def test_a_report_that_cannot_be_written(simulated, design: Path, lmc) -> None:
    report = design / "report.html"
    report.unlink(missing_ok=True)
    report.mkdir()
    done = lmc("simulate", design, *ARGUMENTS)
    report.rmdir()
    assert done.status == 1
    assert f"{report} cannot be written" in done.errors


def test_occupancy_and_the_bound_of_tasks(simulated) -> None:
    found, _ = simulated
    slowest = found["tasks"][found["slowest_task"]]
    assert slowest["decode_cycles"] == max(
        task["decode_cycles"] for task in found["tasks"].values()
    )
    bound = 200e6 / slowest["decode_cycles"]
    assert found["task_bound_tokens_per_second"] == pytest.approx(bound)
    assert found["tokens_per_second"] <= bound
    assert slowest["occupancy"] == pytest.approx(found["tokens_per_second"] / bound)


def test_the_layer_is_one_of_the_second_step(design: Path) -> None:
    module, target = find_design(last_module(design)), load_target("kv260")
    launch = simulate_launch(module, target, 3, 2)
    layer = layer_activity(launch, 2, 100)
    first, second = launch.step_ends[:2]
    assert first < layer.start < layer.end < second
    assert layer.end - layer.start == pytest.approx((second - first) / 2, abs=1)
    spans = layer.activity.spans
    assert all(layer.start <= span.start < span.end <= layer.end for span in spans)
    busy = sum(
        span.end - span.start for span in spans if (span.task, span.wait) == ("lane_0", None)
    )
    assert 0 < busy <= layer.end - layer.start
    # A prompt without such a step is no hindrance.
    assert layer_activity(simulate_launch(module, target, 1, 2), 2, 100) == layer


def test_resources_by_kernel_add_up(simulated) -> None:
    resources = simulated[0]["resources"]
    parts = kernel_shares(resources)
    for name in ("lut", "ff", "dsp", "bram36", "uram"):
        # Each part is rounded up.
        total = sum(amounts[name] for amounts in parts.values())
        assert total == pytest.approx(resources[name]["used"], rel=0.01, abs=4)


def test_what_exceeds_the_budget_is_said(simulated, design: Path, lmc) -> None:
    found, page = simulated
    sentence = excess(found["resources"])
    assert sentence is not None, "three lanes with LUTs are too much for a kv260"
    short = found["resources"]["lut"]["used"] - found["resources"]["lut"]["budget"]
    assert sentence.startswith(f"the design is estimated to exceed the budget by {short:,} LUT (")
    assert page.count(f"T{sentence[1:]}.") == 2, "in the summary and under warnings"
    assert f"note: {sentence}" in lmc("simulate", design, *ARGUMENTS).errors


def test_nothing_is_said_of_what_fits(simulated) -> None:
    resources = {
        name: {**entry, "budget": entry["used"]}
        for name, entry in simulated[0]["resources"].items()
        if "budget" in entry
    }
    assert excess(resources) is None


def test_a_design_knows_its_resources(design: Path) -> None:
    resources = Design(design).resources
    assert resources is not None
    line = budget_line(resources)
    assert f"{resources['dsp']['used']:,g} DSP" in line
    assert Design(design / "ir").resources is None


def test_compile_shows_resources_and_what_exceeds_them(
    design: Path, tmp_path: Path, lmc: Callable[..., Any]
) -> None:
    file = Design(design).ir_file(DATAFLOW)
    options = ["-t", "kv260", "--from", file, "--pipeline", "check-dataflow"]
    done = lmc("compile", *options, "-o", tmp_path / "a")
    resources = Design(design).resources
    assert done.status == 0, done.errors
    assert resources is not None
    assert f"\n{budget_line(resources)}\n" in f"\n{done.output}"
    assert f"note: {excess(resources)}" in done.errors
    found = lmc("compile", *options, "-o", tmp_path / "b", "--json").json["resources"]
    assert found == {name: resources[name] for name in ("lut", "ff", "dsp", "bram36", "uram")}
