"""stream-totals: what is written into a stream is read from it, whatever the scalars are."""

from collections.abc import Iterator, Mapping

from lmc.dataflow.trips import Totals
from lmc.lint.rule import Rule, Subject
from lmc.lint.setting import for_setting


def _check(subject: Subject) -> Iterator[str]:
    for scalars, totals in zip(subject.settings, subject.totals, strict=True):
        for name in subject.graph.streams:
            yield from _balance(subject, name, totals, scalars)


def _balance(
    subject: Subject, stream: str, totals: Mapping[str, Totals], scalars: Mapping[str, int]
) -> Iterator[str]:
    graph = subject.graph
    producer, consumer = graph.producers(stream)[0].name, graph.consumers(stream)[0].name
    written = totals[producer].get((stream, True), 0)
    read = totals[consumer].get((stream, False), 0)
    if written != read:
        yield (
            f"stream {stream}: task {producer} writes {written} elements and task {consumer} reads "
            f"{read}" + for_setting(scalars) + ": make it as many, or drain the rest"
        )


RULE = Rule(
    "stream-totals",
    'docs/dataflow-level.md, "A launch, and how it ends"',
    _check,
    after=("divisors", "stream-ends", "forward-streams"),
)
