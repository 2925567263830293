"""A decode step as lowering looks at it: all its ops, the linear layers, the repeated layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import gcd

from xdsl.dialects import func
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.memory_layout.tiling import EngineShape, MatrixTiling


@dataclass(frozen=True)
class DecodeStep:
    """Ops of a decode step, inside of layers too, and the module's weights by name."""

    ops: Sequence[Operation]
    linears: Sequence[ssm.LinearOp]
    layers: ssm.LayersOp
    weights: Mapping[str, ssm.WeightOp]

    @property
    def layer_count(self) -> int:
        """How often the layer is repeated."""
        return self.layers.count.value.data

    def vector_lanes(self, shape: EngineShape, tilings: Sequence[MatrixTiling], most: int) -> int:
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


def decode_step(function: func.FuncOp, module_ops: Sequence[Operation]) -> DecodeStep:
    """The decode step that a function is.

    Raises:
        LmcError: the function has no linear layer, or not just one ssm.layers.
    """
    ops = list(function.walk())
    linears = [op for op in ops if isinstance(op, ssm.LinearOp)]
    layers = [op for op in ops if isinstance(op, ssm.LayersOp)]
    if not linears or len(layers) != 1:
        raise LmcError(
            "a model to lower has linear layers and one ssm.layers: run roll-layers first"
        )
    weights = {op.sym_name.data: op for op in module_ops if isinstance(op, ssm.WeightOp)}
    return DecodeStep(ops, linears, layers[0], weights)
