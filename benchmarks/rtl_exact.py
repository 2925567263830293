"""Prints how designs' RTL in Verilator differs from the cycle simulator and the interpreter.

    python benchmarks/rtl_exact.py [MODEL:TARGET[:LAYERS] ...] [--prompt-length N] [--tokens N]
        [--preset NAME] [--schedule NAME] [--designs DIR]

A case is compiled, its RTL is built, and one launch is run: ends of tasks, cycles, and what FIFOs
held and passed are compared with the cycle simulator's, tokens, logits and states with the integer
interpreter's. With LAYERS the model is cut after its first layers once its board is allocated, so
formats and allocation are those of the whole model; embedding and LM head are whole. Models that
are not bundled have random weights. The status is 1 if anything differs. `--designs` keeps the
designs, to look at one with `lmc simulate --engine rtl --waves`.

Seconds, those of cycles/s too, are of processor time; GB are those of the largest process.
lightmamba-vck190 goes with preset and schedule lightmamba, unless told otherwise.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from child import Measured, lmc, measure

CASES = (
    "mamba2-130m:vck190",
    "mamba2-130m:u280",
    "mamba2-2.7b:vck190:1",
    "mamba2-2.7b:lightmamba-vck190:1",
)
OF_TARGET = {"lightmamba-vck190": {"preset": "lightmamba", "schedule": "lightmamba"}}
"""Options that belong to a target."""
_BUILD = (
    "import sys; from pathlib import Path; from lmc.design.folder import open_design; "
    "from lmc.driver.rtl import RtlSimulation; RtlSimulation(open_design(Path(sys.argv[1])))"
)
_SHOWN = 10


@dataclass(frozen=True)
class Case:
    """A model on a target, whole or cut after its first layers."""

    model: str
    target: str
    layers: int | None = None

    @staticmethod
    def parse(text: str) -> "Case":
        """A case as it is written; ends the program for something else."""
        model, _, rest = text.partition(":")
        target, _, layers = rest.partition(":")
        if not model or not target or not (layers.isdigit() or not layers):
            sys.exit(f"error: {text!r} is no case; write MODEL:TARGET or MODEL:TARGET:LAYERS")
        return Case(model, target, int(layers) if layers else None)

    def compile_options(self, given: dict[str, str | None]) -> list[str]:
        """Options of `lmc compile`; those that are given win over the target's."""
        options = ["--target", self.target]
        for name, value in given.items():
            chosen = value or OF_TARGET.get(self.target, {}).get(name)
            options += [] if chosen is None else [f"--{name}", chosen]
        if not self.model.startswith("bookbyte"):
            options.append("--random-weights")
        if self.layers is not None:
            cut = f"keep-layers{{count={self.layers}}}"
            options += ["--insert-after", "allocate-resources", cut]
        return options


@dataclass(frozen=True)
class Done:
    """What a case has taken, and what `lmc simulate --engine rtl --json` says of it."""

    compiled: Measured
    built: Measured
    ran: Measured
    found: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="The RTL beside the cycle simulator.")
    parser.add_argument("cases", nargs="*", default=list(CASES), metavar="MODEL:TARGET[:LAYERS]")
    parser.add_argument("--prompt-length", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=2, help="new tokens; 0: no LM head")
    parser.add_argument("--preset")
    parser.add_argument("--schedule")
    parser.add_argument("--designs", type=Path, help="where the designs are kept")
    arguments = parser.parse_args()
    cases = [Case.parse(text) for text in arguments.cases]
    launch = ["--prompt-length", str(arguments.prompt_length), "--tokens", str(arguments.tokens)]
    given = {"preset": arguments.preset, "schedule": arguments.schedule}
    differ = False
    print(_head(), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        designs = arguments.designs or Path(scratch)
        for case in cases:
            done = run_case(case, case.compile_options(given), launch, designs)
            print(row(case, done), flush=True)
            for sentence in remarks(done.found):
                print(f"  {sentence}", flush=True)
            differ |= bool(done.found["deviations"])
    sys.exit(1 if differ else 0)


def run_case(case: Case, options: Sequence[str], launch: Sequence[str], designs: Path) -> Done:
    """Compile, build and run; ends this program with the message of what fails."""
    folder = designs / "-".join(map(str, (case.model, case.target, case.layers or "all")))
    compiled = lmc("compile", case.model, "-o", str(folder), "--json", *options)
    built = measure([sys.executable, "-c", _BUILD, str(folder)])
    # Status 1 tells of differences, which are in the output.
    ran = lmc("simulate", str(folder), "--engine", "rtl", "--json", *launch, expected=(0, 1))
    if not ran.output:
        sys.exit(1)  # lmc has said why
    return Done(compiled, built, ran, json.loads(ran.output))


def _head() -> str:
    return (
        f"{'model':17}{'target':19}{'layers':>6}{'tasks':>7}{'FIFOs':>7}{'cycles':>12}"
        f"{'differences':>13}{'cycles/s':>10}   compile s, GB    build s, GB    check s, GB"
    )


def row(case: Case, done: Done) -> str:
    """The figures of a case."""
    found = done.found
    layers = "all" if case.layers is None else str(case.layers)
    took = "".join(
        f"{one.cpu_seconds:10.0f}{one.peak_bytes / 1e9:6.2f}"
        for one in (done.compiled, done.built, done.ran)
    )
    return (
        f"{case.model:17}{case.target:19}{layers:>6}{len(found['tasks']):7}"
        f"{len(found['streams']):7}{found['cycles']['rtl']:12,}{len(found['deviations']):13}"
        f"{found['cycles_per_second']:10,}{took}"
    )


def remarks(found: dict[str, Any]) -> list[str]:
    """Differences, and what the figures are the result of."""
    wrong = found["deviations"]
    more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
    sources = [found["sources"]["rtl"]]
    sources += [f"{name}: {text}" for name, text in found["sources"]["memories"].items()]
    return [*wrong[:_SHOWN], *more, *sources]


if __name__ == "__main__":
    main()
