"""The plugin files that a design was compiled with, for who reads it without them."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lmc.design.folder import Design, file_digest
from lmc.diagnostics import LmcError, UsageError

PLUGINS = "plugins"
"""The entry of the manifest; a design that was compiled without plugin files has none."""


def plugin_entries(paths: Sequence[Path]) -> dict[str, list[dict[str, str]]]:
    """What the manifest keeps of plugin files: the name and the SHA-256 of each."""
    entries = [{"file": path.name, "sha256": file_digest(path)} for path in paths]
    return {PLUGINS: entries} if entries else {}


@contextmanager
def naming_plugins(design: Design, given: Sequence[Path]) -> Generator[None]:
    """Adds to an LmcError of the block which plugin files the compile had that are not `given`.

    A design need not want them again: a pass is done when the design is there, an op may be in a
    module of another level, an adapter reads weights. So they are named where something fails.
    """
    try:
        yield
    except UsageError:
        raise
    except LmcError as error:
        for sentence in plugin_sentences(design, given):
            note = f"note: {sentence}"
            if note not in getattr(error, "__notes__", ()):
                error.add_note(note)
        raise


def plugin_sentences(design: Design, given: Sequence[Path]) -> list[str]:
    """A sentence for each plugin file of the compile that is not `given`, or not as it was."""
    known: Mapping[str, Path] = {path.name: path for path in given}
    found: list[str] = []
    for entry in design.manifest.get(PLUGINS, ()):
        name, digest = entry["file"], entry["sha256"]
        if name not in known:
            found.append(
                f"{design.path} was compiled with the plugin {name}, which is not loaded: "
                f"give it with --plugin {name}"
            )
        elif known[name].is_file() and file_digest(known[name]) != digest:
            found.append(
                f"the plugin {known[name]} has changed since {design.path} was compiled with it"
            )
    return found
