"""Golden files of whole design folders: each text once, in a folder named for the boards that have
it."""

import shutil
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "backends/folder/golden"

Texts = dict[str, str]
"""Files by their path in a design folder."""


def write_golden(emitted: dict[str, Texts]) -> None:
    """The texts of these boards' designs, and nothing else."""
    boards: dict[tuple[str, str], list[str]] = {}
    for board, texts in sorted(emitted.items()):
        for item in texts.items():
            boards.setdefault(item, []).append(board)
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for (name, text), having in boards.items():
        path = GOLDEN / "+".join(having) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def golden_of(board: str) -> Texts:
    """The texts of a board's design."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for folder in sorted(GOLDEN.iterdir())
        if board in folder.name.split("+")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
