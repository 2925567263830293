"""Readers of what AMD's tools read: configurations and Tcl scripts, with what is documented of
each. What the tools would refuse, these refuse."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

CONFIG_KEYS = {
    "": {"part"},
    "[hls]": {
        *("clock", "flow_target", "syn.file", "syn.top", "tb.file"),
        *("package.output.format", "package.output.syn"),
    },
}
"""By section: UG1399 and UG1702, HLS General Options, Test Bench Sources and Package Options."""

CONNECTIVITY_KEYS = {
    "": {"kernel_frequency", "freqhz"},
    "[connectivity]": {"nk", "slr", "sp", "sc"},
}
"""By section: UG1702, v++ General Options and [connectivity]."""

TCL_OPTIONS = {
    "open_project": {"-reset"},
    "set_top": set[str](),
    "add_files": {"-cflags", "-tb"},
    "open_solution": {"-reset", "-flow_target"},
    "set_part": set[str](),
    "create_clock": {"-period", "-name"},
    "csim_design": set[str](),
    "csynth_design": set[str](),
    "cosim_design": set[str](),
    "export_design": {"-format", "-output"},
}
"""By command: UG1399, Vitis HLS Command Reference."""


def entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and value of each line of a configuration."""
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            yield section, key, value


def config_of(text: str) -> dict[str, dict[str, str]]:
    """By section, the value of each key of a configuration that names each once."""
    sections: dict[str, dict[str, str]] = {"": {}}
    for section, key, value in entries(text):
        assert key not in sections.setdefault(section, {}), key
        sections[section][key] = value
    return sections


def run_script(script: Path, step: str | None) -> list[tuple[str, ...]]:
    """Source a kernel's script in Tcl; returns the commands of Vitis HLS that it calls.

    Commands that Vitis HLS does not have are errors of Tcl.
    """
    tkinter = pytest.importorskip("tkinter")
    tcl = tkinter.Tcl()
    calls: list[tuple[str, ...]] = []
    for command in TCL_OPTIONS:
        tcl.createcommand(command, lambda *given, command=command: calls.append((command, *given)))
    tcl.createcommand("exit", lambda: calls.append(("exit",)))
    tcl.eval("unset -nocomplain ::env(LMC_STEP)" if step is None else f"set ::env(LMC_STEP) {step}")
    try:
        tcl.eval(f"source {{{script}}}")
    finally:
        tcl.eval("unset -nocomplain ::env(LMC_STEP)")
    return calls


def check_calls(calls: list[tuple[str, ...]]) -> None:
    """Options of a script's commands are documented, and it ends by itself."""
    assert calls[-1] == ("exit",)
    for command, *given in calls[:-1]:
        options = {word for word in given if word.startswith("-") and not word.startswith("-I")}
        assert options <= TCL_OPTIONS[command], command


def check_shell(text: str) -> None:
    """Commands that make shows are shell."""
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run([shell, "-n"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
