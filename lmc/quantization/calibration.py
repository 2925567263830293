"""Calibration: the largest magnitude of every value of a float module, on text.

Number formats follow from these. No data set is needed: a trained model's own text stands for what
it will see, and random weights have no text that matters.
"""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp, SymbolRefAttr
from xdsl.ir import Operation, SSAValue

from lmc.cache import Entry
from lmc.diagnostics import LmcError, unreadable
from lmc.dialects.ssm import LayersOp, WeightOp
from lmc.interpreter import Value, run
from lmc.ir.config_attribute import config_of_module
from lmc.ir.editing import symbol
from lmc.models.config import ModelConfig, is_large, parameter_count
from lmc.models.weights import RandomWeights, WeightSource
from lmc.progress import Progress
from lmc.quantization import op_rules
from lmc.quantization.rules import range_rule
from lmc.quantization.value_ranges import Ranges
from lmc.weights import WeightStore, open_tokenizer
from lmc.weights.content import module_content

Ids = NDArray[np.int64]

_KeyT = TypeVar("_KeyT")
_SEQUENCES, _TOKENS = 8, 96
_SMALL_BATCH, _LARGE_BATCH = 48, 16
_RANDOM_SEQUENCES, _RANDOM_TOKENS = 4, 24
_MAX_GENERATING = 1_000_000_000
"""Models with more parameters do not fit memory as a whole: they are calibrated on random ids."""

_OWN_RULES = op_rules
"""Registers the rules of lmc's ops when it is imported."""

_progress: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def report_progress(progress: Progress) -> Generator[None]:
    """Within this block, `progress` is called as calibration advances."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)


def advance(what: str, done: int, total: int) -> None:
    """Tell the progress reporter of the block around, if there is one."""
    progress = _progress.get()
    if progress is not None:
        progress(what, done, total)


_text_ahead: ContextVar["Callable[[], object] | None"] = ContextVar("text_ahead", default=None)


@contextmanager
def text_made_ahead(wait: Callable[[], object]) -> Generator[None]:
    """Within this block somebody else may be generating a text; `wait` returns when they end.

    It is called before a text that the cache lacks is generated.
    """
    token = _text_ahead.set(wait)
    try:
        yield
    finally:
        _text_ahead.reset(token)


def calibrate(
    module: ModuleOp, store: WeightStore, seed: int = 0, text: str | None = None
) -> Ranges:
    """Ranges of a float module's values on calibration ids; the same seed gives the same ranges.

    The ids are those of the file `text`, if one is given. Raises LmcError if the module has no
    `lmc.config` or cannot be run, or the text cannot be read.
    """
    if text is not None:
        ids = text_ids(module, Path(text), _TOKENS, _SEQUENCES)
    else:
        ids = calibration_ids(config_of_module(module), store.source, seed)
    return record_ranges(module, store, ids)


def calibration_ids(config: ModelConfig, source: WeightSource, seed: int = 0) -> Ids:
    """Token ids [T, B] to calibrate on.

    Eight sequences of 96 tokens drawn from the model's own distribution, or four of 24 uniformly
    random ones where the weights are random or too large to hold at once.
    """
    if isinstance(source, RandomWeights) or not can_generate(config):
        rng = np.random.Generator(np.random.PCG64(seed))
        return rng.integers(config.vocab_size, size=(_RANDOM_TOKENS, _RANDOM_SEQUENCES))
    return generate_ids(config, source, seed, _TOKENS, _SEQUENCES)


def can_generate(config: ModelConfig) -> bool:
    """Whether a model is small enough to generate text for its own calibration."""
    return parameter_count(config) <= _MAX_GENERATING


def sequences_at_once(config: ModelConfig) -> int:
    """Sequences that a model writes side by side: fewer where its states are large."""
    return _LARGE_BATCH if is_large(config) else _SMALL_BATCH


def text_ids(module: ModuleOp, path: Path, tokens: int, sequences: int) -> Ids:
    """Token ids [tokens, sequences] from places all over a text file, for a module's model.

    Raises LmcError if the file cannot be read, the model has no tokenizer here or the text is
    shorter than one sequence.
    """
    tokenizer = open_tokenizer(module)
    if tokenizer is None:
        raise LmcError(f"the model has no tokenizer here, so it cannot be calibrated on {path}")
    try:
        ids = np.array(tokenizer.encode(path.read_text(encoding="utf-8")), np.int64)
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable("calibration text", path, error) from error
    if len(ids) < tokens:
        raise LmcError(f"the calibration text {path} has {len(ids)} tokens; {tokens} are needed")
    starts = np.linspace(0, len(ids) - tokens, sequences).astype(np.int64)
    return ids[starts + np.arange(tokens)[:, None]]


def record_ranges(module: ModuleOp, store: WeightStore, ids: Ids) -> Ranges:
    """Run a float module on ids [T, B] from the cold state and record its values' ranges.

    They are kept in the cache.
    """
    entry = Entry("ranges", module_content(module), store.source.fingerprint, ids_content(ids))
    kept = entry.read()
    if kept is not None:
        return Ranges.from_json(module, kept)
    recorder = _Recorder(module, store)
    run(module, ids, weights=store, listener=recorder.listen)
    ranges = Ranges(recorder.peaks, recorder.intermediates, recorder.weights)
    entry.write(ranges.as_json(module))
    return ranges


def ids_content(ids: Ids) -> bytes:
    """Token ids [T, B] as bytes to look entries of the cache up by."""
    return f"{ids.shape}".encode() + np.ascontiguousarray(ids, np.int64).tobytes()


class _Recorder:
    def __init__(self, module: ModuleOp, store: WeightStore) -> None:
        self.peaks: dict[tuple[Operation, int], float] = {}
        self.intermediates: dict[tuple[Operation, str], float] = {}
        self.weights: dict[str, float] = {}
        self._names = {op.sym_name.data for op in module.body.block.ops if isinstance(op, WeightOp)}
        self._store = store
        self._latest: dict[SSAValue, NDArray[np.float32]] = {}
        self._calls: Counter[Operation] = Counter()

    def listen(self, _name: str, layer: int | None, op: Operation, value: Value) -> None:
        """Record one result; an op's results come one after another."""
        if not isinstance(value, np.ndarray):
            raise LmcError(f"{op.name} is quantized already; calibration needs a float module")
        index = self._calls[op] % len(op.results)
        self._calls[op] += 1
        if index == 0:
            _report_layer(op, layer)
            self._record_weights(op, layer)
        self._latest[op.results[index]] = cast("NDArray[np.float32]", value)
        if index == len(op.results) - 1:
            self._record_peaks(op)

    def _record_peaks(self, op: Operation) -> None:
        """Of all results, or what the op's own rule finds in their place, and beside them."""
        rule = range_rule(op)
        found = {} if rule is None else rule(op, self._latest)
        for index, result in enumerate(op.results):
            peak = found.get(result)
            if peak is None:
                peak = float(np.abs(self._latest[result]).max())
            _raise_to(self.peaks, (op, index), peak)
        for key, peak in found.items():
            if isinstance(key, str):
                _raise_to(self.intermediates, (op, key), peak)

    def _record_weights(self, op: Operation, layer: int | None) -> None:
        """Done while the op's weights are in memory: making them anew takes as long as the run."""
        for reference in op.properties.values():
            if not isinstance(reference, SymbolRefAttr):
                continue
            name = symbol(reference)
            if name in self._names:
                values = self._store.value(name, layer)
                _raise_to(self.weights, name, max(float(values.max()), -float(values.min())))


def _report_layer(op: Operation, layer: int | None) -> None:
    layers = op.parent_op()
    if layer is not None and isinstance(layers, LayersOp) and op.prev_op is None:
        advance("calibrating the number formats", layer, layers.count.value.data)


def _raise_to(peaks: dict[_KeyT, float], key: _KeyT, peak: float) -> None:
    peaks[key] = max(peaks.get(key, 0.0), peak)


@contextmanager
def _one_thread() -> Generator[None]:
    """One thread for torch: a step is too small to share, and sums keep their order."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def generate_ids(
    config: ModelConfig, source: WeightSource, seed: int, tokens: int, sequences: int
) -> Ids:
    """Text [tokens, sequences] of the model itself: temperature 1, from id 0, the end of a text.

    Fewer sequences of one seed are the first of more, up to what is generated at once.
    """
    batch = max(sequences, sequences_at_once(config))
    key = (source.fingerprint, seed, tokens, batch)
    if key not in _generated:
        # Several passes of a pipeline take the same text.
        _generated.clear()
        _generated[key] = _kept_text(config, source, seed, tokens, batch)
    return _generated[key][:, :sequences].copy()


_generated: dict[tuple[str, int, int, int], Ids] = {}


def _kept_text(
    config: ModelConfig, source: WeightSource, seed: int, tokens: int, sequences: int
) -> Ids:
    """`_generate`, or what the cache has of it."""
    asked = (repr(config), source.fingerprint, f"{seed} {tokens} {sequences}")
    entry = Entry("text", *asked)
    kept = entry.read()
    if kept is None and (wait := _text_ahead.get()) is not None:
        wait()
        kept = entry.read()
    if kept is not None:
        return np.array(kept, np.int64)
    ids = _generate(config, source, seed, tokens, sequences)
    entry.write(ids.tolist())
    return ids


def _generate(
    config: ModelConfig, source: WeightSource, seed: int, tokens: int, sequences: int
) -> Ids:
    import torch  # only models with weights need it

    from lmc.models.language_model import load_module

    rng = np.random.Generator(np.random.PCG64(seed))
    module = load_module(config, source)
    states = module.zero_states(sequences)
    ids = np.zeros((tokens, sequences), np.int64)
    with torch.no_grad(), _one_thread():
        for step in range(1, tokens):
            advance("generating calibration text", step, tokens)
            logits, *states = module(torch.from_numpy(ids[step - 1]), *states)
            scores = logits[:, : config.vocab_size].double().numpy()
            # The maximum of logits with Gumbel noise is a draw from their softmax.
            ids[step] = np.argmax(scores + rng.gumbel(size=scores.shape), axis=-1)
    return ids
