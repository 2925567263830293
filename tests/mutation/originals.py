"""Sound modules of all levels: small random designs, and what compiling a model passes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mutants import Original
from random_designs import Launch, seeded_launch
from tiny_designs import MAMBA2, compile_tiny
from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.backends.hls.printer import find_design
from lmc.dialects.dataflow import DesignOp
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.driver.source import Source, import_named
from lmc.ir.levels import TRACED, level_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module
from lmc.models.language_model import load_module
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.passes.simplify_loops import SimplifyLoops

_MHZ = 300


def context() -> Context:
    """All dialects of lmc."""
    return make_context(load_registry())


def random_original(seed: int) -> Original:
    """The random design of a seed, which can be run; every other one has been scheduled."""
    launch = seeded_launch(seed, f"d{seed}")
    module = ModuleOp([launch.design.clone()])
    if seed % 2:
        SimplifyLoops().apply(context(), module)
        design = find_design(module)
        design.clock_mhz = IntegerAttr(_MHZ, i64)
        ScheduleLoops().apply(context(), module)
    launch = Launch(find_design(module), launch.scalars, launch.banks)
    return Original(f"random {seed}", "4 random", module_text(module), launch)


def dumped_originals(design: Path, source: Source) -> Iterator[Original]:
    """The modules that a design folder has of the compilation of a model."""
    for path in sorted((design / "ir").glob("*.mlir")):
        text = path.read_text(encoding="utf-8")
        module = parse_module(context(), text, path.name)
        level = level_name(module)
        traced = source if level == str(TRACED) else None
        yield Original(f"{design.name} {path.stem}", level, text, source=traced)


def text_original(path: Path) -> Original:
    """The module of a file."""
    module = parse_module(context(), path.read_text(encoding="utf-8"), path.name)
    return Original(path.stem, level_name(module), module_text(module))


def bundled_originals(model: str, folder: Path) -> list[Original]:
    """All modules that a bundled model is on its way to a design for the VCK190."""
    design = folder / model
    compile_design(CompileRequest(target="vck190", model=model, output=design, dump_ir=True))
    return list(dumped_originals(design, in_memory(import_named(model))))


def small_board_originals(folder: Path) -> list[Original]:
    """All modules that a tiny model is on its way to a design for a small board, the KV260."""
    design = compile_tiny(folder, MAMBA2, target="kv260", lanes=None, allocation="")
    return list(dumped_originals(design, in_memory(import_named(str(folder / "model")))))


def in_memory(source: Source) -> Source:
    """The source with its PyTorch module, so that it is built only once."""
    return replace(source, torch_module=load_module(source.config, source.weights))


def level_name(module: ModuleOp) -> str:
    """The level of a module for the table; flat designs stand between 3 and 4."""
    flat = any(isinstance(op, DesignOp) and op.is_flat for op in module.body.block.ops)
    return "3-4" if flat else str(level_of(module))
