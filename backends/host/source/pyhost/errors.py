"""What ends the host program: a sentence on standard error and an exit status."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


class HostError(Exception):
    """Something that the user can mend; exit status 1."""


class UsageError(Exception):
    """A wrong command line; exit status 2."""


def reason(error: OSError) -> str:
    """The system's reason of an error, without its number and the file."""
    return error.strerror or str(error)


@contextmanager
def trying(what: str) -> Generator[None]:
    """For calls of XRT: what they raise becomes a HostError that says what was done."""
    try:
        yield
    except HostError:
        raise
    except Exception as error:
        raise HostError(f"cannot {what}: {' '.join(str(error).split())}") from error
