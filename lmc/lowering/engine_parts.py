"""What the lowering knows of the matrix unit before it is built: its shape and its phases."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xdsl.ir import SSAValue

from lmc.diagnostics import LmcError
from lmc.lowering.network import Channel
from lmc.lowering.tiling import EngineShape, MatrixTiling

if TYPE_CHECKING:
    from lmc.lowering.context import Vector


@dataclass(frozen=True)
class Phase:
    """One linear layer: what goes in, what comes out, and its matrix."""

    weight: str
    tiling: MatrixTiling
    tiles: Channel
    result: "Vector"
    shift: int
    sum_bits: int
    in_layers: bool


@dataclass
class Engine:
    """The matrix unit under construction."""

    shape: EngineShape
    phases: list[Phase] = field(default_factory=list[Phase])
    _tiles: dict[SSAValue, Channel] = field(default_factory=dict[SSAValue, Channel])

    def bind_tiles(self, value: SSAValue, tiles: Channel) -> None:
        """Says which stream carries a quantized vector."""
        self._tiles[value] = tiles

    def tiles_of(self, value: SSAValue) -> Channel:
        """The stream of a quantized vector.

        Raises:
            LmcError: the value has none.
        """
        if value not in self._tiles:
            raise LmcError(
                f"the operand %{value.name_hint} of a linear layer is not made by ssm.quantize"
            )
        return self._tiles.pop(value)
