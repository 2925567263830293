"""Modules as linters see them: Verilator with all warnings, and slang."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from rtl_bench import PRIMITIVES, needs_verilator
from rtl_tasks import MAKERS
from small_designs import MHZ, add_task, finished

from lmc.backends.rtl.verilog.module import module_text
from lmc.backends.rtl.verilog.names import identifier
from lmc.dataflow.graph import design_graph
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.timing import Clock


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    design = DesignBuilder("tasks")
    scalars = {name: design.scalar(name, (1,)) for name in ("n", "none")}
    for name, maker in MAKERS.items():
        add_task(design, name, maker(design, name, scalars))
    folder, found = tmp_path_factory.mktemp("lint"), dict[str, Path]()
    for task in design_graph(finished(design)).tasks:
        name = identifier(task.name)
        found[name] = folder / f"{name}.sv"
        found[name].write_text(module_text(task_netlist(task, Clock(MHZ))))
    return found


@needs_verilator
def test_verilator_warns_of_nothing(modules: dict[str, Path]) -> None:
    for name, path in modules.items():
        command = ["verilator", "--lint-only", "-Wall", "--top-module", name, str(path)]
        done = subprocess.run([*command, *map(str, PRIMITIVES)], capture_output=True, text=True)
        wrong = [line for line in done.stderr.splitlines() if f"{name}.sv" in line]
        assert not wrong, wrong[:5]
        assert done.returncode == 0, done.stderr


def test_slang_warns_of_nothing(modules: dict[str, Path]) -> None:
    pyslang = pytest.importorskip("pyslang", reason="pyslang is not installed")
    tree = pyslang.syntax.SyntaxTree
    for path in modules.values():
        compilation = pyslang.ast.Compilation()
        for file in (path, *PRIMITIVES):
            compilation.addSyntaxTree(tree.fromFile(str(file)))
        found = compilation.getAllDiagnostics()
        report = pyslang.DiagnosticEngine.reportAll(compilation.sourceManager, found)
        wrong = [line for line in report.splitlines() if path.name in line]
        assert not wrong, wrong[:5]
