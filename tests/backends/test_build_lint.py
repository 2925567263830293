"""A lint of what make, Tcl and AMD's tools read in a design folder.

Makefiles of all ways that a board can be built for are shown without being run, on a machine that
has everything. Configurations and scripts are those of whole design folders, the golden ones.
"""

import re
from pathlib import Path

import pytest
from build_folders import board, build_files, equipped, refusal
from golden_folders import golden_of
from vitis_inputs import (
    CONFIG_KEYS,
    CONNECTIVITY_KEYS,
    check_calls,
    check_shell,
    config_of,
    entries,
    run_script,
)

REFUSED = {
    "vck190": {"run"},
    "u280": set[str](),
    "u55c": set[str](),
    "zcu102": {"run"},
    "kv260": {"run", "package"},
    "v80": {"run", "build", "host"},
}
"""By board, the targets that end in a sentence."""
TARGETS = ("all", "build", "clean", "cosim", "csim", "help", "hls", "host", "package", "run")
TARGETS += ("rtl", "run-python", "run-sim", "self-test", "synth", "vectors")
WITHOUT_PYTHON = {"vck190", "zcu102", "kv260", "v80"}
"""Boards for which `run-python` is no target: XRT is not in this machine."""
SHOWN = [
    (name, target)
    for name in REFUSED
    for target in TARGETS
    if target != "run-python" or name not in WITHOUT_PYTHON
]
ENVIRONMENT = {"PLATFORM_REPO_PATHS", "XILINX_VITIS", "XILINX_XRT", "SDKTARGETSYSROOT"}
"""Set by setup scripts of AMD's tools, or not."""
WARNING = re.compile(r"Makefile:\d+: warning: undefined variable '(\w+)'")
SOURCES = {"syn.file", "tb.file"}


def phony(makefile: str) -> set[str]:
    """The targets of a Makefile that are no files, but those of single kernels."""
    lines = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    return {word for line in lines for word in re.sub(r"\$\(.*?\)", "", line).split()} - {
        "csim-design"
    }


@pytest.mark.parametrize("name", REFUSED)
def test_every_target_is_known_here_and_has_a_line_of_help(name: str, tmp_path: Path) -> None:
    targets = phony(build_files(board(name))["Makefile"])
    assert targets == set(TARGETS) - ({"run-python"} if name in WITHOUT_PYTHON else set())
    folder, variables = equipped(tmp_path, name)
    help_lines = folder.make("-s", "help", **variables).output.splitlines()
    helped = {line.split()[0] for line in help_lines}
    linked = {"build", "host", "package", "run"}
    unsaid = {"all", "help", *(linked if board(name).flow.link is None else ())}
    assert helped == targets - unsaid


@pytest.mark.parametrize(("name", "target"), SHOWN)
def test_every_target_can_be_shown_without_being_run(
    name: str, target: str, tmp_path: Path
) -> None:
    """What is shown is shell, and no variable is used that nobody sets."""
    folder, variables = equipped(tmp_path, name)
    if target == "run-python":
        folder.install("python3")
    made = folder.make("-n", "--warn-undefined-variables", target, **variables)
    assert not made.calls
    warnings = [line for line in made.errors.splitlines() if "***" not in line]
    for line in warnings:
        found = WARNING.fullmatch(line)
        assert found is not None, line
        assert found[1] in ENVIRONMENT, line
    if target in REFUSED[name]:
        assert refusal(made)
    else:
        assert made.status == 0, made.errors
        check_shell(made.output)


def golden_folder(root: Path, name: str) -> Path:
    for path, text in golden_of(name).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def kernels_of(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "hls").glob("*.cpp"))


@pytest.mark.parametrize("name", ["vck190", "u280", "v80"])
def test_files_that_are_named_are_there(name: str, tmp_path: Path) -> None:
    """In the Makefile, in kernels' configurations or scripts, and in the linker's."""
    folder = golden_folder(tmp_path, name)
    kernels = kernels_of(folder)
    assert len(kernels) > 5
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    (named,) = re.findall(r"^KERNELS := (.*)$", makefile, re.MULTILINE)
    assert sorted(named.split()) == kernels
    configured = [path for path in (folder / "hls").glob("*.cfg") if path.stem in kernels]
    scripts = sorted((folder / "hls").glob("*.tcl"))
    assert sorted(path.stem for path in (*configured, *scripts)) == kernels
    for path in configured:
        found = config_of(path.read_text(encoding="utf-8"))
        assert {section: set(keys) for section, keys in found.items()} == CONFIG_KEYS
        for key in SOURCES:
            assert (path.parent / found["[hls]"][key]).is_file(), path.name
    for path in scripts:
        calls = run_script(path, None)
        check_calls(calls)
        files = [call[-1] for call in calls if call[:2] == ("add_files", "-tb")]
        files += [call[1] for call in calls if call[0] == "add_files" and call[1] != "-tb"]
        assert len(files) == 2
        assert all(Path(file).is_file() for file in files), path.name


@pytest.mark.parametrize("name", ["vck190", "u280", "v80"])
def test_the_linkers_configuration_names_kernels_and_their_arguments(
    name: str, tmp_path: Path
) -> None:
    folder = golden_folder(tmp_path, name)
    header = (folder / "hls/decode_step.h").read_text(encoding="utf-8")
    arguments = {
        kernel: set(re.findall(r"(\w+)(?:,|$)", given))
        for kernel, given in re.findall(r"void (\w+)\((.*?)\);", header.replace("\n", " "))
    }
    assert sorted(arguments) == kernels_of(folder)
    text = (folder / "hls/connectivity.cfg").read_text(encoding="utf-8")
    units: list[str] = []
    for section, key, value in entries(text):
        assert key in CONNECTIVITY_KEYS[section], key
        words = value.split(":")
        if key == "nk":
            kernel, count, unit = words
            assert (count, unit) == ("1", f"{kernel}_1")
            units.append(kernel)
        elif key == "slr":
            assert words[0].removesuffix("_1") in units
        elif key in ("sc", "sp"):
            for port in words[: 2 if key == "sc" else 1]:
                unit, _, argument = port.partition(".")
                assert argument in arguments[unit.removesuffix("_1")], value
    assert sorted(units) == kernels_of(folder)


def test_make_shows_what_is_not_shell_or_not_set(tmp_path: Path) -> None:
    """The lint finds what it is for."""
    folder, variables = equipped(tmp_path, "u280")
    makefile = folder.path / "Makefile"
    text = makefile.read_text(encoding="utf-8")
    makefile.write_text(text.replace("rm -rf build\n", "rm -rf $(NOWHERE) 'build\n", 1))
    made = folder.make("-n", "--warn-undefined-variables", "clean", **variables)
    assert "undefined variable 'NOWHERE'" in made.errors
    with pytest.raises(AssertionError, match=r"[Uu]nterminated|unexpected EOF"):
        check_shell(made.output)
