"""Parts of the core: pipelines. They start and end alike; here is what those do that flush.

`s` points to the records; `t`, `p` and `q` are addresses of a task and of access points.
"""

from lmc.numerics.compiled import inlined
from lmc.simulation import layout as at
from lmc.simulation.fifos import Memory, ring
from lmc.simulation.steps import access_all, step_loop


@inlined
def start_pipeline(s: Memory, t: int, pipeline: int, start: int) -> None:
    """Task t comes to a pipeline whose first iteration may issue in cycle `start`."""
    s[t + at.MODE], s[t + at.INSIDE], s[t + at.START] = at.IN_PIPELINE, pipeline, start
    turns, pair = s[pipeline + at.TURNS], s[t + at.PAIRS]
    for k in range(s[pipeline + at.POINTS]):
        p = s[t + at.OWN_POINTS] + k * at.POINT_SIZE
        s[p + at.OFFSET], s[p + at.PC] = s[turns + 2 * k], s[turns + 2 * k + 1]
        s[p + at.SP], s[p + at.BASE] = s[p + at.STACK], start
        s[p + at.DELAY] = s[p + at.CARRY] = s[p + at.AWAITS] = 0
        for _ in range(k):
            s[pair + at.COUNT] = 0
            pair += s[at.RING]
        _next_turn(s, p, s[pipeline + at.II])


@inlined
def end_pipeline(s: Memory, t: int, late: int) -> None:
    """All accesses of a task's pipeline are made; it ends `late` cycles later than it could."""
    pipeline = s[t + at.INSIDE]
    s[t + at.MODE] = at.STATEMENT
    s[t + at.PC] += at.CODE_SIZE
    last = s[t + at.START] + (s[pipeline + at.ITERATIONS] - 1) * s[pipeline + at.II]
    ring(s, s[t + at.ALARM], last + s[pipeline + at.LATENCY] + late)


@inlined
def next_iteration(s: Memory, p: int, ii: int) -> None:
    """A point goes on to its next iteration with accesses."""
    s[p + at.BASE] += ii
    counter = s[p + at.SP] - 1
    s[counter] -= 1
    if s[counter] == 0:
        s[p + at.SP] -= 1
        s[p + at.PC] += at.CODE_SIZE
        _next_turn(s, p, ii)


@inlined
def _next_turn(s: Memory, p: int, ii: int) -> None:
    """Finds a point's next iteration with accesses."""
    while True:
        code = s[p + at.PC]
        op, a = s[code], s[code + at.A]
        if op == at.RUN:
            s[p + at.GROUP] = a
            s[s[p + at.SP]] = s[code + at.B]
            s[p + at.SP] += 1
            return
        if op == at.END:
            s[p + at.BASE] = at.FOREVER
            return
        if op == at.GAP:
            s[p + at.BASE] += a * ii
            s[p + at.PC] += at.CODE_SIZE
        else:
            step_loop(s, p, op, a)


# Flushing


@inlined
def _due(s: Memory, first: int, p: int, end: int) -> int:
    """When point p's next access may happen; FOREVER while another point's must come before.

    The pipeline's points are those from `first` to `end`.
    """
    base = s[p + at.BASE]
    if base >= at.FOREVER:
        return base
    late, ideal = max(s[p + at.DELAY], s[p + at.CARRY]), base + s[p + at.OFFSET]
    for q in range(first, p, at.POINT_SIZE):
        if s[q + at.BASE] <= base:
            return at.FOREVER
    for q in range(p + at.POINT_SIZE, end, at.POINT_SIZE):
        if s[q + at.BASE] + s[q + at.OFFSET] <= ideal:
            return at.FOREVER
        late = max(late, s[q + at.DELAY])
    return ideal + late


@inlined
def run_flushing(s: Memory, t: int, now: int) -> None:
    """Makes the accesses of a pipeline that are due, the last point first."""
    first = s[t + at.OWN_POINTS]
    end = first + s[s[t + at.INSIDE] + at.POINTS] * at.POINT_SIZE
    for p in range(end - at.POINT_SIZE, first - 1, -at.POINT_SIZE):
        if _due(s, first, p, end) > now:
            continue
        if access_all(s, s[p + at.GROUP], p, s[t + at.ALARM], now):
            _accessed(s, t, p, now)
    _plan(s, t, now)


@inlined
def _accessed(s: Memory, t: int, p: int, now: int) -> None:
    """Tells the later points how late the access was, and goes to the point's next iteration."""
    first, pairs, ring = s[t + at.OWN_POINTS], s[t + at.PAIRS], s[at.RING]
    points = s[s[t + at.INSIDE] + at.POINTS]
    k, base = (p - first) // at.POINT_SIZE, s[p + at.BASE]
    late = now - base - s[p + at.OFFSET]
    if late > s[p + at.DELAY]:
        s[p + at.DELAY] = late
        for j in range(k + 1, points):
            pair = pairs + (j * (j - 1) // 2 + k) * ring
            _tell(s, pair, first + j * at.POINT_SIZE, base, late)
    next_iteration(s, p, s[s[t + at.INSIDE] + at.II])
    for q in range(k):
        _recall(s, pairs + (k * (k - 1) // 2 + q) * ring, p)


@inlined
def _tell(s: Memory, pair: int, p: int, base: int, late: int) -> None:
    if base <= s[p + at.BASE]:
        s[p + at.CARRY] = max(s[p + at.CARRY], late)
        return
    size = (s[at.RING] - at.ENTRIES) // 2
    number = s[pair + at.HELD] + s[pair + at.COUNT]
    place = pair + at.ENTRIES + 2 * (number - size if number >= size else number)
    s[place], s[place + 1] = base, late
    s[pair + at.COUNT] += 1


@inlined
def _recall(s: Memory, pair: int, p: int) -> None:
    """Takes over what was told of iterations up to the point's next one."""
    size = (s[at.RING] - at.ENTRIES) // 2
    while s[pair + at.COUNT] > 0:
        place = pair + at.ENTRIES + 2 * s[pair + at.HELD]
        if s[place] > s[p + at.BASE]:
            return
        s[p + at.CARRY] = max(s[p + at.CARRY], s[place + 1])
        held = s[pair + at.HELD] + 1
        s[pair + at.HELD] = held if held < size else 0
        s[pair + at.COUNT] -= 1


@inlined
def _plan(s: Memory, t: int, now: int) -> None:
    """When to look at a pipeline again; ends it when all its accesses are made."""
    first = s[t + at.OWN_POINTS]
    end = first + s[s[t + at.INSIDE] + at.POINTS] * at.POINT_SIZE
    done, late = True, s[first + at.DELAY]
    for p in range(first, end, at.POINT_SIZE):
        late = max(late, s[p + at.DELAY])
        if s[p + at.BASE] >= at.FOREVER:
            continue
        done = False
        if not s[p + at.AWAITS]:
            due = _due(s, first, p, end)
            if due < at.FOREVER:
                ring(s, s[t + at.ALARM], max(due, now + 1))
    if done:
        end_pipeline(s, t, late)
