"""Parts of the core: alarms and FIFOs. `s` is the array of records, `f` the address of a FIFO."""

from typing import Any, TypeAlias

from lmc.numerics.compiled import inlined
from lmc.simulation import layout as at

Memory: TypeAlias = Any
"""An array of int64. A checker takes its elements for arrays again, so it is not told."""


@inlined
def ring(s: Memory, alarm: int, when: int) -> None:
    """Has an alarm ring at some time, or before."""
    s[alarm] = min(s[alarm], when)
    s[at.SOON] = min(s[at.SOON], when)


@inlined
def possible(s: Memory, f: int, write: int, now: int) -> bool:
    """Whether FIFO f has room, or an element: what happens in this cycle does not count."""
    if write:
        return s[f + at.WRITTEN] - s[f + at.READ] + (s[f + at.LAST_READ] == now) < s[f + at.DEPTH]
    return s[f + at.WRITTEN] - (s[f + at.LAST_WRITE] == now) > s[f + at.READ]


@inlined
def move(s: Memory, f: int, write: int, now: int) -> None:
    """Writes or reads an element, and rings the alarm of who waits at the other end."""
    s[at.EVENTS] += 1
    waits = at.READER if write else at.WRITER
    if write:
        s[f + at.WRITTEN] += 1
        s[f + at.LAST_WRITE] = now
        fill = s[f + at.WRITTEN] - s[f + at.READ] + (s[f + at.LAST_READ] == now)
        s[f + at.MOST] = max(s[f + at.MOST], fill)
    else:
        s[f + at.READ] += 1
        s[f + at.LAST_READ] = now
    if s[f + waits]:
        ring(s, s[f + waits], now + 1)
        s[f + waits] = 0


@inlined
def wait_for(s: Memory, f: int, write: int, alarm: int, now: int) -> None:
    """Has the alarm ring when the FIFO may have changed."""
    if s[f + (at.LAST_READ if write else at.LAST_WRITE)] == now:
        ring(s, alarm, now + 1)
    else:
        s[f + (at.WRITER if write else at.READER)] = alarm
