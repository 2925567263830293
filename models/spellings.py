"""How checkpoints are spelled: the names of tensors, containers and files that lmc takes for one.

The one table of them; docs/models.md shows it. Everything here is unambiguous: a name that has two
readings is not in it, and two names that come to the same are refused where they meet.
"""

from collections.abc import Iterable, Mapping

WRAPPERS: Mapping[str, str] = {
    "_orig_mod": "torch.compile",
    "_forward_module": "Lightning Fabric",
    "_fsdp_wrapped_module": "fully sharded data parallel",
    "_checkpoint_wrapped_module": "activation checkpointing",
}
"""Part of a tensor's name that a wrapper puts in, anywhere → the wrapper; it is left out."""

PREFIXES: Mapping[str, str] = {
    "module": "data parallel, DeepSpeed",
    "model": "Lightning, Mistral",
}
"""First part of every tensor's name → who puts it there; it is left out, also several of them."""

BACKBONE_PARTS = ("embedding", "embeddings", "layers", "norm_f")
"""First parts that get `backbone.` in front: checkpoints of MambaModel or of plain PyTorch."""

SAME_NAMES: Mapping[str, str] = {"backbone.embeddings.weight": "backbone.embedding.weight"}
"""Name in transformers' and flash-linear-attention's checkpoints → name in state-spaces'."""

CONTAINERS: Mapping[str, str] = {
    "state_dict": "Lightning and many training scripts",
    "model_state_dict": "PyTorch's own examples",
    "model": "many training scripts",
    "module": "DeepSpeed",
}
"""Key of a checkpoint's dictionary that holds the tensors → who writes it."""

WEIGHT_FILES: Mapping[str, str] = {
    "model.safetensors": "transformers",
    "pytorch_model.bin": "transformers, mamba_ssm",
    "consolidated.safetensors": "Mistral",
}
"""File of weights in a folder → who writes it; the first that is there counts, also as shards."""

_LORA = ("lora_A", "lora_B", "lora_embedding_A", "base_layer", "lora_magnitude_vector")
_QUANTIZED = (
    "SCB",
    "absmax",
    "quant_map",
    "nested_absmax",
    "qweight",
    "qzeros",
    "weight_packed",
    "weight_scale",
    "scales",
)

MERGE = (
    "merge the LoRA adapter first, with peft: `model = model.merge_and_unload()`, and save or give "
    "that model"
)
DEQUANTIZE = (
    "give lmc the float weights that the model was quantized from, or `model.dequantize()` it and "
    "save it in float16, bfloat16 or float32; lmc quantizes models itself"
)


def canonical_name(name: str) -> str:
    """Name of a tensor as state-spaces' checkpoints have it, from any spelling of the table.

    A name that is none of a Mamba model's comes back without its wrappers and prefixes.
    """
    parts = without_wrappers(name).split(".")
    while len(parts) > 1 and parts[0] in PREFIXES:
        del parts[0]
    if parts and parts[0] in BACKBONE_PARTS:
        parts.insert(0, "backbone")
    plain = ".".join(parts)
    return SAME_NAMES.get(plain, plain)


def without_wrappers(name: str) -> str:
    """Name of a tensor without what wrappers put into it."""
    return ".".join(part for part in name.split(".") if part not in WRAPPERS)


def advice_for(names: Iterable[str]) -> str:
    """What to do about a set of tensors that is no plain model's, by their names; "" if unknown."""
    parts = {part for name in names for part in name.split(".")}
    if not parts.isdisjoint(_LORA):
        return MERGE
    if not parts.isdisjoint(_QUANTIZED):
        return DEQUANTIZE
    return ""
