"""The host program and schedule.json of a design, against the module they were printed from."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from design_builder import DesignBuilder
from tiny_designs import MAMBA1, last_module

import lmc.backends.host
from lmc.backends.csim.build import include_folders
from lmc.backends.hls.arguments import design_kernels
from lmc.backends.hls.printer import find_design
from lmc.backends.hls.system import print_connectivity
from lmc.backends.host.program import HostText, print_host
from lmc.backends.images import banks, layout_kind
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, StreamOp, is_pipelined, loop_of, ui
from lmc.targets import load_target


@pytest.fixture(scope="module")
def design(mamba1_design: Path) -> DesignOp:
    return find_design(last_module(mamba1_design))


@pytest.fixture(scope="module")
def schedule(mamba1_design: Path) -> dict[str, Any]:
    return json.loads((mamba1_design / "schedule.json").read_text(encoding="utf-8"))


# The host program


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_host_compiles_without_warnings(mamba1_design: Path) -> None:
    folders = [f"-I{folder}" for folder in include_folders("fast")]
    command = ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", *folders]
    done = subprocess.run(
        [*command, str(mamba1_design / "host/host.cpp")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_host_is_the_same_for_all_designs_but_its_tables(mamba1_design: Path) -> None:
    source = Path(lmc.backends.host.__file__).parent / "source"
    same = {path.name: path.read_bytes() for path in source.iterdir()}
    host = mamba1_design / "host"
    found = {path.name: path.read_bytes() for path in host.iterdir()}
    assert set(found) == {*same, "design.h", "system.cpp"}
    assert {name: found[name] for name in same} == same


def test_host_uses_only_what_xrt_has(mamba1_design: Path) -> None:
    sources = [path for path in (mamba1_design / "host").iterdir() if path.name != "system.cpp"]
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(sources))
    includes = set(re.findall(r"#include <(.*/.*)>", text))
    stable = {"xrt/xrt_bo.h", "xrt/xrt_device.h", "xrt/xrt_kernel.h"}
    assert includes == {
        *stable,
        "xrt/experimental/xrt_xclbin.h",
        "experimental/xrt_xclbin.h",
    }
    assert "lmc::" not in text
    assert "csim" not in text


def test_host_knows_all_banks_and_arguments(mamba1_design: Path, design: DesignOp) -> None:
    text = (mamba1_design / "host/design.h").read_text(encoding="utf-8")
    images = {path.stem for path in (mamba1_design / "weights").glob("*.bin")}
    row = r'\{"(\w+)", (\d+)u, Bank::(\w+), (true|false), "(\w+)"\}'
    named = re.findall(row, text)
    assert [name for name, *_ in named] == [bank.sym_name.data for bank in banks(design)]
    for (name, size, unit, has_image, memory), bank in zip(named, banks(design), strict=True):
        assert memory == {"DDR4": "DDR", "LPDDR4": "LPDDR"}[bank.memory.data]
        assert (has_image == "true") == (name in images)
        word = bank.port.type.word_type.width.data // 8
        per_token = {"prompt": "prompt_token", "tokens": "logits_token"}
        kind = layout_kind(bank)
        if kind in per_token:
            assert (int(size), unit) == (word, per_token[kind])
        else:
            assert int(size) == word * bank.words.value.data
            assert unit == ("logits_token" if kind == "logits" else "whole")
    assert "enum Scalar { n_tokens, n_prompt, n_logits, scalar_count };" in text
    # An argument's position is its place in the kernel's C++ signature.
    header = (mamba1_design / "hls/decode_step.h").read_text(encoding="utf-8")
    launched = re.findall(r'\{"(\w+)",\s*\{(.*)\}\}', text)
    assert [kernel for kernel, _ in launched] == [k.sym_name.data for k in design_kernels(design)]
    known = {name for name, *_ in named} | {"n_tokens", "n_prompt", "n_logits"}
    for kernel, places in launched:
        signature = re.search(rf"\bvoid {kernel}\(([^;]*)\);", header)
        assert signature is not None, kernel
        parameters = [re.split(r"[\s*&]+", one)[-1] for one in signature[1].split(",")]
        found = re.findall(r'\{(\d+), "(\w+)", Use::(\w+), (\d+)\}', places)
        assert len(found) == sum(name in known for name in parameters)
        for position, name, use, index in found:
            scalars = ["n_tokens", "n_prompt", "n_logits"]
            names = [name for name, *_ in named] if use == "bank" else scalars
            assert names[int(index)] == name == parameters[int(position)]


def test_a_design_without_logits_has_no_host(mamba1_design: Path) -> None:
    design = find_design(last_module(mamba1_design))
    bank = next(bank for bank in banks(design) if layout_kind(bank) == "tokens")
    bank.layout = next(bank for bank in banks(design) if layout_kind(bank) == "prompt").layout
    with pytest.raises(LmcError, match="no memory image of kind tokens"):
        print_host(design, load_target("vck190"), HostText())


# schedule.json


def loops_of(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        found[entry["label"]] = entry
        found |= loops_of(entry.get("loops", []))
    return found


def test_schedule_names_target_and_logits(schedule: dict[str, Any]) -> None:
    assert schedule["target"] == "vck190"
    assert schedule["clock_mhz"] == load_target("vck190").clock_mhz
    logits = schedule["logits"]
    assert (logits["length"], logits["bits"], logits["mul"]) == (MAMBA1["vocab_size"], 32, 1)


def test_schedule_lists_memory(schedule: dict[str, Any], mamba1_design: Path) -> None:
    memory = {bank["name"]: bank for bank in schedule["memory"]}
    # The first lane's weights are alone in one memory, all else is in the other.
    in_ddr4 = [name for name, bank in memory.items() if bank["memory"] == "DDR4"]
    assert in_ddr4 == ["weights_0"]
    assert {bank["memory"] for bank in memory.values()} == {"DDR4", "LPDDR4"}
    for path in (mamba1_design / "weights").glob("*.bin"):
        bank = memory[path.stem]
        assert bank["words"] * bank["word_bits"] == 8 * path.stat().st_size
        assert bank["direction"] == "read"
    assert memory["weights_0"]["word_bits"] == 512
    states = [bank for bank in memory.values() if bank["holds"] == "state"]
    # The conv state, the SSM state's elements and its exponents.
    assert [bank["direction"] for bank in states] == ["read_write"] * 3
    assert sum(bank["holds"] == "matrix" for bank in memory.values()) == 4


def test_schedule_gives_every_stream_a_depth(schedule: dict[str, Any], design: DesignOp) -> None:
    streams = {stream["name"]: stream for stream in schedule["streams"]}
    in_ir = [op for op in design.walk() if isinstance(op, StreamOp)]
    assert len(streams) == len(in_ir) == len(schedule["streams"])
    for op in in_ir:
        stream = streams[op.sym_name.data]
        assert op.depth is not None
        assert stream["depth"] == op.depth.value.data >= 1
        assert stream["bits"] == op.result.type.element_type.width.data
    # FIFOs between kernels are the linker's, and it is told the same depths.
    printed = print_connectivity(design, load_target("vck190"))
    for name, depth in re.findall(r"sc=\w+\.(\w+):\w+\.\w+:(\d+)", printed):
        assert streams[name]["depth"] == int(depth)


def test_the_linker_is_told_its_own_names_of_channels() -> None:
    design = DesignBuilder("two_banks")
    banks = {
        name: design.bank(name, words=4, word_bits=512, memory=memory, channel=channel)
        for name, memory, channel in (("a", "HBM2", 17), ("b", "DDR4", 1))
    }
    with design.kernel("k") as kernel:
        for name, bank in banks.items():
            with kernel.task(f"read_{name}") as task:
                task.burst_read(bank, 0, 4, kernel.stream(f"{name}_words", ui(512)))
    printed = print_connectivity(find_design(design.module()), load_target("u280"))
    assert re.findall(r"sp=k_1\.(\w+):(\S+)", printed) == [("a", "HBM[17]"), ("b", "DDR[1]")]


def test_the_linker_is_told_the_clock_as_its_release_takes_it() -> None:
    builder = DesignBuilder("clocked")
    bank = builder.bank("a", words=4, word_bits=512, memory="DDR4", channel=0)
    with builder.kernel("k") as kernel, kernel.task("read_a") as task:
        task.burst_read(bank, 0, 4, kernel.stream("a_words", ui(512)))
    design = find_design(builder.module())
    card = load_target("u250")
    old_card = load_target("u280").flow
    old_processor = old_card.model_copy(update={"host": "aarch64", "instead": "nothing"})
    for flow, told in (
        (card.flow, "freqhz=250000000"),
        (old_card, "kernel_frequency=0:250"),
        (old_processor, "[clock]\ndefaultFreqHz=250000000"),
    ):
        printed = print_connectivity(design, card.model_copy(update={"flow": flow}))
        assert printed.startswith(f"{told}\n\n[connectivity]\n")


def test_schedule_gives_every_pipelined_loop_an_interval(
    schedule: dict[str, Any], design: DesignOp
) -> None:
    loops: dict[str, dict[str, Any]] = {}
    for tasks in schedule["kernels"].values():
        for task, entries in tasks.items():
            found = loops_of(entries)
            assert all(label.startswith(task) for label in found), task
            loops |= found
    pipelined = {loop_of(op).label for op in design.walk() if is_pipelined(op)}
    assert pipelined
    assert pipelined == {label for label, entry in loops.items() if "ii" in entry}
    assert all(loops[label]["latency"] >= 1 for label in pipelined)
    # What the design's speed hangs on: a weight word and a block of the state every cycle.
    for loop in ("lane_0_plane", "lane_1_set", "lane_2_set", "lane_3_set"):
        assert loops[loop]["ii"] == 1
    for loop in ("state_update_head", "hold_ssm_state_give", "hold_ssm_state_take"):
        assert loops[loop]["ii"] == 1
    assert loops["state_update_layer"]["trips"] == MAMBA1["num_hidden_layers"]
    assert loops["lane_0_token"]["trips"] is None


def test_schedule_estimates_resources(schedule: dict[str, Any]) -> None:
    resources = schedule["resources"]
    assert {kernel: set(tasks) for kernel, tasks in resources["kernels"].items()} == {
        kernel: set(tasks) for kernel, tasks in schedule["kernels"].items()
    }
    assert set(resources["streams"]) == {stream["name"] for stream in schedule["streams"]}
    parts = [part for tasks in resources["kernels"].values() for part in tasks.values()]
    for group in ("streams", "ports", "control"):
        parts += resources[group].values()
    for name, budget in load_target("vck190").budget().items():
        assert resources[name]["budget"] == budget
        # Parts are rounded up one by one.
        added = sum(part[name] for part in parts)
        assert added - len(parts) <= resources[name]["used"] <= added
