"""A process that synthesizes one module: an error of yosys, or too little memory, ends it alone.

    python -m lmc.backends.rtl.synthesis.process FOLDER TOP BYTES

reads all .sv files of FOLDER, and the map of shift registers there, and writes `result.json` there:
cells by type, and the longest path. BYTES is the memory that the process may have, 0 any amount; no
more than what it was started with.
"""

import json
import os
import resource
import sys
from collections import Counter
from pathlib import Path

from lmc.backends.rtl.synthesis.levels import longest_path
from lmc.backends.rtl.synthesis.script import commands

NETLIST, RESULT = "netlist.json", "result.json"


def main(folder: Path, top: str, limit: int) -> None:
    """Runs yosys, and writes the result."""
    import pyosys.libyosys as yosys

    if limit:
        limit_memory(limit)
    # Commands name files without their folder, whose path may have blanks.
    os.chdir(folder)
    design = yosys.Design()
    for command in commands(top, sorted(path.name for path in Path().glob("*.sv"))):
        yosys.run_pass(command, design)
    yosys.run_pass(f"select {top}", design)
    yosys.run_pass(f"write_json -selected {NETLIST}", design)
    module = json.loads(Path(NETLIST).read_text(encoding="utf-8"))["modules"][top]
    cells = Counter(cell["type"] for cell in module["cells"].values())
    levels, start, end = longest_path(module)
    found = {"cells": dict(sorted(cells.items())), "levels": levels, "from": start, "to": end}
    Path(RESULT).write_text(json.dumps(found), encoding="utf-8")


def limit_memory(limit: int) -> None:
    """Lets this process have so many bytes, or what it may have already where that is less."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
