"""Passes and dialects by name, loaded when they are first used, and plugin files that add to them.

lmc's own are the tables below; those of other packages come through the entry point group
`xdsl.universe`, which lmc itself fills from `lmc.ir.universe`.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from xdsl.ir import Dialect
from xdsl.passes import ModulePass

from lmc.cache.version import PLUGIN_PREFIX
from lmc.diagnostics import LmcError, UsageError, suggestion
from lmc.plugins.installed import UNIVERSE, installed, package_of
from lmc.plugins.offers import TABLES
from lmc.plugins.package_files import package_module
from lmc.plugins.place import module_place, plugin_place
from lmc.plugins.version import check_version

if TYPE_CHECKING:
    from xdsl.universe import Universe

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
    else a file offers goes to the tables of `lmc.plugins.offers`. A file that is a module of an
    installed package is that module. Raises LmcError if a plugin cannot be loaded, two files have
    one name, or two plugins define one.
    """
    from xdsl.universe import XDSL_UNIVERSE

    multiverse = _multiverse()
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
            known = passes.get(plugin_pass.name)
            if known is not None and (other := known()) is not plugin_pass:
                raise _exists(path, f"pass {plugin_pass.name!r}", other.__module__)
            passes[plugin_pass.name] = _constant(plugin_pass)
            plugin_names.add(plugin_pass.name)
        for dialect in plugin.dialects:
            known = dialects.get(dialect.name)
            if known is not None and _kinds(other := known()) != _kinds(dialect):
                raise _exists(path, f"dialect {dialect.name!r}", _kinds(other)[0].__module__)
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
        for module in sorted({kind.__module__ for kind in _kinds(found)}):
            check_version(module, f"the installed dialect {name!r}")
        return found

    return checked


def _multiverse() -> "Universe":
    """What installed packages define. Raises LmcError if one does not load, or two define one."""
    from xdsl.universe import Universe

    try:
        _refuse_two_packages()
        return Universe.get_multiverse()
    except (ValueError, ImportError, AttributeError) as error:
        raise LmcError(
            f"the xdsl.universe plugins of this Python environment do not load: {error}"
        ) from error


def _refuse_two_packages() -> None:
    known: dict[tuple[str, str], str] = {}
    for entry in installed(UNIVERSE):
        universe, place = entry.load(), package_of(entry)
        for kind, names in (
            ("pass", getattr(universe, "all_passes", ())),
            ("dialect", getattr(universe, "all_dialects", ())),
        ):
            for name in names:
                other = known.setdefault((kind, name), place)
                if other != place:
                    raise LmcError(
                        f"the {kind} {name!r} is defined by the {other} and by the {place}; "
                        "remove one of them"
                    )


def _exists(path: Path, what: str, module: str) -> LmcError:
    """The error for a plugin file with the name of what a module defines already."""
    return LmcError(
        f"the plugin {path} defines the {what}, which exists already ({module_place(module)}); "
        "give it another name, or leave one of them out"
    )


def _kinds(dialect: Dialect) -> list[type]:
    return [*dialect.operations, *dialect.attributes]


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
    if path.suffix != ".py":
        raise LmcError(f"the plugin {path} is not a Python file (.py)")
    alias = f"{PLUGIN_PREFIX}{path.stem}"
    packaged = package_module(path)
    try:
        if packaged is None:
            module = _executed(path, alias)
        else:
            # The alias says that a file is loaded whose changes show in no version of a package.
            sys.modules[alias] = module = importlib.import_module(packaged)
    except Exception as error:
        place = plugin_place(error, "" if packaged is None else packaged.split(".")[0]) or path
        raise LmcError(
            f"the plugin {place} does not load: {type(error).__name__}: {error}"
        ) from error
    name = module.__name__
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


def _executed(path: Path, name: str) -> ModuleType:
    """The module of a plugin file, run anew."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, "the suffix is Python's"
    assert spec.loader is not None, "it is a file"
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while they are made.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _is_of(dialect: Dialect, module: str) -> bool:
    """Whether a module defines some of a dialect's ops or attributes."""
    return any(kind.__module__ == module for kind in _kinds(dialect))


def _check_names(path: Path, dialect: Dialect) -> None:
    """Text finds an op or an attribute by the dialect that its name begins with."""
    for kind in _kinds(dialect):
        if not kind.name.startswith(f"{dialect.name}."):
            raise LmcError(
                f"the plugin {path} has {kind.name!r} in its dialect {dialect.name!r}; "
                f"call it '{dialect.name}.{kind.name.rpartition('.')[2]}'"
            )
