"""One design for all tests of the explorer, and what it finds in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from lmc.design.folder import open_design
from lmc.explorer import Exploration, explore
from lmc.tracing.steps import run_steps

TOKENS = tuple(range(3, 23))


@pytest.fixture(scope="session")
def exploration(mamba2_design: Path) -> Exploration:
    """A tiny Mamba-2 with the IR after every pass."""
    return explore(open_design(mamba2_design))


@pytest.fixture(scope="session")
def run_exploration(exploration: Exploration, mamba2_design: Path) -> Exploration:
    """The same, with its steps run on more tokens than are run at a time."""
    numerics = run_steps(open_design(mamba2_design), exploration.steps, TOKENS)
    return replace(exploration, numerics=numerics)
