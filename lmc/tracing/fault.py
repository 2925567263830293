"""Where the C++ first parts from the integer interpreter, in a sentence."""

from collections.abc import Iterator

from lmc.tracing.distance import Difference
from lmc.tracing.trace import Trace, describe


def fault(trace: Trace) -> str | None:
    """What the C++ of a design computes otherwise, the first of it; None where all is equal.

    An error of one token shows in all that follow, so the first token counts, and of it what is
    computed first.
    """
    found = [pair for pair in _differences(trace) if pair[1].first_token is not None]
    # min takes the first of equals, and they are in the order of computation.
    earliest = min(found, key=lambda pair: pair[1].first_token or 0, default=None)
    chosen = next((c for c in trace.choices if c.csim is not None and c.csim != c.integer), None)
    # What is chosen after n tokens is token n: what differs in it comes after the choice.
    if chosen is not None and (
        earliest is None or chosen.position <= (earliest[1].first_token or 0)
    ):
        where = (
            f"after {chosen.position} tokens it chooses {chosen.csim} and not {chosen.integer}, "
            "from equal logits"
        )
    elif earliest is not None:
        what, first = earliest
        where = (
            f"the first difference is in token {first.first_token} at {what}, "
            f"{first.different} of {first.integers} integers by {first.largest} at most"
        )
    elif trace.unread:
        where = f"another number of words is in {', '.join(trace.unread)}"
    else:
        return None
    return (
        f"the C++ of {trace.design.path} does not compute what the integer interpreter does: "
        f"{where}; if `lmc verify` finds all as compiled, this is a fault of lmc"
    )


def _differences(trace: Trace) -> Iterator[tuple[str, Difference]]:
    for value in trace.values:
        if value.difference is not None:
            yield f"{describe(value.name)} (stream {value.stream})", value.difference
    for state in trace.states:
        yield f"the state in bank {state.bank} of layer {state.layer}", state.difference
    if trace.logits.difference is not None:
        yield "the logits", trace.logits.difference
