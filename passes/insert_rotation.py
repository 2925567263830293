"""`insert-rotation`: Hadamard rotations that spread outliers before quantization.

The residual stream is rotated by one orthonormal matrix R, which RMSNorm without a scale commutes
with; R is folded offline into all weights that write to the stream or read from it (QuaRot, arXiv
2404.00456; for Mamba: LightMamba, arXiv 2502.15260). The operand of out_proj comes from elementwise
products, which do not commute with a rotation, so it gets an online Hadamard in blocks, whose
inverse is folded into out_proj.
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
from lmc.passes.base import Effect, LmcPass
from lmc.passes.editing import (
    create_before,
    ops_of,
    refuse,
    symbol,
    symbol_users,
    users,
    weights_of,
)


@dataclass(frozen=True)
class InsertRotation(LmcPass):
    """Rotate the residual stream offline and the operand of out_proj online.

    Needs norms without weights (`fold-norm-scales`). Works before and after `defer-norm`.
    """

    name = "insert-rotation"
    effect: ClassVar[Effect] = Effect.FLOAT

    block: int = 64
    """Order of the online Hadamard: the largest power of two up to this that divides d_inner."""
    online: bool = True
    """Whether out_proj's operand is rotated."""
    seed: int = 0
    """Seed of the random signs of the residual rotation."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module.

        Raises LmcError if the stream is read or written by something that a rotation does not
        commute with, and UsageError for a block below 1.
        """
        if self.block < 1:
            raise UsageError(f"insert-rotation: the block is at least 1, not {self.block}")
        stream = _ResidualStream(op)
        for embedding in ops_of(op, EmbeddingOp):
            stream.follow(embedding)
        stream.rotate_weights(self.seed)
        if self.online:
            for writer in stream.writers:
                _rotate_operand(op, writer, self.block)


class _ResidualStream:
    """The ops at the edge of the residual stream, found by following it from the embedding."""

    def __init__(self, module: ModuleOp):
        self.module = module
        self.readers: list[Operation] = []
        self.writers: list[LinearOp] = []
        self.biases: list[Operation] = []
        self.embeddings: list[Operation] = []
        self._seen: set[SSAValue] = set()

    def follow(self, embedding: EmbeddingOp) -> None:
        """Record what reads and writes the stream that an embedding begins."""
        self.embeddings.append(embedding)
        self._follow(embedding.result)

    def _follow(self, value: SSAValue) -> None:
        if value in self._seen:
            return
        self._seen.add(value)
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
        for reader in users(norm.result):
            if not isinstance(reader, LinearOp):
                raise refuse(reader, "insert-rotation needs linear layers behind a norm")
            self.readers.append(reader)

    def _record_writer(self, add: AddOp, value: SSAValue) -> None:
        producer = value.owner
        if isinstance(producer, BiasOp):
            self.biases.append(producer)
            producer = producer.input.owner
        if isinstance(producer, ScaleOp) and shape_of(producer.factor.type) == (1,):
            producer = producer.input.owner
        if not isinstance(producer, LinearOp):
            raise refuse(add, "insert-rotation needs a linear layer to add to the residual stream")
        self.writers.append(producer)

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


def _rotate_operand(module: ModuleOp, linear: LinearOp, limit: int) -> None:
    (width,) = shape_of(linear.input.type)
    # The lowest set bit is the largest power of two that divides the width.
    block = min(width & -width, 1 << (limit.bit_length() - 1))
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
