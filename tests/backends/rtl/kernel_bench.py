"""What cocotb runs: the kernels of a small design, against models that nobody here wrote."""

import random
from typing import Any, TypeAlias

import cocotb
from axi_rules import Addresses, ReadRules, WriteRules
from cocotb.triggers import RisingEdge
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiRamRead,
    AxiRamWrite,
    AxiReadBus,
    AxiWriteBus,
)
from library_bench import ADDRESS, CONTROL, DONE, ENABLE, GLOBAL_ENABLE, START, begin, pauses
from rtl_kernels import ROUNDS, WORDS

Dut: TypeAlias = Any
MEMORY = 1 << 14
ARGUMENTS = {
    "fetch": {"rounds": 0x10, "numbers_0": 0x18, "numbers_1": 0x24},
    "add": {"rounds": 0x10},
    "keep": {"rounds": 0x10, "results": 0x18},
}
"""Where a host finds the arguments: in the order of the signature, a word reserved after each."""
PLACES = {"numbers_0": 4096 - 5 * 8, "numbers_1": 8 * 8, "results": 2 * 4096 - 16 * 3}
"""Addresses of the banks; some rounds cross a boundary of 4 KiB."""


class BrokenRead(AxiRamRead):
    """A memory that answers the reads of a place with SLVERR."""

    broken = PLACES["numbers_0"] + 8 * WORDS

    async def _read(self, address: int, length: int) -> bytes:
        assert address != self.broken
        return await super()._read(address, length)


class BrokenWrite(AxiRamWrite):
    """A memory that answers the burst that writes a place with SLVERR."""

    broken = PLACES["results"] + 16 * WORDS

    async def _write(self, address: int, data: bytes) -> None:
        assert address != self.broken
        await super()._write(address, data)


def memories(
    dut: Dut,
    rng: random.Random,
    is_hasty: bool,
    read: type[AxiRamRead] = AxiRamRead,
    write: type[AxiRamWrite] = AxiRamWrite,
) -> dict[str, Any]:
    """A memory of its own for each bank, which pauses at random."""
    found: dict[str, Any] = {}
    for bank in PLACES:
        kernel, kind = ("keep", "write") if bank == "results" else ("fetch", "read")
        prefix = f"{kernel}_m_axi_gmem_{bank}"
        if kind == "read":
            bus = AxiReadBus.from_prefix(dut, prefix)
            memory = found[bank] = read(bus, dut.clk, dut.rst, size=MEMORY)
            channels = memory.ar_channel, memory.r_channel
            rules: Any = ReadRules(Addresses("ar", 8, 16, 16))
            watched = {"ar": ADDRESS, "r": ("valid", "ready", "last")}
        else:
            bus = AxiWriteBus.from_prefix(dut, prefix)
            memory = found[bank] = write(bus, dut.clk, dut.rst, size=MEMORY)
            channels = memory.aw_channel, memory.w_channel, memory.b_channel
            rules = WriteRules(Addresses("aw", 16, 16, 16))
            watched = {
                "aw": ADDRESS,
                "w": ("valid", "ready", "data", "strb", "last"),
                "b": ("valid", "ready"),
            }
        for channel in channels:
            if not is_hasty:
                channel.set_pause_generator(pauses(rng))
        cocotb.start_soon(watch(dut, prefix, watched, rules))
    return found


async def watch(dut: Dut, prefix: str, channels: dict[str, tuple[str, ...]], rules: Any) -> None:
    """Shows a checker the signals of each cycle."""
    names = [channel + name for channel, own in channels.items() for name in own]
    while True:
        await RisingEdge(dut.clk)
        if not dut.rst.value:
            signals = {name: getattr(dut, f"{prefix}_{name.upper()}") for name in names}
            rules.cycle({name: int(signal.value) for name, signal in signals.items()})


def hosts(dut: Dut) -> dict[str, AxiLiteMaster]:
    """What writes and reads the registers of each kernel."""
    return {
        kernel: AxiLiteMaster(
            AxiLiteBus.from_prefix(dut, f"{kernel}_s_axi_control"), dut.clk, dut.rst
        )
        for kernel in ARGUMENTS
    }


async def start(masters: dict[str, AxiLiteMaster], rounds: int) -> None:
    """As a host does: arguments and a start for each kernel."""
    for kernel, master in masters.items():
        for name, offset in ARGUMENTS[kernel].items():
            await master.write_dword(offset, PLACES.get(name, rounds))
            if name in PLACES:
                await master.write_dword(offset + 4, 0)
        await master.write_dword(CONTROL, START)


async def launch(masters: dict[str, AxiLiteMaster], rounds: int) -> None:
    """Starts all kernels, and polls until all are done."""
    await start(masters, rounds)
    for master in masters.values():
        while not await master.read_dword(CONTROL) & DONE:
            pass


async def launches(dut: Dut, is_hasty: bool) -> None:
    """Two launches with other numbers; the second one is shorter."""
    rng = random.Random(3)
    await begin(dut, {})
    found = memories(dut, rng, is_hasty)
    masters = hosts(dut)
    for rounds in (ROUNDS, 1):
        numbers = [[rng.getrandbits(64) for _ in range(WORDS * ROUNDS)] for _ in range(2)]
        for i in range(2):
            data = b"".join(word.to_bytes(8, "little") for word in numbers[i])
            found[f"numbers_{i}"].write(PLACES[f"numbers_{i}"], data)
        await launch(masters, rounds)
        total = rounds * WORDS
        written = found["results"].read(PLACES["results"], total * 16)
        for at in range(total):
            word = int.from_bytes(written[at * 16 : at * 16 + 16], "little")
            assert word == expected(numbers[0][at], numbers[1][at]), at


def expected(one: int, other: int) -> int:
    """What the design writes for two words: bits 3 to 22 of both, with a sign, added up."""

    def part(word: int) -> int:
        return ((word >> 3 & 0xFFFFF) ^ 0x80000) - 0x80000

    return (part(one) + part(other) & 0x1FFFFF) << 5


@cocotb.test()
async def hasty(dut: Dut) -> None:
    """Memories that never pause."""
    await launches(dut, is_hasty=True)


@cocotb.test()
async def pausing(dut: Dut) -> None:
    """Memories that pause at random on all channels."""
    await launches(dut, is_hasty=False)


async def never_done(dut: Dut, faulty: str, **models: Any) -> None:
    """A kernel whose memory has answered with an error is never done, and asks for no interrupt.

    The others end; after a reset all is well again.
    """
    await begin(dut, {})
    found = memories(dut, random.Random(4), True, **models)
    masters = hosts(dut)
    for master in masters.values():
        await master.write_dword(GLOBAL_ENABLE, 1)
        await master.write_dword(ENABLE, 1)
    await start(masters, ROUNDS)
    for kernel, master in masters.items():
        while kernel != faulty and not await master.read_dword(CONTROL) & DONE:
            pass
    for _ in range(200):
        assert await masters[faulty].read_dword(CONTROL) == START
        assert not getattr(dut, f"{faulty}_interrupt").value
    dut.rst.value = 1
    for _ in range(4):
        await RisingEdge(dut.clk)
    dut.rst.value = 0
    for model in found.values():
        model.broken = None
    await launch(masters, ROUNDS)


@cocotb.test()
async def broken_read(dut: Dut) -> None:
    """A word of a bank cannot be read."""
    await never_done(dut, "fetch", read=BrokenRead)


@cocotb.test()
async def broken_write(dut: Dut) -> None:
    """A word of a bank cannot be written."""
    await never_done(dut, "keep", write=BrokenWrite)
