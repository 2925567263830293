"""The rules that a design must keep so that its C++ synthesizes, means what it says, never stops.

One rule of lmc is one module of `lmc.lint.rules`; docs/lint.md lists them. Plugins offer others,
which are checked after those. What an op or a task alone tells is the verifier's matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lmc.dataflow.graph import refuse_flat
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.lint.rule import Finding, Rule, Subject
from lmc.lint.rules import RULES
from lmc.plugins.offers import Offers
from lmc.plugins.place import plugin_failure
from lmc.targets import Target

OFFERED = Offers(
    Rule,
    "rule",
    "lmc.lint_rules",
    module_of=lambda rule: rule.check.__module__,
    own=[rule.name for rule in RULES],
)
"""The rules of plugins."""

SHOWN = 5
"""Findings that are listed in an error; the rest are counted."""


@dataclass(frozen=True)
class Listed:
    """A rule, where it is from, and the package that fails where it does."""

    rule: Rule
    origin: str = "lmc"
    package: str = ""


def rules() -> list[Listed]:
    """All rules in the order in which they are checked: lmc's, then those of plugins.

    Those come by name, but a rule after those that it is `after`. Raises LmcError as `Offers.all`,
    and for a rule of a plugin that is after none that there is, or that comes after itself.
    """
    listed = list(map(Listed, RULES))
    known = {one.rule.name for one in listed}
    waiting = {offer.value.name: offer for offer in OFFERED.all()}
    for offer in waiting.values():
        missing = sorted(set(offer.value.after) - known - set(waiting))
        if missing:
            raise LmcError(
                f"the rule {offer.value.name!r} of the {offer.origin} is after {missing[0]!r}, "
                "and there is no such rule"
            )
    while waiting:
        ready = [name for name, one in waiting.items() if known.issuperset(one.value.after)]
        if not ready:
            first = next(iter(waiting.values()))
            raise LmcError(
                f"the rule {first.value.name!r} of the {first.origin} can't be checked: the rules "
                f"{', '.join(waiting)} are after each other"
            )
        offer = waiting.pop(ready[0])
        known.add(ready[0])
        listed.append(Listed(offer.value, offer.origin, offer.package))
    return listed


def findings(design: DesignOp, target: Target | None = None) -> Iterator[Finding]:
    """What breaks a rule in a design, in the order of the rules.

    Rules about the board are left out where no target is given (`unchecked` names them), and rules
    that only make sense where another one is kept are left out where it is not. Raises LmcError for
    a flat design, one whose guards or trip counts depend on data, and PluginError for a rule that
    fails in a plugin.
    """
    refuse_flat(design)
    subject, broken = Subject(design, target), set[str]()
    for listed in rules():
        rule = listed.rule
        if rule.needs_board and target is None:
            continue
        if broken & set(rule.after):
            # Not known to be kept, so what comes after it can't be told either.
            broken.add(rule.name)
            continue
        for sentence in _sentences(listed, subject):
            broken.add(rule.name)
            yield Finding(rule, sentence)


def unchecked(target: Target | None) -> list[Rule]:
    """The rules that are not checked where the target is not known."""
    return [one.rule for one in rules() if one.rule.needs_board and target is None]


def _sentences(listed: Listed, subject: Subject) -> Iterator[str]:
    try:
        yield from listed.rule.check(subject)
    except LmcError:
        raise
    except Exception as error:
        failure = plugin_failure(f"the rule {listed.rule.name}", error, listed.package)
        if failure is None:
            raise
        raise failure from error


def check_rules(design: DesignOp, target: Target | None = None) -> None:
    """Raise LmcError with the first findings in a design."""
    found = list(findings(design, target))
    if found:
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        listed = "; ".join(f"{one.sentence} ({one.rule.name})" for one in found[:SHOWN])
        raise LmcError(f"design {design.sym_name.data} breaks rules: {listed}{more}")


__all__ = [
    "OFFERED",
    "RULES",
    "Finding",
    "Listed",
    "Rule",
    "check_rules",
    "findings",
    "rules",
    "unchecked",
]
