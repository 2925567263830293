"""The integer interpreter against docs/number-formats.md in plain Python integers."""

from itertools import islice

import numpy as np
import pytest
from integer_modules import function_of, mamba1, mamba2
from number_format_reference import flat, run_reference

from lmc.diagnostics import LmcError
from lmc.interpreter import (
    BlockValue,
    Program,
    PseudoFloatValue,
    generate,
    greedy,
    real_values,
    run,
    same_values,
)

IDS = np.array([[3, 0], [14, 7], [15, 2], [9, 9], [2, 6], [5, 3], [3, 5], [8, 1]])


@pytest.mark.parametrize("build", [mamba2, mamba1])
@pytest.mark.parametrize("spread", [0.3, 1.0, 6.0])
def test_models_equal_the_plain_reference(build, spread):
    module, store = build(spread)
    result = run(module, IDS, weights=store)
    for sequence in range(IDS.shape[1]):
        logits, states = run_reference(function_of(module), store, IDS[:, sequence].tolist())
        assert result.logits[:, sequence].tolist() == logits
        for state, expected in zip(result.states, states, strict=True):
            parts = (
                BlockValue(state.q[sequence], state.e[sequence])
                if isinstance(state, BlockValue)
                else state[sequence]
            )
            assert flat(parts) == expected


@pytest.mark.parametrize("build", [mamba2, mamba1])
def test_tokens_one_by_one_equal_all_at_once(build):
    module, store = build()
    program = Program(module, store)
    whole = program.run(IDS)
    states, logits = None, []
    for row in IDS:
        step = program.run(row[None], states=states)
        states = step.states
        logits.append(step.logits)
    assert np.array_equal(np.concatenate(logits), whole.logits)
    assert all(same_values(a, b) for a, b in zip(states, whole.states, strict=True))


@pytest.mark.parametrize("build", [mamba2, mamba1])
@pytest.mark.parametrize("elements", [1, 200])
def test_pieces_and_compiled_loops_equal_all_at_once(monkeypatch, build, elements):
    module, store = build()
    whole = run(module, IDS, weights=store)
    monkeypatch.setattr("lmc.interpreter.program._INTEGER_PIECE", elements)
    monkeypatch.setattr("lmc.interpreter.program._PIECE_TOKENS", 2)
    monkeypatch.setattr("lmc.interpreter.recurrence._WORTH_COMPILING", 0)
    pieces = run(module, IDS, weights=store)
    assert np.array_equal(pieces.logits, whole.logits)
    assert all(same_values(a, b) for a, b in zip(pieces.states, whole.states, strict=True))


@pytest.mark.parametrize("build", [mamba2, mamba1])
def test_threads_change_nothing(monkeypatch, build):
    module, store = build()
    ids = np.concatenate([IDS, IDS[::-1], IDS[:, :1]], axis=1)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    alone = run(module, ids, weights=store)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    together = run(module, ids, weights=store)
    assert np.array_equal(alone.logits, together.logits)
    assert all(same_values(a, b) for a, b in zip(alone.states, together.states, strict=True))


def test_listener_sees_every_result_with_its_layer():
    module, store = mamba2()
    seen = {}
    result = run(
        module,
        IDS,
        weights=store,
        listener=lambda name, layer, op, v: seen.update({(name, layer): v}),
    )
    assert np.array_equal(seen["logits", None], result.logits)
    assert seen["zxbcdt", 0].shape == seen["zxbcdt", 1].shape == (8, 2, 34)
    assert same_values(seen["ssm_new", None], result.states[1])
    assert isinstance(seen["u_q", 1], BlockValue)
    assert isinstance(seen["reciprocal", 1], PseudoFloatValue)


def test_greedy_takes_the_lowest_of_the_largest():
    module, store = mamba2()
    tokens = greedy(module, [1, 2], 6, store)
    assert tokens == list(islice(generate(Program(module, store), [1, 2]), 6))
    ids = np.array([1, 2, *tokens])[:, None]
    logits = run(module, ids, weights=store).logits[1:-1, 0]
    assert tokens == [row.tolist().index(row.max()) for row in logits]


def test_real_values_follow_the_formats():
    module, store = mamba2()
    result = run(module, IDS, weights=store)
    real = real_values(result.logits, result.logits_format)
    assert np.array_equal(real, result.logits / 2**16)
    state = result.states[1]
    element = function_of(module).body.block.args[2].type.element_type
    expected = state.q * 2.0 ** (np.repeat(state.e, 2, -1) - 14)
    assert np.array_equal(real_values(state, element), expected)


@pytest.mark.parametrize(
    ("ids", "states", "message"),
    [
        ([[16]], None, "token ids go from 16 to 16"),
        ([[-1]], None, "token ids go from -1"),
        ([1, 2], None, "tokens, batch"),
        ([[1]], (), "0 states given"),
        ([[1, 2]], 1, r"a state has shape \[1, 2, 24, 3\]"),
    ],
)
def test_bad_inputs_are_refused(ids, states, message):
    module, store = mamba2()
    program = Program(module, store)
    if states == 1:
        states = program.run([[1]]).states
    with pytest.raises(LmcError, match=message):
        program.run(ids, states=states)


def test_empty_prompt_is_refused():
    module, store = mamba2()
    with pytest.raises(LmcError, match="prompt is empty"):
        greedy(module, [], 1, store)
