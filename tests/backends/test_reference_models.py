"""The reference executor on whole designs of tiny models: the logits of the C simulation."""

from pathlib import Path

import numpy as np
import pytest
from reference_host import execute_logits
from tiny_designs import last_module

from lmc.backends.csim.simulate import Simulation
from lmc.backends.hls.printer import find_design


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_logits_of_the_c_simulation(name: str, request: pytest.FixtureRequest) -> None:
    design: Path = request.getfixturevalue(name)
    ids = np.array([5, 11])
    found = execute_logits(find_design(last_module(design)), design / "weights", ids.tolist())
    expected = Simulation(design).logits(ids).astype(np.int64)
    assert np.array_equal(found, expected)
