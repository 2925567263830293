"""Checks a design folder again: is it what the compile left, and does it compute what it should?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc import __version__
from lmc.design.folder import (
    EVALUATION,
    GOLDEN_FILE,
    MANIFEST,
    MEASURED,
    Design,
    attach_weights,
    file_digest,
)
from lmc.design.plugins import naming_plugins, plugin_sentences
from lmc.diagnostics import LmcError
from lmc.driver.pipeline import applied_passes
from lmc.ir.levels import DATAFLOW, QUANTIZED, SCHEDULED
from lmc.ir.registry import load_registry
from lmc.ir.text import UnknownNameError, make_context, parse_module, read_text

_BUILT = ("build", "csim")
"""Folders for what is built; of `csim` the headers are the compile's, and hashed like all files."""
_REPORTS = ("report.html", "explorer.html", "calibration.json", MEASURED, EVALUATION)
"""What `lmc simulate`, `lmc explore`, `lmc report` and `lmc eval` write into the folder, and what
the compile took: none of it is the same each time."""
_COMPILED_SOURCES = ("hls/", "host/")
"""The Makefile compiles all C++ in these."""


@dataclass
class Group:
    """What was looked at, in a line, and a sentence for each deviation and each remark."""

    name: str
    found: str = ""
    deviations: list[str] = field(default_factory=list[str])
    remarks: list[str] = field(default_factory=list[str])


def verify_design(
    design: Design, plugins: Sequence[Path] = (), *, csim: bool = False
) -> list[Group]:
    """The groups of checks of a design folder, with `csim` the C simulation's self-test too.

    `plugins` are the files that define ops of its IR. Raises LmcError where the folder has no
    manifest of lmc, and for an op of a plugin of the compile that is not given: then nothing can be
    said of the IR.
    """
    folder = _Folder(design, plugins)
    with naming_plugins(design, plugins):
        groups = [folder.origin(), folder.files(), folder.modules()]
    if design.has_ir(DATAFLOW):
        groups += [folder.printed(), folder.golden()]
        if csim:
            groups.append(folder.simulation())
    return groups


def record_golden(design: Design, plugins: Sequence[Path] = ()) -> None:
    """Writes the golden vectors of a design whose compile has left them out, as too slow.

    Raises LmcError where the folder is not as compiled, or has no module to run.
    """
    folder = _Folder(design, plugins)
    for group in (folder.files(), folder.modules(), folder.printed()):
        if group.deviations:
            raise LmcError(f"golden vectors are of a design as compiled: {group.deviations[0]}")
    (design.path / GOLDEN_FILE).write_text(folder.golden_text, encoding="utf-8")
    files = {**design.manifest["files"], GOLDEN_FILE: file_digest(design.path / GOLDEN_FILE)}
    text = json.dumps({**design.manifest, "files": files}, indent=2, sort_keys=True)
    (design.path / MANIFEST).write_text(text + "\n", encoding="utf-8")


class _Folder:
    """A design folder while it is looked at; what several groups need is made once."""

    def __init__(self, design: Design, plugins: Sequence[Path]):
        self._design, self._plugins = design, plugins
        self._context = make_context(load_registry(plugins))
        for key in ("files", "ir", "level", "model", "pipeline", "target"):
            if key not in design.manifest:
                raise LmcError(f"{design.path / MANIFEST} has no {key!r}; compile the model again")
        self._hashed: Mapping[str, str] = design.manifest["files"]
        self._modules: dict[int, ModuleOp] = {}

    def origin(self) -> Group:
        """Which lmc has made it."""
        manifest = self._design.manifest
        made_by = str(manifest["lmc"])
        group = Group(
            "lmc",
            f"{self._design.model} for {manifest['target']}, compiled by lmc {made_by}; "
            f"this is lmc {__version__}",
        )
        if made_by != __version__:
            group.remarks.append("another lmc may print the same IR in another way")
        return group

    def files(self) -> Group:
        """Is each file of the compile there, with the same bytes? Are there others?"""
        group = Group("files", f"{len(self._hashed)} files of the compile")
        for name in self._hashed:
            state = self._states[name]
            if state == "missing":
                group.deviations.append(f"{name} is missing")
            elif state == "changed":
                group.deviations.append(f"{name} was changed after the compile{self._place(name)}")
        for name in self._others():
            if name.startswith(_COMPILED_SOURCES) and name.endswith((".cpp", ".h")):
                group.deviations.append(f"{name} is not of the compile, and make would compile it")
            else:
                group.remarks.append(f"{name} is not of the compile")
        return group

    def modules(self) -> Group:
        """Does the IR of each level parse and verify, and record the manifest's passes?"""
        names: Mapping[str, str] = self._design.manifest["ir"]
        missing = plugin_sentences(self._design, self._plugins)
        group = Group("IR", f"levels {', '.join(sorted(names))} parse and verify")
        for level in sorted(map(int, names)):
            try:
                self._module(level)
            except LmcError as error:
                if missing and isinstance(error, UnknownNameError):
                    raise
                group.deviations.append(str(error))
        if group.deviations:
            group.remarks += missing
        last = self._design.manifest["level"]
        if last in self._modules:
            passes = applied_passes(self._modules[last])
            if passes != self._design.manifest["pipeline"]:
                group.deviations.append(
                    f"the IR of level {last} records other passes than {MANIFEST}"
                )
        return group

    def printed(self) -> Group:
        """Does the IR of level 4 print the files that are in the folder?"""
        group = Group("C++ and build files")
        try:
            texts = self._texts
        except LmcError as error:
            group.deviations.append(f"they cannot be printed from the IR: {error}")
            return group
        group.found = f"{len(texts)} files printed again from the IR of level {DATAFLOW}"
        for name, text in texts.items():
            if name not in self._hashed:
                group.deviations.append(f"{name} is printed from the IR and not of the compile")
            elif self._states[name] == "same" and self._read(name) != text:
                group.deviations.append(
                    f"{name} is as it was compiled, but the IR in the folder prints another text"
                    f"{self._place(name)}"
                )
        return group

    def golden(self) -> Group:
        """Does the integer interpreter come to the golden vectors with the IR in the folder?"""
        group = Group("golden vectors")
        if GOLDEN_FILE not in self._hashed:
            group.found = "none"
            group.remarks.append("none were recorded; `lmc verify DIR --record` does it")
            return group
        if self._states[GOLDEN_FILE] == "missing":
            group.deviations.append(f"there are none: {GOLDEN_FILE} is missing")
            return group
        try:
            expected = self.golden_text.splitlines()
        except LmcError as error:
            group.deviations.append(f"they cannot be computed: {error}")
            return group
        found = self._read(GOLDEN_FILE).splitlines()
        launches = sum(line.startswith("launch") for line in expected)
        group.found = f"{launches} launches in the integer interpreter"
        difference = next(
            (i for i, pair in enumerate(zip_longest(expected, found)) if pair[0] != pair[1]), None
        )
        if difference is not None:
            row = (expected[difference : difference + 1] or found[difference : difference + 1])[0]
            what = " ".join(row.split()[: 2 if row.startswith("state") else 1])
            group.deviations.append(
                f"{GOLDEN_FILE}, line {difference + 1}: the interpreter comes to other {what}"
            )
        return group

    def simulation(self) -> Group:
        """Does the C++, compiled by g++, come to the golden vectors?"""
        from lmc.backends.csim.simulate import Simulation

        group = Group("C simulation")
        if GOLDEN_FILE not in self._hashed:
            group.found = "no golden vectors to compare with"
            return group
        try:
            group.found = Simulation(self._design.path).self_test()
        except LmcError as error:
            group.deviations.append(str(error))
        return group

    @cached_property
    def golden_text(self) -> str:
        """The golden vectors as the interpreter computes them now; raises LmcError if it can't."""
        from lmc.backends.golden import golden_text, record
        from lmc.backends.hls.printer import find_design
        from lmc.weights import WeightStore, open_source

        level = SCHEDULED if self._design.has_ir(SCHEDULED) else QUANTIZED
        integers = self._module(level)
        store = WeightStore(integers, open_source(integers))
        return golden_text(record(integers, find_design(self._module(DATAFLOW)), store))

    @cached_property
    def _texts(self) -> dict[str, str]:
        from lmc.backends.project import project_texts

        return project_texts(
            self._module(DATAFLOW), self._design.target, with_rtl=self._design.has_rtl
        )

    def _module(self, level: int) -> ModuleOp:
        """The module of a level; raises LmcError if it is missing, or does not verify."""
        if level not in self._modules:
            path = self._design.ir_file(level)
            name = path.relative_to(self._design.path).as_posix()
            module = parse_module(self._context, read_text(str(path)), name)
            attach_weights(module, self._design.path)
            self._modules[level] = module
        return self._modules[level]

    @cached_property
    def _states(self) -> dict[str, str]:
        """Of each file of the compile: same, changed or missing."""

        def state(name: str, digest: str) -> str:
            path = self._design.path / name
            if not path.is_file():
                return "missing"
            return "same" if file_digest(path) == digest else "changed"

        return {name: state(name, digest) for name, digest in self._hashed.items()}

    def _others(self) -> list[str]:
        """Files that are not of the compile, nor what builds leave."""
        root = self._design.path
        names = sorted(
            path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
        )
        return [
            name
            for name in names
            if name not in self._hashed
            and name not in (MANIFEST, *_REPORTS)
            and not name.startswith(tuple(f"{folder}/" for folder in _BUILT))
            and "/__pycache__/" not in name  # of host/run.py
        ]

    def _read(self, name: str) -> str:
        return (self._design.path / name).read_text(encoding="utf-8", errors="replace")

    def _place(self, name: str) -> str:
        """Where a printed file first differs from what the IR prints; nothing for other files."""
        try:
            expected = self._texts.get(name)
        except LmcError:
            return ""
        if expected is None:
            return ""
        pairs = zip_longest(self._read(name).splitlines(), expected.splitlines())
        line = next((i for i, (one, two) in enumerate(pairs, 1) if one != two), None)
        return "" if line is None else f", first in line {line}"


def as_compiled(groups: Sequence[Group]) -> bool:
    """Whether nothing deviates."""
    return not any(group.deviations for group in groups)
