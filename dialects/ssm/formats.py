"""Number formats: the element types of tensors below the quantization line.

Every format says which integers are stored and which real value they stand for.
`docs/number-formats.md` gives the arithmetic on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import IntAttr, TensorType
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from lmc.numerics.block import (
    EXPONENT_BITS,
    MAX_EXPONENT,
    SCALE_MANTISSA_BITS,
    STUDY_MANTISSA_BITS,
)

MAX_FRAC = 128
"""The largest magnitude of a format's `frac`: far beyond what any value needs."""


class _Format(ParametrizedAttribute, TypeAttribute):
    """A format written as `!ssm.name<integer, integer, ...>`."""

    DEFAULTS: ClassVar[tuple[int, ...]] = ()

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        values = parser.parse_comma_separated_list(
            parser.Delimiter.ANGLE, lambda: parser.parse_integer(allow_boolean=False)
        )
        wanted = len(cls.get_irdl_definition().parameters)
        missing = wanted - len(values)
        if missing < 0 or missing > len(cls.DEFAULTS):
            parser.raise_error(f"!{cls.name} takes {wanted} integers, found {len(values)}")
        values += cls.DEFAULTS[len(cls.DEFAULTS) - missing :] if missing else ()
        return [IntAttr(value) for value in values]

    def print_parameters(self, printer: Printer) -> None:
        values = [parameter.data for parameter in self.parameters if isinstance(parameter, IntAttr)]
        for default in reversed(self.DEFAULTS):
            if values[-1] != default:
                break
            values.pop()
        printer.print_string("<" + ", ".join(map(str, values)) + ">")


@irdl_attr_definition
class FixedType(_Format):
    """`!ssm.fixed<bits, frac, mul = 1>`: a signed integer q of `bits` bits, value q · mul ·
    2^-frac.

    `mul` is 1 for a power-of-two scale; before `rewrite-power-of-two` it is the 8-bit mantissa
    (128 to 255) of a static scale.
    """

    name = "ssm.fixed"
    DEFAULTS: ClassVar[tuple[int, ...]] = (1,)
    bits: IntAttr
    frac: IntAttr
    mul: IntAttr

    @classmethod
    def of(cls, bits: int, frac: int, mul: int = 1) -> Self:
        """The format with these integers."""
        return cls(IntAttr(bits), IntAttr(frac), IntAttr(mul))

    def verify(self) -> None:
        if not 2 <= self.bits.data <= 63:
            raise VerifyException(f"fixed point has 2 to 63 bits, not {self.bits.data}")
        if self.mul.data != 1 and not 128 <= self.mul.data <= 255:
            raise VerifyException(f"the scale's mantissa is 1, or 128 to 255, not {self.mul.data}")
        _verify_frac(self.frac.data)

    @property
    def largest(self) -> int:
        """The largest magnitude of q."""
        return 1 << (self.bits.data - 1)


@irdl_attr_definition
class BlockType(_Format):
    """`!ssm.bfp<bits, group, frac, mantissa = 1>`: block floating point along the last dimension.

    Each `group` consecutive elements share an exponent e in [0, 15] and, where `mantissa` is 8, an
    8-bit mantissa m; value q · m · 2^(e - frac), q signed of `bits` bits, m = 1 where `mantissa` is
    1. `frac` places the bottom of the tensor's exponent window. A mantissa of `STUDY_MANTISSA_BITS`
    bits stands for a float scale, which lowering does not take.
    """

    name = "ssm.bfp"
    DEFAULTS: ClassVar[tuple[int, ...]] = (1,)
    bits: IntAttr
    group: IntAttr
    frac: IntAttr
    mantissa: IntAttr

    @classmethod
    def of(cls, bits: int, group: int, frac: int, mantissa: int = 1) -> Self:
        """The format with these integers."""
        return cls(IntAttr(bits), IntAttr(group), IntAttr(frac), IntAttr(mantissa))

    def verify(self) -> None:
        if not 2 <= self.bits.data <= 16:
            raise VerifyException(f"block floating point has 2 to 16 bits, not {self.bits.data}")
        if self.group.data < 1:
            raise VerifyException("a block holds at least one element")
        if self.mantissa.data not in (1, SCALE_MANTISSA_BITS, STUDY_MANTISSA_BITS):
            raise VerifyException(
                f"a block's scale has {SCALE_MANTISSA_BITS} mantissa bits, 1, or for study "
                f"{STUDY_MANTISSA_BITS}, not {self.mantissa.data}"
            )
        _verify_frac(self.frac.data)

    @property
    def largest(self) -> int:
        """The largest magnitude of q · m · 2^e."""
        scale = ((1 << self.mantissa.data) - 1) << MAX_EXPONENT
        return scale << (self.bits.data - 1)


@irdl_attr_definition
class PseudoFloatType(_Format):
    """`!ssm.pfloat<bits, frac>`: an unsigned mantissa m of `bits` bits and a right shift s >= 0
    of each element.

    Value m · 2^(-s - frac). The reciprocal root mean square of a normalization has this format.
    """

    name = "ssm.pfloat"
    bits: IntAttr
    frac: IntAttr

    @classmethod
    def of(cls, bits: int, frac: int) -> Self:
        """The format with these integers."""
        return cls(IntAttr(bits), IntAttr(frac))

    def verify(self) -> None:
        if not 1 <= self.bits.data <= 32:
            raise VerifyException(f"a pseudo-float has 1 to 32 bits, not {self.bits.data}")
        _verify_frac(self.frac.data)


@irdl_attr_definition
class WeightType(_Format):
    """`!ssm.wint<bits, group, mantissa, exponent, frac, terms = 0>`: integer weights with a scale
    for each group.

    For a weight of shape [rows, columns], each `group` consecutive columns of a row share the scale
    (m << e) · 2^-frac: m unsigned of `mantissa` bits, e unsigned of `exponent` bits. Value q · m
    · 2^(e - frac).
    `mantissa` = 1 is a power-of-two scale; with `terms` = 2, m is one plus a power of two, so that
    a product with the scale is the sum of two shifts (LightMamba, arXiv 2502.15260). Scales of
    `STUDY_MANTISSA_BITS` bits stand for float scales: the interpreter takes them, lowering does
    not.
    """

    name = "ssm.wint"
    DEFAULTS: ClassVar[tuple[int, ...]] = (0,)
    bits: IntAttr
    group: IntAttr
    mantissa: IntAttr
    exponent: IntAttr
    frac: IntAttr
    terms: IntAttr

    @classmethod
    def of(
        cls, bits: int, group: int, mantissa: int, exponent: int, frac: int, terms: int = 0
    ) -> Self:
        """The format with these integers."""
        return cls(*map(IntAttr, (bits, group, mantissa, exponent, frac, terms)))

    def verify(self) -> None:
        if self.bits.data not in range(2, 9):
            raise VerifyException(f"weights have 2 to 8 bits, not {self.bits.data}")
        widths = (*range(1, 13), STUDY_MANTISSA_BITS)
        exponents = range(EXPONENT_BITS + 1)
        if self.group.data < 1:
            raise VerifyException("a group of weights holds at least one")
        if self.mantissa.data not in widths or self.exponent.data not in exponents:
            raise VerifyException(
                f"a weight scale has 1 to 12 mantissa bits, or {STUDY_MANTISSA_BITS} for study, "
                f"and at most {EXPONENT_BITS} exponent bits"
            )
        if self.terms.data not in (0, 2) or (self.terms.data and self.mantissa.data < 2):
            raise VerifyException("a weight scale is any number (terms 0) or two powers of two")
        _verify_frac(self.frac.data)


def _verify_frac(frac: int) -> None:
    if not -MAX_FRAC <= frac <= MAX_FRAC:
        raise VerifyException(f"a format has -{MAX_FRAC} to {MAX_FRAC} fraction bits, not {frac}")


def is_for_study(fmt: Attribute) -> bool:
    """Whether a format's scales stand for float ones: no hardware computes with them."""
    has_scales = isinstance(fmt, BlockType | WeightType)
    return has_scales and fmt.mantissa.data == STUDY_MANTISSA_BITS


def shape_of(value_type: Attribute) -> tuple[int, ...]:
    """The shape of a tensor type.

    Raises:
        VerifyException: `value_type` is not a tensor type.
    """
    if not isinstance(value_type, TensorType):
        raise VerifyException(f"expected a tensor, found {value_type}")
    return value_type.get_shape()


def format_of(value_type: Attribute) -> Attribute:
    """The element format of a tensor type."""
    if not isinstance(value_type, TensorType):
        raise VerifyException(f"expected a tensor, found {value_type}")
    return value_type.element_type
