"""The repeated layer."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    DenseArrayBase,
    IntegerAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Block, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import IsTerminator, SingleBlockImplicitTerminator

from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.formats import (
    format_of,
    shape_of,
)


@irdl_op_definition
class YieldOp(IRDLOperation):
    """Ends a body. Of `ssm.layers`: the carried values and the layer's new states; of `ssm.fused`:
    what leaves the group."""

    name = "ssm.yield"
    values = var_operand_def(Attribute)
    traits = traits_def(IsTerminator())
    assembly_format = "$values attr-dict `:` type($values)"


@irdl_op_definition
class LayersOp(IRDLOperation):
    """The repeated layer, written once.

    Operands are `carried` values (the residual stream), passed from layer to layer, then the states
    of all layers stacked along a new first dimension of size `count`. The body's arguments are the
    carried values and one layer's states; it yields them anew. In the body, a weight with `layers`
    means that of the current layer. `layer_to_class` maps layers to layer classes, one class where
    it is absent; one engine, built for the widest class, serves all of them.
    """

    name = "ssm.layers"
    inputs = var_operand_def(TensorType)
    count = prop_def(IntegerAttr[I64])
    carried = prop_def(IntegerAttr[I64])
    layer_to_class = opt_prop_def(DenseArrayBase.constr(i64))
    body = region_def("single_block")
    outputs = var_result_def(TensorType)
    traits = traits_def(SingleBlockImplicitTerminator(YieldOp))
    assembly_format = (
        "$inputs `count` `(` $count `)` `carried` `(` $carried `)` (`classes` $layer_to_class^)? "
        "$body attr-dict `:` functional-type(operands, results)"
    )

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        count: int,
        carried: int,
        body: Region,
    ):
        super().__init__(
            operands=[inputs],
            properties={"count": IntegerAttr(count, i64), "carried": IntegerAttr(carried, i64)},
            regions=[body],
            result_types=[[value.type for value in inputs]],
        )

    @property
    def block(self) -> Block:
        """The one block of the body."""
        return self.body.block

    def verify_(self) -> None:
        count, carried = self.count.value.data, self.carried.value.data
        arguments = [argument.type for argument in self.block.args]
        wanted: list[Attribute] = []
        for index, value in enumerate(self.inputs):
            if index < carried:
                wanted.append(value.type)
                continue
            shape = shape_of(value.type)
            expect(shape[0] == count, f"a stacked state has {shape[0]} layers, not {count}")
            wanted.append(TensorType(format_of(value.type), shape[1:]))
        expect(arguments == wanted, "the body's arguments do not match the operands")
        last = self.block.last_op
        yielded = [value.type for value in last.operands] if last is not None else []
        expect(yielded == wanted, "the body does not yield what it takes")
        expect(
            [value.type for value in self.outputs] == [value.type for value in self.inputs],
            "the results do not match the operands",
        )
