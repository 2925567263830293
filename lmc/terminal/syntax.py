"""Colours of IR, Python and C++, and of lines that are new or gone."""

import re
from functools import lru_cache

from rich.text import Text

from lmc.terminal.differences import changed_words
from lmc.terminal.rows import Row

_LANGUAGES = {
    "ir": re.compile(
        r'(?P<comment>//.*)|(?P<string>"(?:[^"\\]|\\.)*"(?!\())|(?P<value>%[\w$.#-]+)'
        r"|(?P<symbol>@[\w$.-]+)"
        r"|(?P<type>[!#][\w$.]+|\b(?:tensor|memref|index|[us]?i\d+|f\d+|bf16)\b)"
        r'|(?P<keyword>"?\b[a-z_]\w*\.[a-z_][\w.$]*"?)|(?P<number>-?\b\d[\d.]*(?:e[+-]?\d+)?\b)'
    ),
    "python": re.compile(
        r"(?P<comment>#.*)|(?P<string>\"\"\"[^\"]*\"\"\"|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
        r"|(?P<keyword>\b(?:def|class|return|import|from|for|in|if|else|not|and|or|None|True|False"
        r"|self|with|as|lambda)\b)|(?P<symbol>\b[a-zA-Z_]\w*(?=\())|(?P<number>\b\d[\d.]*\b)"
    ),
    "cpp": re.compile(
        r'(?P<comment>//.*|^\s*#\w.*)|(?P<string>"(?:[^"\\]|\\.)*")'
        r"|(?P<keyword>\b(?:static|void|const|for|if|else|return|int|bool|true|false|template"
        r"|extern|auto)\b)|(?P<type>\b(?:ap_u?int|hls::\w+|std::\w+)\b)"
        r"|(?P<symbol>\b[a-zA-Z_]\w*(?=\())|(?P<number>\b(?:0x[\da-fA-F]+|\d+)\b)"
    ),
    "fold": re.compile(r"(?P<comment>.+)"),
    "prose": re.compile(r"(?P<prose>.+)"),
}
_COLOURS = {
    "comment": "italic grey58",
    "string": "green",
    "value": "cyan",
    "symbol": "yellow",
    "type": "magenta",
    "keyword": "bold blue",
    "number": "bright_magenta",
    "prose": "italic",
}
_MARKS = {"+": "bold green", "-": "bold red", "~": "bold yellow", "*": "bold cyan", "↳": "cyan"}
_CHANGED = {"+": "black on green", "-": "black on red"}
_AROUND = 14
"""Characters that are shown of what is alike, beside each changed word of a line."""
_MOST_SHOWN = 1000
"""Characters of a line on the screen; the panel shows an op in full."""


def highlighted(line: str, language: str) -> Text:
    """A line in colours."""
    text = Text(line, no_wrap=True, end="")
    for match in _LANGUAGES[language].finditer(line):
        text.stylize(_COLOURS[match.lastgroup or "prose"], match.start(), match.end())
    return text


@lru_cache(maxsize=4096)
def row_text(row: Row, digits: int) -> Text:
    """A row with its mark and its line's number, of so many digits."""
    number = "" if row.place is None else str(row.place.line + 1)
    text = highlighted(row.text[:_MOST_SHOWN], row.language)
    if len(row.text) > _MOST_SHOWN:
        text.append(" …")
    if row.other is not None:
        text = _around_changes(row, row.other)
    mark = "⋯" if row.folded else row.mark
    head = Text(f"{number:>{digits}} ", style="grey58", end="")
    return head.append(f"{mark} ", _MARKS.get(mark, "grey58")).append_text(text)


def _around_changes(row: Row, other: str) -> Text:
    """A changed line with its changed words marked, and left out what is far from them."""
    places = changed_words(row.text, other)
    text = Text(no_wrap=True, end="")
    at = 0
    for start, end in (*places, (len(row.text), len(row.text))):
        text.append_text(_shortened(row.text[at:start], row.language, at == 0, end == start))
        changed = row.text[start:end]
        text.append(changed[:_MOST_SHOWN], _CHANGED.get(row.mark, "reverse"))
        at = end
    return text[:_MOST_SHOWN]


def _shortened(alike: str, language: str, is_first: bool, is_last: bool) -> Text:
    """Words that both lines have; the middle is left out. The end is for the screen to cut."""
    indent = len(alike) - len(alike.lstrip()) if is_first else 0
    head = indent + _AROUND
    text = highlighted(alike, language)
    if is_last or len(alike) <= head + _AROUND + 3:
        return text
    return text[:head].append(" … ").append_text(text[len(alike) - _AROUND :])
