"""Which rows of a model's vocabulary stand for a token, and which only pad it to a round number."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from lmc.models.config_parsing import read_json
from lmc.models.tokenizer import JsonTokenizer, Tokenizer

_SPECIAL = ("bos_token_id", "eos_token_id", "pad_token_id")


def tokens_in_use(rows: int, tokenizer: Tokenizer | None, folder: Path | None) -> int:
    """Ids below which the vocabulary's `rows` stand for a token; those from there on are padding.

    All of them unless a tokenizer.json has fewer. Tokens that transformers adds to it stand in
    tokenizer_config.json; the configurations of model and generation name special ones.
    """
    if not isinstance(tokenizer, JsonTokenizer):
        return rows
    named = _named_ids(folder) if folder is not None else iter(())
    return min(rows, max([tokenizer.size, *(token + 1 for token in named)]))


def _named_ids(folder: Path) -> Iterator[int]:
    for name in ("tokenizer_config.json", "generation_config.json", "config.json"):
        path = folder / name
        values = read_json(path) if path.is_file() else {}
        added = values.get("added_tokens_decoder")
        if isinstance(added, dict):
            yield from (int(key) for key in cast("dict[str, object]", added) if key.isdecimal())
        for key in _SPECIAL:
            value = values.get(key)
            for one in cast("list[object]", value) if isinstance(value, list) else [value]:
                if isinstance(one, int):
                    yield one
