"""held-writes: no pipeline that stalls waits for what it holds back itself.

In a stalling pipeline all stages wait for one access, so what an iteration has to write waits for
what later ones read. Tools build such pipelines where they do not heed `style=flp`.
"""

from collections.abc import Iterator

from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.runs import RunTracer
from lmc.dataflow.stalling import StallingLaunch, find_stalls, in_flight
from lmc.dialects.dataflow import is_pipelined, loop_of
from lmc.lint.rule import Rule, Subject
from lmc.lint.setting import for_setting


def _check(subject: Subject) -> Iterator[str]:
    """Only of a design that has been scheduled: before that drain-pipelines may still come."""
    loops = [loop_of(op) for op in subject.design.walk() if is_pipelined(op)]
    flight = {
        loop.label: in_flight(loop.ii, loop.latency)
        for loop in loops
        if loop.ii is not None and loop.latency is not None
    }
    if not loops or len(flight) < len(loops):
        return
    tracer = DesignTracer(subject.graph.tasks, RunTracer)
    for scalars in subject.settings:
        launch = StallingLaunch(subject.graph, tracer.trace(scalars), scalars)
        stalls = find_stalls(launch, flight.__getitem__)
        if stalls:
            stall = stalls[0][0]
            yield (
                f"task {stall.task}: where loop {stall.loop} stalls, what it writes to "
                f"{stall.circle[0]} may be held back until it has read what depends on that "
                f"({' -> '.join(stall.circle)}){for_setting(scalars)}, and the design stops: run "
                "drain-pipelines"
            )
            return


RULE = Rule(
    "held-writes",
    'UG1399, "pragma HLS pipeline" (style)',
    _check,
    after=("stream-totals", "stream-depths"),
)
