"""What yosys makes of the library: memories of the kind that was asked for, and short paths."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from yosys import LIBRARY, read, yosys

pytest.importorskip("pyosys")

HERE = Path(__file__).parent
FILES = sorted(LIBRARY.glob("*.sv"))


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """Cells of each type that `synth_xilinx` makes of each instance of cells_bench for
    UltraScale+."""
    report = tmp_path_factory.mktemp("cells") / "cells.json"
    yosys(
        read("cells_bench", [*FILES, HERE / "cells_bench.sv"], {}) + " --best-effort-hierarchy",
        "proc",
        "opt",
        f"techmap -map {LIBRARY / 'yosys' / 'shift_registers.v'}",
        "opt",
        "synth_xilinx -family xcup -noiopad -noclkbuf",
        f"tee -q -o {report} stat -json",
    )
    modules = json.loads(report.read_text())["modules"]
    return {name.split(".")[-1]: found["num_cells_by_type"] for name, found in modules.items()}


MEMORIES = {
    # 16 bits of 20 places: a shift register of up to 32 places for each.
    "fifo_srl": {"SRLC32E": 16},
    # A block of eight LUTs has 32 words of 14 bits.
    "fifo_lutram": {"RAM32M16": 2},
    "fifo_bram": {"RAMB36E2": 1},
    "fifo_uram": {"URAM288": 1},
    "ram_lutram": {"RAM32M16": 2},
    "ram_bram": {"RAMB36E2": 1},
    "ram_uram": {"URAM288": 1},
    "delay": {"RAM32M16": 2},
    "control": {},
}


@pytest.mark.parametrize("instance", MEMORIES)
def test_memory_is_made_of_what_it_says(instance: str, cells: dict[str, dict[str, int]]) -> None:
    found = {
        name: number
        for name, number in cells[instance].items()
        if name.startswith(("SRL", "RAM", "URAM"))
    }
    assert found == MEMORIES[instance]


@pytest.mark.parametrize("instance", ["fifo_srl", "fifo_lutram", "ram_lutram", "delay"])
def test_elements_are_in_no_flip_flops(instance: str, cells: dict[str, dict[str, int]]) -> None:
    registers = sum(number for name, number in cells[instance].items() if name.startswith("FD"))
    # Counters of 5 bits and flags; lmc_ram has its word in a register.
    assert registers <= {"ram_lutram": 28}.get(instance, 30)


SMALL = {"DATA_WIDTH": 32, "MAX_BURST": 4, "OUTSTANDING": 2}


def from_inputs(top: str, parameters: dict[str, int | str]) -> list[str]:
    """The inputs that an output depends on in the same cycle."""
    log = yosys(
        read(top, FILES, parameters),
        "prep -flatten",
        "memory_map",
        "opt",
        "log outputs depend on:",
        "select -list o:* %ci*:-$dff,$dffe,$sdff,$sdffe,$sdffce i:* %i",
    )
    found = log.split("outputs depend on:")[-1].splitlines()
    return sorted(line.split("/")[1] for line in found if line.startswith(f"{top}/"))


@pytest.mark.parametrize(
    ("top", "parameters"),
    [
        ("lmc_fifo", {"STYLE": "srl", "DEPTH": 4}),
        ("lmc_fifo", {"STYLE": "bram", "DEPTH": 4}),
        ("lmc_axi_cut", {}),
        ("lmc_axi_read", SMALL),
        ("lmc_axi_write", SMALL),
        ("lmc_axi_lite_control", {}),
        ("lmc_stream_slice", {}),
    ],
)
def test_no_output_depends_on_an_input_of_the_same_cycle(
    top: str, parameters: dict[str, int | str]
) -> None:
    assert from_inputs(top, parameters) == []


def test_go_depends_on_ok_in_the_same_cycle() -> None:
    assert from_inputs("lmc_pipeline", {}) == ["ok"]


PARAMETERS = {
    "lmc_fifo": ['STYLE="srl" DEPTH=1', 'STYLE="lutram" DEPTH=7', 'STYLE="bram"', 'STYLE="uram"'],
    "lmc_ram": ['STYLE="lutram" DEPTH=5', 'STYLE="bram" DEPTH=1', 'STYLE="uram"'],
    "lmc_delay": ["STAGES=1", "STAGES=5"],
    "lmc_stages": ["STAGES=1", "STAGES=2"],
    "lmc_pipeline": ["STAGES=1", "STAGES=9", "STAGES=9 INTERVAL=2", "STAGES=3 INTERVAL=3"],
    "lmc_axi_cut": ["DATA_WIDTH=8 MAX_BURST=1", "DATA_WIDTH=1024 MAX_BURST=256"],
    "lmc_axi_read": ["DATA_WIDTH=32 MAX_BURST=1 OUTSTANDING=1", "DATA_WIDTH=64 MAX_BURST=256"],
    "lmc_axi_write": ["DATA_WIDTH=32 MAX_BURST=1 OUTSTANDING=1", "DATA_WIDTH=64 MAX_BURST=256"],
    "lmc_axi_lite_control": [
        "ARGUMENT_WORDS=1 IS_REGISTER=1'b1",
        "ARGUMENT_WORDS=13 IS_REGISTER=13'h13",
    ],
    "lmc_stream_slice": ["WIDTH=512"],
}


def test_every_module_is_linted() -> None:
    assert sorted(PARAMETERS) == [file.stem for file in FILES]


def linted(file: Path, parameters: str, *options: str) -> subprocess.CompletedProcess[str]:
    values = [f"-G{value}" for value in parameters.split()]
    command = ["verilator", "--lint-only", "-Wall", "-y", str(file.parent), *options, *values]
    command.append(str(file))
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("verilator") is None, reason="no Verilator")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_verilator_has_no_warning(file: Path) -> None:
    for parameters in ["", *PARAMETERS[file.stem]]:
        for view in ([], ["-DSYNTHESIS"]):
            run = linted(file, parameters, *view)
            assert (run.returncode, run.stderr) == (0, ""), (parameters, view)


@pytest.mark.skipif(shutil.which("verilator") is None, reason="no Verilator")
@pytest.mark.parametrize(
    ("module", "parameters", "reason"),
    [
        ("lmc_fifo", 'STYLE="fifo"', "STYLE is srl, lutram, bram or uram"),
        ("lmc_ram", 'STYLE="srl"', "STYLE is lutram, bram or uram"),
        ("lmc_axi_cut", "MAX_BURST=24", "MAX_BURST is 1, 2, 4, ... or 256"),
        ("lmc_axi_cut", "DATA_WIDTH=48", "DATA_WIDTH is 8, 16, ... or 1024"),
        ("lmc_axi_read", "BUFFER=15", "BUFFER has room for a burst"),
        ("lmc_axi_write", "BUFFER=15", "BUFFER has room for a burst"),
    ],
)
def test_what_makes_no_sense_is_refused(module: str, parameters: str, reason: str) -> None:
    run = linted(LIBRARY / f"{module}.sv", parameters)
    assert run.returncode != 0
    assert reason in run.stderr


def test_slang_has_no_warning(capfd: pytest.CaptureFixture[str]) -> None:
    pyslang = pytest.importorskip("pyslang")
    driver = pyslang.driver.Driver()
    driver.addStandardArgs()
    # Casts to a parameter's width are useless for one of its values.
    options = ["slang", "-Wextra", "-Wno-useless-cast", "-Werror", *map(str, FILES)]
    assert driver.parseCommandLine(" ".join(options))
    assert driver.processOptions()
    assert driver.parseAllSources()
    driver.reportCompilation(driver.createCompilation(), False)
    assert driver.reportDiagnostics(False), capfd.readouterr()
    assert "warning" not in capfd.readouterr().err
