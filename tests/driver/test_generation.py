"""Where text ends and which ids can come out, in `lmc run` with the interpreter's engines."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from integer_modules import mamba2
from tokenizers import Tokenizer, decoders, models
from transformers import MambaConfig, MambaForCausalLM

import lmc as lmc_package
from lmc.evaluation.engines import model_engine
from lmc.interpreter import Program, generate, greedy
from lmc.ir.config_attribute import CONFIG, config_to_attribute
from lmc.models.config import Mamba2Config

PROMPT = "5,6,7"
PADDED: dict[str, Any] = {
    "d_model": 32,
    "n_layer": 1,
    "vocab_size": 9,
    "pad_vocab_size_multiple": 64,
    "ssm_cfg": {"layer": "Mamba2", "d_state": 16, "headdim": 16},
}


@pytest.fixture(scope="module")
def model() -> MambaForCausalLM:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"vocab_size": 96, "hidden_size": 32, "state_size": 8}
    untied = {"num_hidden_layers": 2, "tie_word_embeddings": False}
    model = MambaForCausalLM(MambaConfig(**sizes, **untied)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return model


def expected(model: MambaForCausalLM, count: int, **options: Any) -> list[int]:
    ids = torch.tensor([[int(token) for token in PROMPT.split(",")]])
    found = model.generate(ids, max_new_tokens=count, do_sample=False, pad_token_id=0, **options)
    return found[0, ids.shape[1] :].tolist()


@pytest.fixture(scope="module")
def ending(model: MambaForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder whose text ends with its fourth token, and that token."""
    folder = tmp_path_factory.mktemp("models") / "ending"
    free = expected(model, 8, eos_token_id=-1)
    end = next(token for index, token in enumerate(free) if index > 1 and token not in free[:index])
    model.generation_config.eos_token_id = [95, end]
    model.save_pretrained(folder)
    return folder


def tokens(lmc: Any, *arguments: object) -> list[int]:
    finished = lmc("run", *arguments, "--prompt-tokens", PROMPT, "--json", "--max-new-tokens", "8")
    assert finished.status == 0, finished.errors
    return finished.json["tokens"]


def test_text_ends_where_transformers_ends_it(
    lmc: Any, model: MambaForCausalLM, ending: Path
) -> None:
    found = tokens(lmc, ending)
    assert found == expected(model, 8)
    assert len(found) < 8
    assert found[-1] == model.generation_config.eos_token_id[1]
    free = tokens(lmc, ending, "--ignore-eos")
    assert free == expected(model, 8, eos_token_id=-1)
    assert len(free) == 8


def test_a_module_takes_its_end_token_along(
    lmc: Any, model: MambaForCausalLM, ending: Path, tmp_path: Path
) -> None:
    passes = "raise-to-ssm,roll-layers"
    design = lmc_package.compile(model, target="vck190", output=tmp_path / "d", pipeline=passes)
    assert tokens(lmc, design.path, "--engine", "float") == expected(model, 8)


def test_the_end_token_is_no_text(lmc: Any, ending: Path) -> None:
    end = json.loads((ending / "generation_config.json").read_text())["eos_token_id"][1]
    tokenizer = Tokenizer(models.WordLevel({f"<{index}>": index for index in range(96)}, "<0>"))
    tokenizer.decoder = decoders.Fuse()
    tokenizer.save(str(ending / "tokenizer.json"))
    try:
        finished = lmc("run", ending, "--prompt-tokens", PROMPT, "--max-new-tokens", "8")
        found = lmc("run", ending, "--prompt-tokens", PROMPT, "--max-new-tokens", "8", "--json")
    finally:
        (ending / "tokenizer.json").unlink()
    shown = "".join(f"<{token}>" for token in found.json["tokens"][:-1])
    assert found.json["tokens"][-1] == end
    assert found.json["text"] == shown
    assert finished.output == f"{shown}\n"


@pytest.mark.parametrize("engine", ["float", "integer"])
def test_padding_rows_never_come_out(engine: str, lmc: Any, tmp_path: Path) -> None:
    folder = tmp_path / "padded"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(PADDED))
    runner = model_engine(str(folder), engine, random_weights=True)
    (logits,) = runner.pieces(np.array([[1], [2], [3], [4]]), 4)
    best = logits[:, 0].argmax(-1)
    assert best.max() >= 9, "the model would choose padding"
    arguments = ["--random-weights", "--engine", engine, "--prompt-tokens", "1,2"]
    finished = lmc("run", folder, *arguments, "--max-new-tokens", "30", "--json")
    found = finished.json["tokens"]
    assert len(found) == 30
    assert max(found) < 9


def test_a_module_without_configuration_has_no_padding() -> None:
    module, store = mamba2()
    assert Program(module, store).tokens_in_use is None
    free = greedy(module, [1, 2], 12, store)
    limit = max(free)
    module.attributes[CONFIG] = config_to_attribute(
        Mamba2Config(
            vocab_size=limit,
            padded_vocab_size=16,
            d_model=8,
            n_layers=2,
            d_inner=8,
            d_state=4,
            d_conv=4,
            n_heads=2,
            head_dim=4,
            n_groups=2,
            norm_group_size=4,
        )
    )
    limited = greedy(module, [1, 2], 12, store)
    assert max(limited) < limit
    assert limited[: free.index(limit)] == free[: free.index(limit)]
    assert next(generate(Program(module, store), [1, 2])) == limited[0]
