"""What a model asks of a design, as plain numbers: words of weights, states and the rest, cycles.

All but the weights lies in words of `WORD_BITS` bits, an image to each port of a kernel; bytes are
those of whole words, as they are moved and stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lmc.dataflow.library import words_for
from lmc.dialects.dataflow import ID_BITS
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape
from lmc.memory_layout.words import LONGEST_PROMPT, WORD_BITS

LAUNCH_TOKENS = 16
"""Tokens with logits of a launch, as the host program chooses them if it isn't told."""


@dataclass(frozen=True)
class Packed:
    """`count` elements of `bits` bits, as many to a word as fit; a word has room for one."""

    count: int
    bits: int

    @property
    def size(self) -> int:
        """Bytes of all words."""
        return words_for(self.count, WORD_BITS, self.bits) * WORD_BITS // 8


@dataclass(frozen=True)
class MatrixDemand:
    """A linear layer: `planes` are passes over a tile in each layer, or the one after them."""

    name: str
    tiling: MatrixTiling
    planes: tuple[int, ...]

    def words(self, shape: MatrixUnitShape, lane: int) -> int:
        """Memory words of a lane, all of which a token with logits takes."""
        return sum(self.tiling.words(shape, lane, planes) for planes in self.planes)

    def cycles(self, shape: MatrixUnitShape) -> int:
        """Cycles of a token in which the slowest lane multiplies, or takes in activations."""
        rounds = self.tiling.row_blocks(shape)
        most = max(shape.sets)
        return sum(self.tiling.tiles * (1 + rounds * planes * most) for planes in self.planes)


@dataclass(frozen=True)
class StateDemand:
    """The SSM state of a layer: `rows` rows of `blocks` blocks, each of `value_bits` bits and an
    exponent of `exponent_bits`."""

    rows: int
    blocks: int
    value_bits: int
    exponent_bits: int

    def steps(self, at_once: int) -> int:
        """Cycles of a layer's update."""
        return self.rows * (self.blocks // at_once)

    def bank(self, at_once: int, banks: int) -> tuple[Packed, Packed]:
        """A layer's elements and its exponents in one of `banks` banks."""
        steps, blocks = self.steps(at_once), at_once // banks
        return Packed(steps, blocks * self.value_bits), Packed(steps, blocks * self.exponent_bits)

    def fits_banks(self, at_once: int, banks: int) -> bool:
        """Whether `banks` banks divide a step, and a bank's part of it fits a word."""
        is_even = at_once % banks == 0
        return is_even and all(part.bits <= WORD_BITS for part in self.bank(at_once, banks))


@dataclass(frozen=True)
class Parameter:
    """A weight vector on its way to the unit that takes it.

    `by_block`: an element goes with a block of the SSM state, those of a step travel together.
    """

    packed: Packed
    by_block: bool = False

    def at(self, at_once: int) -> Packed:
        """The vector where `at_once` blocks of the state are updated in a cycle."""
        count, bits = self.packed.count, self.packed.bits
        return Packed(count // at_once, bits * at_once) if self.by_block else self.packed


@dataclass(frozen=True)
class SideDemand:
    """What is at the side port. `parameters` are those of a layer, `embedding_rows` the rows of
    the embedding, `embedding_row` one of them, `logits` those of a token; `tables` are read once a
    launch."""

    parameters: tuple[Parameter, ...]
    final_parameters: tuple[Packed, ...]
    tables: tuple[Packed, ...]
    embedding_rows: int
    embedding_row: Packed
    logits: Packed

    def token_bytes(self, layers: int, at_once: int) -> int:
        """Bytes that a token with logits moves: all that is read, logits and its id written."""
        moved = self._parameters(layers, at_once) + self.embedding_row.size + self.logits.size
        return moved + ID_BITS // 8

    def stored_bytes(self, layers: int, at_once: int) -> int:
        """Bytes in memory: images, and buffers for the longest prompt and a launch's results."""
        ids = 2 * LONGEST_PROMPT * ID_BITS // 8
        tables = sum(table.size for table in self.tables)
        rows = self.embedding_rows * self.embedding_row.size
        kept = self._parameters(layers, at_once) + tables + rows
        return kept + ids + LAUNCH_TOKENS * self.logits.size

    def fits_words(self, at_once: int) -> bool:
        """Whether the parameters of `at_once` blocks of the state fit a word."""
        return all(parameter.at(at_once).bits <= WORD_BITS for parameter in self.parameters)

    @property
    def masters(self) -> int:
        """Images, each with a port of its own: embedding, prompt, tokens, logits, and the rest."""
        return 4 + sum(map(bool, (self.parameters, self.final_parameters, self.tables)))

    def _parameters(self, layers: int, at_once: int) -> int:
        layer = sum(parameter.at(at_once).size for parameter in self.parameters)
        return layers * layer + sum(packed.size for packed in self.final_parameters)


@dataclass(frozen=True)
class Demand:
    """A model's demand."""

    matrices: Sequence[MatrixDemand]
    shape: MatrixUnitShape
    """The formats of the matrix unit; its lanes are those of one port."""
    layers: int
    state: StateDemand
    conv_states: tuple[Packed, ...]
    """The conv states of a layer."""
    side: SideDemand

    def fits_words(self, at_once: int, banks: int) -> bool:
        """Whether what belongs to a step of the state update fits words of memory."""
        return self.state.fits_banks(at_once, banks) and self.side.fits_words(at_once)

    def bank_bytes(self, at_once: int, banks: int) -> int:
        """Bytes of the SSM states of all layers in one of `banks` banks."""
        return self.layers * sum(part.size for part in self.state.bank(at_once, banks))

    @property
    def conv_bytes(self) -> int:
        """Bytes of the conv states of all layers."""
        return self.layers * sum(state.size for state in self.conv_states)
