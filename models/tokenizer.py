"""Text to token ids and back: bytes for the bundled models, tokenizer.json for others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from tokenizers import Tokenizer as TokenizerFile

from lmc.diagnostics import LmcError
from lmc.models.config import ModelConfig

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Tokenizer(Protocol):
    """Text to token ids and back."""

    def encode(self, text: str, *, special_tokens: bool = True) -> list[int]:
        """Token ids of a text; raises LmcError for a token that the model does not have.

        `special_tokens` says whether those that the tokenizer puts around a text come with it.
        """
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids; bytes that are not UTF-8 become replacement characters."""
        ...


class ByteTokenizer:
    """A token is a byte of UTF-8."""

    def encode(self, text: str, *, special_tokens: bool = True) -> list[int]:
        """Bytes of the text's UTF-8; bytes that a command line could not decode pass through."""
        del special_tokens  # there are none
        return list(text.encode("utf-8", errors="surrogateescape"))

    def decode(self, ids: Sequence[int]) -> str:
        """Text of bytes, with replacement characters for what is not UTF-8."""
        return bytes(ids).decode("utf-8", errors="replace")


class JsonTokenizer:
    """A tokenizer.json of Hugging Face's tokenizers library."""

    def __init__(self, path: Path, vocab_size: int) -> None:
        """Read the file for a model of `vocab_size` tokens; raises LmcError if it is damaged."""
        try:
            self._tokenizer = TokenizerFile.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise LmcError(f"{path} is not a readable tokenizer: {error}") from error
        # Settings of a batch in training, which transformers keeps in the file and does not read.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.path = path
        self._vocab_size = vocab_size

    @property
    def size(self) -> int:
        """One more than the largest id of a token, special ones included."""
        return max(self._tokenizer.get_vocab(with_added_tokens=True).values(), default=-1) + 1

    def token_id(self, token: str) -> int | None:
        """The id of a token by its name, special ones included; None if there is none."""
        return self._tokenizer.token_to_id(token)

    def token_text(self, token: int) -> str:
        """The text of one token, a special one's too."""
        return self._tokenizer.decode([token], skip_special_tokens=False)

    def encode(self, text: str, *, special_tokens: bool = True) -> list[int]:
        """See `Tokenizer`."""
        ids = self._tokenizer.encode(text, add_special_tokens=special_tokens).ids
        unknown = next((token for token in ids if token >= self._vocab_size), None)
        if unknown is not None:
            raise LmcError(
                f"{self.path} gives token {unknown}, but the model has {self._vocab_size} tokens"
            )
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out."""
        return self._tokenizer.decode(list(ids))


class TextStream:
    """Text of tokens that arrive one by one; a character split over tokens comes out whole."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._shown = 0

    def push(self, token: int) -> str:
        """New text that this token completes, empty while a character is unfinished."""
        self._ids.append(token)
        # An unfinished character decodes to replacement characters at the end.
        return self._advance(self._tokenizer.decode(self._ids).rstrip(_REPLACEMENT))

    def finish(self) -> str:
        """The rest of the text, with replacement characters for what was never completed."""
        return self._advance(self._tokenizer.decode(self._ids))

    def _advance(self, text: str) -> str:
        new = text[self._shown :]
        self._shown = max(self._shown, len(text))
        return new


def load_tokenizer(folder: Path, config: ModelConfig) -> Tokenizer | None:
    """The tokenizer of a model folder: its tokenizer.json, or bytes if there are 256 tokens.

    None if it has neither; such a model takes token ids only. Raises LmcError for a damaged file.
    """
    path = folder / "tokenizer.json"
    if path.is_file():
        return JsonTokenizer(path, config.padded_vocab_size)
    return ByteTokenizer() if config.vocab_size == 256 else None
