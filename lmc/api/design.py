"""`Design`: a design folder with what the commands do to it as methods."""

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lmc.api import html
from lmc.api.ir import Step, step_of, steps_of
from lmc.design import folder
from lmc.diagnostics import LmcError, UsageError
from lmc.ir.levels import DATAFLOW

if TYPE_CHECKING:
    from lmc.api.results import Explored, Generation, Prediction, Report, Simulated, Traced

Paths = Sequence[str | Path]


class Design(folder.Design):
    """A compiled design. What is read of its folder is kept: open it again after another compile.

    Methods have the names and arguments of the commands and raise `LmcError` as they do. `plugins`
    are the Python files that define ops of the design.
    """

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that the IR was kept of: the last of each level, or all with `dump_ir`."""
        return steps_of(self)

    def ir(self, step: str | int, *, plugins: Paths = ()) -> Step:
        """The IR after a step, by the name of its pass or its number: `.text` and `.module`."""
        return step_of(steps_of(self, _paths(plugins)), step)

    def run(
        self,
        prompt: str | None = None,
        *,
        prompt_tokens: Sequence[int] | None = None,
        max_new_tokens: int = 100,
        engine: str | None = None,
        plugins: Paths = (),
        memory: str = "polite",
        ignore_eos: bool = False,
    ) -> "Generation":
        """Generate text greedily, as `lmc run` does: in C simulation where no engine is named."""
        from lmc.api.results import Generation
        from lmc.evaluation.generation import design_runner, prompt_ids

        _at_least("max_new_tokens", max_new_tokens, 1)
        runner = design_runner(self, engine, _paths(plugins), memory)
        ids = prompt_ids(prompt, prompt_tokens, runner.tokenizer)
        start = time.perf_counter()
        tokens = tuple(runner.generate(ids, max_new_tokens, ignore_eos=ignore_eos))
        seconds = time.perf_counter() - start
        text = runner.text(tokens, ignore_eos=ignore_eos)
        speed = (len(ids) + len(tokens)) / seconds
        return Generation(runner.name, runner.is_random, tokens, text, speed)

    def trace(
        self,
        prompt: str | None = None,
        *,
        prompt_tokens: Sequence[int] | None = None,
        max_new_tokens: int = 1,
        against: "folder.Design | str | Path | None" = None,
        plugins: Paths = (),
    ) -> "Traced":
        """Compare float model, integers and C++, value by value, as `lmc trace` does.

        Where the C++ is wrong, the result's `fault` says so; nothing is raised.
        """
        from lmc.api.results import Traced
        from lmc.evaluation.engines import design_tokenizer
        from lmc.evaluation.generation import prompt_ids
        from lmc.tracing.against import compare_designs
        from lmc.tracing.trace import trace_design

        _at_least("max_new_tokens", max_new_tokens, 1)
        ids = prompt_ids(prompt, prompt_tokens, design_tokenizer(self, _paths(plugins)))
        trace = trace_design(self, ids, max_new_tokens, _paths(plugins))
        if against is None:
            return Traced(trace)
        other = against if isinstance(against, folder.Design) else open_design(against)
        return Traced(trace, compare_designs(trace, other, _paths(plugins)))

    def predict(self) -> "Prediction":
        """The resources that the compile has estimated, and what a token costs; no speed."""
        from lmc.api.results import Prediction

        resources, clock_mhz = self.resources, self.clock_mhz
        if resources is None or clock_mhz is None:
            raise LmcError(
                f"the design {self.path} was compiled without IR of level {DATAFLOW}, so it has no "
                "resources"
            )
        return Prediction(resources, clock_mhz, self.manifest.get("costs", {}))

    def simulate(
        self,
        *,
        tokens: int | None = None,
        prompt_length: int = 16,
        machine: str = "rtl",
        plugins: Paths = (),
    ) -> "Simulated":
        """Simulate a launch cycle by cycle, as `lmc simulate` does, but write no report."""
        from lmc.api.results import Simulated
        from lmc.backends.report import simulated

        return Simulated(simulated(self, prompt_length, tokens, machine, _paths(plugins)))

    def report(
        self,
        *,
        tokens: int | None = None,
        prompt_length: int = 16,
        machine: str = "rtl",
        plugins: Paths = (),
    ) -> "Report":
        """Simulate a launch and write report.html into the folder, as `lmc simulate` does."""
        from lmc.api.results import Report
        from lmc.backends.report import simulated, write_report

        return Report(
            write_report(simulated(self, prompt_length, tokens, machine, _paths(plugins)))
        )

    def explore(
        self,
        prompt: str | None = None,
        *,
        prompt_tokens: Sequence[int] | None = None,
        output: str | Path | None = None,
        plugins: Paths = (),
    ) -> "Explored":
        """Write the page about each step of the compile, as `lmc explore` does.

        With a prompt it shows what each step costs in accuracy.
        """
        from lmc.api.results import Explored
        from lmc.explorer import EXPLORER, write_explorer
        from lmc.tracing.steps import measure_of

        measure = measure_of(self, prompt, prompt_tokens, _paths(plugins))
        path = self.path / EXPLORER if output is None else Path(output)
        return Explored(path, write_explorer(self, path, measure, _paths(plugins)))

    def _repr_html_(self) -> str:
        from lmc.api.results import BUDGET_COLUMNS
        from lmc.dataflow.resources.budget import budget_rows

        manifest = self.manifest
        rows: list[tuple[str, object]] = [
            ("model", f"{self.model}{' (random weights)' if self.is_random else ''}"),
            ("target", manifest["target"]),
            ("preset", manifest["preset"]),
            ("clock", "" if self.clock_mhz is None else f"{self.clock_mhz} MHz (assumed)"),
            ("steps with IR", ", ".join(f"{step.number} {step.name}" for step in self.steps)),
            ("folder", self.path),
        ]
        shown = html.table(("", ""), rows)
        if self.resources is None:
            return shown
        return shown + html.table(BUDGET_COLUMNS, budget_rows(self.resources))


def open_design(path: str | Path) -> Design:
    """The design in a folder; raises LmcError if there is none."""
    return Design(folder.open_design(Path(path)).path)


def _paths(plugins: Paths) -> tuple[Path, ...]:
    return tuple(map(Path, plugins))


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise UsageError(f"{name} is {value}: it is {least} at least")
