"""Prints what each preset loses against float on a text, the whole model in integer semantics.

    python benchmarks/accuracy.py --text FILE [MODEL ...] [--windows 256] [--length 385]

The first windows of the text, of `--length` bytes each; the state is cold at the start of each, so
a window predicts one byte less than it has.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from lmc.bits_per_byte import FLOAT, Measurement, Windows, measure
from lmc.engines import model_engine
from lmc.presets import PRESETS

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2")


def main() -> None:
    parser = argparse.ArgumentParser(description="Loss of the presets on a text.")
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--text", required=True, type=Path, help="not what models were trained on")
    parser.add_argument("--windows", type=int, default=256)
    parser.add_argument("--length", type=int, default=385)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS), choices=list(PRESETS))
    arguments = parser.parse_args()
    windows = first_windows(arguments.text.read_bytes(), arguments.windows, arguments.length)
    print(f"{windows.inputs.size} tokens in {arguments.windows} windows, cold state each")
    print(
        f"{'model':17}{'preset':>10}{'bits/byte':>11}{'loss':>9}{'KL':>9}{'top-1':>8}"
        f"{'tokens/s':>10}{'quantized in':>14}"
    )
    for model in arguments.models:
        print_model(model, arguments.presets, windows)


def first_windows(text: bytes, count: int, length: int) -> Windows:
    """Windows [length - 1, count] of the first bytes, one after the other."""
    if len(text) < count * length:
        raise SystemExit(f"the text has {len(text)} bytes; {count * length} are needed")
    ids = np.frombuffer(text[: count * length], np.uint8).astype(np.int64)
    columns = ids.reshape(count, length).T
    return Windows(columns[:-1], columns[1:], columns[1:].size)


def print_model(model: str, presets: list[str], windows: Windows) -> None:
    engines = {FLOAT: model_engine(model, FLOAT)}
    seconds = {FLOAT: 0.0}
    for preset in presets:
        start = time.perf_counter()
        engines[preset] = model_engine(model, "integer", preset=preset)
        seconds[preset] = time.perf_counter() - start
    measured = measure(engines, windows, lambda _done, _step: None)
    for name, one in measured.items():
        print_row(model, name, one, measured[FLOAT], seconds[name])


def print_row(model: str, name: str, one: Measurement, before: Measurement, made: float) -> None:
    loss = one.bits_per_byte - before.bits_per_byte
    print(
        f"{model:17}{name:>10}{one.bits_per_byte:11.4f}{loss:+9.4f}{one.kl_to_float:9.4f}"
        f"{one.top1_agreement:8.2%}{one.tokens / one.seconds:10.0f}{made:12.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
