import numpy as np
import pytest

from lmc.numerics.hadamard import (
    block_order,
    growth_bits,
    hadamard,
    is_supported,
    paley_order,
    rotate,
    rotate_blocks,
    rotate_in_float,
    rotate_integers,
    rotate_rows,
    signs,
    sylvester,
    unrotate_blocks,
)

ONLINE_BLOCKS = [1, 2, 8, 64, 12, 20, 28, 24, 384, 512, 1536]


@pytest.mark.parametrize("order", [1, 2, 4, 12, 20, 24, 28, 36, 40, 44, 64, 128, 192, 768])
def test_hadamard_matrices_are_orthogonal(order):
    matrix = hadamard(order).astype(np.int64)
    assert np.array_equal(np.abs(matrix), np.ones((order, order)))
    assert np.array_equal(matrix @ matrix.T, order * np.eye(order))


@pytest.mark.parametrize("order", [-4, 0, 3, 6, 10, 52, 18, 4 * 10**9 + 4])
def test_orders_without_a_matrix_here_are_refused(order):
    assert not is_supported(order)
    with pytest.raises(ValueError, match="no Hadamard matrix"):
        hadamard(order)


def test_block_order_is_the_whole_width_of_real_models():
    widths = [768, 1024, 1536, 2048, 2560, 3072, 5120, 192, 256]
    assert [block_order(width) for width in widths] == widths
    assert [block_order(width) for width in (52, 156, 6, 9)] == [4, 12, 2, 1]


@pytest.mark.parametrize("width", [6, 24, 52, 192, 768])
def test_rotation_is_orthonormal_and_mixes(width):
    rotation = rotate(np.eye(width, dtype=np.float32), seed=3).astype(np.float64)
    assert np.abs(rotation @ rotation.T - np.eye(width)).max() < 1e-6
    block = block_order(width)
    inside = rotation[:block, :block]
    assert np.allclose(np.abs(inside), block**-0.5)
    expected = signs(block, 3)[:, None] * hadamard(block) / np.sqrt(block)
    assert np.allclose(inside, expected, atol=1e-6)


@pytest.mark.parametrize("width", [24, 52, 192, 640, 2560])
@pytest.mark.parametrize("rows", [1, 64, 150])
def test_rotations_are_products_with_a_dense_matrix(width, rows):
    x = np.random.default_rng(0).standard_normal((rows, width)).astype(np.float32)
    block = block_order(width)
    blocks = np.kron(np.eye(width // block), hadamard(block))
    dense = signs(width, 3)[:, None] * blocks / np.sqrt(block)
    # Rounded once to float32; the last bit may differ where the sum lies between two numbers.
    assert np.allclose(rotate(x, 3), x @ dense, rtol=2e-7, atol=1e-12)
    columns = np.ascontiguousarray(x.T)
    assert np.array_equal(rotate_rows(columns, 3), rotate(x, 3).T)
    assert np.array_equal(rotate_rows(x.T, 3), rotate(x, 3).T)
    assert np.allclose(unrotate_blocks(x, block), x @ blocks / block, rtol=2e-7, atol=1e-12)


def test_rotation_depends_on_the_seed_alone():
    x = np.random.default_rng(0).standard_normal((5, 24)).astype(np.float32)
    assert np.array_equal(rotate(x, 1), rotate(x, 1))
    assert not np.allclose(rotate(x, 1), rotate(x, 2))


def test_rows_and_columns_are_rotated_by_the_same_matrix():
    rng = np.random.default_rng(0)
    out_proj = rng.standard_normal((24, 7)).astype(np.float32)
    in_proj = rng.standard_normal((5, 24)).astype(np.float32)
    rotated = rotate(in_proj, 4) @ rotate_rows(out_proj, 4)
    assert np.allclose(rotated, in_proj @ out_proj, atol=1e-5)
    vector = out_proj[:, 0]
    assert np.allclose(rotate_rows(vector, 4), rotate(vector, 4))


@pytest.mark.parametrize(
    ("order", "paley"), [(1, 1), (64, 1), (12, 12), (384, 12), (5120, 20), (56, 28)]
)
def test_sylvester_is_the_inner_factor(order, paley):
    assert paley_order(order) == paley
    assert np.array_equal(hadamard(order)[:, 0], np.repeat(hadamard(paley)[:, 0], order // paley))
    corner = order // paley
    assert np.array_equal(hadamard(order)[:corner, :corner], sylvester(corner))


@pytest.mark.parametrize("block", ONLINE_BLOCKS)
def test_integer_rotation_is_the_matrix_exactly(block):
    x = np.random.default_rng(0).integers(-(2**49), 2**49, (3, 2, 2 * block))
    expected = x.reshape(3, 2, 2, block) @ hadamard(block).astype(np.int64)
    assert np.array_equal(rotate_integers(x, block), expected.reshape(x.shape))


@pytest.mark.parametrize("block", [1, 12, 64, 128, 384, 5120])
def test_rotation_in_float_is_exact(monkeypatch, block):
    limit = 2**53 // block - 1
    x = np.random.default_rng(0).integers(-limit, limit, (3, 2, 2 * block))
    x[0] = limit
    for worth_compiling in (0, 1 << 62):
        monkeypatch.setattr("lmc.numerics.hadamard._WORTH_COMPILING", worth_compiling)
        assert np.array_equal(rotate_in_float(x, block), rotate_integers(x, block))


def test_a_long_rotation_is_exact():
    x = np.random.default_rng(0).integers(-(2**23), 2**23, 5120)
    assert np.array_equal(rotate_integers(x, 5120), x @ hadamard(5120).astype(np.int64))


@pytest.mark.parametrize("block", ONLINE_BLOCKS)
def test_float_rotation_is_the_integer_one(block):
    x = np.random.default_rng(0).integers(-100, 100, (3, 2 * block))
    found = rotate_blocks(x.astype(np.float32), block)
    assert found.dtype == np.float32
    assert np.array_equal(found, rotate_integers(x, block))


@pytest.mark.parametrize("block", ONLINE_BLOCKS)
def test_sums_fit_their_bits(block):
    low, high = -8, 7
    signs_of_columns = hadamard(block).T
    # The terms that make each sum as large, and as small, as it can be.
    largest = np.where(signs_of_columns > 0, high, low)
    sums = [rotate_integers(x.astype(np.int64), block) for x in (largest, low + high - largest)]
    bits = 4 + growth_bits(block)
    assert np.max(sums) < 1 << (bits - 1)
    assert np.min(sums) >= -(1 << (bits - 1))


@pytest.mark.parametrize("block", [8, 12, 24])
def test_unrotate_undoes_the_online_rotation(block):
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((5, 2 * block)).astype(np.float32)
    x = rng.integers(-100, 100, 2 * block)
    rotated = rotate_integers(x, block)
    assert np.allclose(unrotate_blocks(weight, block) @ rotated, weight @ x, atol=1e-3)
