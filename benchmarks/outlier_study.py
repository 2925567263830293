"""Prints what outlier channels cost each way to quantize, the whole model in integer semantics.

    python benchmarks/outlier_study.py --text FILE [--windows 12] [--length 385]

bookbyte-mamba2 as it is, and with outliers in half of its layers or in all of them: channels of the
norms' scales are multiplied by 30 and the weights that read them divided by it, so that the float
model stays the same function (docs/outliers.md). Weights are rounded to nearest throughout.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from accuracy import first_windows
from xdsl.dialects.builtin import ModuleOp

from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.evaluation.bits_per_byte import Windows, measure
from lmc.evaluation.engines import InterpreterEngine
from lmc.interpreter import Program
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

MODEL = "bookbyte-mamba2"
PLUGIN = Path(__file__).parent.parent / "docs/examples/outliers.py"
OUTLIERS = {
    "no outliers": "",
    "in layers 0-3": "add-outliers{layers=0,1,2,3}",
    "in all layers": "add-outliers",
}
ROTATED = "fold-norm-scales,defer-norm,insert-rotation"
RECIPES = {
    "round to nearest": "defer-norm,split-norm-scales",
    "SmoothQuant-style scaling": "smooth-scales,defer-norm,split-norm-scales",
    "rotation": ROTATED,
    "rotation, scale folded": f"{ROTATED},fold-gated-scale{{layers=all}}",
    "rotation, folded as measured": f'{ROTATED},fold-gated-scale{{preset="PRESET"}}',
}
INTEGERS = 'quantize{preset="PRESET"},rewrite-power-of-two'


def main() -> None:
    parser = argparse.ArgumentParser(description="Loss of ways to quantize a model with outliers.")
    parser.add_argument("--text", required=True, type=Path, help="not what models were trained on")
    parser.add_argument("--windows", type=int, default=12)
    parser.add_argument("--length", type=int, default=385)
    parser.add_argument("--presets", nargs="+", default=["w4a4", "w4a8"])
    arguments = parser.parse_args()
    windows = first_windows(
        MODEL, arguments.text.read_text(encoding="utf-8"), arguments.windows, arguments.length
    )
    model = Model()
    print(f"{windows.inputs.size} tokens in {arguments.windows} windows, cold state each")
    print(f"{'bits/byte, loss':29}" + "".join(f"{name:>18}" for name in OUTLIERS))
    floats = [bits_per_byte(model.after(outliers), windows) for outliers in OUTLIERS.values()]
    print_row("float", floats)
    for preset in arguments.presets:
        print(f"\n{preset}")
        for name, recipe in RECIPES.items():
            passes = f"{recipe},{INTEGERS}".replace("PRESET", preset)
            found = [
                bits_per_byte(model.after(f"{outliers},{passes}".strip(",")), windows)
                for outliers in OUTLIERS.values()
            ]
            print_row(name, found, floats)


class Model:
    """The rolled float module, and what passes make of it."""

    def __init__(self) -> None:
        self._registry = load_registry([PLUGIN])
        self._context = make_context(self._registry)
        self._module = import_named(MODEL).module
        self._module = self.after("raise-to-ssm,roll-layers")

    def after(self, passes: str) -> ModuleOp:
        """A copy of the module after the passes of a pipeline string."""
        module = self._module.clone()
        Pipeline.parse(self._registry, passes).run(self._context, module)
        return module


def bits_per_byte(module: ModuleOp, windows: Windows) -> float:
    engines = {"": InterpreterEngine(Program(module))}
    return measure(engines, windows, lambda _done, _step: None)[""].bits_per_byte


def print_row(name: str, found: Sequence[float], before: Sequence[float] | None = None) -> None:
    row = "".join(
        f"{one:10.4f}" + (" " * 8 if before is None else f"{one - before[column]:+8.4f}")
        for column, one in enumerate(found)
    )
    print(f"{name:29}{row}", flush=True)


if __name__ == "__main__":
    main()
