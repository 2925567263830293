"""`lmc run` and `lmc eval` on bundled models and designs."""

import pytest

LEVEL_2 = (
    "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,insert-rotation,quantize{preset=w8a8},"
    "rewrite-power-of-two"
)


@pytest.fixture(scope="module")
def design(tmp_path_factory, small_model):
    from lmc.cli import main

    folder = tmp_path_factory.mktemp("run") / "design"
    options = ["--random-weights", "-t", "vck190", "-o", str(folder), "--pipeline", LEVEL_2]
    assert main(["compile", str(small_model), *options]) == 0
    return folder


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


def test_eval_measures_engines_on_the_same_windows(lmc, design, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("abcdefgh" * 20)
    options = ["--text", text, "--window", "16", "--tokens", "70"]
    result = lmc("eval", design, *options, "--json").json
    assert result["tokens"] == 64
    losses = [engine["bits_per_byte"] for engine in result["engines"].values()]
    assert list(result["engines"]) == ["float", "integer"]
    assert losses[0] == pytest.approx(losses[1], abs=0.1)
    assert "bits per byte" in lmc("eval", design, *options, "--engine", "float").output
    short = lmc("eval", design, "--text", text, "--window", "1000")
    assert (short.status, "smaller --window" in short.errors) == (1, True)
