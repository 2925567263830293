"""The passes that a compile runs where the user does not say, as pipeline text, section by section.

A section ends where the next level of the IR begins, so that what needs a module of one level runs
the sections up to it.
"""

from collections.abc import Mapping

from lmc.diagnostics import UsageError, suggestion
from lmc.quantization.presets import find_preset

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

LOWERING = ("lower-to-tasks", "share-matrix-unit", "stream-images", "outline-kernels")
"""The steps from level 3 to kernels of level 4; the design is flat between them."""
RAISING = ("raise-to-ssm", "roll-layers")
"""From the traced module (level 0) to the model as its author wrote it (level 1)."""


def float_passes(preset: str, text: str | None = None, seed: int = 0) -> list[str]:
    """What prepares a model of level 1 for the formats of a preset, in float.

    Passes that calibrate do so on the file `text`, or on what the model generates from the seed.
    Raises as `find_preset`.
    """
    config = find_preset(preset)
    passes = [
        "fold-norm-scales",
        "defer-norm" if config.deferred_norm else "defer-norm{split_only=true}",
    ]
    if config.rotation != "none":
        passes.append(
            "insert-rotation" if config.rotation == "block" else 'insert-rotation{online="full"}'
        )
    if config.fold_gated_scale == "measured":
        passes.append(f"fold-gated-scale{{{_formats(preset, text, seed)}}}")
    return passes


def integer_passes(preset: str, text: str | None = None, seed: int = 0) -> list[str]:
    """From level 1 to level 2 in the formats of a preset; as `float_passes`."""
    passes = [f"quantize{{{_formats(preset, text, seed)}}}", "rewrite-power-of-two"]
    if find_preset(preset).optimize == "gptq":
        calibration = _calibration(text, seed)
        passes.append("optimize-weights" + (f"{{{calibration}}}" if calibration else ""))
    return passes


def schedule_passes(schedule: str = DEFAULT_SCHEDULE) -> list[str]:
    """From level 2 to level 3; raises UsageError for a schedule that is none of `SCHEDULES`."""
    if schedule not in SCHEDULES:
        raise UsageError(
            f"there is no schedule {schedule!r}; "
            + suggestion(schedule, SCHEDULES, f"there are {', '.join(SCHEDULES)}")
        )
    return list(SCHEDULES[schedule])


def board_passes(
    target: str,
    pinned: str | None = None,
    clock_mhz: int | None = None,
    calibration: str | None = None,
) -> list[str]:
    """From level 2 or 3 to a checked dataflow design (level 4) for a target.

    `pinned` are options of `allocate-resources` for what it must not choose; without a clock the
    target's is planned with. `calibration` is a file of `lmc report`.
    """
    clock = None if clock_mhz is None else f"clock_mhz={clock_mhz}"
    factors = None if calibration is None else f'calibration="{calibration}"'
    options = " ".join(filter(None, (f'target="{target}"', clock, factors, pinned)))
    return [
        f"allocate-resources{{{options}}}",
        *LOWERING,
        "simplify-loops",
        "drain-pipelines",
        "schedule-loops",
        "size-fifos",
        "place-kernels",
        "derive-host",
        "check-dataflow",
    ]


def default_pipeline(
    preset: str,
    target: str,
    text: str | None = None,
    seed: int = 0,
    schedule: str = DEFAULT_SCHEDULE,
    clock_mhz: int | None = None,
    calibration: str | None = None,
) -> str:
    """The passes from the traced model to a checked dataflow design, as pipeline text.

    The preset, a name or a .toml file, and the schedule say which of them there are; see the
    sections above, and what they raise.
    """
    scheduled = [integer_pipeline(preset, text, seed), *schedule_passes(schedule)]
    board = board_passes(target, PINNED.get(schedule), clock_mhz, calibration)
    return ",".join([*scheduled, *board])


def integer_pipeline(preset: str, text: str | None = None, seed: int = 0) -> str:
    """The passes from the traced model to integers (level 2), as pipeline text."""
    return ",".join(
        [*RAISING, *float_passes(preset, text, seed), *integer_passes(preset, text, seed)]
    )


def _formats(preset: str, text: str | None, seed: int) -> str:
    return " ".join(filter(None, (f'preset="{preset}"', _calibration(text, seed))))


def _calibration(text: str | None, seed: int) -> str:
    return " ".join(
        filter(None, (f'text="{text}"' if text is not None else "", f"seed={seed}" if seed else ""))
    )
