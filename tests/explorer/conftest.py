"""What the explorer finds in a design whose steps were run."""

from dataclasses import replace
from pathlib import Path

import pytest

from lmc.design.folder import open_design
from lmc.explorer import Exploration
from lmc.tracing.steps import run_steps

TOKENS = tuple(range(3, 23))


@pytest.fixture(scope="session")
def run_exploration(exploration: Exploration, mamba2_design: Path) -> Exploration:
    """The same, with its steps run on more tokens than are run at a time."""
    numerics = run_steps(open_design(mamba2_design), exploration.steps, TOKENS)
    return replace(exploration, numerics=numerics)
