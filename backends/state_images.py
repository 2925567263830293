"""The bytes that the banks of states hold after a launch, from the states of the interpreter."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.bits import Bytes, pack_elements
from lmc.dataflow.banks import banks
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import BankOp, DesignOp, StateAttr
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.lowering.vectors import name_of


def state_images(
    module: ModuleOp, design: DesignOp, states: Sequence[Value]
) -> dict[str, list[Bytes]]:
    """For each bank of a state its words [words, bytes], layer by layer, in the design's order.

    `module` is the one of level 2 or 3 that the design was lowered from, with the channels in the
    design's order; `states` are [1, layers, ...], as a run of it gives them for one sequence.

    Raises:
        LmcError: a bank of the design holds a state that the module does not have.
    """
    kept = state_elements(module, design, states)
    return {name: _words(*one) for name, one in kept.items()}


def state_elements(
    module: ModuleOp, design: DesignOp, states: Sequence[Value]
) -> dict[str, tuple[BankOp, StateAttr, IntArray]]:
    """For each bank of a state what it holds: integers [layers, elements, fields of an element].

    Parameters and errors as `state_images`.
    """
    wanted = state_banks(design)
    found: dict[str, tuple[BankOp, StateAttr, IntArray]] = {}
    for name, state in zip(_state_names(module), states, strict=True):
        for bank, part in _parts(name, state, wanted):
            found[bank] = (*wanted[bank], part)
    if missing := [name for name in wanted if name not in found]:
        raise LmcError(f"bank {missing[0]} holds a state that the module before it does not have")
    return {name: found[name] for name in wanted}


def state_banks(design: DesignOp) -> dict[str, tuple[BankOp, StateAttr]]:
    """The banks that hold a state, by name, each with how it lies there."""
    return {
        bank.sym_name.data: (bank, kind)
        for bank in banks(design)
        for kind in bank.segments
        if isinstance(kind, StateAttr)
    }


def _state_names(module: ModuleOp) -> list[str]:
    """What the lowering calls the states, in the order of the layers' arguments."""
    (layers,) = (op for op in module.walk() if isinstance(op, ssm.LayersOp))
    carried = layers.carried.value.data
    return [name_of(arg, f"state_{arg.index}") for arg in layers.block.args[carried:]]


def _parts(
    name: str, state: Value, wanted: Mapping[str, tuple[BankOp, StateAttr]]
) -> Iterator[tuple[str, IntArray]]:
    """The banks of a state, and of each the integers [layers, elements, fields] that it holds."""
    if not isinstance(state, BlockValue):
        assert isinstance(state, np.ndarray)
        # Channel by channel, the oldest of its inputs first.
        bank = f"{name}_state"
        if bank in wanted:
            yield bank, _integers(state[0], wanted[bank][1])
        return
    several = f"{name}_0_state" in wanted
    suffixes = [""]
    if several:
        suffixes = [f"_{i}" for i in range(len(wanted)) if f"{name}_{i}_state" in wanted]
    for number, suffix in enumerate(suffixes):
        for field, values in (("", state.q), ("_exponents", state.e)):
            bank = f"{name}{suffix}{field}_state"
            if bank in wanted:
                own = _share(values[0], wanted[bank][1], number, len(suffixes))
                yield bank, _integers(own, wanted[bank][1])


def _share(values: NDArray[np.int32], kind: StateAttr, number: int, count: int) -> IntArray:
    """A bank's part of the blocks that are updated in a cycle: [layers, elements, fields]."""
    layers, elements = kind.layers.data, kind.count.data
    split = values.reshape(layers, elements, count, -1)
    return split[:, :, number].astype(np.int64)


def _integers(values: IntArray, kind: StateAttr) -> IntArray:
    return values.reshape(kind.layers.data, kind.count.data, -1)


def _words(bank: BankOp, kind: StateAttr, values: IntArray) -> list[Bytes]:
    fields = values.shape[-1]
    if kind.bits.data % fields:
        raise LmcError(
            f"an element of bank {bank.sym_name.data} has {kind.bits.data} bits, which are no "
            f"{fields} integers"
        )
    return list(pack_elements(values, [kind.bits.data // fields] * fields, bank.word_bits))
