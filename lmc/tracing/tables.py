"""A trace as rows of tables, and as one JSON object."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lmc.evaluation.layer_noise import LayerNoise
from lmc.numerics.distance import Distance
from lmc.tracing.against import Comparison, ValuePair
from lmc.tracing.distance import Difference
from lmc.tracing.fault import fault
from lmc.tracing.trace import Trace, ValueTrace

if TYPE_CHECKING:
    from lmc.models.tokenizer import Tokenizer

LAYER_COLUMNS = ("layer", "max error", "dB", "lowest", "dB of it", "states dB", "C++", "differ")
OP_COLUMNS = ("layer", "op", "value", "max error", "dB", "stream", "C++", "differ", "source")
AGAINST_COLUMNS = ("layer", "dB", "dB of the other", "max difference", "dB between")
AGAINST_OP_COLUMNS = ("layer", "op", "value", *AGAINST_COLUMNS[1:])


def layer_rows(trace: Trace) -> list[Sequence[object]]:
    """A row for each layer, as LAYER_COLUMNS: what it ends with, and its value of least signal."""
    rows: list[Sequence[object]] = []
    for layer in range(trace.layers):
        own = [value for value in trace.values if value.name.layer == layer]
        activations = [v for v in own if v.distance is not None and not v.is_state]
        lowest = min(activations, key=_decibels_of, default=None)
        states = [v for v in own if v.distance is not None and v.is_state]
        least = min(states, key=_decibels_of, default=None)
        exact = [v.difference for v in own if v.difference is not None]
        exact += [state.difference for state in trace.states if state.layer == layer]
        rows.append(
            (
                layer,
                *(_distance(activations[-1].distance) if activations else ("", "")),
                "" if lowest is None else lowest.name.value,
                "" if lowest is None else _distance(lowest.distance)[1],
                "" if least is None else _distance(least.distance)[1],
                *_counts(exact, known=trace.has_csim),
            )
        )
    return rows


def op_rows(trace: Trace) -> list[Sequence[object]]:
    """A row for each value, as OP_COLUMNS, in the order of computation."""
    return [
        (
            *_place(value),
            *_distance(value.distance),
            value.stream or "",
            *_counts([value.difference] if value.difference else [], known=trace.has_csim),
            value.source,
        )
        for value in trace.values
    ]


def choice_rows(trace: Trace, tokenizer: "Tokenizer | None") -> list[Sequence[object]]:
    """(tokens before, the float model's choice, the integers', the C++'s) of each new token."""

    def shown(token: int | None) -> str:
        if token is None:
            return ""
        return str(token) if tokenizer is None else f"{token} {tokenizer.decode([token])!r}"

    return [
        (one.position, shown(one.float), shown(one.integer), shown(one.csim))
        for one in trace.choices
    ]


def summary(trace: Trace) -> str:
    """What all tokens come to: logits, and how much of the C++ was compared."""
    logits, count = trace.logits, len(trace.tokens)
    lines = [
        f"logits: {decibels(logits.distance)} dB, by {logits.distance.largest:.3g} at most; "
        f"{logits.agreeing} of {count} tokens lead to the same choice as in float"
    ]
    if logits.difference is not None:
        shown = [value.difference for value in trace.values if value.difference is not None]
        kinds = {
            "values": shown,
            "saved states": [state.difference for state in trace.states],
            "logits": [logits.difference],
        }
        parts = [
            f"{sum(one.different for one in found):,} of {sum(one.integers for one in found):,} "
            f"integers of {kind}"
            for kind, found in kinds.items()
        ]
        lines.append(f"C++ and interpreter differ in {', '.join(parts)}")
    return "\n".join(lines)


def against_summary(comparison: Comparison) -> str:
    """The logits of both designs."""
    first, second = comparison.first, comparison.second
    count = len(first.tokens)
    return "\n".join(
        [
            f"logits against float: {decibels(first.logits.distance)} dB and "
            f"{decibels(second.logits.distance)} dB; {first.logits.agreeing} and "
            f"{second.logits.agreeing} of {count} tokens lead to the same choice as in float",
            f"logits of both: {decibels(comparison.logits)} dB, by "
            f"{comparison.logits.largest:.3g} at most; {comparison.agreeing} of {count} tokens "
            "lead to the same choice",
        ]
    )


def against_rows(comparison: Comparison) -> list[Sequence[object]]:
    """A row for each layer, as AGAINST_COLUMNS: what the layer ends with in both designs."""
    last: dict[int, ValuePair] = {}
    for pair in comparison.values:
        layer = pair.first.name.layer
        if layer is not None and not pair.first.is_state and pair.first.distance is not None:
            last[layer] = pair
    return [(layer, *_pair(pair)) for layer, pair in last.items()]


def against_op_rows(comparison: Comparison) -> list[Sequence[object]]:
    """A row for each value of both designs, as AGAINST_OP_COLUMNS."""
    return [(*_place(pair.first), *_pair(pair)) for pair in comparison.values]


def layer_noise_of(trace: Trace) -> LayerNoise:
    """Signal to quantization noise of each activation by layer, to draw."""
    values: dict[str, list[float | None]] = {}
    for value in trace.values:
        name, distance = value.name, value.distance
        if name.layer is None or distance is None or value.is_state:
            continue
        again = f" {name.number + 1}" if name.number else ""
        label = f"{name.value} ({name.op.removeprefix('ssm.')}{again})"
        row = values.setdefault(label, [None] * trace.layers)
        row[name.layer] = distance.sqnr_db
    return LayerNoise(values, trace.logits.distance.sqnr_db)


def trace_json(trace: Trace) -> dict[str, Any]:
    """All of a trace; docs/trace.md says what the keys mean."""
    return {
        "design": str(trace.design.path),
        "model": trace.design.model,
        "preset": trace.design.manifest["preset"],
        "tokens": list(trace.tokens),
        "prompt_length": trace.prompt_length,
        "choices": [vars(choice) for choice in trace.choices],
        "logits": {
            **_distance_json(trace.logits.distance),
            "top1_agreement": trace.logits.agreeing / len(trace.tokens),
            "csim": _difference_json(trace.logits.difference),
        },
        "values": [_value_json(value) for value in trace.values],
        "states": [
            {"layer": state.layer, "bank": state.bank, "csim": _difference_json(state.difference)}
            for state in trace.states
        ],
        "unread_streams": list(trace.unread),
        "csim": trace.has_csim,
        "fault": fault(trace),
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Both traces and what is between them; docs/trace.md says what the keys mean."""
    return {
        "first": trace_json(comparison.first),
        "second": trace_json(comparison.second),
        "between": {
            "logits": {
                **_distance_json(comparison.logits),
                "top1_agreement": comparison.agreeing / len(comparison.first.tokens),
            },
            "values": [
                {**_name_json(pair.first), **_distance_json(pair.between)}
                for pair in comparison.values
            ],
        },
    }


def decibels(distance: Distance | None) -> str:
    """As `Distance.decibels`, and nothing where nothing is known."""
    return "" if distance is None else distance.decibels


def _decibels_of(value: ValueTrace) -> float:
    sqnr = None if value.distance is None else value.distance.sqnr_db
    return float("inf") if sqnr is None else sqnr


def _place(value: ValueTrace) -> tuple[object, str, str]:
    name = value.name
    return ("" if name.layer is None else name.layer), name.op, name.value


def _distance(distance: Distance | None) -> tuple[str, str]:
    return ("" if distance is None else f"{distance.largest:.3g}"), decibels(distance)


def _counts(found: Iterable[Difference], *, known: bool) -> tuple[object, object]:
    differences = list(found)
    if not known or not differences:
        return "", ""
    return sum(one.integers for one in differences), sum(one.different for one in differences)


def _pair(pair: ValuePair) -> tuple[str, str, str, str]:
    largest, between = _distance(pair.between)
    own = decibels(pair.first.distance), decibels(pair.second.distance)
    return *own, largest or "other basis", between


def _name_json(value: ValueTrace) -> dict[str, Any]:
    return {**vars(value.name), "is_state": value.is_state}


def _value_json(value: ValueTrace) -> dict[str, Any]:
    csim = _difference_json(value.difference)
    return {
        **_name_json(value),
        "source": value.source,
        **_distance_json(value.distance),
        "csim": None if csim is None else {"stream": value.stream, **csim},
    }


def _distance_json(distance: Distance | None) -> dict[str, Any]:
    if distance is None:
        return {"elements": None, "max_abs_error": None, "sqnr_db": None}
    return {
        "elements": distance.elements,
        "max_abs_error": distance.largest,
        "sqnr_db": distance.sqnr_db,
    }


def _difference_json(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {
        "integers": difference.integers,
        "different": difference.different,
        "max_difference": difference.largest,
        "first_token": difference.first_token,
    }
