"""All kernels of the bundled models' designs have modules that Verilator warns of nothing in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bundled_designs import compiled
from rtl_bench import needs_verilator

from lmc.backends.rtl.kernel.files import design_rtl
from lmc.targets import load_target

MOST_LINES = 4000
"""Of a file: more is not read."""


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_all_kernels_are_clean(model: str, tmp_path: Path) -> None:
    rtl = design_rtl(compiled(model, "vck190"), load_target("vck190"))
    for name, text in rtl.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        assert text.count("\n") <= MOST_LINES, name
    for made in rtl.kernels:
        kernel = made.kernel.sym_name.data
        command = ["verilator", "--lint-only", "-Wall", "--top-module", kernel, *rtl.files]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[:2000]
        assert not done.stderr
