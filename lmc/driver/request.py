"""What a compile is asked for, and the same with everything that its names stand for."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of, set_allocation
from lmc.dataflow.resources.calibration_file import read_calibration
from lmc.design.folder import TARGET_FILE
from lmc.diagnostics import LmcError, UsageError
from lmc.driver.default import DEFAULT_SCHEDULE, default_pipeline
from lmc.driver.pipeline import (
    Edit,
    Pipeline,
    applied_names,
    applied_passes,
    read_pipeline,
    recorded_option,
)
from lmc.driver.source import read_module
from lmc.ir.attributes import ALLOCATION
from lmc.ir.levels import level_of
from lmc.ir.registry import Registry, load_registry
from lmc.ir.text import make_context, read_text
from lmc.quantization.presets import DEFAULT_PRESET, find_preset
from lmc.targets import Target, load_target

if TYPE_CHECKING:
    from torch import nn

_PLANS = "allocate-resources"
"""The pass that plans with a clock."""


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
    config: Path | None = None
    """A .toml file with a quantization configuration, instead of `preset`."""
    calibration_text: str | None = None
    """A text file to calibrate on; the model's own text if None."""
    random_weights: bool = False
    seed: int = 0
    """Of random weights, and of the model's own text."""
    clock_mhz: int | None = None
    """The clock to plan with, from the target's range; the target's own if None."""
    calibration: str | None = None
    """A file of `lmc report` that estimates of resources are calibrated with."""
    schedule: str = DEFAULT_SCHEDULE
    """The passes that schedule the model, by name; `pipeline` has its own."""
    pipeline: str | None = None
    """All passes, as pipeline text."""
    pipeline_file: Path | None = None
    """A file with such text, instead of `pipeline`."""
    edits: tuple[Edit, ...] = ()
    """Changes of the pipeline, one after the other."""
    plugins: tuple[Path, ...] = ()
    from_file: str | None = None
    check: bool = False
    dump_ir: bool = False
    rtl: bool = False
    """SystemVerilog of the kernels as well."""
    print_ir_after_all: bool = False
    quiet: bool = True
    """No progress on standard error."""


@dataclass(frozen=True)
class Resolved:
    """A request with its target, passes, preset and output found, before any work is done."""

    request: CompileRequest
    """What is asked for, with what its files hold in `preset` and `pipeline`."""
    context: Context
    target: Target
    preset: str
    pipeline: Pipeline
    """The passes that are still to be run."""
    output: Path
    module: ModuleOp | None
    """The module of the file that the compile goes on from."""


def resolve(request: CompileRequest) -> Resolved:
    """Find all that a request names.

    Raises UsageError for a request that makes no sense, and LmcError for a target, clock, plugin,
    preset or file that is not there or not right.
    """
    request = _with_files_read(request)
    if (request.model is None) == (request.from_file is None):
        raise UsageError("name either a model or an IR file to go on from (--from)")
    target = load_target(request.target)
    # Refused before any work is done.
    target.at_clock(request.clock_mhz)
    if request.calibration is not None:
        read_calibration(Path(request.calibration), target)
    registry = load_registry(request.plugins)
    context = make_context(registry)
    module = None if request.from_file is None else _parsed(context, request.from_file)
    applied = [] if module is None else applied_passes(module)
    if module is not None:
        _keep_target(module, request, target)
    preset = _preset_of(request, registry, applied)
    pipeline = _pipeline_of(request, registry, preset)
    if request.pipeline is None:
        pipeline = pipeline.remaining(applied)
        for edit in request.edits:
            _check_edit(edit, Pipeline.parse(registry, edit.passes), pipeline, applied, request)
    if request.clock_mhz is not None:
        _check_clock(request, request.clock_mhz, pipeline, module)
    if request.calibration is not None:
        _check_calibration(request, request.calibration, pipeline, module)
    output = request.output or Path("build") / _name_of(request)
    return Resolved(request, context, target, preset, pipeline, output, module)


def _with_files_read(request: CompileRequest) -> CompileRequest:
    if request.pipeline is not None and request.pipeline_file is not None:
        raise UsageError("give either --pipeline or --pipeline-file")
    if request.preset is not None and request.config is not None:
        raise UsageError("give either --preset or --config")
    if request.config is not None and request.config.suffix != ".toml":
        raise UsageError(
            f"--config takes a .toml file, not {request.config}; `lmc quantize-config` writes one"
        )
    file = request.pipeline_file
    return replace(
        request,
        preset=request.preset if request.config is None else str(request.config),
        config=None,
        pipeline=request.pipeline if file is None else read_pipeline(file),
        pipeline_file=None,
    )


def _parsed(context: Context, file: str) -> ModuleOp:
    module, _ = read_module(context, read_text(file), file)
    if level_of(module) is None:
        raise LmcError(f"{file} holds none of lmc's levels; give it a dumped file")
    return module


def _name_of(request: CompileRequest) -> str:
    if request.name is not None:
        return request.name
    if isinstance(request.model, str):
        return Path(request.model).name
    if request.from_file not in (None, "-"):
        return Path(str(request.from_file)).stem
    raise UsageError("say where the design goes with -o")


def _preset_of(request: CompileRequest, registry: Registry, applied: list[str]) -> str:
    recorded = recorded_option(registry, applied, "quantize", "preset")
    if recorded is not None and request.preset not in (None, recorded):
        raise UsageError(
            f"{request.from_file} is quantized with preset {recorded}; leave --preset out"
        )
    return recorded or request.preset or DEFAULT_PRESET


def _keep_target(module: ModuleOp, request: CompileRequest, target: Target) -> None:
    """Let an allocated module name its target as the request does, which must be the same board.

    The board's file may lie elsewhere now; a design keeps a copy of it.
    """
    if ALLOCATION not in module.attributes:
        return
    allocation, file = allocation_of(module), str(request.from_file)
    kept = Path(file).absolute().parent.parent / TARGET_FILE
    was = load_target(str(kept) if kept.is_file() else allocation.target)
    if was != target:
        raise UsageError(f"{file} is lowered for {was.name}, not for {request.target}")
    target.at_clock(allocation.clock_mhz)  # The board's range may be another one now.
    set_allocation(module, allocation.model_copy(update={"target": request.target}))


def _check_clock(
    request: CompileRequest, clock_mhz: int, pipeline: Pipeline, module: ModuleOp | None
) -> None:
    """Raises UsageError where the design would not be planned with the clock of the request."""
    if module is not None and ALLOCATION in module.attributes:
        planned = allocation_of(module).clock_mhz
        if planned != clock_mhz:
            raise UsageError(
                f"{request.from_file} is planned with {planned} MHz, not with {clock_mhz} MHz; "
                "leave --clock out"
            )
        return
    given = pipeline.options(_PLANS, "clock_mhz")
    if not given:
        raise UsageError(f"--clock is for {_PLANS}, which the pipeline does not have; leave it out")
    if set(given) != {clock_mhz}:
        raise UsageError(
            f"--clock does not reach a pipeline of your own; give {_PLANS} clock_mhz={clock_mhz}"
        )


def _check_edit(
    edit: Edit, new: Pipeline, remaining: Pipeline, applied: list[str], request: CompileRequest
) -> None:
    """Raises UsageError for an edit that the file does not have and that comes too late for it."""
    done = applied_names(applied)
    if edit.kind in ("skip", "replace"):
        late = edit.anchor in done
    else:
        late = any(name not in done and name not in remaining.names for name in new.names)
    if late:
        raise UsageError(
            f"--{edit.kind}: {request.from_file} has gone past {edit.anchor} without it; go on "
            "from a file of before"
        )


def _check_calibration(
    request: CompileRequest, calibration: str, pipeline: Pipeline, module: ModuleOp | None
) -> None:
    """Raises UsageError where the design would not be estimated with the file of the request."""
    if module is not None and ALLOCATION in module.attributes:
        raise UsageError(
            f"{request.from_file} is allocated already, with estimates as they were; leave "
            "--calibration out, or go on from a file of level 2 or 3"
        )
    if set(pipeline.options(_PLANS, "calibration")) != {calibration}:
        raise UsageError(
            "--calibration does not reach a pipeline of your own; give "
            f'{_PLANS} calibration="{calibration}"'
        )


def _pipeline_of(request: CompileRequest, registry: Registry, preset: str) -> Pipeline:
    find_preset(preset)
    text = request.pipeline
    if text is None:
        text = default_pipeline(
            preset,
            request.target,
            request.calibration_text,
            request.seed,
            request.schedule,
            request.clock_mhz,
            request.calibration,
        )
    pipeline = Pipeline.parse(registry, text)
    for edit in request.edits:
        pipeline = pipeline.edit(edit, Pipeline.parse(registry, edit.passes))
    return pipeline
