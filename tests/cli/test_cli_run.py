"""`lmc run` and `lmc eval` on bundled models and designs."""

import pytest
from build_once import build_once

from lmc.design.evaluation import read_evaluation
from lmc.design.folder import open_design

LEVEL_2 = (
    "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,insert-rotation,quantize{preset=w8a8},"
    "rewrite-power-of-two"
)


@pytest.fixture(scope="module")
def design(tmp_path_factory, small_model):
    from lmc.cli import main

    def build(folder):
        output = folder / "design"
        options = ["--random-weights", "-t", "vck190", "-o", str(output), "--pipeline", LEVEL_2]
        assert main(["compile", str(small_model), *options]) == 0
        return output

    return build_once(tmp_path_factory, "design-at-level-2", build)


def test_a_bundled_model_writes_text(lmc):
    finished = lmc("run", "bookbyte-mamba2", "--prompt", "It was a ", "--max-new-tokens", "12")
    assert finished.status == 0
    assert finished.output.startswith("It was a ")
    assert len(finished.output) == len("It was a ") + 12 + 1
    assert finished.output.isascii()


def test_text_and_tokens_are_the_same_prompt(lmc, design):
    results = [
        lmc("run", design, *prompt, "--engine", "integer", "--max-new-tokens", "5", "--json")
        for prompt in (("--prompt", "ab"), ("--prompt-tokens", "97,98"))
    ]
    assert results[0].json["tokens"] == results[1].json["tokens"]
    assert results[0].json["engine"] == "integer"
    assert "random" in results[0].errors


def test_a_design_without_code_has_no_simulation(lmc, design):
    finished = lmc("run", design, "--prompt", "a")
    assert finished.status == 1
    assert finished.errors.count("error: ") == 1


def test_text_does_not_depend_on_the_memory(lmc, mamba2_design):
    ids = ("--prompt-tokens", "1,2,3", "--max-new-tokens", "6", "--json")
    polite, adversarial = (
        lmc("run", mamba2_design, *ids, "--memory", manners).json["tokens"]
        for manners in ("polite", "adversarial")
    )
    assert adversarial == polite


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--memory", "rude"), "--memory is polite or adversarial, not 'rude'"),
        (
            ("--memory", "adversarial", "--engine", "integer"),
            "is for --engine csim and rtl, not integer",
        ),
    ],
)
def test_manners_of_a_memory_that_make_no_sense(lmc, mamba2_design, options, sentence):
    finished = lmc("run", mamba2_design, "--prompt-tokens", "1", *options)
    assert finished.status == 2
    assert sentence in finished.errors


def test_a_model_has_no_memory_ports(lmc):
    finished = lmc("run", "bookbyte-mamba2", "--prompt", "a", "--memory", "adversarial")
    assert finished.status == 2
    assert "a model has no memory ports" in finished.errors


@pytest.fixture
def evaluated(lmc, design, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("abcdefgh" * 20)
    options = ["--text", text, "--window", "16", "--tokens", "70"]
    return lambda *more: lmc("eval", design, *options, *more)


def test_eval_measures_engines_on_the_same_windows(lmc, evaluated, design, tmp_path):
    result = evaluated("--json").json
    assert result["tokens"] == 64
    assert list(result["engines"]) == ["float", "integer"]
    one, other = result["engines"].values()
    assert one["bits_per_byte"] == pytest.approx(other["bits_per_byte"], abs=0.1)
    assert (one["kl_to_float"], one["top1_agreement"]) == (0, 1)
    assert 0 < other["kl_to_float"] < 0.1
    assert "bits per byte" in evaluated("--engine", "float").output
    short = lmc("eval", design, "--text", tmp_path / "text.txt", "--window", "1000")
    assert (short.status, "smaller --window" in short.errors) == (1, True)


def test_eval_keeps_what_it_measured_with_the_design(evaluated, design):
    result = evaluated("--engine", "float", "--json").json
    evaluated("--engine", "integer")
    found = read_evaluation(open_design(design))
    assert found is not None
    assert list(found.engines) == ["float", "integer"]
    assert found.engines["float"].bits_per_byte == result["engines"]["float"]["bits_per_byte"]
    assert (found.text, found.tokens, found.window) == ("text.txt", 64, 16)
    assert found.source == "lmc eval: 64 tokens of text.txt in windows of 16"
    # The same file in smaller windows is another measurement.
    evaluated("--window", "8", "--engine", "integer")
    found = read_evaluation(open_design(design))
    assert found is not None
    assert list(found.engines) == ["integer"]


def test_eval_by_position(evaluated):
    result = evaluated("--window", "70", "--by-position", "--json").json
    places, engines = result["positions"], result["engines"]
    assert [(place["first"], place["end"]) for place in places] == [(0, 64), (64, 70)]
    for name, one in engines.items():
        losses = [place["engines"][name]["bits_per_token"] for place in places]
        assert (64 * losses[0] + 6 * losses[1]) / 70 == pytest.approx(one["bits_per_byte"])
    assert places[1]["engines"]["integer"]["kl_to_float"] > 0
    shown = evaluated("--window", "70", "--by-position").output
    assert "bits per byte by position" in shown
    assert "64 to 69" in shown


def test_float_is_compared_with_though_not_asked_for(evaluated):
    engines = evaluated("--engine", "integer", "--json").json["engines"]
    assert list(engines) == ["integer"]
    assert engines["integer"]["kl_to_float"] > 0


def test_eval_shows_the_noise_of_each_layer(evaluated, tmp_path):
    picture = tmp_path / "noise.png"
    result = evaluated("--layers", "--plot", picture, "--json").json["layers"]
    assert {"hidden", "zxbcdt", "x", "b", "c", "dt", "y", "gated", "out"} <= set(result["sqnr_db"])
    assert all(len(row) == 2 for row in result["sqnr_db"].values())
    assert all(db > 15 for row in result["sqnr_db"].values() for db in row)
    assert result["logits_sqnr_db"] > 15
    assert picture.read_bytes().startswith(b"\x89PNG")
    shown = evaluated("--layers").output
    assert "signal to quantization noise" in shown
    refused = evaluated("--plot", tmp_path / "absent" / "noise.png")
    assert (refused.status, "cannot be written" in refused.errors) == (1, True)
