"""The folder of a design's weights: images, checksums and golden vectors."""

from contextlib import suppress
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region

from lmc.backends.golden import is_recorded, write_golden
from lmc.backends.images import write_images
from lmc.dataflow.banks import banks
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.dialects.ssm import TableOp, WeightOp
from lmc.ir.attributes import ARTIFACTS, FINGERPRINT, WEIGHTS
from lmc.progress import StepsDone
from lmc.weights import WeightStore, open_source


def write_weight_files(
    module: ModuleOp, integers: ModuleOp | None, folder: Path, progress: StepsDone | None = None
) -> None:
    """Write what a design's banks hold, of a module of level 4 or what `weights_and_banks` leaves.

    Golden vectors are of `integers`, the module of level 2 or 3 that it was lowered from, unless
    they would take long (`lmc.backends.golden`) or an op of it cannot be run.

    Raises:
        LmcError: a weight can't be made, or an image comes out in another size than its bank's.
    """
    folder.mkdir(exist_ok=True)
    (design,) = (op for op in module.body.block.ops if isinstance(op, DesignOp))
    store = WeightStore(module, open_source(module))
    write_images(design, store, folder, progress)
    if integers is not None and is_recorded(integers):
        # An op of a plugin need not run in the interpreter; `lmc verify --record` says so then.
        with suppress(LmcError):
            write_golden(integers, design, store, folder)


def weights_of(module: ModuleOp) -> ModuleOp:
    """The weights and tables of a module, and where they are found: all that a store looks at."""
    ops = (op for op in module.body.block.ops if isinstance(op, WeightOp | TableOp))
    names = (WEIGHTS, FINGERPRINT, ARTIFACTS)
    attributes = {name: module.attributes[name] for name in names if name in module.attributes}
    return ModuleOp([op.clone() for op in ops], attributes)


def weights_and_banks(module: ModuleOp) -> ModuleOp:
    """All of a module of level 4 that `write_weight_files` looks at; it is not valid as a design.

    Equal texts of it mean equal files.
    """
    kept = weights_of(module)
    for op in module.body.block.ops:
        if isinstance(op, DesignOp):
            body = Region(Block([bank.clone() for bank in banks(op)]))
            design = DesignOp.create(properties={"sym_name": op.sym_name}, regions=[body])
            kept.body.block.add_op(design)
    return kept
