"""Models of mamba.py (`mambapy.lm.LM` with a Mamba) for lmc: an adapter.

A folder has a config.json with the fields of `mambapy.mamba.MambaConfig` and the `vocab_size` of
the language model, and the model's state_dict as model.safetensors or pytorch_model.bin.
"""

import math
from collections.abc import Mapping

import numpy as np

from lmc.models.adapters import Adapter, Made
from lmc.models.config import Mamba1Config, ModelConfig, tensor_shapes
from lmc.models.config_fields import Fields

LMC_API_VERSION = 1

# Initial values, and which of several equal programs runs in training.
HARMLESS = ("dt_min", "dt_max", "dt_init", "dt_scale", "dt_init_floor", "base_std")
KERNELS = ("pscan", "use_cuda")


def recognizes(values: Mapping[str, object]) -> bool:
    """Whether a configuration has the keys by which mamba.py's differ from all others'."""
    return "expand_factor" in values and "n_layers" in values


def read(fields: Fields) -> ModelConfig:
    """The configuration; raises LmcError for what lmc does not compile, by key."""
    fields.harmless((*HARMLESS, *KERNELS))
    fields.only("inner_layernorms", (False,), "lmc has no norms of dt, B and C with weights")
    fields.flag("mup", False)
    fields.number("mup_base_width", 128)
    d_model, vocab_size = fields.size("d_model"), fields.size("vocab_size")
    multiple = fields.size("pad_vocab_size_multiple", 1)
    return Mamba1Config(
        vocab_size=vocab_size,
        padded_vocab_size=math.ceil(vocab_size / multiple) * multiple,
        d_model=d_model,
        n_layers=fields.size("n_layers"),
        d_inner=fields.product("expand_factor", 2, "d_model", d_model),
        d_state=fields.size("d_state", 16),
        d_conv=fields.size("d_conv", 4),
        dt_rank=fields.size_or_auto("dt_rank", math.ceil(d_model / 16)),
        eps=fields.number("rms_norm_eps", 1e-5),
        use_bias=fields.flag("bias", False),
        conv_bias=fields.flag("conv_bias", True),
        tie_embeddings=False,
    )


def weights(config: ModelConfig, values: Mapping[str, object]) -> Mapping[str, str | Made]:
    """What each weight is made of; with muP, norms have none and logits are divided."""
    found: dict[str, str | Made] = {name: stored_name(name) for name in tensor_shapes(config)}
    fields = Fields(values)
    if fields.flag("mup", False):
        for name in found:
            if name.endswith("norm.weight"):
                found[name] = _constant(1.0, config.d_model)
        # The head is linear: dividing what enters it is dividing the logits.
        width = config.d_model / fields.number("mup_base_width", 128)
        found["backbone.norm_f.weight"] = _constant(1 / width, config.d_model)
    return found


def stored_name(name: str) -> str:
    """The name that a weight of lmc has in mamba.py."""
    if name.startswith("backbone.layers."):
        return name.replace("backbone.", "mamba.", 1)
    return name.removeprefix("backbone.")


def _constant(value: float, size: int) -> Made:
    return Made((), lambda: np.full(size, value, np.float32))


MAMBAPY = Adapter("mambapy", "Mamba language models of mamba.py", recognizes, read, weights)
