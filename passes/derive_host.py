"""derive-host: what the host does with a design, as a program beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from lmc.allocation import allocation_of
from lmc.dataflow.banks import bank_of_kind, banks, first_segment, logits_of
from lmc.dataflow.graph import refuse_flat
from lmc.dialects import host
from lmc.dialects.dataflow import BankOp, DesignOp, KernelOp, ScalarOp, StreamOp
from lmc.ir.pass_base import LmcPass
from lmc.memory_layout.words import IMAGE_SUFFIX
from lmc.models.tokenizer import ByteTokenizer
from lmc.targets import Target, load_target
from lmc.weights import open_end_tokens, open_tokenizer

MOST_STEPS = 128
"""Steps of a launch at most: they bound buffers, and how long a launch may take."""


@dataclass(frozen=True)
class DeriveHost(LmcPass):
    """Adds a `host.program` beside each design, or one in place of an older one.

    Every bank becomes a buffer in the memory that the target's linker knows it by; those with an
    image are filled with it, the others cleared. A launch sends the prompt, runs all kernels in the
    order of the design, and receives tokens and logits. The text that a prompt may be, and the
    tokens that end one, are those of the module's model.
    """

    name = "derive-host"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError when the module has no allocation, its design is flat, has no bank of
        prompt, tokens or logits or one that says nothing of what it holds, or its model is gone."""
        target = load_target(allocation_of(op).target)
        for old in [item for item in op.ops if isinstance(item, host.ProgramOp)]:
            old.detach()
            old.erase()
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            refuse_flat(design)
            program = derive_program(design, target, _text_of(op), open_end_tokens(op))
            op.body.block.insert_op_after(program, design)


def derive_program(
    design: DesignOp, target: Target, text: str, end_tokens: tuple[int, ...]
) -> host.ProgramOp:
    """The host program of a design; raises as `DeriveHost.apply`."""
    buffers = {bank: _buffer(bank, target) for bank in banks(design)}
    fills: list[Operation] = []
    clears: list[Operation] = []
    for bank, buffer in buffers.items():
        if first_segment(bank).HAS_IMAGE:
            fills.append(host.FillOp(buffer.buffer, f"{bank.sym_name.data}{IMAGE_SUFFIX}"))
        else:
            clears.append(host.ClearOp(buffer.buffer))
    launch = host.LaunchOp(MOST_STEPS, list(_launch(design, buffers)))
    vocabulary = logits_of(design).length.data
    loop = host.TokenLoopOp(text, vocabulary, end_tokens, [*clears, launch])
    memories = [
        memory.linker_name(channel)
        for memory in target.memories
        for channel in range(memory.channels)
    ]
    program = host.ProgramOp(design.sym_name.data, memories, [*buffers.values(), *fills, loop])
    program.location = design.location
    return program


def _text_of(module: ModuleOp) -> str:
    """What a prompt may be besides token ids."""
    tokenizer = open_tokenizer(module)
    if tokenizer is None:
        return "ids"
    return "bytes" if isinstance(tokenizer, ByteTokenizer) else "tokenizer"


def _buffer(bank: BankOp, target: Target) -> host.BufferOp:
    name, (size, each) = bank.sym_name.data, host.buffer_size(bank)
    memory = target.memory(bank.memory.data).linker_name(bank.channel_number)
    buffer = host.BufferOp(name, size, memory, each)
    buffer.buffer.name_hint = name
    return buffer


def _launch(design: DesignOp, buffers: dict[BankOp, host.BufferOp]) -> Iterator[Operation]:
    """What a launch does, in order."""

    def moved(what: str) -> SSAValue:
        return buffers[bank_of_kind(design, what)].buffer

    values: dict[Operation, SSAValue] = {bank: op.buffer for bank, op in buffers.items()}
    for scalar in [op for op in design.body.block.ops if isinstance(op, ScalarOp)]:
        made = host.ScalarOp(scalar.sym_name.data)
        made.result.name_hint = scalar.sym_name.data
        values[scalar] = made.result
        yield made
    yield host.SendOp("prompt", moved("prompt"))
    for kernel in [op for op in design.body.block.ops if isinstance(op, KernelOp)]:
        yield host.RunOp(kernel.sym_name.data, list(_arguments(kernel, values)))
    for what in ("tokens", "logits"):
        yield host.ReceiveOp(what, moved(what))


def _arguments(
    kernel: KernelOp, values: dict[Operation, SSAValue]
) -> Iterator[tuple[int, SSAValue]]:
    """What the host sets of a kernel, by position."""
    for position, value in enumerate(kernel.arguments):
        source = value.owner
        assert isinstance(source, Operation)
        if not isinstance(source, StreamOp):
            yield position, values[source]
