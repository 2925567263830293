"""The core of `lmc.dataflow.network`, in machine code: runs tasks as far as their FIFOs let them.

A program is a row of instructions of four numbers. A loop begins with LOOP (its count), then HEAD
at the start of each round (the first and the one after the last of its totals, and where to go on
when no round is left), the body, and NEXT (where its HEAD is). ACCESS has the number of a wait:
2 * stream + 1 to write a stream, 2 * stream to read it.
"""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled, inlined

ACCESS, LOOP, HEAD, NEXT, END = range(5)
"""Instructions."""
NOBODY = -1
SHORTEST = 64
"""Sweeps between two looks at the state, at least."""
SHARE = 4
"""Later the time between two looks is one part in this of the time that has passed."""

Ints = NDArray[np.int64]


@compiled
def run(
    code: Ints, totals: Ints, pc: Ints, counters: Ints, heads: Ints, levels: Ints, room: Ints,
    waiting: Ints, ready: Ints,
) -> None:  # fmt: skip
    """Runs all ready tasks, again and again, until none is.

    `totals` [n, 2] has waits and how often a round of a loop does each. `pc` [tasks] is where each
    task is; `counters` and `heads` [tasks, depth] are the rounds left of the `levels` [tasks] loops
    that it is in, and where their HEADs are. `room` [2 * streams] says how often each wait is
    possible now, `waiting` which task waits for it.
    """
    then_pc, then_counters, then_room = pc.copy(), counters.copy(), room.copy()
    sweeps, look = 0, SHORTEST
    going = True
    while going:
        going = False
        for task in range(len(pc)):
            if ready[task]:
                going, ready[task] = True, 0
                _advance(task, code, totals, pc, counters, heads, levels, room, waiting, ready)
        sweeps += 1
        if np.array_equal(pc, then_pc):
            _skip(code, totals, counters, heads, levels, room, then_counters, then_room)
        if sweeps >= look:
            then_pc[:], then_counters[:], then_room[:] = pc, counters, room
            look = sweeps + max(SHORTEST, sweeps // SHARE)


@inlined
def _move(room: Ints, waiting: Ints, ready: Ints, wait: int, number: int) -> None:
    """Reads (or writes) so many elements; a task that waits for the opposite goes on."""
    room[wait] -= number
    room[wait ^ 1] += number
    woken = waiting[wait ^ 1]
    if woken != NOBODY:
        ready[woken], waiting[wait ^ 1] = 1, NOBODY


@inlined
def _advance(
    task: int, code: Ints, totals: Ints, pc: Ints, counters: Ints, heads: Ints, levels: Ints,
    room: Ints, waiting: Ints, ready: Ints,
) -> None:  # fmt: skip
    """Runs one task until it waits or ends."""
    at, level = pc[task], levels[task]
    while True:
        op, a, b, c = code[at]
        if op == ACCESS:
            if room[a] <= 0:
                waiting[a] = task
                break
            _move(room, waiting, ready, a, 1)
            at += 1
        elif op == LOOP:
            counters[task, level], heads[task, level] = a, at + 1
            level += 1
            at += 1
        elif op == HEAD:
            # As many whole rounds as the FIFOs allow without any other task.
            rounds = counters[task, level - 1]
            for row in range(a, b):
                rounds = min(rounds, room[totals[row, 0]] // totals[row, 1])
            if rounds > 0:
                counters[task, level - 1] -= rounds
                for row in range(a, b):
                    _move(room, waiting, ready, totals[row, 0], rounds * totals[row, 1])
            at += 1
            if counters[task, level - 1] == 0:
                level, at = level - 1, c
        elif op == NEXT:
            counters[task, level - 1] -= 1
            at = a
        else:
            break
    pc[task], levels[task] = at, level


@compiled
def _skip(
    code: Ints, totals: Ints, counters: Ints, heads: Ints, levels: Ints, room: Ints,
    then_counters: Ints, then_room: Ints,
) -> None:  # fmt: skip
    """Repeats what happened since then as often as loops and FIFOs surely allow.

    All tasks are where they were, but for the rounds left in one loop of each. A period of which
    all writes find room (all reads a value) at its start is possible, in whatever order they come.
    """
    moved = np.full(len(levels), -1, dtype=np.int64)
    traffic = np.zeros_like(room)
    times = np.iinfo(np.int64).max
    for task in range(len(levels)):
        for level in range(levels[task]):
            rounds = then_counters[task, level] - counters[task, level]
            if rounds == 0:
                continue
            if moved[task] >= 0 or rounds < 0:
                return
            moved[task] = level
            times = min(times, (counters[task, level] - 1) // rounds)
            _, first, last, _ = code[heads[task, level]]
            for row in range(first, last):
                traffic[totals[row, 0]] += rounds * totals[row, 1]
    for wait in range(len(room)):
        less = then_room[wait] - room[wait]
        if less > 0:
            times = min(times, (room[wait] - traffic[wait]) // less)
    if times <= 0 or moved.max() < 0:
        return
    for task in range(len(levels)):
        level = moved[task]
        if level >= 0:
            counters[task, level] -= times * (then_counters[task, level] - counters[task, level])
    for wait in range(len(room)):
        room[wait] -= times * (then_room[wait] - room[wait])
