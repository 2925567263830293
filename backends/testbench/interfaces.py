"""What a kernel's testbench and the recorder of its vectors have to agree on."""

import hashlib

from lmc.backends.hls.arguments import KernelArgument
from lmc.backends.hls.names import c_type
from lmc.backends.hls.printer import kernel_signature
from lmc.dialects.dataflow import BankOp, KernelOp, ScalarOp


def interface_id(kernel: KernelOp) -> str:
    """16 characters that stand for the kernel's name and arguments, at the begin of its vectors."""
    return hashlib.sha256(kernel_signature(kernel).encode()).hexdigest()[:16]


def word_type(argument: KernelArgument) -> str:
    """The C++ type of a scalar, of a stream's elements, or of the words of a memory."""
    source = argument.source
    if isinstance(source, BankOp):
        return c_type(source.port.type.word_type)
    if isinstance(source, ScalarOp):
        return c_type(argument.inner.type)
    return c_type(source.result.type.element_type)
