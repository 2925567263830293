"""Mutants: real modules of every level, each with one change."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import StringIO

from op_changes import OPS
from random_designs import Launch
from text_changes import GENERIC, PRETTY
from xdsl.dialects.builtin import ModuleOp
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.driver.source import Source
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

CLASSES = (*PRETTY, *GENERIC, *OPS)
"""All classes of change."""

_TRIES = 20
"""Places that are tried for a change before a class counts as one that a module does not have."""


class Original:
    """A module that is sound: what it and its level are called, and its text as lmc prints it.

    `launch` is what a design of level 4 is launched with where it is small enough to be run, and
    `source` the model that a module of level 0 was traced from.
    """

    def __init__(
        self,
        name: str,
        level: str,
        text: str,
        launch: Launch | None = None,
        source: Source | None = None,
    ):
        self.name = name
        self.level = level
        self.text = text
        self.launch = launch
        self.source = source

    @cached_property
    def module(self) -> ModuleOp:
        """The module; what changes it takes a clone."""
        return parse_module(make_context(load_registry()), self.text, self.name)

    @cached_property
    def generic(self) -> str:
        """Its text in generic form."""
        return generic_text(self.module)

    @cached_property
    def nameless(self) -> str:
        """Its text without the names of values."""
        return nameless_text(self.module)


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


def mutant(original: Original, change: str, seed: int) -> Mutant | None:
    """The mutant of a seed; None if the module has nothing for this class of change."""
    source = random.Random(f"{original.name} {change} {seed}")
    before, changed = _changer(original, change)
    for _ in range(_TRIES):
        text = changed(source)
        if text is not None and text != before:
            return Mutant(original, change, seed, text)
    return None


def _changer(original: Original, change: str) -> tuple[str, Callable[[random.Random], str | None]]:
    """The text before, and what makes the text after."""
    if change in PRETTY:
        return original.text, lambda source: PRETTY[change](original.text, source)
    if change in GENERIC:
        return original.generic, lambda source: GENERIC[change](original.generic, source)

    def of_ops(source: random.Random) -> str | None:
        copy = original.module.clone()
        try:
            return generic_text(copy) if OPS[change](copy, source) else None
        except VerifyException:
            return None  # an attribute that can't be made at all

    return original.generic, of_ops


def mutants(
    originals: Sequence[Original], count: int, classes: Sequence[str] = CLASSES
) -> Iterator[Mutant]:
    """`count` mutants: the classes in turn, each on the next of the modules that have it."""
    found = 0
    for number in range(50 * count):
        change = classes[number % len(classes)]
        original = originals[(number // len(classes) + number) % len(originals)]
        one = mutant(original, change, number)
        if one is not None:
            found += 1
            yield one
        if found == count:
            return


def nameless_text(module: ModuleOp) -> str:
    """The generic text of a module, the same for all that differ in names of values alone.

    The order in which an op's properties were given does not matter either.
    """
    copy = module.clone()
    for op in copy.walk():
        op.properties = dict(sorted(op.properties.items()))
        op.attributes = dict(sorted(op.attributes.items()))
        arguments = [one for region in op.regions for b in region.blocks for one in b.args]
        for value in (*op.results, *arguments):
            value.name_hint = None
    return generic_text(copy)
