"""The modules of all steps of a design on a few tokens, in float or in integers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xdsl.ir import Operation

from lmc.design.folder import Design, attach_weights
from lmc.explorer.numerics import Deviation, Numerics, StepNumerics, ValueNoise
from lmc.explorer.steps import Step
from lmc.interpreter import Program, RunResult, real_values
from lmc.ir.levels import MODEL, QUANTIZED, SCHEDULED
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_with_places
from lmc.numerics.distance import Distance
from lmc.progress import progress
from lmc.tracing.trace import PIECE, describe
from lmc.tracing.values import Run, Seen, ValueName


def run_steps(
    design: Design, steps: Sequence[Step], tokens: Sequence[int], plugins: Sequence[Path] = ()
) -> Numerics:
    """Run the module of each step on tokens, one sequence from the cold state.

    Values of level 2 are compared with those of the last module of level 1, whose channels are
    rotated and scaled in the same way. `plugins` are the files that define ops of the IR. Raises
    LmcError as `Program` and `Program.run` do, and where a value is not finite.
    """
    context = make_context(load_registry(plugins))
    floats = [number for number, step in enumerate(steps) if step.level == MODEL]
    model: Program | None = None
    first: _Logits | None = None
    before: _Logits | None = None
    found: dict[int, StepNumerics] = {}
    with progress("running", len(steps)) as bar:
        for number, step in enumerate(steps):
            bar.show(number, step.name)
            if step.level not in (MODEL, QUANTIZED, SCHEDULED):
                continue
            module, places = parse_with_places(context, step.text, step.file)
            # An op that is not printed has no number.
            ops = [op for op in module.walk() if op in places.starts]
            attach_weights(module, design.path)
            program = Program(module)
            noise = _Noise()
            if step.level == QUANTIZED and model is not None:
                now = _run(program, tokens, _against(model, noise))
            else:
                now = _run(program, tokens)
            found[number] = StepNumerics(
                None if first is None else _deviation(first, now),
                None if before is None else _deviation(before, now),
                noise.by_op(ops),
            )
            before = now
            if number in floats:
                first = first or now
                model = program if number == floats[-1] else None
    return Numerics(tuple(tokens), found)


@dataclass(frozen=True)
class _Logits:
    """What runs of a few tokens each came to, one after the other."""

    runs: Sequence[RunResult]
    in_use: int
    """Logits of a token that may be chosen."""


_Piece = Callable[[Run, Sequence[int]], RunResult]
"""Goes on with a run for a few tokens."""


def _run(program: Program, tokens: Sequence[int], piece: "_Piece | None" = None) -> _Logits:
    run, go_on = Run(program), piece or _alone
    pieces = (tokens[at : at + PIECE] for at in range(0, len(tokens), PIECE))
    return _Logits([go_on(run, ids) for ids in pieces], run.tokens_in_use)


def _alone(run: Run, ids: Sequence[int]) -> RunResult:
    return run.next(ids, lambda _: None)


def _deviation(wanted: _Logits, found: _Logits) -> Deviation:
    distance, agreeing, is_equal = Distance(), 0, True
    for one, other in zip(wanted.runs, found.runs, strict=True):
        before = real_values(one.logits, one.logits_format)
        after = real_values(other.logits, other.logits_format)
        distance.add(before, after, "a logit")
        chosen = [each[..., : wanted.in_use].argmax(axis=-1) for each in (before, after)]
        agreeing += int((chosen[0] == chosen[1]).sum())
        is_equal &= one.logits_format == other.logits_format
        is_equal &= np.array_equal(one.logits, other.logits)
    return Deviation(distance, is_equal, agreeing)


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

    def by_op(self, ops: Sequence[Operation]) -> Mapping[int, tuple[ValueNoise, ...]]:
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
