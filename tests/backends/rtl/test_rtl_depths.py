"""Small designs with random depths of FIFOs, some too shallow: RTL and cycle simulator end or stop
in the same cycle, and name the same tasks and FIFOs.

Each design is built once, with FIFOs whose depth is chosen when it runs: the library's own but for
when they are full.

C simulation stops in more of these sets, or earlier. Each difference is explained by the elements
that pipelines of the RTL hold in flight (`in_flight`): with FIFOs deeper by some of these, the C++
ends or stops as the RTL does. `pytest -rP -m slow -k c_simulation` on this file prints them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from in_flight import InFlight, Waits, deeper
from printed import run_printed
from random_designs import Launch
from rtl_bench import needs_verilator
from small_designs import RandomDesign, target_with
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.backends.rtl.bench.build import BuiltBench, build_bench
from lmc.backends.rtl.bench.launches import BenchOptions, RtlLaunch, RtlStopError, run_launches
from lmc.backends.rtl.kernel.files import DesignRtl, design_rtl
from lmc.dataflow.graph import design_graph
from lmc.dialects.dataflow import DesignOp, StreamOp
from lmc.simulation import Simulator
from lmc.simulation.waits import DeadlockError

TARGET = target_with(sustained_gbps=13.3, latency_ns=30.0)
DEEPEST = 17
"""The deepest FIFO that a random design has."""
MOST_CYCLES = 5_000
DEPTHS = (1, 1, 1, 2, 2, 3, 4, 6, 9, DEEPEST)
SEEDS, SETS = (9, 160, 188, 192, 202), 10
"""Designs of 8 to 11 tasks in which something goes back, so that some depths are too shallow."""
_FULL = "assign is_almost_full = out_valid && oldest == address_t'(DEPTH - 2);"
_FULL_AT_LIMIT = """int limit;
    string option;
    initial begin
      limit = DEPTH;
      option = {$sformatf("%m"), "=%d"};
      void'($value$plusargs(option, limit));
    end
    assign is_almost_full = limit == 1 || (out_valid && oldest == address_t'(limit - 2));"""


class AnyDepth(DesignRtl):
    """A design whose FIFOs take their depth from the command line."""

    @property
    def files(self) -> dict[str, str]:
        found, name = super().files, "library/lmc_fifo.sv"
        assert found[name].count(_FULL) == 1
        return {**found, name: found[name].replace(_FULL, _FULL_AT_LIMIT)}


@dataclass(frozen=True)
class WithDepths(BenchOptions):
    """Options of a bench with the depths of its FIFOs, by their instances."""

    depths: tuple[tuple[str, int], ...] = ()

    @property
    def arguments(self) -> list[str]:
        return super().arguments + [f"+TOP.{path}.g_depth={depth}" for path, depth in self.depths]


def random_design(seed: int) -> tuple[DesignOp, DesignRtl]:
    """A design all FIFOs of which are as deep as they may be."""
    design = RandomDesign(random.Random(seed)).build()
    for op in design.walk():
        if isinstance(op, StreamOp):
            op.depth = IntegerAttr(DEEPEST, i64)
    return design, AnyDepth(**vars(design_rtl(design, TARGET)))


@dataclass
class Outcome:
    """How a launch ends or stops: all that both simulators say of it."""

    cycles: int | None
    ends: dict[str, int]
    most: dict[str, int]
    passed: dict[str, int]
    held: dict[str, int]
    moved: int
    waits: Waits


def in_rtl(bench: BuiltBench, depths: Mapping[str, int]) -> Outcome:
    places = {stream: meter.removesuffix(".meter") for meter, stream in bench.top.fifos.items()}
    options = WithDepths(depths=tuple((places[name], depth) for name, depth in depths.items()))
    cycles = None
    try:
        run = run_launches(bench, [RtlLaunch({})], MOST_CYCLES, 1, options)
        cycles = run.launches[0].cycles
    except RtlStopError as error:
        run = error.run
    waits = {name: (wait.stream, wait.written) for name, wait in run.waits.items()}
    ends = run.launches[0].ends
    return Outcome(cycles, ends, run.most, run.passed, run.held, run.moved, waits)


def simulated(design: DesignOp, depths: Mapping[str, int]) -> Outcome:
    simulator = Simulator(design, TARGET, {})
    state = simulator.start(depths)
    cycles, waits = None, Waits()
    try:
        assert not simulator.advance(state)
        cycles = state.now
    except DeadlockError as error:
        waits = {wait.task: (wait.stream, wait.written) for wait in error.waits}
    tasks = [task.name for task in design_graph(design).tasks]
    ends = {name: int(task["ended"]) for name, task in zip(tasks, state.tasks, strict=True)}
    fifos = dict(zip(simulator.stream_ends(), state.fifos, strict=True))
    return Outcome(
        cycles,
        {name: end for name, end in ends.items() if name not in waits},
        {name: int(fifo["most"]) for name, fifo in fifos.items()},
        {name: int(fifo["written"]) for name, fifo in fifos.items()},
        {name: int(fifo["written"] - fifo["read"]) for name, fifo in fifos.items()},
        max(int(max(fifo["last_write"], fifo["last_read"])) for fifo in state.fifos),
        waits,
    )


def depth_sets(seed: int, fifos: Iterable[str]) -> Iterator[dict[str, int]]:
    source, names = random.Random(seed), list(fifos)
    for _ in range(SETS):
        yield {name: source.choice(DEPTHS) for name in names}


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize("seed", SEEDS)
def test_random_depths(seed: int, tmp_path: Path) -> None:
    design, rtl = random_design(seed)
    bench = build_bench(rtl, TARGET, tmp_path / "rtl")
    stops = 0
    for depths in depth_sets(seed, rtl.graph.streams):
        expected = simulated(design, depths)
        assert in_rtl(bench, depths) == expected, depths
        stops += expected.cycles is None
    assert 0 < stops < SETS


def in_c(design: DesignOp, sets: Sequence[Mapping[str, int]], folder: Path) -> list[Waits]:
    """What tasks of the C++ wait for in the end, with each of these depths."""
    outcomes = run_printed([Launch(design, {}, {}, depths) for depths in sets], folder)
    return [
        {one.task: (one.stream, one.writing) for one in outcome.waiting} for outcome in outcomes
    ]


DIFFERENT = {9: 1, 160: 8, 188: 5, 192: 2, 202: 0}
"""By seed the sets in which C simulation stops and the RTL ends, or where other tasks wait."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_c_simulation_differs_by_what_is_in_flight(seed: int, tmp_path: Path) -> None:
    design, _ = random_design(seed)
    launch = InFlight(design, Simulator(design, TARGET, {}))
    sets = list(depth_sets(seed, design_graph(design).streams))
    expected = [simulated(design, depths).waits for depths in sets]
    more = [launch.needed(depths, waits) for depths, waits in zip(sets, expected, strict=True)]
    deep = [deeper(depths, held) for depths, held in zip(sets, more, strict=True)]
    found = in_c(design, [*sets, *deep], tmp_path)
    assert found[SETS:] == expected
    differ = [number for number in range(SETS) if found[number] != expected[number]]
    for number in differ:
        held = launch.held(sets[number])
        print(f"set {number} of design {seed}: {told(found[number], expected[number])}")
        for name, needed in more[number].items():
            depth = sets[number][name]
            print(f"  FIFO {name} of depth {depth}: {held[name]} more in flight, {needed} needed")
            assert 0 < needed <= held[name]
    assert differ == [number for number in range(SETS) if more[number]]
    assert len(differ) == DIFFERENT[seed]


def told(found: Waits, expected: Waits) -> str:
    ends = "stops, too, but not all of the same tasks wait" if expected else "ends"
    return f"C simulation stops, {', '.join(found)} wait; the RTL {ends}"
