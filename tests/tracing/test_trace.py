"""`lmc trace`: float model, integers and C++ on the same tokens; one wrong bit of C++ is found."""

import shutil
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from build_once import build_once
from tiny_designs import FULL, MAMBA2, compile_tiny

from lmc.backends.bits import pack_elements
from lmc.backends.csim.simulate import Simulation
from lmc.design.folder import open_design
from lmc.evaluation.engines import design_program
from lmc.evaluation.layer_noise import layer_noise
from lmc.tracing.against import compare_designs
from lmc.tracing.fault import fault
from lmc.tracing.probes import unpack
from lmc.tracing.trace import Trace, trace_design

PROMPT = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3]
"""Longer than what is held at a time, so that states are carried over."""
NEW = 10
"""More than a launch chooses."""

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


@pytest.fixture(scope="module")
def trace2(mamba2_design: Path) -> Trace:
    return trace_design(open_design(mamba2_design), PROMPT, NEW)


@pytest.fixture(scope="module")
def four_bits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of mamba2_design with 4-bit activations; its values have the same basis."""

    def build(folder: Path) -> Path:
        return compile_tiny(folder, MAMBA2, passes=FULL, preset="w4a4")

    return build_once(tmp_path_factory, "mamba2-w4a4", build)


def test_words_are_read_as_they_are_packed():
    rng = np.random.default_rng(0)
    values = rng.integers(-(1 << 12), 1 << 12, (5, 7, 1))
    words = pack_elements(values.reshape(1, 5, 7), [13] * 7, 96)[0]
    assert np.array_equal(unpack(words, 7, (13,)), values)


@needs_compiler
def test_all_that_streams_show_of_mamba2_is_equal(trace2: Trace):
    assert_all_shown(trace2)
    # Each block of a state's row that is updated at once has a bank for itself.
    assert {state.bank for state in trace2.states} >= {"ssm_state_0_state", "ssm_state_1_state"}


@pytest.mark.slow
@needs_compiler
def test_all_that_streams_show_of_mamba1_is_equal(mamba1_design: Path):
    assert_all_shown(trace_design(open_design(mamba1_design), PROMPT, 2))


def assert_all_shown(trace: Trace):
    assert fault(trace) is None
    assert not trace.unread
    assert trace.layers == 2
    steps = len(trace.tokens)
    assert steps == len(PROMPT) + len(trace.choices) - 1
    for value in trace.values:
        # Tiles of the matrix unit and states have no stream that carries the value as such.
        hidden = value.is_state or value.name.op == "ssm.quantize"
        assert (value.difference is None) == hidden, value.name
        if value.difference is not None:
            assert value.difference.integers >= steps
    assert trace.logits.difference is not None
    assert trace.logits.difference.integers % steps == 0
    assert {(state.layer, state.bank.partition("_")[0]) for state in trace.states} == {
        (layer, kind) for layer in (0, 1) for kind in ("conv", "ssm")
    }
    for state in trace.states:
        assert state.difference.integers > 0
    assert all(choice.csim == choice.integer for choice in trace.choices)


def test_floats_are_compared_as_by_lmc_eval(trace2: Trace, mamba2_design: Path):
    design = open_design(mamba2_design)
    programs = [design_program(design, name) for name in ("float", "integer")]
    ids = np.array(trace2.tokens)[:, None]
    noise = layer_noise(programs[0], programs[1], ids, lambda _done, _text: None)
    found = {}
    for value in trace2.values:
        if value.distance is not None and not value.is_state and value.name.layer is not None:
            # The last one of a name counts there.
            found[value.name.value, value.name.layer] = value.distance.sqnr_db
    for name, row in noise.values.items():
        for layer, wanted in enumerate(row):
            if (name, layer) in found:
                assert found[name, layer] == pytest.approx(wanted, rel=1e-4)
    assert trace2.logits.distance.sqnr_db == pytest.approx(noise.logits, rel=1e-4)
    assert {"hidden", "y", "conv", "out"} <= {name for name, _ in found}


@pytest.fixture
def wrong(mamba2_design: Path, tmp_path: Path) -> Path:
    """A copy of the design whose convolution has a wrong bit in each word of its result."""
    copy = tmp_path / "wrong"
    shutil.copytree(mamba2_design, copy)
    changed = 0
    for path in sorted((copy / "hls").glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        changed += text.count("conv.write(conv_word);")
        text = text.replace("conv.write(conv_word);", "conv.write(conv_word ^ 1);")
        path.write_text(text, encoding="utf-8")
    assert changed == 1
    return copy


@needs_compiler
def test_a_wrong_word_of_a_stream_is_named(
    lmc, mamba2_design: Path, monkeypatch: pytest.MonkeyPatch
):
    record = Simulation.record

    def changed(self, prompt, count, streams, folder):
        found = record(self, prompt, count, streams, folder)
        words = bytearray(found.words["conv"].read_bytes())
        words[0] ^= 3
        found.words["conv"].write_bytes(words)
        return found

    monkeypatch.setattr(Simulation, "record", changed)
    finished = lmc("trace", mamba2_design, "--prompt-tokens", "1,2,3", "--json")
    assert finished.status == 1
    assert finished.errors.count("\n") == 1
    for part in ("token 0 at %conv of ssm.causal_conv1d_step in layer 0", "a fault of lmc"):
        assert part in finished.errors
    assert finished.json["fault"] in finished.errors
    assert sum(v["csim"]["different"] for v in finished.json["values"] if v["csim"]) == 1


@pytest.mark.slow
@needs_compiler
def test_what_is_wrong_first_in_the_c_plus_plus_is_named(lmc, wrong: Path):
    finished = lmc("trace", wrong, "--prompt-tokens", "1,2,3", "--json")
    assert finished.status == 1
    assert finished.errors.count("\n") == 1
    for part in ("token 0", "%conv of ssm.causal_conv1d_step in layer 0", "by 1 at most", "fault"):
        assert part in finished.errors
    content = finished.json
    assert content["fault"] in finished.errors
    first = next(v for v in content["values"] if v["csim"] and v["csim"]["different"])
    assert (first["op"], first["layer"]) == ("ssm.causal_conv1d_step", 0)
    lanes = first["csim"]["integers"] // first["csim"]["different"]
    assert lanes > 1
    assert first["csim"]["first_token"] == 0


@pytest.mark.slow
@needs_compiler
def test_two_designs(trace2: Trace, four_bits: Path):
    compared = compare_designs(trace2, open_design(four_bits))
    assert fault(compared.second) is None
    assert compared.second.tokens == trace2.tokens
    assert compared.agreeing <= len(trace2.tokens)
    ends = [pair for pair in compared.values if pair.first.name.op == "ssm.add"]
    assert len(ends) == 2
    for pair in ends:
        assert pair.first.distance.sqnr_db > pair.second.distance.sqnr_db > 0
        assert pair.between is not None
        # Three points, the two designs and their common float model: the triangle's inequality.
        first, second, between = (
            sqrt(distance.noise)
            for distance in (pair.first.distance, pair.second.distance, pair.between)
        )
        assert abs(first - second) <= between <= first + second


@needs_compiler
def test_a_design_against_itself(trace2: Trace):
    compared = compare_designs(trace2, trace2.design)
    assert compared.logits.noise == 0
    assert compared.agreeing == len(trace2.tokens)
    assert all(pair.between is not None and not pair.between.noise for pair in compared.values)


@needs_compiler
def test_other_models_are_refused(lmc, mamba1_design: Path, mamba2_design: Path):
    finished = lmc("trace", mamba2_design, "--prompt-tokens", "1", "--against", mamba1_design)
    assert finished.status == 1
    assert "only designs of one model compare" in finished.errors


@needs_compiler
def test_tables(lmc, mamba2_design: Path, tmp_path: Path):
    picture = tmp_path / "noise.png"
    given = ("trace", mamba2_design, "--prompt-tokens", "1,2,3", "--max-new-tokens", "2")
    finished = lmc(*given, "--plot", picture)
    assert finished.status == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    lines = finished.output.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["0", "1"]
    assert "C++ and interpreter differ in 0 of" in finished.output
    ops = lmc(*given, "--ops").output
    assert "ssm.selective_state_update" in ops
    both = lmc(*given, "--against", mamba2_design).output
    assert "exact" in both


def test_a_design_without_code(lmc, small_model: Path, tmp_path: Path):
    level_2 = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,quantize{preset=w8a8}"
    options = ["--random-weights", "-t", "vck190", "-o", str(tmp_path / "design")]
    assert lmc("compile", small_model, *options, "--pipeline", level_2).status == 0
    finished = lmc("trace", tmp_path / "design", "--prompt", "ab", "--json")
    assert finished.status == 0
    assert "has no C++" in finished.errors
    content = finished.json
    assert content["csim"] is False
    assert content["choices"][0]["csim"] is None
    assert all(value["csim"] is None for value in content["values"])
    assert any(value["sqnr_db"] for value in content["values"])


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ([], 2, "give either --prompt or --prompt-tokens"),
        (["--prompt-tokens", "1,x"], 2, "are not ids"),
        (["--prompt-tokens", "1", "--max-new-tokens", "0"], 2, "--max-new-tokens"),
        (["--prompt-tokens", "4000"], 1, "4000"),
    ],
)
def test_wrong_usage(lmc, mamba2_design: Path, options: list[str], status: int, sentence: str):
    finished = lmc("trace", mamba2_design, *options)
    assert finished.status == status
    assert sentence in finished.errors
