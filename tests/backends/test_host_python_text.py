"""Text of the host program in Python: pieces of characters, and neighbours that matter."""

import os
from pathlib import Path

import pytest
from byte_pairs import byte_pairs
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from lmc.backends.host.source.pyhost.text import ByteText, TokenizerText


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokenizer.json"


def pieces(text: ByteText | TokenizerText, prompt: str, tokens: list[int]) -> list[bytes]:
    """What each token adds to the text, and what the end adds."""
    text.encode(prompt)
    return [*(text.push(token) for token in tokens), text.finish()]


def test_bytes_are_bytes() -> None:
    text = ByteText()
    assert text.encode("né") == [0x6E, 0xC3, 0xA9]
    assert text.encode(os.fsdecode(b"\xff")) == [0xFF]
    assert pieces(text, "n", [0xC3, 0xA9]) == [b"\xc3", b"\xa9", b""]


def test_a_character_comes_out_when_it_is_whole(path: Path) -> None:
    byte_pairs("ä水x").save(str(path))
    found = pieces(TokenizerText(path), "né", [1, 2, 3, 4, 5, 6])
    assert found == [b"", "ä".encode(), b"", b"", "水".encode(), b"x", b""]


def test_what_is_never_finished_comes_out_at_the_end(path: Path) -> None:
    byte_pairs("ä水x").save(str(path))
    found = pieces(TokenizerText(path), "n", [1])
    assert found == [b"", "\ufffd".encode()]


def test_what_is_no_text_does_not_wait_for_ever(path: Path) -> None:
    byte_pairs("ä水x").save(str(path))
    found = pieces(TokenizerText(path), "n", [2] * 40 + [6])
    assert b"".join(found[:-2]).decode().count("\ufffd") >= 32
    assert b"".join(found).decode() == "\ufffd" * 40 + "x"


def test_a_space_between_prompt_and_text_stays(path: Path) -> None:
    """The decoder drops the space of the first word that it is given."""
    words = ["▁It", "▁was", "▁dark", "s"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "s"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.save(str(path))
    assert tokenizer.decode([1]) == "was"
    assert pieces(TokenizerText(path), "It", [1, 2, 3]) == [b" was", b" dark", b"s", b""]
    long = "It was " * 20
    assert pieces(TokenizerText(path), long, [2]) == [b" dark", b""]


def test_special_tokens_are_no_text(path: Path) -> None:
    tokenizer = byte_pairs("ä水x")
    tokenizer.add_special_tokens(["<end>"])
    tokenizer.save(str(path))
    end = tokenizer.token_to_id("<end>")
    assert pieces(TokenizerText(path), "n", [6, end, 6]) == [b"x", b"", b"x", b""]
