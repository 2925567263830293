"""The longest path of a netlist of UltraScale+ cells, in levels of LUTs.

A level is a LUT with the wire to it. So is the read of a LUT RAM or of a shift register's place: it
is a LUT with an address. A multiplexer between LUTs of a slice (MUXF) and the carries of a chain
are beside their LUTs and count nothing; a carry chain whose bits come from no LUT counts as one. A
path begins and ends at registers, memory blocks and ports. Through a DSP without registers it goes
on, as `DSP_LEVELS` says.
"""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

from lmc.diagnostics import LmcError

DSP_LEVELS, DSP_SUM_LEVELS = 4, 2
"""Levels of a DSP without a register at its end: of a product, and of the sum alone where there is
a register between them (assumed: about as long as so many LUTs with their wires)."""

CONSTANTS = ("0", "1", "x", "z")
"""Bits of a netlist that nothing makes."""
_CARRY_INPUTS = ("S", "DI", "CYINIT", "CI", "CI_TOP")

Cell = Mapping[str, Any]


def longest_path(module: Mapping[str, Any]) -> tuple[int, str, str]:
    """(levels, signal that it begins with, signal that it ends with) of a module of `write_json`.

    Raises LmcError for a loop without a register.
    """
    return _Paths(module).longest()


class _Paths:
    def __init__(self, module: Mapping[str, Any]):
        self._cells: dict[str, Cell] = module["cells"]
        self._names = signal_names(module["netnames"])
        self._made: dict[int, tuple[str, str]] = {}
        """For each bit that logic makes, the cell and its port."""
        for name, cell in self._cells.items():
            for port in _outputs(cell):
                for bit in cell["connections"].get(port, ()):
                    if _through(cell, port):
                        self._made[bit] = name, port

    def longest(self) -> tuple[int, str, str]:
        levels: dict[str, int] = {}
        before: dict[str, int | None] = {}
        for name in self._ordered():
            cell = self._cells[name]
            best: tuple[int, int | None] = _own(cell), None
            for port, bit in _inputs(cell):
                came = self._arrival(bit, levels) + self._cost(cell, port, bit)
                if came > best[0] or (came == best[0] and best[1] is None):
                    best = came, bit
            levels[name], before[name] = best
        most, last, end = 0, None, ""
        for bit, label in self._endpoints():
            if (came := self._arrival(bit, levels)) > most:
                most, last, end = came, bit, label
        first = last
        while first is not None and first in self._made:
            step = before[self._made[first][0]]
            if step is None:
                break
            first = step
        return most, self._name(first), end

    def _ordered(self) -> Iterator[str]:
        graph = {
            name: [self._made[bit][0] for _, bit in _inputs(cell) if bit in self._made]
            for name, cell in self._cells.items()
            if any(_through(cell, port) for port in _outputs(cell))
        }
        try:
            yield from TopologicalSorter(graph).static_order()
        except ValueError as error:
            raise LmcError(f"logic forms a loop without a register: {error.args[1]}") from error

    def _arrival(self, bit: int, levels: Mapping[str, int]) -> int:
        made = self._made.get(bit)
        return 0 if made is None else levels[made[0]]

    def _cost(self, cell: Cell, port: str, bit: int) -> int:
        """Levels from an input of a cell to its outputs."""
        kind = cell["type"]
        if kind.startswith("MUXF"):
            return 0
        if kind.startswith("CARRY"):
            # A LUT right before a carry is in its slice; anything else needs one to get there.
            made = self._made.get(bit)
            beside = made is not None and self._cells[made[0]]["type"].startswith(("LUT", "CARRY"))
            return 0 if beside or port not in ("S", "DI") else 1
        if kind.startswith("DSP"):
            return DSP_SUM_LEVELS if port == "C" else DSP_LEVELS
        return 1

    def _endpoints(self) -> Iterator[tuple[int, str]]:
        """Bits that registers, memories and ports take, and what these are called."""
        for cell in self._cells.values():
            made = [bit for port in _outputs(cell) for bit in cell["connections"].get(port, ())]
            label = next((self._names[bit] for bit in made if bit in self._names), "")
            taken = {port for port, _ in _inputs(cell)}
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] == "input" and port not in taken:
                    yield from ((bit, label) for bit in bits if bit not in CONSTANTS)
        # Ports of the module are names of bits, too.
        yield from ((bit, name) for bit, name in self._names.items() if bit in self._made)

    def _name(self, bit: int | None) -> str:
        return "" if bit is None else self._names.get(bit, "")


def signal_names(netnames: Mapping[str, Any]) -> dict[int, str]:
    """The name of each bit; names of the source come before those that yosys makes up."""
    found: dict[int, str] = {}
    for name, net in sorted(netnames.items(), key=lambda item: (item[1]["hide_name"], item[0])):
        for place, bit in enumerate(net["bits"]):
            if bit not in CONSTANTS:
                label = f"{name}[{place}]" if len(net["bits"]) > 1 else name
                found.setdefault(bit, label)
    return found


def _outputs(cell: Cell) -> Iterator[str]:
    return (port for port, way in cell["port_directions"].items() if way == "output")


def _inputs(cell: Cell) -> Iterator[tuple[str, int]]:
    """(port, bit) of the inputs that outputs of a cell depend on in the same cycle."""
    ports = _asynchronous(cell)
    for port, bits in cell["connections"].items():
        if cell["port_directions"][port] == "input" and (ports is None or port in ports):
            yield from ((port, bit) for bit in bits if bit not in CONSTANTS)


def _through(cell: Cell, port: str) -> bool:
    """Whether an output is logic of inputs of the same cycle."""
    if cell["type"].startswith("DSP"):
        return _own(cell) > 0
    ports = _asynchronous(cell)
    return port != "Q31" and (ports is None or bool(ports))


def _own(cell: Cell) -> int:
    """Levels of a cell after a register inside of it."""
    if not cell["type"].startswith("DSP") or _parameter(cell, "PREG"):
        return 0
    return DSP_SUM_LEVELS if _parameter(cell, "MREG") else DSP_LEVELS


def _asynchronous(cell: Cell) -> tuple[str, ...] | None:
    """The inputs from which a path goes on through a cell; None: all of them."""
    kind = cell["type"]
    if kind.startswith(("LUT", "INV", "MUXF")):
        return None
    if kind.startswith("CARRY"):
        return _CARRY_INPUTS
    if kind.startswith("SRL"):
        return ("A", "A0", "A1", "A2", "A3")
    if kind.startswith("RAM") and not kind.startswith("RAMB"):
        return _read_addresses(cell)
    return _dsp_inputs(cell) if kind.startswith("DSP") else ()


def _read_addresses(cell: Cell) -> tuple[str, ...]:
    """Of a LUT RAM: all addresses but that of the port that writes, which nothing reads."""
    written = "ADDRH" if cell["type"] in ("RAM32M16", "RAM64M8") else "ADDRD"
    return tuple(
        port
        for port in cell["connections"]
        if port.startswith(("ADDR", "DPRA")) and port != written
    )


def _dsp_inputs(cell: Cell) -> tuple[str, ...]:
    if _parameter(cell, "PREG"):
        return ()
    wanted = "C" if _parameter(cell, "MREG") else "ABCD"
    return tuple(port for port in wanted if not _parameter(cell, f"{port}REG"))


def _parameter(cell: Cell, name: str) -> int:
    """A parameter that is a number; the default of DSP48E2's registers is one."""
    value = cell["parameters"].get(name, 1)
    return int(value, 2) if isinstance(value, str) else int(value)
