"""Ops of a layer that stream into each other, as a region."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    region_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import HasParent, IsolatedFromAbove

from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.layers import LayersOp, YieldOp


@irdl_op_definition
class FusedOp(IRDLOperation):
    """A group: its ops pass values on to each other as they come, element by element.

    Operands are all values that enter, the body's arguments stand for them, results are all that
    leaves. What crosses the border is kept until all of it is there, unless what reads it takes in
    all of it anyway. `ssm.yield` ends the body.

        %y = ssm.fused(%a_1 = %a : tensor<4xf32>, %b_1 = %b : tensor<4xf32>) {
          %product = ssm.mul %a_1, %b_1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
          %y_1 = ssm.silu %product : (tensor<4xf32>) -> tensor<4xf32>
          ssm.yield %y_1 : tensor<4xf32>
        } : tensor<4xf32>
    """

    name = "ssm.fused"
    inputs = var_operand_def()
    body = region_def("single_block")
    outputs = var_result_def()
    traits = traits_def(IsolatedFromAbove(), HasParent(FuncOp, LayersOp))

    def __init__(self, inputs: Sequence[SSAValue], body: Region):
        last = body.block.last_op
        yielded = last.operands if isinstance(last, YieldOp) else []
        super().__init__(
            operands=[inputs], regions=[body], result_types=[[value.type for value in yielded]]
        )

    @property
    def block(self) -> Block:
        """The one block of the body."""
        return self.body.block

    @property
    def ops(self) -> list[Operation]:
        """The ops of the group, without what ends it."""
        return [op for op in self.block.ops if not isinstance(op, YieldOp)]

    @property
    def yielded(self) -> Sequence[SSAValue]:
        """The values of the body that the results stand for."""
        last = self.block.last_op
        return last.operands if last is not None else ()

    @override
    def verify_(self) -> None:
        arguments, yielded = self.block.args, self.yielded
        expect(
            [value.type for value in arguments] == [value.type for value in self.inputs],
            "the arguments of the group do not match what enters it",
        )
        expect(len(set(self.inputs)) == len(self.inputs), "a value enters the group twice")
        expect(all(value.uses for value in arguments), "no op of the group reads an argument of it")
        expect(isinstance(self.block.last_op, YieldOp), "a group ends in ssm.yield")
        expect(bool(self.ops), "a group has at least one op")
        for op in self.ops:
            expect(not op.regions and bool(op.results), f"{op.name} can't be in a group")
        expect(
            [value.type for value in yielded] == [value.type for value in self.outputs],
            "the results of the group do not match what it yields",
        )
        made = {value for op in self.ops for value in op.results}
        expect(made.issuperset(yielded), "a group yields what its own ops make")
        expect(len(set(yielded)) == len(yielded), "a value leaves the group twice")
        expect(all(value.uses for value in self.outputs), "no op reads a result of the group")

    @override
    def print(self, printer: Printer) -> None:
        """`(%inner = %outer : type, ...) {body} : types of the results`."""

        def binding(pair: tuple[SSAValue, SSAValue]) -> None:
            printer.print_ssa_value(pair[0])
            printer.print_string(" = ")
            printer.print_ssa_value(pair[1])
            printer.print_string(" : ")
            printer.print_attribute(pair[0].type)

        printer.print_string("(")
        printer.print_list(zip(self.block.args, self.inputs, strict=True), binding)
        printer.print_string(") ")
        if self.attributes:
            printer.print_op_attributes(self.attributes, print_keyword=True)
            printer.print_string(" ")
        printer.print_region(self.body, print_entry_block_args=False)
        if self.outputs:
            printer.print_string(" : ")
            printer.print_list([value.type for value in self.outputs], printer.print_attribute)

    @classmethod
    @override
    def parse(cls, parser: Parser) -> FusedOp:
        """The reverse of `print`."""

        def binding() -> tuple[Parser.Argument, SSAValue]:
            inner = parser.parse_argument(expect_type=False)
            parser.parse_punctuation("=")
            outer = parser.parse_unresolved_operand()
            parser.parse_punctuation(":")
            kind = parser.parse_type()
            return inner.resolve(kind), parser.resolve_operand(outer, kind)

        bindings = parser.parse_comma_separated_list(parser.Delimiter.PAREN, binding)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        body = parser.parse_region([inner for inner, _ in bindings])
        types = []
        if parser.parse_optional_punctuation(":") is not None:
            types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        op = cls.create(
            operands=[outer for _, outer in bindings], result_types=types, regions=[body]
        )
        if attributes is not None:
            op.attributes.update(attributes.data)
        return op
