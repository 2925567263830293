"""Files of installed packages with plugins, which may be given as plugin files, too."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from lmc.plugins.installed import UNIVERSE, foreign

GROUPS = (UNIVERSE, "lmc.adapters", "lmc.lint_rules")
"""The entry point groups of code: tables of `lmc.plugins.offers` may not have been imported yet."""


def package_module(path: Path) -> str | None:
    """The name of the installed module that a plugin file is, None if it is none.

    It is where it is the same file, as of a package in development mode, or has the same text.
    """
    text = path.read_bytes()
    for name, file in _modules(path.name):
        if file.samefile(path) or file.read_bytes() == text:
            return name
    return None


def _modules(file_name: str) -> Iterator[tuple[str, Path]]:
    """Modules of the packages whose files have a name; nothing is imported."""
    tops = {entry.module.split(".")[0] for group in GROUPS for entry in foreign(group)}
    for top in sorted(tops):
        spec = find_spec(top)
        if spec is None:
            continue
        for folder in map(Path, spec.submodule_search_locations or ()):
            for file in sorted(folder.rglob(file_name)):
                parts = file.relative_to(folder).with_suffix("").parts
                yield ".".join((top, *(part for part in parts if part != "__init__"))), file
        if not spec.submodule_search_locations and spec.origin is not None:
            file = Path(spec.origin)
            if file.name == file_name:
                yield top, file
