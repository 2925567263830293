"""Prints the Makefile of a design folder, and the script that turns text into tokens and back."""

from lmc.backends.csim.build import FLAGS, WARNINGS
from lmc.backends.hls.arguments import design_kernels
from lmc.backends.host.program import bank_of_kind, logits_of
from lmc.backends.images import banks
from lmc.backends.vitis.templates import render
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


def print_makefile(design: DesignOp, target: Target, *, byte_tokens: bool) -> str:
    """`Makefile`: C simulation with g++, and the target's flow with AMD's tools.

    The targets and variables are those of AMD's examples (all, host, build, run, clean; PLATFORM,
    TARGET), with csim, hls, package and run-sim beside them. What is missing, a tool, a platform, a
    variable or something that the board has not, stops make in one sentence. The clock of the
    link is in `connectivity.cfg`. With `byte_tokens` a prompt may be a text.
    """
    return render(
        "Makefile.j2",
        design=design.sym_name.data,
        board=target.name,
        platform=target.platform or "",
        kernels=[kernel.sym_name.data for kernel in design_kernels(design)],
        flow=target.flow,
        kernel_ending="xo" if target.flow.link else "zip",
        byte_tokens=byte_tokens,
        csim_flags=[*FLAGS, *WARNINGS["fast"]],
    )


def print_generate_script(design: DesignOp, *, byte_tokens: bool) -> str:
    """`generate.sh`: a prompt to the host program's ids, and its ids to text; POSIX tools only.

    Raises LmcError if the design has no bank for logits.
    """
    return render(
        "generate.sh.j2",
        design=design.sym_name.data,
        vocabulary=logits_of(bank_of_kind(banks(design), "logits")).length.data,
        byte_tokens=byte_tokens,
    )
