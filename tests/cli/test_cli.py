"""The command line as a whole: exit status, one sentence for an error, JSON, quick starts."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["opt", "-p", "quantise", "-"], 2, "did you mean 'quantize'?"),
        (["opt", "-p", "quantize{presett=w4a8}", "-"], 2, "did you mean 'preset'?"),
        (["opt", "-p", "quantize{", "-"], 2, "cannot be read"),
        (["opt", "-p", "round-eps", "-"], 2, "a pass of a file needs --plugin FILE.py"),
        (
            ["opt", "-p", "allocate-resources{target=vck190 prefetch=two}", "-"],
            2,
            "pass allocate-resources: option prefetch takes an integer, not 'two'",
        ),
        (["opt", "--nothing"], 2, "`lmc opt --help` shows what there is"),
        (["optimise"], 2, "no such command 'optimise'; `lmc --help` shows"),
        (["opt", "absent.mlir"], 1, "there is no file absent.mlir"),
        (["compile", "--target", "vck190"], 2, "name either a model or an IR file"),
        (["compile", "bookbyte-mamba2"], 2, "missing option '--target'"),
        (["compile", "bookbyte-mamba2", "--target", "vck19"], 1, "did you mean 'vck190'?"),
        (
            ["compile", "bookbyte-mambo2", "--target", "vck190"],
            1,
            "did you mean 'bookbyte-",
        ),
        (["compile", "x", "--target", "u280", "--preset", "w4a9"], 1, "there is no preset 'w4a9'"),
        (["compile", "x", "--target", "u280", "--plugin", "no.py"], 1, "no plugin file no.py"),
        (
            ["compile", "x", "--target", "u280", "--insert-after", "quantise", "cse"],
            2,
            "did you mean 'quantize'?",
        ),
        (["compile", "--from", "absent.mlir", "--target", "u280"], 1, "no file absent.mlir"),
        (["run", "bookbyte-mamba2"], 2, "--prompt or --prompt-tokens"),
        (["run", "bookbyte-mamba2", "--prompt-tokens", "1,b"], 2, "are not ids"),
        (["run", "bookbyte-mamba2", "--prompt", "a", "--engine", "x"], 2, "no engine 'x'"),
        (["run", "bookbyte-mamba2", "--prompt", "a", "--engine", "csim"], 1, "lmc compile"),
        (["eval", "absent", "--text", "absent.txt"], 1, "not a design folder"),
        (["run", "build/demo", "--prompt", "a"], 1, "if it is a folder or a design, look at"),
        (["compile", "x", "--target", "u280", "--config", "no.toml"], 1, "there is no quantiz"),
    ],
)
def test_a_mistake_is_one_sentence(lmc, arguments, status, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    finished = lmc(*arguments)
    assert finished.status == status
    assert finished.errors.startswith("error: ")
    assert words in finished.errors
    assert finished.errors.count("\n") == 1
    assert "Traceback" not in finished.errors
    assert finished.output == ""
    assert list(tmp_path.iterdir()) == []


def test_help_and_lists_load_no_torch():
    code = (
        "import sys, lmc.cli;"
        "s = [lmc.cli.main([name, *rest]) for name, *rest in"
        " (['--help'], ['targets'], ['models'], ['opt', '--help'], ['doctor'])];"
        "assert s == [0] * 5, s;"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_exit_looks_for_no_garbage():
    code = (
        "import atexit, gc, lmc.cli;"
        "atexit.register(lambda: print(len(gc.get_objects()), gc.get_freeze_count()));"
        "lmc.cli.main(['targets', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    collected, frozen = map(int, done.stdout.splitlines()[-1].split())
    assert frozen > 10_000 > 100 * collected


def test_lists_as_json(lmc):
    assert {"bookbyte-mamba1", "mamba2-2.7b"} <= {
        m["name"] for m in lmc("models", "--json").json["models"]
    }
    refused = {one["name"]: one["reason"] for one in lmc("models", "--json").json["refused"]}
    assert {"Jamba", "Zamba", "Bamba", "Nemotron-H", "Granite 4", "Falcon-H1", "Mamba-3"} == {
        *refused
    }
    assert f"Jamba: {refused['Jamba']}" in lmc("models").output
    boards = {target["name"]: target for target in lmc("targets", "--json").json["targets"]}
    assert boards["vck190"]["resources"]["lut"] == 899_840
    passes = lmc("passes", "--json").json["passes"]
    assert passes[0]["name"] == "raise-to-ssm"
    assert "preset" in next(p["options"] for p in passes if p["name"] == "quantize")
    assert lmc("doctor", "--json").json["ok"] is True


def test_an_internal_failure_is_a_sentence_too(lmc, monkeypatch):
    def fail() -> None:
        raise KeyError("x")

    monkeypatch.setattr("lmc.cli.app.in_use", fail)
    finished = lmc("targets")
    assert finished.status == 1
    assert finished.errors == (
        "error: lmc itself failed (KeyError: 'x'); LMC_TRACEBACK=1 shows where\n"
    )


def test_a_failure_of_a_plugin_names_its_line(lmc, tmp_path):
    plugin = tmp_path / "broken.py"
    plugin.write_text(PLUGIN.format(body="raise KeyError('x')"))
    ir = tmp_path / "empty.mlir"
    ir.write_text("builtin.module {}\n")
    finished = lmc("opt", ir, "--plugin", plugin, "-p", "my-pass")
    assert finished.status == 1
    assert finished.errors.startswith(f"error: pass my-pass fails in the plugin {plugin}, line ")
    assert finished.errors.endswith(": KeyError: 'x'\n")


PLUGIN = """
from dataclasses import dataclass
from lmc.ir.pass_base import LmcPass

@dataclass(frozen=True)
class MyPass(LmcPass):
    name = "my-pass"
    times: int = 1

    def apply(self, ctx, op):
        {body}
"""
