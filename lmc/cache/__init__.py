"""What was found once and takes long to find again: files in a folder of this machine.

An entry is looked up by all that determines it, the version of lmc among it, so that it never
changes a result. See docs/cache.md.
"""

from lmc.cache.entries import Entry
from lmc.cache.folder import (
    LIMIT_BYTES,
    artifacts_folder,
    cache_folder,
    in_use,
    touch,
    used_bytes,
)
from lmc.cache.writing import write_whole

__all__ = [
    "LIMIT_BYTES",
    "Entry",
    "artifacts_folder",
    "cache_folder",
    "in_use",
    "touch",
    "used_bytes",
    "write_whole",
]
