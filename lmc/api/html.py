"""Tables and texts as HTML for notebooks."""

from collections.abc import Sequence
from html import escape


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; numbers stand to the right."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def paragraph(text: str, *, strong: bool = False) -> str:
    """A paragraph, its lines kept."""
    lines = "<br>".join(map(escape, text.splitlines()))
    return f"<p><strong>{lines}</strong></p>" if strong else f"<p>{lines}</p>"


def listing(text: str) -> str:
    """Text as it stands, in a box that scrolls."""
    return f'<pre style="max-height: 32em; overflow: auto">{escape(text)}</pre>'


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f'<td style="text-align: right">{value:,.4g}</td>'
    if isinstance(value, int):
        return f'<td style="text-align: right">{value:,}</td>'
    return f'<td style="text-align: left">{escape(str(value))}</td>'
