"""What a host program says, as plain data: `host/design.json`, and `host` of schedule.json."""

from typing import Any

from xdsl.ir import SSAValue

from lmc.backends.hls.arguments import design_kernels, kernel_arguments
from lmc.dialects.dataflow import DesignOp, KernelOp
from lmc.dialects.host import BufferOp, ProgramOp, RunOp, ScalarOp


def host_tables(program: ProgramOp, design: DesignOp) -> dict[str, Any]:
    """The buffers, kernels and token loop of a verified program, in its order.

    A buffer has `bytes` bytes, or so many for `each` prompt or logits token; one without an `image`
    is cleared. `prompt`, `tokens` and `logits` name the buffers that move with every launch. An
    argument has a `position`, the `name` that it has in the kernel's C++, and the `buffer` or
    `scalar` that it is set to.
    """
    loop, images = program.token_loop, program.images
    kernels = {kernel.sym_name.data: kernel for kernel in design_kernels(design)}
    return {
        "design": design.sym_name.data,
        "text": loop.text.data,
        "vocabulary": loop.vocabulary.value.data,
        "end_tokens": [token.value.data for token in loop.end_tokens],
        "most_steps": program.launch.most_steps.value.data,
        **{what: program.moved(what).sym_name.data for what in ("prompt", "tokens", "logits")},
        "scalars": [scalar.sym_name.data for scalar in program.scalars],
        "memories": [name.data for name in program.memories],
        "buffers": [_buffer(buffer, images.get(buffer)) for buffer in program.buffers],
        "kernels": [_kernel(run, kernels[run.kernel_name]) for run in program.runs],
    }


def _buffer(buffer: BufferOp, image: str | None) -> dict[str, Any]:
    return {
        "name": buffer.sym_name.data,
        "bytes": buffer.bytes.value.data,
        "each": buffer.each.data if buffer.each is not None else None,
        "memory": buffer.memory.data,
        "image": image,
    }


def _kernel(run: RunOp, kernel: KernelOp) -> dict[str, Any]:
    names = {argument.position: argument.name for argument in kernel_arguments(kernel)}
    return {
        "name": run.kernel_name,
        "arguments": [
            {"position": position, "name": names[position], **_bound(value)}
            for position, value in run.bindings
        ],
    }


def _bound(value: SSAValue) -> dict[str, str]:
    if isinstance(value.owner, BufferOp):
        return {"buffer": value.owner.sym_name.data}
    assert isinstance(value.owner, ScalarOp)
    return {"scalar": value.owner.sym_name.data}
