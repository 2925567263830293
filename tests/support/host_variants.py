"""Host programs of a compiled design as if its model had another text or vocabulary; and command
lines that none of them takes."""

from pathlib import Path

from tiny_designs import last_module
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr, i64

from lmc.backends.hls.printer import find_design
from lmc.backends.host.program import find_program, print_host
from lmc.targets import load_target

_WORD_BYTES = 64


def host_files(
    design: Path, text: str = "ids", vocabulary: int | None = None, end_tokens: tuple[int, ...] = ()
) -> dict[str, str]:
    """The files of both host programs by name; logits keep to whole memory words."""
    module = last_module(design)
    found = find_design(module)
    program = find_program(module, found).clone()
    loop = program.token_loop
    loop.text = StringAttr(text)
    loop.end_tokens = ArrayAttr([IntegerAttr(token, i64) for token in end_tokens])
    if vocabulary is not None:
        loop.vocabulary = IntegerAttr(vocabulary, i64)
        words = -(-4 * vocabulary // _WORD_BYTES)
        program.moved("logits").bytes = IntegerAttr(words * _WORD_BYTES, i64)
    return print_host(program, found, load_target("vck190"))


WRONG_USAGE: dict[str, tuple[list[object], str]] = {
    "no prompt": ([], "give one of --prompt, --prompt-tokens and --prompt-file"),
    "two prompts": (["--prompt-tokens", 1, "--prompt-tokens", 2], "give one of --prompt"),
    "negative count": (["--prompt-tokens", 1, "--new", -1], "from 0 to 1000000000, not '-1'"),
    "huge count": (["--prompt-tokens", 1, "--new", 10**20], "not '100000000000000000000'"),
    "count and unit": (["--prompt-tokens", 1, "--new", "5x"], "not '5x'"),
    "no count": (["--prompt-tokens", 1, "--new", ""], "not ''"),
    "no value": (["--prompt-tokens", 1, "--new"], "--new needs a value"),
    "no chunk": (["--prompt-tokens", 1, "--chunk", 0], "from 1 to 4096, not '0'"),
    "long chunk": (["--prompt-tokens", 1, "--chunk", 4097], "from 1 to 4096, not '4097'"),
    "long wait": (["--prompt-tokens", 1, "--timeout", 86_401], "from 0 to 86400"),
    "unknown option": (["--prompt-tokens", 1, "--nwe", 3], "unknown option --nwe"),
    "too many words": (["more", "--prompt-tokens", 1], "give XCLBIN and WEIGHTS"),
    "empty list": (["--prompt-tokens", ""], "--prompt-tokens takes a number"),
    "hole in the list": (["--prompt-tokens", "1,,2"], "--prompt-tokens takes a number"),
    "huge id": (["--prompt-tokens", 2**32], "from 0 to 4294967295"),
    "text for ids": (["--prompt", "a"], "--prompt needs a model"),
    "nothing to do": (["--prompt-tokens", 1, "--new", 0], "nothing to do"),
    "logits to nowhere": (["--prompt-tokens", 1, "--all-logits"], "--all-logits needs --logits"),
}
"""By what is wrong: words after XCLBIN and WEIGHTS, and what the sentence has; for a model that
takes ids only."""
