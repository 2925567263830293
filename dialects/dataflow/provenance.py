"""Where a task comes from and what a stream carries: for readers, those of C++ too.

No design depends on it. `lmc trace` finds values in the C++ by it.

    #dataflow.origin<"ssm.silu", [#dataflow.value<"z", tensor<512x!ssm.fixed<16, 9>>>],
                     [#dataflow.value<"gate", tensor<512x!ssm.fixed<16, 9>>>], [], "layers.py:42">
    #dataflow.carried<!ssm.fixed<16, 9>, 8 : i64, 64 : i64, "layer">
"""

from collections.abc import Sequence

from xdsl.dialects.builtin import I64, ArrayAttr, IntegerAttr, StringAttr, i64
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.utils.exceptions import VerifyException


@irdl_attr_definition
class ValueAttr(ParametrizedAttribute):
    """`#dataflow.value<"name", type>`: an operand or a result of an op of level 3."""

    name = "dataflow.value"
    value_name: StringAttr
    type: Attribute


@irdl_attr_definition
class OriginAttr(ParametrizedAttribute):
    """The op of level 3 that a task does, or does a part of.

    `weights` are names of parameters of the PyTorch model, with `{layer}` for a layer's number;
    `source` is the line that the op comes from, `mamba2.py:38`, empty where it is not known.
    """

    name = "dataflow.origin"
    op_name: StringAttr
    operands: ArrayAttr[ValueAttr]
    results: ArrayAttr[ValueAttr]
    weights: ArrayAttr[StringAttr]
    source: StringAttr

    @classmethod
    def of(
        cls,
        op_name: str,
        operands: Sequence[ValueAttr],
        results: Sequence[ValueAttr],
        parameters: Sequence[str],
        source: str,
    ) -> "OriginAttr":
        """The attribute of these parts."""
        return cls(
            StringAttr(op_name),
            ArrayAttr(operands),
            ArrayAttr(results),
            ArrayAttr([StringAttr(one) for one in parameters]),
            StringAttr(source),
        )


@irdl_attr_definition
class CarriedAttr(ParametrizedAttribute):
    """What a stream carries in a round: `words` words of `lanes` elements of a format.

    `round_name` is the loop whose iterations are rounds: `layer`, or `token`.
    """

    name = "dataflow.carried"
    element: Attribute
    lanes: IntegerAttr[I64]
    words: IntegerAttr[I64]
    round_name: StringAttr

    @classmethod
    def of(cls, element: Attribute, lanes: int, words: int, round_name: str) -> "CarriedAttr":
        """The attribute of these parts."""
        numbers = IntegerAttr(lanes, i64), IntegerAttr(words, i64)
        return cls(element, *numbers, StringAttr(round_name))

    def verify(self) -> None:
        """VerifyException when a number is not positive."""
        if min(self.lanes.value.data, self.words.value.data) < 1:
            raise VerifyException("a stream carries words of one element or more, and one or more")
