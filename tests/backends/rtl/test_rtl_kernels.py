"""Kernels as RTL: interfaces as their HLS twins', no warnings, launches on models of AXI4."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from cocotb_run import run_cocotb
from rtl_bench import needs_verilator
from rtl_kernels import adding_design
from small_designs import target_with
from xdsl.dialects.builtin import StringAttr

from lmc.backends.hls.arguments import design_kernels, kernel_arguments
from lmc.backends.hls.system import print_connectivity
from lmc.backends.rtl.kernel.files import DesignRtl, design_rtl
from lmc.backends.rtl.kernel.interfaces import control_registers
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, PortType, StreamOp
from lmc.targets import load_target

PORT = re.compile(r"^    (?:input |output) logic ?(\[.*?\])? (\w+)(?:,|$| /)", re.M)
"""A port of a module: its dimension and its name."""
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


def _ports(rtl: DesignRtl, kernel: str) -> set[str]:
    return {name for _, name in PORT.findall(rtl.files[f"{kernel}.sv"])}


def test_ports_are_those_of_the_hls_kernel(rtl: DesignRtl) -> None:
    for kernel in design_kernels(rtl.design):
        ports = _ports(rtl, kernel.sym_name.data)
        for argument in kernel_arguments(kernel):
            if isinstance(argument.source, StreamOp):
                assert {f"{argument.name}_T{way}" for way in ("DATA", "VALID", "READY")} <= ports
            elif isinstance(argument.source, BankOp):
                way = "AR" if argument.access == "read" else "AW"
                assert f"m_axi_gmem_{argument.name}_{way}ADDR" in ports
        assert {"ap_clk", "ap_rst_n", "interrupt", "s_axi_control_AWVALID"} <= ports


def test_connectivity_names_ports_that_are_there(rtl: DesignRtl) -> None:
    design = adding_design()
    for bank in (op for op in design.walk() if isinstance(op, BankOp)):
        bank.memory = StringAttr("DDR4")
    ends = re.findall(r"(\w+)_1\.(\w+)", print_connectivity(design, load_target("vck190")))
    assert len(ends) == 3 + 2 * 3
    for kernel, port in ends:
        ports = _ports(rtl, kernel)
        assert ports & {f"{port}_TDATA", f"m_axi_gmem_{port}_ARADDR", f"m_axi_gmem_{port}_AWADDR"}


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


def test_slang_warns_of_nothing(rtl: DesignRtl, folder: Path) -> None:
    pyslang = pytest.importorskip("pyslang", reason="pyslang is not installed")
    compilation = pyslang.ast.Compilation()
    for name in rtl.files:
        compilation.addSyntaxTree(pyslang.syntax.SyntaxTree.fromFile(str(folder / name)))
    found = compilation.getAllDiagnostics()
    report = pyslang.DiagnosticEngine.reportAll(compilation.sourceManager, found)
    # The library's files have a test of their own, with their own parameters.
    wrong = [line for line in report.splitlines() if "warning" in line or "error" in line]
    assert not [line for line in wrong if "/library/" not in line and "lmc_" not in line], report


def test_launches_on_models_of_axi(rtl: DesignRtl, folder: Path, tmp_path: Path) -> None:
    bench = tmp_path / "kernels_bench.sv"
    bench.write_text(_bench(rtl))
    sources = [folder / name for name in rtl.files]
    run_cocotb([*sources, bench], "kernels_bench", "kernel_bench", tmp_path)


def _bench(rtl: DesignRtl) -> str:
    """All kernels, their streams joined and all else under names that begin with the kernel's."""
    declared, instances = dict[str, str](), list[str]()
    for made in rtl.kernels:
        kernel, pins = made.kernel.sym_name.data, list[str]()
        for kind, name in PORT.findall(rtl.files[f"{kernel}.sv"]):
            if name in ("ap_clk", "ap_rst_n"):
                pins.append(f".{name}({'clk' if name == 'ap_clk' else '!rst'})")
                continue
            signal = name if re.search("_T[A-Z]+$", name) else f"{kernel}_{name}"
            declared[signal] = kind
            pins.append(f".{name}({signal})")
        instances.append(f"  {kernel} {kernel}_1 ({', '.join(pins)});")
    lines = ["module kernels_bench (input logic clk, input logic rst);"]
    lines += [f"  logic {kind} {name};" for name, kind in declared.items()]
    # The models want ids, which masters of one id need not have.
    for name in declared:
        if name.endswith(("_ARVALID", "_AWVALID")) and "m_axi" in name:
            bus, kind = name[: -len("ARVALID")], name[-len("ARVALID") :][:2]
            lines.append(f"  logic {bus}{kind}ID, {bus}{'R' if kind == 'AR' else 'B'}ID;")
            lines.append(f"  assign {bus}{kind}ID = 1'b0;")
    return "\n".join([*lines, *instances, "endmodule"]) + "\n"


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
