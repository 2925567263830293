"""SiLU in a few straight pieces: a pass, and a program that shows what it costs and saves."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.universe import Universe

from lmc.dialects import ssm
from lmc.ir.editing import ops_of, refuse, tables_of
from lmc.ir.pass_base import Effect, LmcPass

LMC_API_VERSION = 1


@dataclass(frozen=True)
class PiecewiseSilu(LmcPass):
    """Let each SiLU of a quantized model be `segments` straight pieces, instead of 1024.

    The table of a SiLU has a base and a slope for each piece, on equal parts of the operand's
    range. Half as many pieces are twice as long: the place of an operand's piece is found by a
    shift that is larger by one, so `segments` is a power of two.
    """

    name = "piecewise-silu"
    effect: ClassVar[Effect] = Effect.NUMBERS

    segments: int = 16

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the tables in place; raises LmcError for a SiLU that has none yet."""
        tables = tables_of(op)
        for silu in ops_of(op, ssm.SiluOp):
            if silu.table is None:
                raise refuse(silu, "this is a float op; run piecewise-silu after quantize")
            self._cut(silu, tables[silu.table.root_reference.data])

    def _cut(self, silu: ssm.SiluOp, table: ssm.TableOp) -> None:
        old = table.option("segments")
        longer, rest = divmod(old, self.segments) if self.segments > 0 else (0, 1)
        if rest or longer & (longer - 1):
            raise refuse(silu, f"{self.segments} is not {old}, the pieces it has, by 1, 2, 4, ...")
        shift = table.option("shift") + longer.bit_length() - 1
        new = {"segments": self.segments, "shift": shift}
        options = {name: IntegerAttr(value, i64) for name, value in new.items()}
        table.properties["options"] = DictionaryAttr({**table.options.data, **options})


UNIVERSE = Universe(all_passes={"piecewise-silu": lambda: PiecewiseSilu})
