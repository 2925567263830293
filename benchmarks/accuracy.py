"""Prints bits per byte of the bundled models, float and integer, for each preset.

python benchmarks/accuracy.py --text FILE
"""

import argparse
import json
import tempfile
from pathlib import Path

from child import lmc

from lmc.presets import PRESETS

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2")


def main() -> None:
    parser = argparse.ArgumentParser(description="Bits per byte of the presets on a text.")
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--text", required=True, help="a text the models were not trained on")
    parser.add_argument("--tokens", default="8192")
    parser.add_argument("--target", default="vck190")
    arguments = parser.parse_args()
    print(f"{'model':20}{'preset':>8}{'float':>9}{'integer':>9}{'loss':>9}")
    for model in arguments.models:
        for preset in PRESETS:
            print_preset(model, preset, arguments)


def print_preset(model: str, preset: str, arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = str(Path(folder) / "design")
        options = ["--target", arguments.target, "-o", output, "--preset", preset, "--json"]
        lmc("compile", model, *options)
        options = ["--text", arguments.text, "--tokens", arguments.tokens, "--json"]
        engines = json.loads(lmc("eval", output, *options).output)["engines"]
    before, after = (engines[name]["bits_per_byte"] for name in ("float", "integer"))
    print(f"{model:20}{preset:>8}{before:9.4f}{after:9.4f}{after - before:+9.4f}", flush=True)


if __name__ == "__main__":
    main()
