"""The compile driver: from a model to a design folder, through a pipeline of passes."""

import resource
import shutil
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.passes import ModulePass

from lmc.analysis.cost import TokenCost, token_cost
from lmc.analysis.groups import Intermediates, intermediates_of
from lmc.design.folder import (
    SAVED_ARTIFACTS,
    SAVED_WEIGHTS,
    Design,
    attach_weights,
    detached_weights,
    new_folder,
    write_manifest,
)
from lmc.diagnostics import LmcError, UsageError
from lmc.driver.pipeline import (
    DEFAULT_SCHEDULE,
    Observer,
    PassRun,
    applied_passes,
    default_pipeline,
    insert_after,
    parse_passes,
    print_after_pass,
    recorded_option,
    remaining,
    run_passes,
    start_record,
)
from lmc.driver.source import Source, import_source
from lmc.ir.levels import DATAFLOW, QUANTIZED, SCHEDULED, level_of
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context, module_text, parse_module, read_text
from lmc.progress import Bar, progress
from lmc.quantization.calibration import report_progress
from lmc.quantization.presets import DEFAULT_PRESET, find_preset
from lmc.targets import load_target
from lmc.weights.artifacts import copy_artifacts

if TYPE_CHECKING:
    from torch import nn

    from lmc.backends.images import Progress
    from lmc.driver.check import CheckReport


@dataclass(frozen=True, kw_only=True)
class CompileRequest:
    """What is compiled, for what, and how. Exactly one of `model` and `from_file` is given."""

    target: str
    model: "str | nn.Module | None" = None
    name: str | None = None
    output: Path | None = None
    """Folder of the design; build/MODEL if None."""
    preset: str | None = None
    """A preset's name, or a .toml file with a quantization configuration."""
    calibration_text: str | None = None
    """A text file to calibrate on; the model's own text if None."""
    random_weights: bool = False
    seed: int = 0
    """Of random weights, and of the model's own text."""
    schedule: str = DEFAULT_SCHEDULE
    """The passes that schedule the model, by name; `pipeline` has its own."""
    pipeline: str | None = None
    insert_after: tuple[tuple[str, str], ...] = ()
    plugins: tuple[Path, ...] = ()
    from_file: str | None = None
    check: bool = False
    dump_ir: bool = False
    print_ir_after_all: bool = False
    quiet: bool = True
    """No progress on standard error."""


@dataclass(frozen=True)
class CompileResult:
    """A finished compile; `peak_memory_bytes` is the whole process's."""

    design: Design
    seconds: float
    peak_memory_bytes: int
    passes: list[PassRun]
    files: list[str]
    checks: "list[CheckReport]"
    costs: TokenCost | None
    """What a token takes, by the last module of level 2 or 3; None if there was none."""
    intermediates: Intermediates | None
    """What is kept on the chip between ops, by the same module."""
    writing_seconds: float
    """What code, weight images, host program and schedule took; 0 above the dataflow level."""


@dataclass
class _Texts:
    """The IR files of a design: after every pass, or the last of each level."""

    keep_all: bool
    folder: Path
    texts: dict[str, tuple[int | None, str]] = field(default_factory=dict[str, Any])

    def observe(self, number: int, one: ModulePass | None, module: ModuleOp) -> None:
        level = level_of(module)
        if not self.keep_all:
            self.texts = {k: v for k, v in self.texts.items() if v[0] != level}
        name = one.name if one is not None else ("traced" if level == 0 else "input")
        with detached_weights(module, self.folder):
            self.texts[f"ir/{number:02}-{name}.mlir"] = (level, module_text(module))

    def write(self) -> dict[str, str]:
        """Write the files; the last one of each level, by level."""
        (self.folder / "ir").mkdir()
        for name, (_, text) in self.texts.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return {str(level): name for name, (level, _) in self.texts.items() if level is not None}


@dataclass
class _Costs:
    """The cost of a token and the intermediates of the last integer module above dataflow."""

    last: TokenCost | None = None
    intermediates: Intermediates | None = None

    def observe(self, _number: int, _one: ModulePass | None, module: ModuleOp) -> None:
        if level_of(module) in (QUANTIZED, SCHEDULED):
            self.last = token_cost(module)
            self.intermediates = intermediates_of(module)

    @property
    def manifest_entry(self) -> dict[str, Any]:
        """Nothing for a design that was not at level 2 or 3."""
        if self.last is None or self.intermediates is None:
            return {}
        return {"costs": self.last.as_json(), "intermediates": self.intermediates.as_json()}


def compile_design(request: CompileRequest) -> CompileResult:
    """Compile a model to a design folder.

    Raises UsageError for a request that makes no sense and LmcError for everything else that a
    user can mend; then nothing is written.
    """
    start = time.perf_counter()
    if (request.model is None) == (request.from_file is None):
        raise UsageError("name either a model or an IR file to go on from (--from)")
    load_target(request.target)
    registry = load_registry(request.plugins)
    context = make_context(registry)
    # What is wrong with the request shows before any work is done.
    _pipeline_of(request, registry, request.preset or DEFAULT_PRESET)
    output = request.output or Path("build") / _name_of(request)
    with new_folder(output) as folder:
        module, source = _first_module(request, context, folder)
        applied = applied_passes(module)
        preset = _preset_of(request, registry, applied)
        passes = _pipeline_of(request, registry, preset)
        if request.pipeline is None:
            passes = remaining(passes, applied)
        start_record(module)
        texts, costs = _Texts(request.dump_ir, folder), _Costs()
        checks: list[CheckReport] = []
        with (
            progress("compiling", len(passes) + 1, quiet=request.quiet) as bar,
            report_progress(bar.detail),
        ):
            observers = _observers(request, context, source, texts, checks, bar, passes)
            runs = run_passes(context, module, passes, _call_all([*observers, costs.observe]))
            passed = time.perf_counter()
            if level_of(module) == DATAFLOW:
                emit_project(module, folder, request.target, partial(bar.detail, "weights"))
            written = time.perf_counter()
        copy_artifacts(module, folder / SAVED_ARTIFACTS)
        ir_files = texts.write()
        manifest = _manifest(request, module, folder, preset, ir_files)
        files = write_manifest(folder, manifest | costs.manifest_entry)
    return CompileResult(
        design=Design(output),
        seconds=time.perf_counter() - start,
        peak_memory_bytes=peak_memory_bytes(),
        passes=runs,
        files=files,
        checks=checks,
        costs=costs.last,
        intermediates=costs.intermediates,
        writing_seconds=written - passed,
    )


def emit_project(
    module: ModuleOp, folder: Path, target: str, progress: "Progress | None" = None
) -> None:
    """Write code, weight images, host program and schedule of a dataflow module to a folder."""
    from lmc.backends.project import emit_project as emit

    emit(module, folder, target=load_target(target), progress=progress)


def peak_memory_bytes() -> int:
    """The largest memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _name_of(request: CompileRequest) -> str:
    if request.name is not None:
        return request.name
    if isinstance(request.model, str):
        return Path(request.model).name
    if request.from_file not in (None, "-"):
        return Path(str(request.from_file)).stem
    raise UsageError("say where the design goes with -o")


def _first_module(
    request: CompileRequest, context: Context, folder: Path
) -> tuple[ModuleOp, Source | None]:
    if request.from_file is not None:
        text = read_text(request.from_file)
        module = parse_module(context, text, request.from_file)
        if level_of(module) is None:
            raise LmcError(f"{request.from_file} holds none of lmc's levels; give it a dumped file")
        _carry_saved_weights(module, request.from_file, folder)
        return module, None
    assert request.model is not None
    source = import_source(
        request.model,
        name=request.name,
        folder=folder,
        random_weights=request.random_weights,
        seed=request.seed,
    )
    return source.module, source


def _carry_saved_weights(module: ModuleOp, from_file: str, folder: Path) -> None:
    """Bring along the weights and artifacts that the design of a dumped file keeps."""
    design = Path(from_file).absolute().parent.parent
    saved, artifacts = design / SAVED_WEIGHTS, design / SAVED_ARTIFACTS
    if module.attributes.get("lmc.weights") == StringAttr(SAVED_WEIGHTS) and saved.is_dir():
        shutil.copytree(saved, folder / SAVED_WEIGHTS)
    if artifacts.is_dir():
        shutil.copytree(artifacts, folder / SAVED_ARTIFACTS)
    if saved.is_dir() or artifacts.is_dir():
        attach_weights(module, folder)


def _preset_of(request: CompileRequest, registry: Registry, applied: list[str]) -> str:
    recorded = recorded_option(registry, applied, "quantize", "preset")
    if recorded is not None and request.preset not in (None, recorded):
        raise UsageError(
            f"{request.from_file} is quantized with preset {recorded}; leave --preset out"
        )
    target = recorded_option(registry, applied, "allocate-resources", "target")
    if target is not None and target != request.target:
        raise UsageError(f"{request.from_file} is lowered for {target}, not for {request.target}")
    return recorded or request.preset or DEFAULT_PRESET


def _pipeline_of(request: CompileRequest, registry: Registry, preset: str) -> list[ModulePass]:
    find_preset(preset)
    text = request.pipeline
    if text is None:
        text = default_pipeline(
            preset, request.target, request.calibration_text, request.seed, request.schedule
        )
    passes = parse_passes(registry, text)
    for anchor, new in request.insert_after:
        passes = insert_after(passes, anchor, parse_passes(registry, new))
    return passes


def _observers(
    request: CompileRequest,
    context: Context,
    source: Source | None,
    texts: _Texts,
    checks: "list[CheckReport]",
    bar: Bar,
    passes: list[ModulePass],
) -> list[Observer]:
    def show(number: int, _one: ModulePass | None, _module: ModuleOp) -> None:
        following = passes[number].name if number < len(passes) else "writing the design"
        bar.show(number, following)

    observers: list[Observer] = [texts.observe]
    if request.print_ir_after_all:
        observers.append(print_after_pass)
    if request.check:
        from lmc.driver.check import Checker

        observers.append(Checker(context, source, request.target, checks).observe)
    return [*observers, show]


def _call_all(observers: list[Observer]) -> Observer:
    def observe(number: int, one: ModulePass | None, module: ModuleOp) -> None:
        for observer in observers:
            observer(number, one, module)

    return observe


def _manifest(
    request: CompileRequest,
    module: ModuleOp,
    folder: Path,
    preset: str,
    ir_files: dict[str, str],
) -> dict[str, Any]:
    with detached_weights(module, folder):
        model = {
            name: _text_attribute(module, f"lmc.{attribute}")
            for name, attribute in (
                ("name", "model"),
                ("weights", "weights"),
                ("fingerprint", "fingerprint"),
            )
        }
    return {
        "lmc": version("lmc"),
        "versions": {
            name: version(name).partition("+")[0] for name in ("torch", "torch-mlir", "xdsl")
        },
        "model": model,
        "target": request.target,
        "preset": preset,
        "pipeline": applied_passes(module),
        "level": level_of(module),
        "ir": ir_files,
    }


def _text_attribute(module: ModuleOp, name: str) -> str | None:
    value = module.attributes.get(name)
    return value.data if isinstance(value, StringAttr) else None
