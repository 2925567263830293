"""The page: one file that holds all of the folder, and folders that are refused."""

import base64
import gzip
import json
import re
import shutil
from pathlib import Path

import pytest

from lmc.explorer import Exploration, explorer_page
from lmc.ir.levels import DATAFLOW


@pytest.fixture(scope="module")
def page(exploration: Exploration) -> str:
    return explorer_page(exploration)


def part(page: str, name: str):
    (packed,) = re.findall(rf'<script type="text/plain" id="part-{name}">([^<]*)</script>', page)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_it_needs_nothing_else(page: str) -> None:
    shown = re.sub(r'<script type="text/plain".*?</script>', "", page, flags=re.S)
    assert shown.count("<script") == shown.count("</script>") == 1
    assert re.findall(r"https?://[^\"']*", shown) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<link rel=.stylesheet|@import|url\(|\bsrc=|\bfetch\(", shown)


def test_it_holds_the_folder(page: str, exploration: Exploration, mamba2_design: Path) -> None:
    for number, step in enumerate(exploration.steps):
        assert part(page, f"text-{number}") == (mamba2_design / step.file).read_text("utf-8")
    files = part(page, "cpp")
    assert set(files) == {f"hls/{path.name}" for path in (mamba2_design / "hls").glob("*.cpp")}
    for name, text in files.items():
        assert text == (mamba2_design / name).read_text("utf-8")


def test_ops_have_their_names(page: str, exploration: Exploration) -> None:
    ops = part(page, "ops")
    for step, columns in zip(exploration.steps, ops["steps"], strict=True):
        assert [ops["strings"][n] for n in columns["name"]] == [op.name for op in step.ops]
        assert len({len(column) for column in columns.values()}) == 1


def test_counts_of_changes_are_those_of_the_links(page: str, exploration: Exploration) -> None:
    for step, of in zip(part(page, "main")["steps"], exploration.links, strict=True):
        kept = sum(link.kind == 0 for link in of)
        assert step["changed"] + step["made"] + kept == step["ops"] == len(of)


def test_the_command_writes_the_same_bytes(
    lmc, mamba2_design: Path, tmp_path: Path, run_exploration: Exploration
) -> None:
    assert run_exploration.numerics is not None
    ids = ",".join(map(str, run_exploration.numerics.tokens))
    output = ["-o", tmp_path / "x.html"]
    done = lmc("explore", mamba2_design, *output, "--prompt-tokens", ids, "--json")
    assert done.status == 0
    assert done.json["output"] == str(tmp_path / "x.html")
    assert done.json["tokens"] == 20
    assert (tmp_path / "x.html").read_text("utf-8") == explorer_page(run_exploration)


def test_work_and_noise_are_on_the_page(run_exploration: Exploration) -> None:
    page = explorer_page(run_exploration)
    main, ops, noise = part(page, "main"), part(page, "ops"), part(page, "noise")
    assert main["tokens"] == 20
    for number, step in enumerate(run_exploration.steps):
        shown = ops["steps"][number]["work"]
        lines = [[*map(tuple, map(str.split, ops["strings"][n].splitlines()))] for n in shown]
        assert [tuple(line) for line in lines] == [
            step.work.get(n, ()) for n in range(len(step.ops))
        ]
        assert step.taken is not None
        assert main["steps"][number]["taken"]["seconds"] == step.taken.seconds
        counts = main["steps"][number]["work"]
        assert sum(count for *_, count in counts) == sum(map(len, step.work.values()))
        was_run = step.level != DATAFLOW or number == len(run_exploration.steps) - 1
        assert (main["steps"][number]["numerics"] is not None) == was_run
        assert step.bits is not None
        bits = main["steps"][number]["bits"]
        assert dict(bits["weights"]) == step.bits.weights
        assert tuple(bits["activations"]) == step.bits.activations
    assert run_exploration.numerics is not None
    assert set(noise) == {
        str(number) for number, step in run_exploration.numerics.steps.items() if step.noise
    }
    assert explorer_page(run_exploration) == page


def test_text_is_refused_where_there_is_no_tokenizer(lmc, mamba2_design: Path) -> None:
    done = lmc("explore", mamba2_design, "--prompt", "a")
    assert done.status == 1
    assert "has no tokenizer here; give --prompt-tokens instead" in done.errors


def test_last_modules_of_levels_are_steps_of_several_passes(
    lmc, mamba2_design: Path, tmp_path: Path
) -> None:
    """As a compile without --dump-ir leaves them."""
    folder = shutil.copytree(mamba2_design, tmp_path / "design")
    manifest = json.loads((folder / "manifest.json").read_text())
    kept = set(manifest["ir"].values())
    manifest["files"] = {
        name: digest
        for name, digest in manifest["files"].items()
        if not name.startswith("ir/") or name in kept
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    done = lmc("explore", folder)
    assert done.status == 0
    assert "compile with --dump-ir" in done.errors
    steps = part((folder / "explorer.html").read_text("utf-8"), "main")["steps"]
    assert len(steps) == 5
    assert [name for step in steps for name in step["passes"]] == manifest["pipeline"]


@pytest.mark.parametrize(
    ("removed", "sentence"),
    [
        ("manifest.json", "is not a design folder"),
        ("ir", "lacks ir/00-traced.mlir; compile the model again"),
        ("schedule.json", "lacks schedule.json; compile the model again"),
        ("hls", "lacks hls/"),
    ],
)
def test_a_folder_with_a_part_missing_is_refused(
    lmc, mamba2_design: Path, tmp_path: Path, removed: str, sentence: str
) -> None:
    folder = shutil.copytree(mamba2_design, tmp_path / "design")
    path = folder / removed
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = lmc("explore", folder)
    assert done.status == 1
    assert sentence in done.errors
    assert len(done.errors.splitlines()) == 1
    assert not (folder / "explorer.html").exists()


def test_a_schedule_of_another_design_is_refused(lmc, mamba2_design: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(mamba2_design, tmp_path / "design")
    path = folder / "schedule.json"
    schedule = json.loads(path.read_text("utf-8"))
    kernel = sorted(schedule["kernels"])[0]
    task = sorted(schedule["kernels"][kernel])[0]
    del schedule["kernels"][kernel][task]
    path.write_text(json.dumps(schedule), "utf-8")
    done = lmc("explore", folder)
    assert done.status == 1
    assert f"schedule.json of {folder} has no task {task}; `lmc verify` says" in done.errors


def test_a_kernel_that_was_edited_is_refused(lmc, mamba2_design: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(mamba2_design, tmp_path / "design")
    kernel = sorted((folder / "hls").glob("*.cpp"))[0]
    kernel.write_text(kernel.read_text("utf-8").replace("static void", "void"), "utf-8")
    done = lmc("explore", folder)
    assert done.status == 1
    assert f"{kernel.name} has no function" in done.errors


def test_an_output_that_cannot_be_written(lmc, mamba2_design: Path, tmp_path: Path) -> None:
    done = lmc("explore", mamba2_design, "-o", tmp_path / "no" / "x.html")
    assert done.status == 1
    assert "cannot be written" in done.errors
