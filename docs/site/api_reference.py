"""The page of the plugin API's names, docs/api.md, printed from the code.

    python docs/site/api_reference.py

Each public name of the modules that docs/plugin-api.md lists: its signature as the source has it,
and the first sentence of what it says of itself.
"""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any, TypeVar

from api_names import constant, module_names, symbols
from markdown_text import escaped
from pydantic import BaseModel
from xdsl.ir import Attribute, Dialect, Operation

INTRODUCTION = """# Names of the plugin API

This page is printed from the code: all that a plugin may import of the modules of
[the plugin API](plugin-api.md#what-a-plugin-may-import), with its signature and a sentence. After a
change it is printed anew:

    LMC_UPDATE_GOLDEN=1 pytest tests/docs/test_docs_api.py

For example, `lmc.ir.editing` has `replace(old: Operation, value: SSAValue) -> None`, so a plugin
writes `from lmc.ir.editing import replace`. A name with a class before it, such as `Value.rss`,
belongs to that class or its objects. Ops, types and attributes of the dialects are on
[a page of their own](ops.md).
"""
OPERATORS = {
    "__add__": "{0} + {1}",
    "__sub__": "{0} - {1}",
    "__mul__": "{0} * {1}",
    "__floordiv__": "{0} // {1}",
    "__mod__": "{0} % {1}",
    "__neg__": "-{0}",
    "__abs__": "abs({0})",
    "__rshift__": "{0} >> {1}",
    "__lshift__": "{0} << {1}",
    "__lt__": "{0} < {1}",
    "__le__": "{0} <= {1}",
    "__gt__": "{0} > {1}",
    "__ge__": "{0} >= {1}",
    "__and__": "{0} & {1}",
    "__or__": "{0} | {1}",
    "__invert__": "~{0}",
    "__getitem__": "{0}[{1}]",
    "__setitem__": "{0}[{1}] = {2}",
}
"""How methods are written that Python has operators for."""
LONGEST_VALUE = 60
"""Characters of a constant's value; of a longer one the type is shown."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def page() -> str:
    """The text of the page."""
    parts = [INTRODUCTION]
    for name in module_names():
        module = importlib.import_module(name)
        parts.append(f"## {name}\n\n{_sentence(module.__doc__)}\n")
        found = {key: value for key, value in symbols(module).items() if _is_shown(value)}
        plain = {key: value for key, value in found.items() if not inspect.isclass(value)}
        if plain:
            lines = [_function_or_constant(module, *item) for item in plain.items()]
            parts.append("\n".join(lines) + "\n")
        parts += [_class(key, value) for key, value in found.items() if inspect.isclass(value)]
    return "\n".join(parts)


def _is_shown(value: object) -> bool:
    """Whether a name is for this page: ops and attributes are on that of the dialects."""
    if isinstance(value, TypeVar | Dialect):
        return False
    return not (inspect.isclass(value) and issubclass(value, Operation | Attribute))


def _sentence(text: str | None) -> str:
    """The first sentence of a docstring, in one line."""
    paragraph = " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())
    found = re.match(r".*?\.(?= [A-Z`]|$)", paragraph)
    return escaped((found[0] if found else paragraph).rstrip(".:,") + ".")


def _line(code: str, text: str | None) -> str:
    return f"- `{code}`" + (f": {_sentence(text)}" if text else "")


def _function_or_constant(module: ModuleType, name: str, value: object) -> str:
    if inspect.isfunction(value):
        return _line(f"{name}{_signature(_parsed(value))}", value.__doc__)
    node, text = constant(module, name)
    is_plain = isinstance(value, int | str | tuple)
    shown = repr(value) if is_plain else ast.unparse(node.value or ast.Constant(value=None))
    if len(shown) > LONGEST_VALUE:
        kind = node.annotation if isinstance(node, ast.AnnAssign) else None
        code = f"{name}: {type(value).__name__ if kind is None else ast.unparse(kind)}"
    else:
        code = f"{name} = {shown}"
    return _line(code, text)


def _class(name: str, kind: type) -> str:
    """A heading, how an object is made, what it is, and what its objects have."""
    parts = [f"### {name}\n\n`{name}{_made(kind)}`: {_sentence(inspect.getdoc(kind))}\n"]
    lines = [f"- {line}" for line in _members(name, kind)]
    if lines:
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _made(kind: type) -> str:
    """What a class is called with: the fields of a dataclass, or what `__init__` takes."""
    for node in _class_body(kind):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return f"({', '.join(_arguments(node.args))})"
    if is_dataclass(kind) or issubclass(kind, BaseModel):
        fields = [field for base in reversed(_own_bases(kind)) for field in _fields(base)]
        return f"({', '.join(fields)})"
    return ""


def _own_bases(kind: type) -> list[type]:
    """The class and those of lmc that it inherits from."""
    return [base for base in kind.__mro__ if base.__module__.split(".")[0] == "lmc"]


def _fields(kind: type) -> Iterator[str]:
    for node in _class_body(kind):
        if isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.unparse(node.annotation):
            default = "" if node.value is None else f" = {ast.unparse(node.value)}"
            # What a field's factory makes is no default that could be typed.
            shown = "" if "field(" in default.lower() else default
            yield f"{ast.unparse(node.target)}: {_annotation(node.annotation)}{shown}"


def _class_body(kind: type) -> list[ast.stmt]:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(node, ast.ClassDef)
    return node.body


def _members(name: str, kind: type) -> Iterator[str]:
    """Members of an enumeration; methods, operators and properties, those of bases too."""
    if issubclass(kind, Enum):
        yield from (f"`{name}.{one.name}`" for one in kind)
        return
    seen: set[str] = set()
    for base in _own_bases(kind):
        for member, part in vars(base).items():
            if member in seen or (member.startswith("_") and member not in OPERATORS):
                continue
            code = _member(name, member, part)
            if code is not None:
                seen.add(member)
                text = part.__doc__ or inspect.getdoc(getattr(kind, member))
                yield f"`{code}`" + (f": {_sentence(text)}" if text else "")


def _member(owner: str, name: str, part: Any) -> str | None:
    """How a method or a property is used; None for what is neither."""
    function = part.fget if isinstance(part, property) else getattr(part, "__func__", part)
    function = getattr(part, "func", function)  # a cached property
    if not inspect.isfunction(function):
        return None
    node = _parsed(function)
    if function is not part and not isinstance(part, classmethod | staticmethod):
        returns = "" if node.returns is None else f": {_annotation(node.returns)}"
        return f"{owner}.{name}{returns}"
    if name in OPERATORS:
        names = [argument.arg for argument in node.args.args[1:]]
        return OPERATORS[name].format(owner.lower(), *names)
    return f"{owner}.{name}{_signature(node)}"


def _parsed(function: Callable[..., Any]) -> Function:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    (node,) = ast.parse(source).body
    assert isinstance(node, Function)
    return node


def _signature(node: Function) -> str:
    """What a function takes and gives, in the words of its source, without `self`."""
    given = "" if node.returns is None else f" -> {_annotation(node.returns)}"
    return f"({', '.join(_arguments(node.args))}){given}"


def _arguments(given: ast.arguments) -> Iterator[str]:
    """Each argument with its type and its default, `self` left out."""
    places = [*given.posonlyargs, *given.args]
    missing = [None] * (len(places) - len(given.defaults))
    for argument, default in zip(places, [*missing, *given.defaults], strict=True):
        if argument.arg not in ("self", "cls"):
            yield _argument(argument, default)
    if given.vararg is not None:
        yield f"*{_argument(given.vararg)}"
    elif given.kwonlyargs:
        yield "*"
    yield from map(_argument, given.kwonlyargs, given.kw_defaults)
    if given.kwarg is not None:
        yield f"**{_argument(given.kwarg)}"


def _argument(argument: ast.arg, default: ast.expr | None = None) -> str:
    kind = "" if argument.annotation is None else f": {_annotation(argument.annotation)}"
    return f"{argument.arg}{kind}" + ("" if default is None else f" = {ast.unparse(default)}")


def _annotation(node: ast.expr) -> str:
    """A type; one in quotes, which is defined later or imported for checkers alone, without."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node)


if __name__ == "__main__":
    print(page(), end="")
