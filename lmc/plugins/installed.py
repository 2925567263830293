"""What installed packages offer, by entry point group."""

import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points

UNIVERSE = "xdsl.universe"
"""The group of passes and dialects, which is xDSL's."""


def installed(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of a group; packages are looked up once for a search path."""
    return _installed(group, tuple(sys.path))


@lru_cache(maxsize=64)
def _installed(group: str, _path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=group))


def package_of(entry: EntryPoint) -> str:
    """`package NAME VERSION` of an entry point."""
    dist = entry.dist
    return f"package {entry.module if dist is None else f'{dist.name} {dist.version}'}"
