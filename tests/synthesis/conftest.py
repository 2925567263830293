"""The design that reports are written of, read once."""

from pathlib import Path

import pytest
from vitis_reports import load_design

from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


@pytest.fixture(scope="session")
def planned(mamba1_design: Path) -> tuple[DesignOp, Target]:
    """A design for vck190 with four lanes, of which three are one function."""
    return load_design(mamba1_design)
