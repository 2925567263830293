"""The design that reports are written of, read and planned once."""

from collections.abc import Generator
from pathlib import Path

import pytest
from vitis_reports import load_design, plan_of

from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


@pytest.fixture(scope="session")
def planned(mamba1_design: Path) -> tuple[DesignOp, Target]:
    """A design for vck190 with four lanes, of which two are one function."""
    return load_design(mamba1_design)


@pytest.fixture(scope="session", autouse=True)
def planned_once() -> Generator[None]:
    """A plan takes a second, and no test changes the design that it is of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lmc.synthesis.comparison.planned_kernels", plan_of)
        yield
