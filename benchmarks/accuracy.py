"""Prints what each preset loses against float on a text, and what a token of it costs in hardware.

    python benchmarks/accuracy.py --text FILE [MODEL ...] [--calibration-text FILE]
                                  [--presets NAME|FILE.toml ...] [--windows 256] [--length 385]

The whole model in integer semantics, on the first windows of the text, of `--length` bytes each;
the state is cold at the start of each, so a window predicts one byte less than it has. Calibration
is on the model's own text, and a second time on the calibration text if one is given.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lmc.analysis.cost import TokenCost, token_cost
from lmc.analysis.cost.summary import short
from lmc.evaluation.bits_per_byte import FLOAT, Measurement, Windows, measure
from lmc.evaluation.engines import InterpreterEngine, model_engine, model_module
from lmc.interpreter import Program
from lmc.ir.levels import QUANTIZED
from lmc.quantization.presets import PRESETS

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2")


@dataclass(frozen=True)
class Made:
    """A quantized model, what it was calibrated on, and what it took."""

    preset: str
    calibration: str
    engine: InterpreterEngine
    cost: TokenCost
    seconds: float

    @property
    def name(self) -> str:
        """The name among all engines of a measurement."""
        return f"{self.preset} {self.calibration}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Loss and cost of the presets.")
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--text", required=True, type=Path, help="not what models were trained on")
    parser.add_argument("--calibration-text", type=Path)
    parser.add_argument("--windows", type=int, default=256)
    parser.add_argument("--length", type=int, default=385)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS), metavar="NAME|FILE")
    arguments = parser.parse_args()
    windows = first_windows(arguments.text.read_bytes(), arguments.windows, arguments.length)
    print(f"{windows.inputs.size} tokens in {arguments.windows} windows, cold state each")
    for model in arguments.models:
        made = [
            make(model, preset, text)
            for text in dict.fromkeys((None, arguments.calibration_text))
            for preset in arguments.presets
        ]
        print_accuracy(model, made, windows)
        print_costs(model, made)


def first_windows(text: bytes, count: int, length: int) -> Windows:
    """Windows [length - 1, count] of the first bytes, one after the other."""
    if len(text) < count * length:
        raise SystemExit(f"the text has {len(text)} bytes; {count * length} are needed")
    ids = np.frombuffer(text[: count * length], np.uint8).astype(np.int64)
    columns = ids.reshape(count, length).T
    return Windows(columns[:-1], columns[1:], columns[1:].size)


def make(model: str, preset: str, text: Path | None) -> Made:
    start = time.perf_counter()
    calibration = None if text is None else str(text)
    module = model_module(model, QUANTIZED, preset=preset, calibration_text=calibration)
    seconds = time.perf_counter() - start
    where = "own text" if text is None else text.stem
    engine = InterpreterEngine(Program(module))
    return Made(Path(preset).stem, where, engine, token_cost(module), seconds)


def print_accuracy(model: str, made: list[Made], windows: Windows) -> None:
    engines = {FLOAT: model_engine(model, FLOAT), **{one.name: one.engine for one in made}}
    measured = measure(engines, windows, lambda _done, _step: None)
    print(
        f"\n{model:17}{'calibrated on':16}{'bits/byte':>10}{'loss':>9}{'KL':>9}{'top-1':>8}"
        f"{'tokens/s':>10}{'quantized in':>14}"
    )
    before = measured[FLOAT]
    print(f"{FLOAT:33}{row(before, before)}", flush=True)
    for one in made:
        figures = row(measured[one.name], before)
        print(f"{one.preset:17}{one.calibration:16}{figures}{one.seconds:12.1f} s", flush=True)


def row(one: Measurement, before: Measurement) -> str:
    loss = one.bits_per_byte - before.bits_per_byte
    return (
        f"{one.bits_per_byte:10.4f}{loss:+9.4f}{one.kl_to_float:9.4f}{one.top1_agreement:8.2%}"
        f"{one.tokens / one.seconds:10.0f}"
    )


def print_costs(model: str, made: list[Made]) -> None:
    print(
        f"\n{model:17}{'products':>26}{'scale mult.':>12}{'other mult.':>12}{'shifts':>9}"
        f"{'weights':>12}{'states':>12}{'tables read':>13}{'tables':>11}"
    )
    for preset, cost in {one.preset: one.cost for one in made}.items():
        products = ", ".join(
            f"{short(cost.products[w, x])} {w}x{x}" for w, x in sorted(cost.products)
        )
        scales = cost.multiplied_for("scales")
        print(
            f"{preset:17}{products:>26}{short(scales):>12}"
            f"{short(cost.multiplications.total() - scales):>12}{short(cost.shifts.total()):>9}"
            f"{short(cost.weight_bits, 'bit'):>12}{short(cost.state_bits, 'bit'):>12}"
            f"{short(cost.table_bits_read, 'bit'):>13}{short(cost.table_bits, 'bit'):>11}"
        )


if __name__ == "__main__":
    main()
