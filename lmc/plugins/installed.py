"""What installed packages offer, by entry point group."""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version

UNIVERSE = "xdsl.universe"
"""The group of passes and dialects, which is xDSL's."""

OWN = frozenset({"lmc", "xdsl"})
"""The modules of packages that add nothing from outside."""


@dataclass(frozen=True, order=True)
class Package:
    """A distribution."""

    name: str
    version: str


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


def packages_of(names: Mapping[str, Collection[str]]) -> list[Package]:
    """The packages that offer something of these names, which are by entry point group."""
    return sorted(
        {
            Package(entry.dist.name, entry.dist.version)
            for group, wanted in names.items()
            for entry in foreign(group)
            if entry.dist is not None and not _names(entry).isdisjoint(wanted)
        }
    )


def foreign(group: str) -> list[EntryPoint]:
    """The entry points of a group that are not lmc's or xDSL's own."""
    return [entry for entry in installed(group) if entry.module.split(".")[0] not in OWN]


def _names(entry: EntryPoint) -> set[str]:
    """What an entry point offers: passes and dialects of a universe, else what it is called."""
    if entry.group != UNIVERSE:
        return {entry.name}
    universe = entry.load()
    return {*universe.all_passes, *universe.all_dialects}


def installed_version(package: str) -> str | None:
    """The version in which a package is installed, None if it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
