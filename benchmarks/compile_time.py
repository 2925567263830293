"""Prints how long compiling takes, the memory it needs and the largest IR file.

    python benchmarks/compile_time.py [--stages] [--target BOARD] [--large | MODEL ...]

Models that are not bundled are compiled with random weights. `--large` takes the models of
7 billion parameters: each should take at most 20 minutes and 8 GiB on two cores. `--stages` adds
what each pass took, tracing the model and writing the design. CPU seconds are those of all threads
together.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from child import lmc

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2", "mamba-130m", "mamba2-130m")
LARGE = ("falcon-mamba-7b", "codestral-mamba-7b")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of lmc compile.")
    parser.add_argument("models", nargs="*")
    parser.add_argument("--large", action="store_true", help=f"compile {' and '.join(LARGE)}")
    parser.add_argument("--target", default="vck190")
    parser.add_argument("--stages", action="store_true", help="print every stage")
    arguments = parser.parse_args()
    print(f"{'model':20}{'seconds':>9}{'CPU s':>9}{'peak GB':>9}", end="")
    print(f"{'slowest stage':>26}{'largest IR kB':>15}")
    for model in arguments.models or (LARGE if arguments.large else MODELS):
        print_model(model, arguments.target, stages=arguments.stages)


def print_model(model: str, target: str, *, stages: bool) -> None:
    random = [] if model.startswith("bookbyte") else ["--random-weights"]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "design"
        options = ["--target", target, "-o", str(output), "--dump-ir", "--json", *random]
        measured = lmc("compile", model, *options)
        largest = max(path.stat().st_size for path in (output / "ir").iterdir())
    took = stages_of(json.loads(measured.output))
    slowest = max(took, key=lambda name: took[name])
    label = f"{slowest} {took[slowest]:.1f} s"
    print(
        f"{model:20}{measured.seconds:9.1f}{measured.cpu_seconds:9.1f}"
        f"{measured.peak_bytes / 1e9:9.2f}{label:>26}{largest / 1e3:15.0f}",
        flush=True,
    )
    for name, seconds in took.items() if stages else ():
        print(f"  {name:27}{seconds:9.1f}", flush=True)


def stages_of(summary: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of each stage; what is neither a pass nor writing is tracing, checks and files."""
    took = {one["name"]: one["seconds"] for one in summary["passes"]}
    took["writing the design"] = summary["writing_seconds"]
    return {"tracing and the rest": summary["seconds"] - sum(took.values()), **took}


if __name__ == "__main__":
    main()
