"""Shapes and options of a Mamba or Mamba-2 language model, as frozen dataclasses.

`Mamba1Config` and `Mamba2Config` hold what the compiler needs and nothing else; `config_parsing`
makes them from the config.json of a checkpoint, `tensor_shapes` says which weights a model has.
"""

import math
from dataclasses import dataclass
from typing import Literal

from lmc.diagnostics import LmcError

Arch = Literal["mamba1", "mamba2"]

MOST_LAYERS = 65536
"""Layers of a model; what has more is a mistake, and lists of its tensors would fill the memory."""


@dataclass(frozen=True, kw_only=True)
class _CommonConfig:
    """Fields that Mamba-1 and Mamba-2 share; sizes are numbers of elements."""

    vocab_size: int
    """Tokens with a meaning; ids from here to `padded_vocab_size` are padding rows."""
    padded_vocab_size: int
    """Rows of the embedding and of the LM head: the width of the logits."""
    d_model: int
    n_layers: int
    d_inner: int
    d_state: int
    d_conv: int
    """Taps of the causal convolution; the conv state holds the last d_conv - 1 inputs."""
    eps: float = 1e-5
    tie_embeddings: bool = True
    """The LM head uses the embedding's tensor."""
    use_bias: bool = False
    """in_proj and out_proj have a bias."""
    conv_bias: bool = True
    residual_in_fp32: bool = True

    def __post_init__(self) -> None:
        """Check the sizes; raises LmcError naming the one that cannot be."""
        sizes = {
            "vocab_size": self.vocab_size,
            "d_model": self.d_model,
            "number of layers": self.n_layers,
            "d_inner": self.d_inner,
            "d_state": self.d_state,
        }
        for name, size in sizes.items():
            if size < 1:
                raise LmcError(f"the model's {name} is {size}; it must be at least 1")
        if self.n_layers > MOST_LAYERS:
            raise LmcError(
                f"the model's number of layers is {self.n_layers}; it can be {MOST_LAYERS} at most"
            )
        if self.d_conv < 2:
            raise LmcError(f"a convolution of {self.d_conv} taps is not supported; use at least 2")
        if self.padded_vocab_size < self.vocab_size:
            raise LmcError(
                f"the padded vocabulary ({self.padded_vocab_size}) is smaller than the "
                f"vocabulary ({self.vocab_size})"
            )
        _check_eps(self.eps, "norm's epsilon")


@dataclass(frozen=True, kw_only=True)
class Mamba1Config(_CommonConfig):
    """A Mamba language model (arXiv 2312.00752): one SSM of d_state values for each channel."""

    dt_rank: int
    """Width of the low-rank input of dt_proj."""
    projection_eps: float | None = None
    """Epsilon of Falcon-Mamba's RMS norms of dt's input, B and C, which have no weights; None if
    there are no such norms."""

    def __post_init__(self) -> None:
        """Check the sizes; raises LmcError naming the one that cannot be."""
        super().__post_init__()
        if self.dt_rank < 1:
            raise LmcError(f"the model's dt_rank is {self.dt_rank}; it must be at least 1")
        if self.projection_eps is not None:
            _check_eps(self.projection_eps, "epsilon of the norms of dt, B and C")

    @property
    def arch(self) -> Arch:
        """The architecture's name."""
        return "mamba1"

    @property
    def conv_dim(self) -> int:
        """Channels of the causal convolution: x."""
        return self.d_inner


@dataclass(frozen=True, kw_only=True)
class Mamba2Config(_CommonConfig):
    """A Mamba-2 language model (arXiv 2405.21060): heads with a scalar decay, B and C by group."""

    n_heads: int
    head_dim: int
    n_groups: int
    norm_group_size: int
    """Channels the gated norm's root mean square is taken over; divides d_inner."""
    dt_limit: tuple[float, float] = (0.0, math.inf)
    """Bounds that dt = softplus(dt + dt_bias) is clamped to."""

    def __post_init__(self) -> None:
        """Check that heads, groups and limits fit; raises LmcError naming what does not."""
        super().__post_init__()
        for name in ("n_heads", "head_dim", "n_groups", "norm_group_size"):
            if getattr(self, name) < 1:
                raise LmcError(f"the model's {name} is {getattr(self, name)}; it must be >= 1")
        if self.n_heads * self.head_dim != self.d_inner:
            raise LmcError(
                f"{self.n_heads} heads of {self.head_dim} channels do not make the model's "
                f"inner width of {self.d_inner}"
            )
        if self.n_heads % self.n_groups:
            raise LmcError(f"{self.n_heads} heads cannot be shared by {self.n_groups} groups")
        if self.d_inner % self.norm_group_size:
            raise LmcError(
                f"norm groups of {self.norm_group_size} do not divide the inner width of "
                f"{self.d_inner}"
            )
        low, high = self.dt_limit
        if not 0.0 <= low < high:
            raise LmcError(f"the time step limits ({low}, {high}) are not an interval above 0")

    @property
    def arch(self) -> Arch:
        """The architecture's name."""
        return "mamba2"

    @property
    def conv_dim(self) -> int:
        """Channels of the causal convolution: x, B and C."""
        return self.d_inner + 2 * self.n_groups * self.d_state


ModelConfig = Mamba1Config | Mamba2Config


def tensor_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every weight of a model, in the order of the layers.

    Names are those of the state-spaces checkpoints. A tied LM head has no entry of its own.
    """
    shapes: dict[str, tuple[int, ...]] = {
        "backbone.embedding.weight": (config.padded_vocab_size, config.d_model)
    }
    mixer = _mixer_shapes(config)
    for layer in range(config.n_layers):
        prefix = f"backbone.layers.{layer}"
        shapes[f"{prefix}.norm.weight"] = (config.d_model,)
        shapes |= {f"{prefix}.mixer.{name}": shape for name, shape in mixer.items()}
    shapes["backbone.norm_f.weight"] = (config.d_model,)
    if not config.tie_embeddings:
        shapes["lm_head.weight"] = (config.padded_vocab_size, config.d_model)
    return shapes


def state_shapes(config: ModelConfig) -> list[tuple[int, ...]]:
    """Shapes of a model's states without the batch: conv and SSM state of each layer in turn."""
    conv = (config.conv_dim, config.d_conv - 1)
    if isinstance(config, Mamba1Config):
        return [conv, (config.d_inner, config.d_state)] * config.n_layers
    return [conv, (config.n_heads, config.head_dim, config.d_state)] * config.n_layers


def parameter_count(config: ModelConfig) -> int:
    """Number of weights; a tied LM head is counted once, padding rows are counted."""
    return sum(math.prod(shape) for shape in tensor_shapes(config).values())


def is_large(config: ModelConfig) -> bool:
    """Whether running all of the model on the host takes so long that less of it is run."""
    return parameter_count(config) > 20_000_000


def _check_eps(eps: float, what: str) -> None:
    if not 0.0 < eps < 1.0:
        raise LmcError(f"the {what} is {eps}; it must lie between 0 and 1")


def _mixer_shapes(config: ModelConfig) -> dict[str, tuple[int, ...]]:
    if isinstance(config, Mamba1Config):
        projected = 2 * config.d_inner
        inner: dict[str, tuple[int, ...]] = {
            "x_proj.weight": (config.dt_rank + 2 * config.d_state, config.d_inner),
            "dt_proj.weight": (config.d_inner, config.dt_rank),
            "dt_proj.bias": (config.d_inner,),
            "A_log": (config.d_inner, config.d_state),
            "D": (config.d_inner,),
        }
    else:
        projected = config.d_inner + config.conv_dim + config.n_heads
        inner = {
            "dt_bias": (config.n_heads,),
            "A_log": (config.n_heads,),
            "D": (config.n_heads,),
            "norm.weight": (config.d_inner,),
        }
    shapes: dict[str, tuple[int, ...]] = {"in_proj.weight": (projected, config.d_model)}
    if config.use_bias:
        shapes["in_proj.bias"] = (projected,)
    shapes["conv1d.weight"] = (config.conv_dim, 1, config.d_conv)
    if config.conv_bias:
        shapes["conv1d.bias"] = (config.conv_dim,)
    shapes |= inner
    shapes["out_proj.weight"] = (config.d_model, config.d_inner)
    if config.use_bias:
        shapes["out_proj.bias"] = (config.d_model,)
    return shapes
