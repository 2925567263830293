"""Log-likelihoods of continuations and greedy text, against values worked out by hand."""

import json
import math

import numpy as np
import pytest
from tokenizers import Tokenizer, models

from lmc.diagnostics import LmcError
from lmc.evaluation.likelihood import Continuation, greedy_text, score, start_token
from lmc.models.tokenizer import ByteTokenizer, JsonTokenizer


class Successor:
    """Gives the token after the last the probability 3/4, all others the same."""

    vocabulary = 256

    def __init__(self):
        self.lengths = []

    def pieces(self, ids, length):
        self.lengths.append(len(ids))
        rest = math.log(0.25 / 255)
        for start in range(0, len(ids), length):
            part = ids[start : start + length]
            logits = np.full((*part.shape, 256), rest)
            np.put_along_axis(logits, (part[..., None] + 1) % 256, math.log(0.75), -1)
            yield logits

    def generate(self, prompt, count):
        yield from ((prompt[-1] + 1 + i) % 256 for i in range(count))


HIT, MISS = math.log(0.75), math.log(0.25 / 255)


def test_scores_come_in_the_order_of_the_requests():
    engine = Successor()
    requests = [
        Continuation([1], [2]),
        Continuation([1, 2, 3], [4, 5, 9]),
        Continuation([7, 7], [8, 9]),
    ]
    found = score(engine, requests, max_length=10, batch=2)
    assert [one.is_greedy for one in found] == [True, False, True]
    expected = [HIT, 2 * HIT + MISS, 2 * HIT]
    assert [one.log_likelihood for one in found] == pytest.approx(expected)
    # The longest go first, two together.
    assert engine.lengths == [5, 1]


def test_a_long_context_loses_its_beginning():
    engine = Successor()
    (found,) = score(engine, [Continuation(range(20), [20, 21])], max_length=4, batch=1)
    assert engine.lengths == [4]
    assert found.log_likelihood == pytest.approx(2 * HIT)


def test_scores_do_not_depend_on_the_pieces(monkeypatch):
    monkeypatch.setattr("lmc.evaluation.likelihood._LOGITS_AT_ONCE", 3 * 256 * 2)
    requests = [Continuation([5], [6, 7, 9, 10, 11, 30]), Continuation([1, 1, 1, 1], [2])]
    found = score(Successor(), requests, max_length=99, batch=2)
    expected = [4 * HIT + 2 * MISS, HIT]
    assert [one.log_likelihood for one in found] == pytest.approx(expected)


@pytest.mark.parametrize(("context", "tokens"), [([], [1]), ([1], []), ([1], [1, 2, 3])])
def test_what_cannot_be_scored_is_refused(context, tokens):
    with pytest.raises(LmcError, match="cannot be scored"):
        score(Successor(), [Continuation(context, tokens)], max_length=2, batch=1)


def test_greedy_text_ends_before_a_stop_or_an_end_token():
    engine, tokenizer = Successor(), ByteTokenizer()
    prompt = tokenizer.encode("a")
    assert greedy_text(engine, tokenizer, prompt, 5, [], ()) == "bcdef"
    assert greedy_text(engine, tokenizer, prompt, 5, ["ef", "de"], ()) == "bc"
    assert greedy_text(engine, tokenizer, prompt, 5, ["x"], [ord("d")]) == "bc"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"bos_token": "<s>", "eos_token": "</s>"}, 1),
        ({"bos_token": None, "eos_token": {"content": "</s>"}}, 2),
        ({}, None),
        (None, None),
    ],
)
def test_the_start_token_is_the_one_that_the_tokenizer_names(tmp_path, config, expected):
    tokens = {"a": 0, "<s>": 1, "</s>": 2}
    Tokenizer(models.WordLevel(tokens)).save(str(tmp_path / "tokenizer.json"))
    if config is not None:
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    assert start_token(JsonTokenizer(tmp_path / "tokenizer.json", 3)) == expected


def test_a_start_token_that_is_not_there_is_refused(tmp_path):
    Tokenizer(models.WordLevel({"a": 0})).save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "tokenizer_config.json").write_text('{"bos_token": "<s>"}')
    with pytest.raises(LmcError, match="does not have"):
        start_token(JsonTokenizer(tmp_path / "tokenizer.json", 1))
    assert start_token(ByteTokenizer()) is None
