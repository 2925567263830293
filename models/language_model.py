"""A Mamba or Mamba-2 language model around its mixers: the decode step and prefill.

Parameter names are those of the state-spaces checkpoints. B is the batch, T the number of tokens,
V the padded vocabulary.
"""

import torch
from torch import Tensor, nn

from lmc.models.config import Mamba1Config, ModelConfig, state_shapes, tensor_shapes
from lmc.models.layers import LMHead, RMSNorm
from lmc.models.mamba1 import MambaMixer
from lmc.models.mamba2 import Mamba2Mixer
from lmc.models.weights import WeightSource, check_weights


class Block(nn.Module):
    """Pre-norm residual block: hidden + mixer(norm(hidden)); the residual stream is float32."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.norm = RMSNorm(config.d_model, config.eps)
        self.mixer = MambaMixer(config) if isinstance(config, Mamba1Config) else Mamba2Mixer(config)

    def forward(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """One token: hidden [B, d_model] and the mixer's states → the same."""
        out, conv_state, ssm_state = self.mixer(self.norm(hidden), conv_state, ssm_state)
        return hidden + out, conv_state, ssm_state

    def scan(
        self, hidden: Tensor, conv_state: Tensor, ssm_state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Several tokens: hidden [B, T, d_model] and the mixer's states → the same."""
        out, conv_state, ssm_state = self.mixer.scan(self.norm(hidden), conv_state, ssm_state)
        return hidden + out, conv_state, ssm_state


class Backbone(nn.Module):
    """Embedding, blocks and final norm."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.padded_vocab_size, config.d_model)
        self.layers = nn.ModuleList([Block(config) for _ in range(config.n_layers)])
        self.norm_f = RMSNorm(config.d_model, config.eps)

    def forward(self, ids: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """One token: ids [B] and two states a layer → hidden [B, d_model], then the states."""
        hidden = self.embedding(ids)
        new_states: list[Tensor] = []
        for index, layer in enumerate(self.layers):
            hidden, *layer_states = layer(hidden, *states[2 * index : 2 * index + 2])
            new_states += layer_states
        return self.norm_f(hidden), *new_states

    def scan(self, ids: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """Several tokens: ids [B, T] → hidden [B, T, d_model], then the states after the last."""
        hidden = self.embedding(ids)
        new_states: list[Tensor] = []
        for index, layer in enumerate(self.layers):
            assert isinstance(layer, Block)
            hidden, *layer_states = layer.scan(hidden, *states[2 * index : 2 * index + 2])
            new_states += layer_states
        return self.norm_f(hidden), *new_states


class MambaLM(nn.Module):
    """A language model whose `forward` is the decode step, ready for torch.export.

    States are a flat list: for each layer conv_state [B, conv_dim, d_conv-1], oldest input first,
    then ssm_state, [B, d_inner, d_state] for Mamba and [B, n_heads, head_dim, d_state] for Mamba-2.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = Backbone(config)
        self.lm_head = LMHead(config.d_model, config.padded_vocab_size)
        self._tie()

    def forward(self, ids: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """One token: ids int64 [B] and states → logits [B, V], then the new states."""
        hidden, *new_states = self.backbone(ids, *states)
        return self.lm_head(hidden), *new_states

    def prefill(self, ids: Tensor) -> tuple[Tensor, list[Tensor]]:
        """A prompt from the cold state: ids int64 [B, T] → logits [B, T, V], states after it."""
        hidden, *states = self.backbone.scan(ids, *self.zero_states(ids.shape[0]))
        return self.lm_head(hidden), states

    def zero_states(self, batch: int = 1) -> list[Tensor]:
        """The states before the first token, all zero, on the module's device."""
        like = self.backbone.norm_f.weight
        return [like.new_zeros((batch, *shape)) for shape in state_shapes(self.config)]

    def allocate(self, device: str | torch.device) -> "MambaLM":
        """Give a module built on `meta` memory on a device, values undefined; returns itself."""
        self.to_empty(device=device)
        self._tie()  # to_empty makes new parameters
        return self

    def _tie(self) -> None:
        if self.config.tie_embeddings:
            self.lm_head.weight = self.backbone.embedding.weight


def build_module(config: ModelConfig, device: str | torch.device = "meta") -> MambaLM:
    """The module of a config, its weights not initialized; on `meta` it takes no memory."""
    with torch.device("meta"):
        module = MambaLM(config)
    return module if str(device) == "meta" else module.allocate(device)


def load_module(config: ModelConfig, source: WeightSource) -> MambaLM:
    """The module of a config with a source's weights, float32 on the CPU, for inference.

    Raises LmcError if a tensor is missing, has another shape than the config says, or is not
    finite.
    """
    check_weights(config, source)
    module = build_module(config, "cpu")
    parameters = dict(module.named_parameters())
    for name in tensor_shapes(config):
        parameters[name].detach().numpy()[...] = source.load(name)
    return module.requires_grad_(False).eval()
