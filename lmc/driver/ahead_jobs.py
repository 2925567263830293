"""What the second process of a compile does ahead of the first one.

Most of it goes into the cache, where the first process finds it.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError
from lmc.interpreter.threads import on_threads, thread_count
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.progress import StepsDone
from lmc.weights import WeightStore, open_source


def check_first_layers(
    _progress: StepsDone, *, model: str, random_weights: bool, seed: int, passes: str
) -> None:
    """Compare a named model, cut after its first layers, with PyTorch, as every compile does."""
    from lmc.driver.module_check import FIRST_LAYERS, ModuleChecker
    from lmc.driver.pipeline import Pipeline
    from lmc.driver.source import import_named

    registry = load_registry()
    context = make_context(registry)
    source = import_named(model, random_weights=random_weights, seed=seed, layers=FIRST_LAYERS)
    checker = ModuleChecker(context, source)
    checker.observe(0, None, source.module)
    for number, one in enumerate(Pipeline.parse(registry, passes).passes, start=1):
        if checker.report is not None:
            return
        one.apply(context, source.module)
        checker.observe(number, one, source.module)


def generate_text(_progress: StepsDone, *, model: str, seed: int) -> None:
    """Let a named model write the text that it is calibrated on."""
    from lmc.models.zoo import resolve
    from lmc.quantization.calibration import calibration_ids

    found = resolve(model)
    calibration_ids(found.config, found.weights, seed)


def make_matrices(_progress: StepsDone, *, weights: str) -> None:
    """Make the matrices of a module that the cache lacks."""
    fill_cache(store_of(_parsed(weights)), thread_count() - 1)


def store_of(module: ModuleOp) -> WeightStore:
    """A store that holds no matrices: the cache does."""
    return WeightStore(module, open_source(module), cache_bytes=0)


def fill_cache(store: WeightStore, threads: int, *, from_the_end: bool = False) -> None:
    """Make the matrices of a store's module that the cache lacks.

    Two processes that begin at the two ends meet in the middle. A matrix that cannot be made is
    left out: who asks for it is told why.
    """

    def make(matrix: tuple[str, int | None]) -> None:
        with suppress(LmcError):
            store.matrix(*matrix)

    missing = store.missing()
    on_threads(make, missing[::-1] if from_the_end else missing, threads)


def write_weights(progress: StepsDone, *, design: str, integers: str | None, folder: str) -> None:
    """Write the images and golden vectors of a design, of which only weights and banks are here."""
    from lmc.backends.weight_files import write_weight_files

    lowered_from = None if integers is None else _parsed(integers)
    write_weight_files(_parsed(design), lowered_from, Path(folder), progress)


def _parsed(text: str) -> ModuleOp:
    return parse_module(make_context(load_registry()), text, "the module of the first process")


JOBS: Mapping[str, Callable[..., None]] = {
    "check": check_first_layers,
    "text": generate_text,
    "matrices": make_matrices,
    "weights": write_weights,
}
