"""The steps from level 3 to kernels: what a pattern may return, and passes between two steps."""

from pathlib import Path
from typing import cast

import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import ModuleOp, StringAttr, TensorType

from lmc.backends.hls.printer import find_design, print_design
from lmc.dataflow.flat import FlatBuilder
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import DesignOp, KernelOp, TaskOp, ui
from lmc.driver.default import LOWERING
from lmc.driver.pipeline import Pipeline
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.lint import findings
from lmc.lowering import lowers
from lmc.lowering.patterns import lower
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Streams, Vector

SCHEDULED = Path(__file__).parents[1] / "filecheck/passes/lower-to-tasks.mlir"


def scheduled() -> ModuleOp:
    context = make_context(load_registry())
    return parse_module(context, SCHEDULED.read_text(encoding="utf-8"), str(SCHEDULED))


def apply(module: ModuleOp, *steps: str) -> ModuleOp:
    registry = load_registry()
    Pipeline.parse(registry, ",".join(steps)).run(make_context(registry), module)
    return module


def tasks(module: ModuleOp) -> dict[str, TaskOp]:
    return {op.sym_name.data: op for op in module.walk() if isinstance(op, TaskOp)}


@pytest.mark.parametrize(
    ("streams", "sentence"),
    [
        ([], "test.op %r: its lowering gives 0 streams for 1 results"),
        ([None, None], "test.op %r: its lowering gives 2 streams for 1 results"),
        ((4, 16), "test.op %r: its lowering gives 4 elements of 16 bits for %r, which has 8 of 16"),
        ((8, 12), "test.op %r: its lowering gives 8 elements of 12 bits for %r, which has 8 of 16"),
    ],
)
def test_what_a_pattern_returns_is_checked(
    streams: list[None] | tuple[int, int], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmc.lowering.patterns._PATTERNS", {})
    stream = FlatBuilder(DesignOp("d")).stream("s", ui(32))
    found = Vector(stream, *streams, 2) if isinstance(streams, tuple) else streams

    @lowers(test.TestOp)
    def pattern(_op: test.TestOp, _operands: Operands, _site: Site) -> Streams:
        return found

    op = test.TestOp(result_types=[TensorType(ssm.FixedType.of(16, 8), [8])])
    op.results[0].name_hint = "r"
    with pytest.raises(LmcError) as error:
        lower(op, Operands(op, []), cast(Site, None))
    assert str(error.value) == sentence


def test_a_pass_between_two_steps_moves_a_task_to_a_kernel_of_its_own() -> None:
    module = apply(scheduled(), *LOWERING[:1])
    tasks(module)["silu"].kernel = StringAttr("lookup")
    apply(module, *LOWERING[1:])
    design = find_design(module)
    assert not list(findings(design))
    kernels = {op.sym_name.data: op for op in design.walk() if isinstance(op, KernelOp)}
    assert [op.sym_name.data for op in kernels["lookup"].body.block.ops] == ["silu"]
    assert "lookup.cpp" in print_design(design)


def test_the_two_steps_in_the_middle_are_independent() -> None:
    one = apply(scheduled(), *LOWERING)
    other = apply(scheduled(), LOWERING[0], LOWERING[2], LOWERING[1], LOWERING[3])
    assert set(tasks(one)) == set(tasks(other))
    assert not list(findings(find_design(other)))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_flat_design_has_no_cpp(count: int) -> None:
    module = apply(scheduled(), *LOWERING[:count])
    assert 'kernel "after_w"' in module_text(module)
    with pytest.raises(LmcError, match=f"is still flat, .*run {LOWERING[count]}"):
        find_design(module)
