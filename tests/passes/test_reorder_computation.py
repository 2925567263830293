"""reorder-computation: equal results in another order, and what keeps channels in their places."""

from pathlib import Path

import numpy as np
import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import (
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    i64,
)

from lmc.analysis.cost import token_cost
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    BiasOp,
    CausalConv1dStepOp,
    LayersOp,
    MulOp,
    RotateOp,
    SelectiveStateUpdateOp,
)
from lmc.driver.check import _interpret, compare
from lmc.interpreter import Program, run, same_values
from lmc.interpreter.state_order import in_model_order
from lmc.ir.editing import create_before, ops_of, weights_of
from lmc.ir.levels import COMPUTATION_ORDER, MODEL, SCHEDULED, level_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.passes.reorder_computation import ReorderComputation
from lmc.weights import WeightStore, open_source
from lmc.weights.store import layer_widths

INTEGERS = "fold-norm-scales,defer-norm,insert-rotation,quantize,rewrite-power-of-two"
OPTIMIZE = "optimize-weights{skip_random=false sequences=2 tokens=24}"
IDS = np.random.default_rng(3).integers(0, 32, (24, 2))
HEADS = "b, c, dt_in, 4 x (x, z)"
CASES = {
    "mamba2": (MAMBA2, {"in_proj": HEADS}),
    "groups": ({**MAMBA2, "n_groups": 2}, {"in_proj": HEADS}),
    "no-bias": ({**MAMBA2, "use_bias": False}, {"in_proj": HEADS}),
    "mamba1": (MAMBA1, {"in_proj": "as it was: x_in, z", "x_proj": "as it was: dt_r, b, c"}),
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))


def small(folder: Path, config: dict[str, object]) -> ModuleOp:
    return level1(f"random:{folder}:0", write_config(folder, config))


def orders(module: ModuleOp) -> dict[str, str]:
    report = module.attributes[COMPUTATION_ORDER]
    assert isinstance(report, DictionaryAttr)
    return {name: text.data for name, text in report.data.items() if isinstance(text, StringAttr)}


def assert_equal_results(before: ModuleOp, after: ModuleOp) -> None:
    expected, found = run(before, IDS), run(after, IDS)
    assert np.array_equal(found.logits, expected.logits)
    states = in_model_order(after, found.states)
    assert all(map(same_values, states, expected.states))


@pytest.mark.parametrize("case", CASES)
def test_results_stay_as_they_are(case: str, tmp_path: Path):
    config, expected = CASES[case]
    before = apply(small(tmp_path, config), INTEGERS)
    after = apply(before, "reorder-computation")
    assert orders(after) == expected
    assert_equal_results(before, after)
    assert level_of(after) == SCHEDULED
    # The order is text like all else, and stays when the pass is run again.
    text = module_text(after)
    registry = load_registry()
    assert module_text(parse_module(make_context(registry), text, "reordered")) == text
    assert module_text(apply(after, "reorder-computation")) == text


def test_rows_and_channels_really_move(tmp_path: Path):
    before = apply(small(tmp_path, MAMBA2), INTEGERS)
    after = apply(before, "reorder-computation")
    stores = [WeightStore(module, open_source(module)) for module in (before, after)]
    plain, moved = (store.matrix("in_proj", 1) for store in stores)
    # z 0 to 47, x 48 to 95, b and c 96 to 127, dt 128 to 131; heads of 12 channels.
    heads = [row for h in range(4) for first in (48, 0) for row in range(12 * h, 12 * h + 12)]
    starts = [first for _ in range(4) for first in (48, 0) for _ in range(12)]
    rows = [*range(96, 132), *(row + first for row, first in zip(heads, starts, strict=True))]
    assert np.array_equal(moved.q, plain.q[rows])
    assert np.array_equal(moved.scales(), plain.scales()[rows])
    states = run(after, IDS).states
    assert not np.array_equal(states[0], in_model_order(after, states)[0])


def test_a_text_is_continued_in_the_same_order(tmp_path: Path):
    module = apply(small(tmp_path, MAMBA2), f"{INTEGERS},reorder-computation")
    program = Program(module)
    whole, first = program.run(IDS), program.run(IDS[:10])
    rest = program.run(IDS[10:], states=first.states)
    assert np.array_equal(np.concatenate([first.logits, rest.logits]), whole.logits)


def test_float_modules_can_be_reordered(tmp_path: Path):
    before = small(tmp_path, {**MAMBA2, "n_groups": 2})
    after = apply(before, "reorder-computation")
    assert orders(after) == {"in_proj": HEADS}
    assert level_of(after) == MODEL
    expected, found = run(before, IDS), run(after, IDS)
    assert np.allclose(found.logits, expected.logits, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "passes", [f"{OPTIMIZE},ORDER", f"ORDER,{OPTIMIZE}"], ids=["kept", "later"]
)
def test_chosen_integers_move_with_their_scales(passes: str, tmp_path: Path):
    """Artifacts of GPTQ are permuted; those that are made of permuted rows have their order."""
    rounded = apply(small(tmp_path, MAMBA2), INTEGERS)
    chosen = apply(rounded, OPTIMIZE)
    after = apply(rounded, passes.replace("ORDER", "reorder-computation"))
    kinds = [step.kind.data for step in weights_of(after)["in_proj"].recipe]
    last = ["artifact", "permute_rows"]
    assert kinds[-2:] == (last if passes.startswith(OPTIMIZE) else last[::-1])
    assert_equal_results(chosen, after)
    assert not np.array_equal(run(rounded, IDS).logits, run(after, IDS).logits)


def test_widths_may_differ_by_layer(tmp_path: Path):
    path = tmp_path / "mixed.toml"
    path.write_text("[weights]\nin_proj = {bits = [4, 8]}\n")
    integers = INTEGERS.replace("quantize,", f'quantize{{preset="{path}"}},')
    before = apply(small(tmp_path, MAMBA2), integers)
    after = apply(before, "reorder-computation")
    assert layer_widths(weights_of(after)["in_proj"]) == (4, 8)
    assert_equal_results(before, after)
    assert token_cost(after) == token_cost(before)


def rotate_between(module: ModuleOp) -> None:
    bias = next(op for op in ops_of(module, BiasOp) if op.result.name_hint == "zxbcdt")
    block = {"block": IntegerAttr(4, i64)}
    rotated = create_before(bias, RotateOp, [bias.input], [bias.input.type], block, hint="mixed")
    bias.operands[0] = rotated.result


def use_twice(module: ModuleOp) -> None:
    (conv,) = ops_of(module, CausalConv1dStepOp)
    last = conv.parent_block().last_op
    create_before(last, MulOp, [conv.result, conv.result], [conv.result.type], hint="other")


def keep_a_state(module: ModuleOp) -> None:
    (layers,) = ops_of(module, LayersOp)
    layers.block.last_op.operands[1] = layers.block.args[1]


REASONS = {
    rotate_between: "ssm.rotate %mixed does not work on each channel alone",
    use_twice: "channels that are still mixed have several users: ssm.mul %other, ssm.silu %x_act",
    keep_a_state: "ssm.causal_conv1d_step %conv_out joins mixed channels with those of another",
}


@pytest.mark.parametrize("edit", REASONS, ids=lambda edit: edit.__name__)
def test_channels_stay_where_something_holds_them(edit, tmp_path: Path):
    module = small(tmp_path, MAMBA2)
    edit(module)
    module.verify()
    before = module.clone()
    after = apply(module, "reorder-computation")
    report = after.attributes.pop(COMPUTATION_ORDER)
    assert f"as it was: {REASONS[edit]}" in str(report)
    assert module_text(after) == module_text(before)


def test_a_shared_weight_keeps_its_order(tmp_path: Path):
    module = small(tmp_path, MAMBA2)
    (conv,) = ops_of(module, CausalConv1dStepOp)
    conv.bias = SymbolRefAttr("in_proj_bias")
    after = apply(module, "reorder-computation")
    assert "@in_proj_bias is also read by" in str(after.attributes[COMPUTATION_ORDER])


def test_a_model_without_a_state_update_has_no_order(tmp_path: Path):
    """Pieces of a linear layer that no recurrence waits for."""
    module = small(tmp_path, MAMBA2)
    (update,) = ops_of(module, SelectiveStateUpdateOp)
    update.result.replace_all_uses_with(update.x)
    layers = update.parent_op()
    assert isinstance(layers, LayersOp)
    layers.block.last_op.operands[2] = update.state
    update.detach()
    update.erase()
    assert orders(apply(module, "reorder-computation")) == {}


def test_the_check_sees_states_in_the_models_order(tmp_path: Path):
    before = apply(small(tmp_path, MAMBA2), INTEGERS)
    after = apply(before, "reorder-computation")
    outcomes = [_interpret(module, IDS[:, 0]) for module in (before, after)]
    report = compare(ReorderComputation(), *outcomes)
    assert (report.measured, report.sentence) == (0, "equal bit for bit")
    # A wrong order of the weights alone is found, and what differs first is named.
    weights_of(after)["conv_weight"].properties["recipe"] = weights_of(before)["conv_weight"].recipe
    with pytest.raises(LmcError, match=r"first value that differs is %conv_out of ssm.causal"):
        compare(ReorderComputation(), outcomes[0], _interpret(after, IDS[:, 0]))
