"""The core of the simulator, compiled by numba. Its rules are in docs/simulation.md.

In each cycle in which something can happen, all tasks and then all channels whose alarms ring are
looked at. What happens in a cycle is seen by others in the next one, so their order is free.

The whole machine is one array `s` of records (layout.py) because numba counts references whenever
it takes an array out of a tuple, which takes longer than all else. `t` and `p` are addresses of a
task and of an access point. Numba keeps the compiled code until this file changes: touch it when
layout.py, fifos.py or channels.py have changed.
"""

from lmc.numerics.compiled import compiled, inlined
from lmc.simulation import layout as at
from lmc.simulation.channels import run_channel, start_burst
from lmc.simulation.fifos import Memory, move, possible, ring, wait_for

FINISHED, PAUSED, DEADLOCK = range(3)
"""Why a run has come back."""
OUTER = 2
"""Levels of loops at whose rounds a run may come back."""


@compiled
def run(s: Memory, events: int, until: int) -> int:
    """Runs until all tasks have ended, nothing can go on, or it is time to look at the state.

    That is after the cycle `until`, or after a cycle in which the trigger task ends a round of an
    outer loop, so many accesses later.
    """
    tasks, channels, alarms = s[at.TASKS], s[at.CHANNELS], s[at.ALARM0]
    s[at.EVENTS], s[at.PAUSE] = 0, 0
    s[at.SOON] = min(s[alarms : alarms + tasks + channels])
    while s[at.RUNNING] > 0:
        now = s[at.SOON]
        if now >= at.FOREVER:
            return DEADLOCK
        if now > until:
            return PAUSED
        s[at.NOW], s[at.SOON] = now, at.FOREVER
        later = at.FOREVER
        for number in range(tasks):
            alarm = s[alarms + number]
            if alarm > now:
                later = min(later, alarm)
                continue
            s[alarms + number] = at.FOREVER
            t = s[at.TASK0] + number * at.TASK_SIZE
            if s[t + at.MODE] == at.IN_PIPELINE:
                _pipeline(s, t, now)
            else:
                _task(s, t, now)
        for number in range(tasks, tasks + channels):
            alarm = s[alarms + number]
            if alarm > now:
                later = min(later, alarm)
                continue
            s[alarms + number] = at.FOREVER
            run_channel(s, s[at.CHANNEL0] + (number - tasks) * at.CHANNEL_SIZE, now)
        s[at.SOON] = min(s[at.SOON], later)
        if s[at.PAUSE]:
            if s[at.EVENTS] >= events:
                return PAUSED
            s[at.PAUSE] = 0
    return FINISHED


# Tasks


@inlined
def _task(s: Memory, t: int, now: int) -> None:
    """Goes on with a task: statements until one takes time."""
    alarm = s[t + at.ALARM]
    while True:
        code = s[t + at.PC]
        op, a = s[code], s[code + at.A]
        if op == at.WAIT:
            s[t + at.PC] += at.CODE_SIZE
            ring(s, alarm, now + a)
            return
        if op == at.ACCESS:
            if _access_all(s, a, t, alarm, now):
                s[t + at.PC] += at.CODE_SIZE
                ring(s, alarm, now + 1)
            return
        if op == at.PIPELINE:
            _start_pipeline(s, t, a, now + 1)
            return
        if op == at.BURST:
            start_burst(s, t, a, now)
            return
        if op == at.END:
            s[t + at.MODE], s[t + at.ENDED] = at.HAS_ENDED, now
            s[at.RUNNING] -= 1
            return
        if op == at.MARK:
            s[s[t + at.MARKS]] = now
            s[t + at.MARKS] += 1
            s[t + at.PC] += at.CODE_SIZE
            continue
        if op == at.NEXT and t == s[at.TRIGGER] and s[code + at.B] < OUTER:
            s[at.PAUSE] = 1
        _loop(s, t, op, a)


@inlined
def _loop(s: Memory, agent: int, op: int, a: int) -> None:
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
def _access_all(s: Memory, group: int, agent: int, alarm: int, now: int) -> bool:
    """Makes all accesses of a group if they are possible, else waits for the first that is not."""
    first, last = s[group + at.FIRST], s[group + at.LAST]
    awaited = 0
    for access in range(first, last, 2):
        if not possible(s, s[access], s[access + at.IS_WRITE], now):
            awaited = access
            break
    before = s[agent + at.AWAITS]
    if awaited != before:
        if before:
            wait = at.FULL if s[before + at.IS_WRITE] else at.EMPTY
            s[s[before] + wait] += now - s[agent + at.SINCE]
        s[agent + at.AWAITS], s[agent + at.SINCE] = awaited, now
    if awaited:
        wait_for(s, s[awaited], s[awaited + at.IS_WRITE], alarm, now)
        return False
    for access in range(first, last, 2):
        move(s, s[access], s[access + at.IS_WRITE], now)
    return True


# Pipelines


@inlined
def _start_pipeline(s: Memory, t: int, pipeline: int, start: int) -> None:
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
    _plan(s, t, start - 1)


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
            _loop(s, p, op, a)


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
def _pipeline(s: Memory, t: int, now: int) -> None:
    """Makes the accesses of a pipeline that are due, the last point first."""
    first = s[t + at.OWN_POINTS]
    end = first + s[s[t + at.INSIDE] + at.POINTS] * at.POINT_SIZE
    for p in range(end - at.POINT_SIZE, first - 1, -at.POINT_SIZE):
        if _due(s, first, p, end) > now:
            continue
        if _access_all(s, s[p + at.GROUP], p, s[t + at.ALARM], now):
            _accessed(s, t, p, now)
    _plan(s, t, now)


@inlined
def _accessed(s: Memory, t: int, p: int, now: int) -> None:
    """Tells the later points how late the access was, and goes to the point's next iteration."""
    first, pairs, ring = s[t + at.OWN_POINTS], s[t + at.PAIRS], s[at.RING]
    ii, points = s[s[t + at.INSIDE] + at.II], s[s[t + at.INSIDE] + at.POINTS]
    k, base = (p - first) // at.POINT_SIZE, s[p + at.BASE]
    late = now - base - s[p + at.OFFSET]
    if late > s[p + at.DELAY]:
        s[p + at.DELAY] = late
        for j in range(k + 1, points):
            pair = pairs + (j * (j - 1) // 2 + k) * ring
            _tell(s, pair, first + j * at.POINT_SIZE, base, late)
    s[p + at.BASE] += ii
    counter = s[p + at.SP] - 1
    s[counter] -= 1
    if s[counter] == 0:
        s[p + at.SP] -= 1
        s[p + at.PC] += at.CODE_SIZE
        _next_turn(s, p, ii)
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
    pipeline, first, alarm = s[t + at.INSIDE], s[t + at.OWN_POINTS], s[t + at.ALARM]
    end = first + s[pipeline + at.POINTS] * at.POINT_SIZE
    done, late = True, s[first + at.DELAY]
    for p in range(first, end, at.POINT_SIZE):
        late = max(late, s[p + at.DELAY])
        if s[p + at.BASE] >= at.FOREVER:
            continue
        done = False
        if not s[p + at.AWAITS]:
            due = _due(s, first, p, end)
            if due < at.FOREVER:
                ring(s, alarm, max(due, now + 1))
    if done:
        s[t + at.MODE] = at.STATEMENT
        s[t + at.PC] += at.CODE_SIZE
        last = s[t + at.START] + (s[pipeline + at.ITERATIONS] - 1) * s[pipeline + at.II]
        ring(s, alarm, last + s[pipeline + at.LATENCY] + late)
