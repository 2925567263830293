"""The banks of a design by what they hold."""

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp, LogitsAttr, SegmentAttr


def banks(design: DesignOp) -> list[BankOp]:
    """All banks of a design."""
    return [op for op in design.body.block.ops if isinstance(op, BankOp)]


def image_banks(design: DesignOp) -> list[BankOp]:
    """The banks that are filled before the first launch, in the design's order."""
    return [bank for bank in banks(design) if first_segment(bank).HAS_IMAGE]


def first_segment(bank: BankOp) -> SegmentAttr:
    """The first segment of what a bank holds; LmcError when the bank does not say."""
    if not bank.segments:
        raise LmcError(f"memory image {bank.sym_name.data} has no layout, so nothing can fill it")
    return bank.segments[0]


def layout_kind(bank: BankOp) -> str:
    """What a bank holds, in a word; LmcError when it does not say."""
    return first_segment(bank).kind()


def bank_of_kind(design: DesignOp, kind: str) -> BankOp:
    """The first bank that holds this; LmcError without one."""
    for bank in banks(design):
        if layout_kind(bank) == kind:
            return bank
    raise LmcError(f"the design has no memory image of kind {kind}")


def logits_of(design: DesignOp) -> LogitsAttr:
    """What the bank of logits holds; LmcError without one."""
    found = first_segment(bank_of_kind(design, "logits"))
    assert isinstance(found, LogitsAttr)
    return found
