"""stream-rates: the rates that size-fifos has left are what producers write.

Nobody types these numbers in. One that differs was changed by hand, or by a pass that has not run
the analysis again.
"""

from collections.abc import Iterator

from lmc.lint.rule import Rule, Subject
from lmc.lint.setting import for_setting


def _check(subject: Subject) -> Iterator[str]:
    """The streams of a design have depths and rates, or none has a rate."""
    streams = subject.graph.streams
    if all(stream.rate is None for stream in streams.values()):
        return
    # A stream is written by one task.
    totals = [
        {key: count for part in tasks.values() for key, count in part.items()}
        for tasks in subject.totals
    ]
    for name, stream in streams.items():
        if stream.rate is None or stream.depth is None:
            lacking = "rate" if stream.rate is None else "depth"
            yield f"stream {name} has no {lacking}, while others have rates: run size-fifos"
            continue
        for rate, scalars, counted in zip(stream.rate, subject.settings, totals, strict=True):
            written = counted.get((name, True), 0)
            if rate.value.data != written:
                yield (
                    f"stream {name} has rate {rate.value.data} and carries {written} elements"
                    + for_setting(scalars)
                    + ": run size-fifos"
                )


RULE = Rule(
    "stream-rates",
    'docs/dataflow-level.md, "Structure"',
    _check,
    after=("divisors", "stream-ends", "forward-streams"),
)
