"""`--check`: every pass is held to its promise, and the first value that diverges is named."""

import numpy as np
import pytest
from xdsl.dialects.builtin import Float32Type

from lmc.diagnostics import LmcError
from lmc.driver.check import Outcome, compare
from lmc.ir.pass_base import Effect, LmcPass
from lmc.numerics.errors import relative_error, sqnr_db

SHORT = "raise-to-ssm,roll-layers,fold-norm-scales,insert-rotation"
WRONG_PASS = """
from dataclasses import dataclass
from xdsl.dialects.builtin import FloatAttr, f64
from lmc.dialects import ssm
from lmc.ir.pass_base import Effect, LmcPass

@dataclass(frozen=True)
class Wrong(LmcPass):
    name = "wrong"
    effect = Effect.FLOAT

    def apply(self, ctx, op):
        norms = [o for o in op.walk() if isinstance(o, ssm.RMSNormOp)]
        norms[0].properties["eps"] = FloatAttr(1.0, norms[0].eps.type)
"""


class Exact(LmcPass):
    name = "exact"
    effect = Effect.BITS

    def apply(self, ctx, op): ...


class Numbers(LmcPass):
    name = "numbers"
    effect = Effect.NUMBERS

    def apply(self, ctx, op): ...


def outcome(*logits: float) -> Outcome:
    return Outcome(np.array(logits, np.float32).reshape(1, 1, -1), Float32Type())


def test_the_passes_of_level_1_keep_their_promise(lmc, small_model, tmp_path):
    options = ["--random-weights", "-t", "vck190", "-o", tmp_path / "a", "--pipeline", SHORT]
    finished = lmc("compile", small_model, *options, "--check", "--json")
    assert finished.status == 0, finished.errors
    checks = finished.json["checks"]
    assert [check["pass"] for check in checks] == SHORT.split(",")
    assert all(check["measured"] < 1e-5 for check in checks)


def test_a_large_model_is_checked_on_its_first_layers(lmc, small_model, tmp_path, monkeypatch):
    monkeypatch.setattr("lmc.driver.check.is_large", lambda _: True)
    monkeypatch.setattr("lmc.driver.check._SHALLOW_LAYERS", 1)
    options = ["--random-weights", "-t", "vck190", "-o", tmp_path / "a", "--pipeline", SHORT]
    finished = lmc("compile", small_model, *options, "--check", "--json")
    assert finished.status == 0, finished.errors
    assert len(finished.json["checks"]) == 4
    assert "count(2)" in (tmp_path / "a/ir/04-insert-rotation.mlir").read_text()


def test_a_wrong_pass_is_named_with_the_value_and_its_source(lmc, small_model, tmp_path):
    plugin = tmp_path / "wrong.py"
    plugin.write_text(WRONG_PASS)
    options = ["--random-weights", "-t", "vck190", "-o", tmp_path / "a", "--plugin", plugin]
    pipeline = "raise-to-ssm,roll-layers,wrong"
    finished = lmc("compile", small_model, *options, "--check", "--pipeline", pipeline)
    assert finished.status == 1
    for words in ("pass wrong", "%normed of ssm.rms_norm in layer 0", "lmc/models/layers.py:"):
        assert words in finished.errors
    assert not (tmp_path / "a").exists()


def test_exact_passes_may_not_change_a_bit():
    assert compare(Exact(), outcome(1, 2), outcome(1, 2)).measured == 0
    with pytest.raises(LmcError, match="bit for bit"):
        compare(Exact(), outcome(1, 2), outcome(1, 2.0000002))


def test_passes_that_change_numbers_report_the_error():
    assert compare(Numbers(), outcome(10, 0), outcome(10, 1)).measured == pytest.approx(20)
    for found in (outcome(0, 10), outcome(float("nan"), 0)):
        with pytest.raises(LmcError, match="pass numbers"):
            compare(Numbers(), outcome(10, 0), found)


def test_error_measures():
    zeros = np.zeros((2, 2), np.float32)
    assert relative_error(zeros, zeros) == 0
    assert relative_error(zeros, np.zeros((2, 3), np.float32)) == float("inf")
    assert relative_error(zeros + 4, zeros + 5) == pytest.approx(0.25)
    assert sqnr_db(np.ones(3), np.ones(3)) == float("inf")
