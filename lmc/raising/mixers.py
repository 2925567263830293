"""The mixers of Mamba and Mamba-2 as `ssm` ops, from a configuration and the names of weights."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import (
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    LocationAttr,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    f32,
    f64,
    i64,
)
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.irdl import IRDLOperation

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    BiasOp,
    CausalConv1dStepOp,
    DecayOp,
    GatedNormOp,
    LinearOp,
    MulOp,
    RecipeStepAttr,
    RMSNormOp,
    SelectiveStateUpdateOp,
    SiluOp,
    SoftplusOp,
    SplitOp,
    WeightOp,
    shape_of,
)
from lmc.ir.editing import symbol
from lmc.ir.rewriting import at_work, note
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig, tensor_shapes

# Last parts of a weight's name → its symbol, where that is not the name of the module it is in.
_SYMBOLS = {
    "mixer.norm.weight": "gated_norm",
    "conv1d.weight": "conv_weight",
    "conv1d.bias": "conv_bias",
    "in_proj.bias": "in_proj_bias",
    "out_proj.bias": "out_proj_bias",
    "dt_proj.bias": "dt_bias",
    "mixer.dt_bias": "dt_bias",
    "mixer.A_log": "a",
    "mixer.D": "d",
}


@dataclass(frozen=True)
class Places:
    """Source locations in a module region: by parameter (`in_proj.weight`) or PyTorch operator."""

    known: Mapping[str, LocationAttr]
    otherwise: LocationAttr

    def __getitem__(self, name: str) -> LocationAttr:
        return self.known.get(name, self.otherwise)


class Builder:
    """Appends `ssm` ops to a block and collects the weights that they name."""

    def __init__(self, config: ModelConfig, block: Block) -> None:
        self.config = config
        self.block = block
        self.weights: dict[str, WeightOp] = {}
        """By symbol, in the order of their first use."""
        self._shapes = tensor_shapes(config)

    def weight(self, name: str, location: LocationAttr, *, symbol: str = "") -> SymbolRefAttr:
        """A reference to the weight made from the tensor `name` (canonical), as the ops take it.

        Raises LmcError if the configuration has no such tensor.
        """
        if name not in self._shapes:
            raise LmcError(f"by its configuration the model has no weight {name}")
        symbol = symbol or _symbol(name)
        if symbol not in self.weights:
            steps, shape = _recipe(name, self._shapes[name])
            self.weights[symbol] = WeightOp(symbol, TensorType(f32, shape), steps)
            self.weights[symbol].location = location
            note(self.weights[symbol])
        return SymbolRefAttr(symbol)

    def add(
        self,
        kind: type[IRDLOperation],
        operands: Sequence[SSAValue],
        results: Mapping[str, Sequence[int]],
        location: LocationAttr,
        **properties: Attribute,
    ) -> list[SSAValue]:
        """Append an op; `results` gives the name and the shape of each of its results."""
        op = kind.create(
            operands=operands,
            result_types=[TensorType(f32, shape) for shape in results.values()],
            properties=properties,
            location=location,
        )
        for result, hint in zip(op.results, results, strict=True):
            result.name_hint = hint
        self.block.add_op(op)
        note(op)
        return list(op.results)

    def linear(
        self, x: SSAValue, module: str, hint: str, at: Places, *, bias: bool = False
    ) -> SSAValue:
        """The linear layer at the path `module`, with its bias where it has one."""
        name = f"{module}.weight"
        place = at[name.split(".mixer.")[-1]]
        shape = {hint: self._shapes[name][:1]}
        (y,) = self.add(LinearOp, [x], shape, place, weight=self.weight(name, place))
        return self.bias(y, f"{module}.bias", hint, place) if bias else y

    def bias(self, x: SSAValue, name: str, hint: str, place: LocationAttr) -> SSAValue:
        """x plus the vector `name`."""
        weight = self.weight(name, place)
        return self.add(BiasOp, [x], {hint: shape_of(x.type)}, place, weight=weight)[0]

    def silu(self, x: SSAValue, hint: str, at: Places) -> SSAValue:
        """x · sigmoid(x)."""
        return self.add(SiluOp, [x], {hint: shape_of(x.type)}, at["aten.silu"])[0]

    def split(self, x: SSAValue, sizes: Mapping[str, int], at: Places) -> list[SSAValue]:
        """Consecutive pieces by name and length."""
        place = at["aten.split_with_sizes"]
        return self.add(SplitOp, [x], {hint: [size] for hint, size in sizes.items()}, place)


@dataclass(frozen=True)
class MixerValues:
    """What a mixer takes and makes: a vector [d_model] and the layer's states."""

    hidden: SSAValue
    conv_state: SSAValue
    ssm_state: SSAValue


def build_mixer(builder: Builder, path: str, inputs: MixerValues, at: Places) -> MixerValues:
    """Append the mixer at the path `path` of the model; `at` are its source locations."""
    if isinstance(builder.config, Mamba1Config):
        with at_work(_build_mamba1):
            return _build_mamba1(builder, builder.config, path, inputs, at)
    with at_work(_build_mamba2):
        return _build_mamba2(builder, builder.config, path, inputs, at)


def _build_mamba1(
    b: Builder, config: Mamba1Config, path: str, inputs: MixerValues, at: Places
) -> MixerValues:
    xz = b.linear(inputs.hidden, f"{path}.in_proj", "xz", at, bias=config.use_bias)
    x, z = b.split(xz, {"x": config.d_inner, "z": config.d_inner}, at)
    x, conv_state = _build_convolution(b, path, x, inputs.conv_state, at)
    x = b.silu(x, "x", at)
    dbc = b.linear(x, f"{path}.x_proj", "dbc", at)
    sizes = {"dt": config.dt_rank, "b": config.d_state, "c": config.d_state}
    dt, *bc = _build_norms(b, config, b.split(dbc, sizes, at), at)
    dt = b.linear(dt, f"{path}.dt_proj", "dt", at, bias=True)
    dt = _build_softplus(b, dt, at)
    y, ssm_state = _build_state_update(b, path, inputs.ssm_state, [dt, x, *bc], at)
    gate = b.silu(z, "gate", at)
    (gated,) = b.add(MulOp, [y, gate], {"gated": [config.d_inner]}, at["aten.silu"])
    out = b.linear(gated, f"{path}.out_proj", "out", at, bias=config.use_bias)
    return MixerValues(out, conv_state, ssm_state)


def _build_mamba2(
    b: Builder, config: Mamba2Config, path: str, inputs: MixerValues, at: Places
) -> MixerValues:
    zxbcdt = b.linear(inputs.hidden, f"{path}.in_proj", "zxbcdt", at, bias=config.use_bias)
    sizes = {"z": config.d_inner, "xbc": config.conv_dim, "dt": config.n_heads}
    z, xbc, dt = b.split(zxbcdt, sizes, at)
    xbc, conv_state = _build_convolution(b, path, xbc, inputs.conv_state, at)
    xbc = b.silu(xbc, "xbc", at)
    grouped = config.n_groups * config.d_state
    xbc = b.split(xbc, {"x": config.d_inner, "b": grouped, "c": grouped}, at)
    dt = b.bias(dt, f"{path}.dt_bias", "dt", at["dt_bias"])
    dt = _build_softplus(b, dt, at)
    y, ssm_state = _build_state_update(b, path, inputs.ssm_state, [dt, *xbc], at)
    place = at["norm.weight"]
    (normed,) = b.add(
        GatedNormOp,
        [y, z],
        {"normed": [config.d_inner]},
        place,
        weight=b.weight(f"{path}.norm.weight", place),
        eps=FloatAttr(config.eps, f64),
        norm_group=IntegerAttr(config.norm_group_size, i64),
    )
    out = b.linear(normed, f"{path}.out_proj", "out", at, bias=config.use_bias)
    return MixerValues(out, conv_state, ssm_state)


def _build_convolution(
    b: Builder, path: str, x: SSAValue, state: SSAValue, at: Places
) -> list[SSAValue]:
    place = at["conv1d.weight"]
    properties: dict[str, Attribute] = {"weight": b.weight(f"{path}.conv1d.weight", place)}
    if b.config.conv_bias:
        properties["bias"] = b.weight(f"{path}.conv1d.bias", place)
    shapes = {"conv": shape_of(x.type), "new_conv_state": shape_of(state.type)}
    return b.add(CausalConv1dStepOp, [x, state], shapes, place, **properties)


def _build_norms(
    b: Builder, config: Mamba1Config, pieces: Sequence[SSAValue], at: Places
) -> list[SSAValue]:
    """Falcon-Mamba's norms of dt's input, B and C; other models' pieces as they are."""
    if config.projection_eps is None:
        return list(pieces)
    eps, place = FloatAttr(config.projection_eps, f64), at["aten.rsqrt"]
    return [
        b.add(RMSNormOp, [x], {f"{x.name_hint}_normed": shape_of(x.type)}, place, eps=eps)[0]
        for x in pieces
    ]


def _build_softplus(b: Builder, dt: SSAValue, at: Places) -> SSAValue:
    low, high = b.config.dt_limit if isinstance(b.config, Mamba2Config) else (0.0, math.inf)
    limits: dict[str, Attribute] = {}
    if low > 0.0:
        limits["low"] = FloatAttr(low, f64)
    if high < math.inf:
        limits["high"] = FloatAttr(high, f64)
    return b.add(SoftplusOp, [dt], {"dt": shape_of(dt.type)}, at["aten.softplus"], **limits)[0]


def _build_state_update(
    b: Builder, path: str, state: SSAValue, dtxbc: Sequence[SSAValue], at: Places
) -> list[SSAValue]:
    dt, x = dtxbc[:2]
    place = at["A_log"]
    a = b.weight(f"{path}.A_log", place)
    shape = shape_of(b.weights[symbol(a)].type)
    (decay,) = b.add(DecayOp, [dt], {"decay": shape}, place, weight=a)
    return b.add(
        SelectiveStateUpdateOp,
        [state, decay, *dtxbc],
        {"y": shape_of(x.type), "new_ssm_state": shape_of(state.type)},
        at["D"],
        d=b.weight(f"{path}.D", at["D"]),
    )


def _symbol(name: str) -> str:
    """`in_proj_3` for backbone.layers.3.mixer.in_proj.weight; `norm_f` outside of the layers."""
    parts = name.split(".")
    short = next((s for end, s in _SYMBOLS.items() if name.endswith(f".{end}")), parts[-2])
    return f"{short}_{parts[2]}" if parts[1] == "layers" else short


def _recipe(name: str, shape: tuple[int, ...]) -> tuple[list[RecipeStepAttr], tuple[int, ...]]:
    """Steps and shape of a weight, from the tensor's name and its shape in a checkpoint."""
    steps = [RecipeStepAttr.of("load", name=StringAttr(name))]
    if name.endswith(".A_log"):
        steps.append(RecipeStepAttr.of("neg_exp"))
    if name.endswith(".conv1d.weight"):
        channels, _, taps = shape
        shape = (channels, taps)
        steps.append(RecipeStepAttr.of("reshape", shape=DenseArrayBase.from_list(i64, shape)))
    return steps, shape
