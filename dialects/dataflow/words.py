"""Moving bits: selection, conversion, cutting and joining of words of up to 1024 bits. All pure."""

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import I1, IndexType, IntegerType, i1
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    VarConstraint,
    irdl_op_definition,
    operand_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.checks import verify_arithmetic
from lmc.dialects.dataflow.logic import Logic, gate, part, replaced_part
from lmc.dialects.dataflow.ranges import constant_value, operand_range
from lmc.dialects.dataflow.traits import Named, Reducible, Statement
from lmc.dialects.dataflow.types import MAX_ARITHMETIC_WIDTH, data_type, type_range


@irdl_op_definition
class SelectOp(IRDLOperation, Reducible):
    """One of two values of one type: `dataflow.select %c, %a, %b : si8`."""

    T: ClassVar = VarConstraint("T", AnyAttr())

    name = "dataflow.select"
    condition = operand_def(I1)
    if_true = operand_def(T)
    if_false = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure(), Statement(), Named("chosen"), Logic(gate))
    assembly_format = "$condition `,` $if_true `,` $if_false attr-dict `:` type($result)"

    def __init__(self, condition: SSAValue, if_true: SSAValue, if_false: SSAValue):
        super().__init__(operands=[condition, if_true, if_false], result_types=[if_true.type])

    def verify_(self) -> None:
        """VerifyException when the values are not data."""
        data_type(self.result.type)

    def reduced(self) -> SSAValue | int | None:
        """The chosen value, or the one that is both."""
        known = constant_value(self.condition)
        if known is not None:
            return self.if_true if known else self.if_false
        return self.if_true if self.if_true is self.if_false else None


@irdl_op_definition
class CastOp(IRDLOperation, Reducible):
    """Another type for a value: the value is kept where it fits, else its low bits are (wrap).

    From and to `index` too; i1 becomes 0 or 1.
    """

    name = "dataflow.cast"
    operand = operand_def(IntegerType | IndexType)
    result = result_def(IntegerType | IndexType)
    traits = traits_def(Pure(), Statement(), Named("converted"))
    assembly_format = "$operand attr-dict `:` type($operand) `->` type($result)"

    def __init__(self, operand: SSAValue, type_: Attribute):
        super().__init__(operands=[operand], result_types=[type_])

    def verify_(self) -> None:
        """VerifyException when a type is neither data nor index, or is a word."""
        if self.operand.type != i1 and not isinstance(self.operand.type, IndexType):
            verify_arithmetic(self.operand.type)
        if not isinstance(self.result.type, IndexType):
            verify_arithmetic(self.result.type)

    def reduced(self) -> SSAValue | int | None:
        """The operand of its own type, or the number that fits.

        Of two casts the first one goes where it keeps all values.
        """
        if self.operand.type == self.result.type:
            return self.operand
        if isinstance(self.result.type, IndexType) or self.operand.type == i1:
            return None
        before = self.operand.owner
        if isinstance(before, CastOp) and before.keeps_value:
            return before.operand
        known = constant_value(self.operand)
        return known if known is not None and self.keeps_value else None

    @property
    def keeps_value(self) -> bool:
        """Whether nothing is ever cut off; a condition or an index is not asked."""
        if self.operand.type == i1:
            return False
        return type_range(self.result.type).contains(operand_range(self.operand))


@irdl_op_definition
class SliceOp(IRDLOperation, Reducible):
    """Bits offset to offset + width of the result, read as the result's type."""

    name = "dataflow.slice"
    word = operand_def(IntegerType)
    offset = operand_def(IndexType)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement(), Named("part"), Logic(part))
    assembly_format = "$word `[` $offset `]` attr-dict `:` type($word) `->` type($result)"

    def __init__(self, word: SSAValue, offset: SSAValue, type_: IntegerType):
        super().__init__(operands=[word, offset], result_types=[type_])

    def verify_(self) -> None:
        """VerifyException when the slice is wider than the word or lies outside it."""
        verify_part(self.result.type, self.word.type, self.offset)

    def reduced(self) -> SSAValue | int | None:
        """The word, where all of it is taken."""
        return _as_wide(self.word, self.result.type)


@irdl_op_definition
class InsertOp(IRDLOperation, Reducible):
    """The word with bits offset to offset + width of the value replaced by the value's bits."""

    T: ClassVar = VarConstraint("T", AnyAttr())

    name = "dataflow.insert"
    value = operand_def(IntegerType)
    word = operand_def(T)
    offset = operand_def(IndexType)
    result = result_def(T)
    traits = traits_def(Pure(), Statement(), Named("word"), Logic(replaced_part))
    assembly_format = "$value `,` $word `[` $offset `]` attr-dict `:` type($value) `,` type($word)"

    def __init__(self, value: SSAValue, word: SSAValue, offset: SSAValue):
        super().__init__(operands=[value, word, offset], result_types=[word.type])

    def verify_(self) -> None:
        """VerifyException when the value is wider than the word or lies outside it."""
        verify_part(self.value.type, self.word.type, self.offset)

    def reduced(self) -> SSAValue | int | None:
        """The value, where nothing of the word is left."""
        return _as_wide(self.value, self.result.type)


@irdl_op_definition
class ConcatOp(IRDLOperation, Reducible):
    """The parts' bits joined, the first part lowest: as wide as all parts together."""

    name = "dataflow.concat"
    parts = var_operand_def(IntegerType)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement(), Named("word"))
    assembly_format = "$parts attr-dict `:` type($parts) `->` type($result)"

    def __init__(self, parts: Sequence[SSAValue], type_: IntegerType):
        super().__init__(operands=[parts], result_types=[type_])

    def verify_(self) -> None:
        """VerifyException when the widths do not add up."""
        total = sum(data_type(part.type).width.data for part in self.parts)
        if total != data_type(self.result.type).width.data:
            raise VerifyException(f"the parts have {total} bits, the result is {self.result.type}")

    def reduced(self) -> SSAValue | int | None:
        """The part, where it is the only one."""
        return _as_wide(self.parts[0], self.result.type) if len(self.parts) == 1 else None


def _as_wide(value: SSAValue, type_: Attribute) -> SSAValue | None:
    """The value, where a cast to the type keeps its bits: a word has to have the type already."""
    width = data_type(value.type).width.data
    is_as_wide = width == data_type(type_).width.data
    return value if value.type == type_ or (is_as_wide and width <= MAX_ARITHMETIC_WIDTH) else None


def verify_part(part: Attribute, word: Attribute, offset: SSAValue) -> None:
    """VerifyException when a part at this offset is not inside the word."""
    part_width, word_width = data_type(part).width.data, data_type(word).width.data
    known = operand_range(offset)
    if known.low < 0 or known.low + part_width > word_width:
        raise VerifyException(f"bits {known.low} to {known.low + part_width} are not in {word}")


WORD_OPS: list[type[Operation]] = [SelectOp, CastOp, SliceOp, InsertOp, ConcatOp]
"""The ops of the dialect that move bits."""
