"""A simulated launch as a JSON object, and as rows of tables."""

from collections.abc import Mapping
from typing import Any

from lmc.dataflow.resources import budget
from lmc.labels import assumed, estimated, simulated
from lmc.simulation.launch import Launch
from lmc.simulation.result import PortUse

BOUND_SOURCE = estimated("sustained rate of the target over the bytes of a new token")


def source_of(launch: Launch) -> str:
    """The label of a launch's figures that have no other one."""
    return simulated(launch.machine.name)


def launch_json(launch: Launch, resources: Mapping[str, Any]) -> dict[str, Any]:
    """All that is known of a launch; cycles where nothing else is said.

    `resources` is what `backends.schedule.design_resources` says of the design.
    """
    result = launch.result
    return {
        "tokens_per_second": launch.tokens_per_second,
        "cycles_per_token": launch.cycles_per_token,
        "time_to_first_token_s": launch.time_to_first_token,
        "bandwidth_utilization": launch.bandwidth_utilization,
        "bound_tokens_per_second": launch.bound_tokens_per_second,
        "task_bound_tokens_per_second": launch.task_bound_tokens_per_second,
        "slowest_task": launch.slowest_task,
        "prefill_cycles_per_token": launch.prefill_cycles_per_token,
        "machine": launch.machine.name,
        "clock_mhz": result.clock_mhz,
        "prompt_length": launch.prompt_length,
        "new_tokens": launch.new_tokens,
        "cycles": result.cycles,
        "step_ends": list(launch.step_ends),
        "memories": {name: _memory(launch, name) for name in result.memories},
        "ports": [_port(port, result.cycles) for port in result.ports],
        "tasks": {name: _task(launch, name) for name in result.tasks},
        "streams": {name: vars(stream) for name, stream in result.streams.items()},
        "resources": dict(resources),
        "sources": {
            "figures": source_of(launch),
            "machine": {name: vars(figure) for name, figure in launch.machine.figures()},
            "bound_tokens_per_second": BOUND_SOURCE,
            "resources": budget.source_of(resources),
            "clock": _clock_source(launch),
            "memories": {memory.name: memory.source for memory in launch.target.memories},
        },
    }


def _memory(launch: Launch, name: str) -> dict[str, Any]:
    memory = next(memory for memory in launch.target.memories if memory.name == name)
    return {
        "bytes_per_token": launch.decode_bytes[name],
        "prefill_bytes_per_token": launch.prefill_bytes[name],
        "sustained_gbps": memory.sustained_gbps,
        "utilization": launch.utilization(name),
    }


def _port(port: PortUse, cycles: int) -> dict[str, Any]:
    return {
        **vars(port),
        "bytes": port.bytes,
        "utilization": port.bytes / (cycles * port.sustained),
        "peak_utilization": port.words / cycles,
    }


def _task(launch: Launch, name: str) -> dict[str, Any]:
    task = launch.result.tasks[name]
    return {
        "kernel": task.kernel,
        "end": task.end,
        "unblocked": task.unblocked,
        "waited": task.waited,
        "decode_cycles": launch.decode_cycles[name],
        "occupancy": launch.occupancy(name),
    }


def figure_rows(launch: Launch) -> list[tuple[str, str, str]]:
    """(figure, value, its label)."""
    bound = launch.bound_tokens_per_second
    prefill, source = launch.prefill_cycles_per_token, source_of(launch)
    rows = [
        ("tokens a second", f"{launch.tokens_per_second:,.2f}", source),
        ("cycles a new token", f"{launch.cycles_per_token:,.0f}", source),
        ("time to first token", f"{launch.time_to_first_token * 1e3:,.3f} ms", source),
    ]
    if prefill is not None:
        rows.append(("cycles a prompt token", f"{prefill:,.0f}", source))
    if bound is not None:
        share = launch.tokens_per_second / bound
        rows += [
            ("bound by memory", f"{bound:,.2f} tokens a second", BOUND_SOURCE),
            ("share of the bound", f"{share:.1%}", source),
        ]
    slowest = f"{launch.task_bound_tokens_per_second:,.2f} tokens a second"
    rows.append((f"bound by the slowest task, {launch.slowest_task}", slowest, source))
    clock = f"{launch.result.clock_mhz:g} MHz"
    rows.append(("clock", clock, _clock_source(launch)))
    return rows


def _clock_source(launch: Launch) -> str:
    return assumed(launch.target.clock.source_of(launch.result.clock_mhz))


def memory_rows(launch: Launch) -> list[tuple[str, int, float, str, str]]:
    """(memory, bytes a new token, sustained GB/s, share used, source) of the memories in use."""
    return [
        (
            memory.name,
            launch.decode_bytes[memory.name],
            memory.sustained_gbps,
            f"{launch.utilization(memory.name):.1%}",
            memory.source,
        )
        for memory in launch.target.memories
        if launch.decode_bytes[memory.name]
    ]


def task_rows(launch: Launch, count: int) -> list[tuple[str, str, str, str, int]]:
    """(task, kernel, busy share of the launch, what it waits for most, cycles) of the busiest."""
    result = launch.result
    busiest = sorted(result.tasks.items(), key=lambda item: item[1].unblocked, reverse=True)
    rows: list[tuple[str, str, str, str, int]] = []
    for name, task in busiest[:count]:
        what, cycles = longest_wait(launch, name)
        busy = f"{task.unblocked / result.cycles:.1%}"
        rows.append((name, task.kernel, busy, what, cycles))
    return rows


def longest_wait(launch: Launch, task: str) -> tuple[str, int]:
    """What a task has waited for most in the launch, and for how many cycles."""
    waits: dict[str, int] = {"": 0}
    for name, stream in launch.result.streams.items():
        if stream.consumer == task:
            waits[f"to read {name}"] = stream.empty
        if stream.producer == task:
            waits[f"to write {name}"] = stream.full
    for port in launch.result.ports:
        if port.task == task:
            key = f"for memory {port.memory}"
            waits[key] = waits.get(key, 0) + port.waited + port.latency
    return max(waits.items(), key=lambda item: item[1])
