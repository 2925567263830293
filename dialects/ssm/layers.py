"""The repeated layer."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    Float32Type,
    IntegerAttr,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    lazy_traits_def,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import HasParent, IsTerminator, OpTrait, SingleBlockImplicitTerminator

from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.constraints import COUNT
from lmc.dialects.ssm.formats import (
    FixedType,
    format_of,
    shape_of,
)


@irdl_op_definition
class YieldOp(IRDLOperation):
    """Ends a body. Of `ssm.layers`: the carried values and the layer's new states; of `ssm.fused`:
    what leaves the group."""

    name = "ssm.yield"
    values = var_operand_def(TensorType)
    traits = lazy_traits_def(lambda: _traits_of_yield())
    assembly_format = "$values attr-dict `:` type($values)"


def _traits_of_yield() -> tuple[OpTrait, ...]:
    # Groups are ended by it too, and are made of it.
    from lmc.dialects.ssm.fused import FusedOp

    return IsTerminator(), HasParent(LayersOp, FusedOp)


@irdl_op_definition
class LayersOp(IRDLOperation):
    """The repeated layer, written once.

    Operands are `carried` values (the residual stream), passed from layer to layer, then the states
    of all layers stacked along a new first dimension of size `count`. The body's arguments are the
    carried values and one layer's states; it yields them anew. In the body, a weight with `layers`
    means that of the current layer. `layer_to_class` maps layers to layer classes, one class where
    it is absent; one matrix unit, built for the widest class, serves all of them.
    """

    name = "ssm.layers"
    inputs = var_operand_def(TensorType)
    count = prop_def(COUNT)
    carried = prop_def(COUNT)
    layer_to_class = opt_prop_def(DenseArrayBase.constr(i64))
    body = region_def("single_block")
    outputs = var_result_def(TensorType)
    traits = traits_def(SingleBlockImplicitTerminator(YieldOp), HasParent(FuncOp))
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

    @property
    def classes(self) -> tuple[int, ...]:
        """The class of each layer."""
        if self.layer_to_class is None:
            return (0,) * self.count.value.data
        return tuple(int(entry) for entry in self.layer_to_class.iter_values())

    def verify_(self) -> None:
        count, carried = self.count.value.data, self.carried.value.data
        expect(
            carried <= len(self.inputs),
            f"{self.name} carries {carried} values, but has {len(self.inputs)} operands",
        )
        self._verify_classes(count)
        wanted: list[Attribute] = []
        for index, value in enumerate(self.inputs):
            if index < carried:
                expect(
                    len(shape_of(value.type)) == 1
                    and isinstance(format_of(value.type), Float32Type | FixedType),
                    f"{self.name} carries vectors, of f32 or !ssm.fixed, not {value.type}",
                )
                wanted.append(value.type)
                continue
            shape = shape_of(value.type)
            expect(len(shape) > 1, f"{self.name}: {value.type} is no stacked state")
            expect(
                shape[0] == count,
                f"{self.name}: a stacked state has {shape[0]} layers, not {count}",
            )
            wanted.append(TensorType(format_of(value.type), shape[1:]))
        self._verify_body(wanted)
        self._verify_isolated()

    def _verify_body(self, wanted: list[Attribute]) -> None:
        arguments = [argument.type for argument in self.block.args]
        expect(
            arguments == wanted,
            f"{self.name}: the body's arguments are {_listed(arguments)}, but its operands ask "
            f"for {_listed(wanted)}",
        )
        last = self.block.last_op
        yielded = [value.type for value in last.operands] if last is not None else []
        expect(
            yielded == wanted,
            f"{self.name}: the body takes {_listed(wanted)}, but yields {_listed(yielded)}",
        )
        results = [value.type for value in self.outputs]
        operands = [value.type for value in self.inputs]
        expect(
            results == operands,
            f"{self.name}: the results are {_listed(results)}, but the operands "
            f"{_listed(operands)}",
        )

    def _verify_isolated(self) -> None:
        """The body reads nothing of what is around the layers but through its arguments."""
        for op in self.block.ops:
            for operand in op.operands:
                owner = operand.owner
                block = owner.parent if isinstance(owner, Operation) else owner
                expect(
                    block is self.block,
                    f"{self.name}: {op.name} in the body reads a value from outside, which is "
                    f"neither carried nor a state",
                )

    def _verify_classes(self, count: int) -> None:
        """Classes are numbered in the order of the first layer of each."""
        classes = self.classes
        expect(
            len(classes) == count,
            f"{self.name} gives classes to {len(classes)} layers, but counts {count}",
        )
        first = list(dict.fromkeys(classes))
        expect(
            first == list(range(len(first))),
            f"{self.name} numbers the classes of its layers {first}, not from 0 in their order",
        )


def _listed(types: Sequence[Attribute]) -> str:
    return f"({', '.join(map(str, types))})"
