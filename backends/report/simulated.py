"""A design folder simulated: what `lmc simulate` and `Design.simulate` show."""

from collections.abc import Sequence
from pathlib import Path

from lmc.backends.hls.printer import find_design
from lmc.backends.report.page import Subject
from lmc.backends.schedule import design_resources
from lmc.dataflow.machines import machine_of
from lmc.design.folder import Design
from lmc.design.modules import design_module
from lmc.diagnostics import UsageError
from lmc.ir.levels import DATAFLOW
from lmc.simulation.launch import simulate_launch
from lmc.simulation.steady import steady_launch


def simulated(
    folder: Design,
    prompt_length: int,
    tokens: int | None,
    machine: str,
    plugins: Sequence[Path] = (),
) -> Subject:
    """A launch with so many new tokens (two or more), or until they take equally long.

    `plugins` are as for `design_module`.

    Raises:
        UsageError: there is no such machine, or the prompt or the new tokens are too few.
        LmcError: the design has no dataflow level, or can't be simulated to its end.
    """
    if prompt_length < 1 or (tokens is not None and tokens < 2):
        raise UsageError("a launch has a prompt of a token or more, and two new tokens or more")
    model = machine_of(machine)
    module = design_module(folder, DATAFLOW, plugins)
    design, target = find_design(module), folder.target
    if tokens is None:
        launch = steady_launch(design, target, prompt_length, model)
    else:
        launch = simulate_launch(design, target, prompt_length, tokens, model)
    return Subject(folder, module, launch, design_resources(design, target))
