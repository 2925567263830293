"""What a step took, and which pattern made or changed an op of it."""

import json
import shutil
from pathlib import Path

import pytest

from lmc.design.folder import MEASURED, REWRITES, file_digest, open_design, write_measured
from lmc.diagnostics import LmcError
from lmc.explorer import Exploration
from lmc.explorer.collect import _remarks
from lmc.explorer.steps import Step, read_steps


@pytest.fixture
def folder(mamba2_design: Path, tmp_path: Path) -> Path:
    return shutil.copytree(mamba2_design, tmp_path / "design")


def step_of(exploration: Exploration, name: str) -> Step:
    return next(step for step in exploration.steps if step.name == name)


def patterns_of(step: Step, op: str) -> set[str]:
    """The last patterns that ops of a name are the work of."""
    numbers = [number for number, one in enumerate(step.ops) if one.name == op]
    assert numbers
    return {step.work[number][-1][1] for number in numbers}


def test_a_step_takes_what_its_pass_took(exploration: Exploration, mamba2_design: Path) -> None:
    measured = open_design(mamba2_design).measured
    assert measured is not None
    assert len(measured) == len(exploration.steps)
    for step, one in zip(exploration.steps, measured, strict=True):
        assert step.name == one["name"]
        assert step.taken is not None
        assert step.taken.seconds == one["seconds"]
        assert step.taken.processor_seconds == one["processor_seconds"]
        assert step.taken.peak_bytes == one["peak_bytes"]


def test_a_step_of_several_passes_takes_what_they_took_together(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {name: d for name, d in manifest["files"].items() if not name.startswith("ir/")}
    kept = {name: manifest["files"][name] for name in manifest["ir"].values()}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "files": files | kept}))
    design = open_design(folder)
    steps = read_steps(design)
    assert len(steps) == 5
    assert design.measured is not None
    taken = [step.taken for step in steps if step.taken is not None]
    for total, part in (
        (sum(one["seconds"] for one in design.measured), sum(one.seconds for one in taken)),
        (max(m["peak_bytes"] for m in design.measured), max(t.peak_bytes or 0 for t in taken)),
    ):
        assert part == pytest.approx(total)


def test_a_folder_that_keeps_neither(folder: Path) -> None:
    """As older ones do."""
    (folder / MEASURED).unlink()
    (folder / REWRITES).unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][REWRITES]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    design = open_design(folder)
    steps = read_steps(design)
    assert all(step.taken is None and not step.work for step in steps)
    times, patterns = _remarks(design, steps, ())
    assert "time and memory of passes are not known" in times
    assert "kept no record of patterns" in patterns


def test_what_is_of_another_compile_is_refused(folder: Path) -> None:
    measured = json.loads((folder / MEASURED).read_text())
    measured["passes"][3]["name"] = "another"
    (folder / MEASURED).write_text(json.dumps(measured))
    with pytest.raises(LmcError, match=rf"{MEASURED} is of another compile"):
        read_steps(open_design(folder))
    # The same passes, of a design of which the last module is another one.
    write_measured(folder, [])
    measured = json.loads((folder / MEASURED).read_text())
    (folder / MEASURED).write_text(json.dumps({"passes": measured["passes"]}))
    assert open_design(folder).measured is None
    (folder / MEASURED).write_text(json.dumps({**measured, "design": "0" * 64}))
    with pytest.raises(LmcError, match=rf"{MEASURED} is of another compile"):
        read_steps(open_design(folder))
    (folder / MEASURED).unlink()
    rewrites = json.loads((folder / REWRITES).read_text())
    first = next(iter(rewrites))
    rewrites[first] = {"some-pass": {"some.pattern": [[0, 100_000]]}}
    (folder / REWRITES).write_text(json.dumps(rewrites))
    with pytest.raises(LmcError, match=rf"{REWRITES} is not what the compile wrote"):
        read_steps(open_design(folder))
    # Its digest is right, but IR that it is about has been edited.
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][REWRITES] = file_digest(folder / REWRITES)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(LmcError, match=rf"{REWRITES} is of other IR than {first}"):
        read_steps(open_design(folder))
    (folder / REWRITES).unlink()
    with pytest.raises(LmcError, match=rf"{REWRITES} is not there"):
        read_steps(open_design(folder))


def test_ops_are_the_work_of_their_patterns(exploration: Exploration) -> None:
    """A function of a mixer, a rule of quantization, a lowering pattern, and xDSL's patterns."""
    raised = step_of(exploration, "raise-to-ssm")
    assert patterns_of(raised, "ssm.silu") == {"lmc.raising.mixers._build_mamba2"}
    quantized = step_of(exploration, "quantize")
    (rule,) = patterns_of(quantized, "ssm.quantize")
    assert rule.startswith("lmc.quantization.op_rules.")
    lowered = step_of(exploration, "lower-to-tasks")
    (update,) = (n for n, op in enumerate(lowered.ops) if op.symbol == "state_update")
    work = (("lower-to-tasks", "lmc.lowering.state_update.lower_state_update"),)
    inside = [n for n, op in enumerate(lowered.ops) if n == update or op.parent == update]
    assert len(inside) > 5
    assert {lowered.work[n] for n in inside} == {work}
    simplified = step_of(exploration, "simplify-loops").work_counts
    names = {pattern for _, pattern in simplified}
    assert "lmc.dataflow.canonical._Known" in names
    assert "lmc.passes.simplify_loops._SimplifyKeepingPipelines" in names
    # What `_Own` has chosen is named, not `_Own`.
    assert "lmc.dataflow.canonical._Own" not in names


def test_a_pass_without_patterns_has_no_work(exploration: Exploration) -> None:
    for name in ("roll-layers", "size-fifos", "place-kernels", "check-dataflow"):
        assert not step_of(exploration, name).work
