"""The core of the simulator, compiled by numba. Its rules are in docs/simulation.md.

In each cycle in which something can happen, all tasks and then all channels whose alarms ring are
looked at. What happens in a cycle is seen by others in the next one, so their order is free.

The whole state is one array of records (layout.py) because numba counts references whenever it
takes an array out of a tuple, which takes longer than all else. `s` points to the records, `t` is
the address of a task. Numba keeps the compiled code until this file changes: touch it when
layout.py, fifos.py, steps.py, pipelines.py, stalling.py or channels.py have changed.
"""

from lmc.numerics.compiled import compiled, inlined, pointer
from lmc.simulation import layout as at
from lmc.simulation.channels import run_channel, start_burst
from lmc.simulation.fifos import Memory, ring
from lmc.simulation.pipelines import run_flushing, start_pipeline
from lmc.simulation.stalling import run_stalling
from lmc.simulation.state import Ints
from lmc.simulation.steps import access_all, step_loop

FINISHED, PAUSED, DEADLOCK = range(3)
"""Why a run has come back."""
OUTER = 2
"""Levels of loops at whose rounds a run may come back."""


@compiled
def run(memory: Ints, events: int, until: int) -> int:
    """Runs until all tasks have ended, nothing can go on, or it is time to look at the state.

    That is after the cycle `until`, or after a cycle in which the trigger task ends a round of an
    outer loop, so many accesses later.
    """
    s = pointer(memory)
    tasks, channels, alarms = s[at.TASKS], s[at.CHANNELS], s[at.ALARM0]
    stalls = s[at.STALLS] == 1
    s[at.EVENTS], s[at.PAUSE] = 0, 0
    s[at.SOON] = min(memory[alarms : alarms + tasks + channels])
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
            if s[t + at.MODE] != at.IN_PIPELINE:
                _task(s, t, now)
            elif stalls:
                run_stalling(s, t, now)
            else:
                run_flushing(s, t, now)
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
            if access_all(s, a, t, alarm, now):
                s[t + at.PC] += at.CODE_SIZE
                ring(s, alarm, now + 1)
            return
        if op == at.PIPELINE:
            start_pipeline(s, t, a, now + 1)
            ring(s, alarm, now + 1)
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
        step_loop(s, t, op, a)
