"""What Vivado reads to make kernels of RTL: commands that it has, files and ports that are there.

The files are those of a whole design folder, the golden ones.
"""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from build_folders import KERNELS, board, equipped, refusal, rtl_files
from golden_folders import golden_of
from vitis_inputs import (
    CORE_PROPERTIES,
    VIVADO_OPTIONS,
    Calls,
    check_calls,
    check_shell,
    run_vivado,
)
from xclbin_writer import kernels_of

from lmc.targets import load_target

PORT = re.compile(r"^    (?:input |output) logic (?:\[.*?\] )?(\w+)(?:,|$| /)", re.M)
QUALIFIERS = {"scalar": "0", "buffer": "1", "stream": "4"}
"""Of arguments: UG1702, RTL Kernel XML File."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A design for a board that v++ links for."""
    return written(tmp_path_factory.mktemp("golden"), "vck190")


def written(root: Path, name: str) -> Path:
    for path, text in golden_of(name).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def packaging(folder: Path) -> dict[str, Calls]:
    """The commands of each kernel's packaging, by kernel."""
    scripts = sorted((folder / "rtl/vivado").glob("package_*.tcl"))
    return {script.stem.removeprefix("package_"): run_vivado(script) for script in scripts}


def called(calls: Calls, command: str) -> list[tuple[str, ...]]:
    """The arguments of all calls of a command."""
    return [call[1:] for call in calls if call[0] == command]


@pytest.mark.parametrize("name", ["vck190", "u280", "v80"])
def test_scripts_call_what_is_documented(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path, name)
    linked = load_target(name).flow.link is not None
    kernels = sorted(path.stem for path in (folder / "hls").glob("*.cpp"))
    found = packaging(folder)
    assert sorted(found) == kernels
    for kernel, calls in found.items():
        check_calls(calls, VIVADO_OPTIONS)
        cores = [given for given in called(calls, "set_property") if "current_core" in given[2:]]
        assert {given[0] for given in cores} <= CORE_PROPERTIES
        assert len(called(calls, "package_xo")) == linked
        (made,) = called(calls, "package_xo" if linked else "ipx::archive_core")
        assert str(Path.cwd() / f"{kernel}.{'xo' if linked else 'zip'}") in made
        assert not [word for word in made if word.endswith(".xml") and not Path(word).is_file()]
    for kernel in kernels:
        check_calls(run_vivado(folder / "rtl/vivado/synthesize.tcl", kernel), VIVADO_OPTIONS)


def test_each_kernel_gets_all_modules_that_it_uses(folder: Path) -> None:
    for kernel, calls in packaging(folder).items():
        named = [Path(given[-1]) for given in called(calls, "add_files")]
        # The library is lmc's own, and has no golden files.
        files = [path for path in named if path.parent.name != "library"]
        library = {path.stem for path in named if path.parent.name == "library"}
        texts = [path.read_text(encoding="utf-8") for path in files]
        modules = {found for text in texts for found in re.findall(r"^module (\w+)", text, re.M)}
        used = {
            found
            for text in texts
            for found in re.findall(r"^ +(\w+) (?:#\(|\w+ \($)", text, re.M)
            if found not in ("module", "typedef")
        }
        assert modules - {kernel} <= used
        assert {name for name in used if name.startswith("lmc_")} <= library
        synthesized = run_vivado(folder / "rtl/vivado/synthesize.tcl", kernel)
        sources = [given for given in called(synthesized, "add_files") if "-fileset" not in given]
        assert [Path(given[-1]) for given in sources] == named


def test_all_ports_are_of_interfaces_with_a_clock(folder: Path) -> None:
    for kernel, calls in packaging(folder).items():
        ports = PORT.findall((folder / f"rtl/{kernel}.sv").read_text(encoding="utf-8"))
        clocked = called(calls, "ipx::associate_bus_interfaces")
        buses = {given[1]: given[3] for given in clocked if given[0] == "-busif"}
        assert set(buses.values()) == {"ap_clk"}
        single = {given[0] for given in called(calls, "ipx::infer_bus_interface")}
        assert single == {"ap_clk", "ap_rst_n", "interrupt"}
        left = set(ports) - single
        for bus in buses:
            own = {port for port in left if re.fullmatch(rf"{bus}_[A-Z]+", port)}
            assert own, bus
            left -= own
        assert not left


def test_registers_are_those_of_the_module(folder: Path) -> None:
    for kernel, calls in packaging(folder).items():
        text = (folder / f"rtl/{kernel}.sv").read_text(encoding="utf-8")
        arguments = re.findall(r"^//   (0x[0-9a-f]{2})  (\w+), (\d+) bits$", text, re.M)
        given = called(calls, "set_property")
        registers = [one for one in given if one[2].startswith("add_register/")]
        offsets = {one[2].split("/")[1]: one[1] for one in registers if one[0] == "address_offset"}
        sizes = {one[2].split("/")[1]: one[1] for one in registers if one[0] == "size"}
        own = {"CTRL": "0x00", "GIER": "0x04", "IP_IER": "0x08", "IP_ISR": "0x0c"}
        assert offsets == own | {name: offset for offset, name, _ in arguments}
        assert sizes == dict.fromkeys(own, "32") | {name: bits for _, name, bits in arguments}
        banks = {one[1] for one in given if one[2].startswith("add_register_parameter/")}
        assert banks == {f"m_axi_gmem_{name}" for _, name, bits in arguments if bits == "64"}


def test_descriptions_have_the_arguments_that_the_host_counts_on(folder: Path) -> None:
    for kernel in kernels_of(folder):
        root = ElementTree.parse(folder / f"rtl/vivado/{kernel.name}.xml").getroot()
        (found,) = root
        assert (found.get("name"), found.get("hwControlProtocol")) == (kernel.name, "ap_ctrl_hs")
        assert found.get("vlnv") == f"lmc:decode_step:{kernel.name}:1.0"
        ports = {port.get("name") for port in found.iter("port")}
        arguments = list(found.iter("arg"))
        assert [one.get("id") for one in arguments] == list(map(str, range(len(arguments))))
        assert [(one.get("name"), one.get("addressQualifier")) for one in arguments] == [
            (one.name, QUALIFIERS[one.kind]) for one in kernel.arguments
        ]
        assert {one.get("port") for one in arguments} | {"s_axi_control"} == ports


def test_the_clock_is_the_designs(folder: Path) -> None:
    (clock,) = run_vivado(folder / "rtl/vivado/clock.xdc")[1:]
    assert clock == ("create_clock", "-name", "ap_clk", "-period", "3.333", "get_ports/ap_clk")


@pytest.mark.parametrize("arguments", [(), ("nowhere",), ("load", "front")])
def test_synthesis_takes_a_kernel(arguments: tuple[str, ...], folder: Path) -> None:
    tkinter = pytest.importorskip("tkinter")
    with pytest.raises(tkinter.TclError, match=r"synthesize\.tcl takes one kernel: after_"):
        run_vivado(folder / "rtl/vivado/synthesize.tcl", *arguments)


@pytest.mark.parametrize("name", ["vck190", "u280"])
def test_make_links_kernels_of_rtl_in_the_place_of_the_others(name: str, tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, name)
    made = folder.make("build", KERNELS_FROM="rtl", **variables)
    assert made.status == 0, made.errors
    scripts = [call[call.index("-source") + 1] for call in made.calls if call[0] == "vivado"]
    assert scripts == [f"../../rtl/vivado/package_{kernel}.tcl" for kernel in KERNELS]
    link = made.call("v++")
    assert link[-2:] == [f"build/vivado/{kernel}.xo" for kernel in KERNELS]
    assert link[link.index("--config") + 1] == "hls/connectivity.cfg"
    assert link[link.index("-o") + 1].startswith("build/hw-rtl/small.")
    both = folder.make("-n", "build", **variables)
    check_shell(both.output)
    assert "build/hw/small." in both.output
    assert "build/vivado" not in both.output


def test_make_synthesizes_one_kernel(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "v80")
    made = folder.make("synth", KERNEL="writer", **variables)
    assert made.status == 0, made.errors
    assert made.call("vivado")[-4:] == [
        *("-source", "../../rtl/vivado/synthesize.tcl", "-tclargs", "writer")
    ]


def test_make_says_what_is_missing(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "u280")
    wrong = folder.make("build", KERNELS_FROM="verilog", **variables)
    assert refusal(wrong) == 'KERNELS_FROM is hls or rtl and not "verilog"'
    for name in rtl_files(board("u280")):
        (folder.path / "rtl" / name).unlink()
    missing = "rtl/ is not here: compile the design with --rtl"
    assert refusal(folder.make("rtl", **variables)) == missing
    assert refusal(folder.make("synth", **variables)) == missing
