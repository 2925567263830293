"""Reading and writing IR files: the context of all dialects, parsing, printing and levels."""

import sys
from io import StringIO
from itertools import pairwise
from pathlib import Path

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, IntegerType, ModuleOp, UnknownLoc
from xdsl.ir import BlockArgument, Operation, TypeAttribute
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import ParseError, VerifyException
from xdsl.utils.lexer import Position

from lmc.diagnostics import LmcError
from lmc.ir.registry import Registry
from lmc.ir.verification import verify_function_types, verify_module, verify_symbol_names

_MOST_BITS = 2**24 - 1
"""Of an integer type, as in MLIR."""


class _LocationPrinter(Printer):
    """Prints `loc(...)` after ops that have one, and nothing where the location is unknown."""

    def print_op(self, op: Operation) -> None:
        outer = self.print_debuginfo
        self.print_debuginfo = not isinstance(op.location, UnknownLoc)
        super().print_op(op)
        self.print_debuginfo = outer

    def print_block_argument(self, arg: BlockArgument, print_type: bool = True) -> None:
        outer = self.print_debuginfo
        self.print_debuginfo = not isinstance(arg.location, UnknownLoc)
        super().print_block_argument(arg, print_type)
        self.print_debuginfo = outer


class _LocatingParser(Parser):
    """Says where in the text an attribute, a type or an op's operands do not verify."""

    @override
    def parse_operation(self) -> Operation:
        start = self.pos
        try:
            return super().parse_operation()
        except VerifyException as error:
            text = " ".join(self.lexer.input.content[start : self.pos].split())
            self.raise_error(f"{one_line(error)} (in `{_shortened(text)}`)", start, self.pos)

    @override
    def parse_optional_type(self) -> TypeAttribute | None:
        start = self.pos
        found = super().parse_optional_type()
        if isinstance(found, IntegerType) and found.width.data > _MOST_BITS:
            self.raise_error(f"an integer has {_MOST_BITS} bits at most", start, self.pos)
        return found

    @override
    def parse_optional_builtin_int_or_float_attr(self) -> IntegerAttr | FloatAttr | None:
        start = self.pos
        try:
            return super().parse_optional_builtin_int_or_float_attr()
        except OverflowError:
            self.raise_error("the number does not fit its type", start, self.pos)

    @override
    def _parse_dialect_type_or_attribute_body(
        self,
        attr_name: str,
        is_type: bool,
        is_opaque: bool,
        starting_opaque_pos: Position | None,
    ):
        start = self.pos
        try:
            return super()._parse_dialect_type_or_attribute_body(
                attr_name, is_type, is_opaque, starting_opaque_pos
            )
        except ValueError:  # xDSL gives an attribute as many parameters as there are in the text
            self.raise_error(f"{attr_name} takes another number of parameters", start, self.pos)


def make_context(registry: Registry) -> Context:
    """A context in which the dialects of the registry load when they are first used."""
    context = Context()
    for name, factory in registry.dialects.items():
        context.register_dialect(name, factory)
    return context


def read_text(path: str) -> str:
    """Text of an IR file, `-` for standard input."""
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LmcError(f"there is no file {path}") from error
    except IsADirectoryError as error:
        raise LmcError(f"{path} is a folder; name one of its .mlir files") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LmcError(f"{path} cannot be read as text: {error}") from error


def parse_module(context: Context, text: str, name: str) -> ModuleOp:
    """The verified module of `text`; `name` is the file's, for error messages.

    Raises LmcError with file, line and column where the text is not right, and with the
    verifier's sentence where the module is not.
    """
    try:
        module = _LocatingParser(context, text, name).parse_module()
    except ParseError as error:
        message = " ".join(error.msg.split())
        raise LmcError(f"{error.span.get_location()}: {message}") from error
    verify(module, name)
    return module


def verify(module: ModuleOp, where: str) -> None:
    """Raise LmcError, beginning with `where`, if the module is not valid."""
    try:
        verify_symbol_names(module)
        verify_function_types(module)
        module.verify()
        verify_module(module)
    except VerifyException as error:
        raise LmcError(f"{where}: {one_line(error)}") from error


def module_text(module: ModuleOp) -> str:
    """The module as text, ending in a newline; ops whose source is known are printed with it."""
    stream = StringIO()
    _LocationPrinter(stream).print_op(module)
    return stream.getvalue() + "\n"


def one_line(error: BaseException) -> str:
    """An xDSL error as one sentence, with the op it is about if the error has marked one."""
    sentence = " ".join(str(error).split()) or type(error).__name__
    marked = [_marked_op(note) for note in getattr(error, "__notes__", ())]
    op = next((text for text in marked if text), "")
    return f"{sentence} (in `{op}`)" if op else sentence


def _marked_op(note: str) -> str:
    """The op over xDSL's `^^^` marker, without its types; empty if there is no marker."""
    lines = note.splitlines()
    for above, line in pairwise(lines):
        if line.strip().startswith("^^"):
            return _shortened(above.strip())
    return ""


def _shortened(op: str) -> str:
    """The text of an op without its types."""
    return op.split(" : ")[0][:120]
