"""Prints how long building the C simulation takes and how fast it generates.

    python benchmarks/csim_speed.py [MODEL ...]

Models that are not bundled are compiled with random weights.
"""

import argparse
import tempfile
import time
from pathlib import Path

from child import lmc

from lmc.backends.csim.simulate import Simulation

MODELS = {"bookbyte-mamba1": 64, "bookbyte-mamba2": 64, "mamba2-130m": 2}
"""Tokens to generate with each model."""
PROMPT = (73, 116, 32, 119, 97, 115, 32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the C simulation.")
    parser.add_argument("models", nargs="*", default=list(MODELS))
    parser.add_argument("--target", default="vck190")
    arguments = parser.parse_args()
    print(f"{'model':20}{'build s':>9}{'tokens':>8}{'tokens/s':>10}")
    for model in arguments.models:
        print_model(model, arguments.target)


def print_model(model: str, target: str) -> None:
    random = [] if model.startswith("bookbyte") else ["--random-weights"]
    count = MODELS.get(model, 2)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "design"
        lmc("compile", model, "--target", target, "-o", str(output), "--json", *random)
        simulation = Simulation(output)
        start = time.perf_counter()
        simulation.program()
        built = time.perf_counter()
        tokens = len(PROMPT) + len(list(simulation.generate(PROMPT, count)))
        seconds = time.perf_counter() - built
    print(f"{model:20}{built - start:9.1f}{tokens:8}{tokens / seconds:10.2f}", flush=True)


if __name__ == "__main__":
    main()
