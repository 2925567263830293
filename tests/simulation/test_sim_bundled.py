"""Designs of the bundled models take the same cycles in both simulators.

They come from the default pipeline and have all layers. The reference goes through every cycle of
every task; the launches are short so that it ends in minutes.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from bundled_designs import compiled
from cycle_reference import Simulation, figures_of

from lmc.dataflow.machines import MACHINES
from lmc.simulation import Simulator
from lmc.simulation.launch import SCALARS
from lmc.targets import load_target

pytestmark = pytest.mark.slow


def expect_same(model: str, board: str, launches: Iterable[tuple[int, int]]) -> list[int]:
    """Launches of so many tokens of a prompt and new ones; the cycles it skipped."""
    design, target = compiled(model, board), load_target(board)
    skipped: list[int] = []
    for prompt, new in launches:
        scalars = dict(zip(SCALARS, (prompt + new - 1, prompt, new), strict=True))
        reference = Simulation(design, target, scalars)
        cycles = reference.run()
        result = Simulator(design, target, scalars).run()
        assert result.cycles == cycles
        assert figures_of(result) == reference.figures()
        skipped.append(result.cycles - result.simulated)
    return skipped


def test_mamba2_on_the_vck190() -> None:
    """Ports with a credit of their own; the long launch comes to a steady state."""
    _, skipped = expect_same("bookbyte-mamba2", "vck190", [(3, 3), (2, 20)])
    assert skipped > 0


def test_mamba1_on_the_u280() -> None:
    """Ports on channels of their own."""
    expect_same("bookbyte-mamba1", "u280", [(2, 2)])


@pytest.mark.parametrize(
    ("board", "pinned"),
    [
        ("vck190", 'state="chip"'),
        ("vck190", 'state="LPDDR4:2"'),
        ("u280", 'state="chip"'),
        ("u280", 'state="DDR4"'),
    ],
)
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_no_machine_stops(model: str, board: str, pinned: str) -> None:
    """FIFOs are sized for pipelines that flush; with links that are slower, or pipelines that
    stall, launches end as well, and no sooner."""
    design, target = compiled(model, board, pinned), load_target(board)
    scalars = dict(zip(SCALARS, (4, 3, 2), strict=True))
    cycles = [Simulator(design, target, scalars, one).run().cycles for one in MACHINES.values()]
    assert cycles == sorted(cycles)
