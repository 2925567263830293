"""What is not printed exactly is refused, in a sentence that names the op and its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from xdsl.dialects import arith, scf
from xdsl.dialects.arith import IntegerOverflowFlag
from xdsl.dialects.builtin import (
    FileLineColLoc,
    IndexType,
    IntAttr,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    NameLoc,
    StridedLayoutAttr,
    StringAttr,
    UnitAttr,
    UnknownLoc,
    i64,
)
from xdsl.ir import Operation

from lmc.backends.hls.printer import find_design, print_design
from lmc.backends.project import emit_project
from lmc.dataflow.task import TaskBuilder
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BufferOp,
    DesignOp,
    KernelOp,
    ReadOp,
    StreamOp,
    TaskOp,
    si,
    ui,
)
from lmc.targets import load_target


def design_with(body: Callable[[TaskBuilder], object] = lambda task: None) -> DesignOp:
    """A task that copies four words from stream to stream, after `body`."""
    builder = DesignBuilder("d")
    source = builder.bank("source", words=4, word_bits=64)
    x, y = builder.stream("x", ui(64)), builder.stream("y", ui(64))
    with builder.kernel("k_in") as kernel, kernel.task("load") as task:
        task.burst_read(source, 0, 4, x)
    with builder.kernel("k") as kernel, kernel.task("work") as task:
        body(task)
        memory = task.buffer("memory", ui(64), (4,), "bram")
        with task.loop("i", 4, pipeline=True) as i:
            memory[i] = task.read(x)
            task.write(y, memory[i])
    with builder.kernel("k_out") as kernel, kernel.task("drop") as task, task.loop("i", 4):
        task.read(y)
    return find_design(builder.module())


def first(design: DesignOp, kind: type[Operation]) -> Operation:
    return next(op for op in design.walk() if isinstance(op, kind))


def work_loop(design: DesignOp) -> scf.ForOp:
    loop = next(op for op in design.walk() if isinstance(op, scf.ForOp))
    assert isinstance(loop, scf.ForOp)
    return loop


def constant(value: int) -> arith.ConstantOp:
    return arith.ConstantOp(IntegerAttr(value, IndexType()))


def from_two_by_two(design: DesignOp) -> None:
    loop = work_loop(design)
    two = constant(2)
    loop.parent_block().insert_op_before(two, loop)
    loop.operands[0] = loop.operands[2] = two.result


def bitwise(design: DesignOp) -> None:
    loop = work_loop(design)
    loop.body.block.insert_op_before(
        arith.AndIOp(loop.body.block.args[0], loop.operands[1]), loop.body.block.first_op
    )


def overflow(design: DesignOp) -> None:
    loop = work_loop(design)
    i, flag = loop.body.block.args[0], arith.IntegerOverflowAttr([IntegerOverflowFlag.NSW])
    loop.body.block.insert_op_before(arith.AddiOp(i, i, overflow=flag), loop.body.block.first_op)


def predicate(design: DesignOp) -> None:
    loop = work_loop(design)
    op = arith.CmpiOp(loop.body.block.args[0], loop.operands[1], "eq")
    op.properties["predicate"] = IntegerAttr(-1, i64)
    loop.body.block.insert_op_before(op, loop.body.block.first_op)


def strided(design: DesignOp) -> None:
    buffer = first(design, BufferOp)
    layout = StridedLayoutAttr([2])
    buffer.results[0]._type = MemRefType(ui(64), [4], layout)


def rename(kind: type[Operation], name: str) -> Callable[[DesignOp], None]:
    def change(design: DesignOp) -> None:
        first(design, kind).properties["sym_name"] = StringAttr(name)

    return change


def attribute(kind: type[Operation], name: str) -> Callable[[DesignOp], None]:
    def change(design: DesignOp) -> None:
        first(design, kind).attributes[name] = UnitAttr()

    return change


def number(kind: type[Operation], name: str, value: int) -> Callable[[DesignOp], None]:
    def change(design: DesignOp) -> None:
        first(design, kind).properties[name] = IntegerAttr(value, i64)

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (from_two_by_two, "must count from 0 in steps of 1"),
        (bitwise, "arith.andi is on i1 in a task, got index"),
        (overflow, "arith.addi has overflow flags"),
        (predicate, "arith.cmpi has no predicate -1"),
        (strided, "buffer memory has a memory layout"),
        (attribute(ReadOp, "lmc.pipeline"), "dataflow.read has an unknown attribute, lmc.pipeline"),
        (attribute(scf.ForOp, "lmc.ii"), "scf.for has an unknown attribute, lmc.ii"),
        (attribute(TaskOp, "impl"), "dataflow.task has an unknown attribute, impl"),
        (rename(KernelOp, "while"), "the kernel name while means something else"),
        (rename(TaskOp, "a.b"), "the task name 'a.b' is no identifier"),
        (number(StreamOp, "depth", 2**31), "stream x has depth 2147483648"),
        (number(BankOp, "words", 2**31), "bank source has 2147483648 words"),
    ],
)
def test_what_is_not_printed_exactly_is_refused(
    change: Callable[[DesignOp], None], sentence: str
) -> None:
    design = design_with()
    print_design(design)
    change(design)
    with pytest.raises(LmcError, match=f"design d can't be printed: .*{re.escape(sentence)}"):
        print_design(design)


def test_a_word_that_no_port_has_is_refused() -> None:
    builder = DesignBuilder("d")
    bank, x = builder.bank("odd", words=4, word_bits=24), builder.stream("x", ui(24))
    with builder.kernel("k") as kernel, kernel.task("load") as task:
        task.burst_read(bank, 0, 4, x)
    with pytest.raises(LmcError, match=r"bank odd: a port has 8, 16, 32 \.\.\. 1024 bits, not 24"):
        print_design(find_design(builder.module()))


def test_a_constant_that_no_literal_has_is_refused() -> None:
    design = design_with(lambda task: task.constant(2**80, ui(100)))
    with pytest.raises(
        LmcError, match=r"task work: dataflow\.constant 1208925.* more than 63 bits"
    ):
        print_design(design)


def test_a_project_keeps_the_rules(tmp_path: Path) -> None:
    """Whatever the pipeline was: here the consumer reads less than the producer writes."""
    builder = DesignBuilder("d")
    bank, x = builder.bank("source", words=4), builder.stream("x", ui(512))
    with builder.kernel("k_in") as kernel, kernel.task("load") as task:
        task.burst_read(bank, 0, 4, x)
    with builder.kernel("k") as kernel, kernel.task("work") as task:
        task.read(x)
    module = builder.module()
    with pytest.raises(LmcError, match="stream x: task load writes 4 elements and task work"):
        emit_project(module, tmp_path, target=load_target("vck190"))
    assert list(tmp_path.iterdir()) == []


def test_a_project_of_a_module_that_does_not_verify_is_refused(tmp_path: Path) -> None:
    design = design_with()
    from_two_by_two(design)
    design.detach()
    with pytest.raises(LmcError, match="must count from 0 in steps of 1"):
        emit_project(ModuleOp([design]), tmp_path, target=load_target("vck190"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ends in \\", "two\nlines", "two\rlines"])
def test_a_location_stays_in_its_comment(name: str) -> None:
    def body(task: TaskBuilder) -> None:
        with task.located(FileLineColLoc(StringAttr(name), IntAttr(7), IntAttr(1))):
            task.buffer("one", si(8), (2,))
        with task.located(NameLoc(StringAttr(name), UnknownLoc())):
            task.buffer("two", si(8), (2,))

    lines = print_design(design_with(body))["k.cpp"].splitlines()
    comments = [line for line in lines if "//" in line and "_" in line]
    assert len(comments) == 2
    assert all("\\" not in line for line in comments)
    assert not any(line.startswith("lines") for line in lines)


def test_a_stream_may_be_named_almost_like_a_task() -> None:
    """`work_` becomes `work`, which the task has: a variable of that name would hide it."""
    builder = DesignBuilder("d")
    x = builder.stream("work_", si(8))
    with builder.kernel("make") as kernel, kernel.task("work") as task:
        task.write(x, 1)
    with builder.kernel("drop") as kernel, kernel.task("read") as task:
        task.read(x)
    text = print_design(find_design(builder.module()))["make.cpp"]
    assert "LMC_TASK(work, work_2);" in text


def test_every_loop_says_what_it_is() -> None:
    """A loop that says nothing may become a stalling pipeline; a flattened one is said inside."""
    builder = DesignBuilder("d")
    x = builder.stream("x", si(8))
    with builder.kernel("one") as kernel, kernel.task("make") as task, task.loop("token", 3):
        with task.nest([("outer", 2), ("inner", 5)]) as (outer, _):
            task.write(x, outer.cast(si(8)))
        with task.loop("alone", 2, pipeline=True):
            task.write(x, 1)
        with task.loop("plain", 100):
            task.write(x, 2)
    with builder.kernel("two") as kernel, kernel.task("take") as task, task.loop("i", 336):
        task.read(x)
    text = print_design(find_design(builder.module()))["one.cpp"]
    pragmas = re.findall(r"make_(\w+):\n *for .*\n((?:#pragma .*\n)*)", text)
    assert dict(pragmas) == {
        "token": "#pragma HLS pipeline off\n",
        "outer": "",
        "inner": "#pragma HLS pipeline style = flp\n#pragma HLS loop_flatten\n",
        "alone": "#pragma HLS pipeline style = flp\n",
        "plain": "#pragma HLS pipeline off\n",
    }
