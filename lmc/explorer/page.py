"""The explorer as one HTML file that needs nothing else: no server, no network, no other file."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.explorer.collect import Exploration, explore
from lmc.explorer.numerics import Measure
from lmc.explorer.payload import parts
from lmc.pages import environment, style

_FOLDER = Path(__file__).parent / "page"
_SCRIPTS = (
    "data",
    "elements",
    "syntax",
    "diff",
    "lineage",
    "figures",
    "code",
    "overview",
    "pipeline",
    "sources",
    "graph",
    "inspector",
    "search",
    "main",
)
"""The page's scripts in the order in which they are put into it, as one."""


def write_explorer(
    design: Design, output: Path, measure: Measure | None = None, plugins: Sequence[Path] = ()
) -> Exploration:
    """Write the page about a design to `output`; returns what it shows.

    `measure` and `plugins` are as for `explore`.

    Raises:
        LmcError: as `explore`, or `output` can't be written.
    """
    found = explore(design, measure, plugins)
    scratch = output.with_name(f".{output.name}.new")
    try:
        scratch.write_text(explorer_page(found), encoding="utf-8")
        scratch.replace(output)
    except OSError as error:
        raise LmcError(f"{output} cannot be written: {error.strerror or error}") from error
    return found


def explorer_page(found: Exploration) -> str:
    """The page; the same bytes for the same exploration."""
    template = environment().from_string(_read("explorer.html.j2"))
    scripts = "\n".join(_read(f"{name}.js") for name in _SCRIPTS)
    return template.render(
        title=f"{found.model} for {found.target}",
        style=Markup(style(_FOLDER / "explorer.css")),
        script=Markup(f'"use strict";\n(() => {{\n{scripts}\n}})();'),
        parts=parts(found),
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
