"""Quantization configurations as TOML files with comments, for a person to edit."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from lmc.models.config import ModelConfig, tensor_shapes
from lmc.quantization.config import QuantizationConfig
from lmc.tuning.sensitivity import Sensitivities

_TEMPLATE = Path(__file__).parent / "quantization_config.toml.j2"


def config_text(
    config: QuantizationConfig,
    model: str,
    model_config: ModelConfig,
    sensitivities: Sensitivities,
    text: str,
    notes: Sequence[str] = (),
) -> str:
    """The file of a configuration for one model, with what each tensor's width costs.

    `text` says what was measured on; `notes` stand at the top.
    """
    environment = jinja2.Environment(
        keep_trailing_newline=True, undefined=jinja2.StrictUndefined, autoescape=False
    )
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    shapes = matrix_shapes(model_config)
    return template.render(
        config=config,
        model=model,
        notes=list(notes),
        tokens=sensitivities.tokens,
        text=text,
        reference=sensitivities.reference,
        weights=[
            _weight(name, config, shapes[name], model_config.n_layers, sensitivities)
            for name, _ in config.weights
            if name in shapes
        ],
        activations=[
            {
                "name": name,
                "config": getattr(config.activations, name),
                "shape": f"{shapes[name][1]} elements",
                "loss": sensitivities.activations[name],
            }
            for name in type(config.activations).model_fields
            if name in shapes
        ],
        state_loss=sensitivities.state,
        cost=_cost,
    )


def matrix_shapes(config: ModelConfig) -> dict[str, tuple[int, int]]:
    """Rows and columns of a model's weight matrices, by the names that configurations use."""
    vocabulary = (config.padded_vocab_size, config.d_model)
    found = {"embedding": vocabulary}
    shapes = tensor_shapes(config)
    for module in ("in_proj", "x_proj", "dt_proj", "out_proj"):
        shape = shapes.get(f"backbone.layers.0.mixer.{module}.weight")
        if shape is not None:
            found[module] = (shape[0], shape[1])
    return {**found, "lm_head": vocabulary}


def _weight(
    name: str,
    config: QuantizationConfig,
    shape: tuple[int, int],
    layers: int,
    sensitivities: Sensitivities,
) -> dict[str, Any]:
    one = getattr(config.weights, name)
    losses = sensitivities.weights[name]
    in_layers = name.endswith("_proj")
    bits = (one.bits,) * layers if isinstance(one.bits, int) else one.bits
    return {
        "name": name,
        "config": one,
        "shape": f"{shape[0]} x {shape[1]}" + (f" in each of {layers} layers" if in_layers else ""),
        "layers": list(zip(bits, losses, strict=True)) if in_layers else None,
        "loss": losses[0],
    }


def _cost(loss: float) -> str:
    return f" {loss:.5f}"
