"""Estimates of resources: counts that can be worked out by hand, and what changes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from design_builder import DesignBuilder
from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import StringAttr

from lmc.backends.hls.printer import find_design, print_design
from lmc.dataflow.handles import Handle
from lmc.dataflow.implementations import DSP_SIZES, implement
from lmc.dataflow.resources import DesignResources, Resources, estimate, operators, stream_kind
from lmc.dataflow.resources.lifetimes import Lifetimes
from lmc.dataflow.resources.memories import bram, fifo_kind, fifo_resources, uram
from lmc.dataflow.resources.ports import memory_port
from lmc.dataflow.resources.terms import TERMS
from lmc.dataflow.resources.unrolling import Unrolling, bits_of
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timing import Clock, time_iteration
from lmc.dialects.dataflow import COMPLETE, DesignOp, StreamOp, is_pipelined, si, ui
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.targets import load_target

Body = Callable[[TaskBuilder, Handle, Handle], None]
TARGET = load_target("u280")


def design_of(body: Body, bits: int = 64) -> DesignOp:
    design = DesignBuilder("d")
    x, y = design.stream("x", ui(bits)), design.stream("y", si(48))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        body(task, x, y)
    module = design.module()
    ScheduleLoops(clock_mhz=250).apply(Context(), module)
    return find_design(module)


def task_of(body: Body, bits: int = 64, target: str = "u280") -> Resources:
    return estimate(design_of(body, bits), load_target(target)).tasks["k"]["work"]


def difference(after: Body, before: Body, **options: int) -> Resources:
    return task_of(after, **options) + task_of(before, **options) * -1


# Memories


@pytest.mark.parametrize(
    ("bits", "depth", "blocks"),
    [(36, 512, 0.5), (72, 512, 1), (512, 256, 7.5), (37, 512, 1), (9, 4096, 1), (18, 1025, 1)],
)
def test_bram_blocks(bits: int, depth: int, blocks: float) -> None:
    assert bram(bits, depth).bram36 == blocks


def test_uram_blocks() -> None:
    assert uram(72, 4096).uram == 1
    assert uram(512, 5000).uram == 16


def test_a_512_bit_port_holds_its_bursts_in_15_bram18() -> None:
    assert memory_port(512, 1).bram36 == 7.5
    assert memory_port(512, 2).bram36 == 15


def test_short_fifos_are_shift_registers() -> None:
    assert fifo_kind(64, 32, TARGET.budget()) == "srl"
    fifo = fifo_resources(64, 32, "srl")
    assert 64 < fifo.lut < 64 + 30
    assert fifo.bram36 == 0


def test_long_fifos_are_memory_that_the_board_has() -> None:
    assert fifo_kind(512, 4096, TARGET.budget()) == "uram"
    assert fifo_kind(512, 4096, load_target("zcu102").budget()) == "bram"


def test_a_stream_may_say_what_it_is_made_of() -> None:
    design = design_of(lambda task, x, y: task.write(y, task.read(x).slice(0, 4)))
    stream = next(op for op in design.walk() if isinstance(op, StreamOp))
    assert stream_kind(stream, TARGET) == "srl"
    stream.impl = StringAttr("bram")
    assert estimate(design, TARGET).streams["x"].bram36 == 1


def test_buffers() -> None:
    def with_buffer(kind: str, partition: dict[int, int]) -> Resources:
        def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
            held = task.buffer("held", si(18), (2048,), kind, partition)
            with task.loop("i", 2048, pipeline=True) as i:
                held[i] = task.read(x).slice(0, 18)
            with task.loop("j", 2048, pipeline=True) as j:
                task.write(y, held[j])

        return task_of(body)

    assert with_buffer("bram", {}).bram36 == 1
    assert with_buffer("bram", {0: 8}).bram36 == 4
    assert with_buffer("uram", {}).uram == 1
    assert with_buffer("register", {0: COMPLETE}).ff > 18 * 2048


def test_a_lut_holds_16_elements_of_two_bits() -> None:
    short, long = fifo_resources(64, 16, "srl"), fifo_resources(64, 17, "srl")
    assert long.lut - short.lut == pytest.approx(64 - 64 / 2 + 2)  # A counter is wider, too.


# Operators


def test_products_of_dsps() -> None:
    sizes = DSP_SIZES["DSP48E2"], DSP_SIZES["DSP58"]
    assert [operators.dsp_product(27, 18, size).dsp for size in sizes] == [1, 1]
    assert [operators.dsp_product(24, 27, size).dsp for size in sizes] == [2, 1]
    assert [operators.dsp_product(35, 35, size).dsp for size in sizes] == [4, 4]


@pytest.mark.parametrize(("constant", "digits"), [(0, 0), (8, 1), (7, 2), (-5, 2), (0b1010101, 4)])
def test_signed_digits(constant: int, digits: int) -> None:
    assert operators.signed_digits(constant) == digits


def products(width: int, impl: Literal["dsp", "fabric"] | None = None) -> Body:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 100, pipeline=True):
            word = task.read(x)

            def product(lane):
                made = word.slice(lane * width, width) * word.slice(lane * 4 + 32, 4)
                if impl is not None:
                    implement(made.ssa, impl)
                return made

            task.write(y, task.sum("lane", 4, product))

    return body


def test_unrolled_products_are_there_once_for_each_lane() -> None:
    def empty(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 100, pipeline=True):
            task.write(y, task.read(x).slice(0, 4))

    four = difference(products(8), empty)
    sums = 2 * operators.adder(13) + operators.adder(14)
    assert four.dsp == 0
    expected = TERMS["product"].luts * 4 * operators.product(8, 4) + TERMS["sum"].luts * sums
    assert four.lut == pytest.approx(expected, abs=3)


def test_what_products_are_made_of_can_be_said() -> None:
    fabric, dsp = task_of(products(8)), task_of(products(8, "dsp"))
    assert (fabric.dsp, dsp.dsp) == (0, 4)
    assert fabric.lut - dsp.lut > 3.5 * TERMS["product"].luts * operators.product(8, 4)
    text = print_design(design_of(products(8, "dsp")))["k.cpp"]
    assert "#pragma HLS bind_op variable = product op = mul impl = dsp" in text


def test_lanes_share_what_does_not_depend_on_them() -> None:
    def body(inside: bool) -> Body:
        def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
            with task.loop("i", 100, pipeline=True):
                word = task.read(x)

                def term(lane):
                    shared = word.slice(0, 8) * word.slice(8, 8)
                    return shared * word.slice(lane * 4, 4) if inside else shared

                task.write(y, task.sum("lane", 4, term))

        return work

    added = difference(body(True), body(False))
    assert added.lut < 4 * operators.product(16, 4) + operators.product(8, 8)


def test_constant_offsets_are_wires_and_others_multiplexers() -> None:
    def body(offset: Callable[..., object]) -> Body:
        def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
            with task.loop("i", 16, pipeline=True) as i:
                task.write(y, task.read(x).slice(offset(i), 4))  # pyright: ignore[reportArgumentType]

        return work

    chosen = difference(body(lambda i: i * 4), body(lambda i: 8))
    expected = TERMS["multiplexer"].luts * operators.multiplexer(16, 4)
    # The choice takes a cycle more, so the pipeline has another stage.
    stages = 2 * (TERMS["stage"].luts + TERMS["stage network"].luts)
    assert chosen.lut == pytest.approx(expected + stages, abs=3)


# Registers


def test_a_value_that_waits_long_goes_into_shift_registers() -> None:
    def body(count: int) -> Body:
        def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
            with task.loop("i", 16, pipeline=True):
                word = task.read(x)
                a, late = word.slice(0, 16), word.slice(40, 8)
                for _ in range(count):
                    a = (a * word.slice(16, 16)).slice(0, 16)
                task.write(y, a * late if count else a)

        return work

    waiting = task_of(body(4))
    assert waiting.dsp == 4
    # 16 bits wait up to 9 cycles, 8 bits 12: far fewer flip-flops than bits times cycles.
    assert waiting.ff < 16 * 9 + 8 * 12


def test_a_wide_result_of_narrow_operands_is_made_late() -> None:
    def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 16, pipeline=True):
            word = task.read(x)
            wide = word.slice(0, 4) * 0x12345678
            a = word.slice(8, 16)
            for _ in range(4):
                a = (a * word.slice(24, 16)).slice(0, 16)
            task.write(y, (a + wide).cast(si(48)))

    (loop,) = (op for op in design_of(work).walk() if is_pipelined(op))
    assert isinstance(loop, scf.ForOp)
    timing = time_iteration(loop, Clock(250))
    lifetimes = Lifetimes(timing, Unrolling())
    (wide,) = (v for v in timing.values if bits_of(v) == 33)
    assert timing.values[wide][0] == 0
    assert lifetimes.made(wide) == lifetimes.last_use(wide) - 1 > 5


def test_slices_of_one_place_differ_in_their_signs_only() -> None:
    def body(shift: int) -> Body:
        def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
            with task.loop("i", 16, pipeline=True):
                word = task.read(x)
                low = word.slice(shift, 8, signed=False)
                task.write(y, word.slice(63, 1).select(low, word.slice(0, 8, signed=True)))

        return work

    assert difference(body(8), body(0)).lut == pytest.approx(8 * TERMS["choice"].luts)


# Designs


def test_what_a_budget_is_short_of() -> None:
    have = {"lut": 100, "ff": 100, "dsp": 3, "bram36": 2, "uram": 0}
    assert Resources(lut=100, dsp=3, bram36=2).over(have) is None
    counted = DesignResources(
        {}, {"x": Resources(lut=50, bram36=1.5)}, {"p": Resources(lut=60)}, {}
    )
    assert counted.over(have) == (
        "the design is estimated to exceed the budget by 10 LUT (110 of 100)"
    )
    both = Resources(lut=1100, bram36=2.5)
    assert both.over(have) == (
        "the design is estimated to exceed the budget by 1,000 LUT (1,100 of 100), "
        "0.5 BRAM36 (2.5 of 2)"
    )
