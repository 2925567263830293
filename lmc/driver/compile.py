"""The compile driver: from a model to a design folder, through a pipeline of passes."""

import shutil
import time
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc import __version__
from lmc.analysis.cost import TokenCost
from lmc.analysis.groups import Intermediates
from lmc.cache import in_use
from lmc.design.folder import (
    SAVED_ARTIFACTS,
    SAVED_WEIGHTS,
    TARGET_FILE,
    Design,
    attach_weights,
    detached_weights,
    new_folder,
    write_manifest,
    write_measured,
)
from lmc.design.plugins import plugin_entries
from lmc.diagnostics import UsageError
from lmc.driver.ahead import Ahead
from lmc.driver.measuring import MemorySampler, Meter, PassRun, peak_memory_bytes
from lmc.driver.module_check import ModuleChecker, ModuleReport
from lmc.driver.observers import Costs, Texts, observers_of
from lmc.driver.pipeline import applied_passes, call_all, start_record
from lmc.driver.plugin_record import record_of
from lmc.driver.request import CompileRequest, Resolved, resolve
from lmc.driver.source import Source, import_source
from lmc.ir.attributes import WEIGHTS
from lmc.ir.levels import DATAFLOW, level_of
from lmc.ir.text import parse_module
from lmc.progress import Bar, progress
from lmc.quantization.calibration import report_progress, text_made_ahead
from lmc.targets import target_text
from lmc.weights.artifacts import copy_artifacts

if TYPE_CHECKING:
    from lmc.driver.check import CheckReport


@dataclass(frozen=True)
class CompileResult:
    """A finished compile; `peak_memory_bytes` is the whole process's."""

    design: Design
    seconds: float
    peak_memory_bytes: int
    passes: list[PassRun]
    files: list[str]
    checks: "list[CheckReport]"
    module_check: ModuleReport | None
    """The comparison with the PyTorch module; None if the compile did not begin with one."""
    costs: TokenCost | None
    """What a token takes, by the last module of level 2 or 3; None if there was none."""
    intermediates: Intermediates | None
    """What is kept on the chip between ops, by the same module."""
    writing_seconds: float
    """What code, weight images, host program and schedule took; 0 above the dataflow level."""


def compile_design(request: CompileRequest) -> CompileResult:
    """Compile a model to a design folder.

    Raises UsageError for a request that makes no sense and LmcError for everything else that a
    user can mend; then nothing is written.
    """
    start = time.perf_counter()
    resolved = resolve(request)
    request = resolved.request
    with in_use(), new_folder(resolved.output) as folder, MemorySampler() as memory:
        meter = Meter(memory)
        texts = Texts(request.dump_ir, folder, len(resolved.pipeline.passes))
        costs = Costs()
        checks: list[CheckReport] = []
        with (
            Ahead(resolved, folder, texts) as ahead,
            progress("compiling", len(resolved.pipeline.passes) + 1, quiet=request.quiet) as bar,
            report_progress(bar.detail),
            text_made_ahead(ahead.wait_for_text),
        ):
            ahead.begin()
            with meter.measured("input" if request.model is None else "traced"):
                module, source = _first_module(resolved, folder)
            start_record(module)
            checker = source and ModuleChecker(resolved.context, source, ahead.check)
            observers = observers_of(resolved, source, texts, costs, checks, checker, bar)
            observers.append(ahead.observe)
            with texts.record.log.listening():
                observe = call_all(observers)
                runs = resolved.pipeline.run(resolved.context, module, observe, meter)
            if checker is not None:
                checker.finish(module)
            passed = time.perf_counter()
            if level_of(module) == DATAFLOW:
                is_checked = _is_checked(request, runs)
                _emit(module, folder, resolved, texts, bar, ahead, is_checked=is_checked)
            elif request.rtl:
                raise UsageError(
                    f"--rtl is for designs, and this compile ends at level {level_of(module)}: "
                    "leave it out, or give a pipeline that ends at the dataflow level"
                )
            written = time.perf_counter()
        copy_artifacts(module, folder / SAVED_ARTIFACTS)
        ir_files = texts.write()
        (folder / TARGET_FILE).write_text(target_text(request.target), encoding="utf-8")
        manifest = _manifest(resolved, module, folder, ir_files)
        files = write_manifest(folder, manifest | costs.manifest_entry)
        write_measured(folder, [asdict(run) for run in meter.runs])
    return CompileResult(
        design=Design(resolved.output),
        seconds=time.perf_counter() - start,
        peak_memory_bytes=peak_memory_bytes(),
        passes=runs,
        files=files,
        checks=checks,
        module_check=None if checker is None else checker.report,
        costs=costs.last,
        intermediates=costs.intermediates,
        writing_seconds=written - passed,
    )


def _emit(
    module: ModuleOp,
    folder: Path,
    resolved: Resolved,
    texts: Texts,
    bar: Bar,
    ahead: Ahead,
    *,
    is_checked: bool,
) -> None:
    # Printers are imported late: a compile that stops above them does without.
    from lmc.backends.project import emit_project

    advance = partial(bar.detail, "weights")
    emit_project(
        module,
        folder,
        target=resolved.target,
        integers=_lowered_module(resolved, texts),
        progress=advance,
        take_weights=lambda weights: ahead.take_weights(module, weights, advance),
        is_checked=is_checked,
        with_rtl=resolved.request.rtl,
    )


def _lowered_module(resolved: Resolved, texts: Texts) -> ModuleOp | None:
    """The module that `texts.lowered` is of."""
    kept = texts.lowered
    if kept is None:
        return None
    return parse_module(resolved.context, kept.text, "the module before the dataflow level")


def _is_checked(request: CompileRequest, runs: list[PassRun]) -> bool:
    """Whether the last pass has checked the design, and for the board that it is printed for.

    A pipeline of the user's own may name another one.
    """
    return request.pipeline is None and bool(runs) and runs[-1].name == "check-dataflow"


def _first_module(resolved: Resolved, folder: Path) -> tuple[ModuleOp, Source | None]:
    request = resolved.request
    if resolved.module is not None:
        _carry_saved_weights(resolved.module, str(request.from_file), folder)
        return resolved.module, None
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
    if module.attributes.get(WEIGHTS) == StringAttr(SAVED_WEIGHTS) and saved.is_dir():
        shutil.copytree(saved, folder / SAVED_WEIGHTS)
    if artifacts.is_dir():
        shutil.copytree(artifacts, folder / SAVED_ARTIFACTS)
    if saved.is_dir() or artifacts.is_dir():
        attach_weights(module, folder)


def _manifest(
    resolved: Resolved,
    module: ModuleOp,
    folder: Path,
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
        "lmc": __version__,
        "versions": {
            name: version(name).partition("+")[0] for name in ("torch", "torch-mlir", "xdsl")
        },
        "model": model,
        "target": resolved.target.name,
        "preset": resolved.preset,
        "pipeline": applied_passes(module),
        **plugin_entries(resolved.request.plugins),
        **record_of(resolved, module, [folder / file for file in ir_files.values()]),
        "level": level_of(module),
        "ir": ir_files,
    }


def _text_attribute(module: ModuleOp, name: str) -> str | None:
    value = module.attributes.get(name)
    return value.data if isinstance(value, StringAttr) else None
