"""What a user watches passes with: the IR around them, the ops that they change, their time."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from lmc.diagnostics import UsageError, suggestion
from lmc.driver.measuring import PassRun
from lmc.driver.pipeline import Pipeline
from lmc.ir.text import module_text


@dataclass(frozen=True)
class Prints:
    """The passes before and after which the IR is printed, by name; None for all passes."""

    before: frozenset[str] | None = frozenset()
    after: frozenset[str] | None = frozenset()

    def check(self, pipeline: Pipeline) -> None:
        """Raise UsageError for a name of which the pipeline has no pass."""
        for option, names in (("before", self.before), ("after", self.after)):
            for name in sorted((names or frozenset()) - set(pipeline.names)):
                listed = ", ".join(pipeline.names) or "no pass"
                raise UsageError(
                    f"--print-ir-{option}: there is no pass {name!r} in the pipeline; "
                    + suggestion(name, pipeline.names, f"it has {listed}")
                )


@dataclass(frozen=True)
class IrPrinter:
    """Prints the module around passes on standard error."""

    pipeline: Pipeline
    prints: Prints

    def observe(self, number: int, one: ModulePass | None, module: ModuleOp) -> None:
        """Print what is asked for; see `lmc.driver.pipeline.Observer`."""
        passes = self.pipeline.passes
        if one is not None and _wanted(self.prints.after, one):
            _print_ir("after", one, module)
        if number < len(passes) and _wanted(self.prints.before, passes[number]):
            _print_ir("before", passes[number], module)


def _wanted(names: frozenset[str] | None, one: ModulePass) -> bool:
    return names is None or one.name in names


def _print_ir(when: str, one: ModulePass, module: ModuleOp) -> None:
    print(f"// -----// IR {when} {one} //----- //\n{module_text(module)}", file=sys.stderr)


@dataclass
class Statistics:
    """How many ops of each name a pass has added and removed."""

    counts: Counter[str] = field(default_factory=Counter[str])
    lines: list[str] = field(default_factory=list[str])

    def observe(self, _number: int, one: ModulePass | None, module: ModuleOp) -> None:
        """Count; see `lmc.driver.pipeline.Observer`."""
        now = Counter(op.name for op in module.walk())
        if one is not None:
            changes = {name: now[name] - self.counts[name] for name in now | self.counts}
            listed = [f"{changes[name]:+} {name}" for name in sorted(changes) if changes[name]]
            total = f"{self.counts.total()} to {now.total()} ops"
            self.lines.append(f"{one.name}: {total}; {', '.join(listed) or 'the same ops'}")
        self.counts = now

    def print(self) -> None:
        """Print a line for each pass on standard error."""
        for line in self.lines:
            print(line, file=sys.stderr)


def print_timing(runs: Sequence[PassRun]) -> None:
    """Print what each pass took on standard error, verifying the module included."""
    total = sum(run.seconds for run in runs)
    for name, seconds in (*((run.name, run.seconds) for run in runs), ("all passes", total)):
        share = seconds / total if total else 0.0
        print(f"{name:24} {seconds:8.3f} s {share:6.1%}", file=sys.stderr)
