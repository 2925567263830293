"""torch.export of the decode step: a graph without in-place writes, copies or assertions."""

import warnings
from collections.abc import Generator
from contextlib import contextmanager

import torch
from torch import fx, nn
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from lmc.diagnostics import LmcError
from lmc.frontend.hugging_face import DecodeStep
from lmc.frontend.structure import Family
from lmc.models.config import ModelConfig, state_shapes

_ATEN = torch.ops.aten
# Operators that repeat one of their arguments, here, where values have no storage, → its index;
# casts do so if they change nothing.
_COPIES: dict[torch._ops.OpOverload, int] = {
    _ATEN.clone.default: 0,
    _ATEN.alias.default: 0,
    _ATEN.detach.default: 0,
    _ATEN.contiguous.default: 0,
    _ATEN._to_copy.default: 0,
    _ATEN.to.device: 0,
    _ATEN.to.dtype: 0,
    _ATEN.to.dtype_layout: 0,
    _ATEN.copy.default: 1,
}


def export_decode_step(module: nn.Module, family: Family, config: ModelConfig) -> ExportedProgram:
    """Trace one token at batch 1: `(ids [1], *states) → (logits [1, V], *states)`.

    States are those of `lmc.models.language_model.MambaLM`, whoever wrote the module. Nothing is
    computed, so a module on the `meta` device will do. Parameters keep the module's names. Raises
    LmcError if torch.export cannot trace the module, as with a release of transformers it does not
    know.
    """
    step = DecodeStep(module) if family == "hugging_face" else module
    device = next(module.parameters()).device
    states = [torch.empty((1, *shape), device=device) for shape in state_shapes(config)]
    ids = torch.zeros(1, dtype=torch.int64, device=device)
    with evaluation_mode(module), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            program = torch.export.export(step, (ids, *states))
            if any(_writes_in_place(node) for node in program.graph.nodes):
                program = program.run_decompositions({})
        except Exception as error:  # whatever the module's own code raises while it is traced
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            raise LmcError(f"{type(module).__name__} cannot be traced: {what}") from error
    _forward_copies(program)
    _drop_unused_buffers(program)
    return program


@contextmanager
def evaluation_mode(module: nn.Module) -> Generator[None]:
    """Put a module into evaluation mode while the block runs."""
    training = {name: child.training for name, child in module.named_modules()}
    module.eval()
    try:
        yield
    finally:
        for name, child in module.named_modules():
            child.training = training[name]


def _writes_in_place(node: fx.Node) -> bool:
    target = node.target
    return isinstance(target, torch._ops.OpOverload) and target._schema.is_mutable


def _forward_copies(program: ExportedProgram) -> None:
    """Replace copies by what they copy and erase what is left unused.

    So that a module's region has no result that only a copy of an input, or an assertion, needs.
    """
    outputs = {spec.arg.name: spec for spec in program.graph_signature.output_specs}
    for node in list(program.graph.nodes):
        source = _copied(node)
        if source is None:
            continue
        node.replace_all_uses_with(source)
        if node.name in outputs:
            outputs[node.name].arg.name = source.name
    for node in reversed(list(program.graph.nodes)):
        if node.op == "call_function" and not node.users:
            program.graph.erase_node(node)


def _drop_unused_buffers(program: ExportedProgram) -> None:
    """Erase inputs that no operator reads, such as the ones that stand for a norm's weight."""
    placeholders = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
    specs = program.graph_signature.input_specs
    for spec in list(specs):
        node = placeholders[spec.arg.name]
        if spec.kind is InputKind.BUFFER and not node.users:
            specs.remove(spec)
            program.graph.erase_node(node)


def _copied(node: fx.Node) -> fx.Node | None:
    """The node whose value this one repeats, if it does."""
    target = node.target
    if not isinstance(target, torch._ops.OpOverload) or target not in _COPIES:
        return None
    source = node.args[_COPIES[target]]
    if not isinstance(source, fx.Node) or _meta(source) != _meta(node):
        return None
    return source


def _meta(node: fx.Node) -> tuple[torch.dtype, torch.Size]:
    value = node.meta["val"]
    return value.dtype, value.shape
