"""Mutants: real modules of every level, each with one change."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from op_changes import OPS
from random_designs import Launch
from text_changes import GENERIC, PRETTY
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.ir.text import module_text, parse_module

CLASSES = (*PRETTY, *GENERIC, *OPS)
"""All classes of change."""

_TRIES = 20
"""Places that are tried for a change before a class counts as one that a module does not have."""


@dataclass(frozen=True)
class Original:
    """A module that is sound: its text as lmc prints it, and what it is called in the table.

    `launch` is what a design of level 4 is launched with where it is small enough to be run.
    """

    name: str
    level: str
    text: str
    launch: Launch | None = None
    generic: str = field(init=False, default="")

    def module(self, context: Context) -> ModuleOp:
        """The module, parsed anew."""
        return parse_module(context, self.text, self.name)


@dataclass(frozen=True)
class Mutant:
    """The text of a module with one change of a class."""

    original: Original
    change: str
    seed: int
    text: str


def generic_text(module: ModuleOp) -> str:
    """The module in MLIR's generic form, which can be printed of modules that do not verify."""
    stream = StringIO()
    Printer(stream, print_generic_format=True).print_op(module)
    return stream.getvalue() + "\n"


def mutant(context: Context, original: Original, change: str, seed: int) -> Mutant | None:
    """The mutant of a seed; None if the module has nothing for this class of change."""
    source = random.Random(f"{original.name} {change} {seed}")
    before, changed = _changer(context, original, change)
    for _ in range(_TRIES):
        text = changed(source)
        if text is not None and text != before:
            return Mutant(original, change, seed, text)
    return None


def _changer(
    context: Context, original: Original, change: str
) -> tuple[str, Callable[[random.Random], str | None]]:
    """The text before, and what makes the text after."""
    if change in PRETTY:
        return original.text, lambda source: PRETTY[change](original.text, source)
    module = original.module(context)
    generic = generic_text(module)
    if change in GENERIC:
        return generic, lambda source: GENERIC[change](generic, source)

    def of_ops(source: random.Random) -> str | None:
        copy = module.clone()
        try:
            return generic_text(copy) if OPS[change](copy, source) else None
        except VerifyException:
            return None  # an attribute that can't be made at all

    return generic, of_ops


def mutants(
    context: Context, originals: Sequence[Original], count: int, classes: Sequence[str] = CLASSES
) -> list[Mutant]:
    """`count` mutants: the classes in turn, each on the next of the modules that have it."""
    found: list[Mutant] = []
    for number in range(50 * count):
        if len(found) == count:
            break
        change = classes[number % len(classes)]
        original = originals[(number // len(classes) + number) % len(originals)]
        one = mutant(context, original, change, number)
        if one is not None:
            found.append(one)
    return found


def printed_again(context: Context, module: ModuleOp) -> str:
    """The text of a module that is parsed from its text."""
    return module_text(parse_module(context, module_text(module), "again"))


Table = Mapping[tuple[str, str], int]
