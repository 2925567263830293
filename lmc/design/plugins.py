"""The plugins that a design was compiled with, for who reads it without them."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from xdsl.context import Context

from lmc.design.folder import MANIFEST, Design, file_digest
from lmc.diagnostics import LmcError, UsageError
from lmc.plugins.installed import UNIVERSE, installed_version, packages_of

PLUGINS = "plugins"
"""The entry of the manifest; a design that was compiled without plugin files has none."""
PACKAGES = "packages"
"""The entry with name and version of the packages that took part, none if there were none."""
RULES = "rules"
"""The entry with the names of plugins' rules that the compile has checked."""


def plugin_entries(paths: Sequence[Path]) -> dict[str, list[dict[str, str]]]:
    """What the manifest keeps of plugin files: the name and the SHA-256 of each."""
    entries = [{"file": path.name, "sha256": file_digest(path)} for path in paths]
    return {PLUGINS: entries} if entries else {}


def check_rules_known(design: Design, given: Sequence[Path], known: Collection[str]) -> None:
    """Raise LmcError unless all rules that the compile has checked are `known`."""
    missing = [name for name in design.manifest.get(RULES, ()) if name not in known]
    with naming_plugins(design, given):
        if missing:
            raise LmcError(
                f"{design.path / MANIFEST} has the rule {missing[0]!r}, which the compile has "
                "checked and which is not loaded: give its plugin with --plugin, or install its "
                "package"
            )


@contextmanager
def naming_plugins(design: Design, given: Sequence[Path]) -> Generator[None]:
    """Adds to an LmcError of the block which plugins the compile had that are not here now.

    Those are files that are not `given`, and packages that are not installed in their versions.

    A design need not want them again: a pass is done when the design is there, an op may be in a
    module of another level, an adapter reads weights. So they are named where something fails.
    A file that is given computes what it says now: raises LmcError if the compile had another.
    """
    for sentence in _changed(design, given):
        raise LmcError(
            f"{sentence}: give the file as it was then, or compile the model again with this one"
        )
    with noting_plugins(design, given):
        yield


@contextmanager
def noting_plugins(design: Design, given: Sequence[Path]) -> Generator[None]:
    """The same for who tries plugins out on a design's modules: they may have changed."""
    try:
        yield
    except UsageError:
        raise
    except LmcError as error:
        for sentence in plugin_sentences(design, given):
            note = f"note: {sentence}"
            if sentence not in str(error) and note not in getattr(error, "__notes__", ()):
                error.add_note(note)
        raise


def plugin_sentences(design: Design, given: Sequence[Path]) -> list[str]:
    """A sentence for each plugin of the compile that is not here, or not as it was."""
    names = {path.name for path in given}
    missing = [
        f"{design.path} was compiled with the plugin {name} ({_record(design)}), which is not "
        f"loaded: give it with --plugin {name}"
        for name in _recorded(design)
        if name not in names
    ]
    return [*missing, *_changed(design, given), *_packages(design)]


def check_versions(design: Design, context: Context) -> None:
    """Raise LmcError where a package defines ops that were read, in another version than then."""
    needed = packages_of({UNIVERSE: {dialect.name for dialect in context.loaded_dialects}})
    for sentence in _packages(design, {package.name for package in needed}):
        raise LmcError(sentence)


def _packages(design: Design, among: Collection[str] | None = None) -> Iterator[str]:
    """A sentence for each package of the compile that is not here, or in another version."""
    for entry in design.manifest.get(PACKAGES, ()):
        name, wanted = entry["name"], entry["version"]
        here = installed_version(name)
        if here == wanted or (among is not None and name not in among):
            continue
        what = "not installed" if here is None else f"installed as {here}"
        yield (
            f"{design.path} was compiled with the package {name} {wanted} "
            f"({design.path / MANIFEST} names it), which is {what}: install that version"
            + ("" if here is None else ", or compile the model again")
        )


def _changed(design: Design, given: Sequence[Path]) -> Iterator[str]:
    recorded = _recorded(design)
    for path in given:
        digest = recorded.get(path.name)
        if digest is not None and path.is_file() and file_digest(path) != digest:
            yield (
                f"the plugin {path} has changed since {design.path} was compiled with it "
                f"({_record(design)})"
            )


def _recorded(design: Design) -> Mapping[str, str]:
    """The SHA-256 of each plugin file of the compile by its name."""
    return {entry["file"]: entry["sha256"] for entry in design.manifest.get(PLUGINS, ())}


def _record(design: Design) -> str:
    return f"{design.path / MANIFEST} has its SHA-256"
