"""A process that synthesizes one module: an error of yosys, or too little memory, ends it alone.

    python -m lmc.backends.rtl.synthesis.process FOLDER TOP BYTES

reads all .sv files of FOLDER and writes `result.json` there: cells by type, and the longest path.
BYTES is the memory that the process may have, 0 any amount.
"""

import json
import resource
import sys
from collections import Counter
from pathlib import Path

from lmc.backends.rtl.synthesis.levels import longest_path
from lmc.backends.rtl.synthesis.script import commands

RESULT = "result.json"


def main(folder: Path, top: str, limit: int) -> None:
    """Runs yosys, and writes the result."""
    import pyosys.libyosys as yosys

    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    netlist = folder / "netlist.json"
    design = yosys.Design()
    for command in commands(top, sorted(map(str, folder.glob("*.sv")))):
        yosys.run_pass(command, design)
    yosys.run_pass(f"select {top}", design)
    yosys.run_pass(f"write_json -selected {netlist}", design)
    module = json.loads(netlist.read_text(encoding="utf-8"))["modules"][top]
    cells = Counter(cell["type"] for cell in module["cells"].values())
    levels, start, end = longest_path(module)
    found = {"cells": dict(sorted(cells.items())), "levels": levels, "from": start, "to": end}
    (folder / RESULT).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
