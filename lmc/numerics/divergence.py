"""How far one model's predictions are from another's."""

import math

import numpy as np
from numpy.typing import NDArray

DoubleArray = NDArray[np.float64]


def log2_softmax(logits: DoubleArray) -> DoubleArray:
    """log2 of the probabilities that logits [..., V] stand for."""
    shifted = (logits - logits.max(axis=-1, keepdims=True)) / math.log(2)
    shifted -= np.log2(np.exp2(shifted).sum(axis=-1, keepdims=True))
    return shifted


def divergence(reference: DoubleArray, found: DoubleArray) -> DoubleArray:
    """Kullback-Leibler divergence in bits, [...], of log2 probabilities [..., V].

    Σ p · log2(p / q) with p the reference: what is lost in bits for each token, on text that is
    drawn from the reference.
    """
    return (np.exp2(reference) * (reference - found)).sum(axis=-1)
