"""The design folder: HLS code, host program, link configuration, weight images, schedule."""

import json
import shutil
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc.backends.csim.build import INCLUDE
from lmc.backends.hls.printable import check_printable
from lmc.backends.hls.printer import SUPPORT_HEADERS, find_design, print_design
from lmc.backends.hls.system import print_connectivity, print_system
from lmc.backends.host.program import HostText, print_host
from lmc.backends.images import write_images
from lmc.backends.schedule import schedule
from lmc.lint import check_rules
from lmc.models.tokenizer import ByteTokenizer
from lmc.progress import StepsDone
from lmc.targets import Target
from lmc.weights import WeightStore, open_end_tokens, open_source, open_tokenizer


def emit_project(
    module: ModuleOp, folder: Path, *, target: Target, progress: StepsDone | None = None
) -> None:
    """Writes hls/, host/, weights/ and schedule.json of a dataflow module into `folder`.

    Raises:
        LmcError: the module is not at the dataflow level, does not verify or breaks a rule of
            `lmc.lint`, or a weight can't be made.
    """
    design = find_design(module)
    check_printable(design)
    check_rules(design, target)
    sources = {f"hls/{name}": text for name, text in print_design(design).items()}
    sources["hls/connectivity.cfg"] = print_connectivity(design, target)
    host = print_host(design, target, _host_text(module))
    sources |= {f"host/{name}": text for name, text in host.items()}
    sources["host/system.cpp"] = print_system(design)
    sources["schedule.json"] = json.dumps(schedule(design, target), indent=1) + "\n"
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for header in (*SUPPORT_HEADERS, INCLUDE / "lmc_task.h"):
        shutil.copyfile(header, folder / "hls" / header.name)
    weights = folder / "weights"
    weights.mkdir(exist_ok=True)
    write_images(design, WeightStore(module, open_source(module)), weights, progress)


def _host_text(module: ModuleOp) -> HostText:
    is_bytes = isinstance(open_tokenizer(module), ByteTokenizer)
    return HostText(is_bytes, open_end_tokens(module))
