"""Netlists of ECP5 cells: what nextpnr is given, and what it reports of the longest path.

A task is placed alone. Its ports are far more than a device has pins, so nextpnr makes no pins of
them ("out of context"), and it would leave out paths from and to ports. So there is a register at
each bit of a port, as at the ends of the FIFOs that a task is between.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, TypeAlias

from lmc.backends.rtl.synthesis.levels import CONSTANTS, signal_names

CLOCK = "clk"
_PORT = "port "
"""What the names of registers at ports begin with."""
_PARAMETERS = {
    "GSR": "DISABLED",
    "CEMUX": "1 ",  # the string, not a bit
    "CLKMUX": "CLK",
    "LSRMUX": "LSR",
    "REGSET": "RESET",
}
_DIRECTIONS = {"CLK": "input", "DI": "input", "LSR": "input", "Q": "output"}

Json: TypeAlias = dict[str, Any]


def with_registers(module: Mapping[str, Any]) -> Json:
    """A module of `write_json` whose only port is the clock, with registers at its other ports."""
    ports, nets = module["ports"], module["netnames"]
    (clock,) = ports[CLOCK]["bits"]
    used = (bit for net in nets.values() for bit in net["bits"] if bit not in CONSTANTS)
    free = count(max(used) + 1)
    registers: Json = {}
    for name, port in ports.items():
        if name == CLOCK:
            continue
        for place, bit in enumerate(port["bits"]):
            data, made = ("0", bit) if port["direction"] == "input" else (bit, next(free))
            registers[f"{_PORT}{name}[{place}]"] = {
                "hide_name": 0,
                "type": "TRELLIS_FF",
                "parameters": _PARAMETERS,
                "attributes": {"keep": "1"},
                "port_directions": _DIRECTIONS,
                "connections": {"CLK": [clock], "DI": [data], "LSR": ["0"], "Q": [made]},
            }
    kept = {CLOCK: ports[CLOCK]}
    return {**module, "ports": kept, "cells": {**module["cells"], **registers}}


def longest_path(report: Mapping[str, Any], module: Mapping[str, Any]) -> Json:
    """The longest path of nextpnr's report on a module that `with_registers` has made.

    Nanoseconds in cells and in wires, set-up and clock to output included, and the signals at its
    ends; ports of the task are called by their names.
    """
    edge = f"posedge {CLOCK}"
    (path,) = (
        found["path"]
        for found in report["critical_paths"]
        if found["from"].endswith(edge) and found["to"].endswith(edge)
    )
    wires = sum(step["delay"] for step in path if step["type"] == "routing")
    cells = sum(step["delay"] for step in path if step["type"] != "routing")
    names = signal_names(module["netnames"])
    start, end = (_called(step["cell"], module, names) for step in _ends(path))
    return {"cells_ns": round(cells, 3), "wires_ns": round(wires, 3), "from": start, "to": end}


def counted(module: Mapping[str, Any]) -> dict[str, int]:
    """Cells by type."""
    found: dict[str, int] = {}
    for cell in module["cells"].values():
        found[cell["type"]] = found.get(cell["type"], 0) + 1
    return dict(sorted(found.items()))


def _ends(path: list[Json]) -> Iterable[Json]:
    return path[0]["from"], path[-1]["to"]


def _called(cell: str, module: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """What a register, or a memory, is called by: its port, or the first signal that it makes."""
    if cell.startswith(_PORT):
        return cell.removeprefix(_PORT).removesuffix("[0]")
    return next((names[bit] for bit in _made(module["cells"].get(cell)) if bit in names), cell)


def _made(cell: Json | None) -> Iterator[int]:
    if cell is not None:
        for port, way in cell["port_directions"].items():
            if way == "output":
                yield from (bit for bit in cell["connections"].get(port, ()))
