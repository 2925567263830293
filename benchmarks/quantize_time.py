"""Prints how long quantizing takes with GPTQ, pass by pass, and the memory that it needs.

    python benchmarks/quantize_time.py [MODEL ...]

Models that are not bundled get random weights, which the compiler would leave as they are; here
they are optimized all the same.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from child import lmc

from lmc.driver.default import integer_pipeline
from lmc.quantization.presets import DEFAULT_PRESET

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2", "mamba-130m", "mamba2-130m")
LEVEL_2 = ("fold-gated-scale", "quantize", "rewrite-power-of-two", "optimize-weights")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of quantizing with GPTQ.")
    parser.add_argument("models", nargs="*", default=MODELS)
    arguments = parser.parse_args()
    print(f"{'model':20}{'seconds':>9}{'peak GB':>9}" + "".join(f"{name:>22}" for name in LEVEL_2))
    for model in arguments.models:
        print_model(model)


def print_model(model: str) -> None:
    random = [] if model.startswith("bookbyte") else ["--random-weights"]
    passes = integer_pipeline(DEFAULT_PRESET)
    pipeline = passes.replace("optimize-weights", "optimize-weights{skip_random=false}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LMC_CACHE"] = str(Path(folder) / "cache")
        options = ["-t", "vck190", "-o", str(Path(folder) / "design"), "--pipeline", pipeline]
        measured = lmc("compile", model, "--json", *options, *random)
    seconds = {one["name"]: one["seconds"] for one in json.loads(measured.output)["passes"]}
    columns = "".join(f"{seconds[name]:20.1f} s" for name in LEVEL_2)
    print(f"{model:20}{measured.seconds:9.1f}{measured.peak_bytes / 1e9:9.2f}{columns}", flush=True)


if __name__ == "__main__":
    main()
