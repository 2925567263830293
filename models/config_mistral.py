"""params.json of Mistral's Mamba checkpoints → `ModelConfig`.

Mistral's code builds mamba_ssm's model from these keys, with `n_groups` alone in its `ssm_cfg`.
"""

from lmc.models.config import ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.config_state_spaces import read_state_spaces

FORM = "Mistral's form of configuration"


def is_mistral(fields: Fields) -> bool:
    """Whether the object is the content of a params.json of Mistral's."""
    return fields.has("dim") and fields.has("n_layers")


def read_mistral(fields: Fields) -> ModelConfig:
    """Read an object for which `is_mistral` holds; raises LmcError by key."""
    fields.only("model_type", ("mamba",), "lmc compiles Mistral's 'mamba', which is a Mamba-2")
    fields.only("rms_norm", (True,), "lmc compiles RMS norms, not layer norms")
    fields.harmless(["fused_add_norm"])  # a kernel for the same sum and norm
    values: dict[str, object] = {
        "d_model": fields.size("dim"),
        "n_layer": fields.size("n_layers"),
        "vocab_size": fields.size("vocab_size"),
        "ssm_cfg": {"layer": "Mamba2", "ngroups": fields.size("n_groups")},
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
        "pad_vocab_size_multiple": fields.size("pad_vocab_size_multiple"),
        "tie_embeddings": fields.get("tie_embeddings"),
    }
    fields.finish(FORM)
    return read_state_spaces(Fields(values))
