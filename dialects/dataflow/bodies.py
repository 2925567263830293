"""Where ops may stand: what is in a task, in what loops and branches, and what is known there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.traits import IsolatedFromAbove
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.declarations import BufferOp
from lmc.dialects.dataflow.foreign import verify_foreign
from lmc.dialects.dataflow.io import BurstReadOp, BurstWriteOp
from lmc.dialects.dataflow.loops import LOOP, Loop, LoopAttr, LoopMode, cascade_product, loop_of
from lmc.dialects.dataflow.ranges import constant_value
from lmc.dialects.dataflow.traits import Statement


def verify_index_counts(body: Region) -> None:
    """VerifyException when a load or store has not an index for each dimension."""
    for op in body.walk():
        if not isinstance(op, memref.LoadOp | memref.StoreOp):
            continue
        type_ = op.memref.type
        if isinstance(type_, MemRefType) and type_.get_num_dims() != len(op.indices):
            raise VerifyException(
                f"{op.name} has {len(op.indices)} indices into a buffer of "
                f"{type_.get_num_dims()} dimensions"
            )


def verify_scope(block: Block, known: set[SSAValue] | None = None) -> None:
    """VerifyException when an op uses a value before it is made, or outside of its block."""
    known = set() if known is None else known
    made: list[SSAValue] = [*block.args]
    known.update(made)
    for op in block.ops:
        for operand in op.operands:
            if operand not in known:
                name = f"%{operand.name_hint}" if operand.name_hint else "a value"
                raise VerifyException(f"{op.name} uses {name} where it is not known yet")
        if op.regions and not op.has_trait(IsolatedFromAbove):
            for region in op.regions:
                for inner in region.blocks:
                    verify_scope(inner, known)
        known.update(op.results)
        made += op.results
    known.difference_update(made)


def verify_unique_names(design: Operation) -> None:
    """VerifyException when two things, or two loops, of a design have one name."""
    seen: set[tuple[str, str]] = set()
    for op in design.walk():
        for kind, name in _names(op):
            if (kind, name) in seen:
                raise VerifyException(f"two {kind}s have the name {name}: give one another name")
            seen.add((kind, name))


def _names(op: Operation) -> Iterator[tuple[str, str]]:
    if isinstance(op, scf.ForOp):
        yield "loop", loop_of(op).label
    elif isinstance(op, BurstReadOp | BurstWriteOp):
        yield "loop", op.label.data
    elif not isinstance(op, BufferOp) and (name := op.get_attr_or_prop("sym_name")) is not None:
        # Tasks have buffers of their own; all else is known in the whole design.
        yield "part", name.data  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


@dataclass(frozen=True)
class _Place:
    """Around an op: the innermost loop, and whether any loop or branch is of a kind."""

    loop: str | None = None
    pipelined: bool = False
    unrolled: bool = False
    conditional: bool = False


def verify_body(block: Block) -> None:
    """VerifyException when an op of a task's block, at any depth, can't be there."""
    buffers: dict[str, BufferOp] = {}
    for op in block.ops:
        if isinstance(op, BufferOp):
            name = op.sym_name.data
            if name in buffers:
                raise VerifyException(f"two buffers have the name {name}: give one another name")
            buffers[name] = op
    _verify_block(block, _Place(), buffers)


def _verify_block(block: Block, place: _Place, buffers: dict[str, BufferOp]) -> None:
    where = "" if place.loop is None else f"loop {place.loop}: "
    for op in block.ops:
        try:
            inner = _verify_op(op, place, buffers)
        except VerifyException as error:
            raise VerifyException(f"{where}{error}") from error
        for region in op.regions:
            for inside in region.blocks:
                _verify_block(inside, inner, buffers)


def _verify_op(op: Operation, place: _Place, buffers: dict[str, BufferOp]) -> _Place:
    """What is around the ops inside of this one; VerifyException when it can't be here."""
    if not op.has_trait(Statement) and not verify_foreign(op):
        raise VerifyException(f"{op.name} can't be in a task")
    if isinstance(op, BufferOp) and op.sym_name.data not in buffers:
        raise VerifyException(f"buffer {op.sym_name.data} is declared in the task, not deeper")
    if isinstance(op, BurstReadOp | BurstWriteOp):
        _verify_burst(op, place)
    if isinstance(op, scf.IfOp):
        return replace(place, conditional=True)
    if isinstance(op, scf.ForOp):
        loop = _verify_loop(op, place, buffers)
        return replace(
            place,
            loop=loop.label,
            pipelined=place.pipelined or loop.mode == LoopMode.PIPELINE,
            unrolled=place.unrolled or loop.mode == LoopMode.UNROLL,
        )
    return place


def _verify_burst(op: BurstReadOp | BurstWriteOp, place: _Place) -> None:
    if place.conditional:
        raise VerifyException(f"burst {op.label.data} is conditional: make its length 0 instead")
    if place.pipelined or place.unrolled:
        raise VerifyException(
            f"burst {op.label.data} is a loop itself: it can't be in a pipelined or unrolled one"
        )


def _verify_loop(op: scf.ForOp, place: _Place, buffers: dict[str, BufferOp]) -> Loop:
    attribute = op.attributes.get(LOOP)
    if attribute is None:
        raise VerifyException(f"{op.name} has no {LOOP} = #dataflow.loop<...> that says its label")
    if not isinstance(attribute, LoopAttr):
        raise VerifyException(f"{op.name}: {LOOP} is a #dataflow.loop<...>, got {attribute}")
    loop = attribute.data
    if constant_value(op.lb) != 0 or constant_value(op.step) != 1:
        raise VerifyException(f"loop {loop.label} must count from 0 in steps of 1")
    for name in loop.independent:
        if name not in buffers:
            raise VerifyException(f"loop {loop.label}: the task has no buffer {name}")
    if loop.cascade and not _is_cascade(op):
        raise VerifyException(
            f"loop {loop.label}: a cascade adds one product, without an impl of its own, to its "
            "only carried value"
        )
    if loop.mode == LoopMode.UNROLL:
        if (constant_value(op.ub) or 0) < 1:
            raise VerifyException(
                f"loop {loop.label} is unrolled, so its trip count must be a constant, 1 or more"
            )
    elif place.pipelined or place.unrolled:
        around = "a pipelined" if place.pipelined else "an unrolled"
        raise VerifyException(f"loop {loop.label} is inside {around} loop, so it must be unrolled")
    return loop


def _is_cascade(op: scf.ForOp) -> bool:
    product = cascade_product(op)
    return product is not None and product.impl is None
