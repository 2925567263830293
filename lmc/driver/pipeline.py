"""Pipelines: parsing `name{option=value},…`, the default one, and running passes one by one.

A module with an attribute `lmc.passes` records in it the passes that were applied; a compile can
then go on from any dumped file.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, parse_pipeline
from xdsl.utils.exceptions import (
    ArgSpecParseError,
    DiagnosticException,
    PassFailedException,
    VerifyException,
)

from lmc.diagnostics import LmcError, UsageError
from lmc.ir.registry import Registry, suggestion
from lmc.ir.text import module_text, one_line, verify
from lmc.quantization.presets import find_preset

RECORD = "lmc.passes"
"""Module attribute: the passes that were applied, as pipeline text, oldest first."""
DEFAULT_SCHEDULE = "default"
SCHEDULES: Mapping[str, tuple[str, ...]] = {
    DEFAULT_SCHEDULE: ("reorder-computation", "tile-and-fuse"),
    "reordered": ("reorder-computation",),
    "naive": (),
    "lightmamba": ("reorder-computation", "tile-and-fuse"),
}
"""The passes of level 3 in a pipeline, by the name of the schedule."""
PINNED: Mapping[str, str] = {
    "lightmamba": 'lanes="DDR4:1x4" state=DDR4 state_blocks=1 side=DDR4 vector_lanes=8 prefetch=32 '
    "multipliers=fabric"
}
"""What a schedule pins of the allocation, as options of `allocate-resources`.

`lightmamba`: the lanes of LightMamba's public code (docs/lightmamba.md).
"""


@dataclass(frozen=True)
class PassRun:
    """One pass of a finished pipeline and the time it took."""

    name: str
    seconds: float


Observer = Callable[[int, ModulePass | None, ModuleOp], None]
"""Called with (0, None, module) before the first pass, then with (n, pass, module) after each."""


def default_pipeline(
    preset: str,
    target: str,
    text: str | None = None,
    seed: int = 0,
    schedule: str = DEFAULT_SCHEDULE,
) -> str:
    """The passes from the traced model to a checked dataflow design, as pipeline text.

    The preset, a name or a .toml file, and the schedule, one of `SCHEDULES`, say which of them
    there are. Passes that calibrate do so on the file `text`, or on what the model generates from
    the seed. Raises as `find_preset`, and UsageError for an unknown schedule.
    """
    config = find_preset(preset)
    if schedule not in SCHEDULES:
        raise UsageError(
            f"there is no schedule {schedule!r}; "
            + suggestion(schedule, SCHEDULES, f"there are {', '.join(SCHEDULES)}")
        )
    calibration = (f'text="{text}"' if text is not None else "") + (f" seed={seed}" if seed else "")
    formats = " ".join(filter(None, (f'preset="{preset}"', calibration.strip())))
    passes = [
        "raise-to-ssm",
        "roll-layers",
        "fold-norm-scales",
        "defer-norm" if config.deferred_norm else "defer-norm{split_only=true}",
    ]
    if config.rotation != "none":
        passes.append(
            "insert-rotation" if config.rotation == "block" else 'insert-rotation{online="full"}'
        )
    if config.fold_gated_scale == "measured":
        passes.append(f"fold-gated-scale{{{formats}}}")
    passes += [f"quantize{{{formats}}}", "rewrite-power-of-two"]
    if config.optimize == "gptq":
        passes.append("optimize-weights" + (f"{{{calibration.strip()}}}" if calibration else ""))
    passes += [
        *SCHEDULES[schedule],
        "allocate-resources{"
        + " ".join(filter(None, (f'target="{target}"', PINNED.get(schedule))))
        + "}",
        "lower-to-dataflow",
        "schedule-loops",
        "size-fifos",
        "place-kernels",
        "check-dataflow",
    ]
    return ",".join(passes)


def parse_passes(registry: Registry, text: str) -> list[ModulePass]:
    """The passes of a pipeline string; raises UsageError for what is not right in it."""
    try:
        specs = list(parse_pipeline(text))
    except ArgSpecParseError as error:
        raise UsageError(
            f"the pipeline {text!r} cannot be read ({_last_words(error)}); passes are written "
            f"name{{option=value}}, separated by commas"
        ) from error
    return [_make_pass(registry, spec) for spec in specs]


def insert_after(
    passes: Sequence[ModulePass], anchor: str, new: Sequence[ModulePass]
) -> list[ModulePass]:
    """The passes with `new` put after the last pass named `anchor`."""
    names = [one.name for one in passes]
    if anchor not in names:
        raise UsageError(
            f"--insert-after: there is no pass {anchor!r} in the pipeline; "
            + suggestion(anchor, names, f"it has {', '.join(names)}")
        )
    at = len(names) - names[::-1].index(anchor)
    return [*passes[:at], *new, *passes[at:]]


def remaining(passes: Sequence[ModulePass], applied: Sequence[str]) -> list[ModulePass]:
    """The passes that come after the last one that is among the `applied` (pipeline texts)."""
    done = {_spec_of(text).name for text in applied}
    last = max((index for index, one in enumerate(passes) if one.name in done), default=-1)
    return list(passes[last + 1 :])


def applied_passes(module: ModuleOp) -> list[str]:
    """The recorded passes of a module, as pipeline texts."""
    record = module.attributes.get(RECORD)
    if not isinstance(record, ArrayAttr):
        return []
    return [item.data for item in record if isinstance(item, StringAttr)]


def recorded_option(
    registry: Registry, applied: Sequence[str], name: str, option: str
) -> str | None:
    """The value that an applied pass had for an option; None if it was not applied."""
    for text in applied:
        if _spec_of(text).name == name:
            return str(getattr(parse_passes(registry, text)[0], option))
    return None


def start_record(module: ModuleOp) -> None:
    """Let passes be recorded in the module from here on."""
    module.attributes.setdefault(RECORD, ArrayAttr([]))


def run_passes(
    context: Context,
    module: ModuleOp,
    passes: Sequence[ModulePass],
    observe: Observer | None = None,
) -> list[PassRun]:
    """Apply passes in place, verifying the module after each; returns what each took.

    Raises LmcError, naming the pass, where one fails or leaves a module that is not valid.
    """
    runs: list[PassRun] = []
    if observe is not None:
        observe(0, None, module)
    for number, one in enumerate(passes, start=1):
        start = time.perf_counter()
        _apply(context, module, one)
        runs.append(PassRun(one.name, time.perf_counter() - start))
        if observe is not None:
            observe(number, one, module)
    return runs


def print_after_pass(_number: int, one: ModulePass | None, module: ModuleOp) -> None:
    """Observer that prints the module after each pass on standard error."""
    if one is not None:
        print(f"// -----// IR after {one} //----- //\n{module_text(module)}", file=sys.stderr)


def _apply(context: Context, module: ModuleOp, one: ModulePass) -> None:
    try:
        one.apply(context, module)
    except (PassFailedException, VerifyException, DiagnosticException) as error:
        raise LmcError(f"pass {one.name}: {one_line(error)}") from error
    verify(module, f"pass {one.name} leaves a module that is not valid")
    if RECORD in module.attributes:
        record = [*applied_passes(module), str(one.pipeline_pass_spec())]
        module.attributes[RECORD] = ArrayAttr([StringAttr(text) for text in record])


def _make_pass(registry: Registry, spec: ArgSpec) -> ModulePass:
    pass_class = registry.pass_class(spec.name)
    options = [field.name.replace("_", "-") for field in fields(pass_class) if field.name != "name"]
    for given in spec.parameters:
        if given.replace("_", "-") in options:
            continue
        raise UsageError(
            f"pass {spec.name} has no option {given!r}; "
            + suggestion(
                given, options, f"it has {', '.join(options)}" if options else "it has none"
            )
        )
    try:
        return pass_class.from_pass_spec(spec)
    except (ValueError, LmcError) as error:
        raise UsageError(f"pass {spec.name}: {' '.join(str(error).split())}") from error


def _spec_of(text: str) -> ArgSpec:
    try:
        return next(parse_pipeline(text))
    except (ArgSpecParseError, StopIteration) as error:
        raise LmcError(f"the module's {RECORD} holds {text!r}, which is not a pass") from error


def _last_words(error: BaseException) -> str:
    lines = [line.strip(" ^") for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line), "it is empty")
