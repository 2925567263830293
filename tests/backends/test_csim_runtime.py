"""The C-simulation runtime: integers, streams, tasks, the simulated device, the build."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from build_once import build_once

from lmc.backends.csim.build import FLAGS, WARNINGS, build, include_folders
from lmc.diagnostics import LmcError

SOURCES = Path(__file__).parent / "csim"
FEEDBACK = sorted((SOURCES / "feedback").glob("*.cpp"))

Program = Callable[..., "subprocess.CompletedProcess[str]"]


def program(path: Path) -> Program:
    def run(*arguments: str, stats: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ}
        if stats is not None:
            environment["LMC_CSIM_STATS"] = str(stats)
        command = [str(path), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=60, check=False
        )

    return run


def build_streams(folder: Path) -> Path:
    build([SOURCES / "streams.cpp"], [], folder / "streams")
    return folder / "streams"


def build_feedback(folder: Path) -> Path:
    build(FEEDBACK, [SOURCES / "feedback"], folder / "feedback")
    return folder / "feedback"


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(build_once(tmp_path_factory, "streams", build_streams))


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return program(build_once(tmp_path_factory, "feedback", build_feedback))


def feedback_reference(rounds: int) -> list[int]:
    """The state of the feedback design after `rounds` rounds, in plain Python."""

    def signed(x: int, bits: int) -> int:
        return (x + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)

    data = [(i * 73 + 41) % 256 for i in range(128)]
    weights = [signed(data[i // 2] >> 4 * (i % 2) & 15, 4) for i in range(256)]
    state = [signed(i * 29 - 100, 8) for i in range(16)]
    for _ in range(rounds):
        sums = [
            sum(w * x for w, x in zip(weights[16 * row : 16 * row + 16], state, strict=True))
            for row in range(16)
        ]
        state = [signed((s + 8) >> 4, 8) for s in sums]
    return state


def test_integers_equal_xilinx_value_by_value(tmp_path: Path) -> None:
    outputs = {}
    for headers in ("fast", "xilinx"):
        build([SOURCES / "ap_semantics.cpp"], [], tmp_path / headers, headers=headers)
        outputs[headers] = program(tmp_path / headers)().stdout.splitlines()
    assert len(outputs["fast"]) > 10_000
    assert outputs["fast"] == outputs["xilinx"]


def test_comparing_signed_with_unsigned_does_not_compile(tmp_path: Path) -> None:
    source = tmp_path / "mixed.cpp"
    source.write_text(
        "#include <ap_int.h>\nint main() { return ap_int<8>(-1) < ap_uint<40>(1); }\n"
    )
    with pytest.raises(LmcError, match=r"mixed\.cpp:2.*use of deleted function"):
        build([source], [], tmp_path / "mixed")


def test_stream_holds_no_more_than_its_depth(streams: Program) -> None:
    assert streams("bounded").stdout == "sum 4950\nmax 3 of 3\n"


def test_a_deep_stream_takes_memory_for_what_is_in_it(streams: Program) -> None:
    assert streams("very-deep").stdout == "1053 values, max 1027 of 2147483647\n"


def test_kernel_called_from_a_test_bench(streams: Program) -> None:
    assert streams("test-bench").stdout == "sum 45\nmax 3 of 3\n"


def test_task_may_be_a_template_and_take_a_local_array(streams: Program) -> None:
    assert streams("template").stdout == "sum 6\n"


def test_deadlock_names_tasks_and_fifos(streams: Program) -> None:
    done = streams("short-fifo")
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "deadlock: no task can go on",
        "  task 'produce_both' of kernel 'top' waits to write to full FIFO 'x' of kernel 'top' "
        "(depth 2, 2 written, 0 read)",
        "  task 'consume_both' of kernel 'top' waits to read from empty FIFO 'y' of kernel 'top' "
        "(depth 2, 0 written, 0 read)",
    ]


def test_reading_more_than_was_produced_is_a_deadlock(streams: Program) -> None:
    done = streams("one-too-many")
    assert done.returncode == 3
    assert "task 'consume' of kernel 'top' waits to read from empty FIFO 'x'" in done.stderr
    assert "4 written, 4 read" in done.stderr


@pytest.mark.parametrize(("situation", "fifo"), [("left-over", "x"), ("left-global", "global")])
def test_values_left_in_a_fifo_are_an_error(streams: Program, situation: str, fifo: str) -> None:
    done = streams(situation)
    assert done.returncode == 3
    assert "unbalanced rates: values were left" in done.stderr
    assert f"in FIFO '{fifo}'" in done.stderr


def test_credits_may_stay_in_a_fifo(streams: Program) -> None:
    assert streams("credits").returncode == 0


@pytest.mark.parametrize(
    ("situation", "status", "message"),
    [
        ("two-readers", 1, "two tasks read from FIFO 'global'"),
        ("forgotten-join", 1, "kernel 'top' returned before LMC_JOIN()"),
        ("outside", 3, "the test bench reads from empty FIFO 'global'"),
    ],
)
def test_wrong_use_is_named(streams: Program, situation: str, status: int, message: str) -> None:
    done = streams(situation)
    assert done.returncode == status
    assert message in done.stderr


def test_launch_after_a_deadlock(streams: Program) -> None:
    assert streams("deadlock-then-go-on").stdout == "caught\nsum 4950\nmax 3 of 3\n"


def test_depth_can_be_set_at_run_time(streams: Program) -> None:
    assert streams("deeper-global").stdout == "found 1, depth 4, other 0\nsum 6\n"


def test_portable_fibers_behave_alike(streams: Program, tmp_path: Path) -> None:
    source = tmp_path / "portable.cpp"
    source.write_text(f'#define LMC_FIBER_UCONTEXT\n#include "{SOURCES / "streams.cpp"}"\n')
    build([source], [], tmp_path / "portable")
    for situation in ("bounded", "short-fifo", "deadlock-then-go-on"):
        one, other = streams(situation), program(tmp_path / "portable")(situation)
        assert (one.returncode, one.stdout, one.stderr) == (
            other.returncode,
            other.stdout,
            other.stderr,
        )


def test_feedback_between_kernels(feedback: Program, tmp_path: Path) -> None:
    done = feedback("5", "5", stats=tmp_path / "stats.json")
    assert done.returncode == 0, done.stderr
    launches = [[int(x) for x in line.split()] for line in done.stdout.splitlines()]
    assert launches == [feedback_reference(5)] * 2
    stats = json.loads((tmp_path / "stats.json").read_text())
    assert {"kernel": "", "name": "sums", "depth": 2, "writes": 160, "max_occupancy": 2} in stats[
        "fifos"
    ]
    tasks = {(task["kernel"], task["name"]): task for task in stats["tasks"]}
    assert tasks["matrix", "load"]["runs"] == 2
    assert tasks["matrix", "multiply"]["blocked_writes"] > 0


def test_kernels_that_disagree_on_rounds_deadlock(feedback: Program) -> None:
    done = feedback("4", "5")
    assert done.returncode == 3
    assert "kernel 'vector_unit' waits to read from empty FIFO 'sums' (depth 2" in done.stderr


def test_feedback_with_xilinx_integers(feedback: Program, tmp_path: Path) -> None:
    build(FEEDBACK, [SOURCES / "feedback"], tmp_path / "xilinx", headers="xilinx")
    assert program(tmp_path / "xilinx")("5", "5").stdout == feedback("5", "5").stdout


def test_emitted_style_compiles_without_warnings() -> None:
    folders = [f"-I{folder}" for folder in (*include_folders("fast"), SOURCES / "feedback")]
    command = ["g++", *FLAGS, *WARNINGS["fast"], "-Werror", *folders, "-c", "-o", os.devnull]
    for source in FEEDBACK:
        done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_kernels_compile_as_plain_calls_for_synthesis() -> None:
    folders = [f"-I{folder}" for folder in (*include_folders("fast"), SOURCES / "feedback")]
    command = ["g++", *FLAGS, "-D__SYNTHESIS__", *folders, "-E", "-P"]
    source = str(SOURCES / "feedback" / "kernels.cpp")
    text = subprocess.run([*command, source], capture_output=True, text=True, check=True).stdout
    assert "load(weights, words, rows, rounds);" in text
    assert "start_task" not in text


def test_speed_of_int4_products(tmp_path: Path) -> None:
    build([SOURCES / "mac_speed.cpp"], [], tmp_path / "mac")
    done = program(tmp_path / "mac")()
    print(done.stdout)
    assert done.stdout.startswith("0 wrong; ")


def test_compiler_error_is_one_sentence(tmp_path: Path) -> None:
    source = tmp_path / "broken.cpp"
    source.write_text("int main() { return missing; }\n")
    with pytest.raises(LmcError, match=r"broken\.cpp:1:21: error: .*missing.* not declared"):
        build([source], [], tmp_path / "out" / "program")
    assert list((tmp_path / "out").iterdir()) == []


def test_missing_compiler_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LmcError, match=r"g\+\+ is not installed"):
        build([SOURCES / "streams.cpp"], [], tmp_path / "program")
