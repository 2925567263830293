"""Prints the host program of a design."""

from typing import Any

import jinja2

from lmc.backends.hls.arguments import KernelArgument, design_kernels, kernel_arguments
from lmc.backends.images import banks, image_banks, layout_kind
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp, LogitsAttr, ScalarOp, StreamOp

_UNITS = {"prompt": "prompt_token", "tokens": "logits_token", "logits": "logits_token"}


def print_host(design: DesignOp) -> str:
    """`host.cpp` for XRT's native C++ API.

    Raises:
        LmcError: the design lacks a bank for prompt, tokens or logits.
    """
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
    logits = _bank_of_kind(all_banks, "logits")
    return environment.get_template("host.cpp.j2").render(
        design=design.sym_name.data,
        banks=[_bank(bank, bank in images) for bank in all_banks],
        kernels=kernels,
        scalars=[scalar.sym_name.data for scalar in scalars],
        prompt_bank=all_banks.index(_bank_of_kind(all_banks, "prompt")),
        tokens_bank=all_banks.index(_bank_of_kind(all_banks, "tokens")),
        logits_bank=all_banks.index(logits),
        logits={"length": logits_of(logits).length.data, "stride": _bytes(logits)},
    )


def logits_of(bank: BankOp) -> LogitsAttr:
    """What a bank of logits holds."""
    found = bank.segments[0]
    assert isinstance(found, LogitsAttr)
    return found


def _bank_of_kind(all_banks: list[BankOp], kind: str) -> BankOp:
    for bank in all_banks:
        if layout_kind(bank) == kind:
            return bank
    raise LmcError(f"the design has no memory image of kind {kind}")


def _word_bytes(bank: BankOp) -> int:
    return bank.port.type.word_type.width.data // 8  # pyright: ignore[reportAttributeAccessIssue]


def _bytes(bank: BankOp) -> int:
    return bank.words.value.data * _word_bytes(bank)


def _bank(bank: BankOp, has_image: bool) -> dict[str, Any]:
    kind = layout_kind(bank)
    unit = _UNITS.get(kind, "whole")
    size = _word_bytes(bank) if kind in ("prompt", "tokens") else _bytes(bank)
    return {"name": bank.sym_name.data, "bytes": size, "unit": unit, "has_image": has_image}


def _argument(
    argument: KernelArgument, all_banks: list[BankOp], scalars: list[ScalarOp]
) -> dict[str, Any]:
    source = argument.source
    if isinstance(source, BankOp):
        return {"position": argument.position, "use": "bank", "index": all_banks.index(source)}
    assert isinstance(source, ScalarOp)
    return {"position": argument.position, "use": "scalar", "index": scalars.index(source)}
