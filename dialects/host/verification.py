"""A host program against the design that it is for: all of it, once, and as it is there."""

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING

from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow import BankOp, DesignOp, KernelOp, LogitsAttr, StreamType
from lmc.dialects.dataflow import ScalarOp as DesignScalarOp
from lmc.dialects.host.ops import (
    EACH,
    BufferOp,
    ClearOp,
    FillOp,
    RunOp,
    ScalarOp,
    buffer_of,
    buffer_size,
)
from lmc.memory_layout.words import IMAGE_SUFFIX

if TYPE_CHECKING:
    from lmc.dialects.host.program import ProgramOp

_AGAIN = "run derive-host after all passes that change the design"


def verify_design(program: "ProgramOp", design: DesignOp) -> None:
    """VerifyException at the first buffer, transfer, scalar or run that is not what the design,
    which has kernels, needs."""
    if design.is_flat:
        raise VerifyException(
            f"the host program is for design {design.sym_name.data}, which has no kernels yet: "
            f"{_AGAIN}"
        )
    banks = {op.sym_name.data: op for op in design.body.block.ops if isinstance(op, BankOp)}
    buffers = {op.sym_name.data: op for op in program.buffers}
    _verify_same("buffer", [op.sym_name.data for op in program.buffers], "bank", list(banks))
    for name, bank in banks.items():
        _verify_size(buffers[name], bank)
    _verify_memories(program, buffers, banks)
    _verify_contents(program, banks)
    _verify_moved(program, banks)
    _verify_runs(program, design)


def _verify_same(kind: str, found: list[str], other: str, wanted: list[str]) -> None:
    """Each of `wanted` is among those found once, and nothing else is."""
    for name in found:
        if name not in wanted:
            raise VerifyException(f"{kind} {name} is of no {other} of the design: {_AGAIN}")
        if found.count(name) > 1:
            raise VerifyException(f"{kind} {name} is there twice")
    for name in wanted:
        if name not in found:
            raise VerifyException(f"{other} {name} of the design has no {kind}: {_AGAIN}")


def _verify_size(buffer: BufferOp, bank: BankOp) -> None:
    found = (buffer.bytes.value.data, buffer.each.data if buffer.each else None)
    wanted = buffer_size(bank)
    if found != wanted:
        texts = [f"{count}{f' for each {of}' if of else ''}" for count, of in (found, wanted)]
        raise VerifyException(
            f"buffer {buffer.sym_name.data} has {texts[0]} bytes, its bank {texts[1]}: {_AGAIN}"
        )


def _verify_memories(
    program: "ProgramOp", buffers: Mapping[str, BufferOp], banks: Mapping[str, BankOp]
) -> None:
    """What the design has in one memory is in one, and what it has in two in two."""
    known = [name.data for name in program.memories]
    own: dict[tuple[str, int], str] = {}
    for name, bank in banks.items():
        memory, place = buffers[name].memory.data, (bank.memory.data, bank.channel_number)
        if memory not in known:
            raise VerifyException(
                f"buffer {name} is in {memory}; the board has {', '.join(known) or 'no memory'}"
            )
        if own.setdefault(place, memory) != memory:
            raise VerifyException(
                f"buffer {name} is in {memory}; others of memory {place[0]} channel {place[1]} of "
                f"the design are in {own[place]}"
            )
    for memory in own.values():
        if list(own.values()).count(memory) > 1:
            raise VerifyException(f"{memory} has buffers of two memories of the design")


def _verify_contents(program: "ProgramOp", banks: Mapping[str, BankOp]) -> None:
    """A buffer with an image is filled with it, all others are cleared, each once."""
    clears = [op for op in program.token_loop.body.block.ops if isinstance(op, ClearOp)]
    fills = [op for op in program.body.block.ops if isinstance(op, FillOp)]
    given = [buffer_of(op.buffer).sym_name.data for op in chain(fills, clears)]
    for name, bank in banks.items():
        if given.count(name) != 1:
            raise VerifyException(
                f"buffer {name} is filled or cleared {given.count(name)} times: it is once"
            )
        if not bank.segments:
            raise VerifyException(f"bank {name} has no layout, so nothing can fill its buffer")
    for op in fills:
        name = buffer_of(op.buffer).sym_name.data
        if not banks[name].segments[0].HAS_IMAGE:
            raise VerifyException(f"buffer {name} is filled and has no image: it is cleared")
        if op.image.data != f"{name}{IMAGE_SUFFIX}":
            raise VerifyException(f"the image of {name} is {name}{IMAGE_SUFFIX}, not {op.image}")
    for op in clears:
        name = buffer_of(op.buffer).sym_name.data
        if banks[name].segments[0].HAS_IMAGE:
            raise VerifyException(f"buffer {name} is cleared and has an image: it is filled")


def _verify_moved(program: "ProgramOp", banks: Mapping[str, BankOp]) -> None:
    for what in EACH:
        name = program.moved(what).sym_name.data
        segment = banks[name].segments[0]
        if segment.kind() != what:
            raise VerifyException(f"the {what} are in {name}, which holds {segment.kind()}")
        if isinstance(segment, LogitsAttr):
            size = program.token_loop.vocabulary.value.data
            if segment.length.data != size:
                raise VerifyException(
                    f"a vocabulary of {size} tokens has {segment.length.data} logits: {_AGAIN}"
                )


def _verify_runs(program: "ProgramOp", design: DesignOp) -> None:
    """Each kernel runs once, and has each of its arguments bound to what the design binds it to."""
    parts = design.body.block.ops
    scalars = [op.sym_name.data for op in parts if isinstance(op, DesignScalarOp)]
    kernels = {op.sym_name.data: op for op in parts if isinstance(op, KernelOp)}
    _verify_same("scalar", [op.sym_name.data for op in program.scalars], "scalar", scalars)
    _verify_same("run", [run.kernel_name for run in program.runs], "kernel", list(kernels))
    for run in program.runs:
        _verify_run(run, kernels[run.kernel_name])
    used = {value.owner for run in program.runs for value in run.arguments}
    for buffer in program.buffers:
        if buffer not in used:
            raise VerifyException(f"buffer {buffer.sym_name.data} is an argument of no kernel")


def _verify_run(run: RunOp, kernel: KernelOp) -> None:
    bound = {place: _declared(value.owner) for place, value in run.bindings}
    wanted = {
        place: _declared(value.owner)
        for place, value in enumerate(kernel.arguments)
        if not isinstance(value.type, StreamType)
    }
    for place in sorted(bound.keys() | wanted.keys()):
        if bound.get(place) != wanted.get(place):
            raise VerifyException(
                f"argument {place} of kernel {run.kernel_name} is "
                f"{bound.get(place) or 'not set'}; the design has "
                f"{wanted.get(place) or 'nothing that the host sets'} there: {_AGAIN}"
            )


def _declared(owner: object) -> str:
    """What a buffer, a bank or a scalar is called, with its kind."""
    if isinstance(owner, BufferOp | BankOp):
        return f"buffer {owner.sym_name.data}"
    assert isinstance(owner, ScalarOp | DesignScalarOp)
    return f"scalar {owner.sym_name.data}"
