"""Calibration: the largest magnitude of every value of a float module, on text it generates itself.

Number formats follow from these. No data set is needed: a trained model's own text stands for what
it will see, and random weights have no text that matters.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from lmc.dialects.ssm import SelectiveStateUpdateOp
from lmc.frontend.config_attribute import config_of_module
from lmc.models.config import ModelConfig, parameter_count
from lmc.models.weights import RandomWeights, WeightSource
from lmc.weights import WeightStore

Ids = NDArray[np.int64]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""

_SEQUENCES, _TOKENS = 8, 96
_RANDOM_SEQUENCES, _RANDOM_TOKENS = 4, 24
_MAX_GENERATING = 1_000_000_000
"""Models with more parameters do not fit memory as a whole: they are calibrated on random ids."""

_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def report_progress(progress: Progress) -> Iterator[None]:
    """Within this context, `progress` is called as calibration and quantization advance."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)


def advance(what: str, done: int, total: int) -> None:
    """Tell the progress reporter of the context, if there is one."""
    progress = _progress.get()
    if progress is not None:
        progress(what, done, total)


@dataclass(frozen=True)
class Ranges:
    """The largest magnitude of each value, over tokens, sequences and layers, by value name."""

    peaks: Mapping[str, float]

    def peak(self, value: SSAValue) -> float:
        """The largest magnitude of a value; raises KeyError if the module has no such value."""
        return self.peaks[value_name(value)]


def calibrate(module: ModuleOp, store: WeightStore, seed: int = 0) -> Ranges:
    """Ranges of a float module's values on calibration ids; the same seed gives the same ranges.

    Raises LmcError if the module has no `lmc.config` or cannot be run.
    """
    ids = calibration_ids(config_of_module(module), store.source, seed)
    return record_ranges(module, store, ids)


def calibration_ids(config: ModelConfig, source: WeightSource, seed: int = 0) -> Ids:
    """Token ids [T, B] to calibrate on.

    Eight sequences of 96 tokens drawn from the model's own distribution, or four of 24 uniformly
    random ones where the weights are random or too large to hold at once.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    if isinstance(source, RandomWeights) or parameter_count(config) > _MAX_GENERATING:
        return rng.integers(config.vocab_size, size=(_RANDOM_TOKENS, _RANDOM_SEQUENCES))
    return _generate(config, source, rng)


def record_ranges(module: ModuleOp, store: WeightStore, ids: Ids) -> Ranges:
    """Run a float module on ids [T, B] from the cold state and record its values' ranges."""
    from lmc.interpreter import run  # a cycle otherwise: the interpreter reports progress too

    peaks: dict[str, float] = {}

    def listener(name: str, layer: int | None, op: Operation, value: NDArray[np.float32]) -> None:
        peaks[name] = max(peaks.get(name, 0.0), float(np.abs(value).max()))

    run(module, ids, weights=store, listener=listener)
    return Ranges(peaks)


def _generate(config: ModelConfig, source: WeightSource, rng: np.random.Generator) -> Ids:
    """Sample at temperature 1 from id 0, the end of a text, on."""
    import torch  # only models with weights need it

    from lmc.models.language_model import load_module

    module = load_module(config, source)
    states = module.zero_states(_SEQUENCES)
    ids = np.zeros((_TOKENS, _SEQUENCES), np.int64)
    with torch.no_grad():
        for step in range(1, _TOKENS):
            advance("generating calibration text", step, _TOKENS)
            logits, *states = module(torch.from_numpy(ids[step - 1]), *states)
            scores = logits[:, : config.vocab_size].double().numpy()
            # The maximum of logits with Gumbel noise is a draw from their softmax.
            ids[step] = np.argmax(scores + rng.gumbel(size=scores.shape), axis=-1)
    return ids
