"""The core of `lmc.dataflow.network`, in machine code: runs tasks as far as their FIFOs let them.

A program is a row of instructions of three numbers. A loop begins with LOOP (its count), then HEAD
at the start of each round (the first and the one after the last of its totals, and where to go on
when no round is left), the body, and NEXT (where its HEAD is). ACCESS has a number of a wait.
"""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled, inlined

ACCESS, LOOP, HEAD, NEXT, END = range(5)
"""Instructions."""
NOBODY = -1

Ints = NDArray[np.int64]


@inlined
def _move(room: Ints, waiting: Ints, ready: Ints, wait: int, number: int) -> None:
    """Reads (or writes) so many elements; a task that waits for the opposite goes on."""
    room[wait] -= number
    room[wait ^ 1] += number
    woken = waiting[wait ^ 1]
    if woken != NOBODY:
        ready[woken], waiting[wait ^ 1] = 1, NOBODY


@compiled
def run(
    code: Ints, totals: Ints, pc: Ints, counters: Ints, levels: Ints, room: Ints, waiting: Ints,
    ready: Ints,
) -> None:  # fmt: skip
    """Runs all ready tasks, again and again, until none is.

    A *wait* is 2 * stream + 1 to write it and 2 * stream to read it: `room` [2 * streams] says how
    often each is possible now, `waiting` which task waits for it. `totals` [n, 2] has waits and how
    often a round of a loop does each. `pc` [tasks] is where each task is, `counters` [tasks, depth]
    the rounds left of the `levels` [tasks] loops that it is in.
    """
    going = True
    while going:
        going = False
        for task in range(len(pc)):
            if not ready[task]:
                continue
            going, ready[task] = True, 0
            at, level = pc[task], levels[task]
            while True:
                op, a, b, c = code[at]
                if op == ACCESS:
                    if room[a] == 0:
                        waiting[a] = task
                        break
                    _move(room, waiting, ready, a, 1)
                    at += 1
                elif op == LOOP:
                    counters[task, level] = a
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
                    if counters[task, level - 1] == 0:
                        level -= 1
                        at = c
                    else:
                        at += 1
                elif op == NEXT:
                    counters[task, level - 1] -= 1
                    at = a
                else:
                    break
            pc[task], levels[task] = at, level
