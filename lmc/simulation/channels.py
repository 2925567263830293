"""Parts of the core: bursts, and the channels that serve their ports.

`s` points to the records; `t`, `p`, `c` and `f` are addresses of a task, a port, a channel and a
FIFO.
"""

from lmc.numerics.compiled import inlined
from lmc.simulation import layout as at
from lmc.simulation.fifos import Memory, move, possible, ring, wait_for


@inlined
def start_burst(s: Memory, t: int, burst: int, now: int) -> None:
    """Task t comes to a burst: its port asks for words from the next cycle on."""
    p, length = s[burst + at.BURST_PORT], s[burst + at.LENGTH]
    if length == 0:
        s[t + at.PC] += at.CODE_SIZE
        ring(s, s[t + at.ALARM], now + 1)
        return
    s[p + at.PORT_FIFO], s[p + at.LEFT] = s[burst + at.BURST_FIFO], length
    s[p + at.READY] = now + 1 + (0 if s[p + at.WRITES] else s[p + at.PORT_LATENCY])
    s[p + at.BURSTS] += 1
    s[p + at.LATENT] += s[p + at.PORT_LATENCY]
    s[t + at.MODE] = at.IN_BURST
    ring(s, s[p + at.PORT_ALARM], s[p + at.READY])


@inlined
def run_channel(s: Memory, c: int, now: int) -> None:
    """A cycle of a channel: its ports that want a word are asked in turn while credit lasts."""
    earned = s[c + at.CREDIT] + s[c + at.RATE] * (now - s[c + at.LAST_CREDIT])
    s[c + at.CREDIT], s[c + at.LAST_CREDIT] = min(s[c + at.CAP], earned), now
    first, ports, start = s[c + at.PORT0], s[c + at.PORTS], s[c + at.TURN]
    alarm = s[c + at.CHANNEL_ALARM]
    for number in range(ports):
        _look(s, first + number * at.PORT_SIZE, alarm, now)
    for number in range(ports):
        place = start + number
        place -= ports if place >= ports else 0
        p = first + place * at.PORT_SIZE
        if s[p + at.PORT_MODE] != at.WANTS or not _affords(s, p, alarm, now):
            continue
        missing = s[p + at.COST] - s[c + at.CREDIT]
        if missing > 0:
            ring(s, alarm, now + (missing + s[c + at.RATE] - 1) // s[c + at.RATE])
            return
        s[c + at.CREDIT] -= s[p + at.COST]
        s[c + at.TURN] = place + 1 if place + 1 < ports else 0
        _serve(s, p, alarm, now)


@inlined
def _look(s: Memory, p: int, alarm: int, now: int) -> None:
    """Whether a port wants a word in this cycle."""
    if s[p + at.LEFT] == 0 or s[p + at.PORT_MODE] == at.WANTS:
        return
    if now < s[p + at.READY]:
        ring(s, alarm, s[p + at.READY])
        return
    f, write = s[p + at.PORT_FIFO], 1 - s[p + at.WRITES]
    if possible(s, f, write, now):
        if s[p + at.PORT_MODE] == at.BLOCKED:
            s[f + (at.FULL if write else at.EMPTY)] += now - s[p + at.PORT_SINCE]
        s[p + at.PORT_MODE], s[p + at.PORT_SINCE] = at.WANTS, now
        return
    if s[p + at.PORT_MODE] == at.IDLE:
        s[p + at.PORT_MODE], s[p + at.PORT_SINCE] = at.BLOCKED, now
    wait_for(s, f, write, alarm, now)


@inlined
def _affords(s: Memory, p: int, alarm: int, now: int) -> bool:
    """Whether a port's own rate allows it a word now."""
    rate = s[p + at.OWN_RATE]
    if rate == 0:
        return True
    earned = s[p + at.OWN_CREDIT] + rate * (now - s[p + at.OWN_LAST])
    s[p + at.OWN_CREDIT], s[p + at.OWN_LAST] = min(s[p + at.OWN_CAP], earned), now
    missing = s[p + at.OWN_COST] - s[p + at.OWN_CREDIT]
    if missing > 0:
        ring(s, alarm, now + (missing + rate - 1) // rate)
    return missing <= 0


@inlined
def _serve(s: Memory, p: int, alarm: int, now: int) -> None:
    """Moves a word; ends the burst with its last one."""
    move(s, s[p + at.PORT_FIFO], 1 - s[p + at.WRITES], now)
    s[p + at.OWN_CREDIT] -= s[p + at.OWN_COST]
    s[p + at.WORDS] += 1
    s[p + at.WAITED] += now - s[p + at.PORT_SINCE]
    s[p + at.PORT_MODE] = at.IDLE
    s[p + at.LEFT] -= 1
    if s[p + at.LEFT] > 0:
        ring(s, alarm, now + 1)
        return
    t = s[p + at.OWNER]
    s[t + at.MODE] = at.STATEMENT
    s[t + at.PC] += at.CODE_SIZE
    answer = s[p + at.PORT_LATENCY] if s[p + at.WRITES] else 0
    ring(s, s[t + at.ALARM], now + 1 + answer)
