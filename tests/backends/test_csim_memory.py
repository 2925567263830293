"""C simulation with a memory that uses all freedom which the emitted C++ leaves it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from design_builder import DesignBuilder
from printed import run_printed
from random_designs import Launch

from lmc.backends.csim.simulate import Simulation
from lmc.backends.hls.printer import find_design
from lmc.dialects.dataflow import ui
from lmc.reference import execute

ROUNDS = 6
SEEDS = (1, 2, 3)


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_bits_do_not_depend_on_the_memory(name: str, request: pytest.FixtureRequest) -> None:
    """States on the chip, and states in memory."""
    design: Path = request.getfixturevalue(name)
    ids = np.arange(12) % 40
    polite = Simulation(design)
    logits, tokens = polite.logits(ids), list(polite.generate([1, 2], 6, chunk=4))
    for seed in SEEDS:
        simulation = Simulation(design, memory_seed=seed)
        assert np.array_equal(simulation.logits(ids), logits)
        assert list(simulation.generate([1, 2], 6, chunk=4)) == tokens


def counter_in_memory(name: str, *, tied: bool) -> Launch:
    """Rounds that read a word, add 1 and write it back; the writer tells the reader that it has.

    With `tied`, it says where, and the reader asks there.
    """
    design = DesignBuilder(name)
    bank = design.bank(f"{name}_bank", words=8, word_bits=32, direction="read_write")
    credit = design.stream(f"{name}_credit", ui(32), 2)
    old, new = (design.stream(f"{name}_{age}", ui(32), 2) for age in ("old", "new"))
    with (
        design.kernel(f"{name}_load") as kernel,
        kernel.task(f"{name}_read") as task,
        task.loop("t", ROUNDS) as t,
    ):
        (place,) = task.choose(
            t > 0, lambda: [task.read(credit)], lambda: [task.constant(5, ui(32))]
        )
        task.burst_read(bank, place.index() if tied else 5, 1, old)
    with (
        design.kernel(f"{name}_add") as kernel,
        kernel.task(f"{name}_step") as task,
        task.loop("t", ROUNDS),
    ):
        task.write(new, (task.read(old) + 1).cast(ui(32)))
    with (
        design.kernel(f"{name}_store") as kernel,
        kernel.task(f"{name}_write") as task,
        task.loop("t", ROUNDS) as t,
    ):
        task.burst_write(new, bank, 5, 1)
        with task.when(t < ROUNDS - 1):
            task.write(credit, task.constant(5, ui(32)))
    return Launch(find_design(design.module()), {}, {f"{name}_bank": [0] * 8})


def test_a_request_that_depends_on_no_stream_reads_stale_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launches = [counter_in_memory("tied", tied=True), counter_in_memory("loose", tied=False)]
    expected = [execute(launch.design, launch.scalars, launch.banks) for launch in launches]
    assert run_printed(launches, tmp_path) == expected
    loose: set[int] = set()
    for seed in range(1, 9):
        monkeypatch.setenv("LMC_CSIM_MEMORY", str(seed))
        tied, found = run_printed(launches, tmp_path)
        assert tied == expected[0]
        loose.add(found.banks["loose_bank"][5])
    assert min(loose) < ROUNDS
