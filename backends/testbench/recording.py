"""`recording.cpp`: the design's kernels and streams for a simulation that records."""

from lmc.backends.hls.arguments import KernelArgument, design_kernels, kernel_arguments
from lmc.backends.hls.functions import call_text
from lmc.backends.hls.names import c_type
from lmc.backends.testbench.interfaces import interface_id, word_type
from lmc.dataflow.links import stream_depth
from lmc.dialects.dataflow import BankOp, DesignOp, KernelOp, ScalarOp, StreamOp


def print_recording(design: DesignOp) -> str:
    """`recording.cpp`, which takes the place of `system.cpp` in a simulation that records.

    It needs the kernels' header, the headers of the C simulation, and `recorder.h`.
    """
    lines = [
        "// The kernels of the design and the streams between them, for a C simulation that",
        "// records the vectors of the kernels' testbenches.",
        f'#include "../hls/{design.sym_name.data}.h"',
        '#include "../testbench/recorder.h"',
        "",
        "namespace streams {",
        *(_stream(op) for op in design.body.block.ops if isinstance(op, StreamOp)),
        "}  // namespace streams",
    ]
    for kernel in design_kernels(design):
        lines += ["", *_registration(kernel)]
    return "\n".join([*lines, ""])


def _stream(stream: StreamOp) -> str:
    name, element = stream.sym_name.data, c_type(stream.result.type.element_type)
    return f'static lmc::RecordedStream<{element}> {name}({stream_depth(stream)}, "{name}");'


def _registration(kernel: KernelOp) -> list[str]:
    arguments = kernel_arguments(kernel)
    name = kernel.sym_name.data
    declared = [_declared(argument) for argument in arguments]
    call = call_text(name, [_passed(argument) for argument in arguments])
    return [
        f'static lmc::VectorFile {name}_file("{name}", "{interface_id(kernel)}");',
        f"static const bool {name}_registered = lmc::sim::register_kernel(",
        f'    "{name}", {len(arguments)}, []([[maybe_unused]] const lmc::sim::args& launch) {{',
        f"  lmc::RecordedLaunch record({name}_file);",
        *declared,
        "  record.run([&] {",
        f"  {call}",
        "  });",
        "});",
    ]


def _declared(argument: KernelArgument) -> str:
    """Tells the recorder of an argument; by position, as they come in the file."""
    source, position = argument.source, argument.position
    if isinstance(source, ScalarOp):
        return f"  record.scalar(launch.scalar({position}));"
    if isinstance(source, StreamOp):
        side = "input" if argument.access == "read" else "output"
        return f"  record.{side}(streams::{source.sym_name.data});"
    pointer, words = f"launch.pointer({position})", source.words.value.data
    port = f"  const auto {argument.name} = record."
    if argument.access == "write":
        return f"{port}writes<{word_type(argument)}>({pointer});"
    if argument.access == "read_write":
        return f"{port}reads_and_writes<{word_type(argument)}>({pointer}, {words});"
    still = words if source.direction.data == "read_write" else 0
    return f"{port}reads<{word_type(argument)}>({pointer}, {still});"


def _passed(argument: KernelArgument) -> str:
    source = argument.source
    if isinstance(source, StreamOp):
        side = "consumer" if argument.access == "read" else "producer"
        return f"streams::{source.sym_name.data}.{side}()"
    if isinstance(source, ScalarOp):
        return f"launch.scalar({argument.position})"
    assert isinstance(source, BankOp)
    return argument.name
