"""Reading and writing IR files: the context of all dialects, parsing, printing and levels."""

import sys
from dataclasses import dataclass
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

from lmc.diagnostics import LmcError, SourceError
from lmc.ir.locations import source_line
from lmc.ir.op_errors import OpError, find_invalid_op
from lmc.ir.registry import Registry
from lmc.ir.verification import verify_function_types, verify_module, verify_symbol_names

_MOST_BITS = 2**24 - 1
"""Of an integer type, as in MLIR."""


class _LocationPrinter(Printer):
    """Prints `loc(...)` after ops that have one, and nothing where the location is unknown.

    `ops` are those that it has printed, in the order in which they begin.
    """

    def __init__(self, stream: StringIO):
        super().__init__(stream=stream)
        self.ops: list[Operation] = []

    def print_op(self, op: Operation) -> None:
        self.ops.append(op)
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
    """Says where in the text an attribute, a type or an op's operands do not verify.

    `starts` has the position of each op.
    """

    def __init__(self, context: Context, text: str, name: str):
        super().__init__(context, text, name)
        self.starts: dict[Operation, Position] = {}

    @override
    def parse_operation(self) -> Operation:
        start = self.pos
        try:
            op = super().parse_operation()
            self.starts[op] = start
            return op
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


class UnknownNameError(SourceError):
    """A text has an op, an attribute or a dialect that nothing loaded defines."""


@dataclass(frozen=True)
class Places:
    """Where the ops of a module are in the text that it was read from."""

    name: str
    text: str
    starts: dict[Operation, Position]

    def error(
        self, position: Position, sentence: str, kind: type[SourceError] = SourceError
    ) -> SourceError:
        """The error at a position of the text."""
        before = self.text[:position]
        line, column = before.count("\n") + 1, position - before.rfind("\n")
        return kind(self.name, line, column, sentence, self.text.split("\n")[line - 1])

    def locate(self, error: OpError) -> LmcError:
        """An error of an op with its place, or as it is where the op is not from the text."""
        start = self.starts.get(error.op)
        return error if start is None else self.error(start, str(error))


def parse_module(context: Context, text: str, name: str) -> ModuleOp:
    """The verified module of `text`; `name` is the file's, for error messages.

    Raises LmcError, where that is known with file, line and column, where the text is not right or
    the module is not valid.
    """
    return parse_with_places(context, text, name)[0]


def parse_with_places(context: Context, text: str, name: str) -> tuple[ModuleOp, Places]:
    """A module as from `parse_module`, and where its ops are in the text."""
    parser = _LocatingParser(context, text, name)
    places = Places(name, text, parser.starts)
    try:
        module = parser.parse_module()
    except ParseError as error:
        sentence = " ".join(error.msg.split())
        if not sentence.endswith("is not registered"):
            raise places.error(error.span.start, sentence) from error
        sentence += "; if a plugin defines it, name its file with --plugin"
        raise places.error(error.span.start, sentence, UnknownNameError) from error
    try:
        _verify(module)
    except VerifyException as error:
        op = find_invalid_op(module, error)
        sentence = f"{one_line(error)}{_source(op)}"
        if op is None or op not in parser.starts:
            raise LmcError(f"{name}: {sentence}") from error
        raise places.error(parser.starts[op], sentence) from error
    return module, places


def verify(module: ModuleOp, where: str) -> None:
    """Raise LmcError, beginning with `where`, if the module is not valid."""
    try:
        _verify(module)
    except VerifyException as error:
        op = find_invalid_op(module, error)
        sentence = f"{where}: {one_line(error)}{_source(op)}"
        raise LmcError(sentence) if op is None else OpError(op, sentence) from error


def _verify(module: ModuleOp) -> None:
    verify_symbol_names(module)
    verify_function_types(module)
    module.verify()
    verify_module(module)


def _source(op: Operation | None) -> str:
    line = None if op is None else source_line(op.location)
    return "" if line is None else f", from {line}"


def module_text(module: ModuleOp) -> str:
    """The module as text, ending in a newline; ops whose source is known are printed with it."""
    return printed_module(module)[0]


def printed_module(module: ModuleOp) -> tuple[str, list[Operation]]:
    """The text as from `module_text`, and the ops in it in the order in which they begin.

    Not all ops are in the text: a yield of nothing is not.
    """
    stream = StringIO()
    printer = _LocationPrinter(stream)
    printer.print_op(module)
    return stream.getvalue() + "\n", printer.ops


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
