"""Rules of AXI for a master of one id with incrementing bursts of whole words, looked at by cycle.

They are those of AMBA AXI4 (ARM IHI 0022: handshake, burst length, address boundary, write data in
the order of addresses) and, with 16 beats at most, those of AXI3. And what lmc's masters promise
besides: they take read data and responses at once, and send the words of a burst without a pause.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

Signals = Mapping[str, int]
"""Values of signals in a cycle, named without their prefix: `arvalid`, `araddr`, ..."""


@dataclass
class Addresses:
    """An address channel, `ar` or `aw`."""

    channel: str
    word_bytes: int
    most_beats: int
    most_bursts: int
    held: tuple[int, ...] | None = None
    lengths: deque[int] = field(default_factory=lambda: deque[int]())
    """Beats of the bursts that have not ended, oldest first."""

    def cycle(self, now: Signals) -> None:
        """Looks at a cycle."""
        c = self.channel
        if not now[f"{c}valid"]:
            assert self.held is None, f"{c}valid fell before {c}ready"
            return
        names = ("addr", "len", "size", "burst")
        address, length, size, burst = values = tuple(now[c + name] for name in names)
        assert self.held in (None, values), f"{c} changed before {c}ready"
        self.held = values
        if not now[f"{c}ready"]:
            return
        self.held = None
        beats = length + 1
        assert burst == 1, "a burst does not increment"
        assert 1 << size == self.word_bytes, "a beat is no whole word"
        assert address % self.word_bytes == 0, "an address is not aligned"
        assert beats <= self.most_beats, f"a burst has {beats} beats"
        last = address + beats * self.word_bytes - 1
        assert address // 4096 == last // 4096, "a burst crosses a boundary of 4 KiB"
        self.lengths.append(beats)
        assert len(self.lengths) <= self.most_bursts, "too many bursts are under way"


@dataclass
class ReadRules:
    """Both channels of a master that reads."""

    addresses: Addresses

    def cycle(self, now: Signals) -> None:
        """Looks at a cycle; AssertionError where a rule is broken."""
        if now["rvalid"]:
            assert now["rready"], "the master holds up a beat"
            if now["rlast"]:
                self.addresses.lengths.popleft()
        self.addresses.cycle(now)


@dataclass
class WriteRules:
    """All three channels of a master that writes."""

    addresses: Addresses
    held: tuple[int, int] | None = None
    bursts: deque[int] = field(default_factory=lambda: deque[int]())
    """Beats of the bursts whose data came, complete or not, before or after their address."""
    is_inside: bool = False
    asked: list[int] = field(default_factory=list[int])

    def cycle(self, now: Signals) -> None:
        """Looks at a cycle; AssertionError where a rule is broken."""
        if now["bvalid"]:
            assert now["bready"], "the master holds up a response"
            assert self.addresses.lengths, "a response to no burst"
            self.addresses.lengths.popleft()
        before = len(self.addresses.lengths)
        self.addresses.cycle(now)
        self.asked += list(self.addresses.lengths)[before:]
        self._data(now)
        while self.asked and self.bursts and (len(self.bursts) > 1 or not self.is_inside):
            beats, asked = self.bursts.popleft(), self.asked.pop(0)
            assert beats == asked, f"wlast comes with beat {beats} of {asked}"

    def _data(self, now: Signals) -> None:
        if not now["wvalid"]:
            assert self.held is None, "wvalid fell before wready"
            assert not self.is_inside, "a burst makes a pause"
            return
        values = (now["wdata"], now["wlast"])
        assert self.held in (None, values), "w changed before wready"
        self.held = values
        if not self.is_inside:
            self.bursts.append(0)
            self.is_inside = True
        if not now["wready"]:
            return
        self.held = None
        self.bursts[-1] += 1
        self.is_inside = not now["wlast"]
