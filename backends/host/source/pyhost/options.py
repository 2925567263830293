"""The command line of the host program."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .design import Design
from .errors import HostError, UsageError
from .files import read_ids
from .text import ByteText, TokenizerText, open_text

USAGE = """\
usage: run.py XCLBIN WEIGHTS (--prompt TEXT | --prompt-tokens 1,2,3 | --prompt-file FILE) [options]
  --prompt TEXT         continue a text; where a token is no byte it needs the package tokenizers
  --prompt-tokens LIST  continue token ids
  --prompt-file FILE    continue token ids that are 32-bit integers, little endian
  --new N               how many tokens to generate (default 100)
  --ignore-eos          go on after an end token
  --chunk C             at most so many new tokens for each launch, 1 to 4096 (default 16)
  --logits FILE         write the logits of each new token: 32-bit integers, little endian
  --all-logits          write those of every token to FILE
  --timeout SECONDS     for each launch, 0 for none (default 120)
"""
_NUMBERS = {"--new": (0, 1_000_000_000), "--chunk": (1, 4096), "--timeout": (0, 86_400)}
"""The least and the most of each option that is a number."""
_FLAGS = ("--all-logits", "--ignore-eos", "--help")
_VALUES = ("--prompt", "--prompt-tokens", "--prompt-file", "--logits", *_NUMBERS)


@dataclass
class Options:
    """What the command line asks for; `text` continues the prompt where that was a text."""

    xclbin: str = ""
    weights: str = ""
    logits: str = ""
    prompt: list[int] = field(default_factory=list)
    given: str = ""
    text: ByteText | TokenizerText | None = None
    numbers: dict[str, int] = field(
        default_factory=lambda: {"--new": 100, "--chunk": 16, "--timeout": 120}
    )
    flags: set[str] = field(default_factory=set)

    @property
    def new_tokens(self) -> int:
        """How many tokens to generate."""
        return self.numbers["--new"]

    @property
    def chunk(self) -> int:
        """New tokens of a launch at most."""
        return self.numbers["--chunk"]

    @property
    def timeout_seconds(self) -> int:
        """For a launch; 0 waits for ever."""
        return self.numbers["--timeout"]

    @property
    def all_logits(self) -> bool:
        """Whether the logits of every token are wanted."""
        return "--all-logits" in self.flags


def parse(arguments: list[str], design: Design, folder: Path) -> Options:
    """The options of a command line; `folder` is that of the program.

    Raises UsageError where they make no sense, and HostError for a file or an id that is none.
    """
    options, words, prompts = Options(), [], 0
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("--"):
            words.append(word)
        elif word in _FLAGS:
            options.flags.add(word)
        elif word not in _VALUES:
            raise UsageError(f"unknown option {word}")
        else:
            value = next(rest, None)
            if value is None:
                raise UsageError(f"{word} needs a value")
            prompts += word.startswith("--prompt")
            _take(options, word, value, design, folder)
    if "--help" not in options.flags:
        _check(options, words, prompts, design)
        options.xclbin, options.weights = words
    return options


def _take(options: Options, word: str, value: str, design: Design, folder: Path) -> None:
    if word in _NUMBERS:
        options.numbers[word] = _number(word, value, *_NUMBERS[word])
    elif word == "--prompt-tokens":
        options.prompt = [_number(word, part, 0, 0xFFFFFFFF) for part in value.split(",")]
    elif word == "--prompt-file":
        options.prompt = read_ids(value)
    elif word == "--logits":
        options.logits = value
    else:
        options.text = open_text(design.text, folder)
        options.given, options.prompt = value, options.text.encode(value)


def _number(option: str, word: str, least: int, most: int) -> int:
    """A decimal number from `least` to `most`; raises UsageError for anything else."""
    is_short = word.isascii() and word.isdigit() and len(word.lstrip("0")) <= len(str(most))
    if not is_short or not least <= int(word) <= most:
        raise UsageError(f"{option} takes a number from {least} to {most}, not '{word}'")
    return int(word)


def _check(options: Options, words: list[str], prompts: int, design: Design) -> None:
    """Raise UsageError where words and options make no sense together."""
    if len(words) != 2:
        raise UsageError("give XCLBIN and WEIGHTS, the file and the folder, and nothing else")
    if prompts != 1:
        raise UsageError("give one of --prompt, --prompt-tokens and --prompt-file")
    if not options.prompt:
        raise UsageError("the prompt is empty; give at least one token")
    if options.all_logits and not options.logits:
        raise UsageError("--all-logits needs --logits")
    if options.new_tokens == 0 and not options.all_logits:
        raise UsageError("nothing to do: --new is 0 and there is no --all-logits")
    for token in options.prompt:
        if token >= design.vocabulary:
            raise HostError(
                f"token id {token} is outside of the vocabulary of {design.vocabulary} tokens"
            )
