"""Prints what the HLS tool reads for a kernel: a configuration file, or a Tcl script."""

from lmc.backends.hls.arguments import design_kernels
from lmc.backends.vitis.templates import render
from lmc.dataflow.clocks import design_clock
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target

_TEMPLATES = {"v++": ("cfg", "hls_config.cfg.j2"), "vitis_hls": ("tcl", "run_hls.tcl.j2")}
"""By the HLS tool of a flow: the ending of its files, and their template."""


def print_hls_inputs(design: DesignOp, target: Target) -> dict[str, str]:
    """`KERNEL.cfg` or `KERNEL.tcl` for each kernel, by name, as the target's HLS tool wants it.

    Both stand beside the sources that they name (UG1399, "HLS Config File Commands" and "Vitis HLS
    Command Reference"). They name the part rather than a platform, so that they serve boards with
    and without one. The clock is that of the design, in MHz.
    """
    ending, template = _TEMPLATES[target.flow.hls]
    names = [kernel.sym_name.data for kernel in design_kernels(design)]
    given = {
        "part": target.part,
        "clock_mhz": design_clock(design, target),
        "linked": target.flow.link is not None,
    }
    return {f"{name}.{ending}": render(template, kernel=name, **given) for name in names}
