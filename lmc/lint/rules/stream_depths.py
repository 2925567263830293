"""stream-depths: a design whose FIFOs have been sized does not stop.

Nobody types these numbers in either. Depths that no analysis has found may be too small.
"""

from collections.abc import Iterator

from lmc.dataflow.fifos import smallest_full
from lmc.dataflow.network import Network
from lmc.lint.rule import Rule, Subject
from lmc.lint.setting import for_setting


def _check(subject: Subject) -> Iterator[str]:
    """Raises LmcError where no depth can help."""
    streams = subject.graph.streams
    if any(stream.rate is None or stream.depth is None for stream in streams.values()):
        return
    depths = {name: s.depth.value.data for name, s in streams.items() if s.depth is not None}
    for scalars, traces in zip(subject.settings, subject.traces, strict=True):
        network = Network(dict(depths))
        network.load(traces)
        if blocked := network.run():
            name = smallest_full(subject.graph, network, blocked)
            yield (
                f"stream {name} has depth {depths[name]}, with which the design stops"
                f"{for_setting(scalars)}: run size-fifos"
            )


RULE = Rule(
    "stream-depths",
    'docs/dataflow-level.md, "A launch, and how it ends"',
    _check,
    after=("stream-totals", "stream-rates"),
)
