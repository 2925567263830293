"""Memories that nothing is loaded from: what an iteration stores it has itself already."""

from collections.abc import Sequence

from lmc.dataflow.netlist.nodes import Datapath, Memory, Node, reachable
from lmc.dataflow.netlist.statements import Compute, Instant, Stages, Statement, walk


def loaded_memories(statements: Sequence[Statement]) -> list[Memory]:
    """The memories that something is loaded from."""
    found: dict[Memory, None] = {}
    for one in walk(statements):
        nodes = one.path.nodes if isinstance(one, Stages | Compute) else ()
        loads = one.loads if isinstance(one, Instant) else nodes
        found.update((node.memory, None) for node in loads if node.memory is not None)
    return list(found)


def drop_unread(statements: Sequence[Statement]) -> None:
    """Takes away stores in memories that nothing is loaded from, and what only they need."""
    loaded = loaded_memories(statements)
    for one in walk(statements):
        if isinstance(one, Instant):
            one.stores = [store for store in one.stores if store.memory in loaded]
        elif isinstance(one, Stages):
            _drop(one.path, loaded, [node for pair in one.counters for node in pair])
        elif isinstance(one, Compute):
            _drop(one.path, loaded, [node for _, node in one.results])


def _drop(path: Datapath, loaded: Sequence[Memory], roots: Sequence[Node]) -> None:
    path.stores = [store for store in path.stores if store.memory in loaded]
    used = reachable([*roots, *(node for effect in path.effects for node in effect.operands)])
    path.nodes = [node for node in path.nodes if node in used]
