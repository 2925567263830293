"""C++ expressions of pure ops: one function for each kind, found in EXPRESSIONS by op class.

Each gets the op and a function that gives the text of an operand. Data results are converted to
their exact type, so that Xilinx's ap_int, which widens, and a header on native integers agree.
"""

from collections.abc import Callable, Mapping

from xdsl.dialects import arith
from xdsl.ir import Operation, SSAValue, Use

from lmc.backends.hls.names import c_type
from lmc.dialects import dataflow
from lmc.dialects.dataflow import (
    Range,
    constant_value,
    data_type,
    is_signed,
    operand_range,
    smallest_type,
)

Text = Callable[[SSAValue], str]

_INDEX_OPERATORS: Mapping[type[Operation], str] = {
    arith.AddiOp: "+",
    arith.SubiOp: "-",
    arith.MuliOp: "*",
    arith.DivUIOp: "/",
    arith.RemUIOp: "%",
    arith.AndIOp: "&&",
    arith.OrIOp: "||",
    arith.XOrIOp: "!=",
}
_DATA_OPERATORS: Mapping[type[Operation], str] = {
    dataflow.AddOp: "+",
    dataflow.SubOp: "-",
    dataflow.MulOp: "*",
}
_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_INDEX_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">=")
"""By arith.cmpi's predicate number; indices are never negative, so signs do not matter."""

_INT_MAX = 2**31 - 1


def unwrapped(text: str) -> str:
    """The text without a pair of parentheses around all of it."""
    if not text.startswith("(") or not text.endswith(")"):
        return text
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1]


def unconverted(text: str, type_: str) -> str:
    """The text without a conversion of all of it to the type, ap_int or ap_uint, it is made for."""
    if not type_.startswith("ap_") or not text.startswith(f"{type_}("):
        return text
    inner = unwrapped(text[len(type_) :])
    return text if inner == text[len(type_) :] else inner


def is_repeated(use: Use) -> bool:
    """Whether the C++ of the op that uses a value says it twice."""
    return isinstance(use.operation, dataflow.MinOp | dataflow.MaxOp | dataflow.AbsOp)


def literal(value: int) -> str:
    """A number as C++ text, with LL where it needs more than an int."""
    if -_INT_MAX <= value <= _INT_MAX:
        return str(value)
    return f"({value + 1}LL - 1)" if value == -(2**63) else f"{value}LL"


_TERMS = (arith.AddiOp, arith.SubiOp, arith.MuliOp)
_COMPARED = (*_TERMS, arith.DivUIOp, arith.RemUIOp)
_BARE_LEFT: Mapping[type[Operation], tuple[type[Operation], ...]] = {
    arith.AddiOp: _TERMS,
    arith.SubiOp: _TERMS,
    arith.MuliOp: (arith.MuliOp,),
    arith.AndIOp: (arith.AndIOp, arith.XOrIOp, arith.CmpiOp, dataflow.CmpOp),
    arith.OrIOp: (arith.OrIOp, arith.XOrIOp, arith.CmpiOp, dataflow.CmpOp),
    arith.CmpiOp: _COMPARED,
    arith.SelectOp: (arith.CmpiOp,),
    dataflow.SelectOp: (arith.CmpiOp, dataflow.CmpOp),
}
_BARE_RIGHT: Mapping[type[Operation], tuple[type[Operation], ...]] = {
    arith.AddiOp: (arith.MuliOp,),
    arith.SubiOp: (arith.MuliOp,),
    arith.AndIOp: (arith.XOrIOp, arith.CmpiOp, dataflow.CmpOp),
    arith.OrIOp: (arith.XOrIOp, arith.CmpiOp, dataflow.CmpOp),
    arith.CmpiOp: _COMPARED,
}
"""Operands that need no parentheses: C++ reads them the same way, and so does a reader."""


def _bare(op: Operation, index: int, text: Text) -> str:
    """An operand, without its parentheses where precedence says the same."""
    operand = op.operands[index]
    allowed = (_BARE_RIGHT if index else _BARE_LEFT).get(type(op), ())
    written = text(operand)
    return unwrapped(written) if isinstance(operand.owner, allowed) else written


def bound_text(value: SSAValue, text: Text) -> str:
    """What a counter is compared with, without parentheses where it is a sum or a product."""
    written = text(value)
    return unwrapped(written) if isinstance(value.owner, _COMPARED) else written


def _index_binary(op: Operation, text: Text) -> str:
    if isinstance(op, arith.XOrIOp) and constant_value(op.rhs):
        return f"(!{text(op.lhs)})"
    return f"({_bare(op, 0, text)} {_INDEX_OPERATORS[type(op)]} {_bare(op, 1, text)})"


def _index_compare(op: Operation, text: Text) -> str:
    assert isinstance(op, arith.CmpiOp)
    symbol = _INDEX_COMPARISONS[op.predicate.value.data]
    return f"({_bare(op, 0, text)} {symbol} {_bare(op, 1, text)})"


def _index_select(op: Operation, text: Text) -> str:
    return f"({_bare(op, 0, text)} ? {text(op.operands[1])} : {text(op.operands[2])})"


def _converted(op: Operation, text: str) -> str:
    return f"{c_type(op.results[0].type)}({text})"


def _data_binary(op: Operation, text: Text) -> str:
    # Of two constants the C++ would be arithmetic of ints, which may overflow.
    known = all(constant_value(value) is not None for value in op.operands)
    left, right = (_computable(value, text) if known else text(value) for value in op.operands)
    return _converted(op, f"{left} {_DATA_OPERATORS[type(op)]} {right}")


def _extreme(op: Operation, text: Text) -> str:
    symbol = "<" if isinstance(op, dataflow.MinOp) else ">"
    left, right = (_as_result(op, value, text) for value in op.operands)
    return f"({_comparison(op.operands[0], symbol, op.operands[1], text)} ? {left} : {right})"


def _as_result(op: Operation, value: SSAValue, text: Text) -> str:
    """An operand in the type of the result, which both sides of a choice have."""
    is_already = value.type == op.results[0].type and constant_value(value) is None
    return text(value) if is_already else _converted(op, text(value))


def _comparison(left: SSAValue, symbol: str, right: SSAValue, text: Text) -> str:
    """A comparison by value: operands of different signs are brought to one signed type first."""
    ranges = [operand_range(value) for value in (left, right)]
    unsigned = [values.low >= 0 for values in ranges]
    neutral = any(
        constant_value(value) is not None and values.low >= 0
        for value, values in zip((left, right), ranges, strict=True)
    )
    if neutral or unsigned[0] == unsigned[1]:
        return f"{text(left)} {symbol} {text(right)}"
    common = Range(min(r.low for r in ranges), max(r.high for r in ranges))
    type_ = c_type(smallest_type(common))
    return f"{type_}({text(left)}) {symbol} {type_}({text(right)})"


def _negate(op: Operation, text: Text) -> str:
    return _converted(op, f"-{_computable(op.operands[0], text)}")


def _absolute(op: Operation, text: Text) -> str:
    operand = _computable(op.operands[0], text)
    return f"({operand} < 0 ? {_converted(op, f'-{operand}')} : {_converted(op, operand)})"


def _shift_left(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.ShlOp)
    return _converted(op, f"{_converted(op, text(op.operand))} << {_amount(op.amount, text)}")


def _shift_right(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.ShrOp)
    return _converted(op, f"{_computable(op.operand, text)} >> {_amount(op.amount, text)}")


def _round_shift_saturate(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.RoundShiftSaturateOp)
    result = data_type(op.result.type)
    suffix = "" if is_signed(result) else "_unsigned"
    function = f"lmc::round_shift_saturate{suffix}<{result.width.data}>"
    operand = data_type(op.operand.type)
    width = operand.width.data + (0 if is_signed(operand) else 1)
    value = _computable(op.operand, text)
    value = value if is_signed(operand) else f"ap_int<{width}>({value})"
    return f"{function}({value}, {_amount(op.amount, text)})"


def _compare(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.CmpOp)
    return f"({_comparison(op.lhs, _COMPARISONS[op.predicate.data], op.rhs, text)})"


def _select(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.SelectOp)
    if_true, if_false = (_computable(value, text) for value in (op.if_true, op.if_false))
    return f"({_bare(op, 0, text)} ? {if_true} : {if_false})"


def _cast(op: Operation, text: Text) -> str:
    return _converted(op, text(op.operands[0]))


def _bit_length(op: Operation, text: Text) -> str:
    return _converted(op, f"lmc::bit_length({_computable(op.operands[0], text)})")


def _slice(op: Operation, text: Text) -> str:
    assert isinstance(op, dataflow.SliceOp)
    bits = bit_range(op.offset, data_type(op.result.type).width.data, text)
    return _converted(op, f"{_computable(op.word, text)}.{bits}")


def bit_range(offset: SSAValue, width: int, text: Text) -> str:
    """`range(last, first)` of `width` bits at an offset."""
    known = constant_value(offset)
    if known is not None:
        return f"range({known + width - 1}, {known})"
    first = unwrapped(text(offset)) if isinstance(offset.owner, _TERMS) else text(offset)
    end = f"{first} + {width - 1}" if width > 1 else unwrapped(first)
    return f"range({end}, {unwrapped(first)})"


def _amount(value: SSAValue, text: Text) -> str:
    """A shift's amount, unsigned where it is not a number: else ap_int shifts both ways."""
    return (
        text(value) if constant_value(value) is not None else f"unsigned({unwrapped(text(value))})"
    )


def _computable(value: SSAValue, text: Text) -> str:
    """An operand's text, a constant with its type: where a bare number would have another one."""
    known = constant_value(value)
    return text(value) if known is None else f"{c_type(value.type)}({literal(known)})"


EXPRESSIONS: Mapping[type[Operation], Callable[[Operation, Text], str]] = {
    **dict.fromkeys(_INDEX_OPERATORS, _index_binary),
    arith.CmpiOp: _index_compare,
    arith.SelectOp: _index_select,
    **dict.fromkeys(_DATA_OPERATORS, _data_binary),
    dataflow.MinOp: _extreme,
    dataflow.MaxOp: _extreme,
    dataflow.NegOp: _negate,
    dataflow.AbsOp: _absolute,
    dataflow.ShlOp: _shift_left,
    dataflow.ShrOp: _shift_right,
    dataflow.RoundShiftSaturateOp: _round_shift_saturate,
    dataflow.CmpOp: _compare,
    dataflow.SelectOp: _select,
    dataflow.CastOp: _cast,
    dataflow.BitLengthOp: _bit_length,
    dataflow.SliceOp: _slice,
}
