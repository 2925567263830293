"""Text to token ids and back: bytes, or the model's tokenizer.json."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from .errors import HostError, UsageError

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"
_CONTEXT = 8
"""Tokens that decide how those after them are written."""


class ByteText:
    """A token is a byte."""

    def encode(self, text: str) -> list[int]:
        """The bytes of a text as the command line has it."""
        return list(os.fsencode(text))

    def push(self, token: int) -> bytes:
        """What a new token adds to the text."""
        return bytes([token])

    def finish(self) -> bytes:
        """What is still to be written."""
        return b""


class TokenizerText:
    """The tokenizer.json of the model, through Hugging Face's package `tokenizers`.

    New tokens are decoded together with some before them, since how a token is written may depend
    on its neighbours; a character that is split over tokens comes out when it is whole.
    """

    def __init__(self, path: Path) -> None:
        """Read the file; raises HostError where package or file are missing, or it is damaged."""
        try:
            package: Any = importlib.import_module("tokenizers")
        except ImportError as error:
            raise HostError(
                "--prompt needs the package tokenizers, which is not installed: "
                "pip install tokenizers, or give --prompt-tokens"
            ) from error
        if not path.is_file():
            raise HostError(f"cannot read {path}: it is not there; copy it again")
        try:
            self._tokenizer = package.Tokenizer.from_file(str(path))
        except Exception as error:  # the package raises bare Exception
            raise HostError(f"{path} is not a readable tokenizer: {error}") from error
        # Settings of a batch in training, which transformers keeps in the file and does not read.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._ids: list[int] = []
        self._first = self._shown = 0

    def encode(self, text: str) -> list[int]:
        """Token ids of the prompt; raises UsageError where it is no text."""
        try:
            plain = os.fsencode(text).decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("--prompt takes a text in UTF-8") from error
        self._ids = list(self._tokenizer.encode(plain).ids)
        self._shown = len(self._ids)
        self._first = max(0, self._shown - _CONTEXT)
        return list(self._ids)

    def push(self, token: int) -> bytes:
        """What a new token adds to the text, nothing while a character is unfinished."""
        self._ids.append(token)
        # A character has a few bytes, so what is unfinished for longer will never be finished.
        is_recent = len(self._ids) - self._shown < _CONTEXT
        if is_recent and self._decode(len(self._ids)).endswith(_UNFINISHED):
            return b""
        return self._advance()

    def finish(self) -> bytes:
        """The rest of the text, with replacement characters for what was never completed."""
        return self._advance()

    def _decode(self, end: int) -> str:
        return self._tokenizer.decode(self._ids[self._first : end])

    def _advance(self) -> bytes:
        before, now = self._decode(self._shown), self._decode(len(self._ids))
        if len(now) > len(before):
            self._first, self._shown = self._shown, len(self._ids)
        return now[len(before) :].encode("utf-8")


def open_text(kind: str, folder: Path) -> ByteText | TokenizerText:
    """What makes tokens of a prompt, and text of tokens; `folder` has the tokenizer.json.

    Raises UsageError for a model that takes ids only, and HostError as `TokenizerText`.
    """
    if kind == "bytes":
        return ByteText()
    if kind == "tokenizer":
        return TokenizerText(folder / "tokenizer.json")
    raise UsageError("--prompt needs a model with a tokenizer; give --prompt-tokens")
