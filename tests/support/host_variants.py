"""Host programs of a compiled design as if its model had another text or vocabulary."""

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
