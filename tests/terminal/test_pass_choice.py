"""Which passes are offered for a module."""

from dataclasses import replace
from typing import NoReturn

import pytest

from lmc.diagnostics import LmcError
from lmc.explorer import Exploration
from lmc.explorer.steps import Step
from lmc.ir.registry import load_registry
from lmc.terminal.pass_choice import pass_choices


def test_passes_are_offered_for_the_level(exploration: Exploration) -> None:
    registry, steps = load_registry(), exploration.steps
    by_level = {step.level: step for step in steps}

    def offered(step: Step, text: str = "") -> list[str]:
        return [one.name for one in pass_choices(registry, steps, step, text)]

    assert offered(by_level[0])[0] == "raise-to-ssm"
    assert offered(by_level[1])[0] == "roll-layers"
    assert offered(by_level[3], "lower")[0] == "lower-to-tasks"
    assert "canonicalize" in offered(by_level[1], "cse,canon")
    found = pass_choices(registry, steps, by_level[4], "size-f")
    assert [one.name for one in found] == ["size-fifos"]
    assert found[0].why == "the compile ran it at level 4"
    assert found[0].summary.endswith((".", "them"))


@pytest.mark.parametrize("error", [ModuleNotFoundError("No module named 'jax'"), LmcError("so")])
def test_a_pass_that_does_not_load_is_listed(exploration: Exploration, error: Exception) -> None:
    def load() -> NoReturn:
        raise error

    known = load_registry()
    registry = replace(known, passes={**known.passes, "needs-another": load})
    (found,) = pass_choices(registry, exploration.steps, exploration.steps[0], "needs-another")
    assert found.summary == f"does not load: {error}"
