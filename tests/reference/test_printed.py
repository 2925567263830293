"""The printed C++ and the reference executor on random designs, and on what was wrong before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from printed import run_printed
from random_designs import Launch, launches, seeded_launch
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.csim.build import Headers
from lmc.backends.hls.printer import find_design, print_design
from lmc.dialects import dataflow
from lmc.dialects.dataflow import si, ui
from lmc.dialects.dataflow.foreign import _RULES
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.lint import findings
from lmc.passes.simplify_loops import SimplifyLoops
from lmc.reference import Outcome, execute


def executed(launch: Launch) -> Outcome:
    return execute(launch.design, launch.scalars, launch.banks)


def compare(launches: Sequence[Launch], folder: Path, headers: Headers = "fast") -> None:
    """Both come to the same outcome for every launch."""
    for launch, printed in zip(launches, run_printed(launches, folder, headers), strict=True):
        expected = executed(launch)
        where = f"{launch.design}\n{''.join(print_design(launch.design).values())}"
        assert set(printed.waiting) == set(expected.waiting), where
        assert printed.leftovers == expected.leftovers, where
        assert printed.banks == expected.banks, where


def seeds(first: int, count: int) -> list[Launch]:
    return [seeded_launch(seed, f"d{seed}") for seed in range(first, first + count)]


def test_printed_designs_compute_the_same(tmp_path: Path) -> None:
    compare([*seeds(0, 20), constants()], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1000, 1400, 20))
def test_many_printed_designs_compute_the_same(tmp_path: Path, first: int) -> None:
    compare(seeds(first, 20), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(2000, 2060, 10))
def test_printed_designs_compute_the_same_with_xilinx_integers(tmp_path: Path, first: int) -> None:
    compare([*seeds(first, 10), constants()], tmp_path, "xilinx")


def constants() -> Launch:
    """Constants where C++ has its own mind: int overflow, `--5`, bits of a number."""
    design = DesignBuilder("constants")
    results = design.stream("constant_results", ui(64), 16)
    with design.kernel("make_constants") as kernel, kernel.task("constants_task") as task:
        big, low = task.constant(2**31 - 1, ui(31)), task.constant(-7, si(4))
        far = task.constant(-(2**40), si(42))
        for value in (
            big + big,
            big * big,
            big - (-(big + 0)),
            abs(low),
            abs(far),
            -low,
            big.slice(3, 9),
            task.constant(0, ui(512)).slice(100, 300, signed=False).slice(7, 20),
            low.slice(task.constant(1, ui(1)).index(), 2, signed=False),
            task.emit(dataflow.SelectOp(big.eq(5).ssa, far.ssa, far.ssa)),
            low.insert(task.constant(1, ui(2)), 2),
            big.shl(3, ui(40)),
            (far >> 39) - 1,
            far.rss(39, si(8)) + big.bitlen(),
            low.min(big) + far.max(low),
            big.eq(low).select(1, 2).cast(ui(3)),
        ):
            task.write(results, task.zero_word(64).insert(value, 0))
    bank = design.bank("constant_bank", words=16, word_bits=64, direction="write")
    with design.kernel("keep_constants") as kernel, kernel.task("constants_store") as task:
        task.burst_write(results, bank, 0, 16)
    return Launch(find_design(design.module()), {}, {})


def test_random_designs_are_of_all_kinds() -> None:
    """So that the tests above say something: many ops, good ends and deadlocks."""
    ends: Counter[bool] = Counter()
    ops: Counter[str] = Counter()
    for launch in seeds(0, 60):
        ends[executed(launch).failure is None] += 1
        ops.update(op.name for op in launch.design.walk())
    assert ends[True] >= 30
    assert ends[False] >= 3
    body = {
        *dataflow.ARITHMETIC_OPS,
        *dataflow.SHIFT_OPS,
        *dataflow.WORD_OPS,
        *dataflow.IO_OPS,
        *_RULES,
    }
    assert {op.name for op in body} <= set(ops)
    assert min(ops[op.name] for op in body) >= 10


@given(launches())
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
def test_text_keeps_what_a_design_computes(launch: Launch) -> None:
    """Random designs verify; printed and parsed they come to the same, and without loops of one
    iteration too, where they keep the rules."""
    launch.design.verify()
    simple = ModuleOp([launch.design.clone()])
    SimplifyLoops().apply(Context(), simple)
    simple.verify()
    assert list(findings(find_design(simple))) == []
    simpler = Launch(find_design(simple), launch.scalars, launch.banks)
    assert executed(simpler) == executed(launch)
    text = module_text(ModuleOp([launch.design.clone()]))
    module = parse_module(make_context(load_registry()), text, "random")
    again = Launch(find_design(module), launch.scalars, launch.banks)
    assert executed(again) == executed(launch)
