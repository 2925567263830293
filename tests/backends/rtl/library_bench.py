"""What cocotb runs: modules of the library against models that nobody here wrote, or plain ones."""

import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import cocotb
import numpy as np
from axi_rules import Addresses, ReadRules, WriteRules
from cocotb.clock import Clock
from cocotb.triggers import First, RisingEdge, with_timeout
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiRamRead,
    AxiRamWrite,
    AxiReadBus,
    AxiWriteBus,
)

from lmc.simulation import layout
from lmc.simulation.fifos import move, possible

Dut: TypeAlias = Any
"""A handle of cocotb's, whose attributes are the signals of a design."""


async def begin(dut: Dut, inputs: dict[Any, int]) -> None:
    """A clock, all inputs of a bench at a value, and a reset."""
    cocotb.start_soon(Clock(dut.clk, 2, "ns").start())
    dut.rst.value = 1
    for signal, value in inputs.items():
        signal.value = value
    for _ in range(4):
        await RisingEdge(dut.clk)
    dut.rst.value = 0
    await RisingEdge(dut.clk)


def pauses(rng: random.Random) -> Iterator[bool]:
    """Stretches without a pause, stretches that are nothing else, and mixed ones."""
    while True:
        share = rng.choice([0.0, 0.2, 0.5, 0.9])
        for _ in range(rng.randint(1, 60)):
            yield rng.random() < share


class SimulatorFifo:
    """A FIFO of the cycle simulator."""

    ADDRESS = 32

    def __init__(self, depth: int):
        self.s = np.zeros(64, dtype=np.int64)
        self.s[self.ADDRESS + layout.DEPTH] = depth
        self.s[self.ADDRESS + layout.LINK] = 1
        self.s[self.ADDRESS + layout.LAST_WRITE] = self.s[self.ADDRESS + layout.LAST_READ] = -9
        self.elements: deque[int] = deque()

    def possible(self, write: bool, now: int) -> bool:
        """Whether it can be written, or read."""
        return bool(possible(self.s, self.ADDRESS, int(write), now))

    def move(self, write: bool, now: int) -> None:
        """Writes or reads."""
        move(self.s, self.ADDRESS, int(write), now)


async def fifo(dut: Dut, bench: Dut, depth: int) -> None:
    """The same handshakes as the simulator's FIFO in each cycle, and elements in order."""
    rng = random.Random(depth)
    await begin(dut, {bench.in_valid: 0, bench.out_ready: 0, bench.in_data: 0})
    model, fills = SimulatorFifo(depth), set[int]()
    writer, reader = pauses(rng), pauses(rng)
    for now in range(1500):
        element, wants, takes = rng.randrange(1 << 16), not next(writer), not next(reader)
        bench.in_valid.value, bench.in_data.value = int(wants), element
        bench.out_ready.value = int(takes)
        await RisingEdge(dut.clk)
        has_room, has_element = model.possible(True, now), model.possible(False, now)
        assert bool(bench.in_ready.value) == has_room, now
        assert bool(bench.out_valid.value) == has_element, now
        if has_element:
            assert int(bench.out_data.value) == model.elements[0], now
        if has_element and takes:
            model.elements.popleft()
            model.move(False, now)
        if has_room and wants:
            model.elements.append(element)
            model.move(True, now)
        fills.add(len(model.elements))
    assert {0, depth} <= fills


@cocotb.test()
async def fifo_srl_1(dut: Dut) -> None:
    await fifo(dut, dut.fifo_srl_1, 1)


@cocotb.test()
async def fifo_srl_21(dut: Dut) -> None:
    await fifo(dut, dut.fifo_srl_21, 21)


@cocotb.test()
async def fifo_lutram_2(dut: Dut) -> None:
    await fifo(dut, dut.fifo_lutram_2, 2)


@cocotb.test()
async def fifo_bram_16(dut: Dut) -> None:
    await fifo(dut, dut.fifo_bram_16, 16)


@cocotb.test()
async def fifo_uram_5(dut: Dut) -> None:
    await fifo(dut, dut.fifo_uram_5, 5)


@cocotb.test()
async def ram(dut: Dut) -> None:
    """All styles read what was written before, and the old word where both meet."""
    rng = random.Random(1)
    benches = [dut.ram_lutram, dut.ram_bram, dut.ram_uram]
    await begin(dut, {bench.write_enable: 0 for bench in benches})
    words: dict[int, int] = {}
    shown: int | None = None
    for _ in range(1000):
        write, read = rng.random() < 0.6, rng.random() < 0.6
        target, source, word = rng.randrange(6), rng.randrange(6), rng.randrange(1 << 16)
        for bench in benches:
            bench.write_enable.value, bench.read_enable.value = int(write), int(read)
            bench.write_address.value, bench.read_address.value = target, source
            bench.write_data.value = word
        await RisingEdge(dut.clk)
        if shown is not None:
            assert [int(bench.read_data.value) for bench in benches] == [shown] * 3
        if read:
            shown = words.get(source)
        if write:
            words[target] = word


@cocotb.test()
async def stream_slice(dut: Dut) -> None:
    """Order, a cycle of delay, and an element in each cycle where nobody pauses."""
    rng, bench = random.Random(2), dut.slice
    await begin(dut, {bench.s_axis_tvalid: 0, bench.m_axis_tready: 0, bench.s_axis_tdata: 0})
    writer, reader = pauses(rng), pauses(rng)
    inside: deque[int] = deque()
    for now in range(1500):
        busy = now < 100
        wants, takes = busy or not next(writer), busy or not next(reader)
        bench.s_axis_tvalid.value, bench.m_axis_tready.value = int(wants), int(takes)
        bench.s_axis_tdata.value = now
        await RisingEdge(dut.clk)
        assert bool(bench.m_axis_tvalid.value) == bool(inside)
        assert bool(bench.s_axis_tready.value) == (len(inside) < 2)
        assert not busy or bench.s_axis_tready.value
        if inside:
            assert int(bench.m_axis_tdata.value) == inside[0]
            if takes:
                inside.popleft()
        if wants and bench.s_axis_tready.value:
            inside.append(now)


Look: TypeAlias = Callable[[dict[str, int]], None]


def watch(
    dut: Dut, bench: Dut, channels: dict[str, tuple[str, ...]], look: Look
) -> Awaitable[None]:
    """Shows a checker the signals of each cycle from now on."""
    names = [channel + name for channel, own in channels.items() for name in own]

    async def each_cycle() -> None:
        while True:
            await RisingEdge(dut.clk)
            if not dut.rst.value:
                look({name: int(getattr(bench, f"m_axi_{name}").value) for name in names})

    return cocotb.start_soon(each_cycle())


ADDRESS = ("valid", "ready", "addr", "len", "size", "burst")


def requests(rng: random.Random, word_bytes: int, memory: int) -> Iterator[tuple[int, int]]:
    """Addresses and words: none, one, some around boundaries of 4 KiB, and long ones."""
    yield 0, 0
    for words in (1, 2, 300, 0, 16, 17, 70, 700):
        most = memory // word_bytes - words
        page = rng.randrange(1, 4) * 4096 // word_bytes
        near = page - rng.randrange(1, 5)
        yield min(rng.choice([0, near, page, rng.randrange(most)]), most) * word_bytes, words


async def request(dut: Dut, bench: Dut, address: int, words: int) -> None:
    """Makes a request."""
    bench.request_valid.value = 1
    bench.request_address.value, bench.request_words.value = address, words
    await handshake(dut, bench.request_ready)
    bench.request_valid.value = 0


async def handshake(dut: Dut, signal: Any) -> None:
    """Waits for a cycle in which the other side agrees."""
    while True:
        await RisingEdge(dut.clk)
        if signal.value:
            return


MEMORY = 1 << 16


async def reads(dut: Dut, bench: Dut, width: int, most_beats: int, most_bursts: int) -> None:
    """All words of all requests, in order, from a memory of cocotbext-axi that pauses at random."""
    rng, size = random.Random(width), width // 8
    await begin(dut, {bench.request_valid: 0, bench.data_ready: 0})
    bus = AxiReadBus.from_prefix(bench, "m_axi")
    memory = AxiRamRead(bus, dut.clk, dut.rst, size=MEMORY)
    content = rng.randbytes(MEMORY)
    memory.write(0, content)
    memory.ar_channel.set_pause_generator(pauses(rng))
    memory.r_channel.set_pause_generator(pauses(rng))
    rules = ReadRules(Addresses("ar", size, most_beats, most_bursts))
    beats = ("valid", "ready", "last")
    checker = watch(dut, bench, {"ar": ADDRESS, "r": beats}, rules.cycle)
    wanted = list(requests(rng, size, MEMORY))

    async def ask() -> None:
        for address, words in wanted:
            await request(dut, bench, address, words)

    async def take() -> None:
        paused = pauses(rng)
        for address, words in wanted:
            for word in range(words):
                while next(paused):
                    await RisingEdge(dut.clk)
                bench.data_ready.value = 1
                await handshake(dut, bench.data_valid)
                at = address + word * size
                assert int(bench.data_data.value) == int.from_bytes(
                    content[at : at + size], "little"
                )
                assert bool(bench.data_last.value) == (word == words - 1)
                bench.data_ready.value = 0

    cocotb.start_soon(ask())
    await run(checker, take())
    for _ in range(9):
        await RisingEdge(dut.clk)
    assert not bench.data_valid.value
    assert not bench.error.value
    assert not rules.addresses.lengths


async def run(checker: Any, work: Any) -> None:
    """Work to its end, unless a checker fails before."""
    task = cocotb.start_soon(work)
    await with_timeout(First(task.join(), checker.join()), 400, "us")
    assert task.done()


@cocotb.test()
async def read_512(dut: Dut) -> None:
    await reads(dut, dut.read_512, 512, 16, 4)


@cocotb.test()
async def read_64(dut: Dut) -> None:
    await reads(dut, dut.read_64, 64, 256, 2)


@cocotb.test()
async def read_128(dut: Dut) -> None:
    await reads(dut, dut.read_128, 128, 16, 8)


async def writes(dut: Dut, bench: Dut, width: int, most_beats: int, most_bursts: int) -> None:
    """What is told is true: when the token comes, memory has the words and nothing else changed."""
    rng, size = random.Random(width), width // 8
    await begin(dut, {bench.request_valid: 0, bench.data_valid: 0, bench.done_ready: 0})
    bus = AxiWriteBus.from_prefix(bench, "m_axi")
    memory = AxiRamWrite(bus, dut.clk, dut.rst, size=MEMORY)
    content = bytearray(rng.randbytes(MEMORY))
    memory.write(0, bytes(content))
    for channel in (memory.aw_channel, memory.w_channel, memory.b_channel):
        channel.set_pause_generator(pauses(rng))
    rules = WriteRules(Addresses("aw", size, most_beats, most_bursts))
    data, response = ("valid", "ready", "data", "last"), ("valid", "ready")
    checker = watch(dut, bench, {"aw": ADDRESS, "w": data, "b": response}, rules.cycle)

    async def give(words: list[int]) -> None:
        paused = pauses(rng)
        for word in words:
            while next(paused):
                await RisingEdge(dut.clk)
            bench.data_valid.value, bench.data_data.value = 1, word
            await handshake(dut, bench.data_ready)
            bench.data_valid.value = 0

    async def ask() -> None:
        for address, count in requests(rng, size, MEMORY):
            words = [rng.randrange(1 << width) for _ in range(count)]
            # One word more than the request has: it is not taken.
            giving = cocotb.start_soon(give([*words, 0]))
            await request(dut, bench, address, count)
            await handshake(dut, bench.done_valid)
            for index, word in enumerate(words):
                at = address + index * size
                content[at : at + size] = word.to_bytes(size, "little")
            assert memory.read(0, MEMORY) == bytes(content)
            assert not giving.done()
            giving.kill()
            bench.data_valid.value = 0
            bench.done_ready.value = 1
            await RisingEdge(dut.clk)
            bench.done_ready.value = 0

    await run(checker, ask())
    assert not bench.error.value
    assert not rules.addresses.lengths
    assert not rules.asked


@cocotb.test()
async def write_512(dut: Dut) -> None:
    await writes(dut, dut.write_512, 512, 16, 4)


@cocotb.test()
async def write_64(dut: Dut) -> None:
    await writes(dut, dut.write_64, 64, 256, 2)


@cocotb.test()
async def write_128(dut: Dut) -> None:
    await writes(dut, dut.write_128, 128, 16, 1)


LATENCY = 42
"""Cycles of a memory that has no pauses."""


@cocotb.test()
async def read_speed(dut: Dut) -> None:
    """Four bursts of 16 words hide 42 cycles of latency and their own 16: a word in each cycle."""
    bench = dut.read_512
    await begin(dut, {bench.request_valid: 0, bench.m_axi_rvalid: 0, bench.data_ready: 1})
    bench.m_axi_arready.value, bench.m_axi_rresp.value = 1, 0

    async def memory() -> None:
        now, beats = 0, deque[tuple[int, int]]()
        while True:
            await RisingEdge(dut.clk)
            now += 1
            if bench.m_axi_arvalid.value:
                length = int(bench.m_axi_arlen.value) + 1
                beats.extend((now + LATENCY, beat == length - 1) for beat in range(length))
            ready = bool(beats) and beats[0][0] <= now
            bench.m_axi_rvalid.value = int(ready)
            bench.m_axi_rlast.value = beats.popleft()[1] if ready else 0

    cocotb.start_soon(memory())
    await request(dut, bench, 0, 640)
    words, cycles = 0, 0
    while words < 640:
        await RisingEdge(dut.clk)
        cycles += 1
        words += int(bench.data_valid.value)
    assert bench.data_last.value
    assert cycles <= 640 + LATENCY + 8


@cocotb.test()
async def write_speed(dut: Dut) -> None:
    """Responses that come 40 cycles late do not slow down the words."""
    bench = dut.write_512
    await begin(dut, {bench.request_valid: 0, bench.m_axi_bvalid: 0, bench.done_ready: 1})
    bench.m_axi_awready.value = bench.m_axi_wready.value = bench.data_valid.value = 1
    bench.m_axi_bresp.value = 0

    async def memory() -> None:
        now, responses = 0, deque[int]()
        while True:
            await RisingEdge(dut.clk)
            now += 1
            if bench.m_axi_wvalid.value and bench.m_axi_wlast.value:
                responses.append(now + 40)
            ready = bool(responses) and responses[0] <= now
            bench.m_axi_bvalid.value = int(ready)
            if ready:
                responses.popleft()

    cocotb.start_soon(memory())
    await request(dut, bench, 0, 640)
    cycles = 0
    while not bench.done_valid.value:
        await RisingEdge(dut.clk)
        cycles += 1
    # The first burst waits for its 16 words, the token for the last response.
    assert cycles <= 640 + 16 + 40 + 8


@cocotb.test()
async def errors(dut: Dut) -> None:
    """A response that is not OKAY is remembered until the reset."""
    read, write = dut.read_512, dut.write_512
    quiet = [read.request_valid, read.m_axi_rvalid, read.data_ready, write.request_valid]
    quiet += [write.data_valid, write.m_axi_bvalid, write.done_ready]
    await begin(dut, dict.fromkeys(quiet, 0))
    for signal in (read.m_axi_arready, write.m_axi_awready, write.m_axi_wready, write.data_valid):
        signal.value = 1
    read.m_axi_rresp.value, read.m_axi_rlast.value, write.m_axi_bresp.value = 2, 1, 3
    await request(dut, read, 64, 1)
    await handshake(dut, read.m_axi_arvalid)
    await request(dut, write, 64, 1)
    await handshake(dut, write.m_axi_wvalid)
    assert (read.error.value, write.error.value) == (0, 0)
    read.m_axi_rvalid.value = write.m_axi_bvalid.value = 1
    await RisingEdge(dut.clk)
    read.m_axi_rvalid.value = write.m_axi_bvalid.value = 0
    for _ in range(9):
        await RisingEdge(dut.clk)
    assert (read.error.value, write.error.value) == (1, 1)
    dut.rst.value = 1
    for _ in range(3):
        await RisingEdge(dut.clk)
    assert (read.error.value, write.error.value) == (0, 0)


CONTROL, GLOBAL_ENABLE, ENABLE, STATUS = 0x00, 0x04, 0x08, 0x0C
START, DONE, IDLE, READY = 1, 2, 4, 8


async def kernel(dut: Dut, bench: Dut, rng: random.Random, runs: list[int]) -> None:
    """A kernel that starts while ap_start is high and takes some cycles."""
    while True:
        await handshake(dut, bench.ap_start)
        runs.append(int(bench.arguments.value))
        for _ in range(rng.randrange(1, 30)):
            await RisingEdge(dut.clk)
        bench.ap_done.value = 1
        await RisingEdge(dut.clk)
        bench.ap_done.value = 0
        await RisingEdge(dut.clk)


async def controlled(dut: Dut, rng: random.Random) -> tuple[AxiLiteMaster, list[int]]:
    """A master of cocotbext-axi that pauses at random, and the arguments of all runs."""
    bench, runs = dut.control, list[int]()
    await begin(dut, {bench.ap_done: 0})
    master = AxiLiteMaster(AxiLiteBus.from_prefix(bench, "s_axi"), dut.clk, dut.rst)
    ends = master.write_if, master.read_if
    for channel in (ends[0].aw_channel, ends[0].w_channel, ends[0].b_channel):
        channel.set_pause_generator(pauses(rng))
    for channel in (ends[1].ar_channel, ends[1].r_channel):
        channel.set_pause_generator(pauses(rng))
    cocotb.start_soon(kernel(dut, bench, rng, runs))
    return master, runs


@cocotb.test()
async def control_launches(dut: Dut) -> None:
    """As XRT drives ap_ctrl_hs: arguments, start, polls until done, which is told exactly once."""
    rng = random.Random(4)
    master, runs = await controlled(dut, rng)
    assert await master.read_dword(CONTROL) == IDLE
    for _ in range(40):
        scalar, address, other = rng.randrange(1 << 32), rng.randrange(1 << 64), rng.randrange(99)
        await master.write_dword(0x10, scalar)
        await master.write_dword(0x18, address & 0xFFFFFFFF)
        await master.write_dword(0x1C, address >> 32)
        await master.write_dword(0x24, other)
        await master.write_dword(CONTROL, START)
        polled = list[int]()
        while not polled or not polled[-1] & DONE:
            polled.append(await master.read_dword(CONTROL))
        assert set(polled[:-1]) <= {START}
        assert polled[-1] == DONE | IDLE | READY
        assert await master.read_dword(CONTROL) == IDLE
        assert runs.pop() == scalar | address << 64 | other << 160
        assert not runs


@cocotb.test()
async def control_interrupts(dut: Dut) -> None:
    """As XRT does it: enabled, raised when done, cleared by writing back what was read."""
    rng, bench = random.Random(5), dut.control
    master, runs = await controlled(dut, rng)

    async def launch() -> None:
        before = len(runs)
        await master.write_dword(CONTROL, START)
        while not await master.read_dword(CONTROL) & DONE:
            pass
        assert len(runs) == before + 1

    await launch()
    assert await master.read_dword(STATUS) == 0
    assert not bench.irq.value
    await master.write_dword(ENABLE, 1)
    await launch()
    assert await master.read_dword(STATUS) == 1
    assert not bench.irq.value
    await master.write_dword(GLOBAL_ENABLE, 1)
    assert (await master.read_dword(GLOBAL_ENABLE), await master.read_dword(ENABLE)) == (1, 1)
    assert bench.irq.value
    await master.write_dword(STATUS, await master.read_dword(STATUS))
    assert await master.read_dword(STATUS) == 0
    assert not bench.irq.value
    await launch()
    assert bench.irq.value
    await master.write_dword(STATUS, 1)
    await master.write_dword(ENABLE, 3)
    await launch()
    assert await master.read_dword(STATUS) == 3


@cocotb.test()
async def control_registers(dut: Dut) -> None:
    """Strobes are obeyed; what is reserved is 0 and stays so."""
    master, runs = await controlled(dut, random.Random(6))
    for at in range(0x10, 0x40, 4):
        await master.write_dword(at, 0x11223344)
    words = [await master.read_dword(at) for at in range(0x10, 0x40, 4)]
    assert words == [0x11223344 * int(at in (0, 2, 3, 5)) for at in range(12)]
    await master.write(0x19, b"\xaa\xbb")
    assert await master.read_dword(0x18) == 0x11BBAA44
    # No start in what is not strobed, or is another bit.
    await master.write(0x01, b"\xff")
    await master.write_dword(CONTROL, ~START & 0xFFFFFFFF)
    assert await master.read_dword(CONTROL) == IDLE
    assert not runs
