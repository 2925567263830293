"""The compile driver: folders, manifests, going on from dumped files, plugins, torch modules."""

import json
from pathlib import Path

import pytest

import lmc as lmc_package
from lmc.design.folder import MEASURED, open_design
from lmc.diagnostics import LmcError
from lmc.driver.default import board_passes
from lmc.models.config import Mamba2Config
from lmc.models.language_model import load_module
from lmc.models.weights import RandomWeights
from lmc.targets import load_target, target_text

SHORT = "raise-to-ssm,roll-layers,fold-norm-scales"
PLUGIN = """
from dataclasses import dataclass
from xdsl.dialects.builtin import UnitAttr
from lmc.ir.pass_base import LmcPass

@dataclass(frozen=True)
class Mark(LmcPass):
    name = "mark"

    def apply(self, ctx, op):
        op.attributes["mark"] = UnitAttr()
"""


def contents(folder: Path) -> dict[str, bytes]:
    """What is the same in each compile: all but what it took."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MEASURED
    }


def compile_small(lmc, small_model, output, *more):
    short = [] if "--from" in more else [small_model, "--random-weights"]
    return lmc("compile", *short, "-t", "vck190", "-o", output, "--json", *more)


def test_compiling_twice_gives_equal_folders(lmc, small_model, tmp_path):
    options = ["--pipeline", SHORT, "--dump-ir"]
    first = compile_small(lmc, small_model, tmp_path / "a", *options)
    assert first.status == 0, first.errors
    assert "random" in first.errors
    assert [one["name"] for one in first.json["passes"]] == SHORT.split(",")
    assert compile_small(lmc, small_model, tmp_path / "b", *options).status == 0
    made = contents(tmp_path / "a")
    assert made == contents(tmp_path / "b")
    assert sorted(made) == first.json["files"]
    manifest = json.loads(made["manifest.json"])
    assert manifest["ir"] == {"0": "ir/00-traced.mlir", "1": "ir/03-fold-norm-scales.mlir"}
    assert set(manifest["files"]) == set(made) - {"manifest.json"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_what_each_pass_takes_is_kept_apart(lmc, small_model, tmp_path):
    """Also the passes of which the folder has no IR; a compile from a file begins with that one."""
    assert compile_small(lmc, small_model, tmp_path / "a", "--pipeline", SHORT).status == 0
    design = open_design(tmp_path / "a")
    assert design.measured is not None
    assert [one["name"] for one in design.measured] == ["traced", *SHORT.split(",")]
    for one in design.measured:
        assert one["seconds"] > 0
        assert one["processor_seconds"] >= 0
        assert one["peak_bytes"] > 1 << 20
    assert MEASURED not in design.manifest["files"]
    file = str(design.path / design.manifest["ir"]["1"])
    passes = ["--from", file, "--pipeline", "defer-norm"]
    assert compile_small(lmc, None, tmp_path / "b", *passes).status == 0
    measured = open_design(tmp_path / "b").measured or ()
    assert [one["name"] for one in measured] == ["input", "defer-norm"]


def test_a_dumped_file_is_picked_up_again(lmc, small_model, tmp_path):
    whole = SHORT + ",defer-norm,insert-rotation"
    compile_small(lmc, small_model, tmp_path / "a", "--pipeline", whole, "--dump-ir")
    dumped, last = tmp_path / "a/ir/02-roll-layers.mlir", tmp_path / "a/ir/05-insert-rotation.mlir"
    rest = whole.partition("roll-layers,")[2]
    finished = lmc("opt", dumped, "-p", rest)
    assert finished.output.encode() == last.read_bytes()
    again = compile_small(lmc, None, tmp_path / "b", "--from", str(dumped), "--pipeline", rest)
    assert again.status == 0, again.errors
    assert (tmp_path / "b/ir/03-insert-rotation.mlir").read_bytes() == last.read_bytes()


def test_going_on_takes_the_passes_that_are_left(lmc, small_model, tmp_path):
    whole = SHORT + ",defer-norm,insert-rotation,quantize{preset=w8a8},rewrite-power-of-two"
    compile_small(lmc, small_model, tmp_path / "a", "--pipeline", whole)
    file = str(tmp_path / "a" / open_design(tmp_path / "a").manifest["ir"]["2"])
    wrong = compile_small(lmc, None, tmp_path / "b", "--from", file, "--preset", "w4a8")
    assert (wrong.status, wrong.errors.count("w8a8")) == (2, 1)
    traced = compile_small(lmc, None, tmp_path / "b", "--from", file, "--pipeline", "cse")
    assert traced.status == 0
    assert open_design(tmp_path / "b").manifest["preset"] == "w8a8"


def test_a_scheduled_module_has_a_level_of_its_own(lmc, small_model, tmp_path):
    whole = SHORT + ",defer-norm,insert-rotation,quantize,rewrite-power-of-two"
    passes = f"{whole},reorder-computation,tile-and-fuse"
    assert compile_small(lmc, small_model, tmp_path / "a", "--pipeline", passes).status == 0
    manifest = open_design(tmp_path / "a").manifest
    last = {level: name.split("-", 1)[1] for level, name in manifest["ir"].items()}
    assert (last["2"], last["3"]) == ("rewrite-power-of-two.mlir", "tile-and-fuse.mlir")
    assert manifest["intermediates"]["bytes"] == 0 < manifest["intermediates"]["unfused_bytes"]
    file = str(tmp_path / "a" / manifest["ir"]["3"])
    assert compile_small(lmc, None, tmp_path / "b", "--from", file, "--pipeline", "cse").status == 0
    assert "2" not in open_design(tmp_path / "b").manifest["ir"]
    arguments = ["--prompt-tokens", "1,2", "--max-new-tokens", "5", "--engine", "integer", "--json"]
    texts = [lmc("run", tmp_path / name, *arguments).json["tokens"] for name in ("a", "b")]
    assert texts[0] == texts[1]


def test_a_design_keeps_its_board(lmc, small_model, tmp_path):
    """A board's file may go, and change, once the design is made."""
    board = tmp_path / "board.toml"
    board.write_text(target_text("vck190"))
    whole = SHORT + ",defer-norm,insert-rotation,quantize,rewrite-power-of-two"
    passes = ",".join([whole, *board_passes(str(board))])
    first = lmc(
        *("compile", small_model, "--random-weights", "-t", board, "-o", tmp_path / "a"),
        *("--pipeline", passes, "--dump-ir"),
    )
    assert first.status == 0, first.errors
    board.unlink()
    moved = (tmp_path / "a").rename(tmp_path / "b")
    assert open_design(moved).target == load_target("vck190")
    assert lmc("simulate", moved, "--tokens", "2", "--json").status == 0
    going_on = ["compile", "--from", open_design(moved).ir_file(4), "-o", tmp_path / "c"]
    rest = ["--pipeline", "place-kernels,check-dataflow"]
    again = lmc(*going_on, "-t", moved / "target.toml", *rest)
    assert again.status == 0, again.errors
    other = lmc(*going_on, "-t", "u280", *rest)
    assert (other.status, other.errors.count("is lowered for vck190, not for u280")) == (2, 1)


def test_an_unknown_schedule_is_refused(lmc, small_model, tmp_path):
    finished = compile_small(lmc, small_model, tmp_path / "a", "--schedule", "naiv")
    assert (finished.status, finished.errors.count("did you mean 'naive'")) == (2, 1)


def test_a_plugin_pass_goes_where_it_is_put(lmc, small_model, tmp_path):
    plugin = tmp_path / "my_pass.py"
    plugin.write_text(PLUGIN)
    options = ["--plugin", plugin, "--insert-after", "raise-to-ssm", "mark", "--pipeline", SHORT]
    finished = compile_small(lmc, small_model, tmp_path / "a", *options)
    assert [one["name"] for one in finished.json["passes"]][:2] == ["raise-to-ssm", "mark"]
    assert "mark" in (tmp_path / "a/ir/04-fold-norm-scales.mlir").read_text().splitlines()[0]


def test_passes_are_replaced_and_left_out(lmc, small_model, tmp_path):
    plugin = tmp_path / "my_pass.py"
    plugin.write_text(PLUGIN)
    options = ["--plugin", plugin, "--replace", "roll-layers", "mark", "--skip", "fold-norm-scales"]
    options += ["--insert-before", "mark", "cse", "--pipeline", SHORT, "--dump-ir"]
    finished = compile_small(lmc, small_model, tmp_path / "a", *options)
    assert [one["name"] for one in finished.json["passes"]] == ["raise-to-ssm", "cse", "mark"]
    ir = tmp_path / "a/ir/01-raise-to-ssm.mlir"
    late = lmc(
        "compile", "--from", ir, "-t", "vck190", "-o", tmp_path / "b", "--skip", "raise-to-ssm"
    )
    assert late.status == 2
    assert "has gone past raise-to-ssm without it; go on from a file of before" in late.errors


def test_an_edit_that_would_be_dropped_is_refused(lmc, tmp_path):
    twice = ["--insert-after", "quantize", "cse", "--insert-after", "quantize", "dce"]
    finished = lmc("compile", "bookbyte-mamba2", "-t", "vck190", *twice)
    assert (finished.status, finished.errors.count("is given 2 times")) == (2, 1)


def test_an_error_of_a_plugin_names_its_file_and_line(lmc, small_model, tmp_path):
    plugin = tmp_path / "my_pass.py"
    plugin.write_text(PLUGIN.replace("op.attributes", "{}['nothing'].attributes"))
    options = ["--plugin", plugin, "--insert-after", "raise-to-ssm", "mark", "--pipeline", SHORT]
    finished = compile_small(lmc, small_model, tmp_path / "a", *options)
    assert finished.status == 1
    assert (
        f"pass mark fails in the plugin {plugin}, line 11: KeyError: 'nothing'" in finished.errors
    )


def test_the_ir_is_printed_after_each_pass(lmc, small_model, tmp_path):
    finished = compile_small(
        lmc, small_model, tmp_path / "a", "--pipeline", SHORT, "--print-ir-after-all"
    )
    assert finished.errors.count("// -----// IR after") == 3


def test_what_is_no_design_is_not_replaced(lmc, small_model, tmp_path):
    foreign = tmp_path / "thesis"
    foreign.mkdir()
    (foreign / "chapter1.tex").write_text("years of work")
    finished = compile_small(lmc, small_model, foreign, "--pipeline", SHORT)
    assert finished.status == 1
    assert "not a design of lmc" in finished.errors
    assert (foreign / "chapter1.tex").read_text() == "years of work"
    design = tmp_path / "design"
    for _ in range(2):
        assert compile_small(lmc, small_model, design, "--pipeline", SHORT).status == 0


@pytest.mark.parametrize("parent", [False, True])
def test_a_read_only_output(lmc, small_model, tmp_path, parent):
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(0o555)
    finished = compile_small(lmc, small_model, folder / "x" if parent else folder)
    folder.chmod(0o755)
    assert finished.status == 1
    assert "read-only" in finished.errors
    assert list(folder.iterdir()) == []


def test_a_failing_pass_leaves_nothing(lmc, small_model, tmp_path):
    plugin = tmp_path / "my_pass.py"
    plugin.write_text(PLUGIN.replace('op.attributes["mark"] = UnitAttr()', "raise ValueError"))
    out = tmp_path / "deep/er/out"
    finished = compile_small(lmc, small_model, out, "--plugin", plugin, "--pipeline", "mark")
    assert finished.status == 1
    assert not (tmp_path / "deep").exists()


def test_a_torch_module_keeps_its_weights_in_the_design(lmc, tmp_path):
    config = Mamba2Config(
        vocab_size=250,
        padded_vocab_size=256,
        d_model=64,
        n_layers=2,
        d_inner=128,
        d_state=16,
        d_conv=4,
        n_heads=4,
        head_dim=32,
        n_groups=2,
        norm_group_size=64,
    )
    module = load_module(config, RandomWeights(config, 7))
    whole = SHORT + ",defer-norm,insert-rotation,quantize,rewrite-power-of-two"
    for name in ("a", "b"):
        design = lmc_package.compile(
            module, target="u280", output=tmp_path / name, name="mine", pipeline=whole, dump_ir=True
        )
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert design.manifest["model"]["weights"] == "weights/source"
    (tmp_path / "b").rename(tmp_path / "moved")
    folder = tmp_path / "moved"
    arguments = ["--prompt-tokens", "1,2", "--max-new-tokens", "3", "--json"]
    for engine in ("float", "integer"):
        finished = lmc("run", folder, *arguments, "--engine", engine)
        assert len(finished.json["tokens"]) == 3
    quantized = lmc("opt", folder / "ir/05-insert-rotation.mlir", "-p", "quantize")
    assert quantized.output == (folder / "ir/06-quantize.mlir").read_text()


def test_python_raises_what_the_command_line_prints(tmp_path):
    with pytest.raises(LmcError, match="did you mean"):
        lmc_package.compile("bookbyte-mamba2", target="vck191", output=tmp_path / "x")


@pytest.mark.slow
def test_the_emitted_code_computes_the_integer_models_bits(lmc, small_model, tmp_path):
    folder = tmp_path / "design"
    checked = compile_small(lmc, small_model, folder, "--check")
    assert checked.status == 0, checked.errors
    made = contents(folder)
    exact = {check["pass"] for check in checked.json["checks"] if check["effect"] == "bits"}
    assert {"lower-to-tasks", "outline-kernels", "size-fifos", "check-dataflow"} <= exact
    arguments = ["--prompt", "It was", "--max-new-tokens", "16", "--json"]
    tokens = [
        lmc("run", folder, *arguments, "--engine", e).json["tokens"] for e in ("integer", "csim")
    ]
    assert tokens[0] == tokens[1]
    text = tmp_path / "text.txt"
    text.write_text("It was a dark night. " * 4)
    engines = ["--engine", "integer", "--engine", "csim"]
    result = lmc("eval", folder, "--text", text, "--window", "32", *engines, "--json").json
    losses = [engine["bits_per_byte"] for engine in result["engines"].values()]
    assert losses[0] == losses[1]
    again = compile_small(lmc, small_model, tmp_path / "again")
    assert again.status == 0
    assert made == contents(tmp_path / "again")
