"""Activity as a trace that Perfetto and chrome://tracing show, in the Trace Event Format.

A kernel is a process and a task a thread; spans say `busy` or what is waited for. FIFOs are
counters. Times are microseconds at the design's clock.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lmc.simulation.activity import Activity
from lmc.simulation.result import Result

FIFOS = "FIFO fills"
"""The process that the counters belong to."""


def trace_events(activity: Activity, result: Result) -> dict[str, Any]:
    """The trace as a JSON object."""
    kernels = dict.fromkeys([task.kernel for task in result.tasks.values()])
    processes = {name: number for number, name in enumerate([*kernels, FIFOS], start=1)}
    threads = {name: number for number, name in enumerate(result.tasks, start=1)}
    events = [
        *_names(result, processes, threads),
        *_spans(activity, result, processes, threads),
        *_counters(activity, result, processes[FIFOS]),
    ]
    return {"displayTimeUnit": "ns", "traceEvents": events}


def _names(
    result: Result, processes: Mapping[str, int], threads: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for name, number in processes.items():
        yield {"ph": "M", "name": "process_name", "pid": number, "args": {"name": name}}
    for name, task in result.tasks.items():
        place = {"pid": processes[task.kernel], "tid": threads[name]}
        yield {"ph": "M", "name": "thread_name", **place, "args": {"name": name}}


def _spans(
    activity: Activity, result: Result, processes: Mapping[str, int], threads: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for span in activity.spans:
        yield {
            "ph": "X",
            "name": "busy" if span.wait is None else f"waits {span.wait}",
            "pid": processes[result.tasks[span.task].kernel],
            "tid": threads[span.task],
            "ts": span.start / result.clock_mhz,
            "dur": (span.end - span.start) / result.clock_mhz,
        }


def _counters(activity: Activity, result: Result, process: int) -> Iterator[dict[str, Any]]:
    for stream, fills in activity.fills.items():
        for cycle, fill in fills:
            yield {
                "ph": "C",
                "name": stream,
                "pid": process,
                "ts": cycle / result.clock_mhz,
                "args": {"elements": fill},
            }
