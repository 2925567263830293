"""The IR of a step of a compile: its text, and the module."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lmc.api import html
from lmc.design.folder import Design
from lmc.design.modules import read_design_module
from lmc.diagnostics import LmcError, UsageError
from lmc.ir.text import read_text

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp


@dataclass(frozen=True)
class Step:
    """The IR after a step: `number` passes, the last one `name`."""

    number: int
    name: str
    path: Path
    plugins: tuple[Path, ...] = ()

    @cached_property
    def text(self) -> str:
        """The IR as the compile wrote it."""
        return read_text(str(self.path))

    @cached_property
    def module(self) -> "ModuleOp":
        """The IR as ops of xDSL, parsed once. Raises LmcError as `read_design_module`."""
        return read_design_module(Design(self.path.parents[1]), self.path, self.plugins)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return html.paragraph(f"{self.number:02} {self.name}", strong=True) + html.listing(
            self.text
        )


def steps_of(design: Design, plugins: Sequence[Path] = ()) -> tuple[Step, ...]:
    """The steps that a design has the IR of, in their order."""
    return tuple(
        Step(number, name, design.path / file, tuple(plugins))
        for number, name, file in design.ir_files
    )


def step_of(steps: Sequence[Step], wanted: str | int) -> Step:
    """The step of a number, or of a pass.

    Raises:
        UsageError: no step or several have the name.
        LmcError: the number's step was not kept.
    """
    found = [step for step in steps if wanted in (step.number, step.name)]
    if len(found) == 1:
        return found[0]
    kept = ", ".join(f"{step.number} {step.name}" for step in steps)
    if found:
        numbers = " and ".join(str(step.number) for step in found)
        raise UsageError(f"{wanted} was run in steps {numbers}: give the number")
    raise LmcError(
        f"the design has no IR of step {wanted!r}: it has {kept}; compile with dump_ir for all"
    )
