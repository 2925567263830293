"""Tilings of weight matrices: every weight lands in exactly one place of exactly one lane."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lmc.backends.images import lane_words, scale_elements
from lmc.lowering.tiling import NIBBLE, EngineShape, MatrixTiling, planes_of
from lmc.numerics.weight_quantization import QuantizedMatrix

INPUTS = 32


@st.composite
def tilings(draw: st.DrawFn) -> MatrixTiling:
    block = draw(st.sampled_from([1, 2, 4, 5, 8, 12, 16, 32]))
    group = block * draw(st.integers(1, 9))
    return MatrixTiling(
        rows=draw(st.integers(1, 50)),
        columns=group * draw(st.integers(1, 4)),
        weight_group=group,
        activation_block=block,
        inputs=INPUTS,
    )


def shape_of(ports: int, rows: int, block: int = 4) -> EngineShape:
    return EngineShape(ports, rows, INPUTS, block, 8, 8, 3)


shapes = st.builds(shape_of, st.integers(1, 5), st.sampled_from([1, 2, 4]))


def random_matrix(tiling: MatrixTiling, seed: int, bits: int = 8) -> QuantizedMatrix:
    rng = np.random.default_rng(seed)
    most = 1 << (bits - 1)
    size = (tiling.rows, tiling.groups)
    return QuantizedMatrix(
        rng.integers(-most, most, (tiling.rows, tiling.columns)).astype(np.int8),
        rng.integers(0, 256, size).astype(np.uint16),
        rng.integers(0, 8, size).astype(np.uint8),
    )


def test_a_tiling_of_the_default_preset() -> None:
    tiling = MatrixTiling(50, 192, 96, 32, INPUTS)
    shape = shape_of(ports=3, rows=4, block=32)
    assert (tiling.slot, tiling.slots_per_tile, tiling.blocks_per_group) == (32, 1, 3)
    assert (tiling.groups, tiling.tiles_per_group, tiling.tiles) == (2, 3, 6)
    assert shape.all_rows == 12
    assert tiling.row_blocks(shape) == 5  # 50 rows in rounds of 12
    assert tiling.words(shape, planes=2) == 5 * 6 * 2
    assert shape.word_bits == 32 * 4 * 4
    # A tile: 32 elements of 8 bits, then one exponent of 4 bits.
    assert (shape.tile_bits, shape.exponent_offset(0)) == (260, 256)
    assert tiling.column_places() == list(range(192))


def test_odd_blocks_take_slots_of_a_power_of_two() -> None:
    # Blocks of 5 in slots of 8, four slots to a tile; a group of 25 fills a tile and a quarter.
    tiling = MatrixTiling(4, 50, 25, 5, INPUTS)
    assert (tiling.slot, tiling.slots_per_tile, tiling.tiles_per_group) == (8, 4, 2)
    assert (tiling.slots_per_group, tiling.tiles) == (8, 4)
    places = tiling.column_places()
    assert places[:6] == [0, 1, 2, 3, 4, 8]
    assert places[20:25] == [32, 33, 34, 35, 36]
    assert places[25] == 64  # the second group begins a tile


@given(tilings())
def test_columns_keep_their_block_group_and_order(tiling: MatrixTiling) -> None:
    places = tiling.column_places()
    assert places == sorted(set(places))
    assert places[-1] < tiling.tiles * INPUTS
    for column, place in enumerate(places):
        tile, position = divmod(place, INPUTS)
        assert tile // tiling.tiles_per_group == column // tiling.weight_group
        # A block is never cut by the end of a tile, and its slot holds nothing else.
        assert position % tiling.slot == column % tiling.weight_group % tiling.activation_block
        first = column - column % tiling.weight_group % tiling.activation_block
        assert place // tiling.slot == places[first] // tiling.slot


def test_planes_are_nibbles() -> None:
    assert [planes_of(bits) for bits in (2, 4, 5, 8)] == [1, 1, 2, 2]


@given(tilings(), shapes, st.integers(0, 99), st.sampled_from([3, 4, 6, 8]))
def test_every_weight_lands_exactly_once(
    tiling: MatrixTiling, shape: EngineShape, seed: int, bits: int
) -> None:
    matrix, planes = random_matrix(tiling, seed, bits), planes_of(bits)
    word_nibbles = shape.rows * INPUTS
    found = np.zeros((shape.all_rows * tiling.row_blocks(shape), tiling.tiles * INPUTS), np.int64)
    for lane in range(shape.ports):
        image = lane_words(matrix, lane, shape, tiling, planes)
        assert len(image) == tiling.words(shape, planes) * shape.word_bits // 8
        for index in range(2 * len(image)):
            nibble = image[index // 2] >> (NIBBLE * (index % 2)) & 0xF
            word, place = divmod(index, word_nibbles)
            row, position = divmod(place, INPUTS)
            rest, plane = divmod(word, planes)
            block, tile = divmod(rest, tiling.tiles)
            signed = nibble - 16 if plane == planes - 1 and nibble > 7 else nibble
            row += (block * shape.ports + lane) * shape.rows
            found[row, tile * INPUTS + position] += signed << (NIBBLE * plane)
    places = tiling.column_places()
    assert np.array_equal(found[: tiling.rows, places], matrix.q)
    found[: tiling.rows, places] = 0
    assert not found.any()


@given(tilings(), shapes, st.integers(0, 99))
def test_every_scale_lands_exactly_once(
    tiling: MatrixTiling, shape: EngineShape, seed: int
) -> None:
    matrix = random_matrix(tiling, seed)
    blocks = tiling.row_blocks(shape)
    found = np.zeros((blocks * shape.all_rows, tiling.groups, 2), np.int64)
    for lane in range(shape.ports):
        elements = scale_elements(matrix, lane, shape)
        assert elements.shape == (blocks * tiling.groups, shape.rows * shape.scale_bits)
        for index, bits in enumerate(elements):
            block, group = divmod(index, tiling.groups)
            value = sum(int(bit) << place for place, bit in enumerate(bits))
            for row in range(shape.rows):
                scale = value >> row * shape.scale_bits
                number = (block * shape.ports + lane) * shape.rows + row
                found[number, group] += (scale & 0xFF, scale >> 8 & 0x7)
    assert np.array_equal(found[: tiling.rows, :, 0], matrix.mantissa)
    assert np.array_equal(found[: tiling.rows, :, 1], matrix.exponent)
    assert not found[tiling.rows :].any()
