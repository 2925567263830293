"""The float interpreter against the PyTorch models."""

import numpy as np
import pytest
import torch
from float_modules import MAMBA1, MAMBA1_CONFIG, MAMBA2, MAMBA2_CONFIG
from integer_modules import parse
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.dialects.test import TestPureOp as UnknownOp
from xdsl.irdl import IRDLOperation, irdl_op_definition, operand_def, result_def

from lmc.diagnostics import LmcError
from lmc.interpreter import Program, greedy, register, run
from lmc.interpreter.registry import prepare
from lmc.models.language_model import load_module
from lmc.models.weights import RandomWeights
from lmc.numerics.hadamard import hadamard
from lmc.weights import WeightStore

IDS = np.array([[3, 0], [9, 7], [5, 2], [9, 9], [2, 6], [5, 3], [3, 5], [8, 1]])
MODELS = [(MAMBA2, MAMBA2_CONFIG), (MAMBA1, MAMBA1_CONFIG)]


def load(text, config):
    source = RandomWeights(config, 5)
    module = parse(text)
    return module, WeightStore(module, source), load_module(config, source)


def close(found, expected):
    return np.abs(found - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize(("text", "config"), MODELS)
def test_equals_pytorch(text, config):
    module, store, model = load(text, config)
    result = run(module, IDS, weights=store)
    with torch.no_grad():
        logits, states = model.prefill(torch.from_numpy(IDS.T))
    assert close(result.logits, logits.numpy().transpose(1, 0, 2))
    if len(result.states) == 2:  # rolled: the layers lie after the batch
        found = [np.swapaxes(state, 0, 1)[i] for i in range(3) for state in result.states]
    else:
        found = result.states
    assert all(close(a, b.numpy()) for a, b in zip(found, states, strict=True))


@pytest.mark.parametrize(("text", "config"), MODELS)
def test_continues_from_states(text, config):
    module, store, _ = load(text, config)
    program = Program(module, store)
    first = program.run(IDS[:3])
    second = program.run(IDS[3:], states=first.states)
    whole = program.run(IDS)
    assert close(np.concatenate([first.logits, second.logits]), whole.logits)


def test_greedy_equals_pytorch():
    module, store, model = load(MAMBA2, MAMBA2_CONFIG)
    ids = [1, 2, 3]
    for _ in range(5):
        with torch.no_grad():
            logits, _ = model.prefill(torch.tensor([ids]))
        ids.append(int(logits[0, -1].argmax()))
    assert greedy(module, [1, 2, 3], 5, store) == ids[3:]


def kernel(body, arguments, source=None):
    """The kernel of the first op of a function without weights."""
    module = parse(f"builtin.module {{ func.func @f({arguments}) {{ {body} func.return }} }}")
    function = next(op for op in module.body.block.ops if isinstance(op, FuncOp))
    return prepare(function.body.block.first_op, WeightStore(module, source))


def test_deferred_norm_equals_norm():
    x = np.random.default_rng(0).standard_normal((3, 2, 8)).astype(np.float32)
    scales = kernel(
        "%s = ssm.rms_scale %x eps(1.0e-05 : f32) : (tensor<8xf32>) -> tensor<2xf32>",
        "%x: tensor<8xf32>",
    )
    scale = kernel(
        "%y = ssm.scale %x, %s : (tensor<8xf32>, tensor<2xf32>) -> tensor<8xf32>",
        "%x: tensor<8xf32>, %s: tensor<2xf32>",
    )
    (factor,) = scales([x], None)
    (found,) = scale([x, factor], None)
    grouped = x.reshape(3, 2, 2, 4)
    expected = grouped / np.sqrt((grouped**2).mean(-1, keepdims=True) + 1e-5)
    assert close(found, expected.reshape(x.shape))


def test_rotation_twice_is_the_block_size():
    x = np.random.default_rng(0).standard_normal((3, 2, 8)).astype(np.float32)
    rotate = kernel(
        "%y = ssm.rotate %x block(4) : (tensor<8xf32>) -> tensor<8xf32>", "%x: tensor<8xf32>"
    )
    (once,) = rotate([x], None)
    assert close(rotate([once], None)[0], 4 * x)
    assert close(once[..., 1], x[..., 0] - x[..., 1] + x[..., 2] - x[..., 3])


def test_rotation_of_any_order_multiplies_rows():
    x = np.random.default_rng(0).standard_normal((3, 2, 48)).astype(np.float32)
    rotate = kernel(
        "%y = ssm.rotate %x block(24) : (tensor<48xf32>) -> tensor<48xf32>", "%x: tensor<48xf32>"
    )
    assert close(rotate([x], None)[0], (x.reshape(3, 2, 2, 24) @ hadamard(24)).reshape(x.shape))


def test_large_values_do_not_overflow():
    x = np.array([[[-200.0, -1e4, 200.0, 1e4]]], np.float32)
    with np.errstate(all="raise", under="ignore"):
        for op, negative in (("silu", 0.0), ("softplus", 0.0)):
            apply = kernel(
                f"%y = ssm.{op} %x : (tensor<4xf32>) -> tensor<4xf32>", "%x: tensor<4xf32>"
            )
            assert apply([x], None)[0].tolist() == [[[negative, negative, 200.0, 1e4]]]


def test_an_op_without_meaning_is_refused_by_name():
    module, store, _ = load(MAMBA1, MAMBA1_CONFIG)
    function = next(op for op in module.body.block.ops if isinstance(op, FuncOp))
    last = function.body.block.last_op
    assert isinstance(last, ReturnOp)
    unknown = UnknownOp([last.operands[0]], [last.operands[0].type])
    function.body.block.insert_op_before(unknown, last)
    with pytest.raises(LmcError, match=r"no float implementation of test.pureop"):
        Program(module, store)


def test_a_module_without_a_function_is_refused():
    with pytest.raises(LmcError, match="0 functions"):
        Program(parse("builtin.module {}"), WeightStore(parse("builtin.module {}"), None))


def test_a_module_without_weights_is_refused():
    module = parse(MAMBA1)
    with pytest.raises(LmcError, match=r"no attribute lmc.weights"):
        run(module, IDS)


def test_an_op_of_a_plugin_can_be_registered():
    @irdl_op_definition
    class HalveOp(IRDLOperation):
        name = "plugin.halve"
        input = operand_def(TensorType)
        result = result_def(TensorType)

    @register(HalveOp)
    def halve(_op, _weights):
        return lambda values, _layer: (values[0] / 2,)

    module, store, _ = load(MAMBA1, MAMBA1_CONFIG)
    before = run(module, IDS, weights=store).logits
    function = next(op for op in module.body.block.ops if isinstance(op, FuncOp))
    last = function.body.block.last_op
    assert last is not None
    op = HalveOp(operands=[last.operands[0]], result_types=[last.operands[0].type])
    function.body.block.insert_op_before(op, last)
    last.operands[0] = op.result
    assert np.array_equal(run(module, IDS, weights=store).logits, before / 2)


def test_listener_names_values_without_a_hint_by_their_op():
    module, store, _ = load(MAMBA1, MAMBA1_CONFIG)
    for op in module.walk():
        for result in op.results:
            result.name_hint = None
    names = set()
    run(module, IDS, weights=store, listener=lambda name, layer, op, value: names.add(name))
    assert {"ssm.linear", "ssm.add"} <= names
