"""Passes and dialects by name, loaded when they are first used, and plugin files that add to them.

lmc's own are the tables below; those of other packages come through the entry point group
`xdsl.universe`, which lmc itself fills from `lmc.ir.universe`.
"""

import difflib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xdsl.ir import Dialect
from xdsl.passes import ModulePass

from lmc.diagnostics import LmcError, UsageError

DIALECTS: Mapping[str, str] = {
    "ssm": "lmc.dialects.ssm:SSM",
    "dataflow": "lmc.dialects.dataflow:Dataflow",
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
    "lower-to-dataflow",
    "schedule-loops",
    "size-fifos",
    "place-kernels",
    "check-dataflow",
)
"""lmc's passes, in the order in which a module goes through them."""


def dialect_loader(where: str) -> Callable[[], Dialect]:
    """A function that imports the dialect at "module:attribute" when it is called."""
    module, attribute = where.split(":")
    return lambda: getattr(importlib.import_module(module), attribute)


def pass_loader(name: str) -> Callable[[], type[ModulePass]]:
    """A function that imports a pass of lmc: a pass lies in the module of its own name."""
    module = f"lmc.passes.{name.replace('-', '_')}"
    return lambda: _pass_named(name, vars(importlib.import_module(module)).values())


PassTable = dict[str, Callable[[], type[ModulePass]]]


@dataclass(frozen=True)
class Registry:
    """All passes and dialects that can be named: lmc's, other packages' and those of plugins."""

    passes: PassTable
    dialects: dict[str, Callable[[], Dialect]]
    plugin_passes: frozenset[str] = frozenset()

    def pass_class(self, name: str) -> type[ModulePass]:
        """The class of a pass; raises UsageError with a suggestion if there is none."""
        if name not in self.passes:
            raise UsageError(
                f"there is no pass {name!r}; "
                + suggestion(name, self.passes, "`lmc passes` lists them")
            )
        return self.passes[name]()


def load_registry(plugins: Sequence[Path] = ()) -> Registry:
    """The registry of this environment, with the passes defined in `plugins` (Python files).

    Raises LmcError if a plugin cannot be loaded, or two packages define one name.
    """
    from xdsl.universe import Universe

    try:
        multiverse = Universe.get_multiverse()
    except (ValueError, ImportError, AttributeError) as error:
        raise LmcError(
            f"the xdsl.universe plugins of this Python environment do not load: {error}"
        ) from error
    passes: PassTable = dict(multiverse.all_passes)
    plugin_names: set[str] = set()
    for path in plugins:
        for plugin_pass in _plugin_passes(path):
            if plugin_pass.name in passes:
                raise LmcError(
                    f"the plugin {path} defines the pass {plugin_pass.name!r}, which exists "
                    f"already; give it another name"
                )
            passes[plugin_pass.name] = _constant(plugin_pass)
            plugin_names.add(plugin_pass.name)
    return Registry(passes, dict(multiverse.all_dialects), frozenset(plugin_names))


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """'did you mean X?' if a known name is close to `name`, else the other sentence."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def _pass_named(name: str, values: Iterable[Any]) -> type[ModulePass]:
    return next(value for value in values if _is_pass(value) and value.name == name)


def _is_pass(value: Any) -> bool:
    is_pass = isinstance(value, type) and issubclass(value, ModulePass)
    return is_pass and isinstance(getattr(value, "name", None), str)


def _constant(plugin_pass: type[ModulePass]) -> Callable[[], type[ModulePass]]:
    return lambda: plugin_pass


def _plugin_passes(path: Path) -> list[type[ModulePass]]:
    """The passes that a plugin file defines (not those that it imports), in their order there."""
    if not path.is_file():
        raise LmcError(f"there is no plugin file {path}")
    name = f"lmc_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LmcError(f"the plugin {path} is not a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name while they are made.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise LmcError(
            f"the plugin {path} does not load: {type(error).__name__}: {error}"
        ) from error
    named = [
        value for value in vars(module).values() if _is_pass(value) and value.__module__ == name
    ]
    if not named:
        raise LmcError(f"the plugin {path} defines no pass: a ModulePass with a name is expected")
    return named
