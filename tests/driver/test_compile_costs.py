"""What `lmc compile` says about the cost of a token."""

import pytest

from lmc.analysis.cost import summary, token_cost
from lmc.analysis.groups import intermediates_of
from lmc.design.folder import open_design
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

LEVEL1 = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,insert-rotation"
LEVEL2 = f"{LEVEL1},quantize,rewrite-power-of-two"


@pytest.fixture(scope="module")
def compiled(small_model, tmp_path_factory):
    """A design at level 2, and what the command printed."""
    from lmc.driver.compile import CompileRequest, compile_design

    output = tmp_path_factory.mktemp("costs") / "design"
    return compile_design(
        CompileRequest(
            target="vck190",
            model=str(small_model),
            random_weights=True,
            output=output,
            pipeline=LEVEL2,
        )
    )


def test_the_manifest_has_the_costs_of_the_last_quantized_module(compiled):
    path = compiled.design.ir_file(2)
    module = parse_module(make_context(load_registry()), path.read_text(), str(path))
    found = token_cost(module)
    assert compiled.costs == found
    assert compiled.design.manifest["costs"] == found.as_json()
    kept = intermediates_of(module)
    assert compiled.design.manifest["intermediates"] == kept.as_json()
    assert 0 < kept.bytes == kept.unfused_bytes
    assert found.multiplications["requantization"] == 0


def test_going_on_from_level_2_keeps_them(lmc, compiled, tmp_path):
    options = ["-t", "vck190", "--from", compiled.design.ir_file(2), "--pipeline", "cse"]
    again = lmc("compile", *options, "-o", tmp_path / "a", "--json")
    assert again.json["costs"] == compiled.costs.as_json()
    shown = lmc("compile", *options, "-o", tmp_path / "b")
    assert shown.output.startswith(summary(compiled.costs))
    sizes = compiled.intermediates
    assert f"\n{sizes.sentence}\n" in shown.output
    assert again.json["intermediates"] == sizes.as_json()
    assert len(shown.output.splitlines()) == 4


def test_above_level_2_there_are_none(lmc, small_model, tmp_path):
    output = tmp_path / "design"
    options = ["-t", "vck190", "--random-weights", "--pipeline", LEVEL1, "-o", output]
    assert "costs" not in lmc("compile", small_model, *options, "--json").json
    assert "costs" not in open_design(output).manifest
    assert "each token" not in lmc("compile", small_model, *options).output
