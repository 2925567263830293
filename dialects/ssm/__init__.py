"""The `ssm` dialect: the layers of a Mamba model at the grain of the field (levels 1 to 3).

One op serves both sides of the quantization line: with f32 results it means the real function, with
a number format of `formats.py` it means the integer arithmetic of `docs/number-formats.md`. Tensors
have no batch dimension: the IR is one decode step of one sequence; the interpreter adds leading
dimensions.
"""

from xdsl.ir import Dialect

from lmc.dialects.ssm.formats import (
    BlockType,
    FixedType,
    PseudoFloatType,
    WeightType,
    format_of,
    is_for_study,
    shape_of,
)
from lmc.dialects.ssm.fused import FusedOp
from lmc.dialects.ssm.layers import LayersOp, YieldOp
from lmc.dialects.ssm.orders import RunOrderAttr
from lmc.dialects.ssm.pointwise import (
    AddOp,
    BiasOp,
    MulOp,
    QuantizeOp,
    RequantizeOp,
    ScaleChannelsOp,
    SiluOp,
    SoftplusOp,
    SplitOp,
)
from lmc.dialects.ssm.recipes import RecipeStepAttr
from lmc.dialects.ssm.recurrence import CausalConv1dStepOp, DecayOp, SelectiveStateUpdateOp
from lmc.dialects.ssm.tables import TableOp
from lmc.dialects.ssm.traits import (
    ChannelWise,
    ConvertsFormat,
    HasState,
    HoldsOperands,
    KeepsFormat,
    KeepsRole,
    MakesResidualStream,
    MakesTimeStep,
    Normalizes,
    ReadsRow,
    TakesPowerOfTwoScales,
    TakesRowsOfState,
    TakesTiles,
    TakesWhole,
    Tiled,
    WorksByHead,
)
from lmc.dialects.ssm.vectors import (
    EmbeddingOp,
    GatedNormOp,
    LinearOp,
    RMSNormOp,
    RMSScaleOp,
    RotateOp,
    ScaleOp,
)
from lmc.dialects.ssm.weights import WeightOp
from lmc.numerics.block import (
    EXPONENT_BITS,
    MAX_EXPONENT,
    SCALE_MANTISSA_BITS,
    STUDY_MANTISSA_BITS,
)

__all__ = [
    "EXPONENT_BITS",
    "MAX_EXPONENT",
    "SCALE_MANTISSA_BITS",
    "SSM",
    "STUDY_MANTISSA_BITS",
    "AddOp",
    "BiasOp",
    "BlockType",
    "CausalConv1dStepOp",
    "ChannelWise",
    "ConvertsFormat",
    "DecayOp",
    "EmbeddingOp",
    "FixedType",
    "FusedOp",
    "GatedNormOp",
    "HasState",
    "HoldsOperands",
    "KeepsFormat",
    "KeepsRole",
    "LayersOp",
    "LinearOp",
    "MakesResidualStream",
    "MakesTimeStep",
    "MulOp",
    "Normalizes",
    "PseudoFloatType",
    "QuantizeOp",
    "RMSNormOp",
    "RMSScaleOp",
    "ReadsRow",
    "RecipeStepAttr",
    "RequantizeOp",
    "RotateOp",
    "RunOrderAttr",
    "ScaleChannelsOp",
    "ScaleOp",
    "SelectiveStateUpdateOp",
    "SiluOp",
    "SoftplusOp",
    "SplitOp",
    "TableOp",
    "TakesPowerOfTwoScales",
    "TakesRowsOfState",
    "TakesTiles",
    "TakesWhole",
    "Tiled",
    "WeightOp",
    "WeightType",
    "WorksByHead",
    "YieldOp",
    "format_of",
    "is_for_study",
    "shape_of",
]

SSM = Dialect(
    "ssm",
    [
        AddOp,
        BiasOp,
        CausalConv1dStepOp,
        DecayOp,
        EmbeddingOp,
        FusedOp,
        GatedNormOp,
        LayersOp,
        LinearOp,
        MulOp,
        QuantizeOp,
        RMSNormOp,
        RMSScaleOp,
        RequantizeOp,
        RotateOp,
        ScaleChannelsOp,
        ScaleOp,
        SelectiveStateUpdateOp,
        SiluOp,
        SoftplusOp,
        SplitOp,
        TableOp,
        WeightOp,
        YieldOp,
    ],
    [BlockType, FixedType, PseudoFloatType, RecipeStepAttr, RunOrderAttr, WeightType],
)
