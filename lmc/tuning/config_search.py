"""Makes a quantization configuration for a model: measures its tensors, and meets a budget."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError
from lmc.driver.default import RAISING, float_passes, integer_passes
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import Source, import_named
from lmc.interpreter import Program
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context
from lmc.models.config import ModelConfig
from lmc.models.weights import RandomWeights
from lmc.numerics.weight_quantization import weight_group
from lmc.progress import Progress
from lmc.quantization.calibration import (
    Ids,
    calibrate,
    calibration_ids,
    can_generate,
    generate_ids,
    text_ids,
)
from lmc.quantization.config import QuantizationConfig, WeightConfig
from lmc.quantization.formats import WEIGHT_SCALES
from lmc.quantization.presets import find_preset
from lmc.quantization.quantizer import Quantizer
from lmc.tuning.config_file import config_text, matrix_shapes
from lmc.tuning.sensitivity import Reference, Sensitivities, measure_sensitivities
from lmc.tuning.width_search import Choice, MatrixShape, bits_per_weight, fit_bits, fit_loss
from lmc.weights import WeightStore

_TOKENS, _SEQUENCES = 96, 8


@dataclass(frozen=True, kw_only=True)
class ConfigRequest:
    """What a configuration is made for; at most one of the budgets is given."""

    model: str
    preset: str
    max_loss: float | None = None
    """Bits per token."""
    bits_per_weight: float | None = None
    """Mean of the layers' weights, scales included."""
    calibration_text: str | None = None
    random_weights: bool = False
    seed: int = 0
    plugins: tuple[Path, ...] = ()
    """Files with an adapter that reads the model, or with ops."""


@dataclass(frozen=True)
class ConfigResult:
    """A configuration, its file's text, and what is known of it."""

    choice: Choice
    text: str
    sensitivities: Sensitivities
    random_weights: bool


def make_config(request: ConfigRequest, progress: Progress) -> ConfigResult:
    """Measure a model's tensors and choose their formats; raises LmcError if that cannot be done.

    Losses are measured on text of the model's own that nothing is calibrated on, or on the text.
    """
    # First of all: an adapter among the plugins may be what reads the model.
    registry = load_registry(request.plugins)
    base = find_preset(request.preset)
    source = import_named(request.model, random_weights=request.random_weights, seed=request.seed)
    subject = _Subject(request, source, registry)
    reference = Reference(Program(subject.module), subject.ids())
    sensitivities = measure_sensitivities(
        subject.quantize, source.weights, base, reference, partial(progress, "tensors")
    )
    choice = _choose(request, base, subject, reference, sensitivities, progress)
    where = request.calibration_text or "text that the model wrote"
    text = config_text(
        choice.config,
        request.model,
        source.config,
        sensitivities,
        Path(where).name,
        _notes(request, choice),
    )
    return ConfigResult(choice, text, sensitivities, request.random_weights)


class _Subject:
    """A model at the float level, and its integer modules."""

    def __init__(self, request: ConfigRequest, source: Source, registry: Registry) -> None:
        self._request, self._source = request, source
        self.config = source.config
        self._context: Context = make_context(registry)
        self.module = source.module
        options = (request.preset, request.calibration_text, request.seed)
        first = Pipeline.parse(registry, ",".join([*RAISING, *float_passes(*options)]))
        first.run(self._context, self.module)
        # The first one quantizes; `quantize` does that with each configuration.
        self._rest = Pipeline.parse(registry, ",".join(integer_passes(*options)[1:]))
        store = WeightStore(self.module, source.weights)
        self._ranges = calibrate(self.module, store, request.seed, request.calibration_text)

    def quantize(self, config: QuantizationConfig) -> ModuleOp:
        """An integer module of the model, its weights rounded."""
        module = self.module.clone()
        Quantizer(module, self._ranges.of_clone(self.module, module), config).run()
        return module

    def finish(self, config: QuantizationConfig) -> ModuleOp:
        """The integer module that the compiler makes of a configuration."""
        module = self.quantize(config)
        self._rest.run(self._context, module)
        return module

    def ids(self) -> Ids:
        """Token ids [T, B] to measure on."""
        request, source = self._request, self._source
        if request.calibration_text is not None:
            # One sequence less than calibration takes: other places.
            return text_ids(self.module, Path(request.calibration_text), _TOKENS, _SEQUENCES - 1)
        if isinstance(source.weights, RandomWeights):
            return calibration_ids(source.config, source.weights, request.seed + 1)
        if not can_generate(source.config):
            raise LmcError(
                f"{request.model} is too large to write text to measure on; give one with "
                f"--calibration-text"
            )
        return generate_ids(source.config, source.weights, request.seed + 1, _TOKENS, _SEQUENCES)


def _choose(
    request: ConfigRequest,
    base: QuantizationConfig,
    subject: _Subject,
    reference: Reference,
    sensitivities: Sensitivities,
    progress: Progress,
) -> Choice:
    shapes = _layer_shapes(base, subject.config)
    if request.bits_per_weight is not None:
        return fit_bits(base, shapes, sensitivities.weights, request.bits_per_weight)
    if request.max_loss is None:
        return Choice(base, 0, bits_per_weight(base, shapes), None)
    tried = 0

    def measure(config: QuantizationConfig) -> float:
        nonlocal tried
        tried += 1
        progress("choices of widths", tried, tried)
        return reference.loss(Program(subject.finish(config)))

    return fit_loss(base, shapes, sensitivities.weights, request.max_loss, measure)


def _layer_shapes(base: QuantizationConfig, model: ModelConfig) -> dict[str, MatrixShape]:
    """The weight matrices that the layers have, by name."""
    found: dict[str, MatrixShape] = {}
    for name, (rows, columns) in matrix_shapes(model).items():
        if not name.endswith("_proj"):
            continue
        weight: WeightConfig = getattr(base.weights, name)
        scale = sum(WEIGHT_SCALES[weight.scale][:2]) / weight_group(columns, weight.group)
        found[name] = MatrixShape(model.n_layers, rows * columns, scale)
    return found


def _notes(request: ConfigRequest, choice: Choice) -> list[str]:
    notes = [f"From {Path(request.preset).name}; {choice.bits_per_weight:.3f} bits per weight."]
    if choice.raised:
        notes[0] = notes[0][:-1] + f", {choice.raised} matrices raised to 8 bits."
    if choice.loss is not None:
        notes.append(f"Measured loss: {choice.loss:.5f} bits per token.")
    return notes
