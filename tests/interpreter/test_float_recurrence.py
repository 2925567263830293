"""States walked through a few channels at a time, against all of them token after token."""

import numpy as np
import pytest

from lmc.interpreter.float_recurrence import walk_states


@pytest.mark.parametrize("elements", [1, 100, 1 << 16])
@pytest.mark.parametrize("decays", [1, 8])
def test_pieces_of_channels_go_through_the_same_states(monkeypatch, elements, decays):
    monkeypatch.setattr("lmc.interpreter.float_recurrence._ELEMENTS", elements)
    tokens, batch, groups, size, channels = 5, 2, 3, 8, 7
    draw = np.random.default_rng(0).standard_normal
    state, kept, added, columns = (
        draw(shape).astype(np.float32)
        for shape in (
            (batch, groups, size, channels),
            (tokens, batch, groups, decays, channels),
            (tokens, batch, groups, 1, channels),
            (tokens, batch, groups, size, 1),
        )
    )
    expected = [state]
    for token in range(tokens):
        expected.append(expected[-1] * kept[token] + added[token] * columns[token])
    found = np.zeros((tokens, *state.shape), np.float32)
    last = state.copy()
    for part, token, current in walk_states(last, kept, added, columns):
        found[token][..., part] = current
    assert np.array_equal(found, expected[1:])
    assert np.array_equal(last, expected[-1])
