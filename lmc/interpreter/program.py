"""Executes a module: every op prepared once, then run for each layer and piece of the tokens."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import ArrayLike
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import LayersOp, YieldOp, format_of, shape_of
from lmc.interpreter.registry import Kernel, prepare
from lmc.interpreter.threads import balanced, on_threads, thread_count
from lmc.interpreter.values import (
    FloatArray,
    IntArray,
    Value,
    concatenate,
    parts,
    select,
    stack,
    zeros,
)
from lmc.ir.config_attribute import tokens_of_module
from lmc.ir.groups import ops_in, origin
from lmc.weights import WeightStore, open_source

Listener = Callable[[str, int | None, Operation, Value], None]
"""Sees every result: (name, layer or None outside of the layers, op, value).

The name is the SSA value's, or the op's where it has none. Activations come as [T, B, ...], new
states as [B, ...].
"""

_FLOAT_PIECE, _INTEGER_PIECE = 1 << 19, 1 << 20
"""Elements of the widest activation of a layer that are worked on at a time."""
_PIECE_TOKENS = 64
"""Tokens of a sequence in such a piece, at least: each piece changes the layout of states."""


@dataclass(frozen=True)
class RunResult:
    """What a run gives: logits [T, B, V], float32 or int64 of `logits_format`; the states after it.

    States are in the order of the function's arguments, with a leading batch axis: [B, ...].
    """

    logits: FloatArray | IntArray
    states: tuple[Value, ...]
    logits_format: Attribute


@dataclass(frozen=True)
class _Step:
    """One op of a block; operands and results are indices of the run's values."""

    op: Operation
    operands: tuple[int, ...]
    results: tuple[int, ...]
    names: tuple[str, ...]
    kernel: Kernel | None
    """None for `ssm.layers`."""
    last_uses: tuple[int, ...]
    """Indices of values that no later op of the block reads."""


@dataclass(frozen=True)
class _Layers:
    """The repeated layer: its steps, the indices of its arguments and of what it yields."""

    count: int
    carried: int
    arguments: tuple[int, ...]
    yielded: tuple[int, ...]
    steps: list[_Step]
    piece_elements: int
    """Elements of the widest activation, for one token of one sequence."""


class Program:
    """A module made ready to run. The module must not change while the program is in use."""

    def __init__(self, module: ModuleOp, weights: WeightStore | None = None) -> None:
        """Prepare every op; without `weights` they are opened as the module's attributes say.

        Raises LmcError if the module has not one function, an op has no implementation, or its
        formats would need more than 63 bits.
        """
        function = _single_function(module)
        self.weights = WeightStore(module, open_source(module)) if weights is None else weights
        self.tokens_in_use = tokens_of_module(module)
        self._slots: dict[SSAValue, int] = {}
        self._layers: dict[Operation, _Layers] = {}
        block = function.body.block
        self._arguments = self._define(block.args)
        self._state_types = [_tensor(argument) for argument in block.args[1:]]
        self._steps = self._prepare_block(block)
        last = block.last_op
        if not isinstance(last, ReturnOp):
            raise LmcError("the module's function does not end in func.return")
        self._returned = self._slots_of(last.operands)
        self._logits_format = format_of(last.operands[0].type)
        self.vocabulary = shape_of(last.operands[0].type)[0]

    def run(
        self,
        ids: ArrayLike,
        *,
        states: Sequence[Value] | None = None,
        listener: Listener | None = None,
    ) -> RunResult:
        """Run T tokens of B sequences: ids [T, B], from `states` or from the cold state, zero.

        With a listener all tokens are held at once; without one, layers work on pieces of them.
        Raises LmcError if ids are outside of the vocabulary or the states do not fit.
        """
        tokens = np.asarray(ids, np.int64)
        if tokens.ndim != 2 or not tokens.size:
            raise LmcError(f"token ids have shape {list(tokens.shape)}; [tokens, batch] is needed")
        if states is None:
            states = [zeros(kind, tokens.shape[1]) for kind in self._state_types]
        _check_states(states, self._state_types, tokens.shape[1])
        values: list[Value | None] = [None] * len(self._slots)
        for slot, value in zip(self._arguments, (tokens, *states), strict=True):
            values[slot] = value
        self._execute(self._steps, values, None, listener)
        logits, *new_states = (cast("Value", values[slot]) for slot in self._returned)
        if not isinstance(logits, np.ndarray):
            raise LmcError("the module's first result should be logits, float or fixed point")
        return RunResult(logits, tuple(new_states), self._logits_format)

    def _execute(
        self,
        steps: Sequence[_Step],
        values: list[Value | None],
        layer: int | None,
        listener: Listener | None,
    ) -> None:
        for step in steps:
            operands = [cast("Value", values[slot]) for slot in step.operands]
            if step.kernel is None:
                results = self._run_layers(self._layers[step.op], operands, values, listener)
            else:
                results = step.kernel(operands, layer)
            for slot, name, result in zip(step.results, step.names, results, strict=True):
                values[slot] = result
                if listener is not None:
                    listener(name, layer, step.op, result)
            # Nothing else may keep them either: they are what memory is needed for.
            del operands, results
            for slot in step.last_uses:
                values[slot] = None

    def _run_layers(
        self,
        layers: _Layers,
        operands: list[Value],
        values: list[Value | None],
        listener: Listener | None,
    ) -> tuple[Value, ...]:
        carried, stacked = operands[: layers.carried], operands[layers.carried :]
        new_states: list[list[Value]] = []
        for layer in range(layers.count):
            states = [select(state, (slice(None), layer)) for state in stacked]
            carried, states = self._run_layer(layers, layer, carried, states, values, listener)
            new_states.append(states)
        return (*carried, *(stack(column, 1) for column in zip(*new_states, strict=True)))

    def _run_layer(
        self,
        layers: _Layers,
        layer: int,
        carried: list[Value],
        states: list[Value],
        values: list[Value | None],
        listener: Listener | None,
    ) -> tuple[list[Value], list[Value]]:
        """One layer, by pieces of the batch and the tokens where no one listens."""
        first_carried = cast("FloatArray | IntArray", carried[0])
        tokens, batch = first_carried.shape[:2]
        if listener is not None:
            return self._run_piece(layers, layer, carried, states, values, listener)
        # Floats depend on what is computed together, so that threads share integers alone.
        exact = first_carried.dtype == np.int64
        threads = thread_count() if exact else 1
        budget = max(1, (_INTEGER_PIECE if exact else _FLOAT_PIECE) // layers.piece_elements)
        rows = balanced(batch, max(1, budget // min(tokens, _PIECE_TOKENS)), threads)
        length = max(1, budget // min(rows, batch))
        if exact:
            # Equal pieces: a short last one costs as much in weights as a long one.
            length = -(-tokens // -(-tokens // length))

        def walk(first: int) -> list[Value]:
            part = slice(first, first + rows)
            current = [select(state, part) for state in states]
            own = list(values)
            pieces: list[list[Value]] = []
            for start in range(0, tokens, length):
                index = (slice(start, start + length), part)
                piece = [select(value, index) for value in carried]
                piece, current = self._run_piece(layers, layer, piece, current, own, None)
                pieces.append(piece)
            return [*(concatenate(column, 0) for column in zip(*pieces, strict=True)), *current]

        outputs = on_threads(walk, range(0, batch, rows), threads)
        columns = list(zip(*outputs, strict=True))
        count = layers.carried
        return (
            [concatenate(column, 1) for column in columns[:count]],
            [concatenate(column, 0) for column in columns[count:]],
        )

    def _run_piece(
        self,
        layers: _Layers,
        layer: int,
        carried: list[Value],
        states: list[Value],
        values: list[Value | None],
        listener: Listener | None,
    ) -> tuple[list[Value], list[Value]]:
        for slot, value in zip(layers.arguments, (*carried, *states), strict=True):
            values[slot] = value
        self._execute(layers.steps, values, layer, listener)
        yielded = [cast("Value", values[slot]) for slot in layers.yielded]
        return yielded[: layers.carried], yielded[layers.carried :]

    def _prepare_block(self, block: Block) -> list[_Step]:
        ops = [op for op in ops_in(block) if not isinstance(op, ReturnOp | YieldOp)]
        steps = [self._prepare_step(op) for op in ops]
        last = block.last_op
        needed = set(self._slots_of(last.operands)) if last is not None else set[int]()
        for index in reversed(range(len(steps))):
            touched = {*steps[index].operands, *steps[index].results}
            steps[index] = replace(steps[index], last_uses=tuple(sorted(touched - needed)))
            needed |= touched
        return steps

    def _prepare_step(self, op: Operation) -> _Step:
        operands = self._slots_of(op.operands)
        if isinstance(op, LayersOp):
            self._layers[op] = self._prepare_layers(op)
            kernel = None
        else:
            kernel = prepare(op, self.weights)
        names = tuple(result.name_hint or op.name for result in op.results)
        return _Step(op, operands, self._define(op.results), names, kernel, ())

    def _prepare_layers(self, op: LayersOp) -> _Layers:
        arguments = self._define(op.block.args)
        steps = self._prepare_block(op.block)
        last = op.block.last_op
        assert last is not None, "the verifier asks for a yield"
        carried = op.carried.value.data
        states = set(map(origin, last.operands[carried:]))
        widths = [
            math.prod(shape_of(result.type))
            for inner in ops_in(op.block)
            for result in inner.results
            if result not in states
        ]
        yielded = self._slots_of(last.operands)
        return _Layers(
            op.count.value.data, carried, arguments, yielded, steps, max(widths, default=1)
        )

    def _define(self, values: Sequence[SSAValue]) -> tuple[int, ...]:
        for value in values:
            self._slots[value] = len(self._slots)
        return self._slots_of(values)

    def _slots_of(self, values: Sequence[SSAValue]) -> tuple[int, ...]:
        """A value has one slot, on both sides of a group's border."""
        return tuple(self._slots[origin(value)] for value in values)


def run(
    module: ModuleOp,
    ids: ArrayLike,
    *,
    weights: WeightStore | None = None,
    states: Sequence[Value] | None = None,
    listener: Listener | None = None,
) -> RunResult:
    """Run a module once: see `Program`, which is the way to run it several times."""
    return Program(module, weights).run(ids, states=states, listener=listener)


def _check_states(states: Sequence[Value], kinds: Sequence[TensorType], batch: int) -> None:
    if len(states) != len(kinds):
        raise LmcError(f"{len(states)} states given, the model has {len(kinds)}")
    for state, kind in zip(states, kinds, strict=True):
        found, wanted = parts(state)[0].shape, (batch, *shape_of(kind))
        if found != wanted:
            raise LmcError(f"a state has shape {list(found)}; {list(wanted)} is needed")


def _single_function(module: ModuleOp) -> FuncOp:
    functions = [op for op in module.body.block.ops if isinstance(op, FuncOp)]
    if len(functions) != 1 or not functions[0].body.blocks:
        raise LmcError(f"the module holds {len(functions)} functions; one decode step is needed")
    return functions[0]


def _tensor(value: SSAValue) -> TensorType:
    if not isinstance(value.type, TensorType):
        raise LmcError(f"a state of type {value.type} is not a tensor")
    return value.type
