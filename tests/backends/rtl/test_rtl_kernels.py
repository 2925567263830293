"""Kernels as RTL: interfaces as their HLS twins', no warnings, launches on models of AXI4."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from axi_bench import Link, Port, axi_bench, ports_of
from cocotb_run import run_cocotb
from rtl_bench import needs_verilator
from rtl_kernels import adding_design
from small_designs import target_with
from xdsl.dialects.builtin import StringAttr

from lmc.backends.hls.arguments import design_kernels, kernel_arguments
from lmc.backends.hls.printer import print_design
from lmc.backends.hls.system import print_connectivity
from lmc.backends.rtl.kernel.files import DesignRtl, design_rtl
from lmc.backends.rtl.kernel.interfaces import control_registers
from lmc.backends.rtl.kernel.ports import StreamEnd
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, PortType
from lmc.targets import load_target

ARGUMENT = re.compile(r"^    (?:hls::(\w+)<)?ap_u?int<(\d+)>>?&? (\w+)(?:,|\);)$", re.M)
"""An argument of a kernel's C++ function: what it is, if no scalar, its bits, and its name."""
ADDRESS = {"ADDR": 64, "LEN": 8, "SIZE": 3, "BURST": 2, "CACHE": 4, "PROT": 3}
"""Bits of signals of an address channel (IHI 0022, "AXI4 signals")."""
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rtl() -> DesignRtl:
    return design_rtl(adding_design(), target_with())


@pytest.fixture(scope="module")
def folder(rtl: DesignRtl, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("kernels")
    for name, text in rtl.files.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text)
    return made


def _ports(rtl: DesignRtl, kernel: str) -> dict[str, Port]:
    return ports_of(rtl.files[f"{kernel}.sv"])


def _channel(name: str, is_sent: bool, widths: dict[str, int]) -> dict[str, Port]:
    """A channel that a kernel sends, or receives."""
    found = {f"{name}{way}": Port(not is_sent, width) for way, width in widths.items()}
    return found | {f"{name}VALID": Port(not is_sent, 1), f"{name}READY": Port(is_sent, 1)}


def _bank(name: str, bits: int, access: str) -> dict[str, Port]:
    if access == "read":
        answer = {"DATA": bits, "RESP": 2, "LAST": 1}
        return _channel(f"{name}_AR", True, ADDRESS) | _channel(f"{name}_R", False, answer)
    words = {"DATA": bits, "STRB": bits // 8, "LAST": 1}
    return {
        **_channel(f"{name}_AW", True, ADDRESS),
        **_channel(f"{name}_W", True, words),
        **_channel(f"{name}_B", False, {"RESP": 2}),
    }


def _control(address_bits: int) -> dict[str, Port]:
    name, address = "s_axi_control_", {"ADDR": address_bits}
    return {
        **_channel(f"{name}AW", False, address),
        **_channel(f"{name}W", False, {"DATA": 32, "STRB": 4}),
        **_channel(f"{name}B", True, {"RESP": 2}),
        **_channel(f"{name}AR", False, address),
        **_channel(f"{name}R", True, {"DATA": 32, "RESP": 2}),
    }


def test_ports_are_those_of_the_hls_kernel(rtl: DesignRtl) -> None:
    """All names, widths and directions, from the types of the C++ function's arguments."""
    header = print_design(rtl.design)["adding.h"]
    declared = dict(re.findall(r'extern "C" void (\w+)\((.*?\);)', header, re.DOTALL))
    assert len(declared) == 3
    for kernel in design_kernels(rtl.design):
        name = kernel.sym_name.data
        expected = {one: Port(True, 1) for one in ("ap_clk", "ap_rst_n")}
        expected["interrupt"] = Port(False, 1)
        access = {one.name: one.access for one in kernel_arguments(kernel)}
        arguments = ARGUMENT.findall(declared[name])
        assert [one for _, _, one in arguments] == list(access)
        offset = 0x10
        for kind, bits, argument in arguments:
            match kind:
                case "stream":
                    width = {"DATA": -(-int(bits) // 8) * 8}
                    sent = access[argument] == "write"
                    expected |= _channel(f"{argument}_T", sent, width)
                case "burst_maxi":
                    expected |= _bank(f"m_axi_gmem_{argument}", int(bits), access[argument])
                    offset += 12
                case _:
                    assert bits == "32"
                    offset += 8
        expected |= _control((offset - 1).bit_length())
        assert _ports(rtl, name) == expected


def test_connectivity_names_ports_that_are_there(rtl: DesignRtl) -> None:
    design = adding_design()
    for bank in (op for op in design.walk() if isinstance(op, BankOp)):
        bank.memory = StringAttr("DDR4")
    ends = re.findall(r"(\w+)_1\.(\w+)", print_connectivity(design, load_target("vck190")))
    assert len(ends) == 3 + 2 * 3
    for kernel, port in ends:
        ports = _ports(rtl, kernel)
        assert ports.keys() & {
            f"{port}_TDATA",
            f"m_axi_gmem_{port}_ARADDR",
            f"m_axi_gmem_{port}_AWADDR",
        }


def test_arguments_are_where_hls_puts_them(rtl: DesignRtl) -> None:
    found = {made.kernel.sym_name.data: control_registers(made) for made in rtl.kernels}
    offsets = {k: {r.name: r.offset for r in registers} for k, registers in found.items()}
    assert offsets == {
        "fetch": {"rounds": 0x10, "numbers_0": 0x18, "numbers_1": 0x24},
        "add": {"rounds": 0x10},
        "keep": {"rounds": 0x10, "results": 0x18},
    }


def test_tasks_that_are_alike_share_a_module(rtl: DesignRtl) -> None:
    assert "tasks/read_numbers_0.sv" in rtl.files
    assert "tasks/read_numbers_1.sv" not in rtl.files
    assert "read_numbers_0 read_numbers_1_task (" in rtl.files["fetch_tasks.sv"]
    assert ".numbers_0_ar_valid(numbers_1_ar_valid)" in rtl.files["fetch_tasks.sv"]


@needs_verilator
def test_verilator_warns_of_nothing(rtl: DesignRtl, folder: Path) -> None:
    for made in rtl.kernels:
        command = ["verilator", "--lint-only", "-Wall", "--top-module", made.kernel.sym_name.data]
        files = [str(folder / name) for name in rtl.files]
        done = subprocess.run([*command, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:2000]
        assert not done.stderr


def _slang_says(files: Sequence[Path]) -> str:
    """What slang says of files, but for the library's: it has a test with its own parameters."""
    pyslang = pytest.importorskip("pyslang", reason="pyslang is not installed")
    compilation = pyslang.ast.Compilation()
    for file in files:
        compilation.addSyntaxTree(pyslang.syntax.SyntaxTree.fromFile(str(file)))
    manager = compilation.sourceManager
    found = [
        one
        for one in compilation.getAllDiagnostics()
        if Path(manager.getFullPath(one.location.buffer)).parent.name != "library"
    ]
    return pyslang.DiagnosticEngine.reportAll(manager, found).strip()


def test_slang_warns_of_nothing(rtl: DesignRtl, folder: Path) -> None:
    assert not _slang_says([folder / name for name in rtl.files])


def test_slang_warns_of_what_the_library_is_given(
    rtl: DesignRtl, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "add.sv"
    text = rtl.files["add.sv"]
    assert ".WIDTH(64)" in text
    broken.write_text(text.replace(".WIDTH(64)", ".WIDTH(63)", 1))
    files = [broken if name == "add.sv" else folder / name for name in rtl.files]
    assert "add.sv" in _slang_says(files)


def test_launches_on_models_of_axi(rtl: DesignRtl, folder: Path, tmp_path: Path) -> None:
    bench = tmp_path / "kernels_bench.sv"
    bench.write_text(_bench(rtl))
    sources = [folder / name for name in rtl.files]
    run_cocotb([*sources, bench], "kernels_bench", "kernel_bench", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["fetch", "keep"])
def test_a_kernel_that_ignores_errors_fails(
    kernel: str, rtl: DesignRtl, folder: Path, tmp_path: Path
) -> None:
    text = rtl.files[f"{kernel}.sv"]
    assert " && !is_faulty" in text
    broken, bench = tmp_path / f"{kernel}.sv", tmp_path / "kernels_bench.sv"
    broken.write_text(text.replace(" && !is_faulty", ""))
    bench.write_text(_bench(rtl))
    sources = [broken if name == broken.name else folder / name for name in rtl.files]
    test = {"fetch": "broken_read", "keep": "broken_write"}[kernel]
    with pytest.raises(SystemExit, match="Failed 1 of"):
        run_cocotb([*sources, bench], "kernels_bench", "kernel_bench", tmp_path, [test])


def _bench(rtl: DesignRtl) -> str:
    """All kernels, their streams joined."""
    kernels = {made.kernel.sym_name.data: made for made in rtl.kernels}
    ends = {
        (port.name, port.is_read): kernel
        for kernel, made in kernels.items()
        for port in made.borders
        if isinstance(port, StreamEnd)
    }
    links = [
        Link(ends[name, False], name, kernel, name, 16)
        for (name, is_read), kernel in ends.items()
        if is_read
    ]
    return axi_bench("kernels_bench", {name: rtl.files[f"{name}.sv"] for name in kernels}, links)


def test_a_port_of_two_readers_is_refused() -> None:
    design = adding_design()
    one, other = design_kernels(design)[0].body.block.ops
    (bank,) = (value for value in one.operands if isinstance(value.type, PortType))
    (place,) = (i for i, v in enumerate(other.operands) if isinstance(v.type, PortType))
    other.operands[place] = bank
    with pytest.raises(
        LmcError,
        match="kernel fetch: numbers_0 is a memory port that two tasks read, read_numbers_0 and",
    ):
        design_rtl(design, target_with())
