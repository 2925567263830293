"""Small demands and boards for the tests of the search for an allocation."""

from lmc.allocation.demand import Demand, MatrixDemand, Packed, SideDemand, StateDemand
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape
from lmc.targets import Memory, Target, load_target

SHAPE = MatrixUnitShape((1,), 4, 32, 32, 8, 8, 3)
SMALL_STATE = StateDemand(64, 4, 64, 4)
# 64 bytes of an embedding's row, 256 of logits.
SIDE = SideDemand((), (), (), 100, Packed(6, 75), Packed(8, 256))


def matrix(rows: int, columns: int, planes: tuple[int, ...] = (1,)) -> MatrixDemand:
    return MatrixDemand("w", MatrixTiling(rows, columns, 32, 32, 32), planes)


def demand(
    *matrices: MatrixDemand,
    state: StateDemand = SMALL_STATE,
    layers: int = 2,
    side: SideDemand = SIDE,
) -> Demand:
    return Demand(list(matrices), SHAPE, layers, state, (Packed(8, 384),), side)


def memory(
    name: str,
    gbps: float,
    ports: int = 2,
    channels: int = 1,
    *,
    masters: int = 60,
    capacity_gib: float = 1,
) -> Memory:
    return Memory(
        name=name,
        ports=ports,
        port_bits=512,
        capacity_gib=capacity_gib,
        channels=channels,
        masters=masters,
        latency_ns=200,
        sustained_gbps=gbps,
        source="a test",
    )


def board(*memories: Memory, **resources: int) -> Target:
    base = load_target("vck190")
    have = base.resources.model_copy(update=resources)
    return base.model_copy(update={"memories": list(memories), "resources": have, "noc": None})
