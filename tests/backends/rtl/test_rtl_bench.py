"""Whole launches of a design's RTL: the simulator's cycles, the reference executor's words."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest
from build_once import build_once
from rtl_bench import needs_verilator
from rtl_kernels import ROUNDS, WORDS, adding_design
from small_designs import target_with

from lmc.backends.rtl.bench.build import BuiltBench, build_bench
from lmc.backends.rtl.bench.launches import (
    BenchOptions,
    RtlLaunch,
    RtlRun,
    run_launches,
    watch_launch,
)
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.diagnostics import LmcError
from lmc.reference.design import execute
from lmc.simulation import Simulator

pytestmark = needs_verilator
PLAN = (ROUNDS, 1, 2)
"""Rounds of the launches, which follow each other without a reset."""
TARGET = target_with(sustained_gbps=5.1, latency_ns=33.0, port_gbps=2.3)
"""Neither a word of all ports a cycle, nor one of a single port."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> BuiltBench:
    def build(folder: Path) -> BuiltBench:
        return build_bench(design_rtl(adding_design(), TARGET), TARGET, folder)

    return build_once(tmp_path_factory, "rtl_bench", build)


@pytest.fixture(scope="module")
def numbers() -> list[dict[str, list[int]]]:
    rng = random.Random(2)
    banks = ("numbers_0", "numbers_1")
    return [
        {bank: [rng.getrandbits(64) for _ in range(WORDS * ROUNDS)] for bank in banks} for _ in PLAN
    ]


@pytest.fixture(scope="module")
def launches(numbers: list[dict[str, list[int]]]) -> list[RtlLaunch]:
    return [
        RtlLaunch(
            {"rounds": rounds},
            {bank: _bytes(words, 8) for bank, words in given.items()},
        )
        for rounds, given in zip(PLAN, numbers, strict=True)
    ]


@pytest.fixture(scope="module")
def run(bench: BuiltBench, launches: list[RtlLaunch]) -> RtlRun:
    return run_launches(bench, launches, 10_000, 1, BenchOptions(3))


def _bytes(words: list[int], size: int) -> bytes:
    return b"".join(word.to_bytes(size, "little") for word in words)


def test_banks_hold_what_the_reference_executor_says(
    run: RtlRun, numbers: list[dict[str, list[int]]]
) -> None:
    kept = [0] * (WORDS * ROUNDS)
    for launch, rounds, given in zip(run.launches, PLAN, numbers, strict=True):
        outcome = execute(adding_design(), {"rounds": rounds}, {**given, "results": kept})
        assert outcome.failure is None
        kept = list(outcome.banks["results"])
        assert launch.banks == {"results": _bytes(kept, 16)}
    assert any(kept)


def test_cycles_ends_and_fills_are_the_cycle_simulators(run: RtlRun) -> None:
    simulated = [Simulator(adding_design(), TARGET, {"rounds": n}).run() for n in PLAN]
    for launch, result in zip(run.launches, simulated, strict=True):
        assert launch.cycles == result.cycles
        assert launch.ends == {name: task.end for name, task in result.tasks.items()}
    for name in simulated[0].streams:
        assert run.most[name] == max(result.streams[name].most for result in simulated)
        assert run.passed[name] == sum(result.streams[name].elements for result in simulated)


@pytest.mark.parametrize("seed", range(1, 6))
def test_hostile_memories_change_cycles_and_no_words(
    bench: BuiltBench, launches: list[RtlLaunch], run: RtlRun, seed: int
) -> None:
    slow = run_launches(bench, launches, 10_000, 1, BenchOptions(seed, hostile=True))
    assert [launch.banks for launch in slow.launches] == [launch.banks for launch in run.launches]
    assert slow.passed == run.passed
    assert [launch.cycles for launch in slow.launches] != [one.cycles for one in run.launches]


def test_another_memory_takes_other_cycles(run: RtlRun) -> None:
    other = target_with(sustained_gbps=5.1, latency_ns=37.0, port_gbps=2.3)
    assert (
        run.launches[0].cycles != Simulator(adding_design(), other, {"rounds": ROUNDS}).run().cycles
    )


def test_a_launch_that_does_not_end_names_its_tasks(bench: BuiltBench) -> None:
    launch = RtlLaunch({"rounds": ROUNDS})
    with pytest.raises(LmcError, match=r"has not ended after 50 cycles; .*: read_numbers_0"):
        run_launches(bench, [launch], 50, 1, BenchOptions(3))


def test_a_launch_in_which_nothing_is_moved(bench: BuiltBench) -> None:
    with pytest.raises(LmcError, match="after 1 cycles; no element was moved; tasks that have not"):
        run_launches(bench, [RtlLaunch({"rounds": ROUNDS})], 1, 1, BenchOptions(3))


def test_a_bench_that_nobody_reads_is_killed(bench: BuiltBench, tmp_path: Path) -> None:
    program = tmp_path / "bench"
    program.write_text("#!/bin/sh\necho nonsense\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)
    launch, begin = RtlLaunch({"rounds": ROUNDS}), time.monotonic()
    words = watch_launch(BuiltBench(program, bench.top), launch, "sums", (50, 1), BenchOptions())
    with pytest.raises(LmcError, match="the simulation of the RTL says: nonsense"):
        next(words)
    assert time.monotonic() - begin < 30


def test_a_word_outside_of_a_bank_is_a_fault(bench: BuiltBench) -> None:
    launch = RtlLaunch({"rounds": ROUNDS + 1})
    with pytest.raises(
        LmcError, match=f"word {WORDS * ROUNDS} is outside of bank numbers_0"
    ) as caught:
        run_launches(bench, [launch], 10_000, 1, BenchOptions(3))
    moved = re.search(r"; the last element was moved in cycle (\d+); tasks", str(caught.value))
    assert moved is not None
    assert int(moved[1]) > 0


def test_an_old_verilator_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "verilator"
    old.write_text("#!/bin/sh\necho Verilator 4.038 2020-07-11\n", encoding="utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    sentence = "says 'Verilator 4.038 2020-07-11'; --engine rtl needs Verilator 5 on the PATH"
    with pytest.raises(LmcError, match=sentence):
        build_bench(design_rtl(adding_design(), TARGET), TARGET, tmp_path / "rtl")
    assert not (tmp_path / "rtl").exists()


def test_a_launch_without_its_scalars_is_a_fault(bench: BuiltBench) -> None:
    with pytest.raises(LmcError, match="a launch has 1 scalars"):
        run_launches(bench, [RtlLaunch({})], 10_000, 1, BenchOptions(3))
