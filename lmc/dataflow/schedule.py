"""Initiation interval and latency of pipelined loops.

The interval is the largest of what these ask for: recurrences (through carried values, and through
memory from a load to a store that a later iteration loads again), memory ports (two for each
partition of a buffer), and streams (one access a cycle).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from xdsl.dialects import memref, scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.addresses import affine, carried_distance, flattened_nest
from lmc.dataflow.graph import stream_accesses, stream_name
from lmc.dataflow.timing import Clock, Moment, Timing, buffer_of, time_iteration
from lmc.dialects.dataflow import (
    COMPLETE,
    BufferOp,
    DesignOp,
    constant_value,
    is_pipelined,
    loop_of,
)

PORTS = 2
"""Ports of a memory block."""


@dataclass(frozen=True)
class LoopSchedule:
    """What a pipelined loop can do.

    `ii` and `latency` (of one iteration) are in cycles; `reason` says what keeps `ii` from being
    smaller; `free` names the buffers between whose loads and stores no later iteration of the
    pipeline has a dependence, or one so late that it is always satisfied.
    """

    ii: int
    latency: int
    reason: str
    free: tuple[str, ...]


def schedule_loop(loop: scf.ForOp, clock: Clock) -> LoopSchedule:
    """The schedule of a pipelined loop, all loops inside which are unrolled."""
    timing = time_iteration(loop, clock)
    limits = [(1, "one iteration a cycle")]
    limits += _stream_limits(loop)
    limits += _port_limits(loop)
    limits += _carried_limits(loop, clock)
    memory = list(_memory_recurrences(loop, clock))
    limits += [(item.ii, item.reason) for item in memory if item.distance is not None]
    ii, reason = max(limits, key=lambda limit: limit[0])
    return LoopSchedule(ii, timing.end(), reason, _free_buffers(memory, ii))


def is_scheduled(design: DesignOp) -> bool:
    """Whether each pipelined loop has its interval."""
    return all(loop_of(op).ii is not None for op in design.walk() if is_pipelined(op))


# Streams and ports


def _stream_limits(loop: scf.ForOp) -> list[tuple[int, str]]:
    streams = dict.fromkeys(stream for op in loop.walk() for stream, _ in stream_accesses(op))
    limits: list[tuple[int, str]] = []
    for stream in streams:
        count = _count(loop.body.block, lambda op, s=stream: _touches(op, s))
        text = f"stream {stream_name(stream)} is accessed {count} times in an iteration"
        limits.append((count, text))
    return limits


def _touches(op: Operation, stream: SSAValue) -> int:
    return sum(1 for value, _ in stream_accesses(op) if value is stream)


def _port_limits(loop: scf.ForOp) -> list[tuple[int, str]]:
    limits: list[tuple[int, str]] = []
    for buffer in _buffers(loop):
        ports = buffer_ports(buffer)
        if ports is None:
            continue
        count = _accesses(loop, buffer)
        name = buffer.sym_name.data
        text = f"buffer {name} is accessed {count} times in an iteration, through {ports} ports"
        limits.append((ceil(count / ports), text))
    return limits


def buffer_ports(buffer: BufferOp) -> int | None:
    """Accesses a cycle that a buffer can serve; None: any number."""
    factors = [factor for _, factor in buffer.partitions]
    if buffer.kind.data == "register" or COMPLETE in factors:
        return None
    ports = PORTS
    for factor in factors:
        ports *= factor
    return ports


def _buffers(loop: scf.ForOp) -> list[BufferOp]:
    found = (
        buffer_of(op.memref) for op in loop.walk() if isinstance(op, memref.LoadOp | memref.StoreOp)
    )
    return list(dict.fromkeys(found))


def _accesses(loop: scf.ForOp, buffer: BufferOp) -> int:
    """Accesses in one iteration; loads of one address by all lanes, or twice, are one load."""
    seen: set[tuple[SSAValue, ...]] = set()

    def count(op: Operation) -> int:
        if isinstance(op, memref.StoreOp) and op.memref is buffer.result:
            return 1
        if not isinstance(op, memref.LoadOp) or op.memref is not buffer.result:
            return 0
        address = tuple(op.indices)
        if address in seen:
            return 0
        seen.add(address)
        return 1

    return _count(loop.body.block, count, buffer.result)


def _count(block: Block, count: Callable[[Operation], int], buffer: SSAValue | None = None) -> int:
    """The sum over a block: lanes times the inside of an unrolled loop, the larger branch."""
    total = 0
    for op in block.ops:
        if isinstance(op, scf.IfOp):
            regions = [region for region in (op.true_region, op.false_region) if region.blocks]
            total += max(_count(region.block, count, buffer) for region in regions)
        elif isinstance(op, scf.ForOp):
            lanes = constant_value(op.ub) or 1
            shared = _shared_loads(op, buffer)
            inside = _count(op.body.block, count, buffer)
            total += shared + lanes * (inside - shared)
        else:
            total += count(op)
    return total


def _shared_loads(loop: scf.ForOp, buffer: SSAValue | None) -> int:
    """Loads directly in an unrolled loop whose address is the same for all lanes."""
    lane = loop.body.block.args[0]
    addresses = {
        tuple(op.indices)
        for op in loop.body.block.ops
        if isinstance(op, memref.LoadOp) and op.memref is buffer
    }
    forms = [[affine(index) for index in address] for address in addresses]
    return sum(1 for form in forms if all(part is not None and lane not in part for part in form))


# Recurrences


def _carried_limits(loop: scf.ForOp, clock: Clock) -> list[tuple[int, str]]:
    last = loop.body.block.last_op
    limits: list[tuple[int, str]] = []
    for position, argument in enumerate(loop.body.block.args[1:]):
        assert last is not None
        after = last.operands[position]
        timing = time_iteration(loop, clock, argument)
        moment = timing.values.get(after)
        if moment is None or after is argument:
            continue
        path = timing.path(after.owner) if isinstance(after.owner, Operation) else []
        cycles = _cycles(moment)
        limits.append((cycles, _reason("a carried value", path, cycles)))
    return limits


@dataclass(frozen=True)
class _Recurrence:
    buffer: BufferOp
    cycles: int
    distance: int | None
    reason: str

    @property
    def ii(self) -> int:
        return ceil(self.cycles / (self.distance or 1))


def _memory_recurrences(loop: scf.ForOp, clock: Clock) -> Iterator[_Recurrence]:
    nest = flattened_nest(loop)
    stores = [op for op in loop.walk() if isinstance(op, memref.StoreOp)]
    for load in loop.walk():
        if not isinstance(load, memref.LoadOp):
            continue
        same = [store for store in stores if store.memref is load.memref]
        if not same or _covered(load, same):
            continue
        timing = time_iteration(loop, clock, load.res)
        for store in same:
            moment = timing.effects.get(store)
            if moment is None:
                continue
            distance = carried_distance(nest, tuple(store.indices), tuple(load.indices))
            yield _recurrence(load, store, moment, distance, timing)


def _recurrence(
    load: memref.LoadOp,
    store: memref.StoreOp,
    moment: Moment,
    distance: int | None,
    timing: Timing,
) -> _Recurrence:
    buffer = buffer_of(load.memref)
    # A store is seen by loads from the next cycle on.
    cycles = moment[0] + 1
    path = [load, *(op for op in timing.path(store) if op is not load)]
    reason = _reason(f"buffer {buffer.sym_name.data}", path, cycles)
    if distance is not None and distance > 1:
        reason += f" for every {distance} iterations"
    return _Recurrence(buffer, cycles, distance, reason)


def _covered(load: memref.LoadOp, stores: Sequence[memref.StoreOp]) -> bool:
    """Whether a store of the same block and address comes before: the load gets its value."""
    block = load.parent_block()
    return any(
        store.parent_block() is block
        and tuple(store.indices) == tuple(load.indices)
        and store.is_before_in_block(load)
        for store in stores
    )


def _free_buffers(recurrences: Sequence[_Recurrence], ii: int) -> tuple[str, ...]:
    by_buffer: dict[str, bool] = {}
    for item in recurrences:
        # One iteration apart is what tools find by themselves, so nothing is claimed there.
        late = item.distance is None or (item.distance > 1 and item.distance * ii >= item.cycles)
        name = item.buffer.sym_name.data
        if item.buffer.kind.data != "register":
            by_buffer[name] = by_buffer.get(name, True) and late
    return tuple(name for name, free in by_buffer.items() if free)


def _cycles(moment: Moment) -> int:
    cycle, used = moment
    return cycle + 1 if used or cycle == 0 else cycle


def _reason(what: str, path: Sequence[Operation], cycles: int) -> str:
    names = " -> ".join(op.name.split(".")[-1] for op in path)
    return f"the recurrence through {what} ({names}) takes {cycles} cycles"
