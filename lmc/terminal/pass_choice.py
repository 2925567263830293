"""Which passes one may want to run on a module, best first, and how pipeline text is completed."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, fields

from lmc.explorer.steps import Step
from lmc.ir.registry import PASSES, Registry

_MOST_FOREIGN = 20


@dataclass(frozen=True)
class PassChoice:
    """A pass: its name, why it is offered, its options, and what it does in a sentence."""

    name: str
    why: str
    options: tuple[str, ...]
    summary: str


def pass_choices(
    registry: Registry, steps: Sequence[Step], step: Step, text: str
) -> list[PassChoice]:
    """The passes whose name holds the last word of `text`, for the module of `step`.

    First those of plugins and installed packages, then those that the compile of `steps` ran on
    modules of this level, then lmc's others; those of xDSL only where there is a word. No pass says
    for which levels it is, so the compile is what is known.
    """
    word = text[_last_start(text) :].strip().partition("{")[0]
    here = _ran_at(steps, step.level)
    reasons = [(name, "of a plugin") for name in sorted(registry.plugin_passes)]
    reasons += [(name, "of a package") for name in sorted(registry.package_passes)]
    reasons += [(name, f"the compile ran it at level {step.level}") for name in here]
    reasons += [(name, "of lmc") for name in PASSES if name not in here]
    known = {name for name, _ in reasons}
    found = [(name, why) for name, why in reasons if word in name]
    if word:
        foreign = sorted(name for name in registry.passes if name not in known and word in name)
        found += [(name, "of xDSL") for name in foreign[:_MOST_FOREIGN]]
    return [_choice(registry, name, why) for name, why in found]


def completed(text: str, name: str) -> str:
    """Pipeline text whose last pass is replaced by one of this name, unless it has options."""
    start = _last_start(text)
    return text if "{" in text[start:] else text[:start] + name


def _last_start(text: str) -> int:
    """Where the last pass begins: after the last comma outside of options."""
    start = depth = 0
    for number, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            start = number + 1
    return start


def _ran_at(steps: Sequence[Step], level: int | None) -> list[str]:
    """The passes that a compile ran on modules of a level, by name, in its order."""
    found: dict[str, None] = {}
    before: int | None = None
    for step in steps:
        # Of a step of several passes only the first surely had the level of the step before.
        if before == level and level is not None and step.passes:
            found[step.passes[0].partition("{")[0]] = None
        before = step.level
    return list(found)


def _choice(registry: Registry, name: str, why: str) -> PassChoice:
    try:
        kind = registry.pass_class(name)
    except Exception as error:
        # Loading a pass imports its package, of which a part may be missing here.
        return PassChoice(name, why, (), f"does not load: {' '.join(str(error).split())}")
    options = tuple(one.name.replace("_", "-") for one in fields(kind) if one.name != "name")
    summary = (inspect.getdoc(kind) or "").partition("\n")[0]
    return PassChoice(name, why, options, summary)
