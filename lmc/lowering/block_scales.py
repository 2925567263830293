"""The arithmetic of `ssm.quantize`: the scale of a block, and elements in units of it."""

from dataclasses import dataclass

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import si, ui
from lmc.lowering.vectors import fixed
from lmc.numerics.block import RECIPROCAL_SHIFT, nearest_multiplier, ratio_multiplier

_RECIPROCAL_BITS = RECIPROCAL_SHIFT + 1


@dataclass(frozen=True)
class BlockScale:
    """How a block is divided by its scale: a product first if it has a mantissa, then a shift."""

    exponent: Value
    mantissa: Value | None
    reciprocal: Value | None
    shift: Value


@dataclass(frozen=True)
class BlockArithmetic:
    """The arithmetic of one `ssm.quantize`; `reciprocals` are the copies of its table."""

    task: TaskBuilder
    op: ssm.QuantizeOp
    reciprocals: Buffer | None

    @property
    def target(self) -> ssm.BlockType:
        """The format of the blocks."""
        found = ssm.format_of(self.op.result.type)
        assert isinstance(found, ssm.BlockType)
        return found

    @property
    def has_mantissa(self) -> bool:
        """Whether a block's scale has a mantissa."""
        return self.target.mantissa.data > 1

    @property
    def _emin(self) -> int:
        """The bottom of the exponents' window, in units of the operand."""
        widening = ssm.SCALE_MANTISSA_BITS if self.has_mantissa else 0
        return fixed(self.op.input).frac.data - self.target.frac.data + widening

    @property
    def zero(self) -> Value:
        """The largest magnitude of no elements."""
        return self.task.constant(0, ui(fixed(self.op.input).bits.data))

    def scale(self, top: Value, copy: int) -> BlockScale:
        """A block's scale from its largest magnitude (docs/number-formats.md, quantize).

        `copy` is the copy of the table that a reciprocal is looked up in.
        """
        top, width, emin = self._scaled(top), self.target.bits.data, self._emin
        if self.reciprocals is not None:
            return self._scale_with_mantissa(top, self.reciprocals, copy)
        if self.op.rounding.data == "up":
            raw = top.bitlen() - (width - 1 + emin)
        else:
            raw = ((top * nearest_multiplier(width)) >> 16).bitlen() - (1 + emin)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS)).named("exponent")
        return self._made(exponent, None, None)

    def _scale_with_mantissa(self, top: Value, reciprocals: Buffer, copy: int) -> BlockScale:
        bits, emin = ssm.SCALE_MANTISSA_BITS, self._emin
        ratio = ((top << bits) * ratio_multiplier(self.target.bits.data)) >> 16
        raw = ratio.bitlen() - (bits + emin)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS)).named("exponent")
        rounded = ratio.rss(exponent + emin, si(ratio.width + 1))
        mantissa = rounded.max(1).min((1 << bits) - 1).cast(ui(bits)).named("mantissa")
        entry = reciprocals[copy, mantissa.index()]
        return self._made(exponent, mantissa, entry.slice(0, _RECIPROCAL_BITS, signed=False))

    def _made(
        self, exponent: Value, mantissa: Value | None, reciprocal: Value | None
    ) -> BlockScale:
        after = RECIPROCAL_SHIFT - ssm.SCALE_MANTISSA_BITS if self.has_mantissa else 0
        return BlockScale(exponent, mantissa, reciprocal, exponent + (self._emin + after))

    def _scaled(self, value: Value) -> Value:
        """The value times the mantissa of its static scale."""
        mul = fixed(self.op.input).mul.data
        return value if mul == 1 else value * mul

    def rounded(self, value: Value, scale: BlockScale) -> Value:
        """An element in units of its block's scale."""
        value = self._scaled(value)
        if scale.reciprocal is not None:
            value = value * scale.reciprocal
        return value.rss(scale.shift, si(self.target.bits.data))

    # A scale as one word, to be kept

    @property
    def packed_bits(self) -> int:
        """Bits of a packed scale."""
        more = ssm.SCALE_MANTISSA_BITS + _RECIPROCAL_BITS if self.has_mantissa else 0
        return ssm.EXPONENT_BITS + more

    def packed(self, scale: BlockScale) -> Value:
        """The scale in one word, the exponent lowest."""
        parts = (scale.exponent, scale.mantissa, scale.reciprocal)
        return self.task.concat([part for part in parts if part is not None])

    def unpacked(self, word: Value) -> BlockScale:
        """The scale in a word that `packed` made."""
        exponent = word.slice(0, ssm.EXPONENT_BITS, signed=False)
        if not self.has_mantissa:
            return self._made(exponent, None, None)
        start, bits = ssm.EXPONENT_BITS, ssm.SCALE_MANTISSA_BITS
        mantissa = word.slice(start, bits, signed=False)
        reciprocal = word.slice(start + bits, _RECIPROCAL_BITS, signed=False)
        return self._made(exponent, mantissa, reciprocal)
