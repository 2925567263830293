"""Who takes from streams and ports, who gives to them, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lmc.backends.rtl.verilog.names import declared, identifier
from lmc.dataflow.netlist.nodes import Bits
from lmc.dataflow.netlist.statements import Burst, TaskNetlist


@dataclass(frozen=True)
class Wait:
    """An access of a stream in a stage, due while `due` holds in the task's module."""

    stream: str
    written: bool
    stage: int
    due: str

    @property
    def condition(self) -> str:
        """What holds while the access is due and not possible."""
        return f"{self.due} && !{self.stream}_{'ready' if self.written else 'valid'}"


@dataclass
class Handshakes:
    """Conditions collected from statements.

    `gives` has what chooses a value, the cycles in which it is given, and the value.
    """

    takes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    gives: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=dict[str, list[tuple[str, str, str]]]
    )
    requests: dict[str, list[tuple[Burst, str, str]]] = field(
        default_factory=dict[str, list[tuple[Burst, str, str]]]
    )

    def take(self, stream: str, when: str) -> None:
        """An element of a stream is taken in these cycles."""
        self.takes.setdefault(stream, []).append(when)

    def give(self, stream: str, chosen: str, when: str, value: str) -> None:
        """A value goes into a stream in these cycles; `chosen` holds then, and is simpler."""
        self.gives.setdefault(stream, []).append((chosen, when, value))

    def burst(self, one: Burst, offset: str, length: str, empty: str) -> None:
        """A burst, by its request and its words."""
        kind = f"{one.port}_{'ar' if one.reads else 'aw'}"
        asks = f"state == {one.request}" + (f" && !{empty}" if empty else "")
        self.requests.setdefault(kind, []).append((one, offset, length))
        self.give(kind, f"state == {one.request}", asks, "")
        moves = f"state == {one.words}"
        if one.reads:
            self.take(f"{one.port}_r", f"{moves} && {one.stream}_ready")
            self.give(one.stream, moves, f"{moves} && {one.port}_r_valid", f"{one.port}_r_data")
        else:
            waiting = f"{moves} && left != 0"
            self.take(one.stream, f"{waiting} && {one.port}_w_ready")
            self.take(f"{one.port}_b", f"{moves} && {all_written(one)}")
            data = f"{one.stream}_data"
            self.give(f"{one.port}_w", moves, f"{waiting} && {one.stream}_valid", data)

    def lines(self) -> list[str]:
        """Assignments of all that goes out."""
        lines: list[str] = []
        for stream, whens in self.takes.items():
            lines.append(f"assign {stream}_ready = {_any(whens)};")
        for stream, given in self.gives.items():
            lines.append(f"assign {stream}_valid = {_any([when for _, when, _ in given])};")
            if stream in self.requests:
                bursts = self.requests[stream]
                for what, values in (
                    ("offset", [offset for _, offset, _ in bursts]),
                    ("length", [length for _, _, length in bursts]),
                ):
                    cases = [
                        (f"state == {b.request}", v)
                        for (b, _, _), v in zip(bursts, values, strict=True)
                    ]
                    lines.append(f"assign {stream}_{what} = {first_of(cases)};")
            else:
                cases = [(chosen, value) for chosen, _, value in given]
                lines.append(f"assign {stream}_data = {first_of(cases)};")
        return lines


def all_written(one: Burst) -> str:
    """Whether the last word of a burst is written in this cycle, or was: an answer may come."""
    return f"(left == 0 || (left == 1 && {one.port}_w_valid && {one.port}_w_ready))"


def first_of(cases: Sequence[tuple[str, str]]) -> str:
    """The value of the first condition that holds; the last one's where none does."""
    *others, (_, last) = cases
    if all(value == last for _, value in others):
        return last
    return "".join(f"{grouped(when)} ? {value} : " for when, value in others) + last


def grouped(condition: str) -> str:
    """A condition as an operand."""
    return f"({condition})" if " " in condition else condition


def _any(conditions: Sequence[str]) -> str:
    unique = list(dict.fromkeys(conditions))
    return unique[0] if len(unique) == 1 else " || ".join(map(grouped, unique))


def port_lines(netlist: TaskNetlist) -> list[str]:
    """Declarations of a module's ports, without commas."""
    lines = ["input  logic clk", "input  logic rst", "input  logic start", "output logic done"]
    for node in netlist.scalars:
        lines.append(f"input  {declared(node.bits)} {identifier(node.wish)}")
    for name, bits in netlist.reads.items():
        lines += _channel(name, bits, "input ", "output")
    for name, bits in netlist.writes.items():
        lines += _channel(name, bits, "output", "input ")
    for name, (bits, reads, writes) in netlist.ports.items():
        if reads:
            lines += _request(f"{name}_ar")
            lines += _channel(f"{name}_r", bits, "input ", "output")
        if writes:
            lines += _request(f"{name}_aw")
            lines += _channel(f"{name}_w", bits, "output", "input ")
            lines += [f"input  logic {name}_b_valid", f"output logic {name}_b_ready"]
    return lines


def _channel(name: str, bits: Bits, along: str, against: str) -> list[str]:
    return [
        f"{along} logic {name}_valid",
        f"{against} logic {name}_ready",
        f"{along} {declared(Bits(bits.width))} {name}_data",
    ]


def _request(name: str) -> list[str]:
    return [
        f"output logic {name}_valid",
        f"input  logic {name}_ready",
        f"output {declared(Bits(64))} {name}_offset",
        f"output {declared(Bits(32))} {name}_length",
    ]
