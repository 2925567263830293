"""One design for all tests of the explorer, and what it finds in it."""

from pathlib import Path

import pytest

from lmc.design.folder import open_design
from lmc.explorer import Exploration, explore


@pytest.fixture(scope="session")
def exploration(mamba2_design: Path) -> Exploration:
    """A tiny Mamba-2 with the IR after every pass."""
    return explore(open_design(mamba2_design))
