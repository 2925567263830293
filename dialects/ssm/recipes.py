"""Recipes of weights: their steps as attributes, and the one registry of the kinds of steps.

A kind says which options it takes; `lmc.weights.recipes` says what each kind computes, and plugins
add kinds there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, DictionaryAttr, StringAttr
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import AttrConstraint, VerificationContext, irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import suggestion

LAYERS = "layers"
"""The option that names the layers in which a step is done."""


@irdl_attr_definition
class RecipeStepAttr(ParametrizedAttribute):
    """`#ssm.step<kind, {options}>`: one step of how a weight is made.

    `lmc.weights.recipes` evaluates steps one layer at a time. A string parameter may hold
    `{layer}`, which stands for the index of the layer. The first step of a recipe is `load`.
    """

    name = "ssm.step"
    kind: StringAttr
    options: DictionaryAttr

    @classmethod
    def of(cls, kind: str, **options: Attribute) -> Self:
        """The step with these parameters."""
        return cls(StringAttr(kind), DictionaryAttr(options))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            kind = parser.parse_identifier("the kind of the step")
            if parser.parse_optional_characters(",") is None:
                return [StringAttr(kind), DictionaryAttr({})]
            options = parser.parse_attribute()
            if not isinstance(options, DictionaryAttr):
                parser.raise_error("the options of a recipe step are a dictionary")
            return [StringAttr(kind), options]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.kind.data)
            if self.options.data:
                printer.print_string(", ")
                printer.print_attribute(self.options)


OptionTypes = Mapping[str, AttrConstraint]
"""Options by name, with the constraint on the attribute that each holds."""
NO_OPTIONS: OptionTypes = MappingProxyType({})
Shape = tuple[int, ...]
ShapeCheck = Callable[[RecipeStepAttr, Shape], None]
"""Raises VerifyException unless a step can give values of a shape."""


@dataclass(frozen=True)
class StepKind:
    """A kind of recipe step: its options, and what it says of shapes."""

    name: str
    options: OptionTypes = field(default_factory=dict[str, AttrConstraint])
    """Those that a step must have."""
    optional: OptionTypes = field(default_factory=dict[str, AttrConstraint])
    one_of: OptionTypes = field(default_factory=dict[str, AttrConstraint])
    """Options of which a step has exactly one, where there are any."""
    takes_layers: bool = True
    """Whether the option `layers` may name the layers in which the step is done."""
    keeps_shape: bool = False
    """Whether what comes out has the shape of what goes in."""
    check_shape: ShapeCheck | None = None

    @property
    def known(self) -> OptionTypes:
        """All options but `layers`."""
        return {**self.options, **self.optional, **self.one_of}


_KINDS: dict[str, StepKind] = {}


def declare_step(kind: StepKind) -> StepKind:
    """Make a kind of step known to the verifier, in place of one of its name; returns it."""
    _KINDS[kind.name] = kind
    return kind


def step_kind(name: str) -> StepKind:
    """The kind of a name; raises VerifyException with a suggestion if there is none."""
    if name not in _KINDS:
        hint = suggestion(name, _KINDS, f"known are {', '.join(_KINDS)}; is a plugin missing?")
        raise VerifyException(f"there is no recipe step {name!r}; {hint}")
    return _KINDS[name]


def declared_steps() -> tuple[str, ...]:
    """The names of all kinds, in the order in which they were declared."""
    return tuple(_KINDS)


def verify_steps(steps: Sequence[Attribute], shape: Shape | None, layers: int | None) -> None:
    """Raise VerifyException for steps that do not make real values of this shape.

    `shape` is None where it is not known, and `layers` where the steps are not those of rolled
    layers. Tensors of the checkpoint have shapes that are not known here.
    """
    for number, step in enumerate(steps):
        if not isinstance(step, RecipeStepAttr):
            raise VerifyException(f"a recipe is a list of steps, not of {step}")
        if (step.kind.data == "load") != (number == 0):
            raise VerifyException(
                "its recipe does not begin with load"
                if number == 0
                else "its recipe loads once, with its first step"
            )
        _verify_options(step, layers)
    for step, made in zip(steps, _shapes(steps, shape), strict=True):
        assert isinstance(step, RecipeStepAttr)
        check = step_kind(step.kind.data).check_shape
        if made is not None and check is not None:
            check(step, made)


def named_tensors(
    steps: Sequence[Attribute], shape: Shape | None
) -> Iterator[tuple[str, Shape | None]]:
    """The tensors that verified steps for values of a shape name, each with its shape, if known.

    Names are as they are written, `{layer}` included.
    """
    for step, made in zip(steps, _shapes(steps, shape), strict=True):
        assert isinstance(step, RecipeStepAttr)
        name, nested = (step.options.data.get(key) for key in ("name", "recipe"))
        needed = made if made is None or step.kind.data == "load" else made[-1:]
        if isinstance(name, StringAttr):
            yield name.data, needed
        if isinstance(nested, ArrayAttr):
            yield from named_tensors(nested.data, needed)


def _shapes(steps: Sequence[Attribute], shape: Shape | None) -> list[Shape | None]:
    """The shape of what each step makes, from the last one's back to where it is not known."""
    made: list[Shape | None] = []
    for step in reversed(steps):
        assert isinstance(step, RecipeStepAttr)
        made.append(shape)
        shape = shape if step_kind(step.kind.data).keeps_shape else None
    return made[::-1]


def _verify_options(step: RecipeStepAttr, layers: int | None) -> None:
    kind, given = step_kind(step.kind.data), step.options.data
    for name, value in given.items():
        if name == LAYERS and kind.takes_layers:
            _verify_layers(kind.name, value, layers)
            continue
        if name not in kind.known:
            hint = suggestion(name, kind.known, _takes(kind))
            raise VerifyException(f"recipe step {kind.name} has no option {name!r}; {hint}")
        _verify_option(kind, name, value, layers)
    missing = [name for name in kind.options if name not in given]
    if missing:
        raise VerifyException(f"recipe step {kind.name} lacks its option {missing[0]!r}")
    if kind.one_of and sum(name in given for name in kind.one_of) != 1:
        raise VerifyException(
            f"recipe step {kind.name} has one of the options {', '.join(kind.one_of)}"
        )


def _verify_option(kind: StepKind, name: str, value: Attribute, layers: int | None) -> None:
    try:
        kind.known[name].verify(value, VerificationContext())
    except VerifyException as error:
        raise VerifyException(f"recipe step {kind.name}, option {name!r}: {error}") from error
    if isinstance(value, ArrayAttr) and isinstance(next(iter(value), None), RecipeStepAttr):
        verify_steps(value.data, None, layers)
    if layers is None and isinstance(value, StringAttr) and "{layer}" in value.data:
        raise VerifyException(
            f"recipe step {kind.name} names {value.data!r}, but the weight has no layers"
        )


def _verify_layers(kind: str, value: Attribute, layers: int | None) -> None:
    named = list(value.iter_values()) if isinstance(value, DenseArrayBase) else []
    if layers is None or not named or len(set(named)) != len(named):
        raise VerifyException(f"recipe step {kind} is done in layers {value}, which are none")
    if not 0 <= min(named) <= max(named) < layers:
        raise VerifyException(
            f"recipe step {kind} is done in layers {named}, but the weight has {layers}"
        )


def _takes(kind: StepKind) -> str:
    return f"it takes {', '.join(kind.known)}" if kind.known else "it takes none"
