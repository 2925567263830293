"""`insert-rotation`: Hadamard rotations that spread outliers before quantization.

The residual stream is rotated by one orthonormal matrix R, which RMSNorm without a scale commutes
with; R is folded offline into all weights that write to the stream or read from it (QuaRot, arXiv
2404.00456; for Mamba: LightMamba, arXiv 2502.15260). The operand of out_proj comes from elementwise
products, which do not commute with a rotation, so it gets an online Hadamard, whose inverse is
folded into out_proj.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.ir import Operation, SSAValue

from lmc.diagnostics import UsageError
from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    EmbeddingOp,
    LayersOp,
    LinearOp,
    RecipeStepAttr,
    RMSNormOp,
    RotateOp,
    ScaleOp,
    YieldOp,
    shape_of,
)
from lmc.equivalence.equality import EqualityProof
from lmc.ir.editing import (
    create_before,
    ops_of,
    refuse,
    symbol,
    symbol_users,
    users,
    weights_of,
)
from lmc.ir.pass_base import Effect, LmcPass
from lmc.numerics.divisors import power_of_two_divisor
from lmc.numerics.hadamard import block_order

_ONLINE = ("block", "full", "none")


@dataclass(frozen=True)
class InsertRotation(LmcPass):
    """Rotate the residual stream offline and the operand of out_proj online.

    Needs norms without weights (`fold-norm-scales`). Works before and after `defer-norm`. The
    module is run before and after, and must give the same logits; one that names no weights cannot
    run and is only rewritten.
    """

    name = "insert-rotation"
    effect: ClassVar[Effect] = Effect.FLOAT

    online: str = "block"
    """What of out_proj's operand is rotated: `block` by block, its `full` length, or `none`."""
    block: int = 64
    """Order of the blocks: the largest power of two up to this that divides d_inner."""
    seed: int = 0
    """Seed of the random signs of the residual rotation."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module.

        Raises LmcError if the stream is read or written by something that a rotation does not
        commute with, or if the logits do not stay as they were, and UsageError for an option that
        makes no sense.
        """
        if self.block < 1:
            raise UsageError(f"insert-rotation: the block is at least 1, not {self.block}")
        if self.online not in _ONLINE:
            raise UsageError(
                f"insert-rotation: online is {', '.join(_ONLINE)}, not {self.online!r}"
            )
        stream = _ResidualStream(op)
        for embedding in ops_of(op, EmbeddingOp):
            stream.follow(embedding)
        proof = EqualityProof.begin(op)
        stream.rotate_weights(self.seed)
        for writer in stream.writers:
            (width,) = shape_of(writer.input.type)
            _rotate_operand(op, writer, self._order(width))
        if proof is not None:
            proof.finish(self.name, op, stream.value_names())

    def _order(self, width: int) -> int:
        """Of the online Hadamard matrix for an operand of this width."""
        if self.online == "none":
            return 1
        if self.online == "full":
            return block_order(width)
        return power_of_two_divisor(width, self.block)


class _ResidualStream:
    """The ops at the edge of the residual stream, found by following it from the embedding."""

    def __init__(self, module: ModuleOp):
        self.module = module
        self.readers: list[Operation] = []
        self.writers: list[LinearOp] = []
        self.biases: list[Operation] = []
        self.embeddings: list[Operation] = []
        self._rotated: set[SSAValue] = set()

    def follow(self, embedding: EmbeddingOp) -> None:
        """Record what reads and writes the stream that an embedding begins."""
        self.embeddings.append(embedding)
        self._follow(embedding.result)

    def _follow(self, value: SSAValue) -> None:
        if value in self._rotated:
            return
        self._rotated.add(value)
        for use in list(value.uses):
            op = use.operation
            if isinstance(op, AddOp):
                self._record_writer(op, op.operands[1 - use.index])
                self._follow(op.result)
            elif isinstance(op, RMSNormOp):
                self._record_readers(op)
            elif isinstance(op, LayersOp):
                self._follow(op.block.args[use.index])
                self._follow(op.outputs[use.index])
            elif not isinstance(op, YieldOp):
                raise refuse(op, "insert-rotation cannot rotate the residual stream for this op")

    def _record_readers(self, norm: RMSNormOp) -> None:
        if norm.weight is not None:
            raise refuse(
                norm,
                f"a rotation does not commute with the norm's scale @{symbol(norm.weight)}; "
                f"run fold-norm-scales before insert-rotation",
            )
        self._rotated.add(norm.result)
        for reader in users(norm.result):
            if not isinstance(reader, LinearOp):
                raise refuse(reader, "insert-rotation needs linear layers after a norm")
            self.readers.append(reader)

    def _record_writer(self, add: AddOp, value: SSAValue) -> None:
        written = [value]
        if isinstance(written[-1].owner, BiasOp):
            self.biases.append(written[-1].owner)
            written.append(written[-1].owner.input)
        producer = written[-1].owner
        if isinstance(producer, ScaleOp) and shape_of(producer.factor.type) == (1,):
            written.append(producer.input)
        producer = written[-1].owner
        if not isinstance(producer, LinearOp):
            raise refuse(add, "insert-rotation needs a linear layer to add to the residual stream")
        self.writers.append(producer)
        self._rotated.update(written)

    def value_names(self) -> set[str]:
        """The names, as the interpreter gives them, of all values that are rotated."""
        return {
            value.name_hint or value.owner.name
            for value in self._rotated
            if isinstance(value.owner, Operation)
        }

    def rotate_weights(self, seed: int) -> None:
        """Extend the recipes: rows are what is written to the stream, columns what is read."""
        self._extend("rotate_columns", [*self.embeddings, *self.readers], seed)
        self._extend("rotate_rows", [*self.writers, *self.biases], seed)

    def _extend(self, kind: str, ops: list[Operation], seed: int) -> None:
        weights = weights_of(self.module)
        options = {"kind": StringAttr("hadamard"), "seed": IntegerAttr(seed, i64)}
        named: dict[str, list[Operation]] = {}
        for op in ops:
            named.setdefault(_weight_name(op), []).append(op)
        for name, readers in named.items():
            _require_sole_readers(self.module, name, readers)
            weights[name].with_steps(RecipeStepAttr(StringAttr(kind), DictionaryAttr(options)))


def _weight_name(op: Operation) -> str:
    assert isinstance(op, EmbeddingOp | LinearOp | BiasOp)
    return symbol(op.weight)


def _require_sole_readers(module: ModuleOp, name: str, readers: list[Operation]) -> None:
    for other in symbol_users(module, name):
        if other not in readers:
            raise refuse(other, f"@{name} cannot be rotated, because this op reads it as well")


def _rotate_operand(module: ModuleOp, linear: LinearOp, block: int) -> None:
    if block == 1:
        return
    order = IntegerAttr(block, i64)
    rotated = create_before(
        linear, RotateOp, [linear.input], [linear.input.type], {"block": order}, hint="rotated"
    )
    linear.operands[0] = rotated.result
    name = symbol(linear.weight)
    _require_sole_readers(module, name, [linear])
    weights_of(module)[name].with_steps(RecipeStepAttr.of("unrotate_blocks", block=order))
