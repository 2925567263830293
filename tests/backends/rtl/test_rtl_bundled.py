"""All tasks of the bundled models' designs have modules that Verilator warns of nothing in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bundled_designs import compiled
from rtl_bench import PRIMITIVES, needs_verilator

from lmc.backends.rtl.netlist.task import task_netlist
from lmc.backends.rtl.verilog.module import module_text
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.graph import design_graph
from lmc.dataflow.timing import Clock


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_all_tasks_are_clean(model: str, tmp_path: Path) -> None:
    design = compiled(model, "vck190")
    assert design.clock_mhz is not None
    clock = Clock(design.clock_mhz.value.data)
    for task in design_graph(design).tasks:
        path = tmp_path / f"{task.name}.sv"
        path.write_text(module_text(task_netlist(task, clock)))
        command = ["verilator", "--lint-only", "-Wall", "--top-module", identifier(task.name)]
        files = [str(path), *map(str, PRIMITIVES)]
        done = subprocess.run([*command, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[:2000]
