"""quantize and rewrite-power-of-two: formats, accuracy in integers, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from small_models import FALCON, MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import ModuleOp, TensorType

from lmc.analysis.cost import Multiplication, token_cost
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    BlockType,
    FixedType,
    QuantizeOp,
    RequantizeOp,
    SelectiveStateUpdateOp,
    WeightType,
    format_of,
)
from lmc.interpreter import real_values, run
from lmc.ir.editing import ops_of, weights_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.models.weights import RandomWeights
from lmc.models.zoo import resolve
from lmc.numerics.divergence import divergence, log2_softmax
from lmc.quantization.calibration import calibration_ids

FLOAT = "fold-norm-scales,defer-norm,insert-rotation"
IDS = np.random.Generator(np.random.PCG64(1)).integers(32, size=(12, 2))


@pytest.fixture(params=[MAMBA1, MAMBA2, FALCON], ids=["mamba1", "mamba2", "falcon"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleOp:
    return level1(f"random:{tmp_path}:3", write_config(tmp_path, request.param))


def reparsed(module: ModuleOp) -> ModuleOp:
    return parse_module(make_context(load_registry()), module_text(module), "dump")


def logits(module: ModuleOp, ids: np.ndarray) -> np.ndarray:
    result = run(module, ids)
    return real_values(result.logits, result.logits_format)


def bits_lost(module: ModuleOp, reference: ModuleOp, ids: np.ndarray) -> float:
    """Mean over tokens of the divergence from a reference."""
    wanted, found = (log2_softmax(logits(one, ids)) for one in (reference, module))
    return float(divergence(wanted, found).mean())


def fixed_formats(module: ModuleOp) -> list[FixedType]:
    found: list[FixedType] = []
    for op in module.walk():
        attributes = [*op.properties.values(), *(value.type for value in op.results)]
        for attribute in attributes:
            element = attribute.element_type if isinstance(attribute, TensorType) else attribute
            if isinstance(element, FixedType):
                found.append(element)
    return found


def test_integers_approximate_the_float_model(model: ModuleOp) -> None:
    wanted = logits(model, IDS)
    for pipeline in ("quantize{preset=w8a8}", "quantize{preset=w8a8},rewrite-power-of-two"):
        found = logits(apply(model, f"{FLOAT},{pipeline}"), IDS)
        assert np.abs(found - wanted).max() < 0.05 * np.abs(wanted).max()


def test_more_bits_are_closer(model: ModuleOp) -> None:
    wanted = logits(model, IDS)
    errors = [
        np.square(logits(apply(model, f"{FLOAT},quantize{{preset={name}}}"), IDS) - wanted).mean()
        for name in ("w8a8", "w4a8", "w4a4")
    ]
    assert errors == sorted(errors)


@pytest.mark.parametrize("name", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_default_preset_keeps_the_loss_of_trained_models(name: str) -> None:
    model = resolve(name)
    module = level1(name, model.config)
    # Text of the model itself, with another seed than that of the calibration.
    ids = calibration_ids(model.config, model.weights, seed=11)[:64]
    quantized = apply(module, f"{FLOAT},quantize,rewrite-power-of-two")
    assert 0.002 < bits_lost(quantized, module, ids) < 0.03


def test_formats_of_the_presets(model: ModuleOp) -> None:
    expected = {"w4a8": (4, 8, 8, "up"), "w4a4": (4, 4, 8, "nearest"), "w8a8": (8, 8, 8, "up")}
    for preset, (weight_bits, bits, group, rounding) in expected.items():
        quantized = apply(model, f"{FLOAT},quantize{{preset={preset}}}")
        weights = {name: format_of(op.type) for name, op in weights_of(quantized).items()}
        for name in ("in_proj", "out_proj"):
            assert isinstance(weights[name], WeightType)
            assert weights[name].bits.data == weight_bits
        assert {weights[name].bits.data for name in ("embedding", "lm_head")} == {8}
        first, *_, last = ops_of(quantized, QuantizeOp)
        fmt = format_of(first.result.type)
        assert isinstance(fmt, BlockType)
        assert (fmt.bits.data, fmt.group.data, first.rounding.data) == (bits, group, rounding)
        assert format_of(last.result.type).bits.data == 8
        if "x_proj" in weights:
            assert {weights[name].bits.data for name in ("x_proj", "dt_proj")} == {8}


def test_falcon_mambas_norms(tmp_path: Path) -> None:
    model = level1(f"random:{tmp_path}:3", write_config(tmp_path, FALCON))
    quantized = apply(model, f"{FLOAT},quantize")
    formats = {
        value.name_hint: format_of(value.type) for op in quantized.walk() for value in op.results
    }
    # Wide before the norms; B and C have power-of-two scales after them, for the state update.
    assert [formats[name].bits.data for name in ("projected", "b_raw", "b", "c")] == [
        24,
        24,
        16,
        16,
    ]
    assert [formats[name].mul.data for name in ("b", "c")] == [1, 1]


def test_pieces_of_x_proj_far_apart_keep_their_precision(tmp_path: Path) -> None:
    """What norms make of pieces is the same however large they were, in integers too."""
    config = write_config(tmp_path, FALCON)
    model = level1(f"random:{tmp_path}:3", config)
    source = RandomWeights(config, 3)
    tensors = {name: source.load(name) for name in source.names()}
    for name in [name for name in tensors if name.endswith("x_proj.weight")]:
        tensors[name][: config.dt_rank] *= 500
    save_file(tensors, tmp_path / "model.safetensors")
    apart = level1(str(tmp_path), config)
    found = [
        bits_lost(apply(one, f"{FLOAT},quantize{{preset=w8a8}}"), one, IDS)
        for one in (model, apart)
    ]
    assert found[1] < 2 * found[0]


FORMATS = """
[weights]
in_proj = {bits = 6, group = 8, scale = "two-shifts", clip = "none"}
out_proj = {bits = 3, scale = "power-of-two"}
lm_head = {bits = 7}
embedding = {bits = 3}
[activations]
in_proj = {bits = 5, group = 4, scale = "power-of-two"}
out_proj = {bits = 6, group = "token", scale = "mantissa"}
lm_head = {bits = 8, scale = "static"}
[state]
bits = 16
group = 4
"""


def from_config(model: ModuleOp, folder: Path, text: str) -> ModuleOp:
    path = folder / "formats.toml"
    path.write_text(text, encoding="utf-8")
    return apply(model, f'{FLOAT},quantize{{preset="{path}"}},rewrite-power-of-two')


def test_a_configuration_says_every_format(model: ModuleOp, tmp_path: Path) -> None:
    quantized = from_config(model, tmp_path, FORMATS)
    weights = {name: format_of(op.type) for name, op in weights_of(quantized).items()}
    found = [weights[name].bits.data for name in ("in_proj", "out_proj", "lm_head", "embedding")]
    assert found == [6, 3, 7, 3]
    in_proj, out_proj = weights["in_proj"], weights["out_proj"]
    assert (in_proj.group.data, in_proj.mantissa.data, in_proj.terms.data) == (8, 8, 2)
    assert (out_proj.mantissa.data, out_proj.terms.data) == (1, 0)
    assert 'quantize, {clip = "none"}' in str(weights_of(quantized)["in_proj"].recipe)
    first, *_, last = ops_of(quantized, QuantizeOp)
    assert (format_of(first.result.type).bits.data, first.rounding.data) == (5, "nearest")
    fmt = format_of(last.result.type)
    assert (fmt.bits.data, fmt.group.data, fmt.mantissa.data) == (6, 48, 8)
    (head,) = ops_of(quantized, RequantizeOp)
    assert format_of(head.result.type).bits.data == 8
    (update,) = ops_of(quantized, SelectiveStateUpdateOp)
    state = format_of(update.state.type)
    assert (state.bits.data, state.group.data) == (16, 4)
    assert np.isfinite(logits(quantized, IDS)).all()


def test_float_scales_are_the_most_accurate(model: ModuleOp, tmp_path: Path) -> None:
    """They differ from 8-bit mantissas by little, and power-of-two scales by more."""
    wanted = logits(apply(model, FLOAT), IDS)
    errors: list[float] = []
    for weight, operand in (
        ("float", "float"),
        ("mantissa", "mantissa"),
        ("power-of-two", "power-of-two"),
    ):
        text = "".join(
            f'[weights.{name}]\nbits = 4\nscale = "{weight}"\n'
            f'[activations.{name}]\nbits = 4\ngroup = 8\nscale = "{operand}"\n'
            for name in ("in_proj", "out_proj")
        )
        errors.append(
            float(np.square(logits(from_config(model, tmp_path, text), IDS) - wanted).mean())
        )
    exact, mantissa, power = errors
    assert abs(mantissa / exact - 1) < 0.1
    assert power > 1.1 * exact


def test_the_state_update_has_power_of_two_scales_from_the_start(model: ModuleOp) -> None:
    quantized = apply(model, f"{FLOAT},quantize")
    (update,) = ops_of(quantized, SelectiveStateUpdateOp)
    operands = [update.decay, update.dt, update.x, update.b, update.c, update.result]
    assert {format_of(value.type).mul.data for value in operands} == {1}
    assert update.dtx.mul.data == 1
    assert isinstance(format_of(update.state.type), BlockType)


def test_passes_give_the_same_text_through_files(model: ModuleOp) -> None:
    names = [*FLOAT.split(","), "quantize", "rewrite-power-of-two"]
    at_once = module_text(apply(model, ",".join(names)))
    module = model
    for name in names:
        module = reparsed(apply(module, name))
    assert module_text(module) == at_once


def test_power_of_two_rewriting_leaves_no_multiplication(model: ModuleOp) -> None:
    quantized = apply(model, f"{FLOAT},quantize")
    assert any(fmt.mul.data != 1 for fmt in fixed_formats(quantized))
    rewritten = apply(quantized, "rewrite-power-of-two")
    assert {fmt.mul.data for fmt in fixed_formats(rewritten)} == {1}
    before, after = (
        token_cost(one).multiplications[Multiplication.REQUANTIZATION]
        for one in (quantized, rewritten)
    )
    assert after == 0
    # At least the norm of each of two layers and the last, and the operands they feed.
    assert before >= 3 * 2 * 24
    again = apply(rewritten, "rewrite-power-of-two")
    assert fixed_formats(again) == fixed_formats(rewritten)


@pytest.mark.parametrize(
    ("pipeline", "message"),
    [
        ("quantize{preset=w2a2}", "no preset 'w2a2'"),
        ("quantize", r"ssm\.rms_norm %u: run fold-norm-scales first"),
        (f"{FLOAT},quantize,quantize", "@embedding is quantized already"),
    ],
)
def test_refusals(model: ModuleOp, pipeline: str, message: str) -> None:
    with pytest.raises(LmcError, match=message):
        apply(model, pipeline)


def test_a_gated_norm_has_to_be_deferred(tmp_path: Path) -> None:
    module = level1(f"random:{tmp_path}:3", write_config(tmp_path, MAMBA2))
    with pytest.raises(LmcError, match=r"ssm\.gated_norm %g: .*run defer-norm first"):
        apply(module, "fold-norm-scales,quantize")


def test_a_weight_that_nothing_reads_is_named(model: ModuleOp) -> None:
    spare = module_text(model).replace(
        "ssm.weight @norm_f",
        "ssm.weight @spare : tensor<24xf32> = "
        '[#ssm.step<load, {name = "backbone.norm_f.weight"}>]\nssm.weight @norm_f',
    )
    module = parse_module(make_context(load_registry()), spare, "spare")
    with pytest.raises(LmcError, match="@spare is still float, because no op reads it"):
        apply(module, f"{FLOAT},quantize")
