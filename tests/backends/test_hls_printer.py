"""The HLS printer: golden files, and the printed C++ of a two-kernel design compiled and run."""

from __future__ import annotations

import os
import random
import struct
import subprocess
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from every_op import PAIRS, every_op_answers, every_op_design, wrap
from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import FileLineColLoc, IntAttr, ModuleOp, StringAttr

from lmc.backends.csim.build import build
from lmc.backends.hls.printer import SUPPORT_HEADERS, find_design, print_design
from lmc.backends.hls.system import print_connectivity, print_system
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import StreamOp, si, ui
from lmc.passes.check_dataflow import CheckDataflow
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.passes.size_fifos import SizeFifos
from lmc.targets import load_target

FOLDER = Path(__file__).parent / "hls"

TOKENS = 40


def emitted() -> dict[str, str]:
    module = every_op_design()
    module.verify()
    for step in (ScheduleLoops(clock_mhz=250), SizeFifos(), CheckDataflow()):
        step.apply(Context(), module)
    design, target = find_design(module), load_target("vck190")
    memory = target.memories[0].model_copy(update={"name": "ddr", "linker": None})
    target = target.model_copy(update={"memories": [memory]})
    return {
        **print_design(design),
        "system.cpp": print_system(design),
        "connectivity.cfg": print_connectivity(design, target),
    }


def test_golden() -> None:
    """Set LMC_UPDATE_GOLDEN=1 to write the files anew, and read the difference."""
    for name, text in emitted().items():
        golden = FOLDER / "golden" / name
        if os.environ.get("LMC_UPDATE_GOLDEN"):
            golden.write_text(text, encoding="utf-8")
        assert text == golden.read_text(encoding="utf-8"), f"{name} differs from its golden file"


@pytest.mark.parametrize("headers", ["fast", "xilinx"])
def test_printed_design_runs(tmp_path: Path, headers: str) -> None:
    for name, text in emitted().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    sources = [*sorted(tmp_path.glob("*.cpp")), FOLDER / "host.cpp"]
    include = [tmp_path, SUPPORT_HEADERS[0].parent]
    build(sources, include, tmp_path / "run", headers=headers)  # pyright: ignore[reportArgumentType]
    pairs = random_pairs(TOKENS * PAIRS)
    done = subprocess.run(
        [str(tmp_path / "run"), str(TOKENS)], input=packed(pairs), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    numbers = struct.unpack(f"<{len(done.stdout) // 8}Q", done.stdout)
    assert [wrap(number, 63) for number in numbers] == every_op_answers(pairs)


def random_pairs(count: int) -> list[tuple[int, int]]:
    source = random.Random(1)
    edges = [(-(2**19), 0), (2**19 - 1, 4095), (-(2**19), 4095), (0, 0), (5, 5), (-1, 15)]
    rest = [(source.randrange(-(2**19), 2**19), source.randrange(2**12)) for _ in range(count)]
    return [*edges, *rest][:count]


def packed(pairs: list[tuple[int, int]]) -> bytes:
    """Each token's pairs from the start of a 128-bit word: 4 in the first, 1 in the second."""
    words = bytearray()
    for start in range(0, len(pairs), PAIRS):
        token = b"".join(
            struct.pack("<I", (a & 0xFFFFF) | b << 20) for a, b in pairs[start : start + PAIRS]
        )
        words += token.ljust(32, b"\0")
    return bytes(words)


def print_task(build_task) -> str:
    design = DesignBuilder("d")
    x, y = design.stream("x", si(8)), design.stream("y", si(8))
    bank = design.bank("memory", words=8)
    words = design.stream("words", ui(512))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        build_task(task, x, y, bank, words)
    return print_design(find_design(design.module()))["k.cpp"]


def test_burst_addresses_have_64_bits() -> None:
    def body(task, x, y, bank, words) -> None:
        with task.loop("i", 4) as i:
            task.burst_read(bank, i * 70000 + task.read(x).index(), 2, words)

    text = print_task(body)
    place = "(long long)(i) * (long long)(70000) + (long long)(x_element)"
    assert f"const long long offset = {place};" in text
    assert "memory.read_request(offset, 2);" in text


def test_source_lines_and_reserved_names() -> None:
    def body(task, x, y, bank, words) -> None:
        with task.located(FileLineColLoc(StringAttr("model.py"), IntAttr(7), IntAttr(1))):
            value = task.read(x).named("float")
        task.write(y, value)

    text = print_task(body)
    assert "// model.py:7\n  const ap_int<8> float_ = x.read();\n  y.write(float_);" in text


def test_carried_values_are_read_before_they_are_replaced() -> None:
    def body(task, x, y, bank, words) -> None:
        pair = [task.read(x).named("p"), task.read(x).named("q")]
        first, _ = task.fold("swap", 3, pair, lambda i, p, q: [q, p])
        task.write(y, first)

    text = print_task(body)
    assert text.index("next_") < text.index("    y_element = ") < text.index("    carried = ")


def test_fifos_say_what_they_are_made_of() -> None:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel:
        y = kernel.stream("y", si(8))
        with kernel.task("first") as task:
            task.write(y, task.read(x))
        with kernel.task("second") as task:
            task.read(y)
    found = find_design(design.module())
    for stream in found.walk():
        if isinstance(stream, StreamOp) and stream.sym_name.data == "y":
            stream.impl = StringAttr("uram")
    text = print_design(found)["k.cpp"]
    assert "#pragma HLS bind_storage variable = y type = fifo impl = uram" in text


def test_module_without_design_is_refused() -> None:
    with pytest.raises(LmcError, match="0 dataflow designs and needs exactly one"):
        find_design(ModuleOp([]))


def test_foreign_op_is_refused() -> None:
    module = every_op_design()
    task = next(op for op in module.walk() if op.name == "dataflow.task")
    task.regions[0].block.add_op(func.ReturnOp())
    with pytest.raises(LmcError, match=r"every_op can't be printed: .*func\.return"):
        print_design(find_design(module))
