"""Passes on textual IR, text in and text out, as `lmc opt` and the terminal run them."""

from dataclasses import dataclass
from pathlib import Path

from lmc.design.folder import attach_weights, detached_weights
from lmc.driver.pipeline import Observer, PassRun, Pipeline
from lmc.driver.source import read_module
from lmc.ir.levels import level_of
from lmc.ir.op_errors import OpError
from lmc.ir.registry import Registry
from lmc.ir.text import make_context, module_text


@dataclass(frozen=True)
class Rewritten:
    """The text after passes, its level (None for none of lmc's), and what each pass took."""

    text: str
    level: int | None
    runs: list[PassRun]


def rewrite(
    registry: Registry,
    passes: Pipeline,
    text: str,
    name: str,
    design: Path,
    observe: Observer | None = None,
) -> Rewritten:
    """A module's text after passes; `name` is that of its file, in error messages.

    `design` is the folder whose weights and artifacts the module may name. Raises LmcError, with
    the place in the text where that is known, if the text is not right or a pass fails.
    """
    context = make_context(registry)
    module, places = read_module(context, text, name)
    attach_weights(module, design)
    try:
        runs = passes.run(context, module, observe)
    except OpError as error:
        raise places.locate(error) from error
    with detached_weights(module, design):
        return Rewritten(module_text(module), level_of(module), runs)
