"""What a manifest says of the plugins that took part in a compile, besides their files."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc import targets
from lmc.design.folder import SAVED_WEIGHTS
from lmc.design.plugins import PACKAGES, RULES
from lmc.diagnostics import LmcError
from lmc.driver.pipeline import applied_names, applied_passes
from lmc.driver.request import Resolved
from lmc.ir.attributes import WEIGHTS
from lmc.ir.levels import DATAFLOW, level_of
from lmc.models.adapters import ADAPTERS
from lmc.plugins.installed import UNIVERSE, foreign, packages_of
from lmc.quantization import presets
from lmc.weights.source import reading_adapter

_DIALECT = re.compile(r"(?<![\w.$-])[A-Za-z_][\w$-]*(?=\.\w)")
"""What may be the dialect of an op, a type or an attribute in a text."""


def record_of(resolved: Resolved, module: ModuleOp, ir_files: Sequence[Path]) -> dict[str, Any]:
    """Entries of the manifest: packages and names of rules; none for what lmc does alone.

    `module` is the last one, `ir_files` have the modules of all levels.
    """
    used = {
        UNIVERSE: applied_names(applied_passes(module)) | _dialects(ir_files),
        ADAPTERS.group: _adapters(module),
        targets.GROUP: {resolved.target.name},
        presets.GROUP: {resolved.preset},
    }
    rules: list[str] = []
    if level_of(module) == DATAFLOW:
        # Imported late: a compile that stops above the tasks checks no rules.
        from lmc.lint import OFFERED

        rules = [offer.value.name for offer in OFFERED.all()]
        used[OFFERED.group] = set(rules)
    entries = {PACKAGES: [asdict(one) for one in packages_of(used)], RULES: rules}
    return {name: entry for name, entry in entries.items() if entry}


def _dialects(ir_files: Sequence[Path]) -> set[str]:
    """What may be dialects in the files; nothing where no package has any."""
    if not foreign(UNIVERSE):
        return set()
    return {name for path in ir_files for name in _DIALECT.findall(path.read_text("utf-8"))}


def _adapters(module: ModuleOp) -> set[str]:
    """The adapter of a package that has read the model, if one has."""
    reference = module.attributes.get(WEIGHTS)
    if not foreign(ADAPTERS.group) or not isinstance(reference, StringAttr):
        return set()
    if reference.data.endswith(SAVED_WEIGHTS):
        return set()
    try:
        name = reading_adapter(reference.data)
    except LmcError:  # It goes on from a file, and the model is not here: nothing has read it.
        return set()
    return set() if name is None else {name}
