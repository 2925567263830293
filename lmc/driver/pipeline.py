"""Pipelines: parsing `name{option=value},…`, cutting and joining, and running passes one by one.

A module with an attribute `lmc.passes` records in it the passes that were applied; a compile can
then go on from any dumped file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, parse_pipeline
from xdsl.utils.exceptions import (
    ArgSpecParseError,
    DiagnosticException,
    PassFailedException,
    VerifyException,
)
from xdsl.utils.hints import isa

from lmc.diagnostics import LmcError, UsageError, suggestion
from lmc.driver.measuring import Meter, PassRun
from lmc.ir.attributes import PASSES
from lmc.ir.registry import Registry
from lmc.ir.text import one_line, read_text, verify
from lmc.plugins.place import plugin_failure


@dataclass(frozen=True)
class Edit:
    """A change of a pipeline: passes, as pipeline text, put beside or in the place of one."""

    kind: Literal["insert-after", "insert-before", "replace", "skip"]
    anchor: str
    passes: str = ""


Observer = Callable[[int, ModulePass | None, ModuleOp], None]
"""Called with (0, None, module) before the first pass, then with (n, pass, module) after each."""


@dataclass(frozen=True)
class Pipeline:
    """Passes in the order in which they run."""

    passes: tuple[ModulePass, ...]

    @classmethod
    def parse(cls, registry: Registry, text: str) -> "Pipeline":
        """The passes of pipeline text; raises UsageError for what is not right in it."""
        try:
            specs = list(parse_pipeline(text))
        except ArgSpecParseError as error:
            raise UsageError(
                f"the pipeline {text!r} cannot be read ({_last_words(error)}); passes are written "
                f"name{{option=value}}, separated by commas"
            ) from error
        return cls(tuple(_make_pass(registry, spec) for spec in specs))

    @property
    def names(self) -> list[str]:
        """The names of the passes."""
        return [one.name for one in self.passes]

    def options(self, name: str, option: str) -> list[Any]:
        """The values of an option of all passes with a name."""
        return [getattr(one, option) for one in self.passes if one.name == name]

    def edit(self, edit: "Edit", new: "Pipeline") -> "Pipeline":
        """The passes with an edit; `new` are its passes.

        `insert-after` is after the last pass of the name, `insert-before` before the first one;
        `replace` and `skip` need it to be there once. Raises UsageError otherwise.
        """
        at = [index for index, name in enumerate(self.names) if name == edit.anchor]
        if not at:
            raise UsageError(
                f"--{edit.kind}: there is no pass {edit.anchor!r} in the pipeline; "
                + suggestion(edit.anchor, self.names, f"it has {', '.join(self.names)}")
            )
        if edit.kind in ("replace", "skip") and len(at) > 1:
            raise UsageError(
                f"--{edit.kind}: the pipeline has {len(at)} passes {edit.anchor!r}; write it out "
                "with --pipeline"
            )
        start = at[-1] + 1 if edit.kind == "insert-after" else at[0]
        end = start + 1 if edit.kind in ("replace", "skip") else start
        return Pipeline((*self.passes[:start], *new.passes, *self.passes[end:]))

    def remaining(self, applied: Sequence[str]) -> "Pipeline":
        """The passes that come after the last one that is among the `applied` (pipeline texts)."""
        done = applied_names(applied)
        last = max((at for at, name in enumerate(self.names) if name in done), default=-1)
        return Pipeline(self.passes[last + 1 :])

    def run(
        self,
        context: Context,
        module: ModuleOp,
        observe: Observer | None = None,
        meter: Meter | None = None,
    ) -> list[PassRun]:
        """Apply the passes in place, verifying the module after each; returns what each took.

        The `meter` measures them; without one only their time is.
        Raises LmcError, naming the pass, where one fails or leaves a module that is not valid.
        """
        meter = meter or Meter()
        first = len(meter.runs)
        if observe is not None:
            observe(0, None, module)
        for number, one in enumerate(self.passes, start=1):
            with meter.measured(one.name):
                _apply(context, module, one)
            if observe is not None:
                observe(number, one, module)
        return meter.runs[first:]


def read_pipeline(file: Path) -> str:
    """Pipeline text from a file: lines are joined, and what follows a # in a line is left out.

    Raises LmcError if the file cannot be read.
    """
    lines = [line.partition("#")[0].strip() for line in read_text(str(file)).splitlines()]
    return " ".join(filter(None, lines)).replace(", ", ",")


def applied_passes(module: ModuleOp) -> list[str]:
    """The recorded passes of a module, as pipeline texts."""
    record = module.attributes.get(PASSES)
    if not isinstance(record, ArrayAttr):
        return []
    return [item.data for item in record if isinstance(item, StringAttr)]


def applied_names(applied: Sequence[str]) -> set[str]:
    """The names of recorded passes."""
    return {_spec_of(text).name for text in applied}


def recorded_option(
    registry: Registry, applied: Sequence[str], name: str, option: str
) -> str | None:
    """The value that an applied pass had for an option; None if it was not applied."""
    for text in applied:
        if _spec_of(text).name == name:
            return str(getattr(Pipeline.parse(registry, text).passes[0], option))
    return None


def start_record(module: ModuleOp) -> None:
    """Let passes be recorded in the module from here on."""
    module.attributes.setdefault(PASSES, ArrayAttr([]))


def call_all(observers: list[Observer]) -> Observer:
    """One observer that calls each of them in turn."""

    def observe(number: int, one: ModulePass | None, module: ModuleOp) -> None:
        for observer in observers:
            observer(number, one, module)

    return observe


def _apply(context: Context, module: ModuleOp, one: ModulePass) -> None:
    try:
        one.apply(context, module)
    except (PassFailedException, VerifyException, DiagnosticException) as error:
        raise LmcError(f"pass {one.name}: {one_line(error)}") from error
    except LmcError:
        raise
    except Exception as error:
        failure = plugin_failure(f"pass {one.name}", error, type(one).__module__.split(".")[0])
        if failure is None:
            raise
        raise failure from error
    verify(module, f"pass {one.name} leaves a module that is not valid")
    if PASSES in module.attributes:
        record = [*applied_passes(module), str(one.pipeline_pass_spec())]
        module.attributes[PASSES] = ArrayAttr([StringAttr(text) for text in record])


def _make_pass(registry: Registry, spec: ArgSpec) -> ModulePass:
    pass_class = registry.pass_class(spec.name)
    options = [field.name.replace("_", "-") for field in fields(pass_class) if field.name != "name"]
    for given in spec.parameters:
        if given.replace("_", "-") in options:
            continue
        otherwise = f"it has {', '.join(options)}" if options else "it has none"
        if "__dataclass_fields__" not in vars(pass_class):
            otherwise += ": fields of a class are options after @dataclass(frozen=True) alone"
        raise UsageError(
            f"pass {spec.name} has no option {given!r}; " + suggestion(given, options, otherwise)
        )
    try:
        return pass_class.from_pass_spec(spec)
    except (ValueError, LmcError) as error:
        sentence = _wrong_value(pass_class, spec) or " ".join(str(error).split())
        raise UsageError(f"pass {spec.name}: {sentence}") from error


_TYPES = {int: "an integer", float: "a number", bool: "true or false", str: "a text"}
"""Types of options, in words."""


def _wrong_value(pass_class: type[ModulePass], spec: ArgSpec) -> str | None:
    """Which option has a value of another type than it takes; None if all are right."""
    for name, value in spec.normalize_parameter_names().parameters.items():
        kind = get_type_hints(pass_class)[name]
        if not isa(value, kind) and not (len(value) == 1 and isa(value[0], kind)):
            given = ",".join(str(part) for part in value)
            shown = f"not {given!r}" if value else "and has none"
            return f"option {name.replace('_', '-')} takes {_type_words(kind)}, {shown}"
    return None


def _type_words(kind: Any) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    parts = [part for part in get_args(kind) if part not in (NoneType, ...)]
    if get_origin(kind) is tuple:
        return f"{_type_words(parts[0])}, or several with commas"
    return " or ".join(map(_type_words, parts)) or str(kind)


def _spec_of(text: str) -> ArgSpec:
    try:
        return next(parse_pipeline(text))
    except (ArgSpecParseError, StopIteration) as error:
        raise LmcError(f"the module's {PASSES} holds {text!r}, which is not a pass") from error


def _last_words(error: BaseException) -> str:
    lines = [line.strip(" ^") for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line), "it is empty")
