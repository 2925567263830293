"""How a weight matrix is cut into the tiles that the matrix unit multiplies, as plain numbers."""

from dataclasses import dataclass

NIBBLE = 4
"""Bits of a weight in one pass of the matrix unit; an 8-bit weight takes two."""


def planes_of(bits: int) -> int:
    """Passes over a tile: nibbles of a weight of `bits` bits."""
    return -(-bits // NIBBLE)


@dataclass(frozen=True)
class MatrixUnitShape:
    """The parallelism of the matrix unit.

    Each lane multiplies `inputs` columns with `rows` rows in a cycle; its weights arrive as one
    memory word of `inputs` · `rows` nibbles. Lane L keeps `sets[L]` sets of rows at a time, each
    with a word of its own for every tile. Activations come as tiles of
    `inputs` elements of `activation_bits` bits, then one exponent for each `block` elements, then
    as many scale mantissas of `activation_mantissa_bits` bits (0: scales are powers of two).
    """

    sets: tuple[int, ...]
    rows: int
    inputs: int
    block: int
    activation_bits: int
    scale_mantissa_bits: int
    scale_exponent_bits: int
    activation_mantissa_bits: int = 0
    exponent_bits: int = 4
    packed: int = 1
    """Rows whose products share a DSP; 1: products are made of LUTs."""

    @property
    def word_bits(self) -> int:
        """Bits of a lane's weight word."""
        return self.inputs * self.rows * NIBBLE

    @property
    def all_sets(self) -> int:
        """Sets of rows that all lanes finish together, lane after lane."""
        return sum(self.sets)

    @property
    def all_rows(self) -> int:
        """Rows that all lanes finish together: a round."""
        return self.rows * self.all_sets

    def lane_rows(self, lane: int) -> slice:
        """A lane's rows in a round."""
        first = sum(self.sets[:lane]) * self.rows
        return slice(first, first + self.sets[lane] * self.rows)

    @property
    def tile_bits(self) -> int:
        """Bits of an activation tile."""
        return self.mantissa_offset(self.blocks)

    @property
    def blocks(self) -> int:
        """Blocks of a tile, each with a scale."""
        return self.inputs // self.block

    @property
    def scale_bits(self) -> int:
        """Bits of the scale of one row and weight group."""
        return self.scale_mantissa_bits + self.scale_exponent_bits

    @property
    def scales_per_word(self) -> int:
        """Elements of a set's scales that a memory word holds."""
        return self.word_bits // (self.scale_bits * self.rows)

    def exponent_offset(self, number: int) -> int:
        """The lowest bit of the exponent of a tile's block."""
        return self.inputs * self.activation_bits + number * self.exponent_bits

    def mantissa_offset(self, number: int) -> int:
        """The lowest bit of the mantissa of a tile's block."""
        return self.exponent_offset(self.blocks) + number * self.activation_mantissa_bits


@dataclass(frozen=True)
class MatrixTiling:
    """One weight matrix on a matrix unit.

    The columns of a weight group are laid out activation block by activation block, each block in
    a slot of a power-of-two number of inputs (the rest of a slot is zero), slots filling tiles,
    each weight group beginning a tile.
    """

    rows: int
    columns: int
    weight_group: int
    activation_block: int
    inputs: int

    @property
    def slot(self) -> int:
        """Inputs that an activation block takes."""
        return 1 << (self.activation_block - 1).bit_length()

    @property
    def slots_per_tile(self) -> int:
        """Activation blocks side by side in a tile."""
        return self.inputs // self.slot

    @property
    def groups(self) -> int:
        """Weight groups of a row."""
        return self.columns // self.weight_group

    @property
    def blocks_per_group(self) -> int:
        """Activation blocks of a weight group."""
        return self.weight_group // self.activation_block

    @property
    def tiles_per_group(self) -> int:
        """Tiles of a weight group, the last one partly filled."""
        return -(-self.blocks_per_group // self.slots_per_tile)

    @property
    def slots_per_group(self) -> int:
        """Slots of a weight group, empty ones included."""
        return self.tiles_per_group * self.slots_per_tile

    @property
    def tiles(self) -> int:
        """Tiles of a row."""
        return self.groups * self.tiles_per_group

    def row_blocks(self, shape: MatrixUnitShape) -> int:
        """Rounds of `shape.all_rows` rows."""
        return -(-self.rows // shape.all_rows)

    def scale_elements(self, shape: MatrixUnitShape, lane: int) -> int:
        """Elements of a lane's scales: one for each round, weight group and set of rows."""
        return self.row_blocks(shape) * self.groups * shape.sets[lane]

    def words(self, shape: MatrixUnitShape, lane: int, planes: int) -> int:
        """Memory words of one lane, scales included, with that many passes over a tile."""
        elements = self.scale_elements(shape, lane)
        return elements * self.tiles_per_group * planes + -(-elements // shape.scales_per_word)

    def column_places(self) -> list[int]:
        """For each column, its place among the row's inputs: tile · inputs + position."""
        places: list[int] = []
        for column in range(self.columns):
            group, rest = divmod(column, self.weight_group)
            block, position = divmod(rest, self.activation_block)
            places.append(group * self.tiles_per_group * self.inputs + block * self.slot + position)
        return places
