"""Parts of the core: alarms and FIFOs. `s` points to the records, `f` is the address of a FIFO."""

from typing import Any, TypeAlias

from lmc.numerics.compiled import inlined
from lmc.simulation import layout as at

Memory: TypeAlias = Any
"""A pointer to int64 numbers. A checker would take it for an array, so it is not told."""


@inlined
def ring(s: Memory, alarm: int, when: int) -> None:
    """Has an alarm ring at some time, or before."""
    s[alarm] = min(s[alarm], when)
    s[at.SOON] = min(s[at.SOON], when)


@inlined
def hidden(s: Memory, f: int, now: int) -> int:
    """Which elements can't be read yet: bit i is that written i cycles before the last one."""
    age = now - s[f + at.LAST_WRITE]
    if age >= s[f + at.LINK]:
        return 0
    if s[f + at.LINK] == 1:
        return 1
    return s[f + at.RECENT] & ((1 << (s[f + at.LINK] - age)) - 1)


@inlined
def possible(s: Memory, f: int, write: int, now: int) -> bool:
    """Whether FIFO f has room, or an element: what happens in this cycle does not count."""
    if write:
        return s[f + at.WRITTEN] - s[f + at.READ] + (s[f + at.LAST_READ] == now) < s[f + at.DEPTH]
    fill = s[f + at.WRITTEN] - s[f + at.READ]
    if fill == 0 or now - s[f + at.LAST_WRITE] >= s[f + at.LINK]:
        return fill > 0
    late = hidden(s, f, now)
    while late:
        fill -= 1
        late &= late - 1
    return fill > 0


@inlined
def move(s: Memory, f: int, write: int, now: int) -> None:
    """Writes or reads an element, and rings the alarm of who waits at the other end."""
    s[at.EVENTS] += 1
    if write:
        if s[f + at.LINK] > 1:
            s[f + at.RECENT] = _shifted(s, f, now) | 1
        s[f + at.WRITTEN] += 1
        s[f + at.LAST_WRITE] = now
        fill = s[f + at.WRITTEN] - s[f + at.READ] + (s[f + at.LAST_READ] == now)
        s[f + at.MOST] = max(s[f + at.MOST], fill)
        if s[f + at.READER]:
            ring(s, s[f + at.READER], now + s[f + at.LINK])
            s[f + at.READER] = 0
        return
    s[f + at.READ] += 1
    s[f + at.LAST_READ] = now
    if s[f + at.WRITER]:
        ring(s, s[f + at.WRITER], now + 1)
        s[f + at.WRITER] = 0


@inlined
def _shifted(s: Memory, f: int, now: int) -> int:
    """Those of the recent writes that are still recent now; bit i is that i cycles before now."""
    age = now - s[f + at.LAST_WRITE]
    if age >= s[f + at.LINK]:
        return 0
    return (s[f + at.RECENT] << age) & ((1 << s[f + at.LINK]) - 1)


@inlined
def wait_for(s: Memory, f: int, write: int, alarm: int, now: int) -> None:
    """Has the alarm ring when the FIFO may have changed."""
    if write:
        if s[f + at.LAST_READ] == now:
            ring(s, alarm, now + 1)
        else:
            s[f + at.WRITER] = alarm
        return
    late = hidden(s, f, now)
    if late == 0:
        s[f + at.READER] = alarm
        return
    when = s[f + at.LAST_WRITE] + s[f + at.LINK] + 1
    while late:
        when -= 1
        late >>= 1
    ring(s, alarm, when)
