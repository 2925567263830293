"""Falcon-Mamba and Codestral Mamba, small and as their checkpoints are: bf16 shards with an index.

Texts are those of transformers' own classes; published configurations and files are kept to.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, decoders, models
from transformers import (
    FalconMambaConfig,
    FalconMambaForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    PreTrainedModel,
)

import lmc as lmc_package
from lmc.frontend import config_of
from lmc.models.zoo import resolve

PROMPT = [5, 6, 7]
NEW = 8
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "vocab_size": 96,
    "tie_word_embeddings": False,
    "bos_token_id": 0,
    "eos_token_id": None,
    "pad_token_id": 0,
}
FLOAT = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,insert-rotation"


def falcon_mamba() -> PreTrainedModel:
    # As published: `expand` says 16, and `intermediate_size` counts.
    widths: dict[str, Any] = {"expand": 16, "intermediate_size": 64, "time_step_rank": 4}
    return FalconMambaForCausalLM(FalconMambaConfig(**SIZES, **widths, state_size=16))


def codestral_mamba() -> PreTrainedModel:
    heads = {"num_heads": 16, "head_dim": 4, "n_groups": 8, "state_size": 8}
    return Mamba2ForCausalLM(Mamba2Config(**SIZES, **heads))


@pytest.fixture(params=[falcon_mamba, codestral_mamba], ids=["falcon", "codestral"])
def model(request: pytest.FixtureRequest) -> PreTrainedModel:
    torch.manual_seed(0)
    model = request.param()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
            parameter.copy_(parameter.bfloat16())  # values that the files can hold
    return model.eval()


@pytest.fixture
def folder(model: PreTrainedModel, tmp_path: Path) -> Path:
    path = tmp_path / "small"
    model.bfloat16().save_pretrained(path, max_shard_size="20KB")
    model.float()
    return path


def expected(model: PreTrainedModel) -> list[int]:
    ids = torch.tensor([PROMPT])
    found = model.generate(ids, max_new_tokens=NEW, do_sample=False)
    return found[0, len(PROMPT) :].tolist()


def tokens(lmc: Any, *arguments: object) -> list[int]:
    prompt = ",".join(map(str, PROMPT))
    options = ["--prompt-tokens", prompt, "--json", "--max-new-tokens", str(NEW)]
    finished = lmc("run", *arguments, *options)
    assert finished.status == 0, finished.errors
    return finished.json["tokens"]


def test_shards_give_the_text_of_transformers(
    lmc: Any, model: PreTrainedModel, folder: Path
) -> None:
    assert len(list(folder.glob("model-*-of-*.safetensors"))) > 3
    assert resolve(str(folder)).config == config_of(model)
    assert tokens(lmc, folder) == expected(model)


def test_a_module_gives_the_text_of_transformers(
    lmc: Any, model: PreTrainedModel, tmp_path: Path
) -> None:
    design = lmc_package.compile(model, target="u280", output=tmp_path / "d", pipeline=FLOAT)
    assert tokens(lmc, design.path, "--engine", "float") == expected(model)
    # What is saved with the design stands for the same model.
    assert resolve(str(design.path / "weights/source")).config == config_of(model)


def test_a_shard_that_is_absent_is_named(lmc: Any, folder: Path) -> None:
    shard = sorted(folder.glob("model-*-of-*.safetensors"))[1]
    shard.unlink()
    finished = lmc("run", folder, "--prompt-tokens", "1")
    assert finished.status == 1
    assert f"lacks {shard.name}, which model.safetensors.index.json names" in finished.errors


def test_the_folders_tokenizer_and_end_token(folder: Path) -> None:
    words = {f"<{index}>": index for index in range(90)}
    tokenizer = Tokenizer(models.WordLevel(words, "<0>"))
    tokenizer.decoder = decoders.Fuse()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": 11}))
    found = resolve(str(folder))
    assert found.tokenizer is not None
    assert found.tokenizer.decode([3, 4]) == "<3><4>"
    assert (found.end_tokens, found.config.vocab_size) == ((11,), 90)
    assert found.config.padded_vocab_size == 96
