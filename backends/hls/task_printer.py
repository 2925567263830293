"""Printing the body of one task as the statements of a C++ function."""

from collections.abc import Callable, Mapping, Sequence

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IndexType, IntegerType, MemRefType
from xdsl.ir import Block, Operation, SSAValue

from lmc.backends.comments import comment_text
from lmc.backends.hls.expressions import (
    EXPRESSIONS,
    bit_range,
    bound_text,
    is_repeated,
    literal,
    unconverted,
    unwrapped,
)
from lmc.backends.hls.in_place import is_last_use
from lmc.backends.hls.names import Names, c_type
from lmc.backends.hls.nests import advance, between, counted_nests, counter_names, counter_type
from lmc.backends.hls.pragmas import buffer_pragmas, loop_pragmas, product_pragmas
from lmc.backends.hls.wide import wide_values
from lmc.dataflow.addresses import Nest, index_range
from lmc.dataflow.roles import role_of
from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import constant_value, data_type
from lmc.ir.locations import source_line

INLINE_LENGTH = 60
"""The longest text, in characters, that is put into another expression instead of a variable."""

REPEATED_LENGTH = 16
"""The longest one of those that C++ says twice, a range's first bit for instance."""

_BOOL = IntegerType(1)

_CUT = (dataflow.SliceOp, dataflow.InsertOp)
_PASSING = (dataflow.WriteOp, scf.YieldOp)


class TaskPrinter:
    """Lines of one function body; `texts` says how each value is written."""

    def __init__(
        self,
        names: Names,
        texts: dict[SSAValue, str],
        label: Callable[[str], str] = str,
        source: str | None = None,
    ):
        """`label` gives the C++ label of a loop; `source` is the line that the function names."""
        self.names = names
        self.texts = texts
        self._label_of = label
        self.lines: list[str] = []
        self._depth = 1
        self._wide: set[SSAValue] = set()
        self._scalars: set[SSAValue] = set()
        self._buffers: dict[str, str] = {}
        self._counted: dict[Operation, Nest] = {}
        self._source = source

    def print_body(self, block: Block) -> list[str]:
        """The lines of a task's block, whose arguments have texts already."""
        self._wide = wide_values(block)
        self._counted = counted_nests(block.walk())
        self._block(block)
        return self.lines

    def line(self, text: str) -> None:
        """Adds a line at the current depth; pragmas stand at the left margin."""
        self.lines.append(text if text.startswith("#") else "  " * self._depth + text)

    def _label(self, label: str) -> None:
        """Puts a label on a line of its own, one level out, where clang-format wants it."""
        self.lines.append("  " * (self._depth - 1) + f"{self._label_of(label)}:")

    def text(self, value: SSAValue) -> str:
        """How a value is written inside an expression."""
        known = constant_value(value)
        if known is None:
            return self.texts[value]
        return literal(known) if value.type != _BOOL else "true" if known else "false"

    # Values

    def _type(self, value: SSAValue) -> str:
        return "long long" if value in self._wide else c_type(value.type)

    def _expression(self, op: Operation) -> str:
        value = op.results[0]
        if value not in self._wide:
            return EXPRESSIONS[type(op)](op, self.text)
        if isinstance(op, dataflow.CastOp):
            return f"(long long)({self.text(op.operand)})"

        def widened(operand: SSAValue) -> str:
            narrow = isinstance(operand.type, IndexType) and operand not in self._wide
            return f"(long long)({self.text(operand)})" if narrow else self.text(operand)

        return EXPRESSIONS[type(op)](op, widened)

    def _pure(self, op: Operation) -> None:
        value = op.results[0]
        expression = self._expression(op)
        if self._inlined(op, expression):
            self.texts[value] = expression
            return
        self._define(value, unconverted(expression, self._type(value)))
        if isinstance(op, dataflow.MulOp):
            for pragma in product_pragmas(op, self.texts[value]):
                self.line(pragma)

    def _inlined(self, op: Operation, expression: str) -> bool:
        value = op.results[0]
        uses = list(value.uses)
        if len(uses) > 1 or len(expression) > INLINE_LENGTH or value.name_hint is not None:
            return False
        if isinstance(op, dataflow.MulOp) and op.impl is not None:
            return False
        if uses and (is_repeated(uses[0]) or isinstance(uses[0].operation, _CUT)):
            # A word's bits can only be taken from a variable, and a range repeats its offset.
            return isinstance(value.type, IndexType) and len(expression) <= REPEATED_LENGTH
        return not isinstance(value.owner, dataflow.SelectOp) or bool(uses)

    def _define(self, value: SSAValue, expression: str) -> None:
        name = self.names.fresh(role_of(value, self.text))
        self.line(f"const {self._type(value)} {name} = {unwrapped(expression)};")
        self.texts[value] = name

    def _taken(self, op: Operation, expression: str) -> None:
        """What is taken from a stream or a buffer, where the next op is its only use as it is."""
        value, user = op.results[0], op.results[0].get_user_of_unique_use()
        is_passed = user is not None and user is op.next_op and isinstance(user, _PASSING)
        if is_passed and value.name_hint is None:
            self.texts[value] = expression
        else:
            self._define(value, expression)

    # Statements

    def _block(self, block: Block) -> None:
        for op in block.ops:
            self._locate(op)
            if type(op) in EXPRESSIONS:
                self._pure(op)
            elif type(op) in _STATEMENTS:
                _STATEMENTS[type(op)](self, op)
            else:
                raise LmcError(
                    f"the HLS printer has no C++ for {op.name}: use ops of dataflow, scf.for, "
                    "scf.if, memref.load, memref.store and arith on index"
                )

    def _locate(self, op: Operation) -> None:
        source = source_line(op.location)
        if source is not None and source != self._source:
            self.line(f"// {comment_text(source)}")
        self._source = source or self._source

    def _indented(self, block: Block) -> None:
        self._depth += 1
        self._block(block)
        self._depth -= 1

    def _constant(self, op: Operation) -> None:
        """Written where it is used."""

    def _read(self, op: Operation) -> None:
        assert isinstance(op, dataflow.ReadOp)
        self._taken(op, f"{self.text(op.stream)}.read()")

    def _write(self, op: Operation) -> None:
        assert isinstance(op, dataflow.WriteOp)
        self.line(f"{self.text(op.stream)}.write({unwrapped(self.text(op.value))});")

    def _load(self, op: Operation) -> None:
        assert isinstance(op, memref.LoadOp)
        self._taken(op, self._place(op.memref, op.indices))

    def _store(self, op: Operation) -> None:
        assert isinstance(op, memref.StoreOp)
        place = self._place(op.memref, op.indices)
        self.line(f"{place} = {unwrapped(self.text(op.value))};")

    def _place(self, buffer: SSAValue, indices: Sequence[SSAValue]) -> str:
        name = self.text(buffer)
        if buffer in self._scalars:
            return name
        return name + "".join(f"[{unwrapped(self.text(index))}]" for index in indices)

    def _insert(self, op: Operation) -> None:
        assert isinstance(op, dataflow.InsertOp)
        name = self.text(op.word)
        if not is_last_use(op):
            name = self.names.fresh(role_of(op.result, self.text))
            self.line(f"{c_type(op.result.type)} {name} = {unwrapped(self.text(op.word))};")
        bits = bit_range(op.offset, data_type(op.value.type).width.data, self.text)
        self.line(f"{name}.{bits} = {self._typed(op.value)};")
        self.texts[op.result] = name

    def _concat(self, op: Operation) -> None:
        assert isinstance(op, dataflow.ConcatOp)
        name = self.names.fresh(role_of(op.result, self.text))
        self.line(f"{c_type(op.result.type)} {name};")
        start = 0
        for part in op.parts:
            end = start + data_type(part.type).width.data
            self.line(f"{name}.range({end - 1}, {start}) = {self._typed(part)};")
            start = end
        self.texts[op.result] = name

    def _typed(self, value: SSAValue) -> str:
        """A value's text; a constant with its type, since bits of a range are those of the type."""
        known = constant_value(value)
        return self.text(value) if known is None else f"{c_type(value.type)}({literal(known)})"

    def _buffer(self, op: Operation) -> None:
        assert isinstance(op, dataflow.BufferOp)
        assert isinstance(op.result.type, MemRefType)
        name = self.names.fresh(op.sym_name.data)
        self.texts[op.result] = name
        self._buffers[op.sym_name.data] = name
        shape = op.result.type.get_shape()
        element = c_type(op.result.type.element_type)
        if op.kind.data == "register" and all(size == 1 for size in shape):
            self._scalars.add(op.result)
            self.line(f"{element} {name};")
            return
        self.line(f"{element} {name}{''.join(f'[{size}]' for size in shape)};")
        for pragma in buffer_pragmas(op, name):
            self.line(pragma)

    def _for(self, op: Operation) -> None:
        assert isinstance(op, scf.ForOp)
        if op in self._counted:
            self._counted_nest(self._counted[op])
            return
        carried = self._carried(op)
        counter = self.names.fresh(op.body.block.args[0].name_hint or "i")
        self.texts[op.body.block.args[0]] = counter
        bound = bound_text(op.ub, self.text)
        self._label(dataflow.loop_of(op).label)
        self.line(f"for (int {counter} = 0; {counter} < {bound}; {counter}++) {{")
        for pragma in loop_pragmas(op, self._buffers):
            self.line(pragma)
        self._indented(op.body.block)
        self._depth += 1
        self._assign(carried, op.body.block)
        self._depth -= 1
        self.line("}")

    def _counted_nest(self, nest: Nest) -> None:
        """One loop for a whole nest: counters are registers, read first and set last."""
        registers, innermost = counter_names(nest, self.names), nest.loops[-1]
        for register, loop in zip(registers, nest.loops, strict=True):
            self.line(f"{counter_type(loop)} {register} = 0;")
        more = self.names.fresh("more")
        self.line(f"bool {more} = {self.text(nest.loops[0].ub)} > 0;")
        self._label(dataflow.loop_of(innermost).label)
        self.line(f"while ({more}) {{")
        for pragma in loop_pragmas(innermost, self._buffers):
            self.line(pragma)
        self._depth += 1
        for register, loop in zip(registers, nest.loops, strict=True):
            counter = self.names.fresh(loop.body.block.args[0].name_hint or "i")
            self.line(f"const int {counter} = int({register});")
            self.texts[loop.body.block.args[0]] = counter
            if loop is innermost:
                self._block(loop.body.block)
                continue
            for op in between(loop):
                self._locate(op)
                self._pure(op)
        for line in advance(nest, registers, more, self.text):
            self.line(line)
        self._depth -= 1
        self.line("}")

    def _carried(self, op: scf.ForOp) -> list[str]:
        names: list[str] = []
        arguments = op.body.block.args[1:]
        for argument, init, result in zip(arguments, op.iter_args, op.results, strict=True):
            name = self.names.fresh(argument.name_hint or role_of(result, self.text))
            self.line(f"{c_type(argument.type)} {name} = {unwrapped(self.text(init))};")
            self.texts[argument] = self.texts[result] = name
            names.append(name)
        return names

    def _if(self, op: Operation) -> None:
        assert isinstance(op, scf.IfOp)
        results: list[str] = []
        for result in op.results:
            name = self.names.fresh(role_of(result, self.text))
            self.line(f"{c_type(result.type)} {name};")
            self.texts[result] = name
            results.append(name)
        self.line(f"if ({unwrapped(self.text(op.cond))}) {{")
        self._branch(op.true_region.block, results)
        if op.false_region.blocks:
            self.line("} else {")
            self._branch(op.false_region.block, results)
        self.line("}")

    def _branch(self, block: Block, results: Sequence[str]) -> None:
        self._indented(block)
        self._depth += 1
        self._assign(results, block)
        self._depth -= 1

    def _assign(self, names: Sequence[str], block: Block) -> None:
        """Assigns what the block yields, all of it read before any of it is replaced."""
        values = block.last_op.operands if block.last_op is not None else ()
        pairs = [
            (name, unwrapped(self.text(value)), value)
            for name, value in zip(names, values, strict=True)
        ]
        pairs = [pair for pair in pairs if pair[0] != pair[1]]
        if len(pairs) > 1:
            for position, (name, text, value) in enumerate(pairs):
                temporary = self.names.fresh(f"next_{name}")
                self.line(f"const {c_type(value.type)} {temporary} = {text};")
                pairs[position] = (name, temporary, value)
        for name, text, _ in pairs:
            self.line(f"{name} = {text};")

    def _yield(self, op: Operation) -> None:
        """Assigned by the loop or branch around it."""

    def _burst_read(self, op: Operation) -> None:
        assert isinstance(op, dataflow.BurstReadOp)
        self._burst(op, "read_request", "{stream}.write({port}.read());")

    def _burst_write(self, op: Operation) -> None:
        assert isinstance(op, dataflow.BurstWriteOp)
        self._burst(op, "write_request", "{port}.write({stream}.read());", "write_response")

    def _burst(
        self,
        op: dataflow.BurstReadOp | dataflow.BurstWriteOp,
        request: str,
        statement: str,
        response: str | None = None,
    ) -> None:
        """A request, then its words: nothing is left for the tool to infer, nor to move."""
        port, stream = self.text(op.port), self.text(op.stream)
        length, offset = self.text(op.length), self.text(op.offset)
        maybe_empty = index_range(op.length).low < 1
        if maybe_empty:
            self.line(f"if ({length} > 0) {{")
            self._depth += 1
        self.line(f"{port}.{request}({unwrapped(offset)}, {unwrapped(length)});")
        self._words(op, statement.format(stream=stream, port=port))
        if response is not None:
            self.line(f"{port}.{response}();")
        if maybe_empty:
            self._depth -= 1
            self.line("}")

    def _words(self, op: dataflow.BurstReadOp | dataflow.BurstWriteOp, statement: str) -> None:
        if constant_value(op.length) == 1:
            # Of a loop with one iteration HLS would drop the label and the pragma.
            self.line(statement)
            return
        counter = self.names.fresh("word")
        self._label(op.label.data)
        bound = bound_text(op.length, self.text)
        self.line(f"for (int {counter} = 0; {counter} < {bound}; {counter}++) {{")
        self.line("#pragma HLS pipeline II=1")
        self.line("  " + statement)
        self.line("}")


_STATEMENTS: Mapping[type[Operation], Callable[[TaskPrinter, Operation], None]] = {
    arith.ConstantOp: TaskPrinter._constant,
    dataflow.ConstantOp: TaskPrinter._constant,
    dataflow.ReadOp: TaskPrinter._read,
    dataflow.WriteOp: TaskPrinter._write,
    dataflow.BurstReadOp: TaskPrinter._burst_read,
    dataflow.BurstWriteOp: TaskPrinter._burst_write,
    dataflow.BufferOp: TaskPrinter._buffer,
    dataflow.InsertOp: TaskPrinter._insert,
    dataflow.ConcatOp: TaskPrinter._concat,
    memref.LoadOp: TaskPrinter._load,
    memref.StoreOp: TaskPrinter._store,
    scf.ForOp: TaskPrinter._for,
    scf.IfOp: TaskPrinter._if,
    scf.YieldOp: TaskPrinter._yield,
}
