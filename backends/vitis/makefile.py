"""Prints the Makefile of a design folder."""

from lmc.backends.csim.build import FLAGS, WARNINGS
from lmc.backends.hls.arguments import design_kernels
from lmc.backends.hls.recorded_launches import RECORDED_RUN
from lmc.backends.vitis.templates import render
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


def print_makefile(design: DesignOp, target: Target, *, byte_tokens: bool) -> str:
    """`Makefile`: C simulation with g++, and the target's flow with AMD's tools.

    The targets and variables are those of AMD's examples (all, host, build, run, clean; PLATFORM,
    TARGET), with csim, vectors, hls, cosim, package and run-sim beside them. What is missing, a
    tool, a platform, a variable or something that the board has not, stops make in one sentence.
    The clock of the link is in `connectivity.cfg`. With `byte_tokens` a prompt may be a text.
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
        recorded_run=RECORDED_RUN,
        csim_flags=[*FLAGS, *WARNINGS["fast"]],
    )
