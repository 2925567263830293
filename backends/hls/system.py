"""How the kernels are joined: for the C simulation, and for the linker of the vendor's tools."""

from lmc.backends.hls.arguments import KernelArgument, design_kernels, kernel_arguments
from lmc.backends.hls.names import c_type
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.links import stream_depth
from lmc.dataflow.memory_order import is_tied
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    StreamOp,
    TaskOp,
)
from lmc.targets import Target


def print_system(design: DesignOp) -> str:
    """`system.cpp`: the streams between kernels, and the kernels as the simulator knows them."""
    lines = [
        "// The kernels of the design and the streams between them, for the C simulation.",
        f'#include "{design.sym_name.data}.h"',
        '#include "xrt_sim.h"',
        "",
    ]
    lines += [
        "namespace streams {",
        *map(_stream, _design_streams(design)),
        "}  // namespace streams",
    ]
    for kernel in design_kernels(design):
        lines += ["", *_registration(kernel)]
    return "\n".join([*lines, ""])


def print_connectivity(design: DesignOp, target: Target) -> str:
    """`connectivity.cfg` for `v++ -l`: clock, kernels with SLRs, streams with depths, memory ports.

    `sp=` has the linker's name of a bank's channel, as the target says it. Raises LmcError where a
    bank is in a memory that the target lacks, or a stream has no depth.
    """
    kernels = design_kernels(design)
    lines = [*_clock(design, target), "", "[connectivity]"]
    lines += [f"nk={_name(kernel)}:1:{_name(kernel)}_1" for kernel in kernels]
    lines += [f"slr={_name(kernel)}_1:{kernel.slr.data}" for kernel in kernels if kernel.slr]
    for stream in _design_streams(design):
        producer, consumer = stream_ends(design, stream)
        ends = f"{_end(producer)}:{_end(consumer)}"
        if stream.depth is None:
            raise LmcError(
                f"stream {stream.sym_name.data} is between two kernels and has no depth, which the "
                "linker has to know: run size-fifos"
            )
        lines.append(f"sc={ends}:{stream.depth.value.data}")
    for kernel in kernels:
        for argument in kernel_arguments(kernel):
            if isinstance(argument.source, BankOp):
                name = _linker_name(argument.source, target)
                lines.append(f"sp={_end((kernel, argument))}:{name}")
    return "\n".join([*lines, ""])


def _clock(design: DesignOp, target: Target) -> list[str]:
    """The clock of all kernels: without it the linker takes the platform's.

    Releases from 2023.2 on have one option for all platforms (UG1702, "--clock Options"). Of those
    before it, UG1393 2023.1 ("Identifying Platform Clocks", "--clock Options") tells clock 0 of an
    Alveo card, which XRT scales, from the fixed clocks of a platform with a processor.
    """
    mhz = design_clock(design, target)
    if target.flow.hls == "v++":
        return [f"freqhz={mhz}000000"]
    if target.flow.host == "x86_64":
        return [f"kernel_frequency=0:{mhz}"]
    return ["[clock]", f"defaultFreqHz={mhz}000000"]


End = tuple[KernelOp, KernelArgument]


def stream_ends(design: DesignOp, stream: StreamOp) -> tuple[End, End]:
    """(producer, consumer) of a stream between kernels; LmcError when one is missing."""
    ends: dict[str, End] = {}
    for kernel in design_kernels(design):
        for argument in kernel_arguments(kernel):
            if argument.source is stream:
                ends[argument.access] = (kernel, argument)
    if set(ends) != {"read", "write"}:
        raise LmcError(
            f"stream {stream.sym_name.data} does not join two kernels: it needs one that writes it "
            "and another one that reads it"
        )
    return ends["write"], ends["read"]


def _design_streams(design: DesignOp) -> list[StreamOp]:
    return [op for op in design.body.block.ops if isinstance(op, StreamOp)]


def _stream(stream: StreamOp) -> str:
    # A namespace of their own: the C library has functions with names such as y1.
    name, element = stream.sym_name.data, c_type(stream.result.type.element_type)
    return f'static hls::stream<{element}, {stream_depth(stream)}> {name}("{name}");'


def _linker_name(bank: BankOp, target: Target) -> str:
    return target.memory(bank.memory.data).linker_name(bank.channel_number)


def _name(kernel: KernelOp) -> str:
    return kernel.sym_name.data


def _end(end: End) -> str:
    kernel, argument = end
    return f"{_name(kernel)}_1.{argument.name}"


def _registration(kernel: KernelOp) -> list[str]:
    arguments = kernel_arguments(kernel)
    passed = ", ".join(_passed(argument) for argument in arguments)
    name = _name(kernel)
    return [
        f"static const bool {name}_registered = lmc::sim::register_kernel(",
        f'    "{name}", {len(arguments)}, []([[maybe_unused]] const lmc::sim::args &launch) {{',
        f"      {name}({passed});",
        "    });",
    ]


def _passed(argument: KernelArgument) -> str:
    source, position = argument.source, argument.position
    if isinstance(source, StreamOp):
        return f"streams::{source.sym_name.data}"
    if isinstance(source, ScalarOp):
        return f"launch.scalar({position})"
    word = c_type(source.port.type.word_type)
    pointer = f"static_cast<{word} *>(launch.pointer({position}))"
    if source.direction.data != "read_write" or _is_tied(argument):
        return pointer
    return f"hls::burst_maxi<{word} >::untied({pointer}, {source.words.value.data})"


def _is_tied(argument: KernelArgument) -> bool:
    """Whether all that the kernel reads through a port has its place from a stream."""
    tasks = [use for use in argument.inner.uses if isinstance(use.operation, TaskOp)]
    ports = [use.operation.regions[0].block.args[use.index] for use in tasks]
    bursts = [use.operation for port in ports for use in port.uses]
    return all(is_tied(burst) for burst in bursts if isinstance(burst, BurstReadOp))
