"""A task is verified again where anything in it has changed, and only there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, i32
from xdsl.ir import Operation
from xdsl.rewriter import Rewriter

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import AddOp, BufferOp, StreamOp, TaskOp, si
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, verify

SOUND = (Path(__file__).parent / "sound_design.mlir").read_text(encoding="utf-8")


@pytest.fixture
def module() -> ModuleOp:
    """A design that has been verified."""
    return parse_module(make_context(load_registry()), SOUND, "d")


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks whose verifier ran."""
    names: list[str] = []
    own = TaskOp.verify_

    def spy(task: TaskOp) -> None:
        names.append(task.sym_name.data)
        own(task)

    monkeypatch.setattr(TaskOp, "verify_", spy)
    return names


def op_of(module: ModuleOp, kind: type[Any], number: int = 0) -> Any:
    return [op for op in module.walk() if isinstance(op, kind)][number]


def _rename(op: Operation) -> None:
    op.attributes["note"] = StringAttr("")


def test_what_has_not_changed_is_not_verified_again(module: ModuleOp, verified: list[str]) -> None:
    verify(module, "d")
    assert verified == []
    op_of(module, StreamOp).depth = IntegerAttr(32, 64)
    verify(module, "d")
    assert verified == []


def test_where_something_changed_it_is(module: ModuleOp, verified: list[str]) -> None:
    buffer = op_of(module, BufferOp)
    buffer.kind = StringAttr("uram")
    verify(module, "d")
    assert verified == ["sum"]
    verify(module, "d")
    assert verified == ["sum"]
    # An equal attribute is the same to a verifier.
    buffer.kind = StringAttr("uram")
    verify(module, "d")
    assert verified == ["sum"]
    copy = module.clone()
    verify(copy, "d")
    assert verified == ["sum", "fetch", "sum", "store"]


def _new_operand(module: ModuleOp) -> None:
    add = op_of(module, AddOp)
    add.operands[1] = add.operands[0]


def _new_type(module: ModuleOp) -> None:
    Rewriter.replace_value_with_new_type(op_of(module, AddOp).results[0], si(3))


def _new_argument_type(module: ModuleOp) -> None:
    loop = op_of(module, scf.ForOp)
    Rewriter.replace_value_with_new_type(loop.body.block.args[0], i32)


def _new_argument(module: ModuleOp) -> None:
    """Another argument of the same type takes the place of one that is still read."""
    block = op_of(module, scf.ForOp, 1).body.block
    block.insert_arg(block.args[1].type, 1)
    block._args = (block._args[0], block._args[1])


def _no_terminator(module: ModuleOp) -> None:
    last = op_of(module, scf.ForOp).body.block.last_op
    last.detach()


def _later(module: ModuleOp) -> None:
    """A constant is made after it is read."""
    constant = op_of(module, arith.ConstantOp, 2)
    block = constant.parent
    constant.detach()
    block.add_op(constant)


def _other_parent(module: ModuleOp) -> None:
    """An op is taken along into another task."""
    add, task = op_of(module, AddOp), op_of(module, TaskOp)
    add.detach()
    task.body.block.add_op(add)


CHANGES: list[Callable[[ModuleOp], None]] = [
    lambda module: _rename(op_of(module, AddOp)),
    lambda module: _rename(op_of(module, TaskOp, 1)),
    lambda module: op_of(module, BufferOp).properties.pop("kind"),
    lambda module: op_of(module, scf.ForOp).attributes.pop("loop"),
    _new_operand,
    _new_type,
    _new_argument_type,
    _new_argument,
    _no_terminator,
    _later,
    _other_parent,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_wrong_since_is_found(module: ModuleOp, change: Callable[[ModuleOp], None]) -> None:
    verify(module, "d")
    change(module)
    with pytest.raises(LmcError):
        verify(module, "d")
    # What was refused is not taken for verified.
    with pytest.raises(LmcError):
        verify(module, "d")
