"""Weights and tables: symbols with a recipe; the data stays in the checkpoint until needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    traits_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface
from xdsl.utils.exceptions import VerifyException


@irdl_attr_definition
class RecipeStepAttr(ParametrizedAttribute):
    """`#ssm.step<kind, {parameters}>`: one step of how a weight is made.

    `lmc.weights.recipes` evaluates steps one layer at a time. A string parameter may hold
    `{layer}`, which stands for the index of the layer. The first step of a recipe is `load`.
    """

    name = "ssm.step"
    kind: StringAttr
    options: DictionaryAttr

    @classmethod
    def of(cls, kind: str, **options: Attribute) -> Self:
        """The step with these parameters."""
        return cls(StringAttr(kind), DictionaryAttr(options))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            kind = parser.parse_identifier("the kind of the step")
            if parser.parse_optional_characters(",") is None:
                return [StringAttr(kind), DictionaryAttr({})]
            options = parser.parse_attribute()
            if not isinstance(options, DictionaryAttr):
                parser.raise_error("the options of a recipe step are a dictionary")
            return [StringAttr(kind), options]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.kind.data)
            if self.options.data:
                printer.print_string(", ")
                printer.print_attribute(self.options)


@irdl_op_definition
class WeightOp(IRDLOperation):
    """A weight of the model: its shape and number format in one layer, and the recipe that makes
    it.

        ssm.weight @in_proj : tensor<1160x256xf32> layers 8 = [
          #ssm.step<load, {name = "backbone.layers.{layer}.mixer.in_proj.weight"}>]

    `layers` is present when the weight is one of the rolled layers' and counts them. The element
    type is f32 above
    the quantization line, `!ssm.wint` for matrices and `!ssm.fixed` for vectors below it; the
    recipe then has a `quantize` step, or an `artifact` step that names the integers' files, as its
    last but for `permute_rows`.
    """

    name = "ssm.weight"

    sym_name = prop_def(SymbolNameConstraint())
    type = prop_def(TensorType)
    layers = opt_prop_def(IntegerAttr[I64])
    recipe = prop_def(ArrayAttr[RecipeStepAttr])

    traits = traits_def(SymbolOpInterface())

    assembly_format = "$sym_name `:` $type (`layers` $layers^)? `=` $recipe attr-dict"

    def __init__(
        self,
        sym_name: str,
        weight_type: TensorType,
        recipe: Sequence[RecipeStepAttr],
        layers: int | None = None,
    ):
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "type": weight_type,
                "layers": None if layers is None else IntegerAttr(layers, i64),
                "recipe": ArrayAttr(recipe),
            }
        )

    @property
    def layer_count(self) -> int:
        """Layers that the weight is there for, 1 where it is not one of the rolled layers'."""
        return 1 if self.layers is None else self.layers.value.data

    def with_steps(self, *steps: RecipeStepAttr, weight_type: TensorType | None = None) -> None:
        """Extend the recipe in place; `weight_type` replaces the type where a step changes it."""
        self.properties["recipe"] = ArrayAttr([*self.recipe, *steps])
        if weight_type is not None:
            self.properties["type"] = weight_type

    def verify_(self) -> None:
        if not self.recipe.data or self.recipe.data[0].kind.data != "load":
            raise VerifyException(
                f"the recipe of weight @{self.sym_name.data} does not begin with load"
            )


@irdl_op_definition
class TableOp(IRDLOperation):
    """A function table: piecewise linear on equal segments, or the mantissas of a reciprocal root.

        ssm.table @silu function "silu"
          {low = -16384, segments = 1024, shift = 5, slope_frac = 12}
          : !ssm.fixed<16, 11> to !ssm.fixed<16, 12>

    The contents are a function of this text alone (`lmc.numerics.tables`) and are stored with the
    weights.
    """

    name = "ssm.table"

    sym_name = prop_def(SymbolNameConstraint())
    function = prop_def(StringAttr)
    options = prop_def(DictionaryAttr)
    input = prop_def()
    output = prop_def()

    traits = traits_def(SymbolOpInterface())

    assembly_format = "$sym_name `function` $function $options `:` $input `to` $output attr-dict"

    def __init__(
        self,
        sym_name: str,
        function: str,
        options: dict[str, int],
        input_format: Attribute,
        output_format: Attribute,
    ):
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "function": StringAttr(function),
                "options": DictionaryAttr({k: IntegerAttr(v, i64) for k, v in options.items()}),
                "input": input_format,
                "output": output_format,
            }
        )

    def option(self, name: str) -> int:
        """The value of an integer option."""
        value = self.options.data[name]
        assert isinstance(value, IntegerAttr)
        return value.value.data
