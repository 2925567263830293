"""Bits of signals that nothing uses, said to be so: linters ask for it."""

from lmc.backends.rtl.verilog.datapath import Signals


def unused_lines(signals: Signals) -> list[str]:
    """A signal that takes all that may be used in part only; synthesis drops it."""
    names = list(signals.parts)
    if not names:
        return []
    lines = ["", "// Not all bits of these are used.", "logic unused;", "assign unused = &{"]
    lines += [f"    {name}," for name in names]
    return [*lines, "    1'b0", "};"]
