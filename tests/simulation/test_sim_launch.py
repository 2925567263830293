"""`lmc simulate` and what is behind it, on a compiled model."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from cycle_reference import Simulation, figures_of
from design_builder import DesignBuilder
from small_designs import add_task, finished, pass_on, target_with
from tiny_designs import allocated_module, last_module
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.allocation.cost import Board, Candidate
from lmc.backends.hls.printer import find_design
from lmc.cli.app import main
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, ui
from lmc.lowering.demand import model_demand
from lmc.simulation import Simulator
from lmc.simulation.activity import record_activity
from lmc.simulation.launch import SCALARS, simulate_launch
from lmc.simulation.steady import steady_launch
from lmc.simulation.trace_events import trace_events
from lmc.targets import Target, load_target


def of_model(folder: Path) -> DesignOp:
    return find_design(last_module(folder))


@pytest.mark.slow
def test_a_model_takes_the_same_cycles_in_both_simulators(mamba2_design: Path) -> None:
    design, target = of_model(mamba2_design), load_target("kv260")
    scalars = dict(zip(SCALARS, (3, 2, 2), strict=True))
    reference = Simulation(design, target, scalars)
    cycles = reference.run()
    result = Simulator(design, target, scalars).run()
    assert result.cycles == cycles
    assert figures_of(result) == reference.figures()


def test_a_launch_in_figures(mamba2_design: Path) -> None:
    design, target = of_model(mamba2_design), load_target("kv260")
    launch = simulate_launch(design, target, 6, 10)
    ends = launch.step_ends
    assert len(ends) == 6 + 10 - 1
    assert launch.time_to_first_token == ends[5] / 200e6
    # Steps with logits are longer, and all in the middle take as long as each other.
    assert launch.cycles_per_token == pytest.approx(ends[12] - ends[11], rel=0.01)
    assert launch.prefill_cycles_per_token is not None
    assert launch.prefill_cycles_per_token < launch.cycles_per_token
    assert launch.decode_bytes["DDR4"] > launch.prefill_bytes["DDR4"] > 0
    assert launch.bound_tokens_per_second is not None
    share = launch.tokens_per_second / launch.bound_tokens_per_second
    assert share == pytest.approx(launch.bandwidth_utilization) == launch.utilization("DDR4")
    assert 0 < share < 1
    # All that the ports have moved is accounted for: one id of the prompt belongs to a new token.
    moved = 5 * launch.prefill_bytes["DDR4"] + 10 * launch.decode_bytes["DDR4"] + 4
    fixed = sum(port.bytes for port in launch.result.ports if port.task == "read_tables")
    assert sum(port.bytes for port in launch.result.ports) == moved + fixed
    assert launch.result.memories["DDR4"].bytes == moved + fixed


def estimated_bytes(module: ModuleOp, target: Target, memory: str) -> float:
    """Bytes of a memory in a token, where it is so slow that nothing else counts."""
    found, ops = allocation_of(module), list(module.body.block.ops)
    (function,) = [op for op in ops if isinstance(op, func.FuncOp)]
    slow = [
        one.model_copy(
            update={"port_gbps": None, "sustained_gbps": 1e-3 if one.name == memory else 1e6}
        )
        for one in target.memories
    ]
    board = Board(
        target.model_copy(update={"memories": slow}),
        model_demand(function, ops, found.port_bits, found.vector_lanes),
    )
    candidate = Candidate(found.lanes, found.state_blocks, found.state_ports, found.side_port)
    cost = board.cost(candidate, board.lane_phases(found.lanes))
    return cost.cycles / target.clock_mhz


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_an_allocation_counts_what_a_token_moves(name: str, request: pytest.FixtureRequest) -> None:
    """The estimate that the search goes by, against the ports of the simulated design."""
    folder = request.getfixturevalue(name)
    module = allocated_module(folder)
    target = load_target(allocation_of(module).target)
    moved = simulate_launch(of_model(folder), target, 3, 3).decode_bytes
    estimates = {memory: estimated_bytes(module, target, memory) for memory in moved}
    assert estimates == pytest.approx(moved)


def test_the_command_prints_json_and_a_trace(
    mamba2_design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = tmp_path / "trace.json"
    arguments = ["--tokens", "3", "--prompt-length", "2", "--json", "--trace", str(trace)]
    assert main(["simulate", str(mamba2_design), *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tokens_per_second"] == pytest.approx(200e6 / found["cycles_per_token"])
    assert found["clock_mhz"] == 200
    assert set(found) >= {"time_to_first_token_s", "bandwidth_utilization", "memories", "tasks"}
    events = json.loads(trace.read_text(encoding="utf-8"))["traceEvents"]
    threads = {event["args"]["name"] for event in events if event.get("name") == "thread_name"}
    assert threads == set(found["tasks"])
    assert not list(tmp_path.glob(".*"))


def test_the_command_takes_a_machine(
    mamba2_design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speeds: dict[str, float] = {}
    for machine in ("rtl", "hls-flp"):
        arguments = ["--tokens", "3", "--prompt-length", "2", "--json", "--machine", machine]
        assert main(["simulate", str(mamba2_design), *arguments]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["machine"] == machine
        assert found["sources"]["figures"] == f"simulated: {machine}"
        assert found["sources"]["machine"]["link"]["source"]
        speeds[machine] = found["tokens_per_second"]
    assert speeds["hls-flp"] < speeds["rtl"]
    assert main(["simulate", str(mamba2_design), "--machine", "asic"]) == 2
    assert "there is no machine asic: take rtl, hls-flp, hls-stp" in capsys.readouterr().err


def test_without_a_number_tokens_are_added_until_they_take_equally_long(
    mamba2_design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command, and what the table of boards calls, come to the same speed."""
    assert main(["simulate", str(mamba2_design), "--prompt-length", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    first, second, third = found["step_ends"][-4:-1]
    assert third - second == pytest.approx(second - first, rel=0.005)
    launch = steady_launch(of_model(mamba2_design), load_target("kv260"), 1)
    assert found["tokens_per_second"] == launch.tokens_per_second
    long = simulate_launch(of_model(mamba2_design), load_target("kv260"), 1, 60)
    assert launch.tokens_per_second == pytest.approx(long.tokens_per_second, rel=0.01)


def test_the_command_prints_tables(mamba2_design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(mamba2_design), "--tokens", "3", "--prompt-length", "3"]) == 0
    out = capsys.readouterr().out
    assert "tokens a second" in out
    assert "simulated" in out
    assert "measured" not in out
    assert "DDR4" in out
    assert "cycles for a prompt of 3 tokens and 3 new ones" in out


def test_only_designs_of_language_models_have_tokens() -> None:
    design = DesignBuilder("plain")
    stream = design.stream("s", ui(512), 4)
    add_task(design, "make", pass_on(None, [stream], 5))
    add_task(design, "drop", pass_on(stream, [], 5))
    with pytest.raises(LmcError, match="design plain has no scalars n_tokens, n_prompt"):
        simulate_launch(finished(design), target_with(), 2, 2)


def test_activity_tells_who_waits_when() -> None:
    """A slow task in the middle: the first one waits for room, the last one for elements."""
    design = DesignBuilder("d")
    one, two = design.stream("one", ui(512), 2), design.stream("two", ui(512), 2)
    add_task(design, "make", pass_on(None, [one], 400))

    def slow(task):
        with task.loop("i", 400, pipeline=True, requested_ii=10):
            task.write(two, task.read(one))

    add_task(design, "slow", slow)
    add_task(design, "drop", pass_on(two, [], 400))
    simulator = Simulator(finished(design), target_with(), {})
    result = simulator.run()
    activity = record_activity(simulator, 0, result.cycles, 50)
    longest = {span.task: span.wait for span in activity.spans if span.end - span.start > 3000}
    assert longest == {"make": "to write one", "slow": None, "drop": "to read two"}
    for task in result.tasks:
        spans = sorted((span.start, span.end) for span in activity.spans if span.task == task)
        assert all(end == start for (_, end), (start, _) in pairwise(spans))
        assert abs(spans[-1][1] - result.tasks[task].end) <= 2 * result.cycles // 50
    events = trace_events(activity, result)["traceEvents"]
    assert {event["name"] for event in events if event["ph"] == "X"} == {
        "busy",
        "waits to write one",
        "waits to read two",
    }
    fills = [event["args"]["elements"] for event in events if event["name"] == "one"]
    assert max(fills) == 2


def test_the_last_step_does_not_count_where_there_is_another(mamba2_design: Path) -> None:
    design, target = of_model(mamba2_design), load_target("kv260")
    launch = simulate_launch(design, target, 1, 3)
    assert launch.cycles_per_token == launch.step_ends[1] - launch.step_ends[0]
    assert simulate_launch(design, target, 1, 5).cycles_per_token == pytest.approx(
        launch.cycles_per_token, rel=0.02
    )
