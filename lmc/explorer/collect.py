"""All that the explorer shows of a design folder, collected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from lmc import __version__
from lmc.design.evaluation import Evaluation, read_evaluation, why_not_evaluated
from lmc.design.folder import MEASURED, REWRITES, Design
from lmc.explorer.hardware import Hardware, read_hardware
from lmc.explorer.lineage import Kind, Link, links
from lmc.explorer.numerics import Measure, Numerics
from lmc.explorer.sources import SourceFile, read_sources
from lmc.explorer.steps import Step, read_steps
from lmc.explorer.task_origins import TaskOrigins
from lmc.ir.levels import DATAFLOW


@dataclass(frozen=True)
class Exploration:
    """A design folder from PyTorch lines to cycles.

    `links` has for each op of each step where it comes from; all of the first step are new. `above`
    is the number of the last step above the tasks, -1 for a design that began at tasks. `hardware`
    is None for a design that ends above the dataflow level. `remarks` are sentences about what the
    folder does not say. `numerics` is None unless the steps were run on tokens.
    """

    model: str
    target: str
    preset: str | None
    lmc: str
    is_random: bool
    steps: tuple[Step, ...]
    links: Sequence[Sequence[Link]]
    above: int
    sources: tuple[SourceFile, ...]
    hardware: Hardware | None
    remarks: tuple[str, ...]
    evaluation: Evaluation | None = None
    """What `lmc eval` measured of it; None where it did not, or the weights are random."""
    not_evaluated: str = ""
    """Why there is no `evaluation`, and how to get it; empty where there is one."""
    numerics: Numerics | None = None

    def measured(self, measure: Measure) -> "Exploration":
        """The same with what each step costs in accuracy; LmcError as `measure`."""
        numerics = measure(self.steps)
        return replace(self, numerics=numerics, remarks=(*self.remarks, *numerics.remarks))


def explore(
    design: Design, measure: Measure | None = None, plugins: Sequence[Path] = ()
) -> Exploration:
    """Collects what is known of a design; simulates a launch of it.

    `plugins` are as for `design_module`. `measure` runs the steps, to find what each of them costs
    in accuracy. Raises LmcError where the folder lacks a part of what the compile wrote, and as
    `measure`.
    """
    steps = read_steps(design)
    above = _above(steps)
    origins = TaskOrigins(steps[above].ops if above >= 0 else ())
    found: list[Sequence[Link]] = [[Link(Kind.NEW)] * len(steps[0].ops)]
    for before, after in pairwise(steps):
        made_of = origins.of(after.ops) if after.level == DATAFLOW else {}
        found.append(links(before.ops, after.ops, made_of))
    lines = {op.source for step in steps for op in step.ops if op.source is not None}
    sources = read_sources(lines)
    manifest = design.manifest
    not_evaluated = why_not_evaluated(design)
    exploration = Exploration(
        model=design.model,
        target=str(manifest["target"]),
        preset=manifest["preset"],
        lmc=str(manifest["lmc"]),
        is_random=design.is_random,
        steps=steps,
        links=found,
        above=above,
        sources=sources,
        hardware=read_hardware(design, plugins) if design.has_ir(DATAFLOW) else None,
        remarks=tuple(_remarks(design, steps, sources)),
        evaluation=None if not_evaluated else read_evaluation(design),
        not_evaluated=not_evaluated,
    )
    return exploration if measure is None else exploration.measured(measure)


def _above(steps: Sequence[Step]) -> int:
    """The number of the last step above level 4, -1 where there is none."""
    numbers = [
        n for n, step in enumerate(steps) if step.level is not None and step.level < DATAFLOW
    ]
    return max(numbers, default=-1)


def _remarks(design: Design, steps: Sequence[Step], sources: Sequence[SourceFile]) -> list[str]:
    remarks: list[str] = []
    if any(len(step.passes) > 1 for step in steps):
        remarks.append(
            "The folder has the IR after the last pass of each level only, so a step is several "
            "passes; compile with --dump-ir to see each of them."
        )
    if design.measured is None:
        remarks.append(
            f"The folder has no {MEASURED} of this compile: time and memory of passes are not "
            "known. Compile the model again to see them."
        )
    if REWRITES not in design.manifest["files"]:
        remarks.append(
            "An lmc that kept no record of patterns has compiled the design: of changed ops only "
            "the pass is known. Compile the model again to see them."
        )
    if not design.has_ir(DATAFLOW):
        remarks.append("The compile ended above level 4: there are no tasks, and nothing to time.")
    absent = [source.file for source in sources if source.text is None]
    if absent:
        remarks.append(
            f"This machine has no source of {', '.join(absent)}; its lines have no text."
        )
    if design.manifest["lmc"] != __version__:
        remarks.append(
            f"lmc {design.manifest['lmc']} compiled the design; PyTorch code of lmc's own is shown "
            f"as lmc {__version__} has it."
        )
    return remarks
