"""The report of rewrite-power-of-two: which multiplications are gone, and what the others are."""

from collections import Counter
from pathlib import Path

import pytest
from small_models import MAMBA1, MAMBA2, apply, level1, write_config
from xdsl.dialects.builtin import DenseArrayBase, DictionaryAttr, IntegerAttr, ModuleOp

from lmc.analysis.cost import Multiplication, token_cost
from lmc.ir.editing import value_names
from lmc.ir.text import module_text
from lmc.passes.rewrite_power_of_two import REPORT

FLOAT = "fold-norm-scales,defer-norm,insert-rotation"


@pytest.fixture(params=[MAMBA1, MAMBA2], ids=["mamba1", "mamba2"])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModuleOp:
    return level1(f"random:{tmp_path}:3", write_config(tmp_path, request.param))


def totals(module: ModuleOp) -> tuple[int, int]:
    report = module.attributes[REPORT]
    assert isinstance(report, DictionaryAttr)
    before, after = (report.data[f"multiplications_{when}"] for when in ("before", "after"))
    assert isinstance(before, IntegerAttr)
    assert isinstance(after, IntegerAttr)
    return before.value.data, after.value.data


def values(module: ModuleOp) -> dict[str, tuple[int, ...]]:
    report = module.attributes[REPORT]
    assert isinstance(report, DictionaryAttr)
    listed = report.data["values"]
    assert isinstance(listed, DictionaryAttr)
    counts: dict[str, tuple[int, ...]] = {}
    for name, pair in listed.data.items():
        assert isinstance(pair, DenseArrayBase)
        counts[name] = tuple(map(int, pair.iter_values()))
    return counts


def remaining(module: ModuleOp) -> dict[str, int]:
    report = module.attributes[REPORT]
    assert isinstance(report, DictionaryAttr)
    listed = report.data["remaining"]
    assert isinstance(listed, DictionaryAttr)
    return {name: n.value.data for name, n in listed.data.items() if isinstance(n, IntegerAttr)}


@pytest.mark.parametrize(
    ("preset", "kinds"),
    [
        ("w4a8", set[str]()),
        ("w4a4", {"block_mantissa", "block_reciprocal", "block_choice"}),
        ("w4a4-pot", {"block_choice"}),
    ],
)
def test_what_is_gone_and_what_is_left(model: ModuleOp, preset: str, kinds: set[str]):
    quantized = apply(model, f'{FLOAT},quantize{{preset="{preset}"}}')
    rewritten = apply(quantized, "rewrite-power-of-two")
    before, after = (token_cost(one) for one in (quantized, rewritten))
    assert totals(rewritten) == (before.multiplied_for("scales"), after.multiplied_for("scales"))
    counts = values(rewritten)
    assert totals(rewritten) == tuple(map(sum, zip(*counts.values(), strict=True)))
    assert sum(remaining(rewritten).values()) == totals(rewritten)[1]
    assert set(remaining(rewritten)) == kinds | {"weight_scale", "norm_reciprocal"}
    gone = {name: first - last for name, (first, last) in counts.items() if first != last}
    assert min(gone.values()) > 0
    assert counts["conv_out"][1] == 0
    requantization = Counter({Multiplication.REQUANTIZATION: sum(gone.values())})
    assert before.multiplications - after.multiplications == requantization
    assert after.multiplications - before.multiplications == Counter()


def test_again_nothing_goes(model: ModuleOp):
    passes = f"{FLOAT},quantize,rewrite-power-of-two"
    before, after = totals(apply(model, f"{passes},rewrite-power-of-two"))
    assert before == after == totals(apply(model, passes))[1]


def test_values_are_named_as_in_the_text(model: ModuleOp):
    rewritten = apply(model, f"{FLOAT},quantize,rewrite-power-of-two")
    made = dict[str, str]()
    for line in module_text(rewritten).splitlines():
        results, equals, op = line.strip().partition(" = ")
        if equals and results.startswith("%"):
            made |= {name: op.split()[0] for name in results.replace("%", "").split(", ")}
    names = value_names(rewritten)
    assert {names[result]: op.name for op in rewritten.walk() for result in op.results} == made
    assert set(values(rewritten)) <= set(made)
