"""Design folders with RTL, launched as a host does it: AXI4, AXI4-Lite, AXI4-Stream.

Nothing but the folder says what is joined to what, and what has to come out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from axi_bench import axi_bench, links_of
from cocotb_run import run_cocotb
from tiny_designs import MAMBA1, MAMBA2, ON_CHIP, STREAMED, compile_tiny


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "target", "lanes", "allocation"),
    [
        (MAMBA1, "u280", "HBM2:3", STREAMED.replace("DDR4", "HBM2")),
        (MAMBA2, "vck190", "DDR4:2", ON_CHIP),
    ],
)
def test_whole_launches(
    config: dict[str, object],
    target: str,
    lanes: str,
    allocation: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = compile_tiny(
        tmp_path, config, target=target, lanes=lanes, allocation=allocation, rtl=True
    )
    sources = sorted((design / "rtl").rglob("*.sv"))
    kernels = {
        path.stem.removeprefix("package_"): (
            design / "rtl" / f"{path.stem.removeprefix('package_')}.sv"
        ).read_text(encoding="utf-8")
        for path in sorted((design / "rtl/vivado").glob("package_*.tcl"))
    }
    links = links_of((design / "hls/connectivity.cfg").read_text(encoding="utf-8"))
    bench = tmp_path / "design_bench.sv"
    bench.write_text(axi_bench("design_bench", kernels, links), encoding="utf-8")
    monkeypatch.setenv("LMC_DESIGN", str(design))
    run_cocotb([*sources, bench], "design_bench", "design_bench", tmp_path)
