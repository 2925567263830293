"""Prints LUTs of operators as yosys makes them for UltraScale+, beside lmc's estimates.

    python benchmarks/operator_costs.py

Needs `pip install pyosys` (0.70 was used for the estimates) or yosys on the PATH. This is logic
synthesis of single operators: no placing, no routing, and no other tool's optimizations.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path

from lmc.dataflow.resources import operators

Port = tuple[str, str, int]
"""(input or output, name, bits)."""


@dataclass(frozen=True)
class Case:
    """An operator in Verilog: its ports, its body, and the LUTs that lmc counts."""

    name: str
    ports: tuple[Port, ...]
    body: str
    estimate: float


def binary(name: str, expression: str, bits: int, result: int, estimate: float) -> Case:
    ports = (("input", "a", bits), ("input", "b", bits), ("output", "y", result))
    return Case(f"{name} {bits}", ports, f"assign y = {expression};", estimate)


def simple() -> Iterator[Case]:
    for bits in (8, 16, 32):
        yield binary("add", "a + b", bits, bits + 1, operators.adder(bits))
        yield binary("compare", "a > b", bits, 1, operators.comparator(bits))
        yield binary("equal", "a == b", bits, 1, operators.comparator(bits, equality=True))
        yield binary("max", "a > b ? a : b", bits, bits, operators.extreme(bits))
        ports = (("input", "a", bits), ("output", "y", bits))
        yield Case(f"abs {bits}", ports, "assign y = a < 0 ? -a : a;", operators.adder(bits))


def multiplexers() -> Iterator[Case]:
    for inputs in (2, 4, 8, 11, 16, 32, 64):
        ports = (
            ("input", "a", 8 * inputs),
            ("input", "i", ceil(log2(inputs))),
            ("output", "y", 8),
        )
        body = "assign y = a[$unsigned(i)*8 +: 8];"
        yield Case(f"mux {inputs} x 8", ports, body, operators.multiplexer(inputs, 8))


def shifts() -> Iterator[Case]:
    for bits in (16, 32, 48):
        amounts = ceil(log2(bits))
        ports = (("input", "a", bits), ("input", "n", amounts), ("output", "y", bits))
        estimate = operators.shifter(bits, 1 << amounts)
        yield Case(f"shift right {bits}", ports, "assign y = a >>> $unsigned(n);", estimate)
    for bits, amount_bits, result in ((32, 5, 16), (32, 3, 8), (48, 6, 32)):
        estimate = operators.rounded_shift(bits, 1 << amount_bits, 0, result)
        ports = (("input", "a", bits), ("input", "n", amount_bits), ("output", "y", result))
        name = f"round_shift_saturate {bits} by {amount_bits} bits to {result}"
        yield Case(name, ports, rounding("$unsigned(n)", bits, result), estimate)
    for bits, shift, result in ((16, 5, 8), (32, 7, 16), (32, 12, 8)):
        estimate = operators.rounded_shift(bits, 1, shift, result)
        ports = (("input", "a", bits), ("output", "y", result))
        name = f"round_shift_saturate {bits} by {shift} to {result}"
        yield Case(name, ports, rounding(str(shift), bits, result), estimate)


def rounding(amount: str, bits: int, result: int) -> str:
    most, one = (1 << (result - 1)) - 1, f"{bits + 1}'sd1"
    return (
        f"wire signed [{bits}:0] half = {amount} == 0 ? 0 : {one} << ({amount} - 1);\n"
        f"wire signed [{bits}:0] t = (a + half) >>> {amount};\n"
        f"assign y = t > {most} ? {most} : t < -{most + 1} ? -{most + 1} : t;"
    )


def products() -> Iterator[Case]:
    for left, right in ((4, 4), (4, 8), (5, 8), (8, 8), (4, 16), (8, 16), (10, 10)):
        ports = (("input", "a", left), ("input", "b", right), ("output", "y", left + right))
        estimate = operators.product(left, right)
        yield Case(f"multiply {left} x {right}", ports, "assign y = a * b;", estimate)
    for constant in (37, 181, 12345):
        bits = 16 + constant.bit_length()
        ports = (("input", "a", 16), ("output", "y", bits))
        estimate = operators.constant_product(constant, bits)
        yield Case(f"multiply 16 by {constant}", ports, f"assign y = a * {constant};", estimate)
    for weight, activation in ((4, 4), (4, 8)):
        yield mac_tree(32, weight, activation)


def mac_tree(terms: int, weight: int, activation: int) -> Case:
    """Products in registers, then a tree of sums: the stages of a pipeline."""
    bits = weight + activation
    levels = ceil(log2(terms))
    names = [f"p{i}" for i in range(terms)]
    lines = list[str]()
    for i, name in enumerate(names):
        w, a = f"w[{i * weight} +: {weight}]", f"a[{i * activation} +: {activation}]"
        lines.append(f"reg signed [{bits - 1}:0] {name};")
        lines.append(f"always @(posedge c) {name} <= $signed({w}) * $signed({a});")
    estimate = terms * operators.product(weight, activation)
    for level in range(1, levels + 1):
        pairs = list(zip(names[::2], names[1::2], strict=True))
        names = [f"s{level}_{i}" for i in range(len(pairs))]
        lines += [
            f"reg signed [{bits + level - 1}:0] {name}; always @(posedge c) {name} <= {a} + {b};"
            for name, (a, b) in zip(names, pairs, strict=True)
        ]
        estimate += len(pairs) * operators.adder(bits + level)
    ports = (
        ("input", "c", 1),
        ("input", "w", terms * weight),
        ("input", "a", terms * activation),
        ("output", "y", bits + levels),
    )
    name = f"sum of {terms} products {weight} x {activation}"
    return Case(name, ports, "\n".join([*lines, f"assign y = {names[0]};"]), estimate)


def verilog(cases: list[Case]) -> str:
    """A module for each case, and one that holds them all."""
    modules, wires, instances = list[str](), list[str](), list[str]()
    for i, case in enumerate(cases):
        own = ", ".join(f"{way} signed [{bits - 1}:0] {name}" for way, name, bits in case.ports)
        modules.append(f"(* keep_hierarchy *) module m{i}({own});\n{case.body}\nendmodule")
        wires += [f"{way} [{bits - 1}:0] {name}{i}" for way, name, bits in case.ports]
        instances.append(
            f"m{i} u{i}({', '.join(f'.{name}({name}{i})' for _, name, _ in case.ports)});"
        )
    top = f"module top({', '.join(wires)});\n" + "\n".join(instances) + "\nendmodule"
    return "\n\n".join([*modules, top, ""])


def synthesized(cases: list[Case]) -> list[int]:
    """LUTs of each case."""
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder) / "cases.v", Path(folder) / "report.json"
        source.write_text(verilog(cases), encoding="utf-8")
        script = Path(folder) / "cases.ys"
        script.write_text(
            f"read_verilog -sv {source}\nsynth_xilinx -family xcup -noiopad -nodsp -top top\n"
            f"tee -q -o {report} stat -json\n",
            encoding="utf-8",
        )
        command = [*yosys(), str(script)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        modules = json.loads(report.read_text(encoding="utf-8"))["modules"]
    cells = [modules[f"\\m{i}"]["num_cells_by_type"] for i in range(len(cases))]
    return [sum(n for kind, n in of.items() if kind.startswith("LUT")) for of in cells]


def yosys() -> list[str]:
    if importlib.util.find_spec("pyosys") is not None:
        run = "import sys; from pyosys import libyosys as y; y.run_pass(f'script {sys.argv[1]}')"
        return [sys.executable, "-c", run]
    found = shutil.which("yosys")
    if found is None:
        raise SystemExit("there is no yosys: run `pip install pyosys`, or install Debian's yosys")
    return [found]


def main() -> None:
    cases = [*simple(), *multiplexers(), *shifts(), *products()]
    print(f"{'operator':44}{'yosys':>8}{'lmc':>8}")
    for case, luts in zip(cases, synthesized(cases), strict=True):
        print(f"{case.name:44}{luts:8}{round(case.estimate):8}")


if __name__ == "__main__":
    main()
