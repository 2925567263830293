"""Modules of the library in Verilator, under cocotb (library_bench.py has the tests themselves)."""

from pathlib import Path

import pytest
from cocotb_run import run_cocotb
from yosys import LIBRARY

HERE = Path(__file__).parent


def run(library: list[Path], folder: Path, *tests: str) -> None:
    """Compiles the bench and runs these tests of it, or all; fails (SystemExit) if one fails."""
    run_cocotb(
        [*library, HERE / "library_bench.sv"], "library_bench", "library_bench", folder, tests
    )


def test_library(tmp_path: Path) -> None:
    run(sorted(LIBRARY.glob("*.sv")), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "old", "new", "test"),
    [
        ("lmc_axi_cut", "? MAX_BURST :", "? 2 * MAX_BURST :", "read_512"),
        ("lmc_axi_cut", ": PageWords;", ": MAX_BURST;", "read_64"),
        ("lmc_axi_read", " && is_room;", ";", "read_128"),
        ("lmc_axi_read", " && mark_ready", "", "read_512"),
        ("lmc_axi_read", "m_axi_rlast && mark,", "m_axi_rlast,", "read_64"),
        ("lmc_axi_write", " && pending == '0)", ")", "write_64"),
        ("lmc_axi_write", "stored_words >=", "1'b1 ||", "write_64"),
        ("lmc_axi_write", "is_taking && buffer_ready", "buffer_ready", "write_64"),
        (
            "lmc_axi_lite_control",
            "if (ap_done) is_",
            "if (ap_done && !read) is_",
            "control_launches",
        ),
        ("lmc_stream_slice", "s_axis_tready ? s_axis_tdata : spare", "spare", "stream_slice"),
    ],
)
def test_broken_library_fails(module: str, old: str, new: str, test: str, tmp_path: Path) -> None:
    library: list[Path] = []
    for file in sorted(LIBRARY.glob("*.sv")):
        text = file.read_text()
        if file.stem == module:
            assert old in text
            text = text.replace(old, new, 1)
        library.append(tmp_path / file.name)
        library[-1].write_text(text)
    with pytest.raises(SystemExit, match="Failed 1 of"):
        run(library, tmp_path, test)
