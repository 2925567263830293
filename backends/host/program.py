"""The host program of a design: what is the same for all of them, and the design's tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from lmc.backends.hls.arguments import KernelArgument, design_kernels, kernel_arguments
from lmc.backends.host.checks import print_checks
from lmc.backends.images import banks, image_banks, layout_kind
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp, LogitsAttr, ScalarOp, StreamOp
from lmc.targets import Target

_UNITS = {"prompt": "prompt_token", "tokens": "logits_token", "logits": "logits_token"}
_SOURCE = Path(__file__).parent / "source"


@dataclass(frozen=True)
class HostText:
    """What the host program knows of the model's text."""

    tokens_are_bytes: bool = False
    end_tokens: tuple[int, ...] = ()
    """Ids after which a text ends."""


def print_host(design: DesignOp, target: Target, text: HostText) -> dict[str, str]:
    """The files of the host program, in XRT's native C++ API, by name.

    `host.cpp` and its headers are the same for all designs; `design.h` and `checks.h` have the
    tables of this one.

    Raises:
        LmcError: the design lacks a bank for prompt, tokens or logits, or has one in a memory that
            the target lacks.
    """
    files = sorted(path for path in _SOURCE.iterdir() if path.suffix in (".cpp", ".h"))
    same = {path.name: path.read_text(encoding="utf-8") for path in files}
    tables = {"design.h": _print_tables(design, target, text), "checks.h": print_checks(design)}
    return {**same, **tables}


def _print_tables(design: DesignOp, target: Target, text: HostText) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lmc.backends.host", "."),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    all_banks, images = banks(design), image_banks(design)
    scalars = [op for op in design.body.block.ops if isinstance(op, ScalarOp)]
    kernels = [
        {
            "name": kernel.sym_name.data,
            "arguments": [
                _argument(argument, all_banks, scalars)
                for argument in kernel_arguments(kernel)
                if not isinstance(argument.source, StreamOp)
            ],
        }
        for kernel in design_kernels(design)
    ]
    logits = bank_of_kind(all_banks, "logits")
    return environment.get_template("design.h.j2").render(
        design=design.sym_name.data,
        banks=[_bank(bank, bank in images, target) for bank in all_banks],
        kernels=kernels,
        scalars=[scalar.sym_name.data for scalar in scalars],
        memories=[
            memory.linker_name(channel)
            for memory in target.memories
            for channel in range(memory.channels)
        ],
        prompt_bank=all_banks.index(bank_of_kind(all_banks, "prompt")),
        tokens_bank=all_banks.index(bank_of_kind(all_banks, "tokens")),
        logits_bank=all_banks.index(logits),
        logits={"length": logits_of(logits).length.data, "stride": _bytes(logits)},
        bytes=text.tokens_are_bytes,
        end_tokens=text.end_tokens,
    )


def logits_of(bank: BankOp) -> LogitsAttr:
    """What a bank of logits holds."""
    found = bank.segments[0]
    assert isinstance(found, LogitsAttr)
    return found


def bank_of_kind(all_banks: list[BankOp], kind: str) -> BankOp:
    """The first bank that holds this; LmcError without one."""
    for bank in all_banks:
        if layout_kind(bank) == kind:
            return bank
    raise LmcError(f"the design has no memory image of kind {kind}")


def word_bytes(bank: BankOp) -> int:
    """Bytes of a word of a bank."""
    return bank.port.type.word_type.width.data // 8  # pyright: ignore[reportAttributeAccessIssue]


def _bytes(bank: BankOp) -> int:
    return bank.words.value.data * word_bytes(bank)


def _bank(bank: BankOp, has_image: bool, target: Target) -> dict[str, Any]:
    kind = layout_kind(bank)
    return {
        "name": bank.sym_name.data,
        "bytes": word_bytes(bank) if kind in ("prompt", "tokens") else _bytes(bank),
        "unit": _UNITS.get(kind, "whole"),
        "has_image": has_image,
        "memory": target.memory(bank.memory.data).linker_name(bank.channel_number),
    }


def _argument(
    argument: KernelArgument, all_banks: list[BankOp], scalars: list[ScalarOp]
) -> dict[str, Any]:
    source = argument.source
    if isinstance(source, BankOp):
        use, index = "bank", all_banks.index(source)
    else:
        assert isinstance(source, ScalarOp)
        use, index = "scalar", scalars.index(source)
    return {"position": argument.position, "name": argument.name, "use": use, "index": index}
