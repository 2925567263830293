"""Weights: symbols with a recipe; the data stays in the checkpoint until needed."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    Float32Type,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolNameConstraint,
    TensorType,
    i64,
)
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    traits_def,
)
from xdsl.traits import HasParent, SymbolOpInterface
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.constraints import COUNT, Activation, Tensor
from lmc.dialects.ssm.formats import FixedType, WeightType
from lmc.dialects.ssm.recipes import RecipeStepAttr, verify_steps
from lmc.dialects.ssm.step_kinds import (
    INTEGER_STEPS,
    PERMUTE_ROWS,
    QUANTIZE,
    integers_of,
)


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
    type = prop_def(
        Tensor(Activation((FixedType, WeightType)), (("elements",), ("rows", "columns")))
    )
    layers = opt_prop_def(COUNT)
    recipe = prop_def(ArrayAttr[RecipeStepAttr])

    traits = traits_def(SymbolOpInterface(), HasParent(ModuleOp))

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

    @property
    def widths(self) -> tuple[int, ...]:
        """Bits of an integer matrix in each layer, which may be fewer than its type's."""
        element = self.type.element_type
        bits = element.bits.data if isinstance(element, WeightType) else 0
        for step in self.recipe:
            given = integers_of(step.options.data.get("bits"))
            if given is not None:
                return given
        return (bits,) * self.layer_count

    def with_steps(self, *steps: RecipeStepAttr, weight_type: TensorType | None = None) -> None:
        """Extend the recipe in place; `weight_type` replaces the type where a step changes it."""
        self.properties["recipe"] = ArrayAttr([*self.recipe, *steps])
        if weight_type is not None:
            self.properties["type"] = weight_type

    def verify_(self) -> None:
        try:
            layers = None if self.layers is None else self.layer_count
            verify_steps(self.recipe.data, self.type.get_shape(), layers)
            self._verify_integers()
        except VerifyException as error:
            raise VerifyException(f"{self.name} @{self.sym_name.data}: {error}") from error

    def _verify_integers(self) -> None:
        """Integers are made once, where the type asks for them, and then only change places."""
        element, kinds = self.type.element_type, [step.kind.data for step in self.recipe]
        made = [number for number, kind in enumerate(kinds) if kind in INTEGER_STEPS]
        expect(len(made) < 2, f"its recipe makes integers twice, by {' and '.join(INTEGER_STEPS)}")
        if isinstance(element, Float32Type):
            expect(not made, f"its recipe makes integers, but its elements are {element}")
            return
        expect(
            bool(made),
            f"its elements are {element}, so its recipe has a step of {' or '.join(INTEGER_STEPS)}",
        )
        later = [kind for kind in kinds[made[0] + 1 :] if kind != PERMUTE_ROWS]
        expect(
            not later,
            f"recipe step {later[0] if later else ''} works on real values, but stands after "
            f"{kinds[made[0]]}",
        )
        if isinstance(element, WeightType):
            self._verify_matrix(element, self.recipe.data[made[0]])
        else:
            own = self.recipe.data[made[0]]
            expect(
                own.kind.data == QUANTIZE and "bits" not in own.options.data,
                f"{element} elements come from a {QUANTIZE} without bits",
            )

    def _verify_matrix(self, element: WeightType, step: RecipeStepAttr) -> None:
        shape, group = self.type.get_shape(), element.group.data
        expect(
            len(shape) == 2 and shape[1] % group == 0,
            f"groups of {group} do not divide the columns of {self.type}",
        )
        hashes = step.options.data.get("hashes")
        if isinstance(hashes, ArrayAttr):
            expect(
                len(hashes) == self.layer_count,
                f"its recipe names {len(hashes)} artifacts for {self.layer_count} layers",
            )
        widths = integers_of(step.options.data.get("bits"))
        if widths is not None:
            expect(
                len(widths) == self.layer_count
                and 2 <= min(widths) <= max(widths) <= element.bits.data,
                f"the widths {list(widths)} of its recipe do not fit {self.layer_count} layers "
                f"of at most {element.bits.data} bits",
            )
