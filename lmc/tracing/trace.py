"""The float model, the integer interpreter and the C simulation on the same tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from lmc.backends.hls.printer import find_design
from lmc.design.folder import Design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError
from lmc.interpreter import Program, RunResult, generate, real_values
from lmc.ir.levels import DATAFLOW, MODEL, QUANTIZED, SCHEDULED
from lmc.ir.locations import source_line
from lmc.numerics.distance import Distance
from lmc.tracing.distance import Difference
from lmc.tracing.probes import integers_of
from lmc.tracing.recorded import Recording, StateDifference, record_design
from lmc.tracing.values import Run, Seen, ValueName

PIECE = 16
"""Tokens of which all values of the float model are held at a time."""


@dataclass
class ValueTrace:
    """What became of one value over all tokens; of a state the one after the last token."""

    name: ValueName
    source: str
    """The line of PyTorch that the op comes from, empty where it is not known."""
    is_state: bool
    distance: Distance | None = None
    """The integers at their real values against the float model; None where it has no such value
    of the same shape."""
    stream: str | None = None
    """The stream that shows the value in the C++; None where none does."""
    difference: Difference | None = None
    """The C++ against the interpreter."""


@dataclass
class Logits:
    """The logits of all tokens."""

    distance: Distance = field(default_factory=Distance)
    agreeing: int = 0
    """Tokens after which the float model and the integers choose the same."""
    difference: Difference | None = None
    """What the host program reads from the C++, against the interpreter."""


@dataclass(frozen=True)
class Choice:
    """The token that each chooses after `position` tokens, all of which are the same for all."""

    position: int
    float: int
    integer: int
    csim: int | None


@dataclass(frozen=True)
class Trace:
    """What the float model, the integers and the C++ of a design made of the same tokens."""

    design: Design
    tokens: tuple[int, ...]
    """What was read: the prompt, and all new tokens but the last, as the integers choose them."""
    prompt_length: int
    choices: tuple[Choice, ...]
    """One for each new token."""
    values: tuple[ValueTrace, ...]
    """In the order of computation: layer after layer."""
    logits: Logits
    states: tuple[StateDifference, ...]
    has_csim: bool
    """Whether the design has C++ to run; one that stops above the dataflow level has none."""
    unread: tuple[str, ...]
    """Streams of the C++ that were to show a value and had another number of words."""

    @property
    def layers(self) -> int:
        """The number of layers."""
        return 1 + max((v.name.layer for v in self.values if v.name.layer is not None), default=-1)


def trace_design(
    design: Design, prompt: Sequence[int], new: int = 1, plugins: Sequence[Path] = ()
) -> Trace:
    """Trace a design on a prompt and `new` greedy tokens after it, one at the least.

    `plugins` are the files that define ops of its IR.

    Raises:
        LmcError: the design lacks the float or the integer module, ids are outside of its
            vocabulary, a value is not finite, or the C simulation fails.
    """
    return _Tracer(design, prompt, new, plugins).trace()


class _Tracer:
    """The modules of a design while they run, and what is known of their values so far."""

    def __init__(
        self, design: Design, prompt: Sequence[int], new: int, plugins: Sequence[Path]
    ) -> None:
        self._design, self._prompt = design, tuple(prompt)
        self._float = Run(Program(design_module(design, MODEL, plugins)))
        level = SCHEDULED if design.has_ir(SCHEDULED) else QUANTIZED
        # What the design was lowered from: its channels may be in another order than the model's.
        self._lowered = design_module(design, level, plugins)
        program = Program(self._lowered)
        self._new = tuple(islice(generate(program, prompt), new))
        self._exact = Run(program)
        self._integer = Run(Program(design_module(design, QUANTIZED, plugins)))
        self._in_use = program.tokens_in_use or program.vocabulary
        self._dataflow: ModuleOp | None = None
        self._recording: Recording | None = None
        if design.has_ir(DATAFLOW):
            self._dataflow = design_module(design, DATAFLOW, plugins)
            self._recording = record_design(
                design.path, self._lowered, find_design(self._dataflow), prompt, new
            )
        self._values: dict[ValueName, ValueTrace] = {}
        self._logits = Logits(difference=None if self._recording is None else Difference())
        self._chosen: list[int] = []

    def trace(self) -> Trace:
        """Run all tokens, a few at a time."""
        tokens = (*self._prompt, *self._new[:-1])
        states: tuple[StateDifference, ...] = ()
        for first in range(0, len(tokens), PIECE):
            exact = self._piece(tokens[first : first + PIECE], first)
            if self._recording is not None and first + PIECE >= len(tokens):
                assert self._dataflow is not None
                states = self._recording.compare_states(
                    self._lowered, find_design(self._dataflow), exact.states, len(tokens) - 1
                )
        recording = self._recording
        return Trace(
            self._design,
            tokens,
            len(self._prompt),
            self._choices(),
            tuple(self._values.values()),
            self._logits,
            states,
            recording is not None,
            () if recording is None else recording.unread,
        )

    def _choices(self) -> tuple[Choice, ...]:
        first = len(self._prompt)
        csim = self._recording and self._recording.tokens
        return tuple(
            Choice(first + i, self._chosen[first + i - 1], token, csim[i] if csim else None)
            for i, token in enumerate(self._new)
        )

    def _piece(self, ids: Sequence[int], first: int) -> RunResult:
        """Compare all values of the tokens from `first` on."""
        floats: dict[ValueName, Seen] = {}

        def keep(seen: Seen) -> None:
            floats[seen.name] = seen

        def compare(seen: Seen) -> None:
            self._compare_floats(seen, floats.get(seen.name))

        def compare_exactly(seen: Seen) -> None:
            self._compare_integers(seen, first)

        wanted = self._float.next(ids, keep)
        found = self._integer.next(ids, compare)
        exact = self._exact.next(ids, compare_exactly)
        if not np.array_equal(found.logits, exact.logits):
            raise LmcError(
                f"the modules of levels {QUANTIZED} and {SCHEDULED} of {self._design.path} compute "
                "different logits; lmc compile --check shows which pass is wrong"
            )
        self._compare_logits(wanted, exact, first)
        return exact

    def _compare_floats(self, seen: Seen, wanted: Seen | None) -> None:
        trace = self._value(seen)
        if wanted is None:
            return
        before = real_values(wanted.value, wanted.element)
        after = real_values(seen.value, seen.element)
        if before.shape != after.shape:
            return
        if trace.distance is None or seen.is_state:
            trace.distance = Distance()
        trace.distance.add(before, after, describe(seen.name))

    def _compare_integers(self, seen: Seen, first: int) -> None:
        if self._recording is None:
            return
        recorded = self._recording.values.get(seen.result)
        if recorded is None:
            return
        trace = self._value(seen)
        wanted = integers_of(seen.value)[:, 0]
        found = recorded[first : first + len(wanted), seen.name.layer or 0]
        if trace.difference is None:
            trace.stream, trace.difference = self._recording.streams[seen.result], Difference()
        trace.difference.add(wanted.reshape(found.shape), found, first)

    def _compare_logits(self, wanted: RunResult, found: RunResult, first: int) -> None:
        before = real_values(wanted.logits, wanted.logits_format)
        after = real_values(found.logits, found.logits_format)
        self._logits.distance.add(before, after, "a logit")
        chosen = before[:, 0, : self._in_use].argmax(axis=-1)
        same = chosen == after[:, 0, : self._in_use].argmax(axis=-1)
        self._logits.agreeing += int(same.sum())
        self._chosen += chosen.tolist()
        if self._recording is not None and self._logits.difference is not None:
            integers = found.logits[:, 0].astype(np.int64)
            recorded = self._recording.logits[first : first + len(integers)]
            self._logits.difference.add(integers, recorded, first)

    def _value(self, seen: Seen) -> ValueTrace:
        trace = self._values.get(seen.name)
        if trace is None:
            trace = ValueTrace(seen.name, _source(seen.result), seen.is_state)
            self._values[seen.name] = trace
        return trace


def describe(name: ValueName) -> str:
    """`%value of op in layer 3`."""
    place = "" if name.layer is None else f" in layer {name.layer}"
    return f"%{name.value} of {name.op}{place}"


def _source(result: SSAValue) -> str:
    op = result.owner
    assert isinstance(op, Operation)
    return source_line(op.location) or ""
