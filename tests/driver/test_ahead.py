"""A design is the same with a second process, without one, and with one that can do nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from integer_modules import parse
from tiny_designs import MAMBA2, compile_mamba2, write_model
from watched_weights import LAYERS, SHAPES, WatchedWeights, keep_small_ones

from lmc.design.folder import Design
from lmc.driver.ahead import Ahead
from lmc.driver.ahead_jobs import fill_cache, generate_text
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.driver.second_process import Job, SecondProcess
from lmc.frontend import config_from_attribute, config_to_attribute
from lmc.models.zoo import resolve
from lmc.quantization.calibration import calibration_ids, text_made_ahead
from lmc.weights import WeightStore

ROUNDED = f"""ssm.weight @w : tensor<4x8x!ssm.wint<4, 4, 8, 3, 12>> layers {LAYERS}
    = [#ssm.step<load, {{name = "w.{{layer}}"}}>, #ssm.step<quantize, {{clip = "none"}}>]"""
USELESS = """
def fail(_, **arguments):
    raise RuntimeError("this one can do nothing")

JOBS = dict.fromkeys(("check", "text", "matrices", "weights"), fail)
"""


@pytest.fixture(autouse=True)
def _small_ones_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_small_ones(tmp_path, monkeypatch)


def store_of(source: WatchedWeights) -> WeightStore:
    return WeightStore(parse(f"builtin.module {{ {ROUNDED} }}"), source)


@pytest.mark.parametrize("from_the_end", [False, True])
@pytest.mark.parametrize("threads", [1, 3])
def test_matrices_are_there_when_they_are_asked_for(threads: int, from_the_end: bool) -> None:
    filled = WatchedWeights()
    fill_cache(store_of(filled), threads, from_the_end=from_the_end)
    if threads == 1:
        names = [name for name, _ in filled.loads]
        assert names == (list(SHAPES)[::-1] if from_the_end else list(SHAPES))
    source = WatchedWeights()
    kept, plain = store_of(source), store_of(WatchedWeights())
    assert kept.missing() == []
    for layer in range(LAYERS):
        np.testing.assert_array_equal(kept.matrix("w", layer).q, plain.matrix("w", layer).q)
    assert source.loads == []


def test_a_matrix_that_cannot_be_made_is_left_out() -> None:
    fill_cache(store_of(WatchedWeights(lacks="w.1")), 1)
    assert store_of(WatchedWeights()).missing() == [("w", 1)]


def test_a_text_is_found_where_a_second_process_has_generated_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generated: list[int] = []

    def generate(_config: object, _source: object, seed: int, tokens: int, sequences: int) -> Any:
        generated.append(seed)
        return np.full((tokens, sequences), seed, np.int64)

    monkeypatch.setattr("lmc.quantization.calibration._generate", generate)
    monkeypatch.setattr("lmc.quantization.calibration._generated", {})

    def second_process() -> None:
        with text_made_ahead(lambda: None):
            generate_text(print, model="bookbyte-mamba2", seed=3)

    found = resolve("bookbyte-mamba2")
    config = config_from_attribute(config_to_attribute(found.config))
    with text_made_ahead(second_process):
        assert (calibration_ids(config, found.weights, 3) == 3).all()
    assert generated == [3]


class Observed:
    """Compiles with two threads, and keeps what the second process was asked for and has done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.taken: list[bool] = []
        ask, take = SecondProcess.ask, Ahead.take_weights

        def asked(process: Any, name: str, arguments: Any) -> Job:
            self.asked.append(name)
            return ask(process, name, arguments)

        def taken(ahead: Any, *arguments: Any) -> bool:
            # Files of another design are not taken.
            own, ahead._asked = ahead._asked, ("another design", None)
            assert not take(ahead, *arguments)
            ahead._asked = own
            self.taken.append(take(ahead, *arguments))
            return self.taken[-1]

        monkeypatch.setattr(SecondProcess, "ask", asked)
        monkeypatch.setattr(Ahead, "take_weights", taken)
        monkeypatch.setattr("lmc.driver.ahead.thread_count", lambda: 2)


def weights_of(design: Path) -> dict[str, str]:
    """Digests of the files of the weights, golden vectors among them."""
    files = Design(design).manifest["files"]
    assert "weights/golden.txt" in files
    return {name: digest for name, digest in files.items() if name.startswith("weights/")}


def test_weights_are_the_same(
    tmp_path: Path, mamba2_design: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observed = Observed(monkeypatch)
    assert weights_of(compile_mamba2(tmp_path)) == weights_of(mamba2_design)
    assert observed.asked == ["matrices", "weights"]
    assert observed.taken == [True]


@pytest.mark.slow
def test_weights_are_the_same_after_a_second_process_that_could_do_nothing(
    tmp_path: Path, mamba2_design: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "useless_jobs.py").write_text(USELESS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("lmc.driver.ahead._JOBS", "useless_jobs")
    observed = Observed(monkeypatch)
    assert weights_of(compile_mamba2(tmp_path)) == weights_of(mamba2_design)
    assert observed.asked == ["matrices", "weights"]
    assert observed.taken == [False]


def test_there_is_none_with_one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    observed = Observed(monkeypatch)
    monkeypatch.setattr("lmc.driver.ahead.thread_count", lambda: 1)
    model = write_model(tmp_path / "m", MAMBA2)
    request = CompileRequest(
        target="vck190", model=str(model), output=tmp_path / "d", pipeline="raise-to-ssm"
    )
    compile_design(request)
    assert observed.asked == []
