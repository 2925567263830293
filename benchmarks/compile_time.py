"""Prints how long compiling takes, the memory it needs and the largest IR file.

    python benchmarks/compile_time.py [--stages] [--cases CASE ...] [MODEL ...]

MODEL is a name, or a folder with trained weights; named models that are not bundled get random
ones. Each model begins with an empty cache; the cases are compiled one after the other with what
those before them have left in it:

    cold      nothing is kept yet
    warm      the same again
    target    another board
    schedule  another schedule
    weights   random weights from another seed

`--stages` adds what each pass took, tracing the model and writing the design. CPU seconds are those
of all threads together.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from child import lmc

MODELS = ("bookbyte-mamba1", "bookbyte-mamba2", "mamba-130m", "mamba2-130m")
CASES = ("cold", "warm", "target", "schedule", "weights")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of lmc compile.")
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--target", default="vck190")
    parser.add_argument("--other-target", default="u280", help="the board of the case `target`")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=("cold",))
    parser.add_argument("--stages", action="store_true", help="print every stage")
    arguments = parser.parse_args()
    print(f"{'model':21}{'case':10}{'seconds':>9}{'CPU s':>9}{'peak GB':>9}", end="")
    print(f"{'slowest stage':>27}{'largest IR kB':>15}{'cache GB':>10}")
    targets = (arguments.target, arguments.other_target)
    for model in arguments.models:
        with tempfile.TemporaryDirectory() as cache:
            os.environ["LMC_CACHE"] = cache
            for case in arguments.cases:
                print_case(model, case, options_of(model, case, *targets), arguments.stages)


def options_of(model: str, case: str, target: str, other_target: str) -> list[str]:
    """The command-line options of a case."""
    options = ["--target", other_target if case == "target" else target]
    if case == "schedule":
        options += ["--schedule", "reordered"]
    if case == "weights":
        options += ["--seed", "1"]
    is_trained = model.startswith("bookbyte") or Path(model).is_dir()
    is_random = case == "weights" or not is_trained
    return [*options, "--random-weights"] if is_random else options


def print_case(model: str, case: str, options: list[str], stages: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "design"
        measured = lmc("compile", model, "-o", str(output), "--dump-ir", "--json", *options)
        largest = max(path.stat().st_size for path in (output / "ir").iterdir())
    took = stages_of(json.loads(measured.output))
    slowest = max(took, key=lambda name: took[name])
    label = f"{slowest} {took[slowest]:.1f} s"
    print(
        f"{Path(model).name:21}{case:10}{measured.seconds:9.1f}{measured.cpu_seconds:9.1f}"
        f"{measured.peak_bytes / 1e9:9.2f}{label:>27}{largest / 1e3:15.0f}{kept_gb():10.2f}",
        flush=True,
    )
    for name, seconds in took.items() if stages else ():
        print(f"  {name:27}{seconds:9.1f}", flush=True)


def kept_gb() -> float:
    """What the cache holds."""
    files = Path(os.environ["LMC_CACHE"]).rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e9


def stages_of(summary: Mapping[str, Any]) -> dict[str, float]:
    """Seconds of each stage; what is neither a pass nor writing is tracing, checks and files."""
    took = {one["name"]: one["seconds"] for one in summary["passes"]}
    took["writing the design"] = summary["writing_seconds"]
    return {"tracing and the rest": summary["seconds"] - sum(took.values()), **took}


if __name__ == "__main__":
    main()
