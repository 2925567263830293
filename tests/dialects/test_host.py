"""What the verifiers of the host dialect refuse, in changed texts of a program that is right."""

from pathlib import Path

import pytest

from lmc.diagnostics import LmcError
from lmc.driver.pipeline import Pipeline
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module

DESIGN = Path(__file__).parents[1] / "filecheck/passes/derive-host.mlir"


@pytest.fixture(scope="module")
def text() -> str:
    registry = load_registry()
    context = make_context(registry)
    first = DESIGN.read_text(encoding="utf-8").partition("// -----")[0]
    module = parse_module(context, first, "m")
    Pipeline.parse(registry, "derive-host").run(context, module)
    return module_text(module)


def test_the_text_is_read_as_it_is_printed(text: str) -> None:
    assert module_text(parse_module(make_context(load_registry()), text, "m")) == text


FIRST = (
    "host.run @first(0 = %n_tokens : ui32, 1 = %n_prompt : ui32, 2 = %prompt : !host.buffer, "
    "4 = %vectors : !host.buffer, 5 = %state : !host.buffer)"
)
LAST = (
    "host.run @last(1 = %state : !host.buffer, 2 = %logits : !host.buffer, "
    "3 = %tokens : !host.buffer, 4 = %n_logits : ui32)"
)
WRONG: dict[str, tuple[str, str, str]] = {
    "no such design": ("program @d", "program @e", "is for design e, which is not before it"),
    "no such bank": (
        "host.buffer @state bytes",
        "host.buffer @stat bytes",
        "buffer stat is of no bank of the design: run derive-host after all passes that change",
    ),
    "no buffer": (
        '%state = host.buffer @state bytes 512 in "HBM[3]"\n',
        '%state = host.buffer @vectors bytes 128 in "HBM[3]"\n',
        "buffer vectors is there twice",
    ),
    "other size": (
        "bytes 512",
        "bytes 511",
        "buffer state has 511 bytes, its bank 512",
    ),
    "other count": (
        '@tokens bytes 4 each "logits_token"',
        '@tokens bytes 4 each "prompt_token"',
        "tokens has 4 for each prompt_token bytes, its bank 4 for each logits_token",
    ),
    "unknown count": ('each "prompt_token"', 'each "token"', 'counts is "token": one of prompt_'),
    "unknown memory": (
        'bytes 512 in "HBM[3]"',
        'bytes 512 in "PLRAM"',
        "buffer state is in PLRAM; the board has HBM[0], HBM[1],",
    ),
    "memory of another bank": (
        'bytes 512 in "HBM[3]"',
        'bytes 512 in "HBM[4]"',
        "buffer state is in HBM[4]; others of memory HBM2 channel 3 of the design are in HBM[3]",
    ),
    "two in one memory": (
        'prompt_token" in "DDR[0]"',
        'prompt_token" in "DDR[1]"',
        "DDR[1] has buffers of two memories of the design",
    ),
    "filled twice": (
        "host.fill %vectors",
        'host.fill %vectors from "vectors.bin"\n    host.fill %vectors',
        "buffer vectors is filled or cleared 2 times",
    ),
    "never cleared": ("      host.clear %state\n", "", "state is filled or cleared 0 times"),
    "cleared image": (
        'host.fill %vectors from "vectors.bin"\n',
        "\n",
        "buffer vectors is filled or cleared 0 times",
    ),
    "filled state": (
        "host.fill %vectors",
        'host.fill %prompt from "prompt.bin"\n    host.fill %vectors',
        "buffer prompt is filled or cleared 2 times",
    ),
    "other image": ('"vectors.bin"', '"vector.bin"', "the image of vectors is vectors.bin, not"),
    "other vocabulary": ("vocabulary 32", "vocabulary 31", "of 31 tokens has 32 logits"),
    "bytes": ('text "ids"', 'text "bytes"', "a text of bytes has 256 tokens, not 32"),
    "unknown text": ('text "ids"', 'text "words"', 'a text is "words": one of bytes, tokenizer,'),
    "negative end": ("end_tokens []", "end_tokens [-1]", "the end token -1 is no id of 32 bits"),
    "no steps": ("most_steps 128", "most_steps 0", "a launch has at least one step"),
    "unknown scalar": (
        "host.scalar @n_prompt",
        "host.scalar @prompt",
        "one of n_tokens, n_prompt, n_logits",
    ),
    "scalar twice": (
        "host.scalar @n_prompt",
        "host.scalar @n_tokens",
        "a launch has the scalars n_tokens, n_prompt, n_logits, not n_tokens, n_tokens, n_logits",
    ),
    "tokens as logits": (
        'host.receive "logits" %logits',
        'host.receive "logits" %tokens',
        "the logits are in tokens, which holds tokens",
    ),
    "no logits": (
        '        host.receive "logits" %logits\n',
        "",
        "a launch moves prompt, tokens, logits, each once, not prompt, tokens",
    ),
    "sent too late": (
        f'host.send "prompt" %prompt\n        {FIRST}',
        f'{FIRST}\n        host.send "prompt" %prompt',
        "host.send comes after host.run in host.launch",
    ),
    "other op": ("host.clear %state", '"test.op"() : () -> ()', "test.op can't be in host.token"),
    "no run": (FIRST, "", "kernel first of the design has no run"),
    "two runs": (LAST, f"{FIRST}\n        {LAST}", "run first is there twice"),
    "swapped arguments": (
        "2 = %logits : !host.buffer, 3 = %tokens : !host.buffer",
        "2 = %tokens : !host.buffer, 3 = %logits : !host.buffer",
        "argument 2 of kernel last is buffer tokens; the design has buffer logits there",
    ),
    "argument left out": (
        ", 5 = %state : !host.buffer",
        "",
        "argument 5 of kernel first is not set; the design has buffer state there",
    ),
    "a stream's place": (
        "(1 = %state : !host.buffer, ",
        "(0 = %state : !host.buffer, 1 = %state : !host.buffer, ",
        "argument 0 of kernel last is buffer state; the design has nothing that the host sets",
    ),
    "places in disorder": (
        "3 = %tokens : !host.buffer, 4 = %n_logits",
        "4 = %tokens : !host.buffer, 3 = %n_logits",
        "the run of last has arguments at [1, 2, 4, 3]: positions ascend",
    ),
    "an attribute": ("host.clear %state", "host.clear %state {x = 1}", "unknown attribute, x"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named(text: str, case: str) -> None:
    old, new, sentence = WRONG[case]
    assert text.count(old) == 1, "the change does not say where"
    with pytest.raises(LmcError) as error:
        parse_module(make_context(load_registry()), text.replace(old, new), "m")
    assert sentence in str(error.value)
