"""Designs scheduled with a limit of LUT levels: no stage of their RTL has a longer chain of ops."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest
from rtl_bench import needs_verilator
from small_designs import RandomDesign, target_with
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.backends.rtl.bench.build import build_bench
from lmc.backends.rtl.bench.launches import BenchOptions, RtlLaunch, run_launches
from lmc.backends.rtl.kernel.files import DesignRtl, design_rtl
from lmc.dataflow.delays import Delay
from lmc.dataflow.netlist.nodes import Node
from lmc.dataflow.netlist.statements import Compute, Stages
from lmc.dataflow.timing import Clock
from lmc.dialects.dataflow import DesignOp, StreamOp
from lmc.ir.text import Context
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.simulation import Simulator

TARGET = target_with(sustained_gbps=13.3, latency_ns=30.0)


def limited(seed: int, levels: int | None) -> DesignOp:
    """A random design, scheduled anew with a limit, its FIFOs deep enough."""
    design = RandomDesign(random.Random(seed)).build()
    for op in design.walk():
        if isinstance(op, StreamOp):
            op.depth = IntegerAttr(32, i64)
    module = design.parent_op()
    assert isinstance(module, ModuleOp)
    ScheduleLoops(level_limit=levels).apply(Context(), module)
    return design


def chains(rtl: DesignRtl, most: float = inf) -> Iterator[float]:
    """LUT levels from a stage's first op to each op of it, an op that has more than `most` as many.

    Of all pipelines, and of straight-line code of several cycles.
    """
    statements = (one for netlist in rtl.netlists.values() for one in netlist.walk())
    for stages in (one for one in statements if isinstance(one, Stages | Compute)):
        levels: dict[Node, float] = {}
        for node in stages.path.nodes:
            before = [levels[arg] for arg in node.args if arg in levels and shares(arg, node)]
            chained = 0 if node.delay.cycles else max(before, default=0)
            levels[node] = chained + min(node.delay.levels, most)
            yield levels[node]


def shares(arg: Node, node: Node) -> bool:
    """Whether an op is in the cycle in which its operand is made."""
    return arg.done[0] == node.start[0]


@pytest.mark.parametrize("limit", [2, 3])
def test_no_stage_has_more_levels_than_the_limit(limit: int) -> None:
    for seed in (9, 160, 202):
        rtl = design_rtl(limited(seed, limit), TARGET)
        assert max(chains(rtl, limit)) == limit


def test_without_a_limit_a_stage_has_more() -> None:
    assert max(chains(design_rtl(limited(9, None), TARGET))) > 3


def test_levels_share_a_cycle_up_to_the_limit() -> None:
    clock, gate = Clock(100, 5), Delay(0, 0.3, 1)
    moment = (0, 0.0)
    for _ in range(5):
        moment = clock.after(moment, gate)
        assert moment[0] == 0
    assert clock.after(moment, gate)[0] == 1
    # What is slower than its levels is as slow as it says.
    assert clock.after((0, 0.0), Delay(0, 7.0, 1)) == Clock(100).after((0, 0.0), Delay(0, 7.0, 1))


@pytest.mark.slow
@needs_verilator
def test_cycles_are_the_simulators(tmp_path: Path) -> None:
    design = limited(9, 2)
    simulator = Simulator(design, TARGET, {})
    bench = build_bench(design_rtl(design, TARGET), TARGET, tmp_path / "rtl")
    launch = run_launches(bench, [RtlLaunch({})], 5_000, 1, BenchOptions()).launches[0]
    assert launch.cycles == simulator.run().cycles
    assert launch.cycles > Simulator(limited(9, None), TARGET, {}).run().cycles
