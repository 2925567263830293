"""The page of all ops, types and attributes, docs/ops.md, printed from what the dialects say.

    python docs/site/op_reference.py

Examples are from the filecheck tests: the first op of each name in a file without errors.
"""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from constraint_words import code_of, words
from markdown_text import escaped
from xdsl.ir import Attribute, Operation, ParametrizedAttribute
from xdsl.irdl import (
    IRDLOperation,
    OpDef,
    OptionalDef,
    OptPropertyDef,
    VariadicDef,
)
from xdsl.printer import Printer
from xdsl.traits import OpTrait

import lmc.dialects.dataflow
import lmc.dialects.host
import lmc.dialects.ssm
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

TESTS = Path(__file__).resolve().parents[2] / "tests/filecheck"
DIALECTS = (
    (lmc.dialects.ssm, lmc.dialects.ssm.SSM),
    (lmc.dialects.dataflow, lmc.dialects.dataflow.Dataflow),
    (lmc.dialects.host, lmc.dialects.host.Host),
)
INTRODUCTION = """# Ops, types and attributes

This page is printed from the dialects: what ops, types and attributes say of themselves, and
examples out of their tests. After a change of a dialect it is printed anew:

    LMC_UPDATE_GOLDEN=1 pytest tests/docs/test_docs_ops.py

For example, `ssm.add` takes two tensors [elements] of f32 or !ssm.fixed. A name in brackets is a
length, which is the same wherever it stands in an op. Elements are f32 above the quantization line,
and of the other format below it.

The verifier holds ops to more than these tables say: [levels](levels.md#what-is-verified) has an
overview. What ops compute is in [number formats](number-formats.md) and in
[the dataflow level](dataflow-level.md).
"""
PROMISES = """## What ops promise

Passes and analyses ask ops for these; [adding an op](writing-a-pass.md#adding-an-op) says who asks
for what. Traits that are not in this table are xDSL's, and mean what they mean in MLIR.

"""
LONGEST_EXAMPLE = 12
"""Lines; of the region of a longer example only the beginning is shown."""


def page() -> str:
    """The text of the page."""
    examples = dict(_examples())
    parts = [INTRODUCTION]
    for module, dialect in DIALECTS:
        parts.append(f"## The {dialect.name} dialect\n\n{prose(module.__doc__)}\n")
        parts += [_op(op, examples) for op in sorted(dialect.operations, key=lambda op: op.name)]
        parts += [
            _attribute(kind) for kind in sorted(dialect.attributes, key=lambda kind: kind.name)
        ]
    parts.append(_promises())
    return "\n".join(parts)


def prose(docstring: str | None) -> str:
    """A docstring as Markdown: its indented lines are code, its asterisks are asterisks."""
    lines: list[str] = []
    for line in inspect.cleandoc(docstring or "").splitlines():
        is_code = line.startswith("    ")
        if lines and lines[-1] and is_code != lines[-1].startswith("    "):
            lines.append("")
        lines.append(line if is_code else escaped(line))
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _op(op: type[Operation], examples: dict[str, str]) -> str:
    assert issubclass(op, IRDLOperation)
    definition = op.get_irdl_definition()
    parts = [
        f"### {op.name}\n\n{prose(op.__doc__)}\n",
        f"```text\n{_syntax(op, definition)}\n```\n",
    ]
    rows = list(_rows(definition))
    if rows:
        parts.append(_table(("", "name", "what it is"), rows))
    promises = [_promise(trait) for trait in _traits(op)] + _interfaces(op)
    if promises:
        parts.append(f"Promises: {', '.join(f'`{promise}`' for promise in sorted(promises))}.\n")
    if op.name in examples:
        parts.append(f"```text\n{examples[op.name]}\n```\n")
    return "\n".join(parts)


def _syntax(op: type[Operation], definition: OpDef) -> str:
    """How the op is written: its format, or what the printer that it has itself says."""
    if definition.assembly_format is not None:
        return f"{op.name} {definition.assembly_format}"
    return f"{op.name} {inspect.cleandoc(op.print.__doc__ or '').strip('`.')}"


def _rows(definition: OpDef) -> Iterator[tuple[str, str, str]]:
    for kind, parts in (("operand", definition.operands), ("result", definition.results)):
        for name, part in parts:
            yield _times(kind, part), f"`{name}`", words(part.constr)
    for name, part in definition.properties.items():
        kind = "property, optional" if isinstance(part, OptPropertyDef) else "property"
        yield kind, f"`{name}`", words(part.constr)
    for name, _ in definition.regions:
        yield "region", f"`{name}`", "one block"


def _times(kind: str, part: Any) -> str:
    if isinstance(part, OptionalDef):
        return f"{kind}, optional"
    return f"{kind}s, any number" if isinstance(part, VariadicDef) else kind


def _traits(op: type[Operation]) -> list[OpTrait]:
    return [trait for trait in op.traits.traits if not type(trait).__name__.startswith("_")]


def _promise(trait: OpTrait) -> str:
    """A trait with its options, as in a definition: `TakesPowerOfTwoScales(dt)`."""
    options: list[str] = []
    for field in fields(trait) if is_dataclass(trait) else ():
        value = getattr(trait, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, type) and issubclass(one, Operation):
                options.append(one.name)
            elif not callable(one):
                options.append(str(one))
    return type(trait).__name__ + (f"({', '.join(options)})" if options else "")


def _interfaces(op: type[Operation]) -> list[str]:
    """Public classes between an op and xDSL's."""
    return [
        base.__name__
        for base in op.__mro__[1:]
        if not base.__name__.startswith("_") and base.__module__.startswith("lmc.")
    ]


def _attribute(kind: type[Attribute]) -> str:
    parts = [f"### {code_of(kind).strip('`')}\n\n{prose(kind.__doc__)}\n"]
    if issubclass(kind, ParametrizedAttribute):
        rows = [
            (f"`{name}`", words(parameter.constr))
            for name, parameter in kind.get_irdl_definition().parameters
        ]
        if rows:
            parts.append(_table(("parameter", "what it is"), rows))
    return "\n".join(parts)


def _promises() -> str:
    """What lmc's own traits and interfaces of all these ops mean: the first paragraph of each."""
    found: dict[str, str] = {}
    for _, dialect in DIALECTS:
        for op in dialect.operations:
            bases = [base for base in op.__mro__ if base.__name__ in _interfaces(op)]
            own = [
                type(trait) for trait in _traits(op) if type(trait).__module__.startswith("lmc.")
            ]
            for kind in (*own, *bases):
                text = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
                found[kind.__name__] = escaped(" ".join(text.split()))
    rows = [(f"`{name}`", found[name]) for name in sorted(found)]
    return PROMISES + _table(("promise", "what it means"), rows)


def _examples() -> Iterator[tuple[str, str]]:
    """Names of ops, each once, and the text of the first such op of the tests."""
    wanted = {op.name for _, dialect in DIALECTS for op in dialect.operations}
    context = make_context(load_registry())
    # Those of the dialects first: they are there to show ops.
    files = [*sorted(TESTS.glob("dialects/*.mlir")), *sorted(TESTS.glob("passes/*.mlir"))]
    for path in files:
        if path.stem.endswith(("-errors", "-invalid")):
            continue
        for part in path.read_text(encoding="utf-8").split("\n// -----\n"):
            for op in parse_module(context, part, path.name).walk():
                if op.name in wanted:
                    wanted.discard(op.name)
                    yield op.name, _shown(op)


def _shown(op: Operation) -> str:
    stream = StringIO()
    Printer(stream=stream).print_op(op)
    lines = stream.getvalue().splitlines()
    if len(lines) <= LONGEST_EXAMPLE:
        return "\n".join(lines)
    indent = len(lines[1]) - len(lines[1].lstrip())
    return "\n".join([*lines[: LONGEST_EXAMPLE // 2], " " * indent + "...", lines[-1]])


if __name__ == "__main__":
    print(page(), end="")
