"""The rules that a design must keep so that its C++ synthesizes, means what it says, never stops.

One rule is one module of `lmc.lint.rules`; docs/lint.md lists them. What an op or a task alone
tells is the verifier's matter.
"""

from collections.abc import Iterator

from lmc.dataflow.graph import refuse_flat
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.lint.rule import Finding, Rule, Subject
from lmc.lint.rules import RULES
from lmc.targets import Target

SHOWN = 5
"""Findings that are listed in an error; the rest are counted."""


def findings(design: DesignOp, target: Target | None = None) -> Iterator[Finding]:
    """What breaks a rule in a design, in the order of the rules.

    Rules about the board are left out where no target is given (`unchecked` names them), and rules
    that only make sense where another one is kept are left out where it is not. Raises LmcError for
    a flat design, or one whose guards or trip counts depend on data.
    """
    refuse_flat(design)
    subject, broken = Subject(design, target), set[str]()
    for rule in RULES:
        if rule.needs_board and target is None:
            continue
        if broken & set(rule.after):
            # Not known to be kept, so what comes after it can't be told either.
            broken.add(rule.name)
            continue
        for sentence in rule.check(subject):
            broken.add(rule.name)
            yield Finding(rule, sentence)


def unchecked(target: Target | None) -> list[Rule]:
    """The rules that are not checked where the target is not known."""
    return [rule for rule in RULES if rule.needs_board and target is None]


def check_rules(design: DesignOp, target: Target | None = None) -> None:
    """Raise LmcError with the first findings in a design."""
    found = list(findings(design, target))
    if found:
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        listed = "; ".join(f"{one.sentence} ({one.rule.name})" for one in found[:SHOWN])
        raise LmcError(f"design {design.sym_name.data} breaks rules: {listed}{more}")


__all__ = ["RULES", "Finding", "Rule", "check_rules", "findings", "unchecked"]
