"""The stages of a datapath: what is computed in each, and what waits from one to the next."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lmc.backends.comments import comment_text
from lmc.backends.rtl.verilog.expressions import LOGIC, held_in, print_node
from lmc.backends.rtl.verilog.names import Names, declared, literal
from lmc.dataflow.netlist.nodes import Bits, Datapath, Node
from lmc.dataflow.netlist.waits import way
from lmc.ir.locations import source_line

_DERIVED = re.compile(r"_s[0-9]+$|_unsaturated$|_kept$|_q[0-9]+$")


@dataclass
class Signals:
    """Names of nodes in a module, and what their declarations are."""

    names: Names = field(default_factory=Names)
    of: dict[Node, str] = field(default_factory=dict[Node, str])
    parts: dict[str, None] = field(default_factory=dict[str, None])
    """Signals of which some bits may be used by nothing."""

    def partly(self, name: str) -> None:
        """Not all bits of a signal are used."""
        self.parts[name] = None

    def held(self, node: Node, text: str, bits: Bits) -> str:
        """A node's value, or its low bits, in exactly these bits."""
        if bits.width < node.bits.width and not node.is_constant:
            self.partly(text)
        return held_in(node, text, bits)

    def name(self, node: Node) -> str:
        """The name of a node, or the number that it is."""
        if node.is_constant:
            return literal(node.number, node.bits)
        if node.kind == "register" and node.args:
            return self.name(node.args[0])
        if node not in self.of:
            lanes = "".join(f"_{number}" for number in node.lane)
            wish = node.wish + lanes
            # What waits in stage 3 is called `x_s3`, so no value itself is.
            self.of[node] = self.names.fresh(f"{wish}_" if _DERIVED.search(wish) else wish)
        return self.of[node]


@dataclass
class DatapathPrinter:
    """Prints a datapath whose stage s passes its iteration on in cycles with `go`[s]."""

    path: Datapath
    signals: Signals
    go: str
    label: str
    needs: dict[Node, set[int]] = field(default_factory=lambda: defaultdict[Node, set[int]](set))

    def at(self, node: Node, stage: int) -> str:
        """The name of a node in a stage, in which it is needed from now on."""
        if node.is_still:
            return self.signals.name(node)
        assert stage >= node.stage, f"{node.wish} is used before it is there"
        if stage > node.stage:
            self.needs[node].add(stage)
            return f"{self.signals.name(node)}_s{stage}"
        return self.signals.name(node)

    def logic(self) -> dict[int, list[str]]:
        """Lines of what is computed in each stage, but for loads and what is read."""
        lines: dict[int, list[str]] = defaultdict(list)
        places: dict[int, str | None] = {}
        for node in self.path.nodes:
            if node.kind not in LOGIC:
                continue
            stage = node.stage
            place = None if node.source is None else source_line(node.source.location)
            if place is not None and place != places.get(stage):
                lines[stage].append(f"// {comment_text(place)}")
                places[stage] = place
            name = self.signals.name(node)
            made = print_node(node, name, lambda arg, s=stage: self.at(arg, s), self.signals.partly)
            lines[stage] += made
        return dict(lines)

    def waiting(self) -> list[str]:
        """Lines of all that waits: registers by stage, and rings between two stages."""
        steps: dict[int, list[str]] = defaultdict(list)
        rings: dict[tuple[int, int], list[tuple[str, str, Bits]]] = defaultdict(list)
        waits: dict[str, list[str]] = defaultdict(list)
        for node, stages in self.needs.items():
            name = self.signals.name(node)
            here, before, names = node.stage, name, list[str]()
            for stage in sorted(stages):
                pinned = way(node, here, stage).pinned
                for step in range(here + 1, pinned + 1):
                    after = f"{name}_s{step}"
                    names.append(after)
                    steps[step].append(f"{after} <= {before};")
                    before = after
                if pinned < stage:
                    after = f"{name}_s{stage}"
                    names.append(after)
                    rings[pinned, stage].append((before, after, node.bits))
                    before = after
                here = stage
            waits[declared(node.bits)] += names
        lines = [f"{kind} {', '.join(names)};" for kind, names in waits.items()]
        if steps:
            lines.append("always_ff @(posedge clk) begin")
            for stage in sorted(steps):
                lines.append(f"  if ({self.go}[{stage - 1}]) begin")
                lines += [f"    {step}" for step in steps[stage]]
                lines.append("  end")
            lines.append("end")
        for (first, last), waiting in sorted(rings.items()):
            lines += self._ring(first, last, waiting)
        return lines

    def _ring(self, first: int, last: int, waiting: list[tuple[str, str, Bits]]) -> list[str]:
        width = sum(bits.width for _, _, bits in waiting)
        name = self.signals.names.fresh(f"{self.label}_from_{first}_to_{last}")
        return [
            f"lmc_delay #(.WIDTH({width}), .STAGES({last - first})) {name} (",
            "    .clk,",
            "    .rst,",
            f"    .in_go   ({self.go}[{first}]),",
            f"    .in_data ({_joined([before for before, _, _ in waiting])}),",
            f"    .out_go  ({self.go}[{last}]),",
            f"    .out_data({_joined([after for _, after, _ in waiting])})",
            ");",
        ]


def _joined(names: list[str]) -> str:
    return "{" + ", ".join(names) + "}"
