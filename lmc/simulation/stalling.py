"""Parts of the core: pipelines that stall, where all that is in flight goes on together or not.

The accesses that would happen in one cycle had nothing ever waited all happen in one cycle, and
after those before them, whatever iterations they are of. So there is one delay: all points of a
pipeline have it. Of accesses that are not possible the first one counts, the oldest iteration's.

`s` points to the records; `t` and `p` are addresses of a task and of an access point.
"""

from lmc.numerics.compiled import compiled, inlined
from lmc.simulation import layout as at
from lmc.simulation.fifos import Memory, ring
from lmc.simulation.pipelines import end_pipeline, next_iteration
from lmc.simulation.steps import await_access, first_missing, move_all


@compiled
def run_stalling(s: Memory, t: int, now: int) -> None:
    """Makes the next accesses of a pipeline if they are due and all of them are possible."""
    first = s[t + at.OWN_POINTS]
    end = first + s[s[t + at.INSIDE] + at.POINTS] * at.POINT_SIZE
    ideal = _next_ideal(s, first, end)
    if ideal + s[first + at.DELAY] <= now and _are_possible(s, t, first, end, now):
        for p in range(first, end, at.POINT_SIZE):
            s[p + at.DELAY] = now - ideal
            if s[p + at.BASE] + s[p + at.OFFSET] == ideal:
                move_all(s, s[p + at.GROUP], now)
                next_iteration(s, p, s[s[t + at.INSIDE] + at.II])
    _plan(s, t, now)


@inlined
def _next_ideal(s: Memory, first: int, end: int) -> int:
    """The cycle of a pipeline's next accesses had nothing ever waited; FOREVER after the last."""
    ideal = at.FOREVER
    for p in range(first, end, at.POINT_SIZE):
        if s[p + at.BASE] < at.FOREVER:
            ideal = min(ideal, s[p + at.BASE] + s[p + at.OFFSET])
    return ideal


@inlined
def _are_possible(s: Memory, t: int, first: int, end: int, now: int) -> bool:
    """Whether the next accesses of all points are possible; else waits for the first one not so."""
    ideal, missing = _next_ideal(s, first, end), False
    for p in range(end - at.POINT_SIZE, first - 1, -at.POINT_SIZE):
        if s[p + at.BASE] + s[p + at.OFFSET] != ideal:
            continue
        awaited = 0 if missing else first_missing(s, s[p + at.GROUP], now)
        await_access(s, p, awaited, s[t + at.ALARM], now)
        missing = missing or awaited != 0
    return not missing


@inlined
def _plan(s: Memory, t: int, now: int) -> None:
    """When to look at a pipeline again; ends it when all its accesses are made."""
    first = s[t + at.OWN_POINTS]
    end = first + s[s[t + at.INSIDE] + at.POINTS] * at.POINT_SIZE
    ideal = _next_ideal(s, first, end)
    if ideal >= at.FOREVER:
        end_pipeline(s, t, s[first + at.DELAY])
        return
    for p in range(first, end, at.POINT_SIZE):
        if s[p + at.AWAITS]:
            return
    ring(s, s[t + at.ALARM], max(ideal + s[first + at.DELAY], now + 1))
