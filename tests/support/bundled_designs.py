"""Designs of the bundled models, by the default pipeline, with all their layers."""

from lmc.backends.hls.printer import find_design
from lmc.dialects.dataflow import DesignOp
from lmc.driver.default import default_pipeline
from lmc.driver.pipeline import Pipeline
from lmc.driver.source import import_named
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context
from lmc.quantization.presets import DEFAULT_PRESET


def compiled(model: str, target: str) -> DesignOp:
    """A model's design on a board."""
    registry = load_registry()
    module = import_named(model).module
    passes = Pipeline.parse(registry, default_pipeline(DEFAULT_PRESET, target))
    passes.run(make_context(registry), module)
    return find_design(module)
