"""What an op says of itself is asked of it; where it says nothing, it is refused by name."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, apply, level1, write_config
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    result_def,
    traits_def,
)

from lmc.analysis.cost import TokenCost, costs, token_cost
from lmc.analysis.cost import rules as cost_rules
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    ChannelWise,
    FixedType,
    KeepsRole,
    LinearOp,
    MulOp,
    TakesPowerOfTwoScales,
    TakesWhole,
    format_of,
)
from lmc.interpreter import register
from lmc.ir.editing import ops_of
from lmc.quantization import rules
from lmc.quantization.basis import Basis
from lmc.quantization.calibration import calibrate
from lmc.quantization.op_formats import OpFormats
from lmc.quantization.presets import find_preset
from lmc.quantization.quantizer import Quantizer
from lmc.quantization.roles import Role, needs_power_of_two, role_of
from lmc.quantization.rules import FloatValues, FoundRanges, calibrates, checks_widths, quantizes
from lmc.quantization.widths import check_widths
from lmc.weights import WeightStore, open_source


@irdl_op_definition
class HalveOp(IRDLOperation):
    """x / 2, of something that has to be there whole."""

    name = "test.halve"
    input = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(ChannelWise(), KeepsRole(), TakesPowerOfTwoScales("input"), TakesWhole())


@register(HalveOp)
def halve(_op: HalveOp, _weights: WeightStore):
    return lambda values, _layer: (values[0] / 2,)


@pytest.fixture(autouse=True)
def _own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of a test are gone after it."""
    for module, name in (
        (rules, "_FORMATS"),
        (rules, "_RANGES"),
        (rules, "_WIDTHS"),
        (cost_rules, "_RULES"),
    ):
        monkeypatch.setattr(module, name, dict(getattr(module, name)))


@pytest.fixture
def model(tmp_path: Path) -> ModuleOp:
    """A level 1 module in which the gated product is halved before out_proj."""
    module = level1(f"random:{tmp_path}:0", write_config(tmp_path, MAMBA1))
    module = apply(module, "fold-norm-scales,defer-norm")
    (product,) = ops_of(module, MulOp)
    new = HalveOp.create(operands=[product.result], result_types=[product.result.type])
    new.result.name_hint = "halved"
    product.result.replace_uses_with_if(new.result, lambda _: True)
    new.operands[0] = product.result
    block = product.parent
    assert block is not None
    block.insert_op_after(new, product)
    return module


def quantized(module: ModuleOp) -> ModuleOp:
    ranges = calibrate(module, WeightStore(module, open_source(module)))
    Quantizer(module, ranges, find_preset("w4a8")).run()
    return module


def add_formats() -> None:
    @quantizes(HalveOp)
    def formats(op: HalveOp, basis: Basis) -> OpFormats:
        operand = basis.fixed(op.input)
        return OpFormats({op.result: FixedType.of(operand.bits.data, operand.frac.data + 1)})


def test_the_traits_of_an_op_are_asked_for(model: ModuleOp) -> None:
    """Its operand gets a power-of-two scale; through it, out_proj's product is the writer still."""
    (op,) = ops_of(model, HalveOp)
    (product,) = ops_of(model, MulOp)
    assert needs_power_of_two(product.result)
    roles = [role_of(linear) for linear in ops_of(model, LinearOp)]
    assert roles == [Role.READER, Role.INNER, Role.TIME_STEP, Role.WRITER, Role.HEAD]
    add_formats()
    quantized(model)
    fmt = format_of(product.result.type)
    assert isinstance(fmt, FixedType)
    assert fmt.mul.data == 1
    assert op.result.type != product.result.type


def test_formats_that_are_missing(model: ModuleOp) -> None:
    with pytest.raises(
        LmcError,
        match=r"test\.halve %halved: quantize has no integer form of this op; a plugin can add "
        r"one with lmc\.quantization\.rules\.quantizes",
    ):
        quantized(model)


def test_widths_that_nobody_checks(model: ModuleOp) -> None:
    add_formats()
    quantized(model)
    with pytest.raises(LmcError, match=r"test\.halve %halved: nothing checks the widths"):
        check_widths(model)

    @checks_widths(HalveOp)
    def too_wide(_op: HalveOp, _weights: rules.Weights) -> None:
        raise LmcError("half of it is too wide")

    with pytest.raises(LmcError, match=r"test\.halve %halved: half of it is too wide"):
        check_widths(model)


def test_a_cost_that_is_not_known(model: ModuleOp) -> None:
    add_formats()
    quantized(model)
    with pytest.raises(
        LmcError,
        match=r"test\.halve %halved: what this op costs is not known; .*lmc\.analysis\.cost\.costs",
    ):
        token_cost(model)

    @costs(HalveOp)
    def nothing(_op: HalveOp, _symbols: object) -> TokenCost:
        return TokenCost()

    assert token_cost(model).products


def test_ranges_of_intermediates(model: ModuleOp) -> None:
    """A rule sees the op's operands, adds a range of its own, and replaces that of a result."""
    seen: list[float] = []

    @calibrates(HalveOp)
    def found(op: HalveOp, values: FloatValues) -> FoundRanges:
        seen.append(float(np.abs(values[op.input]).max()))
        return {"thrice": 3 * seen[-1], op.result: 5.0}

    ranges = calibrate(model, WeightStore(model, open_source(model)))
    (op,) = ops_of(model, HalveOp)
    assert len(seen) == MAMBA1["num_hidden_layers"]
    assert ranges.intermediates[op, "thrice"] == 3 * max(seen)
    assert ranges.peak(op.result) == 5.0
    (product,) = ops_of(model, MulOp)
    assert ranges.peak(product.result) == max(seen)
