"""The step of a recipe that makes integers of real values, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lmc.dialects.ssm import RecipeStepAttr
from lmc.dialects.ssm.step_kinds import INTEGER_STEPS, QUANTIZE


@dataclass(frozen=True)
class RecipeParts:
    """A recipe's steps on real values, the step that makes integers, and those on integers."""

    on_reals: Sequence[RecipeStepAttr]
    integers: RecipeStepAttr | None = None
    on_integers: Sequence[RecipeStepAttr] = ()

    @property
    def quantize(self) -> RecipeStepAttr | None:
        """The step that makes integers if it is one that rounds."""
        step = self.integers
        return step if step is not None and step.kind.data == QUANTIZE else None


def split_recipe(recipe: Sequence[RecipeStepAttr]) -> RecipeParts:
    """A recipe in its parts; a real weight's has only steps on real values."""
    for index, step in enumerate(recipe):
        if step.kind.data in INTEGER_STEPS:
            return RecipeParts(recipe[:index], step, recipe[index + 1 :])
    return RecipeParts(recipe)


def integer_step(recipe: Sequence[RecipeStepAttr]) -> RecipeStepAttr | None:
    """The step of a recipe that makes integers; None in that of a real weight."""
    return split_recipe(recipe).integers
