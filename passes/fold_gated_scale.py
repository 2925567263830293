"""`fold-gated-scale`: the gated norm's scale moves into out_proj where that quantizes better.

W · H · (g ∘ y) = (W · diag(g) · H⁻¹) · (H · y): the scale g is part either of the operand or of the
weights. An operand is quantized anew for every token and takes a benign scale better; one with a
few large channels fills their groups with zeros. Which it is differs from layer to layer, so it is
measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp

from lmc.cache import Entry
from lmc.diagnostics import UsageError
from lmc.dialects.ssm import GatedNormOp, RecipeStepAttr, ScaleChannelsOp
from lmc.ir.config_attribute import config_of_module
from lmc.ir.editing import (
    erase_unused_weights,
    ops_of,
    refuse,
    replace,
    symbol,
    weights_of,
)
from lmc.ir.groups import require_no_groups
from lmc.ir.pass_base import Effect, LmcPass
from lmc.models.weights import RandomWeights, WeightSource
from lmc.quantization.calibration import (
    Ids,
    calibration_ids,
    can_generate,
    ids_content,
    text_ids,
)
from lmc.quantization.folding_error import folding_errors
from lmc.quantization.gated_scale import GatedScale, folded_recipe, gated_scales
from lmc.quantization.presets import DEFAULT_PRESET, find_preset
from lmc.weights import WeightStore, open_source
from lmc.weights.content import module_content
from lmc.weights.recipes import in_layers

MEASURED, ALL = "measured", "all"
_TOKENS, _SEQUENCES = 96, 8
"""Of calibration text from a file."""


@dataclass(frozen=True)
class FoldGatedScale(LmcPass):
    """Fold the gated norm's scale into out_proj, layer by layer.

    A layer folds if the squared error of out_proj's result on calibration tokens is smaller then,
    with the formats of the preset. The scale stays as an op, with ones in the layers that fold,
    unless all do. No layer of random weights is measured, nor of a model too large to generate
    text, unless `text` gives it. Runs after `defer-norm` and `insert-rotation`.
    """

    name = "fold-gated-scale"
    effect: ClassVar[Effect] = Effect.FLOAT

    layers: str | tuple[int, ...] = MEASURED
    """`measured`, `all`, or the indices of the layers that fold, as in `layers=0,3`."""
    preset: str = DEFAULT_PRESET
    """The formats to measure with: a preset's name or a .toml file."""
    text: str | None = None
    """A text file (UTF-8) to calibrate on; by default the model's own text."""
    seed: int = 0
    """Seed of the model's own text."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module.

        Raises UsageError for an unknown preset or layers that there are none of, and LmcError if
        weights or text cannot be read, the module cannot be run, or ops are in groups already.
        """
        require_no_groups(op, self.name)
        norms = ops_of(op, GatedNormOp)
        if norms:
            raise refuse(norms[0], "fold-gated-scale needs defer-norm to be run before it")
        scales = gated_scales(op)
        if not scales:
            return
        if self.layers == MEASURED:
            chosen = self._measured(op, scales)
        else:
            chosen = [self._named(_count(op, scale.op)) for scale in scales]
        for scale, layers in zip(scales, chosen, strict=True):
            _fold(op, scale, layers)

    def _named(self, count: int) -> list[int]:
        if self.layers == ALL:
            return list(range(count))
        if isinstance(self.layers, str) or not set(self.layers) <= set(range(count)):
            raise UsageError(
                f"fold-gated-scale: layers is measured, all, or indices from 0 to {count - 1}"
            )
        return sorted(set(self.layers))

    def _measured(self, module: ModuleOp, scales: Sequence[GatedScale]) -> list[list[int]]:
        formats = find_preset(self.preset)
        store = WeightStore(module, open_source(module))
        ids = self._ids(module, store.source)
        if ids is None:
            return [[] for _ in scales]
        content, fingerprint = module_content(module), store.source.fingerprint
        entry = Entry("folding", content, fingerprint, repr(formats), ids_content(ids))
        kept = entry.read()
        if kept is not None:
            return kept
        folded = [
            [layer for layer, error in enumerate(errors) if error.folded <= error.kept]
            for errors in folding_errors(store, scales, formats, ids)
        ]
        entry.write(folded)
        return folded

    def _ids(self, module: ModuleOp, source: WeightSource) -> Ids | None:
        """Token ids to measure on; None where there are none that say something."""
        if isinstance(source, RandomWeights):
            return None
        if self.text is not None:
            return text_ids(module, Path(self.text), _TOKENS, _SEQUENCES)
        config = config_of_module(module)
        return calibration_ids(config, source, self.seed) if can_generate(config) else None


def _count(module: ModuleOp, scale: ScaleChannelsOp) -> int:
    """The layers of the scale's weight; 1 where layers are not rolled."""
    return weights_of(module)[symbol(scale.weight)].layer_count


def _fold(module: ModuleOp, scale: GatedScale, layers: Sequence[int]) -> None:
    """Move the scale into the weights of these layers."""
    if not layers:
        return
    weights, name = weights_of(module), symbol(scale.op.weight)
    own, weight = weights[name], weights[symbol(scale.linear.weight)]
    everywhere = len(layers) == _count(module, scale.op)
    recipe = folded_recipe(weight.recipe.data, own.recipe.data, None if everywhere else layers)
    weight.properties["recipe"] = ArrayAttr(recipe)
    if not everywhere:
        own.with_steps(in_layers(RecipeStepAttr.of("ones"), layers))
        return
    source, hint = scale.op.input, scale.op.input.name_hint
    replace(scale.op, source)
    source.name_hint = hint
    erase_unused_weights(module, [name])
