"""What is found of AMD's tools, XRT and platforms, and what the user is told about it."""

from pathlib import Path

import pytest
from build_folders import link_tools, write_tool

from lmc.backends.vitis.installed import Installed, builds_with, installed_tools
from lmc.targets import load_target


class Machine:
    """A machine with tools of one's choice."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch):
        self.root, self._patch = root, patch
        link_tools(root / "bin")
        patch.setenv("PATH", str(root / "bin"))
        for name in ("XILINX_XRT", "XILINX_VITIS", "PLATFORM_REPO_PATHS"):
            patch.delenv(name, raising=False)

    def set(self, name: str, path: Path) -> None:
        self._patch.setenv(name, str(path))

    def add(self, path: str, text: str = "") -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def found(self, name: str) -> Installed:
        (tool,) = [tool for tool in installed_tools() if tool.name == name]
        return tool


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_nothing_of_vitis_is_there(machine: Machine) -> None:
    found = machine.found("Vitis (v++)")
    assert found.found == ""
    assert found.remark.startswith("to synthesize and link: source settings64.sh of Vitis, 2024.2")
    assert found.remark.endswith("; 2022.2 to 2023.1 for u280")
    assert machine.found("vitis_hls").found == ""
    assert machine.found("vitis_hls").remark.startswith("not on the PATH; it synthesizes and")


@pytest.mark.parametrize(
    ("release", "remark"),
    [
        ("2023.1", "builds for u280"),
        ("2024.2", "builds for kv260, lightmamba-vck190, u250, u55c, v80, vck190, vek280, zcu102"),
        ("2023.2", "builds for no target of lmc: wanted is 2024.2 or later for"),
    ],
)
def test_a_release_says_which_boards_it_builds_for(
    release: str, remark: str, machine: Machine
) -> None:
    for tool in ("v++", "vitis_hls"):
        write_tool(machine.root / "bin", tool, release)
    assert machine.found("Vitis (v++)").found == release
    assert machine.found("Vitis (v++)").remark.startswith(remark)
    assert machine.found("vitis_hls").found == release


def test_a_release_is_read_off_the_folder(machine: Machine) -> None:
    for name in ("v++", "vitis-run"):
        machine.add(f"Vitis/2024.2/bin/{name}", "#!/bin/sh\nexit 1\n")
        (machine.root / f"Vitis/2024.2/bin/{name}").chmod(0o755)
        (machine.root / "bin" / name).symlink_to(machine.root / f"Vitis/2024.2/bin/{name}")
    assert machine.found("vitis-run").found == "2024.2"
    assert machine.found("Vitis (v++)").found == "2024.2"


def test_a_tool_that_says_no_release_is_of_an_unknown_one(machine: Machine) -> None:
    machine.add("bin/v++", "#!/bin/sh\necho broken\n")
    (machine.root / "bin/v++").chmod(0o755)
    found = machine.found("Vitis (v++)")
    assert found.found == "unknown version"
    assert found.remark.startswith("wanted is 2024.2 or later")


def test_boards_and_releases() -> None:
    flow = load_target("u280").flow
    releases = ("2022.1", "2022.2", "2023.1", "2023.2")
    assert [builds_with(flow, release) for release in releases] == [False, True, True, False]


@pytest.mark.parametrize(
    ("file", "text", "version"),
    [
        ("include/version.h", 'static const char xrt_build_version[] = "2.14.354";', "2.14.354"),
        ("version.json", '{"BUILD_VERSION" : "2.18.179"}', "2.18.179"),
        ("other", "", "unknown version"),
    ],
)
def test_xrt(file: str, text: str, version: str, machine: Machine) -> None:
    machine.set("XILINX_XRT", machine.root / "xrt")
    assert machine.found("XRT").found == ""
    assert (
        f"no headers in {machine.root}/xrt/include; source setup.sh" in machine.found("XRT").remark
    )
    machine.add("xrt/include/xrt/xrt_device.h")
    machine.add(f"xrt/{file}", text)
    assert machine.found("XRT").found == version


def test_platforms(machine: Machine) -> None:
    assert machine.found("platforms").remark.startswith("to link: install the platform of the")
    machine.add("mine/own_1/own_1.xpfm")
    machine.set("PLATFORM_REPO_PATHS", machine.root / "mine")
    assert machine.found("platforms").found == "own_1"
    assert machine.found("platforms").remark.startswith("of no target of lmc: name one as PLATFORM")
    name = load_target("vck190").platform
    machine.add(f"vitis/base_platforms/{name}/{name}.xpfm")
    machine.set("XILINX_VITIS", machine.root / "vitis")
    assert machine.found("platforms").found == f"own_1, {name}"
    assert machine.found("platforms").remark == "of lightmamba-vck190, vck190"


def test_make(machine: Machine) -> None:
    assert machine.found("make").found[0].isdigit()
    (machine.root / "bin/make").unlink()
    assert machine.found("make") == Installed(
        "make", "", "to build a design folder: apt-get install make"
    )


def test_doctor_says_what_of_it_is_there(machine: Machine, lmc) -> None:
    write_tool(machine.root / "bin", "v++", "2023.1")
    checks = {check["name"]: check for check in lmc("doctor", "--json").json["checks"]}
    assert checks["Vitis (v++)"] == {
        "name": "Vitis (v++)",
        "found": "2023.1",
        "remark": "builds for u280",
        "needed": False,
    }
    assert {"make", "XRT", "vitis-run", "vitis_hls", "platforms"} <= set(checks)
