"""The C simulation of the bundled models equals the integer interpreter, bit for bit, for each
schedule and on boards that differ in what a design is made of.

`test_csim_models` runs both models with the default schedule on the VCK190, and for longer.
"""

import shutil
from pathlib import Path

import pytest
from test_csim_models import assert_equal
from tiny_designs import last_module

from lmc.allocation import allocation_of
from lmc.driver.compile import CompileRequest, compile_design

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed"),
]

Parts = tuple[int, str, str]
"""Bits of a port, what the lanes multiply with, and where the states are."""

DESIGNS: dict[tuple[str, str], Parts] = {
    ("default", "u280"): (512, "dsp", "uram"),
    ("default", "kv260"): (128, "fabric", "uram"),
    ("reordered", "zcu102"): (128, "fabric", "bram"),
    ("naive", "vck190"): (512, "dsp", "uram"),
    ("lightmamba", "vck190"): (512, "fabric", "DDR4"),
    ("lightmamba", "lightmamba-vck190"): (256, "fabric", "DDR4"),
}
"""By schedule and target."""


@pytest.fixture(scope="module", params=["bookbyte-mamba1", "bookbyte-mamba2"])
def quantized(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a model before anything of it depends on a schedule or a target."""
    output = tmp_path_factory.mktemp(request.param) / "design"
    compiled = compile_design(CompileRequest(model=request.param, target="vck190", output=output))
    return compiled.design.ir_file(2)


def parts(design: Path) -> Parts:
    found = allocation_of(last_module(design))
    states = found.state_ports[0].memory if found.state_ports else found.chip_memory
    return found.port_bits, found.multipliers, states


@pytest.mark.parametrize(("schedule", "target"), DESIGNS)
def test_schedules_on_boards(quantized: Path, schedule: str, target: str, tmp_path: Path) -> None:
    request = CompileRequest(
        from_file=str(quantized), schedule=schedule, target=target, output=tmp_path / "design"
    )
    design = compile_design(request).design.path
    assert parts(design) == DESIGNS[schedule, target]
    assert_equal(design, tokens=4, new=3, prompt=list(b"It"))
