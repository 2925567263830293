"""Parts of the core: what tasks and access points both do, which walk through programs.

`s` points to the records, `agent` is the address of a task or of a point.
"""

from lmc.numerics.compiled import inlined
from lmc.simulation import layout as at
from lmc.simulation.fifos import Memory, move, possible, wait_for


@inlined
def step_loop(s: Memory, agent: int, op: int, a: int) -> None:
    """Begins a loop, or ends a round of one."""
    sp = s[agent + at.SP]
    if op == at.LOOP:
        s[sp] = a
        s[agent + at.SP] += 1
        s[agent + at.PC] += at.CODE_SIZE
        return
    s[sp - 1] -= 1
    if s[sp - 1] > 0:
        s[agent + at.PC] = a
    else:
        s[agent + at.SP] -= 1
        s[agent + at.PC] += at.CODE_SIZE


@inlined
def first_missing(s: Memory, group: int, now: int) -> int:
    """The first access of a group that is not possible; 0 if all are."""
    for access in range(s[group + at.FIRST], s[group + at.LAST], 2):
        if not possible(s, s[access], s[access + at.IS_WRITE], now):
            return access
    return 0


@inlined
def await_access(s: Memory, agent: int, awaited: int, alarm: int, now: int) -> None:
    """Notes what an agent waits for from now on (0: nothing), and how long it has waited before."""
    before = s[agent + at.AWAITS]
    if awaited != before:
        if before:
            wait = at.FULL if s[before + at.IS_WRITE] else at.EMPTY
            s[s[before] + wait] += now - s[agent + at.SINCE]
        s[agent + at.AWAITS], s[agent + at.SINCE] = awaited, now
    if awaited:
        wait_for(s, s[awaited], s[awaited + at.IS_WRITE], alarm, now)


@inlined
def move_all(s: Memory, group: int, now: int) -> None:
    """Makes all accesses of a group."""
    for access in range(s[group + at.FIRST], s[group + at.LAST], 2):
        move(s, s[access], s[access + at.IS_WRITE], now)


@inlined
def access_all(s: Memory, group: int, agent: int, alarm: int, now: int) -> bool:
    """Makes all accesses of a group if they are possible, else waits for the first that is not."""
    awaited = first_missing(s, group, now)
    await_access(s, agent, awaited, alarm, now)
    if awaited:
        return False
    move_all(s, group, now)
    return True
