"""The run-time scalars of a launch."""

from dataclasses import dataclass

from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, ScalarOp

_EXAMPLES = {"n_tokens": (3, 4), "n_prompt": (2, 1), "n_logits": (2, 4)}


@dataclass(frozen=True)
class Scalars:
    """Steps of a launch, tokens given by the host, and last steps that have logits."""

    tokens: Handle
    prompt: Handle
    logits: Handle

    def has_logits(self, task: TaskBuilder, token: Value) -> Value:
        """Whether the token is one of the last that have logits."""
        return (token + task.index_of(self.logits)) >= task.index_of(self.tokens)


def declare_scalars(builder: FlatBuilder) -> Scalars:
    """The scalars of a new design."""
    return Scalars(*(builder.scalar(name, examples) for name, examples in _EXAMPLES.items()))


def scalars_of(design: DesignOp) -> Scalars:
    """The scalars of a design that `declare_scalars` has made.

    Raises:
        LmcError: one of them is not there.
    """
    found = {
        op.sym_name.data: Handle(op.sym_name.data, op.result)
        for op in design.body.block.ops
        if isinstance(op, ScalarOp)
    }
    for name in _EXAMPLES:
        if name not in found:
            raise LmcError(f"design {design.sym_name.data} has no scalar {name}")
    return Scalars(*(found[name] for name in _EXAMPLES))
