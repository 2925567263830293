"""Hugging Face's Mamba models as a decode step with explicit states, and their configuration.

The model itself is not touched: its cache is built and taken apart inside the step.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.nn import functional

from lmc.diagnostics import LmcError
from lmc.models.config import ModelConfig
from lmc.models.config_parsing import parse_config


class PrependOldest(nn.Module):
    """A convolution window of k - 1 inputs → the k columns of transformers' cache.

    The column in front is shifted out by the step before it is used, so any value will do.
    """

    def forward(self, window: Tensor) -> Tensor:
        """[B, C, k-1] → [B, C, k], a tensor of its own."""
        return functional.pad(window, (1, 0))


class DropOldest(nn.Module):
    """The k columns of transformers' cache → the k - 1 inputs that the next step needs."""

    def forward(self, window: Tensor) -> Tensor:
        """[B, C, k] → [B, C, k-1]."""
        return window.clone()[..., 1:]


class DecodeStep(nn.Module):
    """The decode step of a MambaForCausalLM, Mamba2ForCausalLM or FalconMambaForCausalLM.

    States are those of `lmc.models`: for each layer conv_state [B, C, k-1], then ssm_state.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.prepend_oldest = PrependOldest()
        self.drop_oldest = DropOldest()

    def forward(self, ids: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """One token: ids int64 [B] and states → logits [B, V], then the new states."""
        cache = self._make_cache(states)
        output = self.model(ids[:, None], cache_params=cache, use_cache=True, return_dict=True)
        new_states: list[Tensor] = []
        for layer in cache.layers:
            new_states += [self.drop_oldest(layer.conv_states[0]), layer.recurrent_states[0]]
        return output.logits[:, -1], *new_states

    def _make_cache(self, states: Sequence[Tensor]) -> Any:
        # Imported late: only those who hand over such a model need transformers.
        from transformers.cache_utils import DynamicCache

        model: Any = self.model
        cache: Any = DynamicCache(config=model.config)
        for index, layer in enumerate(cache.layers):
            window = self.prepend_oldest(states[2 * index])
            layer.conv_states[0] = window
            layer.conv_kernel_size[0] = window.shape[-1]
            # The model writes into its cache; the step's inputs stay as they are.
            layer.recurrent_states[0] = states[2 * index + 1].clone()
            layer.dtype, layer.device = window.dtype, window.device
            layer.is_conv_states_initialized[0] = True
            layer.is_recurrent_states_initialized[0] = True
            layer.has_previous_state[0] = True
        return cache


def hugging_face_config(model: Any) -> ModelConfig:
    """Configuration of a MambaForCausalLM, Mamba2ForCausalLM or FalconMambaForCausalLM.

    What the module itself decides is read from the module: whether the LM head is tied, and the
    width of the gated norm's groups (older releases of transformers normalize over all channels).
    `module_facts` compares the rest.
    A `time_step_limit` is followed as the model's prefill does; its cached step leaves it out.
    Raises LmcError naming the value that lmc cannot compile.
    """
    where = f"{type(model).__name__}'s configuration"
    if not len(model.backbone.layers):
        raise LmcError(f"{where}: the model has no layers")
    values: dict[str, object] = model.config.to_dict()
    values["tie_word_embeddings"] = model.lm_head.weight is model.backbone.embeddings.weight
    gated_norm = getattr(model.backbone.layers[0].mixer, "norm", None)
    if gated_norm is not None:
        width = gated_norm.weight.shape[0]
        values["norm_group_size"] = getattr(gated_norm, "group_size", width)
    return parse_config(values, where)
