"""Designs of the bundled models, by the default pipeline, with all their layers."""

from lmc.backends.hls.printer import find_design
from lmc.dialects.dataflow import DesignOp
from lmc.driver.default import board_passes, integer_pipeline, schedule_passes
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.quantization.presets import DEFAULT_PRESET


def compiled(model: str, target: str, pinned: str | None = None) -> DesignOp:
    """A model's design on a board; `pinned` are options of `allocate-resources`."""
    registry = load_registry()
    module = import_named(model).module
    steps = [integer_pipeline(DEFAULT_PRESET), *schedule_passes(), *board_passes(target, pinned)]
    Pipeline.parse(registry, ",".join(steps)).run(make_context(registry), module)
    return find_design(module)
