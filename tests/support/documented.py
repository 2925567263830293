"""The commands of README.md and docs/: the blocks they are in, and what those print."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PRINTED = {
    "generated-design.md": 7,
    "allocation.md": 2,
    "schedule.md": 9,
    "placement.md": 2,
    "on-a-board.md": 4,
    "trace.md": 3,
}
"""Pages whose fenced commands print what the page shows, and how many of them print anything."""

PROGRAM = re.compile(
    r"(\w+=\S+ )*(lmc|make|pip|pytest|source|python3?|cd|g\+\+|xdsl-opt|mkdocs|grep)(?=\s)"
)


@dataclass(frozen=True)
class Block:
    """Commands that stand together, for one shell; `shown` is what the page says they print."""

    page: str
    line: int
    text: str
    fenced: bool
    shown: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def command_blocks() -> tuple[Block, ...]:
    """All blocks of commands, page by page: `sh` fences, and indented code that begins with one.

    Of indented code, what follows a paragraph of commands and is none is what they print.
    """
    found: list[Block] = []
    for path in PAGES:
        tokens = MarkdownIt().parse(path.read_text(encoding="utf-8"))
        for number, token in enumerate(tokens):
            line = (token.map or [0])[0] + 1
            if token.type == "fence" and token.info == "sh":
                after = tokens[number + 1 : number + 2]
                shown = after[0].content if after and after[0].info == "text" else None
                found.append(Block(path.name, line, token.content, True, shown))
            elif token.type == "code_block":
                paragraphs = token.content.split("\n\n")
                commands = [text for text in paragraphs if PROGRAM.match(text)]
                if commands and commands[0] == paragraphs[0]:
                    found.append(Block(path.name, line, "\n".join(commands), False))
    return tuple(found)


def python_blocks(page: str) -> list[str]:
    """The Python code of a page of docs/."""
    tokens = MarkdownIt().parse((ROOT / "docs" / page).read_text(encoding="utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == "python"]
