"""What the panel says of a step's bits, and of what it costs in accuracy."""

from lmc.explorer.bits import Bits
from lmc.explorer.numerics import Deviation, StepNumerics


def short_bits(bits: Bits | None) -> str:
    """Bits of a weight and of activations, for the list of steps: `4.43/8`."""
    if bits is None:
        return ""
    return "/".join(filter(None, (_mean(bits), ",".join(map(str, bits.activations)))))


def bits_sentences(bits: Bits | None, before: Bits | None) -> list[str]:
    """Bits of weights and activations, and what they were in the step before where they differ."""
    if bits is None:
        return []
    all_weights = sum(bits.weights.values())
    widths = ", ".join(
        f"{width} bits: {count / all_weights:.1%}" for width, count in bits.weights.items()
    )
    was = _was(_mean(bits), None if before is None else _mean(before))
    said = [f"Weights: {_mean(bits)} bits each with scales{was}; {widths}"]
    if bits.activations:
        was = _was(_widths(bits), None if before is None else _widths(before))
        said.append(f"Activations of linear layers: {_widths(bits)} bits{was}")
    return said


def accuracy_sentences(step: StepNumerics, tokens: int, *, is_float: bool) -> list[str]:
    """How far logits are from the float model's and from those of the step run before.

    `is_float` says that the step is of level 1, whose first module stands for the float model.
    """
    said: list[str] = []
    for deviation, what in (
        (step.of_float, "the float model"),
        (step.of_before, "the step run before"),
    ):
        if deviation is not None:
            said.append(f"Logits against {what}: {_deviation(deviation, tokens)}")
    if step.of_float is None and is_float:
        said.insert(0, "Its logits are those of the float model.")
    return said or ["Its logits are the first: there are none to compare them with."]


def _deviation(deviation: Deviation, tokens: int) -> str:
    if deviation.is_equal:
        return "the same bits"
    decibels, distance = deviation.distance.decibels, deviation.distance
    ratio = f"{decibels} dB" if distance.sqnr_db is not None else decibels
    choices = f"the same choice after {deviation.agreeing} of {tokens} tokens"
    return f"{ratio}, errors of {distance.largest:.3g} at most, {choices}"


def _mean(bits: Bits) -> str:
    return f"{bits.of_a_weight:.2f}".rstrip("0").rstrip(".")


def _widths(bits: Bits) -> str:
    return ", ".join(map(str, bits.activations))


def _was(now: str, before: str | None) -> str:
    return "" if before in (None, now) else f" (before: {before})"
