"""The weight source that a module's attributes name."""

from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.ir.attributes import FINGERPRINT, WEIGHTS
from lmc.models.tokenizer import Tokenizer
from lmc.models.weights import WeightSource
from lmc.models.zoo import ResolvedModel, resolve


def open_source(module: ModuleOp) -> WeightSource:
    """Open the weights of a module: `lmc.weights` is a model's name or path or `random:NAME:SEED`.

    Raises LmcError if the module names no weights, they are not here, or they are others than the
    module was made from (`lmc.fingerprint`).
    """
    reference = module.attributes.get(WEIGHTS)
    if not isinstance(reference, StringAttr):
        raise LmcError(f"the module has no attribute {WEIGHTS}, so its weights cannot be found")
    source = resolve_reference(reference.data)
    fingerprint = module.attributes.get(FINGERPRINT)
    if isinstance(fingerprint, StringAttr) and fingerprint.data != source.fingerprint:
        raise LmcError(
            f"{source.description} is not what the module was made from: its fingerprint differs; "
            f"compile the model again"
        )
    return source


def resolve_reference(reference: str) -> WeightSource:
    """The weight source of an `lmc.weights` string; raises LmcError as `open_source`."""
    return _resolve(reference).weights


def open_tokenizer(module: ModuleOp) -> Tokenizer | None:
    """The tokenizer of a module's model, None if it has none here; raises as `open_source`."""
    reference = module.attributes.get(WEIGHTS)
    return _resolve(reference.data).tokenizer if isinstance(reference, StringAttr) else None


def open_end_tokens(module: ModuleOp) -> tuple[int, ...]:
    """The ids after which a text of a module's model ends; raises as `open_source`."""
    reference = module.attributes.get(WEIGHTS)
    return _resolve(reference.data).end_tokens if isinstance(reference, StringAttr) else ()


def reading_adapter(reference: str) -> str | None:
    """The name of the adapter that reads a model, None if lmc does; raises as `open_source`."""
    return _resolve(reference).adapter


def _resolve(reference: str) -> ResolvedModel:
    if not reference.startswith("random:"):
        return resolve(reference)
    name, _, seed = reference.removeprefix("random:").rpartition(":")
    if not name or not seed.isdecimal():
        raise LmcError(f"weights {reference!r} should read random:NAME:SEED")
    return resolve(name, random_weights=True, seed=int(seed))
