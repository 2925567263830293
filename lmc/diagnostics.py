"""What lmc says when something is wrong: one sentence, never a traceback."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class LmcError(Exception):
    """A mistake the user can mend; the message says what, where and what to do (exit status 1)."""


class SourceError(LmcError):
    """A mistake at a place of an IR file: `FILE:LINE:COLUMN: sentence`.

    Lines and columns count from 1. The line itself is a note, with a mark under the column.
    """

    def __init__(self, file: str, line: int, column: int, sentence: str, text: str):
        super().__init__(f"{file}:{line}:{column}: {sentence}")
        self.line = line
        self.add_note(f"    {text}\n    {' ' * (column - 1)}^")


class UsageError(LmcError):
    """A command used wrongly: unknown option, pass or value (exit status 2)."""


def unreadable(what: str, path: Path, error: Exception) -> LmcError:
    """The error for a file that cannot be read; `what` says what it is for, as `target file`."""
    if isinstance(error, FileNotFoundError):
        return LmcError(f"there is no {what} {path}")
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return LmcError(f"the {what} {path} cannot be read: {reason}")


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """'did you mean X?' if a known name is close to `name`, else the other words."""
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else otherwise
