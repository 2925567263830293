"""The cache's folder: where it is, how large it is, and what is deleted when it gets too large."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

LIMIT_BYTES = 8 << 30
"""What the cache may hold: the integers of two models of 2.7 B parameters, and more."""


def cache_folder() -> Path:
    """`$LMC_CACHE`, by default `~/.cache/lmc`."""
    return Path(os.environ.get("LMC_CACHE") or Path.home() / ".cache" / "lmc")


def artifacts_folder() -> Path:
    """Where artifacts are kept that no design keeps: files named by their content."""
    return cache_folder() / "artifacts"


def entries_folder() -> Path:
    """Where entries are kept: files named by the question that they answer."""
    return cache_folder() / "entries"


@contextmanager
def in_use() -> Generator[None]:
    """Within this block nothing is deleted; at the end of the last one, what is over the limit.

    Several processes may be in such blocks. Where the folder cannot be written or locked, nothing
    is ever deleted.
    """
    lock = _open_lock()
    if lock is None:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield
        # Whoever else is still at work will delete in its turn.
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _trim()
    finally:
        os.close(lock)


def _open_lock() -> int | None:
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        return os.open(cache_folder() / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        return None


def used_bytes() -> int:
    """What the cache holds."""
    return sum(size for _, size, _ in _files())


def touch(path: Path) -> None:
    """Note that a file of the cache was used; files elsewhere are left alone."""
    if path.parent in (artifacts_folder(), entries_folder()):
        with suppress(OSError):
            os.utime(path)


def _files() -> list[tuple[int, int, Path]]:
    """(when it was used last, size in bytes, path) of each file of the cache."""
    found: list[tuple[int, int, Path]] = []
    for folder in (artifacts_folder(), entries_folder()):
        with suppress(OSError):
            for path in folder.iterdir():
                with suppress(OSError):
                    state = path.stat()
                    found.append((state.st_mtime_ns, state.st_size, path))
    return found


def _trim() -> None:
    """Delete what was not used for longest until the rest is within the limit."""
    files = sorted(_files())
    excess = sum(size for _, size, _ in files) - LIMIT_BYTES
    for _, size, path in files:
        if excess <= 0:
            return
        with suppress(OSError):
            path.unlink()
        excess -= size
