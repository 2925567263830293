"""The modules of a design folder, with the plugins that they need."""

from collections.abc import Sequence
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc.design.folder import Design, attach_weights
from lmc.design.plugins import check_versions, naming_plugins
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text


def design_module(design: Design, level: int, plugins: Sequence[Path] = ()) -> ModuleOp:
    """A design's last module of a level, as from `read_design_module`.

    Raises LmcError where the design has no such module, too.
    """
    return read_design_module(design, design.ir_file(level), plugins)


def read_design_module(design: Design, path: Path, plugins: Sequence[Path] = ()) -> ModuleOp:
    """The module of a file of a design, which finds the weights that the design keeps.

    `plugins` are the files that define ops of it or steps of its weights' recipes. Raises LmcError
    where the module is not valid, and the error names plugins of the compile that are not here;
    and where a package with ops of it has another version than then.
    """
    context = make_context(load_registry(plugins))
    with naming_plugins(design, plugins):
        module = parse_module(context, read_text(str(path)), str(path))
        check_versions(design, context)
    attach_weights(module, design.path)
    return module
