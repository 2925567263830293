"""A decode step as lowering looks at it: all its ops, the linear layers, the repeated layer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import gcd

from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Block, Operation

from lmc.analysis.lowering_order import lowering_order
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow.names import legal_name
from lmc.ir.config_attribute import tokens_of_module
from lmc.ir.editing import symbol
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape

FRONT = "front"
"""The kernel of what comes before the first linear layer."""


@dataclass(frozen=True)
class DecodeStep:
    """Ops of a decode step as they are lowered, in the layers too; weights and tables by name."""

    ops: Sequence[Operation]
    linears: Sequence[ssm.LinearOp]
    layers: ssm.LayersOp
    weights: Mapping[str, ssm.WeightOp]
    tables: Mapping[str, ssm.TableOp]
    tokens: int | None
    """Ids that stand for a token; those after them pad the vocabulary. None: all do."""

    @property
    def layer_count(self) -> int:
        """How often the layer is repeated."""
        return self.layers.count.value.data

    @cached_property
    def kernels(self) -> Mapping[Operation, str]:
        """The kernel of each op: it is named after the last linear layer so far."""
        found: dict[Operation, str] = {}
        kernel = FRONT
        for op in self.ops:
            if isinstance(op, ssm.LinearOp):
                kernel = legal_name(f"after_{symbol(op.weight)}")
            found[op] = kernel
        return found

    def vector_lanes(
        self, shape: MatrixUnitShape, tilings: Sequence[MatrixTiling], most: int
    ) -> int:
        """Elements in a word of a vector's stream: the most, up to `most`, that divide all vectors,
        runs of them and blocks of activations, and fit the rows of the matrix unit."""
        sizes = [most, *(tiling.activation_block for tiling in tilings)]
        for op in self.ops:
            if isinstance(op, ssm.SplitOp):
                sizes += [run.length for run in op.runs.runs]
            for value in op.results:
                is_vector = isinstance(value.type, TensorType) and len(value.type.get_shape()) == 1
                if is_vector and not isinstance(ssm.format_of(value.type), ssm.PseudoFloatType):
                    sizes.append(ssm.shape_of(value.type)[0])
        lanes = reduce(gcd, sizes)
        return gcd(lanes, shape.rows) if lanes % shape.rows else lanes


def _ordered(block: Block) -> Iterator[Operation]:
    """The ops of a block as they are lowered, and after the layers those inside of them."""
    for op in lowering_order(block):
        yield op
        if isinstance(op, ssm.LayersOp):
            yield from _ordered(op.block)


def decode_step(function: func.FuncOp, module_ops: Sequence[Operation]) -> DecodeStep:
    """The decode step that a function is.

    Raises:
        LmcError: the function has no linear layer, or not just one ssm.layers.
    """
    ops = list(_ordered(function.body.block))
    linears = [op for op in ops if isinstance(op, ssm.LinearOp)]
    layers = [op for op in ops if isinstance(op, ssm.LayersOp)]
    if not linears or len(layers) != 1:
        raise LmcError(
            "a model to lower has linear layers and one ssm.layers: run roll-layers first"
        )
    weights = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.WeightOp)}
    tables = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.TableOp)}
    module = function.parent_op()
    tokens = tokens_of_module(module) if isinstance(module, ModuleOp) else None
    return DecodeStep(ops, linears, layers[0], weights, tables, tokens)
