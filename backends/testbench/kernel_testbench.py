"""The testbench of a kernel: C++ for g++ and for C simulation and co-simulation of the HLS tool."""

from pathlib import Path

from lmc.backends.hls.arguments import KernelArgument, design_kernels, kernel_arguments
from lmc.backends.hls.functions import call_text
from lmc.backends.hls.names import Names
from lmc.backends.hls.recorded_launches import port_words
from lmc.backends.testbench.interfaces import interface_id, word_type
from lmc.dialects.dataflow import BankOp, DesignOp, KernelOp, ScalarOp

TESTBENCH_HEADERS = tuple(
    Path(__file__).parent / "include" / name for name in ("vectors.h", "words.h", "recorder.h")
)
"""Headers beside the testbenches; the last one is for recording only."""


def print_testbenches(design: DesignOp) -> dict[str, str]:
    """`KERNEL.cpp` for each kernel, by name.

    A testbench calls its kernel alone, once for each recorded launch, and compares all that the
    kernel writes. Its sources are C++14 of the HLS tool; it needs TESTBENCH_HEADERS beside it and
    the kernels' header in `../hls`.
    """
    header = design.sym_name.data
    return {
        f"{kernel.sym_name.data}.cpp": _testbench(kernel, header)
        for kernel in design_kernels(design)
    }


def _testbench(kernel: KernelOp, header: str) -> str:
    name = kernel.sym_name.data
    arguments = kernel_arguments(kernel)
    names = Names({"main", "run", name, *(argument.name for argument in arguments)})
    vectors = names.fresh("vectors")
    expected = {
        argument.name: names.fresh(f"{argument.name}_expected")
        for argument in arguments
        if argument.access != "read"
    }
    passed = [
        f'lmc::port({argument.name}, "{argument.name}")'
        if isinstance(argument.source, BankOp)
        else argument.name
        for argument in arguments
    ]
    lines = [
        f"// Testbench of kernel {name}: calls it alone, with what the C simulation of the whole",
        "// design has recorded, and compares all that it writes.",
        f'#include "../hls/{header}.h"',
        '#include "vectors.h"',
        "",
        "// Repeats a launch.",
        f"static void run(lmc::Vectors& {vectors}) {{",
    ]
    for argument in arguments:
        lines += _given(argument, expected.get(argument.name), vectors)
    lines += ["", call_text("LMC_KERNEL", [name, *passed]), ""]
    lines += _compared(arguments, expected, vectors)
    lines += [
        "}",
        "",
        "int main() {",
        f'  return lmc::run_testbench("{name}", "{interface_id(kernel)}", run);',
        "}",
        "",
    ]
    return "\n".join(lines)


def _given(argument: KernelArgument, expected: str | None, vectors: str) -> list[str]:
    """What a kernel is called with, in the order of the file."""
    name, type_, source = argument.name, word_type(argument), argument.source
    if isinstance(source, ScalarOp):
        return [f"  const {type_} {name} = {vectors}.scalar<{type_}>();"]
    if isinstance(source, BankOp):
        # Where nothing is to be read or written, a word of ones shows that something was.
        lines = [f"  std::vector<{type_}> {name}({port_words(source)}, {type_}(-1));"]
        if argument.access != "write":
            lines.append(f'  {vectors}.load({name}, "{name}");')
        if expected:
            after = f'{vectors}.after({name}, "{name}")'
            lines.append(f"  const std::vector<{type_}> {expected} = {after};")
        return lines
    declared = f'  hls::stream<{type_}> {name}("{name}");'
    if expected:
        return [
            declared,
            f"  const std::vector<{type_}> {expected} = {vectors}.words({name});",
        ]
    return [declared, f"  {vectors}.fill({name});"]


def _compared(arguments: list[KernelArgument], expected: dict[str, str], vectors: str) -> list[str]:
    """Comparisons of what is written, then checks that all of what is given was taken."""
    compared = [
        f'  {vectors}.compare({argument.name}, {expected[argument.name]}, "{argument.name}");'
        for argument in arguments
        if argument.name in expected
    ]
    taken = [
        f'  {vectors}.expect_empty({argument.name}, "{argument.name}");'
        for argument in arguments
        if argument.access == "read" and not isinstance(argument.source, BankOp | ScalarOp)
    ]
    return compared + taken
