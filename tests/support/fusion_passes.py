"""A plugin with a pass that makes groups of its own choice."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dialects.ssm import LayersOp
from lmc.ir.editing import ops_of
from lmc.ir.groups import fuse
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class FuseValues(LmcPass):
    """The ops of a layer that make values of these names, in one group."""

    name = "fuse-values"

    values: tuple[str, ...] = ()

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for layers in ops_of(op, LayersOp):
            fuse([x for x in layers.block.ops if self._makes_one(x.results)])

    def _makes_one(self, results: object) -> bool:
        return any(value.name_hint in self.values for value in results)  # pyright: ignore
