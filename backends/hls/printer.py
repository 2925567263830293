"""The HLS C++ of a design: one file for each kernel, and one header.

The printer knows the dataflow ops and nothing of what was lowered to them.
"""

from collections.abc import Sequence
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.backends.hls.arguments import (
    KernelArgument,
    design_kernels,
    kernel_arguments,
    task_names,
)
from lmc.backends.hls.functions import (
    Instance,
    call_text,
    parameter_text,
    print_functions,
    signature_text,
)
from lmc.backends.hls.layout import laid_out
from lmc.backends.hls.names import Names, c_type
from lmc.backends.hls.pragmas import stream_pragmas
from lmc.backends.hls.printable import check_printable
from lmc.backends.hls.recorded_launches import port_words
from lmc.dataflow.graph import refuse_flat
from lmc.dataflow.links import stream_depth
from lmc.dataflow.resources.ports import MAX_BURST, OUTSTANDING
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    StreamOp,
    TaskOp,
)

SUPPORT_HEADERS = (Path(__file__).parent / "include" / "lmc_ops.h",)
"""Headers that emitted code includes beside the HLS tool's and lmc_task.h."""


def find_design(module: ModuleOp) -> DesignOp:
    """The one design of a module; LmcError when there is none, more than one, or a flat one."""
    designs = [op for op in module.ops if isinstance(op, DesignOp)]
    if len(designs) != 1:
        raise LmcError(
            f"the module holds {len(designs)} dataflow designs and needs exactly one: "
            "run lower-to-tasks and the steps after it first"
        )
    refuse_flat(designs[0])
    return designs[0]


def print_design(design: DesignOp) -> dict[str, str]:
    """Texts by file name: `<design>.h` and `<kernel>.cpp` for each kernel.

    The sources also need `lmc_ops.h` (SUPPORT_HEADERS), `lmc_task.h`, and `ap_int.h`,
    `hls_burst_maxi.h` and `hls_stream.h` of the HLS tool or of the C simulation. Raises LmcError as
    check_printable does: what is not printed exactly is not printed.
    """
    check_printable(design)
    header = f"{design.sym_name.data}.h"
    files = {header: _header(design)}
    taken = _taken(design)
    for kernel in design_kernels(design):
        files[f"{kernel.sym_name.data}.cpp"] = _kernel_file(kernel, header, taken)
    return files


def design_instances(design: DesignOp) -> dict[str, list[Instance]]:
    """By kernel, how its tasks call their functions in what `print_design` prints."""
    taken = _taken(design)
    return {
        kernel.sym_name.data: print_functions(kernel, taken)[1] for kernel in design_kernels(design)
    }


def kernel_signature(kernel: KernelOp) -> str:
    """`void name(arguments)` of a kernel."""
    parameters = [_parameter(argument) for argument in kernel_arguments(kernel)]
    return signature_text(f"void {kernel.sym_name.data}", parameters)


def _header(design: DesignOp) -> str:
    guard = f"{design.sym_name.data.upper()}_H"
    lines = [
        f"// Kernels of the design {design.sym_name.data}.",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        '#include "ap_int.h"',
        '#include "hls_burst_maxi.h"',
        '#include "hls_stream.h"',
        "",
        '#include "lmc_ops.h"',
        '#include "lmc_task.h"',
        "",
    ]
    lines += [f'extern "C" {kernel_signature(kernel)};\n' for kernel in design_kernels(design)]
    return laid_out([*lines, "#endif", ""])


def _taken(design: DesignOp) -> set[str]:
    """The names of all parts of a design."""
    return {name for op in design.walk() if (name := _name(op)) is not None}


def _name(op: Operation) -> str | None:
    """What a part of a design is called."""
    is_part = isinstance(op, BankOp | ScalarOp | StreamOp | KernelOp | TaskOp)
    return op.sym_name.data if is_part else None


def _kernel_file(kernel: KernelOp, header: str, taken: set[str]) -> str:
    functions, instances = print_functions(kernel, taken)
    lines = [f"// Kernel {kernel.sym_name.data}.", f'#include "{header}"', "", *functions]
    return laid_out([*lines, *_kernel(kernel, instances), ""])


def _parameter(argument: KernelArgument) -> str:
    return parameter_text(argument.inner, argument.name)


def _kernel(kernel: KernelOp, instances: Sequence[Instance]) -> list[str]:
    """The kernel's function: its interfaces, its streams, and a call for each task."""
    arguments = kernel_arguments(kernel)
    texts = {argument.inner: argument.name for argument in arguments}
    names = Names({*task_names(kernel), *(argument.name for argument in arguments)})
    lines = [f'extern "C" {kernel_signature(kernel)} {{']
    for argument in arguments:
        lines += _interface(argument)
    lines += ["#pragma HLS interface mode=s_axilite port=return", "#pragma HLS dataflow"]
    for op in kernel.body.block.ops:
        if isinstance(op, StreamOp):
            texts[op.result] = names.fresh(op.sym_name.data)
            lines.append(_local_stream(op, texts[op.result]))
            lines += stream_pragmas(op, texts[op.result])
    for instance in instances:
        name, call = instance.task.sym_name.data, instance.call
        macro, called = (
            ("LMC_TASK", [name]) if name == call else ("LMC_TASK_OF", [name, f"({call})"])
        )
        passed = [*called, *(texts[value] for value in instance.task.arguments)]
        lines.append(call_text(macro, passed))
    return [*lines, "  LMC_JOIN();", "}"]


def _local_stream(op: StreamOp, name: str) -> str:
    element = c_type(op.result.type.element_type)
    return f'  hls::stream<{element}, {stream_depth(op)}> {name}("{name}");'


def _interface(argument: KernelArgument) -> list[str]:
    name, source = argument.name, argument.source
    control = f"#pragma HLS interface mode=s_axilite port={name}"
    if isinstance(source, StreamOp):
        return [f"#pragma HLS interface mode=axis port={name}"]
    if isinstance(source, ScalarOp):
        return [control]
    return [_memory_interface(argument, source), control]


def _memory_interface(argument: KernelArgument, bank: BankOp) -> str:
    kinds = ("read", "write") if argument.access == "read_write" else (argument.access,)
    limits = "".join(
        f" max_{kind}_burst_length={MAX_BURST} num_{kind}_outstanding={OUTSTANDING}"
        for kind in kinds
    )
    return (
        f"#pragma HLS interface mode=m_axi port={argument.name} offset=slave "
        f"bundle=gmem_{argument.name} depth={port_words(bank)}{limits}"
    )
