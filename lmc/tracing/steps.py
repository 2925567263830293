"""The steps of a design on a few tokens: in PyTorch, in float, in integers, as C++."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects.builtin import Float32Type
from xdsl.ir import Attribute, Operation

from lmc.design.folder import Design, attach_weights
from lmc.design.plugins import check_versions, naming_plugins
from lmc.diagnostics import LmcError
from lmc.evaluation.engines import design_tokenizer
from lmc.evaluation.generation import prompt_ids
from lmc.explorer.numerics import Deviation, Measure, Numerics, StepNumerics, ValueNoise
from lmc.explorer.steps import Step
from lmc.interpreter import Program, RunResult, real_values
from lmc.ir.levels import DATAFLOW, MODEL, QUANTIZED, SCHEDULED, TRACED
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_with_places
from lmc.numerics.distance import Distance
from lmc.progress import progress
from lmc.tracing.ends import emitted_logits, traced_logits
from lmc.tracing.trace import PIECE, describe
from lmc.tracing.values import Run, Seen, ValueName


def measure_of(
    design: Design,
    prompt: str | None,
    prompt_tokens: Sequence[int] | None,
    plugins: Sequence[Path] = (),
    *,
    quiet: bool = False,
) -> Measure | None:
    """Runs the steps of a design on a prompt, as text or as ids; None without one.

    Raises UsageError for both, and LmcError for text where the model has no tokenizer here.
    """
    if prompt is None and prompt_tokens is None:
        return None
    ids = prompt_ids(prompt, prompt_tokens, design_tokenizer(design, plugins))
    return partial(run_steps, design, tokens=ids, plugins=plugins, quiet=quiet)


NoiseOfOps = Mapping[int, tuple[ValueNoise, ...]]
"""The noise of ops' results, by the ops' numbers."""


def run_steps(
    design: Design,
    steps: Sequence[Step],
    tokens: Sequence[int],
    plugins: Sequence[Path] = (),
    *,
    quiet: bool = False,
) -> Numerics:
    """Run the module of each step on tokens, one sequence from the cold state.

    Level 0 runs in PyTorch, levels 1 to 3 in the interpreter, and of level 4 the last step as the
    design's C++. Values of level 2 are compared with those of the last module of level 1, whose
    channels are rotated and scaled in the same way. `plugins` are the files that define ops of the
    IR. Raises LmcError as `Program` and `Program.run` do, and where a value is not finite; what
    keeps level 0 or the C++ from running is a remark.
    """
    context = make_context(load_registry(plugins))
    runner = _Runner(design, context, tokens)
    last = max((n for n, step in enumerate(steps) if step.level == MODEL), default=-1)
    with progress("running", len(steps), quiet=quiet) as bar, naming_plugins(design, plugins):
        for number, step in enumerate(steps):
            bar.show(number, step.name)
            runner.run(number, step, is_emitted=number == len(steps) - 1, is_last=number == last)
    return runner.numerics


@dataclass(frozen=True)
class _Logits:
    """Logits [T, V] in one number format, of which the first `in_use` may be chosen."""

    values: NDArray[Any]
    element: Attribute
    in_use: int


class _Runner:
    """Runs steps one after the other, and compares the logits of each."""

    def __init__(self, design: Design, context: Context, tokens: Sequence[int]) -> None:
        self._design, self._context, self._tokens = design, context, tokens
        self._model: Program | None = None
        """The last module of level 1, once it has run."""
        self._first: _Logits | None = None
        """Of the first module of level 1, which stands for the float model."""
        self._before: _Logits | None = None
        self._found: dict[int, StepNumerics] = {}
        self._remarks: list[str] = []

    @property
    def numerics(self) -> Numerics:
        """What all steps cost."""
        return Numerics(tuple(self._tokens), self._found, tuple(self._remarks))

    def run(self, number: int, step: Step, *, is_emitted: bool, is_last: bool) -> None:
        """Run a step. `is_emitted`: the C++ is of it; `is_last`: the last one of level 1."""
        if step.level in (MODEL, QUANTIZED, SCHEDULED):
            self._interpret(number, step, keeps=is_last)
            return
        try:
            if step.level == TRACED:
                module, _ = parse_with_places(self._context, step.text, step.file)
                logits = traced_logits(module, self._design, self._tokens)
                self._add(number, _Logits(logits, Float32Type(), logits.shape[-1]), {})
            elif step.level == DATAFLOW and is_emitted:
                values, element = emitted_logits(self._design, self._tokens)
                self._add(number, _Logits(values, element, values.shape[-1]), {})
        except LmcError as error:
            self._remarks.append(f"Step {number}, {step.name}, was not run: {error}.")

    def _interpret(self, number: int, step: Step, *, keeps: bool) -> None:
        module, places = parse_with_places(self._context, step.text, step.file)
        check_versions(self._design, self._context)
        # An op that is not printed has no number.
        ops = [op for op in module.walk() if op in places.starts]
        attach_weights(module, self._design.path)
        program, noise = Program(module), _Noise()
        if step.level == QUANTIZED and self._model is not None:
            now = _run(program, self._tokens, _against(self._model, noise))
        else:
            now = _run(program, self._tokens, _alone)
        if step.level == MODEL:
            self._model = program if keeps else None
            if self._first is None:
                self._compare_trace(now)
        self._add(number, now, noise.by_op(ops))
        if step.level == MODEL:
            self._first = self._first or now

    def _add(self, number: int, now: _Logits, noise: NoiseOfOps) -> None:
        of_float = None if self._first is None else _deviation(self._first, now)
        of_before = None if self._before is None else _deviation(self._before, now)
        self._found[number] = StepNumerics(of_float, of_before, noise)
        self._before = now

    def _compare_trace(self, first: _Logits) -> None:
        """Level 0 has run before there was a float model to compare it with."""
        for number, step in self._found.items():
            assert self._before is not None, "its logits are the last ones"
            self._found[number] = replace(step, of_float=_deviation(first, self._before))


_Piece = Callable[[Run, Sequence[int]], RunResult]
"""Goes on with a run for a few tokens."""


def _run(program: Program, tokens: Sequence[int], go_on: "_Piece") -> _Logits:
    run = Run(program)
    pieces = (tokens[at : at + PIECE] for at in range(0, len(tokens), PIECE))
    results = [go_on(run, ids) for ids in pieces]
    values = np.concatenate([result.logits[:, 0] for result in results])
    return _Logits(values, results[0].logits_format, run.tokens_in_use)


def _alone(run: Run, ids: Sequence[int]) -> RunResult:
    return run.next(ids, lambda _: None)


def _deviation(wanted: _Logits, found: _Logits) -> Deviation:
    distance, in_use = Distance(), min(wanted.in_use, found.in_use)
    before, after = (real_values(one.values, one.element) for one in (wanted, found))
    distance.add(before, after, "a logit")
    chosen = [each[:, :in_use].argmax(axis=-1) for each in (before, after)]
    is_equal = wanted.element == found.element and np.array_equal(wanted.values, found.values)
    return Deviation(distance, is_equal, int((chosen[0] == chosen[1]).sum()))


class _Noise:
    """The distances of values while tokens are run."""

    def __init__(self) -> None:
        self._found: dict[ValueName, tuple[Seen, Distance]] = {}

    def add(self, seen: Seen, wanted: Seen) -> None:
        """Compare a value of some tokens with the float model's."""
        before = real_values(wanted.value, wanted.element)
        after = real_values(seen.value, seen.element)
        if before.shape != after.shape:
            # A pass has given the name to a value of another layout: elements do not correspond,
            # so the page has no noise for it, as `lmc trace --ops` has none.
            return
        known = self._found.get(seen.name)
        # Of a state the one after the last token counts.
        distance = Distance() if known is None or seen.is_state else known[1]
        distance.add(before, after, describe(seen.name))
        self._found[seen.name] = seen, distance

    def by_op(self, ops: Sequence[Operation]) -> NoiseOfOps:
        """The results of ops, by the ops' numbers and layer by layer."""
        results: dict[object, list[tuple[Seen, Distance]]] = {}
        for seen, distance in self._found.values():
            results.setdefault(seen.result, []).append((seen, distance))
        found: dict[int, tuple[ValueNoise, ...]] = {}
        for number, op in enumerate(ops):
            own = [results[result] for result in op.results if result in results]
            if own:
                found[number] = tuple(_value_noise(layers) for layers in own)
        return found


def _value_noise(layers: Sequence[tuple[Seen, Distance]]) -> ValueNoise:
    seen, _ = layers[0]
    in_order = sorted(layers, key=lambda one: one[0].name.layer or 0)
    return ValueNoise(seen.name.value, seen.is_state, tuple(distance for _, distance in in_order))


def _against(model: Program, noise: _Noise) -> "_Piece":
    """Runs tokens in the float model, too, and compares all values."""
    floats = Run(model)

    def piece(run: Run, ids: Sequence[int]) -> RunResult:
        wanted: dict[ValueName, Seen] = {}

        def keep(seen: Seen) -> None:
            wanted[seen.name] = seen

        def compare(seen: Seen) -> None:
            if seen.name in wanted:
                noise.add(seen, wanted[seen.name])

        floats.next(ids, keep)
        return run.next(ids, compare)

    return piece
