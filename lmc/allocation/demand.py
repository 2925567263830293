"""What a token asks of a design, as plain numbers: words of weights, states, cycles of units."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmc.lowering.tiling import EngineShape, MatrixTiling

STATE_WORD_BITS = 512
"""Width of the words that states are kept in."""


@dataclass(frozen=True)
class MatrixDemand:
    """A linear layer: `planes` are passes over a tile in each layer, or the one behind them."""

    name: str
    tiling: MatrixTiling
    planes: tuple[int, ...]

    def words(self, shape: EngineShape, lane: int) -> int:
        """Memory words of a lane in a token."""
        return sum(self.tiling.words(shape, lane, planes) for planes in self.planes)

    def cycles(self, shape: EngineShape) -> int:
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

    def bank_bytes(self, at_once: int, banks: int) -> int:
        """Bytes of a layer in one of `banks` banks: words of elements, and of exponents."""
        words = sum(
            -(-self.steps(at_once) // (STATE_WORD_BITS // (at_once // banks * bits)))
            for bits in (self.value_bits, self.exponent_bits)
        )
        return words * STATE_WORD_BITS // 8

    def fits_banks(self, at_once: int, banks: int) -> bool:
        """Whether `banks` banks divide a step, and a bank's part of it fits a word."""
        return at_once % banks == 0 and at_once // banks * self.value_bits <= STATE_WORD_BITS


@dataclass(frozen=True)
class Demand:
    """A model's demand. Bytes are those of a token (or of the whole model where it says so)."""

    matrices: Sequence[MatrixDemand]
    shape: EngineShape
    """The formats of the matrix unit; its lanes are those of one port."""
    layers: int
    state: StateDemand
    conv_state_bits: int
    """Bits of a layer's conv state."""
    side_bytes: int
    """Parameters of all layers, an embedding row."""
    stored_bytes: int
    """Embedding and parameters as they lie in memory."""
