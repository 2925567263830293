"""Readers of what AMD's tools read: configurations and Tcl scripts, with what is documented of
each. What the tools would refuse, these refuse."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

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

VIVADO_OPTIONS = {
    "create_project": {"-force", "-part"},
    "add_files": {"-norecurse", "-fileset"},
    "current_fileset": set[str](),
    "get_ports": set[str](),
    "set_property": set[str](),
    "update_compile_order": {"-fileset"},
    "create_clock": {"-name", "-period"},
    "synth_design": {"-top", "-part", "-mode"},
    "report_timing_summary": {"-file"},
    "report_utilization": {"-hierarchical", "-file"},
    "package_xo": {"-force", "-xo_path", "-kernel_name", "-ip_directory", "-kernel_xml"},
    "close_project": set[str](),
    "ipx::package_project": {
        *("-root_dir", "-vendor", "-library", "-taxonomy", "-import_files"),
        "-set_current",
    },
    "ipx::current_core": set[str](),
    "ipx::infer_bus_interface": set[str](),
    "ipx::get_bus_interfaces": {"-of_objects"},
    "ipx::associate_bus_interfaces": {"-busif", "-clock", "-reset"},
    "ipx::add_memory_map": {"-quiet"},
    "ipx::add_address_block": {"-quiet"},
    "ipx::add_register": set[str](),
    "ipx::add_register_parameter": set[str](),
    "ipx::update_source_project_archive": {"-component"},
    "ipx::create_xgui_files": set[str](),
    "ipx::update_checksums": set[str](),
    "ipx::check_integrity": set[str](),
    "ipx::save_core": set[str](),
    "ipx::archive_core": set[str](),
}
"""By command: UG835; of `ipx` UG1118 and AMD's tutorials (Vitis-Tutorials, pack_*_kernel.tcl)."""

CORE_PROPERTIES = {"version", "sdx_kernel", "sdx_kernel_type", "vitis_drc", "ipi_drc"}
"""Of a core, by the same tutorials."""

Calls = list[tuple[str, ...]]


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


def run_vivado(script: Path, *arguments: str) -> Calls:
    """Source a script of Vivado in Tcl; returns the commands of Vivado that it calls.

    Each of them returns itself as one word, as Vivado returns objects. Commands that Vivado does
    not have are errors of Tcl.
    """
    calls, tcl = _interpreter(VIVADO_OPTIONS)
    tcl.eval(f"set argv {{{' '.join(arguments)}}}")
    tcl.eval(f"source {{{script}}}")
    return calls


def _interpreter(commands: Mapping[str, set[str]]) -> tuple[Calls, Any]:
    """A Tcl with the commands of a tool, which are written down as they are called."""
    tkinter = pytest.importorskip("tkinter")
    tcl = tkinter.Tcl()
    calls: Calls = []

    def called(command: str, *given: str) -> str:
        calls.append((command, *given))
        return "/".join((command.rpartition("::")[2], *given)).replace(" ", "_")

    tcl.eval("namespace eval ipx {}")
    for command in commands:
        tcl.createcommand(command, lambda *given, command=command: called(command, *given))
    tcl.createcommand("exit", lambda: called("exit"))
    return calls, tcl


def run_script(script: Path, step: str | None) -> Calls:
    """Source a kernel's script in Tcl; returns the commands of Vitis HLS that it calls.

    Commands that Vitis HLS does not have are errors of Tcl.
    """
    calls, tcl = _interpreter(TCL_OPTIONS)
    tcl.eval("unset -nocomplain ::env(LMC_STEP)" if step is None else f"set ::env(LMC_STEP) {step}")
    try:
        tcl.eval(f"source {{{script}}}")
    finally:
        tcl.eval("unset -nocomplain ::env(LMC_STEP)")
    return calls


def check_calls(calls: Calls, options_of: Mapping[str, set[str]] = TCL_OPTIONS) -> None:
    """Options of a script's commands are documented, and it ends by itself."""
    assert calls[-1] == ("exit",)
    for command, *given in calls[:-1]:
        options = {word for word in given if word.startswith("-") and not word.startswith("-I")}
        assert options <= options_of[command], command


def check_shell(text: str) -> None:
    """Commands that make shows are shell."""
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run([shell, "-n"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
