"""Ops of other dialects that a task may have, each with what a task takes of it.

Nothing that they can say may be lost: what is not printed is refused here.
"""

from collections.abc import Callable, Mapping

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import BoolAttr, IndexType, IntegerAttr, MemRefType, i1, i64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.declarations import BufferOp
from lmc.dialects.dataflow.loops import LOOP
from lmc.dialects.dataflow.ranges import constant_value
from lmc.dialects.dataflow.traits import Named, verify_no_attributes
from lmc.dialects.dataflow.types import is_data, type_range

_INDEX = IndexType()


def _all_of(op: Operation, type_: Attribute) -> None:
    for value in (*op.operands, *op.results):
        if value.type != type_:
            raise VerifyException(f"{op.name} is on {type_} in a task, got {value.type}")


def _constant(op: Operation) -> None:
    assert isinstance(op, arith.ConstantOp)
    if not isinstance(op.value, IntegerAttr) or op.value.type != op.result.type:
        raise VerifyException(f"{op.name} is an integer of its result's type, got {op.value}")
    if op.result.type == i1:
        return
    if op.result.type != _INDEX:
        raise VerifyException(f"{op.name} is of index or i1 in a task, got {op.result.type}")
    known, fitting = op.value.value.data, type_range(_INDEX)
    if not fitting.low <= known <= fitting.high:
        raise VerifyException(f"{op.name}: {known} is no index, 0 to {fitting.high}")


def _on_index(op: Operation) -> None:
    _all_of(op, _INDEX)
    if op.properties.get("overflowFlags", _NO_FLAGS) != _NO_FLAGS:
        raise VerifyException(f"{op.name} has overflow flags, which nothing in a task keeps")


_NO_FLAGS = arith.IntegerOverflowAttr("none")


def _divide(op: Operation) -> None:
    _all_of(op, _INDEX)
    if constant_value(op.operands[1]) == 0:
        raise VerifyException(f"{op.name} is by 0")


def _on_conditions(op: Operation) -> None:
    _all_of(op, i1)


def _compare(op: Operation) -> None:
    assert isinstance(op, arith.CmpiOp)
    for value in op.operands:
        if value.type != _INDEX:
            raise VerifyException(f"{op.name} compares indices in a task, got {value.type}")
    predicate = op.predicate
    known = 0 <= predicate.value.data < len(arith.CMPI_COMPARISON_OPERATIONS)
    if predicate.type != i64 or not known:
        raise VerifyException(f"{op.name} has no predicate {predicate}")


def _choose(op: Operation) -> None:
    assert isinstance(op, arith.SelectOp)
    if op.result.type not in (_INDEX, i1):
        raise VerifyException(
            f"{op.name} is of index or i1 in a task, got {op.result.type}: take dataflow.select"
        )


def _access(op: Operation) -> None:
    assert isinstance(op, memref.LoadOp | memref.StoreOp)
    buffer, type_ = op.memref.owner, op.memref.type
    if not isinstance(buffer, BufferOp) or not isinstance(type_, MemRefType):
        raise VerifyException(f"{op.name} is of a dataflow.buffer in a task")
    if op.properties.get("nontemporal", _FALSE) != _FALSE:
        raise VerifyException(f"{op.name} is nontemporal, which nothing in a task keeps")
    for index, size in zip(op.indices, type_.get_shape(), strict=True):
        known = constant_value(index)
        if known is not None and not 0 <= known < size:
            raise VerifyException(
                f"{op.name}: buffer {buffer.sym_name.data} has {size} elements, index {known} is "
                "not one of them"
            )


_FALSE = BoolAttr.from_bool(False)


def _loop(op: Operation) -> None:
    assert isinstance(op, scf.ForOp)
    if op.lb.type != _INDEX:
        raise VerifyException(f"{op.name} counts in index in a task, got {op.lb.type}")
    for value in op.iter_args:
        _verify_carried(op, value)
    wanted = [value.type for value in op.iter_args]
    if [result.type for result in op.results] != wanted:
        raise VerifyException(f"{op.name} has results of other types than what it carries")
    last = op.body.block.last_op
    if not isinstance(last, scf.YieldOp) or [value.type for value in last.arguments] != wanted:
        raise VerifyException(f"{op.name} needs a scf.yield of its results' types at its end")


def _branch(op: Operation) -> None:
    assert isinstance(op, scf.IfOp)
    regions = [region for region in (op.true_region, op.false_region) if region.blocks]
    if op.results and len(regions) != 2:
        raise VerifyException(f"{op.name} has results, so it needs an else")
    wanted = [result.type for result in op.results]
    for result in op.results:
        _verify_carried(op, result)
    for region in regions:
        if len(region.blocks) != 1 or region.block.args:
            raise VerifyException(f"{op.name} has branches of one block without arguments")
        last = region.block.last_op
        if not isinstance(last, scf.YieldOp) or [v.type for v in last.arguments] != wanted:
            raise VerifyException(f"{op.name} needs a scf.yield of its results' types in a branch")


def _verify_carried(op: Operation, value: SSAValue) -> None:
    if value.type not in (_INDEX, i1) and not is_data(value.type):
        raise VerifyException(f"{op.name} carries data, index or i1 in a task, got {value.type}")


def _yield(_op: Operation) -> None:
    """The op around it says what it takes."""


_RULES: Mapping[type[Operation], Callable[[Operation], None]] = {
    arith.ConstantOp: _constant,
    arith.AddiOp: _on_index,
    arith.SubiOp: _on_index,
    arith.MuliOp: _on_index,
    arith.DivUIOp: _divide,
    arith.RemUIOp: _divide,
    arith.CmpiOp: _compare,
    arith.SelectOp: _choose,
    arith.AndIOp: _on_conditions,
    arith.OrIOp: _on_conditions,
    arith.XOrIOp: _on_conditions,
    memref.LoadOp: _access,
    memref.StoreOp: _access,
    scf.ForOp: _loop,
    scf.IfOp: _branch,
    scf.YieldOp: _yield,
}


_STEMS: Mapping[type[Operation], str] = {
    arith.ConstantOp: "constant",
    arith.AddiOp: "place",
    arith.SubiOp: "difference",
    arith.MuliOp: "offset",
    arith.DivUIOp: "quotient",
    arith.RemUIOp: "remainder",
    arith.CmpiOp: "condition",
    arith.SelectOp: "chosen",
    arith.AndIOp: "condition",
    arith.OrIOp: "condition",
    arith.XOrIOp: "condition",
    memref.LoadOp: "element",
    scf.ForOp: "carried",
    scf.IfOp: "chosen",
}


def stem_of(op: Operation) -> str:
    """What a result of an op of a task is called that has no name of its own."""
    named = op.get_traits_of_type(Named)
    return named[0].stem if named else _STEMS[type(op)]


def verify_foreign(op: Operation) -> bool:
    """Whether an op is one of these; VerifyException when it says what a task does not take."""
    rule = _RULES.get(type(op))
    if rule is None:
        return False
    verify_no_attributes(op, (LOOP,) if isinstance(op, scf.ForOp) else ())
    rule(op)
    return True
