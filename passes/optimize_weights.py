"""`optimize-weights`: integer weights by GPTQ instead of rounding, kept as artifacts.

The module runs once on calibration tokens. Before a linear layer computes, its weights are chosen
for the quantized operands it is about to see, so that later layers see what earlier ones with
their new weights give. The integers go into the store of `lmc.weights.artifacts`; recipes name
them.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, StringAttr, TensorType, i64
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Attribute

from lmc.diagnostics import UsageError
from lmc.dialects.ssm import LayersOp, LinearOp, WeightType, YieldOp, format_of, shape_of
from lmc.ir.config_attribute import config_of_module
from lmc.ir.editing import ops_of, symbol, symbol_users, weights_of
from lmc.ir.pass_base import Effect, LmcPass
from lmc.models.weights import RandomWeights, WeightSource
from lmc.quantization.calibration import can_generate, generate_ids, sequences_at_once, text_ids
from lmc.quantization.optimizer import Optimizer
from lmc.weights import open_source

REPORT = "lmc.optimized_weights"
"""Module attribute: calibration tokens, and for each weight the error on them that is left, in
percent of that of rounding; or why nothing was done."""
_ELEMENTS = 1 << 25
"""Elements of a value, over all calibration tokens, that are in memory at once by default."""
_FEWEST = 16


@dataclass(frozen=True)
class OptimizeWeights(LmcPass):
    """Choose the integers of linear layers by GPTQ (arXiv 2210.17323), without a change of format.

    Random weights are left as they are, since nothing is learned from what they make of a text,
    and so are models too large to generate one, unless `text` gives it. Can be run again.
    """

    name = "optimize-weights"
    effect: ClassVar[Effect] = Effect.NUMBERS

    text: str | None = None
    """A text file (UTF-8) to calibrate on; by default the model's own text."""
    sequences: int | None = None
    """Sequences of calibration tokens, each from a cold state; by default 48, down to 16 where the
    values of so many would not fit some 100 MB each."""
    tokens: int = 96
    """Tokens of each."""
    seed: int = 0
    """Seed of the model's own text."""
    skip_random: bool = True
    """Whether random weights are left as they are."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module and write artifacts.

        Raises UsageError for an option out of range, and LmcError if the module's weights or the
        text cannot be read, or artifacts cannot be written.
        """
        if (self.sequences is not None and self.sequences < 1) or self.tokens < 2:
            raise UsageError("optimize-weights: sequences is at least 1 and tokens at least 2")
        source = open_source(op)
        reason = self._skipped(op, source)
        if reason is not None:
            op.attributes[REPORT] = StringAttr(f"skipped: {reason}")
            return
        shape = (self.tokens, self.sequences or self._sequences_that_fit(op))
        if self.text is not None:
            ids = text_ids(op, Path(self.text), *shape)
        elif isinstance(source, RandomWeights):
            # What random weights write says no more than random ids.
            rng = np.random.Generator(np.random.PCG64(self.seed))
            ids = rng.integers(config_of_module(op).vocab_size, size=shape)
        else:
            ids = generate_ids(config_of_module(op), source, self.seed, *shape)
        errors = Optimizer(op, source, _weights_to_choose(op)).run(ids)
        entries: dict[str, Attribute] = {"tokens": IntegerAttr(ids.size, i64)}
        entries |= {name: IntegerAttr(round(100 * left), i64) for name, left in errors.items()}
        op.attributes[REPORT] = DictionaryAttr(entries)

    def _sequences_that_fit(self, module: ModuleOp) -> int:
        # States are no values of a token, and logits are not computed.
        passed = {value for op in ops_of(module, YieldOp) for value in op.operands[1:]}
        passed |= {value for op in ops_of(module, ReturnOp) for value in op.operands}
        results = [value for op in module.walk() for value in op.results if value not in passed]
        widest = max(
            math.prod(shape_of(value.type))
            for value in results
            if isinstance(value.type, TensorType) and not isinstance(value.owner, LayersOp)
        )
        most = sequences_at_once(config_of_module(module))
        return min(max(_ELEMENTS // (widest * self.tokens), _FEWEST), most)

    def _skipped(self, module: ModuleOp, source: WeightSource) -> str | None:
        if isinstance(source, RandomWeights) and self.skip_random:
            return "random weights are clipped and rounded"
        if self.text is None and not can_generate(config_of_module(module)):
            return "the model is too large to generate calibration text; give one as text=FILE"
        return None


def _weights_to_choose(module: ModuleOp) -> list[str]:
    """Integer matrices that one op reads, a linear layer."""
    weights = weights_of(module)
    names = [symbol(op.weight) for op in ops_of(module, LinearOp)]
    return [
        name
        for name in names
        if isinstance(format_of(weights[name].type), WeightType)
        and len(symbol_users(module, name)) == 1
    ]
