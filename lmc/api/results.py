"""What the methods of a design return: numbers to work with, which notebooks show as tables.

Consoles show the most important ones in a line: IR and traces would fill them for minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from lmc.api import html
from lmc.backends.report import Subject
from lmc.dataflow.resources.budget import budget_rows, excess
from lmc.explorer import Exploration
from lmc.simulation.launch import Launch
from lmc.simulation.report import figure_rows, launch_json, memory_rows, source_of
from lmc.tracing.against import Comparison
from lmc.tracing.fault import fault
from lmc.tracing.tables import (
    AGAINST_COLUMNS,
    LAYER_COLUMNS,
    OP_COLUMNS,
    against_rows,
    against_summary,
    comparison_json,
    layer_rows,
    op_rows,
    summary,
    trace_json,
)
from lmc.tracing.trace import Trace

BUDGET_COLUMNS = ("resource", "used", "budget", "share", "source")


@dataclass(frozen=True)
class Generation:
    """Generated tokens. `text` is without those that end it, None without a tokenizer."""

    engine: str
    random_weights: bool
    tokens: tuple[int, ...]
    text: str | None
    tokens_per_second: float = field(repr=False)
    """Of the host machine, prompt and new tokens together: it says nothing of a board.

    `repr` leaves it out, so that the same tokens look the same.
    """

    def __str__(self) -> str:
        return " ".join(map(str, self.tokens)) if self.text is None else self.text

    def _repr_html_(self) -> str:
        return html.listing(str(self))


@dataclass(frozen=True, repr=False)
class Prediction:
    """What the compile predicts of a design; `simulate` predicts its speed."""

    resources: Mapping[str, Any]
    """`resources` of schedule.json: what is used and the budget by resource (docs/resources.md)."""
    clock_mhz: int
    costs: Mapping[str, Any]
    """`costs` of manifest.json: operations and bits of a token."""

    @property
    def excess(self) -> str | None:
        """What the budget is short of, in a sentence; None where all fits."""
        return excess(self.resources)

    def __repr__(self) -> str:
        used = ", ".join(f"{row[0]} {row[3]}" for row in budget_rows(self.resources))
        return f"Prediction({self.clock_mhz} MHz, {used} of the budget, estimated)"

    def _repr_html_(self) -> str:
        short = "" if self.excess is None else html.paragraph(self.excess, strong=True)
        return html.table(BUDGET_COLUMNS, budget_rows(self.resources)) + short


@dataclass(frozen=True, repr=False)
class Simulated:
    """A launch that the cycle simulator ran; `launch` has all its figures."""

    subject: Subject

    @property
    def launch(self) -> Launch:
        """The launch in numbers: tokens a second, waits, utilization."""
        return self.subject.launch

    @property
    def tokens_per_second(self) -> float:
        """New tokens a second (simulated)."""
        return self.launch.tokens_per_second

    @property
    def resources(self) -> Mapping[str, Any]:
        """What is used and the budget, by resource (estimated)."""
        return self.subject.resources

    def as_json(self) -> dict[str, Any]:
        """What `lmc simulate --json` prints."""
        return launch_json(self.launch, self.resources)

    def __repr__(self) -> str:
        return f"Simulated({self.tokens_per_second:,.2f} tokens/s, {source_of(self.launch)})"

    def _repr_html_(self) -> str:
        columns = ("memory", "bytes a new token", "sustained GB/s", "share used", "source")
        return "".join(
            [
                html.table(("", "", "source"), figure_rows(self.launch)),
                html.table(columns, memory_rows(self.launch)),
                html.table(BUDGET_COLUMNS, budget_rows(self.resources)),
            ]
        )


@dataclass(frozen=True)
class Page:
    """A page that needs nothing else."""

    path: Path

    @cached_property
    def html(self) -> str:
        """The page."""
        return self.path.read_text(encoding="utf-8")

    def _repr_html_(self) -> str:
        page = escape(self.html, quote=True)
        return f'<iframe srcdoc="{page}" style="width: 100%; height: 40em; border: 0"></iframe>'


@dataclass(frozen=True)
class Report(Page):
    """The report of a simulated launch."""


@dataclass(frozen=True)
class Explored(Page):
    """The page about each step of a compile, and what it shows."""

    exploration: Exploration = field(repr=False)


@dataclass(frozen=True, repr=False)
class Traced:
    """Float model, integers and C++ on the same tokens; with another design, both of them."""

    trace: Trace
    against: Comparison | None = None

    @property
    def fault(self) -> str | None:
        """Where C++ and integer interpreter first part, in a sentence; None where they do not."""
        other = None if self.against is None else fault(self.against.second)
        return fault(self.trace) or other

    def as_json(self) -> dict[str, Any]:
        """What `lmc trace --json` prints."""
        return trace_json(self.trace) if self.against is None else comparison_json(self.against)

    @property
    def ops(self) -> list[dict[str, object]]:
        """What `lmc trace --ops` shows, a mapping for each value."""
        return [dict(zip(OP_COLUMNS, row, strict=True)) for row in op_rows(self.trace)]

    def __repr__(self) -> str:
        shown = summary(self.trace) if self.against is None else against_summary(self.against)
        return f"Traced({'; '.join([*shown.splitlines(), *filter(None, [self.fault])])})"

    def _repr_html_(self) -> str:
        wrong = "" if self.fault is None else html.paragraph(self.fault, strong=True)
        if self.against is not None:
            shown = html.table(AGAINST_COLUMNS, against_rows(self.against))
            return shown + html.paragraph(against_summary(self.against)) + wrong
        shown = html.table(LAYER_COLUMNS, layer_rows(self.trace))
        return shown + html.paragraph(summary(self.trace)) + wrong
