"""`--check`: run the module after every pass and compare it with the module before the pass.

What a pass may change is its `effect`: nothing (bit for bit), float rounding, or numbers by a
measured error. Level 0 runs in PyTorch, levels 1 to 3 in the interpreter, level 4 as emitted C++.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import (
    FileLineColLoc,
    Float32Type,
    ModuleOp,
    UnknownLoc,
)
from xdsl.ir import Attribute, Operation
from xdsl.passes import ModulePass

from lmc.dataflow.links import set_possible_depth
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, StreamOp
from lmc.dialects.host import ProgramOp
from lmc.driver.default import LOWERING
from lmc.driver.source import Source, shallow
from lmc.interpreter import Value, real_values, same_values
from lmc.interpreter.recording import ValueKey, record
from lmc.interpreter.state_order import in_model_order
from lmc.interpreter.values import FloatArray, IntArray, parts, stack
from lmc.ir.levels import DATAFLOW, TRACED, level_of
from lmc.ir.pass_base import Effect, LmcPass
from lmc.ir.registry import pass_loader
from lmc.models.config import is_large
from lmc.numerics.errors import FLOAT_TOLERANCE, relative_error, sqnr_db
from lmc.targets import Target

LEAST_SQNR_DB = 5.0
"""Below this the logits of a pass that changes numbers have nothing to do with those before."""
_TOKENS = 16
_SHALLOW_LAYERS = 2
_UNSIZED_DEPTH = 4096


@dataclass(frozen=True)
class CheckReport:
    """What the check of one pass found: `measured` is a relative error or an SQNR in dB."""

    name: str
    effect: str
    measured: float
    sentence: str


@dataclass(frozen=True)
class Outcome:
    """What a module computed: logits [T, 1, V] in `element`, states, and every value with its op.

    States have their channels in the model's order, whichever the module has.
    Values are in the order in which they were computed.
    """

    logits: FloatArray | IntArray
    element: Attribute
    states: tuple[Value, ...] = ()
    values: Mapping[ValueKey, tuple[Value, Operation]] = field(
        default_factory=dict[ValueKey, tuple[Value, Operation]]
    )


class Checker:
    """Observes a pipeline and appends a report for each pass to `reports`.

    A large model is checked on its first layers: the passes are applied to a shallow copy too.
    Raises LmcError at the first pass that changes what it must not.
    """

    def __init__(
        self, context: Context, source: Source | None, target: Target, reports: list[CheckReport]
    ):
        self._context = context
        self._source = source
        self._target = target
        self._reports = reports
        self._scratch = tempfile.TemporaryDirectory(prefix="lmc-check-")
        self._shadow: ModuleOp | None = None
        self._before: Outcome | None = None
        self._ids: NDArray[np.int64] | None = None

    def observe(self, number: int, one: ModulePass | None, module: ModuleOp) -> None:
        """Take the next step of the pipeline; see `lmc.driver.pipeline.Observer`."""
        if number == 0:
            self._start()
        subject = module
        if self._shadow is not None:
            if one is not None:
                one.apply(self._context, self._shadow)
            subject = self._shadow
        outcome = self._run(subject)
        if one is not None and self._before is not None:
            self._reports.append(compare(one, self._before, outcome))
        self._before = outcome

    def _start(self) -> None:
        if self._source is None or not is_large(self._source.config):
            return
        self._source = shallow(self._source, _SHALLOW_LAYERS)
        self._shadow = self._source.module

    def _run(self, module: ModuleOp) -> Outcome:
        ids = self._calibration_ids(module)
        level = level_of(module)
        if level == TRACED:
            return self._run_torch(ids)
        if level == DATAFLOW:
            return self._run_csim(self._with_kernels(module), ids)
        return _interpret(module, ids)

    def _calibration_ids(self, module: ModuleOp) -> NDArray[np.int64]:
        """The same ids for all passes of a pipeline: [T]."""
        if self._ids is None:
            from lmc.frontend import config_of_module

            rng = np.random.Generator(np.random.PCG64(0))
            self._ids = rng.integers(config_of_module(module).vocab_size, size=_TOKENS)
        return self._ids

    def _run_torch(self, ids: NDArray[np.int64]) -> Outcome:
        from lmc.frontend.watching import prefill_logits
        from lmc.models.language_model import load_module

        if self._source is None:
            raise LmcError("a traced module is checked from its model: leave --from out")
        module = self._source.torch_module
        if module is None:
            module = load_module(self._source.config, self._source.weights)
        logits = prefill_logits(module, ids)[:, None]
        return Outcome(logits.float().cpu().numpy(), Float32Type())

    def _with_kernels(self, module: ModuleOp) -> ModuleOp:
        """The module, or where its design is still flat a copy after the steps that are left."""
        if not any(isinstance(op, DesignOp) and op.is_flat for op in module.ops):
            return module
        copy = module.clone()
        for step in LOWERING[1:]:
            pass_loader(step)()().apply(self._context, copy)
        return copy

    def _run_csim(self, module: ModuleOp, ids: NDArray[np.int64]) -> Outcome:
        from lmc.backends.csim.simulate import Simulation
        from lmc.backends.project import emit_project

        # One folder for all passes: code that a pass leaves as it was is not built again.
        folder = Path(self._scratch.name)
        copy = _with_depths(module)
        if not any(isinstance(op, ProgramOp) for op in copy.ops):
            pass_loader("derive-host")()().apply(self._context, copy)
        emit_project(copy, folder, target=self._target)
        simulation = Simulation(folder)
        logits = simulation.logits(ids).astype(np.int64)
        return Outcome(logits[:, None], simulation.logits_format)


def compare(one: ModulePass, before: Outcome, after: Outcome) -> CheckReport:
    """Report on one pass; raises LmcError, naming what diverged first, if it broke its promise."""
    effect = one.effect if isinstance(one, LmcPass) else Effect.FLOAT
    if effect is Effect.NUMBERS:
        return _compare_numbers(one.name, before, after)
    exact = effect is Effect.BITS
    if exact and before.element != after.element:
        raise LmcError(
            f"--check: pass {one.name} changes the format of the logits from {before.element} to "
            f"{after.element}"
        )
    pairs: list[tuple[Value, Value]] = [(before.logits, after.logits)]
    pairs += zip(_stacked(before.states, after.states), after.states, strict=False)
    error = max(_difference(*pair, exact=exact) for pair in pairs)
    if not error <= (0.0 if exact else FLOAT_TOLERANCE):
        raise LmcError(_divergence(one.name, effect, before, after, error))
    sentence = "equal bit for bit" if error == 0 else f"equal within {error:.1e}"
    return CheckReport(one.name, effect.name.lower(), error, sentence)


def _compare_numbers(name: str, before: Outcome, after: Outcome) -> CheckReport:
    ratio = sqnr_db(
        real_values(before.logits, before.element), real_values(after.logits, after.element)
    )
    if not ratio >= LEAST_SQNR_DB:
        raise LmcError(
            f"--check: after pass {name} the logits have {ratio:.1f} dB of signal over error, "
            f"less than the {LEAST_SQNR_DB:.0f} dB that make sense"
        )
    return CheckReport(name, "numbers", ratio, f"logits at {ratio:.1f} dB of signal over error")


def _divergence(name: str, effect: Effect, before: Outcome, after: Outcome, error: float) -> str:
    message = (
        f"--check: pass {name} must leave the results {effect.value}, but logits or states differ "
        f"by {error:.2e} of the largest"
    )
    tolerance = 0.0 if effect is Effect.BITS else FLOAT_TOLERANCE
    # Names and layers of unrolled values are not those of rolled ones.
    comparable = _has_layers(before) == _has_layers(after)
    for key, (now, op) in after.values.items() if comparable else ():
        if key not in before.values:
            continue
        value, layer, _ = key
        then, _ = before.values[key]
        if _shape(then) != _shape(now):
            continue
        own_error = _difference(then, now, exact=effect is Effect.BITS)
        if own_error > tolerance and not _same_elements(then, now):
            place = "" if layer is None else f" in layer {layer}"
            return (
                f"{message}; the first value that differs is %{value} of {op.name}{place}, by "
                f"{own_error:.2e}{_source_line(op)}"
            )
    return message


def _has_layers(outcome: Outcome) -> bool:
    return any(layer is not None for _, layer, _ in outcome.values)


def _source_line(op: Operation) -> str:
    location = op.location
    if isinstance(location, UnknownLoc):
        return ""
    if isinstance(location, FileLineColLoc):
        return f", from {location.filename.data}:{location.line.data}"
    return f", from {location}"


def _stacked(states: tuple[Value, ...], like: tuple[Value, ...]) -> tuple[Value, ...]:
    """States of single layers, in turn, with a layer axis where `like` has one."""
    count = len(like)
    if not states or not like or len(states) % count or _shape(states[0]) == _shape(like[0]):
        return states
    return tuple(stack(states[kind::count], 1) for kind in range(count))


def _shape(value: Value) -> list[tuple[int, ...]]:
    return [part.shape for part in parts(value)]


def _same_elements(before: Value, after: Value) -> bool:
    """Whether vectors have the same elements for each token, in another order perhaps."""
    return all(
        np.array_equal(np.sort(a, axis=-1), np.sort(b, axis=-1))
        for a, b in zip(parts(before), parts(after), strict=True)
    )


def _difference(before: Value, after: Value, *, exact: bool) -> float:
    """Relative error of two values, 0 only if they are equal; infinite if they do not compare."""
    if exact and same_values(before, after):
        return 0.0
    if not isinstance(before, np.ndarray) or not isinstance(after, np.ndarray):
        return 0.0 if same_values(before, after) else float("inf")
    return relative_error(before, after)


def _with_depths(module: ModuleOp) -> ModuleOp:
    """A copy of a dataflow module in which FIFOs that are not sized yet are deep enough to run."""
    copy = module.clone()
    for op in copy.walk():
        if isinstance(op, StreamOp) and op.depth is None:
            set_possible_depth(op, _UNSIZED_DEPTH)
    return copy


def _interpret(module: ModuleOp, ids: NDArray[np.int64]) -> Outcome:
    recorded = record(module, ids[:, None])
    result = recorded.result
    states = in_model_order(module, result.states)
    return Outcome(result.logits, result.logits_format, states, recorded.values)
