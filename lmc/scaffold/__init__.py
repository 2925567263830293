"""A package with a pass of its own, its test and its registration, as `lmc new-pass` writes it."""

import keyword
import re
import tempfile
from pathlib import Path

import jinja2

from lmc.diagnostics import LmcError, UsageError
from lmc.ir.registry import Registry
from lmc.plugins.version import API_VERSION

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def write_pass(name: str, folder: Path, registry: Registry) -> list[Path]:
    """Write the package of a new pass to a new folder, all of it or nothing; its files.

    Raises UsageError for a name that a pass cannot have or has already, and LmcError for a folder
    that is there or cannot be written.
    """
    module = name.replace("-", "_")
    if not _NAME.fullmatch(name) or keyword.iskeyword(module):
        raise UsageError(
            f"a pass cannot be called {name!r}; use small letters, digits and hyphens, as in "
            "fold-scales"
        )
    if name in registry.passes:
        raise UsageError(f"there is a pass {name!r} already; give yours another name")
    if folder.exists():
        raise LmcError(f"{folder} exists already; choose another folder with -o")
    names = {
        "name": name,
        "module": module,
        "package": f"lmc-{name}",
        "api_version": str(API_VERSION),
        "class_name": "".join(part.capitalize() for part in name.split("-")),
    }
    files = {
        "pyproject.toml": "pyproject.toml.j2",
        f"{module}.py": "pass.py.j2",
        "tests/conftest.py": "conftest.py.j2",
        f"tests/{name}.mlir": "pass.mlir.j2",
    }
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".lmc-") as aside:
            made = Path(aside) / "made"
            for file, template in files.items():
                (made / file).parent.mkdir(parents=True, exist_ok=True)
                (made / file).write_text(_render(template, names), encoding="utf-8")
            made.rename(folder)
    except OSError as error:
        raise LmcError(f"{folder} cannot be written: {error.strerror or error}") from error
    return [folder / file for file in files]


def _render(template: str, names: dict[str, str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lmc.scaffold", "."),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    return environment.get_template(template).render(names)
