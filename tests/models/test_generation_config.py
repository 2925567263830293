"""End tokens and padding rows, as the files of a model folder say them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_mamba2 import HF_MAMBA2
from tokenizers import Tokenizer, models

from lmc.diagnostics import LmcError
from lmc.models.generation_config import end_tokens
from lmc.models.zoo import resolve

WriteModel = Callable[[Path], Path]


def write(folder: Path, name: str, **values: object) -> None:
    (folder / name).write_text(json.dumps(values))


def test_end_tokens_are_those_of_generation_else_of_the_model(tmp_path: Path) -> None:
    assert end_tokens(tmp_path) == ()
    write(tmp_path, "config.json", eos_token_id=2)
    assert end_tokens(tmp_path) == (2,)
    write(tmp_path, "generation_config.json", bos_token_id=0)
    assert end_tokens(tmp_path) == (2,)
    write(tmp_path, "generation_config.json", eos_token_id=[5, 3])
    assert end_tokens(tmp_path) == (5, 3)
    write(tmp_path, "generation_config.json", eos_token_id=0)
    assert end_tokens(tmp_path) == (0,)


@pytest.mark.parametrize("value", ["</s>", 1.5, [1, None], True])
def test_end_tokens_that_are_none_are_refused(value: object, tmp_path: Path) -> None:
    write(tmp_path, "generation_config.json", eos_token_id=value)
    with pytest.raises(LmcError, match=r"generation_config\.json: eos_token_id is .*, not a token"):
        end_tokens(tmp_path)


def write_tokenizer(folder: Path, tokens: int) -> None:
    vocabulary = {f"t{index}": index for index in range(tokens)}
    Tokenizer(models.WordLevel(vocabulary, "t0")).save(str(folder / "tokenizer.json"))


def in_use(folder: Path) -> tuple[int, int]:
    config = resolve(str(folder)).config
    return config.vocab_size, config.padded_vocab_size


def test_rows_beyond_the_tokenizer_are_padding(tmp_path: Path, write_model: WriteModel) -> None:
    folder = write_model(tmp_path / "mine")
    assert in_use(folder) == (40, 40)
    write_tokenizer(folder, 33)
    assert in_use(folder) == (33, 40)
    write_tokenizer(folder, 50)
    assert in_use(folder) == (40, 40)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("tokenizer_config.json", {"added_tokens_decoder": {"35": {"content": "<end>"}}}),
        ("generation_config.json", {"eos_token_id": [2, 35]}),
        ("config.json", {**HF_MAMBA2, "pad_token_id": 35}),
    ],
)
def test_special_tokens_of_other_files_are_no_padding(
    name: str, values: dict[str, object], tmp_path: Path, write_model: WriteModel
) -> None:
    folder = write_model(tmp_path / "mine")
    write_tokenizer(folder, 33)
    write(folder, name, **values)
    assert in_use(folder) == (36, 40)
