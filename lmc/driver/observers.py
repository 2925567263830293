"""What looks at the module after each pass of a compile: IR files, costs, checks, the bar."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from lmc.analysis.cost import TokenCost, token_cost
from lmc.analysis.groups import Intermediates, intermediates_of
from lmc.design.folder import REWRITES, detached_weights
from lmc.driver.instruments import IrPrinter, Prints
from lmc.driver.module_check import ModuleChecker
from lmc.driver.pipeline import Observer
from lmc.driver.request import Resolved
from lmc.driver.rewrites import RewriteRecord, Rewrites, rewrites_json
from lmc.driver.source import Source
from lmc.ir.levels import DATAFLOW, QUANTIZED, SCHEDULED, level_of
from lmc.ir.text import printed_module
from lmc.progress import Bar

if TYPE_CHECKING:
    from lmc.driver.check import CheckReport


@dataclass(frozen=True)
class KeptText:
    """An IR file before it is written: after how many passes, and whose work its ops are."""

    level: int | None
    text: str
    number: int
    rewrites: Rewrites


@dataclass
class Texts:
    """The IR files of a design: after every pass, or the last of each level."""

    keep_all: bool
    folder: Path
    last: int
    """The number of the last pass: no level comes after the dataflow level, so its last counts."""
    texts: dict[str, KeptText] = field(default_factory=dict[str, KeptText])
    record: RewriteRecord = field(default_factory=RewriteRecord)

    def observe(self, number: int, one: ModulePass | None, module: ModuleOp) -> None:
        """Keep the module's text; see `lmc.driver.pipeline.Observer`."""
        self.record.add(number, one)
        level = level_of(module)
        if not self.keep_all and level == DATAFLOW and number < self.last:
            return
        if not self.keep_all:
            self.texts = {k: v for k, v in self.texts.items() if v.level != level}
        name = one.name if one is not None else ("traced" if level == 0 else "input")
        with detached_weights(module, self.folder):
            text, ops = printed_module(module)
        kept = KeptText(level, text, number, self.record.of(ops))
        self.texts[f"ir/{number:02}-{name}.mlir"] = kept

    @property
    def lowered(self) -> KeptText | None:
        """The last module before the dataflow level; None for a compile that went on from there."""
        last = [kept for kept in self.texts.values() if kept.level in (QUANTIZED, SCHEDULED)]
        return last[-1] if last else None

    def write(self) -> dict[str, str]:
        """Write the files; the last one of each level, by level."""
        (self.folder / "ir").mkdir()
        for name, kept in self.texts.items():
            (self.folder / name).write_text(kept.text, encoding="utf-8")
        record = rewrites_json(
            (name, kept.number, kept.rewrites) for name, kept in self.texts.items()
        )
        (self.folder / REWRITES).write_text(record, encoding="utf-8")
        return {str(k.level): name for name, k in self.texts.items() if k.level is not None}


@dataclass
class Costs:
    """The cost of a token and the intermediates of the last integer module above dataflow."""

    last: TokenCost | None = None
    intermediates: Intermediates | None = None

    def observe(self, _number: int, _one: ModulePass | None, module: ModuleOp) -> None:
        """Count an integer module's cost; see `lmc.driver.pipeline.Observer`."""
        if level_of(module) in (QUANTIZED, SCHEDULED):
            self.last = token_cost(module)
            self.intermediates = intermediates_of(module)

    @property
    def manifest_entry(self) -> dict[str, object]:
        """Nothing for a design that was not at level 2 or 3."""
        if self.last is None or self.intermediates is None:
            return {}
        return {"costs": self.last.as_json(), "intermediates": self.intermediates.as_json()}


def observers_of(
    resolved: Resolved,
    source: Source | None,
    texts: Texts,
    costs: Costs,
    checks: "list[CheckReport]",
    module_checker: ModuleChecker | None,
    bar: Bar,
) -> list[Observer]:
    """The observers of a compile, in the order in which they look."""
    passes = resolved.pipeline.passes

    def show(number: int, _one: ModulePass | None, _module: ModuleOp) -> None:
        following = passes[number].name if number < len(passes) else "writing the design"
        bar.show(number, following)

    observers: list[Observer] = []
    if module_checker is not None:
        bar.show(0, "comparing with PyTorch")
        observers.append(module_checker.observe)
    observers.append(texts.observe)
    if resolved.request.print_ir_after_all:
        observers.append(IrPrinter(resolved.pipeline, Prints(after=None)).observe)
    if resolved.request.check:
        from lmc.driver.check import Checker

        checker = Checker(resolved.context, source, resolved.target, checks)
        observers.append(checker.observe)
    return [*observers, show, costs.observe]
