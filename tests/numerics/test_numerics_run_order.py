"""Run orders: which element lies where, and what is left of an order for some of its pieces."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lmc.numerics.run_order import Run, RunOrder

HEADS = RunOrder((Run(2, 3), Run(1, 1)), 2, (Run(1, 2), Run(0, 4)))
"""Pieces of 8, 5 and 3 elements."""


@st.composite
def orders(draw) -> RunOrder:
    """Each piece has runs in front, in the repeated part or in both."""
    pieces = draw(st.integers(1, 5))
    runs = [Run(piece, draw(st.integers(1, 4))) for piece in range(pieces)]
    more = [
        Run(draw(st.integers(0, pieces - 1)), draw(st.integers(1, 4)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    runs = draw(st.permutations(runs + more))
    cut = draw(st.integers(0, len(runs)))
    return RunOrder.of(runs[:cut], draw(st.integers(1, 3)), runs[cut:])


def test_elements_lie_in_their_runs():
    assert HEADS.lengths == (8, 5, 3)
    # Pieces one after the other are elements 0 to 7, 8 to 12, 13 to 15.
    in_order = [13, 14, 15, 8, 9, 10, 0, 1, 2, 3, 11, 12, 4, 5, 6, 7]
    assert HEADS.indices().tolist() == in_order
    assert HEADS.places()[13] == 0
    assert not HEADS.is_consecutive
    assert RunOrder.of([Run(0, 2), Run(1, 3)]).is_consecutive
    assert not RunOrder.of([Run(1, 2), Run(0, 3)]).is_consecutive


def test_runs_of_one_piece_are_joined():
    assert HEADS.only([0]) == RunOrder((Run(0, 8),))
    assert HEADS.only([1, 2]) == RunOrder((Run(2, 3), Run(1, 5)))
    assert HEADS.renamed({0: 0, 1: 0, 2: 1}) == RunOrder((Run(1, 3), Run(0, 13)))
    assert RunOrder.of([Run(0, 1)], 1, [Run(0, 1), Run(1, 1)]) == RunOrder((Run(0, 2), Run(1, 1)))


@given(orders())
def test_an_order_is_a_permutation(order: RunOrder):
    indices = order.indices()
    assert sorted(indices) == list(range(sum(order.lengths)))
    assert np.array_equal(indices[order.places()], np.arange(len(indices)))
    assert order.is_consecutive == np.array_equal(indices, np.arange(len(indices)))


@given(orders(), st.data())
def test_part_of_an_order_keeps_what_it_says_of_its_pieces(order: RunOrder, data: st.DataObject):
    pieces = data.draw(st.sets(st.sampled_from(range(len(order.lengths))), min_size=1))
    labels = [piece for piece, length in order.runs for _ in range(length)]
    left = [piece for piece, length in order.only(pieces).runs for _ in range(length)]
    assert left == [piece for piece in labels if piece in pieces]
    numbers = {piece: piece % 2 for piece in range(len(order.lengths))}
    named = [piece for piece, length in order.renamed(numbers).runs for _ in range(length)]
    assert named == [numbers[piece] for piece in labels]
