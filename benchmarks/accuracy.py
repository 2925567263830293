"""Prints what each preset loses against float on a text, and what a token of it costs in hardware.

    python benchmarks/accuracy.py --text FILE [MODEL ...] [--calibration-text FILE]
                                  [--presets NAME|FILE.toml ...] [--windows 256] [--length 385]
                                  [--by-position]

The whole model in integer semantics, on the first windows of the text, of `--length` tokens each;
the state is cold at the start of each, so a window predicts one token less than it has. Calibration
is on the model's own text, and a second time on the calibration text if one is given. MODEL is a
name or a folder; the bundled models' tokens are bytes. `--by-position` adds the loss by the place
of a token in its window, for long windows. tokens/s are those of the host machine by the clock,
CPU/token is what a token costs on all its cores together.
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lmc.analysis.cost import TokenCost, token_cost
from lmc.analysis.cost.summary import short
from lmc.evaluation.bits_per_byte import FLOAT, Measurement, Windows, measure
from lmc.evaluation.engines import InterpreterEngine, find_tokenizer, model_engine, model_module
from lmc.interpreter import Program
from lmc.ir.levels import QUANTIZED
from lmc.models.tokenizer import ByteTokenizer
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
    parser.add_argument("--by-position", action="store_true")
    arguments = parser.parse_args()
    text = arguments.text.read_text(encoding="utf-8")
    for model in arguments.models:
        windows = first_windows(model, text, arguments.windows, arguments.length)
        made = [
            make(model, preset, calibration)
            for calibration in dict.fromkeys((None, arguments.calibration_text))
            for preset in arguments.presets
        ]
        name = Path(model).name
        print(f"\n{name}: {windows.inputs.size} tokens in {arguments.windows} windows, cold each")
        engines = {FLOAT: model_engine(model, FLOAT), **{one.name: one.engine for one in made}}
        measured = measure(engines, windows, lambda _done, _step: None)
        print_accuracy(name, made, measured)
        if arguments.by_position:
            print_positions(name, measured)
        print_costs(name, made)


def first_windows(model: str, text: str, count: int, length: int) -> Windows:
    """Windows [length - 1, count] of the text's first tokens, one after the other."""
    tokenizer = find_tokenizer(model)
    if tokenizer is None:
        raise SystemExit(f"{model} has no tokenizer here")
    ids = tokenizer.encode(text)[: count * length]
    if len(ids) < count * length:
        raise SystemExit(f"the text has {len(ids)} tokens; {count * length} are needed")
    columns = np.array(ids, np.int64).reshape(count, length).T
    targets = columns[1:]
    size = targets.size
    if not isinstance(tokenizer, ByteTokenizer):
        size = sum(len(tokenizer.decode(window.tolist()).encode()) for window in targets.T)
    return Windows(columns[:-1], targets, size)


def make(model: str, preset: str, text: Path | None) -> Made:
    start = time.perf_counter()
    calibration = None if text is None else str(text)
    module = model_module(model, QUANTIZED, preset=preset, calibration_text=calibration)
    seconds = time.perf_counter() - start
    where = "own text" if text is None else text.stem
    engine = InterpreterEngine(Program(module))
    return Made(Path(preset).stem, where, engine, token_cost(module), seconds)


def print_accuracy(model: str, made: list[Made], measured: Mapping[str, Measurement]) -> None:
    print(
        f"{model:20}{'calibrated on':16}{'bits/byte':>10}{'loss':>9}{'KL':>9}{'top-1':>8}"
        f"{'tokens/s':>10}{'CPU/token':>12}{'quantized in':>14}"
    )
    before = measured[FLOAT]
    print(f"{FLOAT:36}{row(before, before)}", flush=True)
    for one in made:
        figures = row(measured[one.name], before)
        print(f"{one.preset:20}{one.calibration:16}{figures}{one.seconds:12.1f} s", flush=True)


def print_positions(model: str, measured: Mapping[str, Measurement]) -> None:
    """Bits per token and, in brackets, KL, by position in the window."""
    ranges = measured[FLOAT].positions
    print(f"\n{model:36}" + "".join(f"{f'{one.first}-{one.end - 1}':>18}" for one in ranges))
    for name, one in measured.items():
        cells = (f"{place.bits_per_token:.4f} ({place.kl_to_float:.4f})" for place in one.positions)
        print(f"{name:36}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def row(one: Measurement, before: Measurement) -> str:
    loss = one.bits_per_byte - before.bits_per_byte
    return (
        f"{one.bits_per_byte:10.4f}{loss:+9.4f}{one.kl_to_float:9.4f}{one.top1_agreement:8.2%}"
        f"{one.tokens / one.seconds:10.0f}{1e3 * one.cpu_seconds / one.tokens:9.2f} ms"
    )


def print_costs(model: str, made: list[Made]) -> None:
    print(
        f"\n{model:20}{'products':>26}{'scale mult.':>12}{'other mult.':>12}{'shifts':>9}"
        f"{'weights':>12}{'states':>12}{'tables read':>13}{'tables':>11}"
    )
    for preset, cost in {one.preset: one.cost for one in made}.items():
        products = ", ".join(
            f"{short(cost.products[w, x])} {w}x{x}" for w, x in sorted(cost.products)
        )
        scales = cost.multiplied_for("scales")
        print(
            f"{preset:20}{products:>26}{short(scales):>12}"
            f"{short(cost.multiplications.total() - scales):>12}{short(cost.shifts.total()):>9}"
            f"{short(cost.weight_bits, 'bit'):>12}{short(cost.state_bits, 'bit'):>12}"
            f"{short(cost.table_bits_read, 'bit'):>13}{short(cost.table_bits, 'bit'):>11}"
        )


if __name__ == "__main__":
    main()
