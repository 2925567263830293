"""Memories of a task: registers that are chosen from, and RAMs with a port for each read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from lmc.backends.rtl.verilog.datapath import DatapathPrinter, Signals
from lmc.backends.rtl.verilog.expressions import TextOf, held_in, with_sign
from lmc.backends.rtl.verilog.handshakes import first_of, grouped
from lmc.backends.rtl.verilog.names import declared, literal
from lmc.dataflow.netlist.memories import possible_banks
from lmc.dataflow.netlist.nodes import Bits, Memory, Node, Store
from lmc.diagnostics import LmcError

_SMALL = 1024
"""A memory of kind `auto` with at most so many bits is LUT RAM."""


@dataclass(eq=False)
class _Bank:
    """A RAM: what it reads, one list for each statement, and what is stored in it.

    A write is what its statement's cycles are named by, its own cycles, an address and a value.
    """

    memory: Memory
    name: str
    size: int
    reads: list[list[tuple[str, str, Node]]] = field(
        default_factory=list[list[tuple[str, str, Node]]]
    )
    writes: list[tuple[str, str, str, str]] = field(default_factory=list[tuple[str, str, str, str]])

    @property
    def address(self) -> Bits:
        return Bits(max(1, (self.size - 1).bit_length()))


@dataclass
class MemoryPrinter:
    """Collects all accesses of a task's memories, then prints them."""

    signals: Signals
    arrays: dict[Memory, str] = field(default_factory=dict[Memory, str])
    stored: list[str] = field(default_factory=list[str])
    banks: dict[tuple[Memory, tuple[int, ...]], _Bank] = field(
        default_factory=dict[tuple[Memory, tuple[int, ...]], _Bank]
    )

    def declarations(self, memories: Sequence[Memory]) -> list[str]:
        """Registers, an array for each memory of them."""
        lines: list[str] = []
        for memory in memories:
            if memory.is_elements:
                name = self.arrays[memory] = self.signals.names.fresh(memory.name)
                size = "" if memory.count == 1 else f"[{memory.count}]"
                lines.append(f"{declared(memory.bits)} {name}{size};")
        return lines

    def element(self, memory: Memory, place: Sequence[Node], text: TextOf) -> str:
        """An element that is a register."""
        if memory.count == 1:
            return self.arrays[memory]
        bits = Bits(max(1, (memory.count - 1).bit_length()))
        return f"{self.arrays[memory]}[{self._address(memory.shape, place, text, bits)}]"

    def path(self, printer: DatapathPrinter) -> tuple[list[str], list[str]]:
        """Loads and stores of a datapath: declarations, and lines for registers.

        RAMs are printed by `rams`.
        """
        lines: list[str] = []
        loaded: list[str] = []
        here: dict[_Bank, list[tuple[str, str, Node]]] = {}
        for node in printer.path.nodes:
            if node.kind != "load" or node.memory is None:
                continue
            stage = node.needed
            text: TextOf = lambda arg, s=stage: printer.at(arg, s)  # noqa: E731
            loaded.append(f"{declared(node.bits)} {self.signals.name(node)};")
            if node.memory.is_elements:
                lines += self._chosen(node, printer, text)
                continue
            numbers = tuple(node.args[dim].number for dim in node.memory.banked)
            bank, rest, shape = self._bank(node.memory, numbers, node.args)
            address = self._address(shape, rest, text, bank.address)
            here.setdefault(bank, []).append((printer.go, address, node))
        for bank, reads in here.items():
            bank.reads.append(reads)
        for store in printer.path.stores:
            self._store(store, printer)
        return loaded, lines

    def _chosen(self, node: Node, printer: DatapathPrinter, text: TextOf) -> list[str]:
        """A register's element, in registers of its own where a load takes cycles."""
        assert node.memory is not None
        name, element = self.signals.name(node), self.element(node.memory, node.args, text)
        latency = node.memory.latency
        if not latency:
            return [f"assign {name} = {element};"]
        return _registers(node, printer.go, element, latency, name)

    def _store(self, store: Store, printer: DatapathPrinter) -> None:
        stage = store.stage
        when = f"{printer.go}[{stage}]"
        self.store(store, printer.go, when, lambda arg: printer.at(arg, stage))

    def store(self, store: Store, moment: str, when: str, text: TextOf) -> None:
        """A store that happens in these cycles; `moment` is the same for all of a statement."""
        if store.guard is not None:
            when = f"{grouped(when)} && {text(store.guard)}"
        value = self.signals.held(store.value, text(store.value), store.memory.bits)
        if store.memory.is_elements:
            element = self.element(store.memory, store.place, text)
            self.stored.append(f"if ({when}) {element} <= {value};")
            return
        value = held_in(store.value, text(store.value), Bits(store.memory.bits.width))
        memory = store.memory
        chosen = [store.place[dim] for dim in memory.banked]
        banks = [possible_banks(memory, store.place, dim) for dim in memory.banked]
        for numbers in product(*banks):
            bank, rest, shape = self._bank(memory, numbers, store.place)
            here = [
                f"{text(node)} == {literal(number, node.bits)}"
                for node, number in zip(chosen, numbers, strict=True)
                if not node.is_constant
            ]
            there = " && ".join([grouped(when) if here else when, *here])
            address = self._address(shape, rest, text, bank.address)
            bank.writes.append((moment, there, address, value))

    def _bank(
        self, memory: Memory, numbers: tuple[int, ...], place: Sequence[Node]
    ) -> tuple[_Bank, list[Node], tuple[int, ...]]:
        """A RAM, a place in it, and its shape."""
        free = [dim for dim in range(len(memory.shape)) if dim not in memory.banked]
        shape = tuple(memory.shape[dim] for dim in free)
        key = memory, numbers
        if key not in self.banks:
            name = self.signals.names.fresh("_".join([memory.name, *map(str, numbers)]))
            size = 1
            for length in shape:
                size *= length
            self.banks[key] = _Bank(memory, name, size)
        return self.banks[key], [place[dim] for dim in free], shape

    def _address(
        self, shape: Sequence[int], place: Sequence[Node], text: TextOf, bits: Bits
    ) -> str:
        """A place as one number, in exactly these bits."""
        parts: list[str] = []
        stride = 1
        known = 0
        for size, node in reversed(list(zip(shape, place, strict=True))):
            if node.is_constant:
                known += node.number * stride
            elif size > 1:
                held = self.signals.held(node, text(node), bits)
                parts.append(held if stride == 1 else f"{held} * {literal(stride, bits)}")
            stride *= size
        if known or not parts:
            parts.append(literal(known, bits))
        return " + ".join(reversed(parts))

    def check(self) -> None:
        """LmcError where two stores of a statement may want one RAM's port at a time."""
        for bank in self.banks.values():
            counts = Counter(moment for moment, *_ in bank.writes)
            if (most := max(counts.values(), default=0)) > 1:
                raise LmcError(
                    f"buffer {bank.memory.name} is stored {most} times in an iteration, or in code "
                    "without a statement between, which has no hardware yet: a RAM has one port "
                    "to write; partition the buffer, or store it in a loop"
                )

    def rams(self) -> list[str]:
        """All RAMs with what comes out of them."""
        self.check()
        lines: list[str] = []
        for bank in self.banks.values():
            for port in range(max(map(len, bank.reads), default=0)):
                lines += self._port(
                    bank, [reads[port] for reads in bank.reads if len(reads) > port]
                )
        return lines

    def _port(self, bank: _Bank, reads: Sequence[tuple[str, str, Node]]) -> list[str]:
        memory, width = bank.memory, bank.memory.bits.width
        name = self.signals.names.fresh(f"{bank.name}_read")
        enables = [f"{go}[{node.needed}]" for go, _, node in reads]
        zero = literal(0, bank.address)
        none = ("", "1'b0", zero, literal(0, Bits(width)))
        written = bank.writes or [none]
        style = {"auto": "lutram" if bank.size * width <= _SMALL else "bram"}.get(
            memory.kind, memory.kind
        )
        places = list(zip(enables, [address for _, address, _ in reads], strict=True))
        lines = [
            f"logic [{width - 1}:0] {name};" if width > 1 else f"logic {name};",
            f'lmc_ram #(.WIDTH({width}), .DEPTH({bank.size}), .STYLE("{style}")) {name}_ram (',
            "    .clk,",
            f"    .write_enable ({' || '.join(grouped(when) for _, when, _, _ in written)}),",
            f"    .write_address({first_of([(w, a) for _, w, a, _ in written])}),",
            f"    .write_data   ({first_of([(w, v) for _, w, _, v in written])}),",
            f"    .read_enable  ({' || '.join(enables)}),",
            f"    .read_address ({first_of(places)}),",
            f"    .read_data    ({name})",
            ");",
        ]
        for go, _, node in reads:
            out = self.signals.name(node)
            if memory.latency == 1:
                lines.append(f"assign {out} = {with_sign(name, False, node.bits.signed)};")
            else:
                source = with_sign(name, False, node.bits.signed)
                lines += _registers(node, go, source, memory.latency, out, first=1)
        return lines


def _registers(
    node: Node, go: str, source: str, latency: int, name: str, first: int = 0
) -> list[str]:
    """A chain of registers from a load's place to its element, but for the `first` ones."""
    lines: list[str] = []
    for number in range(first, latency):
        target = name if number == latency - 1 else f"{name}_q{number}"
        if target != name:
            lines.append(f"{declared(node.bits)} {target};")
        enable = f"{go}[{node.needed + number}]"
        lines.append(f"always_ff @(posedge clk) if ({enable}) {target} <= {source};")
        source = target
    return lines
