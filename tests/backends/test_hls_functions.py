"""Tasks as functions: one template for lanes of one shape, and what stands above a function."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from printed import run_printed
from random_designs import Launch
from xdsl.dialects.builtin import ArrayAttr, FileLineColLoc, IntAttr, StringAttr, TensorType

from lmc.backends.hls.printer import find_design, print_design
from lmc.dialects import ssm
from lmc.dialects.dataflow import (
    CarriedAttr,
    DesignOp,
    OriginAttr,
    StreamOp,
    TaskOp,
    ValueAttr,
    ui,
)
from lmc.reference import execute

LANES = 3


def lanes(name: str, steps: tuple[int, ...], *, odd_lane: int | None = None) -> DesignOp:
    """A chain of lanes; lane i adds a number to each of 8 words, the odd one twice."""
    design = DesignBuilder(name)
    given = design.bank(f"{name}_in", words=8, word_bits=32)
    taken = design.bank(f"{name}_out", words=8, word_bits=32, direction="write")
    with design.kernel(f"{name}_kernel") as kernel:
        ends = [kernel.stream(f"{name}_words_{number}", ui(32), 4) for number in range(LANES + 1)]
        with kernel.task(f"{name}_load") as task:
            task.burst_read(given, 0, 8, ends[0])
        for number, step in enumerate(steps):
            with kernel.task(f"{name}_lane_{number}") as task:
                held = task.buffer("held", ui(32), (step,), "register", {0: 0})
                with task.nest([("word", 8), ("part", 2)]) as (word, part):
                    with task.when(part.eq(0)):
                        total = task.read(ends[number]) + step
                        held[word % step] = total.cast(ui(32))
                    with task.when(part.eq(1)):
                        total = held[word % step]
                        if number == odd_lane:
                            total = (total + 1).cast(ui(32))
                        task.write(ends[number + 1], total)
        with kernel.task(f"{name}_store") as task:
            task.burst_write(ends[LANES], taken, 0, 8)
    return find_design(design.module())


def kernel_text(design: DesignOp) -> str:
    (text,) = (text for name, text in print_design(design).items() if name.endswith(".cpp"))
    return text


def functions(text: str) -> list[str]:
    return re.findall(r"^static void (\w+)\(", text, re.MULTILINE)


@pytest.mark.parametrize("headers", ["fast", "xilinx"])
def test_lanes_of_one_shape_are_one_function(tmp_path: Path, headers: str) -> None:
    designs = [
        lanes("equal", (2, 2, 2)),
        lanes("unequal", (2, 3, 4)),
        lanes("odd", (2, 2, 2), odd_lane=1),
    ]
    texts = [kernel_text(design) for design in designs]
    assert [functions(text) for text in texts] == [
        ["equal_load", "equal_lane", "equal_store"],
        ["unequal_load", "unequal_lane", "unequal_store"],
        ["odd_load", "odd_lane", "odd_lane_1", "odd_store"],
    ]
    assert "LMC_TASK_OF(equal_lane_1, (equal_lane), equal_words_1, equal_words_2);" in texts[0]
    assert "template" not in texts[0]
    assert "template <int held_size>" in texts[1]
    assert "LMC_TASK_OF(unequal_lane_2, (unequal_lane<4>), " in texts[1]
    assert "LMC_TASK(odd_lane_1, odd_words_1, odd_words_2);" in texts[2]
    launches = [
        Launch(
            design,
            {},
            {f"{design.sym_name.data}_{end}": list(range(8)) for end in ("in", "out")},
        )
        for design in designs
    ]
    for launch, printed in zip(launches, run_printed(launches, tmp_path, headers), strict=True):  # pyright: ignore[reportArgumentType]
        expected = execute(launch.design, launch.scalars, launch.banks)
        assert printed == expected
        assert not expected.waiting


def test_labels_of_a_template_begin_with_its_name() -> None:
    text = kernel_text(lanes("equal", (2, 2, 2)))
    assert re.findall(r"^ *(\w+):$", text, re.MULTILINE) == [
        "equal_load_burst",
        "equal_lane_word",
        "equal_lane_part",
        "equal_store_burst",
    ]


def test_pragmas_take_no_template_parameters() -> None:
    """Lanes that differ in a pragma are functions of their own."""
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        ends = [kernel.stream(f"x_{number}", ui(8)) for number in range(3)]
        with kernel.task("make") as task, task.loop("i", 8):
            task.write(ends[0], 1)
        for number in range(2):
            with kernel.task(f"lane_{number}") as task:
                held = task.buffer("held", ui(8), (8,), "bram", {0: number + 2})
                with task.loop("i", 8, pipeline=True) as i:
                    held[i] = task.read(ends[number])
                with task.loop("o", 8, pipeline=True) as o:
                    task.write(ends[number + 1], held[o])
        with kernel.task("drop") as task, task.loop("i", 8):
            task.read(ends[2])
    assert functions(kernel_text(find_design(design.module()))) == [
        "make",
        "lane_0",
        "lane_1",
        "drop",
    ]


def _silu() -> DesignBuilder:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        x, y = kernel.stream("x", ui(128)), kernel.stream("y", ui(128))
        with kernel.task("make") as task, task.loop("i", 8):
            task.write(x, 1)
        with kernel.task("silu") as task, task.loop("i", 8):
            task.write(y, task.read(x))
        with kernel.task("drop") as task, task.loop("i", 8):
            task.read(y)
    return design


def test_the_comment_says_what_is_known() -> None:
    design = find_design(_silu().module())
    tensor = TensorType(ssm.FixedType.of(16, 9), [64])
    for op in design.walk():
        if isinstance(op, StreamOp) and op.sym_name.data == "x":
            op.carries = CarriedAttr.of(ssm.FixedType.of(16, 9), 8, 8, "layer")
        if isinstance(op, TaskOp) and op.sym_name.data == "silu":
            values = [ValueAttr(StringAttr(name), tensor) for name in ("x", "y")]
            parts = ("ssm.silu", values[:1], values[1:], ["layers.{layer}.d"], "layers.py:42")
            op.origins = ArrayAttr([OriginAttr.of(*parts)])
        if isinstance(op, TaskOp) and op.sym_name.data == "drop":
            op.location = FileLineColLoc(StringAttr("folder/model.py"), IntAttr(3), IntAttr(1))
    text = kernel_text(design)
    lines = text.splitlines()
    words = "hls::stream<ap_uint<128>>&"
    place = lines.index(f"static void silu({words} x, {words} y) {{")
    assert lines[place - 3 : place] == [
        "// ssm.silu(x: 64 x fixed<16, 9>) -> y: 64 x fixed<16, 9>",
        "//   from layers.py:42 with layers.{layer}.d",
        "//   reads x: 8 words of 8 x fixed<16, 9> for each layer",
    ]
    assert "// from model.py:3\nstatic void drop(" in text
    assert "//   writes x: 8 words of 8 x fixed<16, 9> for each layer\nstatic void make(" in text
