"""LightMamba's schedule, its target, and the benchmark that prints its ablation."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from lmc.allocation import LanePort, Place, allocation_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

FILE = Path(__file__).parents[2] / "benchmarks" / "ablation.py"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch):
    spec = importlib.util.spec_from_file_location("ablation", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "ablation", module)
    spec.loader.exec_module(module)
    return module


def test_the_schedule_pins_what_lightmamba_has(small_model: Path, tmp_path: Path, lmc) -> None:
    options = ["--target", "lightmamba-vck190", "--schedule", "lightmamba", "--dump-ir"]
    output = tmp_path / "design"
    finished = lmc("compile", small_model, "--random-weights", "-o", output, *options)
    assert finished.status == 0, finished.errors
    (path,) = (output / "ir").glob("*-allocate-resources.mlir")
    found = allocation_of(parse_module(make_context(load_registry()), path.read_text(), path.name))
    # 64 products a cycle at 400 MHz for 8 rows, fed by 256 bits a cycle; 8 elements of a vector
    # and of the state; the state in memory.
    assert (found.clock_mhz, found.port_bits) == (400, 256)
    assert found.lanes == (LanePort(memory="DDR4", sets=4),)
    assert (found.vector_lanes, found.state_blocks) == (8, 1)
    assert found.state_ports == (Place(memory="DDR4"),)
    assert found.multipliers == "fabric"


def test_a_board_without_lightmambas_memory_is_refused(
    small_model: Path, tmp_path: Path, lmc
) -> None:
    finished = lmc(
        *("compile", small_model, "--random-weights", "-o", tmp_path / "design"),
        *("--target", "u55c", "--schedule", "lightmamba"),
    )
    assert finished.status == 1
    assert "u55c has no memory 'DDR4'" in finished.errors


def test_the_ablation_of_a_small_model(benchmark, small_model: Path, tmp_path: Path) -> None:
    config = json.loads((small_model / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 5}))
    rows = {row.name: measured for row, measured in benchmark.ablation(str(tmp_path), "w4a8")}
    naive, reordered, streamed, fused = rows.values()
    # Where all vectors are kept whole their order is nothing to gain by: routing costs a little.
    assert reordered.tokens_per_second == pytest.approx(naive.tokens_per_second, rel=0.02)
    assert naive.kept == reordered.kept > streamed.kept == fused.kept == 0
    assert naive.tokens_per_second < streamed.tokens_per_second <= fused.tokens_per_second
    bound = fused.ceilings["words read and written"]
    # A layer of this model is so short that a step's ends, moved by prefetching, show in it.
    assert 0.5 * bound < fused.tokens_per_second < 1.1 * bound
    # in_proj has 128 · 2 + 16 · 2 + 4 rows of 64 weights, out_proj 64 of 128; there are 5 layers.
    assert {measured.products for measured in rows.values()} == {5 * 64 * (292 + 128)}


def test_further_layers_take_what_the_third_adds(benchmark) -> None:
    two, three = benchmark.Step(10.0, 100.0, 7.0), benchmark.Step(14.0, 150.0, 10.0)
    assert two.deeper(three, 62) == benchmark.Step(258.0, 3200.0, 193.0)
