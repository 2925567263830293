"""Passes and dialects by name, loaded when they are first used, and plugin files that add to them.

lmc's own are the tables below; those of other packages come through the entry point group
`xdsl.universe`, which lmc itself fills from `lmc.ir.universe`.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from xdsl.ir import Dialect
from xdsl.passes import ModulePass

from lmc.cache.version import PLUGIN_PREFIX
from lmc.diagnostics import LmcError, UsageError, suggestion
from lmc.plugins.offers import TABLES
from lmc.plugins.place import plugin_place
from lmc.plugins.version import check_version

DIALECTS: Mapping[str, str] = {
    "ssm": "lmc.dialects.ssm:SSM",
    "dataflow": "lmc.dialects.dataflow:Dataflow",
    "host": "lmc.dialects.host:Host",
    "torch": "lmc.dialects.torch:TORCH",
}
PASSES = (
    "raise-to-ssm",
    "roll-layers",
    "fold-norm-scales",
    "defer-norm",
    "insert-rotation",
    "fold-gated-scale",
    "quantize",
    "rewrite-power-of-two",
    "optimize-weights",
    "reorder-computation",
    "tile-and-fuse",
    "allocate-resources",
    "keep-layers",
    "lower-to-tasks",
    "share-matrix-unit",
    "stream-images",
    "outline-kernels",
    "simplify-loops",
    "drain-pipelines",
    "schedule-loops",
    "size-fifos",
    "place-kernels",
    "derive-host",
    "check-dataflow",
)
"""lmc's passes, in the order in which a module goes through them; `keep-layers` only if told."""


def dialect_loader(where: str) -> Callable[[], Dialect]:
    """A function that imports the dialect at "module:attribute" when it is called."""
    module, attribute = where.split(":")
    return lambda: getattr(importlib.import_module(module), attribute)


def pass_loader(name: str) -> Callable[[], type[ModulePass]]:
    """A function that imports a pass of lmc: a pass lies in the module of its own name."""
    module = f"lmc.passes.{name.replace('-', '_')}"
    return lambda: _pass_named(name, vars(importlib.import_module(module)).values())


ValueT = TypeVar("ValueT")
PassTable = dict[str, Callable[[], type[ModulePass]]]


@dataclass(frozen=True)
class Registry:
    """All passes and dialects that can be named: lmc's, other packages' and those of plugins."""

    passes: PassTable
    dialects: dict[str, Callable[[], Dialect]]
    plugin_passes: frozenset[str] = frozenset()
    package_passes: frozenset[str] = frozenset()
    """Those of installed packages, besides lmc and xDSL."""

    def pass_class(self, name: str) -> type[ModulePass]:
        """The class of a pass; raises UsageError with a suggestion if there is none."""
        if name not in self.passes:
            raise UsageError(
                f"there is no pass {name!r}; "
                + suggestion(
                    name,
                    self.passes,
                    "`lmc passes` lists them, and a pass of a file needs --plugin FILE.py",
                )
            )
        return self.passes[name]()


def load_registry(plugins: Sequence[Path] = ()) -> Registry:
    """The registry of this environment, with what `plugins` (Python files) define.

    That is their passes, and their dialects: the `Dialect` objects of a file, with ops of it. What
    else a file offers goes to the tables of `lmc.plugins.offers`. Raises LmcError if a plugin
    cannot be loaded, two files have one name, or two packages define one.
    """
    from xdsl.universe import XDSL_UNIVERSE, Universe

    try:
        multiverse = Universe.get_multiverse()
    except (ValueError, ImportError, AttributeError) as error:
        raise LmcError(
            f"the xdsl.universe plugins of this Python environment do not load: {error}"
        ) from error
    passes: PassTable = {
        name: _checked_pass(name, load) for name, load in multiverse.all_passes.items()
    }
    dialects = {
        name: _checked_dialect(name, load) for name, load in multiverse.all_dialects.items()
    }
    packaged = frozenset(passes) - frozenset(PASSES) - frozenset(XDSL_UNIVERSE.all_passes)
    plugin_names: set[str] = set()
    _refuse_alike(plugins)
    for path in plugins:
        plugin = _load_plugin(path)
        for plugin_pass in plugin.passes:
            _refuse_known(path, "pass", plugin_pass.name, passes)
            passes[plugin_pass.name] = _constant(plugin_pass)
            plugin_names.add(plugin_pass.name)
        for dialect in plugin.dialects:
            _refuse_known(path, "dialect", dialect.name, dialects)
            dialects[dialect.name] = _constant(dialect)
    return Registry(passes, dialects, frozenset(plugin_names), packaged)


def _checked_pass(
    name: str, load: Callable[[], type[ModulePass]]
) -> Callable[[], type[ModulePass]]:
    """A factory of an installed pass that refuses one for another version of the plugin API."""

    def checked() -> type[ModulePass]:
        found = load()
        check_version(found.__module__, f"the installed pass {name!r}")
        return found

    return checked


def _checked_dialect(name: str, load: Callable[[], Dialect]) -> Callable[[], Dialect]:
    """The same for an installed dialect: the modules of its ops and attributes state versions."""

    def checked() -> Dialect:
        found = load()
        kinds = [*found.operations, *found.attributes]
        for module in sorted({kind.__module__ for kind in kinds}):
            check_version(module, f"the installed dialect {name!r}")
        return found

    return checked


def _refuse_known(path: Path, kind: str, name: str, known: Container[str]) -> None:
    if name in known:
        raise LmcError(
            f"the plugin {path} defines the {kind} {name!r}, which exists already; "
            "give it another name, or leave the file out if an installed package is the same"
        )


def _pass_named(name: str, values: Iterable[Any]) -> type[ModulePass]:
    return next(value for value in values if _is_pass(value) and value.name == name)


def _refuse_alike(plugins: Sequence[Path]) -> None:
    """Refuse two plugin files of one name: a module is called after it, so one would be lost."""
    known: dict[str, Path] = {}
    for path in plugins:
        other = known.setdefault(path.stem, path)
        if other.resolve() != path.resolve():
            raise LmcError(f"the plugins {other} and {path} have one name; rename one of them")


def _is_pass(value: Any) -> bool:
    is_pass = isinstance(value, type) and issubclass(value, ModulePass)
    return is_pass and isinstance(getattr(value, "name", None), str)


def _constant(value: ValueT) -> Callable[[], ValueT]:
    return lambda: value


@dataclass(frozen=True)
class _Plugin:
    passes: list[type[ModulePass]]
    dialects: list[Dialect]


def _load_plugin(path: Path) -> _Plugin:
    """What a plugin file defines (not what it imports), in the order of the file."""
    if not path.is_file():
        raise LmcError(f"there is no plugin file {path}")
    name = f"{PLUGIN_PREFIX}{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LmcError(f"the plugin {path} is not a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while they are made.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        place = plugin_place(error) or path
        raise LmcError(
            f"the plugin {place} does not load: {type(error).__name__}: {error}"
        ) from error
    check_version(name, f"the plugin {path}")
    values = list(vars(module).values())
    passes = [value for value in values if _is_pass(value) and value.__module__ == name]
    dialects = [value for value in values if isinstance(value, Dialect) and _is_of(value, name)]
    offered = sum(table.take_file(path, name, values) for table in TABLES)
    if not passes and not dialects and not offered:
        raise LmcError(
            f"the plugin {path} defines no pass: a ModulePass with a name is expected, or a "
            "Dialect, an Adapter or a Rule"
        )
    for dialect in dialects:
        _check_names(path, dialect)
    return _Plugin(passes, dialects)


def _is_of(dialect: Dialect, module: str) -> bool:
    """Whether a module defines some of a dialect's ops or attributes."""
    kinds = [*dialect.operations, *dialect.attributes]
    return any(kind.__module__ == module for kind in kinds)


def _check_names(path: Path, dialect: Dialect) -> None:
    """Text finds an op or an attribute by the dialect that its name begins with."""
    for kind in (*dialect.operations, *dialect.attributes):
        if not kind.name.startswith(f"{dialect.name}."):
            raise LmcError(
                f"the plugin {path} has {kind.name!r} in its dialect {dialect.name!r}; "
                f"call it '{dialect.name}.{kind.name.rpartition('.')[2]}'"
            )
