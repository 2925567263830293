"""The widths that a configuration gives to a weight, layer by layer."""

from lmc.dialects.ssm import WeightOp
from lmc.ir.editing import refuse
from lmc.quantization.config import WeightConfig


def layer_bits(weight: WeightOp, module: str, config: WeightConfig) -> tuple[int, ...]:
    """Bits in every layer of a weight; raises LmcError if they are given for other layers."""
    layers = weight.layer_count
    if isinstance(config.bits, int):
        return (config.bits,) * layers
    if len(config.bits) == layers:
        return config.bits
    raise refuse(
        weight,
        f"the configuration gives {module} {len(config.bits)} widths, the model has {layers} "
        f"{'layers' if layers > 1 else 'such weight'}",
    )
