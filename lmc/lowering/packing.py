"""Several narrow weights times one activation in one DSP, and the exact way back.

    P = Σ_i (Σ_k w[k, i] << s·k) · a[i] = Σ_k S_k << s·k    with    S_k = Σ_i w[k, i] · a[i]

Fields are s bits apart, enough for every sum S_k, so the lowest one is P's low s bits read with
their sign. What is above it, P >> s, is too small by one exactly when S_0 is negative, that is by
the bit s - 1 of P; adding that bit leaves the packed sum of the other fields.
"""

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerType

from lmc.dataflow.implementations import SMALLEST_DSP, make_cascade
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import Range, is_signed, si, smallest_type, type_range


@dataclass(frozen=True)
class Packing:
    """How fields share a DSP: the type of a field's sum, whose width is the spacing in bits."""

    field: IntegerType

    @property
    def spacing(self) -> int:
        """Bits from one field to the next."""
        return self.field.width.data


def plan_packing(
    weight: IntegerType, activation: IntegerType, *, fields: int, terms: int
) -> Packing:
    """Fields for sums of `terms` products of these types.

    Raises:
        LmcError: the packed weights, the activation or the packed sum are wider than a DSP takes.
    """
    w, a = type_range(weight), type_range(activation)
    ends = [x * y for x in (w.low, w.high) for y in (a.low, a.high)]
    sums = Range(min(0, *ends) * terms, max(0, *ends) * terms)
    packing = Packing(smallest_type(sums))
    places = sum(1 << packing.spacing * k for k in range(fields))
    sizes = {
        "packed weights": (Range(w.low * places, w.high * places), SMALLEST_DSP.wide),
        "activation": (a, SMALLEST_DSP.narrow),
        "packed sum": (Range(sums.low * places, sums.high * places), SMALLEST_DSP.sum),
    }
    for name, (values, most) in sizes.items():
        width = smallest_type(Range(min(values.low, -1), values.high)).width.data
        if width > most:
            raise LmcError(
                f"{fields} weights of {weight} times {activation}, {terms} terms, do not fit a "
                f"DSP: the {name} would have {width} bits of {most}; pack fewer or add up fewer"
            )
    return packing


def most_terms(weight: IntegerType, activation: IntegerType, *, fields: int) -> int:
    """The largest power of two of terms for which `plan_packing` finds room; 0 when none fits."""
    terms = 0
    while True:
        try:
            plan_packing(weight, activation, fields=fields, terms=max(1, 2 * terms))
        except LmcError:
            return terms
        terms = max(1, 2 * terms)


def packed_dot(
    task: TaskBuilder,
    label: str,
    weights: Callable[[int, Value], Value],
    activation: Callable[[Value], Value],
    *,
    fields: int,
    terms: int,
) -> list[Value]:
    """For each k below `fields`, the sum over i of weights(k, i) · activation(i), exact.

    i is the counter of an unrolled loop of `terms` iterations, one DSP each. All weights are of one
    type. Raises LmcError as `plan_packing` does.
    """
    packings: list[Packing] = []

    def product(position: Value) -> Value:
        parts = [weights(k, position) for k in range(fields)]
        shared = activation(position)
        packing = plan_packing(parts[0].type, shared.type, fields=fields, terms=terms)
        packings.append(packing)
        packed = parts[0]
        for k, part in enumerate(parts[1:], start=1):
            packed = packed + (part << packing.spacing * k)
        return packed * shared

    total = task.sum(label, terms, product)
    make_cascade(total.ssa)
    return _unpacked(total, packings[0], fields)


def _unpacked(total: Value, packing: Packing, fields: int) -> list[Value]:
    rest, found = total, list[Value]()
    for _ in range(fields - 1):
        found.append(rest.cast(packing.field))
        above = (rest >> packing.spacing).cast(_narrower(rest.type, packing.spacing))
        if is_signed(packing.field):
            borrowed = rest.slice(packing.spacing - 1, 1, signed=False)
            above = above.task.add(above, borrowed, above.type)
        rest = above
    return [*found, rest.cast(packing.field)]


def _narrower(type_: IntegerType, bits: int) -> IntegerType:
    width = type_.width.data - bits
    return si(width) if is_signed(type_) else IntegerType(width, type_.signedness)
