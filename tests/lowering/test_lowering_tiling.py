"""Tilings of weight matrices: every weight lands in exactly one place of exactly one lane."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lmc.backends.images import LaneImage
from lmc.memory_layout.tiling import NIBBLE, MatrixTiling, MatrixUnitShape, planes_of
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


def shape_of(sets: tuple[int, ...], rows: int, block: int = 4) -> MatrixUnitShape:
    return MatrixUnitShape(sets, rows, INPUTS, block, 8, 8, 3)


shapes = st.builds(
    shape_of,
    st.lists(st.integers(1, 4), min_size=1, max_size=5).map(tuple),
    st.sampled_from([1, 2, 4]),
)


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
    shape = shape_of((1, 1, 1), rows=4, block=32)
    assert (tiling.slot, tiling.slots_per_tile, tiling.blocks_per_group) == (32, 1, 3)
    assert (tiling.groups, tiling.tiles_per_group, tiling.tiles) == (2, 3, 6)
    assert shape.all_rows == 12
    assert tiling.row_blocks(shape) == 5  # 50 rows in rounds of 12
    assert shape.word_bits == 32 * 4 * 4
    # An element holds the scales of 4 rows, 11 bits each; a word holds 11 elements.
    assert (tiling.scale_elements(shape, 0), shape.scales_per_word) == (5 * 2, 11)
    assert tiling.words(shape, 0, planes=2) == 5 * 6 * 2 + 1
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


def test_lanes_with_several_sets_have_rows_side_by_side() -> None:
    tiling = MatrixTiling(50, 192, 96, 32, INPUTS)
    shape = shape_of((1, 3), rows=4, block=32)
    assert (shape.all_sets, shape.all_rows) == (4, 16)
    assert [shape.lane_rows(lane) for lane in (0, 1)] == [slice(0, 4), slice(4, 16)]
    assert tiling.row_blocks(shape) == 4  # 50 rows in rounds of 16
    assert [tiling.scale_elements(shape, lane) for lane in (0, 1)] == [4 * 2, 3 * 4 * 2]
    # 11 elements to a word of scales: one word, and three of them.
    assert tiling.words(shape, 0, planes=1) == 4 * 6 + 1
    assert tiling.words(shape, 1, planes=1) == 3 * 4 * 6 + 3


def image_of(
    tiling: MatrixTiling, shape: MatrixUnitShape, lane: int, matrix: QuantizedMatrix, planes: int
) -> tuple[list[int], list[int]]:
    """Weight words and elements of scales of a lane, as its image has them in turn."""
    rows = shape.lane_rows(lane)
    image = LaneImage(
        rows.start, shape.sets[lane], shape.all_rows, shape.rows, tiling, planes, (8, 3)
    )
    words = [int.from_bytes(word.tobytes(), "little") for word in image.words(matrix)]
    assert len(words) == tiling.words(shape, lane, planes)
    weights: list[int] = []
    scales: list[int] = []
    width = shape.scale_bits * shape.rows
    left = tiling.scale_elements(shape, lane)
    while words:
        count = min(left, shape.scales_per_word)
        word, used = words.pop(0), count * tiling.tiles_per_group * planes
        scales += [word >> index * width & (1 << width) - 1 for index in range(count)]
        assert word >> count * width == 0
        weights += words[:used]
        del words[:used]
        left -= count
    assert left == 0
    return weights, scales


@given(tilings(), shapes, st.integers(0, 99), st.sampled_from([3, 4, 6, 8]))
def test_every_weight_lands_exactly_once(
    tiling: MatrixTiling, shape: MatrixUnitShape, seed: int, bits: int
) -> None:
    matrix, planes = random_matrix(tiling, seed, bits), planes_of(bits)
    found = np.zeros((shape.all_rows * tiling.row_blocks(shape), tiling.tiles * INPUTS), np.int64)
    for lane, sets in enumerate(shape.sets):
        weights, _ = image_of(tiling, shape, lane, matrix, planes)
        for number, word in enumerate(weights):
            rest, rows_set = divmod(number, sets)
            rest, plane = divmod(rest, planes)
            block, tile = divmod(rest, tiling.tiles)
            first = block * shape.all_rows + shape.lane_rows(lane).start + rows_set * shape.rows
            for place in range(shape.rows * INPUTS):
                nibble = word >> NIBBLE * place & 0xF
                row, position = divmod(place, INPUTS)
                signed = nibble - 16 if plane == planes - 1 and nibble > 7 else nibble
                found[first + row, tile * INPUTS + position] += signed << (NIBBLE * plane)
    places = tiling.column_places()
    assert np.array_equal(found[: tiling.rows, places], matrix.q)
    found[: tiling.rows, places] = 0
    assert not found.any()


@given(tilings(), shapes, st.integers(0, 99))
def test_every_scale_lands_exactly_once(
    tiling: MatrixTiling, shape: MatrixUnitShape, seed: int
) -> None:
    matrix = random_matrix(tiling, seed)
    found = np.zeros((tiling.row_blocks(shape) * shape.all_rows, tiling.groups, 2), np.int64)
    for lane, sets in enumerate(shape.sets):
        _, scales = image_of(tiling, shape, lane, matrix, planes=2)
        for number, value in enumerate(scales):
            rest, rows_set = divmod(number, sets)
            block, group = divmod(rest, tiling.groups)
            first = block * shape.all_rows + shape.lane_rows(lane).start + rows_set * shape.rows
            for row in range(shape.rows):
                scale = value >> row * shape.scale_bits
                found[first + row, group] += (scale & 0xFF, scale >> 8 & 0x7)
    assert np.array_equal(found[: tiling.rows, :, 0], matrix.mantissa)
    assert np.array_equal(found[: tiling.rows, :, 1], matrix.exponent)
    assert not found[tiling.rows :].any()
