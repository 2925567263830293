"""The estimates of operators against logic synthesis by yosys (benchmarks/operator_costs.py)."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "operator_costs.py"


@pytest.mark.slow
def test_estimates_are_near_what_yosys_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyosys")
    spec = importlib.util.spec_from_file_location("operator_costs", FILE)
    assert spec is not None
    assert spec.loader is not None
    costs = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "operator_costs", costs)
    spec.loader.exec_module(costs)
    cases = [*costs.simple(), *costs.multiplexers(), *costs.shifts(), *costs.products()]
    for case, luts in zip(cases, costs.synthesized(cases), strict=True):
        assert abs(case.estimate - luts) <= max(6, 0.2 * luts), case.name
