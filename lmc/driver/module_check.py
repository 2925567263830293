"""The check of every compile: levels 0 and 1 compute what the PyTorch module does.

Passes below trust what level 1 says, and level 1 is made from a model's configuration and the
classes of its modules. What neither shows (a function of the library that was replaced, a number
that a module keeps for itself, weights under other names) is found by running a few tokens.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from lmc.cache import Entry
from lmc.diagnostics import LmcError
from lmc.driver.module_ports import Port, raised_ports, traced_ports
from lmc.driver.second_process import Job
from lmc.driver.source import Source, shallow
from lmc.ir.levels import MODEL, level_of
from lmc.models.config import is_large, parameter_count
from lmc.models.spellings import canonical_name
from lmc.numerics.errors import FLOAT_TOLERANCE, relative_error
from lmc.weights.content import module_content

if TYPE_CHECKING:
    from torch import nn

    from lmc.frontend.watching import WatchedRun

_MOST_PARAMETERS_IN_MEMORY = 1_000_000_000
FIRST_LAYERS = 2
_GROWTH = 10.0
"""How much larger an error above the tolerance may be than all errors before it."""
_MOST_ROUNDING = 1e-2
"""The relative error that is taken for float rounding at most, however deep a model is: chosen so
that deep untrained models pass, not derived."""
_ADVICE = (
    "lmc compiles what the model's configuration and the classes of its library say; run the "
    "model unpatched, with weights and numbers as its configuration has them"
)


@dataclass(frozen=True)
class ModuleReport:
    """What was compared: relative errors of the logits of both levels, against the module's."""

    layers: int
    """The layers that ran, of `all_layers`."""
    all_layers: int
    tokens: int
    seconds: float
    level_0: float
    level_1: float

    @property
    def sentence(self) -> str:
        """The report in one line."""
        cut = self.layers < self.all_layers
        which = f"the first {self.layers} of {self.all_layers} layers" if cut else "all layers"
        return (
            f"levels 0 and 1 compute what the PyTorch module does: {which}, {self.tokens} tokens, "
            f"within {max(self.level_0, self.level_1):.1e}, in {self.seconds:.1f} s"
        )

    def as_json(self) -> dict[str, object]:
        """The report for `--json`."""
        return {
            "layers": self.layers,
            "all_layers": self.all_layers,
            "tokens": self.tokens,
            "seconds": round(self.seconds, 3),
            "level_0": self.level_0,
            "level_1": self.level_1,
        }


class ModuleChecker:
    """Observes a pipeline until its module is at level 1, and has a `report` then.

    A large checkpoint is checked on its first layers, which are built as all are; a module in
    memory on all of them, unless it is too large to run. Where a second process checks the first
    layers, as `ahead`, it says what it found through the cache, and the report is there when it has
    ended, or after `finish`. Raises LmcError naming the first op and layer that compute something
    else than the module.
    """

    def __init__(self, context: Context, source: Source, ahead: Job | None = None) -> None:
        self.report: ModuleReport | None = None
        self._context = context
        self._source = source
        self._ahead = ahead if _is_too_large(source) else None
        self._steps: list[tuple[int, ModulePass | None]] = []
        self._all_layers = source.config.n_layers
        self._shadow: ModuleOp | None = None
        self._wanted: WatchedRun | None = None
        self._traced_error = 0.0
        self._seconds = 0.0

    def observe(self, number: int, one: ModulePass | None, module: ModuleOp) -> None:
        """Take the next step of the pipeline; see `lmc.driver.pipeline.Observer`."""
        if self.report is not None:
            return
        if self._ahead is None:
            self._step(one, module)
            return
        # The first layers are a module of their own, so the passes can be applied to it later.
        self._steps.append((number, one))
        if self._ahead.is_over:
            self.finish(module)

    def finish(self, module: ModuleOp) -> None:
        """Go through the steps that were put off, if any were; `module` is the pipeline's."""
        if self._ahead is None:
            return
        self._ahead.wait()
        self._ahead = None
        for number, one in self._steps:
            self.observe(number, one, module)

    def _step(self, one: ModulePass | None, module: ModuleOp) -> None:
        start = time.perf_counter()
        if one is None and _is_too_large(self._source):
            self._source = shallow(self._source, FIRST_LAYERS)
            self._shadow = self._source.module
        elif one is not None and self._shadow is not None:
            one.apply(self._context, self._shadow)
        subject = module if self._shadow is None else self._shadow
        if one is None:
            self._traced_error = self._kept("level0", subject, self._check_traced)
        elif level_of(subject) == MODEL:
            error = self._kept("level1", subject, self._check_raised)
            seconds = self._seconds + time.perf_counter() - start
            self.report = ModuleReport(
                self._source.config.n_layers,
                self._all_layers,
                len(self._ids),
                seconds,
                self._traced_error,
                error,
            )
            self._shadow = self._wanted = None
        self._seconds += time.perf_counter() - start

    @property
    def _ids(self) -> NDArray[np.int64]:
        """Enough tokens that the first one leaves the convolution's window: [T]."""
        config = self._source.config
        rng = np.random.Generator(np.random.PCG64(0))
        return rng.integers(config.vocab_size, size=config.d_conv + 2)

    def _kept(self, level: str, module: ModuleOp, check: Callable[[ModuleOp], float]) -> float:
        """What `check` finds for a module of a level, or what the cache has of it.

        lmc's own model of a configuration on the same weights computes the same again; of a module
        in memory nobody knows.
        """
        source = self._source
        named = source.weights.fingerprint if source.torch_module is None else None
        entry = Entry(level, named, repr(source.config), module_content(module))
        error = entry.read()
        if error is None:
            error = check(module)
            entry.write(error)
        return error

    def _check_traced(self, module: ModuleOp) -> float:
        from lmc.frontend.watching import decodes_as_it_prefills, watch_decoding, watch_prefill

        config, ids = self._source.config, self._ids
        given = self._torch_module()
        self._wanted = wanted = watch_prefill(given, ids)
        if not decodes_as_it_prefills(given, config):
            wanted = watch_decoding(given, config, ids)
        found = traced_ports(module, given, config, ids, wanted.parts)
        return _compare("the traced decode step (level 0)", wanted, found)

    def _check_raised(self, module: ModuleOp) -> float:
        if self._wanted is None:  # The cache knew of level 0.
            from lmc.frontend.watching import watch_prefill

            self._wanted = watch_prefill(self._torch_module(), self._ids)
        found = raised_ports(module, self._source.weights, self._ids)
        return _compare("the model that lmc compiles (level 1)", self._wanted, found)

    def _torch_module(self) -> "nn.Module":
        from lmc.models.language_model import load_module

        given = self._source.torch_module
        return load_module(self._source.config, self._source.weights) if given is None else given


def _is_too_large(source: Source) -> bool:
    """Whether a model is checked on its first layers."""
    config = source.config
    if source.torch_module is None:
        large = is_large(config)
    else:
        large = parameter_count(config) > _MOST_PARAMETERS_IN_MEMORY
    return large and config.n_layers > FIRST_LAYERS


def _compare(what: str, wanted: "WatchedRun", ports: Sequence[Port]) -> float:
    """The relative error of the logits, which are the last port.

    Raises LmcError at the first port that differs.
    """
    parts = {canonical_name(f"{path}.weight"): part for path, part in wanted.parts.items()}
    error, worst = float("inf"), 0.0
    for port in ports:
        if not port.path:
            error = relative_error(wanted.logits, port.value)
        elif (part := parts.get(canonical_name(f"{port.path}.weight"))) is None:
            continue
        elif port.is_input:
            # Which argument it is the levels do not say; shapes of other arguments differ.
            errors = [relative_error(given, port.value) for given in part.inputs]
            error = min(errors, default=0.0)
        else:
            error = relative_error(part.output, port.value)
        # Rounding grows from layer to layer in a deep model, little by little; a fault is a jump.
        allowed = min(_MOST_ROUNDING, max(FLOAT_TOLERANCE, _GROWTH * worst))
        if not error <= allowed:
            raise LmcError(_difference(what, port, error))
        worst = max(worst, error)
    return error


def _difference(what: str, port: Port, error: float) -> str:
    layer = re.search(r"\blayers\.(\d+)\b", port.path)
    place = "" if layer is None else f" in layer {layer[1]}"
    end = "the input" if port.is_input else "the result"
    of = f", {end} of {port.path}" if port.path else ""
    return (
        f"{what} does not compute what the PyTorch module does: the first value that differs is "
        f"that of {port.op}{place}{of}, by {error:.1e} of the largest{port.source}; {_ADVICE}"
    )
