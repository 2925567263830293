"""Data files that installed packages offer: boards and presets.

A package offers one through an entry point of the kind's group: its name is the file's without
`.toml`, its value the package in which the file lies. Nothing of the package is executed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from lmc.diagnostics import LmcError
from lmc.plugins.installed import installed, package_of


@dataclass(frozen=True)
class DataFile:
    """A file of a package."""

    path: Path
    origin: str
    """`package NAME VERSION`."""


def data_files(group: str, noun: str, own: Mapping[str, str]) -> dict[str, DataFile]:
    """The files that packages offer in an entry point group, by name.

    `noun` is what a user calls one, and `own` says where lmc has those of each name itself. Raises
    LmcError where a package has not the file that it offers, or offers a name that exists.
    """
    found: dict[str, DataFile] = {}
    for entry in installed(group):
        path, name = _path(entry, group, noun), entry.name
        if (name in found and found[name].path != path) or name in own:
            where = own[name] if name in own else str(found[name].path)
            raise LmcError(
                f"the package {entry.value} offers the {noun} {name!r}, which exists already as "
                f"{where}; give it another name or remove the package"
            )
        found[name] = DataFile(path, package_of(entry))
    return found


def _path(entry: EntryPoint, group: str, noun: str) -> Path:
    if "." in entry.value or ":" in entry.value:  # find_spec would import what is before the dot
        raise LmcError(
            f"the entry point {entry.name!r} of {group} is {entry.value!r}: it is the name of a "
            "package, without a dot"
        )
    try:
        spec = find_spec(entry.value)
    except (ModuleNotFoundError, ValueError):
        spec = None
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / f"{entry.name}.toml"
        if path.is_file():
            return path
    raise LmcError(
        f"the package {entry.value} offers the {noun} {entry.name!r}, but has no {entry.name}.toml"
    )
