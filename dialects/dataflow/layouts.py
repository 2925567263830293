"""What a bank's words hold: one segment after the other, all of one kind.

    #dataflow.vector<@dt_bias, lanes 4, bits 14>

Elements are packed into whole words, the first one lowest, and never straddle words.
"""

from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import IntAttr, SymbolRefAttr
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

ID_BITS = 32
"""Bits of a token id in memory."""

NIBBLE = 4
"""Bits of a weight in one pass of the matrix unit."""


def elements_per_word(word_bits: int, element_bits: int) -> int:
    """How many elements a word holds; an element never straddles two words."""
    return word_bits // element_bits


def words_for(count: int, word_bits: int, element_bits: int) -> int:
    """Words that hold `count` elements, the last one partly filled if need be."""
    return -(-count // elements_per_word(word_bits, element_bits))


class SegmentAttr(ParametrizedAttribute):
    """A segment, written as `#dataflow.kind<@symbol, field integer, ...>`, in this order."""

    DIRECTION: ClassVar[str]
    """What its bank is used for."""
    HAS_IMAGE: ClassVar[bool] = False
    """Whether its bank is filled before the first launch."""
    ANY_SIGN: ClassVar[tuple[str, ...]] = ()
    """Fields that may be any integer."""
    FROM_ZERO: ClassVar[tuple[str, ...]] = ()
    """Fields that may be zero; all others are at least 1."""

    @classmethod
    def of(cls, symbol: str | None = None, **fields: int) -> Self:
        """The segment of a weight or table, if it is one of such, with these fields."""
        parameters: list[Attribute] = [] if symbol is None else [SymbolRefAttr(symbol)]
        names = [name for name in cls._fields() if name != "symbol"]
        if list(fields) != names:
            raise TypeError(f"{cls.name} has {', '.join(names)}, got {', '.join(fields)}")
        return cls(*parameters, *map(IntAttr, fields.values()))

    @classmethod
    def kind(cls) -> str:
        """What it is called in texts for others."""
        return cls.name.removeprefix("dataflow.")

    @classmethod
    def _fields(cls) -> list[str]:
        return [name for name, _ in cls.get_irdl_definition().parameters]

    def fields(self) -> dict[str, int]:
        """The integers by name."""
        pairs = zip(self._fields(), self.parameters, strict=True)
        return {name: value.data for name, value in pairs if isinstance(value, IntAttr)}

    def verify(self) -> None:
        """VerifyException when a field is out of range."""
        for name, value in self.fields().items():
            least = 0 if name in self.FROM_ZERO else 1
            if name not in self.ANY_SIGN and value < least:
                raise VerifyException(f"#{self.name}: {name} is at least {least}, got {value}")
        self.verify_fields()

    def verify_fields(self) -> None:
        """VerifyException when fields do not go together."""

    def verify_words(self, word_bits: int) -> None:
        """VerifyException when this is not cut into words of so many bits."""

    def words_taken(self, word_bits: int) -> int | None:  # noqa: ARG002
        """Words that the segment takes; None where more than itself tells."""
        return None

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Each field once, in order."""
        found: list[Attribute] = []
        names = cls._fields()
        if not names:
            return found
        with parser.in_angle_brackets():
            for name in names:
                if found:
                    parser.parse_punctuation(",", f" before {name} of #{cls.name}")
                if name == "symbol":
                    found.append(SymbolRefAttr(parser.parse_symbol_name()))
                    continue
                parser.parse_keyword(name, f" in #{cls.name}")
                found.append(IntAttr(parser.parse_integer(allow_boolean=False)))
        return found

    def print_parameters(self, printer: Printer) -> None:
        """The reverse of `parse_parameters`."""
        if not self.parameters:
            return
        with printer.in_angle_brackets():
            pairs = zip(self._fields(), self.parameters, strict=True)
            printer.print_list(pairs, lambda pair: _print_field(printer, *pair))


def _print_field(printer: Printer, name: str, value: Attribute) -> None:
    if isinstance(value, IntAttr):
        printer.print_string(f"{name} {value.data}")
    else:
        printer.print_attribute(value)


@irdl_attr_definition
class MatrixAttr(SegmentAttr):
    """What one lane of the matrix unit reads of a matrix: scales and weights, interleaved.

    `sets` sets of `rows` rows from `first_row` on, of each round of `round_rows` rows; a weight
    word has nibbles for `rows` rows and `inputs` columns. `block` columns share an exponent of the
    activations.
    """

    name = "dataflow.matrix"
    DIRECTION = "read"
    HAS_IMAGE = True
    FROM_ZERO = ("first_row", "exponent_bits")
    symbol: SymbolRefAttr
    first_row: IntAttr
    sets: IntAttr
    round_rows: IntAttr
    rows: IntAttr
    inputs: IntAttr
    block: IntAttr
    mantissa_bits: IntAttr
    exponent_bits: IntAttr

    def verify_fields(self) -> None:
        last = self.first_row.data + self.sets.data * self.rows.data
        if last > self.round_rows.data:
            raise VerifyException(
                f"#{self.name}: rows {self.first_row.data} to {last} are not in a round of "
                f"{self.round_rows.data}"
            )

    def verify_words(self, word_bits: int) -> None:
        needed = NIBBLE * self.rows.data * self.inputs.data
        if needed != word_bits:
            raise VerifyException(
                f"#{self.name}: {self.rows.data} rows of {self.inputs.data} nibbles are {needed} "
                f"bits, a word has {word_bits}"
            )


@irdl_attr_definition
class VectorAttr(SegmentAttr):
    """A weight vector's integers, `lanes` of `bits` bits to an element, layer after layer."""

    name = "dataflow.vector"
    DIRECTION = "read"
    HAS_IMAGE = True
    symbol: SymbolRefAttr
    lanes: IntAttr
    bits: IntAttr

    def verify_words(self, word_bits: int) -> None:
        _verify_element(self, self.lanes.data * self.bits.data, word_bits)


@irdl_attr_definition
class TableAttr(SegmentAttr):
    """A function table's entries, of `bits` bits."""

    name = "dataflow.table"
    DIRECTION = "read"
    HAS_IMAGE = True
    symbol: SymbolRefAttr
    bits: IntAttr

    def verify_words(self, word_bits: int) -> None:
        _verify_element(self, self.bits.data, word_bits)


@irdl_attr_definition
class RowsAttr(SegmentAttr):
    """Rows of an embedding, each in whole words: an element is `lanes` weights and their scale."""

    name = "dataflow.rows"
    DIRECTION = "read"
    HAS_IMAGE = True
    FROM_ZERO = ("exponent_bits",)
    symbol: SymbolRefAttr
    lanes: IntAttr
    mantissa_bits: IntAttr
    exponent_bits: IntAttr


@irdl_attr_definition
class StateAttr(SegmentAttr):
    """A state, `count` elements of `bits` bits for each layer, each layer in whole words."""

    name = "dataflow.state"
    DIRECTION = "read_write"
    bits: IntAttr
    count: IntAttr
    layers: IntAttr

    def verify_words(self, word_bits: int) -> None:
        _verify_element(self, self.bits.data, word_bits)

    def words_taken(self, word_bits: int) -> int:
        return words_for(self.count.data, word_bits, self.bits.data) * self.layers.data


@irdl_attr_definition
class LogitsAttr(SegmentAttr):
    """A token's logits, `lanes` of `bits` bits to an element: value q · mul · 2^-frac."""

    name = "dataflow.logits"
    DIRECTION = "write"
    ANY_SIGN = ("frac",)
    words: IntAttr
    length: IntAttr
    lanes: IntAttr
    bits: IntAttr
    frac: IntAttr
    mul: IntAttr

    def verify_fields(self) -> None:
        if self.length.data % self.lanes.data:
            raise VerifyException(
                f"#{self.name}: {self.length.data} logits are no multiple of {self.lanes.data}"
            )

    def verify_words(self, word_bits: int) -> None:
        _verify_element(self, self.lanes.data * self.bits.data, word_bits)
        _verify_count(self, self.words_taken(word_bits), self.words.data)

    def words_taken(self, word_bits: int) -> int:
        element = self.lanes.data * self.bits.data
        return words_for(self.length.data // self.lanes.data, word_bits, element)


@irdl_attr_definition
class PromptAttr(SegmentAttr):
    """The prompt's token ids, one to a word."""

    name = "dataflow.prompt"
    DIRECTION = "read"

    def verify_words(self, word_bits: int) -> None:
        _verify_ids(self, word_bits)


@irdl_attr_definition
class TokensAttr(SegmentAttr):
    """The ids of the tokens that the device has chosen, one to a word."""

    name = "dataflow.tokens"
    DIRECTION = "write"

    def verify_words(self, word_bits: int) -> None:
        _verify_ids(self, word_bits)


def _verify_element(segment: SegmentAttr, bits: int, word_bits: int) -> None:
    if bits > word_bits:
        raise VerifyException(
            f"#{segment.name}: an element of {bits} bits is not in a word of {word_bits}"
        )


def _verify_count(segment: SegmentAttr, needed: int, words: int) -> None:
    if needed != words:
        raise VerifyException(f"#{segment.name} takes {needed} words, not {words}")


def _verify_ids(segment: SegmentAttr, word_bits: int) -> None:
    if word_bits != ID_BITS:
        raise VerifyException(f"#{segment.name}: a token id has {ID_BITS} bits, not {word_bits}")


SEGMENTS: list[type[Attribute]] = [
    MatrixAttr,
    VectorAttr,
    TableAttr,
    RowsAttr,
    StateAttr,
    LogitsAttr,
    PromptAttr,
    TokensAttr,
]
"""All kinds of segments."""


def verify_layout(
    layout: Sequence[SegmentAttr], direction: str, word_bits: int, words: int
) -> None:
    """VerifyException when these segments are not what a bank of such words can hold."""
    if not layout:
        raise VerifyException("a layout without segments: leave it out")
    kinds = dict.fromkeys(segment.kind() for segment in layout)
    if len(kinds) > 1:
        raise VerifyException(f"a bank holds segments of one kind, not {' and '.join(kinds)}")
    if not isinstance(layout[0], MatrixAttr | VectorAttr | TableAttr) and len(layout) > 1:
        raise VerifyException(f"a bank holds {layout[0].kind()} once, not {len(layout)} times")
    for segment in layout:
        if direction != segment.DIRECTION:
            raise VerifyException(
                f"#{segment.name} is in a bank with direction {segment.DIRECTION}, not {direction}"
            )
        segment.verify_words(word_bits)
        taken = segment.words_taken(word_bits)
        if taken is not None:
            _verify_count(segment, taken, words)
