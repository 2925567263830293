from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba2Config
from lmc.models.tokenizer import ByteTokenizer, JsonTokenizer, TextStream, load_tokenizer


@pytest.fixture
def json_path(tmp_path: Path) -> Path:
    """A tokenizer of single bytes in the alphabet of byte-level BPE."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({char: i for i, char in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def test_bytes_there_and_back() -> None:
    tokenizer = ByteTokenizer()
    assert tokenizer.encode("né") == [0x6E, 0xC3, 0xA9]
    assert tokenizer.decode([0x6E, 0xC3, 0xA9]) == "né"
    assert tokenizer.decode([0x6E, 0xC3]) == "n\ufffd"


def test_a_tokenizer_file_there_and_back(json_path: Path) -> None:
    tokenizer = JsonTokenizer(json_path, 256)
    assert tokenizer.decode(tokenizer.encode("näher 水")) == "näher 水"


def test_padding_and_truncation_of_a_training_batch_are_left_out(json_path: Path) -> None:
    # transformers writes them down and ignores them when it loads the file.
    saved = Tokenizer.from_file(str(json_path))
    saved.enable_padding(length=8, pad_id=3)
    saved.enable_truncation(8)
    saved.save(str(json_path))
    tokenizer = JsonTokenizer(json_path, 256)
    for text in ("cat", "the cat sat on the mat while the dog sat"):
        assert len(tokenizer.encode(text)) == len(text)
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_a_tokenizers_size_counts_special_tokens(json_path: Path) -> None:
    assert JsonTokenizer(json_path, 300).size == 256
    saved = Tokenizer.from_file(str(json_path))
    saved.add_special_tokens(["<eos>"])
    saved.save(str(json_path))
    assert JsonTokenizer(json_path, 300).size == 257


def test_tokens_that_the_model_lacks_are_refused(json_path: Path) -> None:
    with pytest.raises(LmcError, match="the model has 10 tokens"):
        JsonTokenizer(json_path, 10).encode("zebra")


def test_a_damaged_tokenizer_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(LmcError, match=r"tokenizer\.json is not a readable tokenizer"):
        JsonTokenizer(tmp_path / "tokenizer.json", 256)


@pytest.mark.parametrize("kind", ["bytes", "json"])
def test_a_stream_never_shows_half_a_character(kind: str, json_path: Path) -> None:
    tokenizer = ByteTokenizer() if kind == "bytes" else JsonTokenizer(json_path, 256)
    stream = TextStream(tokenizer)
    ids = tokenizer.encode("a水b") + tokenizer.encode("水")[:2]
    parts = [stream.push(token) for token in ids]
    assert parts == ["a", "", "", "水", "b", "", ""]
    assert stream.finish() == "\ufffd"
    assert stream.finish() == ""


def test_a_stream_goes_on_after_bytes_that_are_no_text() -> None:
    stream = TextStream(ByteTokenizer())
    assert [stream.push(token) for token in (0xFF, 0x41)] == ["", "\ufffdA"]


def test_a_folder_gives_its_file_or_bytes_or_nothing(
    json_path: Path, tmp_path: Path, mamba2_config: Mamba2Config
) -> None:
    assert isinstance(load_tokenizer(json_path.parent, mamba2_config), JsonTokenizer)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert load_tokenizer(empty, mamba2_config) is None
