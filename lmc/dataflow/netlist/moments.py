"""Straight-line code of one cycle shares that cycle, and what that must not change."""

from collections.abc import Iterator, Sequence

from lmc.dataflow.netlist.memories import meet
from lmc.dataflow.netlist.nodes import Store, reachable
from lmc.dataflow.netlist.statements import Branch, Compute, Instant, Loop, Statement
from lmc.diagnostics import LmcError


def join_moments(statements: Sequence[Statement]) -> None:
    """Tells code which stores of the same cycle come before it.

    Raises LmcError where code of several cycles would have to see one.
    """
    stored: list[tuple[Instant, Store]] = []
    for one in statements:
        for first in _beginnings(one):
            _see(first, stored)
        if not _may_take_no_cycle(one):
            stored = []
        stored += [(last, store) for last in _ends(one) for store in last.stores]


def _see(first: Instant | Compute, stored: Sequence[tuple[Instant, Store]]) -> None:
    loads = first.loads if isinstance(first, Instant) else first.path.nodes
    before: list[tuple[Instant, Store]] = []
    stores = first.stores if isinstance(first, Instant) else first.path.stores
    for instant, store in stored:
        if any(_share_a_port(store, other) for other in stores if other.stage == 0):
            raise LmcError(
                f"buffer {store.memory.name} is stored twice in a cycle, in or around a branch or "
                "a loop that may be left out, which has no hardware yet: a RAM has one port to "
                "write; put a statement between the two stores, or partition the buffer"
            )
        seen = [
            load for load in loads if load.memory is store.memory and meet(store.place, load.args)
        ]
        known = all(node.is_constant for load in seen for node in (*store.place, *load.args))
        if seen and (isinstance(first, Compute) or not known):
            raise LmcError(
                "code between statements loads a register that is stored in the same cycle, in or "
                "before a branch: put a statement between the two, or store it elsewhere"
            )
        if seen and isinstance(first, Instant) and instant is not first:
            before.append((instant, store))
    if isinstance(first, Instant):
        # What its own side of a branch has stored comes after what is stored before the branch.
        first.before[:0] = before


def _share_a_port(one: Store, other: Store) -> bool:
    """Whether two stores may be in one RAM."""
    memory = one.memory
    if memory is not other.memory or memory.is_elements:
        return False
    first, second = ([store.place[dim] for dim in memory.banked] for store in (one, other))
    return meet(first, second)


def check_end(loop: Loop) -> None:
    """LmcError where code at the end of a loop needs its counter, which counts in that cycle."""
    for last in _ends(loop):
        needed = [node for store in last.stores for node in store.operands]
        needed += [node for load in last.loads for node in load.args]
        if not loop.counter.is_constant and loop.counter in reachable(needed):
            raise LmcError(
                f"code at the end of loop {loop.label} needs its counter: put it before the last "
                "statement of the loop"
            )


def _may_take_no_cycle(one: Statement) -> bool:
    if isinstance(one, Loop):
        return not one.enters.is_constant
    return isinstance(one, Instant | Branch)


def _ends(one: Statement) -> Iterator[Instant]:
    """Code that happens in the cycle after a statement's last one, or for code in its own."""
    match one:
        case Instant():
            yield one
        case Branch():
            for side in (one.yes, one.no):
                yield from _last(side)
        case Loop():
            yield from _last(one.body)
        case _:
            pass


def _last(items: Sequence[Statement]) -> Iterator[Instant]:
    """The ends of a list, in its order: of its last statement, and of those before it where that
    may take no cycle."""
    first = len(items)
    while first and (first == len(items) or _may_take_no_cycle(items[first])):
        first -= 1
    for one in items[first:]:
        yield from _ends(one)


def _beginnings(one: Statement) -> Iterator[Instant | Compute]:
    """Code that happens in the cycle in which a statement begins."""
    match one:
        case Instant() | Compute():
            yield one
        case Branch():
            for side in (one.yes, one.no):
                for inner in side:
                    yield from _beginnings(inner)
                    if not _may_take_no_cycle(inner):
                        break
        case _:
            pass
