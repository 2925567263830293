"""Prints how long compiling takes, the memory it needs and the largest IR file.

    python benchmarks/compile_time.py [MODEL ...]

Models that are not bundled are compiled with random weights.
"""

import argparse
import json
import tempfile
from pathlib import Path

from child import lmc

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2", "mamba-130m", "mamba2-130m")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of lmc compile.")
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--target", default="vck190")
    arguments = parser.parse_args()
    print(f"{'model':20}{'seconds':>9}{'peak GB':>9}{'slowest pass':>26}{'largest IR kB':>15}")
    for model in arguments.models:
        print_model(model, arguments.target)


def print_model(model: str, target: str) -> None:
    random = [] if model.startswith("bookbyte") else ["--random-weights"]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "design"
        options = ["--target", target, "-o", str(output), "--dump-ir", "--json", *random]
        measured = lmc("compile", model, *options)
        largest = max(path.stat().st_size for path in (output / "ir").iterdir())
    slowest = max(json.loads(measured.output)["passes"], key=lambda one: one["seconds"])
    label = f"{slowest['name']} {slowest['seconds']:.1f} s"
    print(
        f"{model:20}{measured.seconds:9.1f}{measured.peak_bytes / 1e9:9.2f}"
        f"{label:>26}{largest / 1e3:15.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
