"""A recorded run of the C simulation: its tokens, logits, values and saved states as integers."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from lmc.backends.csim.simulate import Simulation
from lmc.backends.state_images import state_banks, state_elements
from lmc.dataflow.graph import design_graph
from lmc.dialects.dataflow import DesignOp
from lmc.interpreter import Value
from lmc.tracing.distance import Difference
from lmc.tracing.probes import find_probes, unpack

_STATE, _NEW = "_state", "_new"
"""The bank of a state ends in the one, the stream of what is written to it in the other."""


@dataclass(frozen=True)
class StateDifference:
    """A layer's state after the last token, in the bank that it is saved to."""

    layer: int
    bank: str
    difference: Difference


@dataclass(frozen=True)
class Recording:
    """What the C simulation computed for all tokens.

    `values` are integers [T, layers or 1, elements, fields] of results of ops of level 2 or 3;
    `states` the integers' words [layers, elements, bytes] by bank, after the last token.
    """

    tokens: tuple[int, ...]
    logits: NDArray[np.int64]
    values: Mapping[SSAValue, NDArray[np.int64]]
    streams: Mapping[SSAValue, str]
    states: Mapping[str, NDArray[np.uint8]]
    unread: tuple[str, ...]
    """Streams that have another number of words than the values that they are to hold."""

    def compare_states(
        self, module: ModuleOp, design: DesignOp, states: Sequence[Value], last: int
    ) -> tuple[StateDifference, ...]:
        """The states that the interpreter is left with after the token `last`, against these."""
        found: list[StateDifference] = []
        for bank, (_, kind, wanted) in state_elements(module, design, states).items():
            words, fields = self.states.get(bank), wanted.shape[-1]
            if words is None:
                continue
            bits = kind.bits.data // fields
            for layer, own in enumerate(wanted):
                difference = Difference()
                # An exponent has no sign: both are as many bits as memory keeps.
                kept = unpack(words[layer], 1, (bits,) * fields)[None, :, 0] % (1 << bits)
                difference.add(own[None] % (1 << bits), kept, last)
                found.append(StateDifference(layer, bank, difference))
        return tuple(found)


def record_design(
    folder: Path, module: ModuleOp, design: DesignOp, prompt: Sequence[int], new: int
) -> Recording:
    """Run the C simulation of the design in a folder, lowered from `module`, and keep its values.

    Raises:
        LmcError: the simulation can't be built, or fails.
    """
    probes, states = find_probes(module, design), _state_streams(design)
    asked = {probe.stream: 0 for probe in probes.values()}
    # Of a state only the last token's words are left.
    asked |= {stream: layers * count for stream, layers, count, _ in states.values()}
    with tempfile.TemporaryDirectory(prefix="lmc-trace-") as scratch:
        run = Simulation(folder).record(prompt, new, asked, Path(scratch))
        read = {
            result: probe.read(run.words[probe.stream], len(run.logits))
            for result, probe in probes.items()
        }
        kept = {bank: _read_state(run.words[one[0]], *one[1:]) for bank, one in states.items()}
    unread = [probes[result].stream for result, values in read.items() if values is None]
    unread += [states[bank][0] for bank, words in kept.items() if words is None]
    return Recording(
        run.tokens,
        run.logits.astype(np.int64),
        {result: values for result, values in read.items() if values is not None},
        {result: probe.stream for result, probe in probes.items()},
        {bank: words for bank, words in kept.items() if words is not None},
        tuple(unread),
    )


def _state_streams(design: DesignOp) -> dict[str, tuple[str, int, int, int]]:
    """For each bank of a state the stream of its new elements: name, layers, elements, bits."""
    streams = design_graph(design).streams
    found: dict[str, tuple[str, int, int, int]] = {}
    for bank, (_, kind) in state_banks(design).items():
        stream = f"{bank.removesuffix(_STATE)}{_NEW}"
        if bank.endswith(_STATE) and stream in streams:
            found[bank] = stream, kind.layers.data, kind.count.data, kind.bits.data
    return found


def _read_state(path: Path, layers: int, count: int, bits: int) -> NDArray[np.uint8] | None:
    data, size = np.fromfile(path, np.uint8), -(-bits // 8)
    return data.reshape(layers, count, size) if data.size == layers * count * size else None
