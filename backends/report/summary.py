"""What a reader who has a minute needs of a report: speed, limit, accuracy, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lmc.analysis.cost.summary import short
from lmc.dataflow.resources.budget import excess
from lmc.design.evaluation import why_not_evaluated
from lmc.design.folder import Design
from lmc.labels import assumed, estimated
from lmc.simulation.launch import Launch
from lmc.simulation.report import BOUND_SOURCE, source_of

_COUNTED = estimated("counted in the IR of level 2 or 3")


@dataclass(frozen=True)
class Figure:
    """A number that is read first: what it is, the value with its unit, its label."""

    name: str
    value: str
    unit: str
    label: str

    @property
    def kind(self) -> str:
        """The label's first word."""
        return self.label.partition(":")[0]


def headline(launch: Launch) -> list[Figure]:
    """The figures at the top of the page."""
    source = source_of(launch)
    clock = launch.result.clock_mhz
    figures = [
        Figure("Speed", f"{launch.tokens_per_second:,.0f}", "tokens/s", source),
        Figure("First token", f"{launch.time_to_first_token * 1e3:,.3f}", "ms", source),
    ]
    bound = launch.bound_tokens_per_second
    if bound is not None:
        figures.append(Figure("Bound by memory", f"{bound:,.0f}", "tokens/s", BOUND_SOURCE))
    clock_source = assumed(launch.target.clock.source_of(clock))
    figures.append(Figure("Clock", f"{clock:g}", "MHz", clock_source))
    return figures


def accuracy(folder: Design) -> tuple[list[tuple[str, str, str]], list[str]]:
    """(figure, value, label) of what the numbers of a design are, and sentences about its text.

    A design folder says in which formats a model computes; how good its text is
    `lmc eval` measures.
    """
    rows = [("numbers", _formats(folder.manifest["preset"]), "")]
    costs = folder.manifest.get("costs")
    if costs is not None:
        products: Mapping[str, int] = costs["products"]
        total = max(1, sum(products.values()))
        rows += [
            (
                f"products of {widths} bits",
                f"{short(count)} a token ({count / total:.1%})",
                _COUNTED,
            )
            for widths, count in products.items()
        ]
        rows.append(("weights read", f"{short(costs['weight_bits'], 'bit')} a token", _COUNTED))
    sentence = why_not_evaluated(folder)
    return rows, [sentence] if sentence else []


def _formats(preset: str | None) -> str:
    """Where the number formats come from, as a manifest says: a preset's name or a file."""
    if preset is None:
        return "of its own pipeline"
    return f"configuration {preset}" if preset.endswith(".toml") else f"preset {preset}"


def warnings(folder: Design, resources: Mapping[str, Any]) -> list[str]:
    """Sentences about what is wrong with a design."""
    found: list[str] = []
    short_of = excess(resources)
    if short_of is not None:
        found.append(f"{short_of[0].upper()}{short_of[1:]}.")
    if folder.is_random:
        found.append("The weights are random: speed and resources count, the text does not.")
    return found


def board_notes(launch: Launch) -> list[str]:
    """What the target file says of the board besides its figures, as sentences."""
    return [f"{note[0].upper()}{note[1:]}." for note in launch.target.notes]
