"""Activity as a trace that Perfetto and chrome://tracing show, in the Trace Event Format.

A kernel is a process and a task a thread; spans say `busy` or what is waited for. FIFOs are
counters. Times are microseconds at the design's clock.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lmc.diagnostics import LmcError
from lmc.simulation.activity import Activity, record_activity
from lmc.simulation.launch import Launch
from lmc.simulation.result import Result

_SLICES = 1000
"""Of a launch that is written."""

FIFOS = "FIFO fills"
"""The process that the counters belong to."""


def write_trace(launch: Launch, path: Path) -> None:
    """Write what each task does when in a launch. Raises LmcError if it can't be written."""
    activity = record_activity(launch.simulator, 0, launch.result.cycles, _SLICES)
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.write_text(json.dumps(trace_events(activity, launch.result)), encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error


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
