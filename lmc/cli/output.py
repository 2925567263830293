"""What commands print: one JSON object, or tables for people."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from lmc.diagnostics import LmcError


def print_json(content: Mapping[str, Any]) -> None:
    """Print the one JSON object of a command on standard output."""
    print(json.dumps(content, indent=2))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table on standard output; columns of numbers are aligned to the right."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row))
    # Piped output is not wrapped to a terminal's width.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False).print(table)


def print_note(sentence: str) -> None:
    """Say something on standard error that belongs to no result."""
    print(f"note: {sentence}", file=sys.stderr)


def print_error(error: LmcError) -> None:
    """Say on standard error what is wrong, and show the place where that is known."""
    print("\n".join((f"error: {error}", *getattr(error, "__notes__", ()))), file=sys.stderr)


def _text(value: object) -> str:
    if isinstance(value, float):
        # Four digits, but never fewer than stand before the point.
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
