"""The design folder: HLS code, host program, build files, weight images, schedule."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc.backends.csim.build import INCLUDE
from lmc.backends.hls.layout import CLANG_FORMAT
from lmc.backends.hls.printable import check_printable
from lmc.backends.hls.printer import SUPPORT_HEADERS, find_design, print_design
from lmc.backends.hls.system import print_connectivity, print_system
from lmc.backends.host.program import find_program, print_host
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.backends.schedule import schedule
from lmc.backends.testbench.kernel_testbench import TESTBENCH_HEADERS, print_testbenches
from lmc.backends.testbench.recording import print_recording
from lmc.backends.vitis.hls_input import print_hls_inputs
from lmc.backends.vitis.makefile import print_makefile
from lmc.backends.vitis.rtl_input import print_rtl_inputs
from lmc.backends.weight_files import write_weight_files
from lmc.design.folder import RTL
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.lint import check_rules
from lmc.models.tokenizer import JsonTokenizer
from lmc.progress import StepsDone
from lmc.targets import Target
from lmc.weights import open_tokenizer


def emit_project(
    module: ModuleOp,
    folder: Path,
    *,
    target: Target,
    integers: ModuleOp | None = None,
    progress: StepsDone | None = None,
    take_weights: Callable[[Path], bool] = lambda _: False,
    is_checked: bool = False,
    with_rtl: bool = False,
) -> None:
    """Writes hls/, host/, csim/, testbench/, weights/, Makefile and schedule.json of a design.

    `with_rtl` writes rtl/, too. `integers` are as for `write_weight_files`. `take_weights` puts
    what that writes into its folder if it was written ahead, and says whether it was. `is_checked`
    says that `lmc.lint.check_rules` has passed on it as it is: that takes seconds.

    Raises:
        LmcError: the module is not at the dataflow level, has no host program, does not verify or
            breaks a rule of `lmc.lint`, a weight can't be made, or lmc has no RTL of something.
    """
    design = find_design(module)
    check_printable(design)
    if not is_checked:
        check_rules(design, target)
    program = find_program(module, design)
    for name, source in project_texts(module, target, with_rtl=with_rtl).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    if program.token_loop.text.data == "tokenizer":
        _copy_tokenizer(module, folder / "host")
    weights = folder / "weights"
    if not take_weights(weights):
        write_weight_files(module, integers, weights, progress)


def project_texts(module: ModuleOp, target: Target, *, with_rtl: bool = False) -> dict[str, str]:
    """All files of a design that are printed from its IR, by their path in the folder.

    Raises:
        LmcError: the module is not at the dataflow level, has no host program, or `with_rtl` has
            something that lmc makes no RTL of.
    """
    design = find_design(module)
    program = find_program(module, design)
    sources = {f"hls/{name}": code for name, code in print_design(design).items()}
    sources["hls/.clang-format"] = CLANG_FORMAT
    sources["hls/connectivity.cfg"] = print_connectivity(design, target)
    host = print_host(program, design, target)
    sources |= {f"host/{name}": code for name, code in host.items()}
    sources["host/system.cpp"] = print_system(design)
    sources |= {f"testbench/{name}": code for name, code in print_testbenches(design).items()}
    sources["csim/recording.cpp"] = print_recording(design)
    sources |= _build_files(design, target, byte_tokens=program.token_loop.text.data == "bytes")
    if with_rtl:
        sources |= _rtl(design, target)
    sources["schedule.json"] = json.dumps(schedule(program, design, target), indent=1) + "\n"
    headers = {f"hls/{path.name}": path for path in (*SUPPORT_HEADERS, INCLUDE / "lmc_task.h")}
    headers |= {f"testbench/{path.name}": path for path in TESTBENCH_HEADERS}
    # The headers of the C simulation: the folder needs no lmc to be simulated.
    headers |= {
        f"csim/include/{path.relative_to(INCLUDE).as_posix()}": path
        for path in sorted(INCLUDE.rglob("*.h"))
    }
    return sources | {name: path.read_text(encoding="utf-8") for name, path in headers.items()}


def _build_files(design: DesignOp, target: Target, *, byte_tokens: bool) -> dict[str, str]:
    """What AMD's tools and make read, by their path in the folder."""
    return {
        "Makefile": print_makefile(design, target, byte_tokens=byte_tokens),
        **{f"hls/{name}": text for name, text in print_hls_inputs(design, target).items()},
    }


def _rtl(design: DesignOp, target: Target) -> dict[str, str]:
    """The SystemVerilog of the kernels, and what Vivado reads with it."""
    made = design_rtl(design, target)
    texts = {f"{RTL}/{name}": text for name, text in made.files.items()}
    scripts = print_rtl_inputs(made, target)
    return texts | {f"{RTL}/vivado/{name}": text for name, text in scripts.items()}


def _copy_tokenizer(module: ModuleOp, folder: Path) -> None:
    """The tokenizer.json of the module's model, which the host program in Python reads."""
    tokenizer = open_tokenizer(module)
    if not isinstance(tokenizer, JsonTokenizer):
        raise LmcError("the tokenizer.json of the model is gone: run derive-host again")
    shutil.copyfile(tokenizer.path, folder / "tokenizer.json")
