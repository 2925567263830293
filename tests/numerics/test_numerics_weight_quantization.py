import numpy as np
import pytest

from lmc.numerics.weight_quantization import (
    WeightFormat,
    choose_frac,
    largest_scale,
    quantize_weights,
    weight_group,
)


def draw(rows=6, columns=64, spread=0.02):
    values = np.random.default_rng(7).standard_normal((rows, columns))
    return (spread * values).astype(np.float32)


def format_for(weights, bits=4, group=32, mantissa=8, exponent=3):
    frac = choose_frac(largest_scale(weights, bits), mantissa, exponent)
    return WeightFormat(bits, group, mantissa, exponent, frac)


def error(weights, fmt, clip="mse"):
    real = quantize_weights(weights, fmt, clip).real(fmt.frac)
    return float(((real - weights) ** 2).sum())


@pytest.mark.parametrize(
    ("columns", "group"),
    [(64, 64), (256, 128), (768, 128), (192, 64), (48, 48), (160, 32), (200, 100), (1, 1)],
)
def test_group_is_a_power_of_two_or_else_the_largest_divisor(columns, group):
    assert weight_group(columns) == group


@pytest.mark.parametrize(("mantissa", "exponent"), [(8, 3), (1, 4), (12, 0), (4, 2)])
def test_largest_scale_fits_the_top_of_the_window(mantissa, exponent):
    for scale in (1e-4, 0.02, 0.3, 7.0):
        frac = choose_frac(scale, mantissa, exponent)
        top = ((1 << mantissa) - 1) << ((1 << exponent) - 1)
        assert scale * 2.0**frac <= top < scale * 2.0 ** (frac + 1)
    assert choose_frac(0.0, mantissa, exponent) == 0


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("mantissa", [1, 4, 8])
def test_integers_fit_their_format(bits, mantissa):
    weights = draw()
    fmt = format_for(weights, bits=bits, mantissa=mantissa)
    matrix = quantize_weights(weights, fmt)
    assert matrix.q.shape == (6, 64)
    assert matrix.mantissa.shape == matrix.exponent.shape == (6, 2)
    assert matrix.group == 32
    assert -(2 ** (bits - 1)) <= matrix.q.min() <= matrix.q.max() < 2 ** (bits - 1)
    assert 1 <= matrix.mantissa.min() <= matrix.mantissa.max() < 2**mantissa
    assert matrix.exponent.max() < 8


def test_mantissas_are_normalized_where_the_exponent_allows():
    weights = draw() * np.logspace(0, -4, 6, dtype=np.float32)[:, None]
    matrix = quantize_weights(weights, format_for(weights))
    assert np.all((matrix.mantissa >= 128) | (matrix.exponent == 0))
    assert np.any(matrix.exponent == 0)


def test_clipping_lowers_the_squared_error():
    weights = draw()
    fmt = format_for(weights)
    assert error(weights, fmt) < 0.8 * error(weights, fmt, "none")


def test_without_clipping_nothing_saturates():
    weights = draw()
    fmt = format_for(weights)
    matrix = quantize_weights(weights, fmt, "none")
    half_units = np.repeat(matrix.scales() * 2.0**-fmt.frac, 32, axis=1) / 2
    assert np.all(np.abs(matrix.real(fmt.frac) - weights) <= half_units * (1 + 1e-5))


def test_search_beats_every_single_clipping():
    weights = draw(4, 32)
    fmt = format_for(weights)
    full = np.abs(weights).max(axis=1) / 7
    found = quantize_weights(weights, fmt).real(fmt.frac) - weights
    for ratio in 1 - np.arange(13) / 24:
        scale = (full * ratio)[:, None]
        clipped = np.clip(np.floor(weights / scale + 0.5), -8, 7) * scale
        assert np.all(((found**2).sum(1)) <= 1.02 * ((clipped - weights) ** 2).sum(1))


def test_powers_of_two_may_lie_above_the_range():
    weights = np.full((1, 32), 7 * 1.41, np.float32)
    fmt = WeightFormat(4, 32, 1, 3, 4)
    matrix = quantize_weights(weights, fmt)
    assert matrix.scales().tolist() == [[32]]  # 2.0: 9.87 is nearer to 5 · 2 than to 7 · 1


@pytest.mark.parametrize("clip", ["mse", "none"])
def test_two_terms_are_the_nearest_sums_of_two_powers(clip):
    weights = draw(64, 32)
    full = np.abs(weights).max(axis=1) / 7
    fmt = WeightFormat(4, 32, 8, 3, 10, 2)
    scales = quantize_weights(weights, fmt, clip).scales()[:, 0]
    sums = sorted({(1 << a) + (1 << b) for a in range(8) for b in range(8)})
    assert set(scales.tolist()) <= set(sums)
    if clip == "none":
        # The smallest sum that is not below the largest weight over 7.
        expected = [next(one for one in sums if one >= wanted) for wanted in full * 2.0**10]
        assert scales.tolist() == expected


def test_zero_weights_stay_zero():
    weights = np.zeros((2, 8), np.float32)
    matrix = quantize_weights(weights, format_for(weights, group=8))
    assert not matrix.q.any()
    assert matrix.mantissa.min() == 1


def test_blocks_of_rows_do_not_matter(monkeypatch):
    weights = draw()
    fmt = format_for(weights)
    whole = quantize_weights(weights, fmt)
    monkeypatch.setattr("lmc.numerics.weight_quantization._BLOCK_ELEMENTS", 40)
    pieces = quantize_weights(weights, fmt)
    assert np.array_equal(whole.q, pieces.q)
    assert np.array_equal(whole.scales(), pieces.scales())


def representable(fmt):
    """All (value, mantissa, exponent), by value."""
    shifts = range(1 << fmt.exponent)
    if fmt.terms:
        pairs = [((1 << k) + 1, e) for e in shifts for k in range(len(shifts) - e)]
        pairs = [(m, e) for m, e in pairs if m < 1 << fmt.mantissa]
    else:
        least = 1 << (fmt.mantissa - 1)
        pairs = [(m, e) for e in shifts for m in range(least if e else 1, 2 * least)]
    return sorted({m << e: (m << e, m, e) for m, e in pairs}.values())


def quantize_plainly(weights, fmt, importance):
    """The clipping search of one group after another in plain float32, sums from left to right."""
    known = representable(fmt)
    values = np.array([value for value, _, _ in known])
    limit = 1 << (fmt.bits - 1)
    ratios = [1 - index / 24 for index in range(13)]
    ratios = [2.0, 2.0**0.5, *ratios] if fmt.mantissa == 1 else ratios
    found = []
    for group, weigh in zip(weights, importance, strict=True):
        full = np.abs(group).max() * np.float32(1 / (limit - 1))
        best = (np.float32(np.inf),)
        for ratio in ratios:
            wanted = np.ldexp(full * np.float32(ratio), fmt.frac)
            _, m, e = known[int(np.abs(values - wanted).argmin())]
            scale = np.float32(2.0 ** (e - fmt.frac)) * np.float32(m)
            q = np.floor(group * (np.float32(1) / scale) + np.float32(0.5)).clip(-limit, limit - 1)
            error = q * scale - group
            total = np.cumsum(error * weigh * error, dtype=np.float32)[-1]
            if total < best[0]:
                best = (total, q, m, e)
        found.append(best[1:])
    return [np.array(part) for part in zip(*found, strict=True)]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("bits", "group", "mantissa", "exponent", "terms"),
    [(4, 64, 8, 3, 0), (8, 32, 8, 3, 0), (3, 40, 4, 2, 0), (4, 128, 1, 4, 0), (4, 64, 8, 3, 2)],
)
def test_compiled_search_is_the_plain_one(bits, group, mantissa, exponent, terms, weighted):
    weights = draw(9, 5 * group)
    weights[1] *= np.float32(0.01)
    columns = np.abs(np.random.default_rng(1).standard_normal(5 * group)).astype(np.float32)
    fmt = format_for(weights, bits, group, mantissa, exponent)._replace(terms=terms)
    matrix = quantize_weights(weights, fmt, importance=columns if weighted else None)
    importance = np.tile(columns if weighted else np.ones_like(columns), 9).reshape(-1, group)
    q, m, e = quantize_plainly(weights.reshape(-1, group), fmt, importance)
    assert np.array_equal(matrix.q, q.reshape(weights.shape))
    assert np.array_equal(matrix.mantissa, m.reshape(9, 5))
    assert np.array_equal(matrix.exponent, e.reshape(9, 5))
