"""What cocotb runs: all kernels of a design folder, as a host launches them on a board.

It knows the folder alone, which LMC_DESIGN names: arguments and their registers from the kernels'
descriptions, buffers from the host program's table, and what has to come out from the golden
vectors. Memory is cocotbext-axi's, one for all kernels, as the host sees it.
"""

import hashlib
import json
import mmap
import os
import random
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import cocotb
from axi_rules import Addresses, ReadRules, WriteRules
from cocotb.triggers import with_timeout
from cocotbext.axi import (
    AxiLiteBus,
    AxiLiteMaster,
    AxiRamRead,
    AxiRamWrite,
    AxiReadBus,
    AxiWriteBus,
)
from kernel_bench import watch
from library_bench import ADDRESS, CONTROL, DONE, START, begin, pauses

Dut: TypeAlias = Any
FOLDER = Path(os.environ["LMC_DESIGN"])
PAGE = 4096
"""Bytes that XRT aligns buffers to."""
UNTOUCHED = 0xA5
"""What memory holds before."""
MOST_STEPS = 5


@dataclass(frozen=True)
class Launch:
    """Prompt, and what has to come out: tokens, digests of logits, digests of states by layer."""

    prompt: list[int]
    tokens: list[int]
    logits: list[str]
    states: dict[str, list[str]]


def golden() -> list[Launch]:
    """The launches of the folder's golden vectors."""
    found: list[Launch] = []
    for line in (FOLDER / "weights/golden.txt").read_text(encoding="utf-8").splitlines():
        word, *rest = line.split()
        if word == "launch":
            found.append(Launch(list(map(int, rest[1:])), [], [], {}))
        elif word == "state":
            found[-1].states[rest[0]] = rest[1:]
        else:
            values = list(map(int, rest)) if word == "tokens" else rest
            getattr(found[-1], word).extend(values)
    return found


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Board:
    """Memory with the folder's images, and a register file for each kernel."""

    def __init__(self, dut: Dut, rng: random.Random | None):
        self.dut, self.rng = dut, rng
        self.table = json.loads((FOLDER / "host/design.json").read_text(encoding="utf-8"))
        self.places, self.sizes, end = dict[str, int](), dict[str, int](), PAGE
        for buffer in self.table["buffers"]:
            count = 1 if buffer["each"] is None else MOST_STEPS
            self.places[buffer["name"]], self.sizes[buffer["name"]] = end, buffer["bytes"]
            end += -(-buffer["bytes"] * count // PAGE) * PAGE + PAGE
        self.memory = mmap.mmap(-1, end)
        self.memory[:] = bytes([UNTOUCHED]) * end
        for buffer in self.table["buffers"]:
            image = bytes(buffer["bytes"])
            if buffer["image"] is not None:
                image = (FOLDER / "weights" / buffer["image"]).read_bytes()
            self.write(buffer["name"], image)
        self.hosts: dict[str, AxiLiteMaster] = {}
        self.registers: dict[str, dict[str, tuple[int, int]]] = {}
        for kernel in self.table["kernels"]:
            self._join(kernel["name"])

    def write(self, buffer: str, data: bytes) -> None:
        self.memory[self.places[buffer] : self.places[buffer] + len(data)] = data

    def read(self, buffer: str, at: int, count: int) -> bytes:
        return self.memory[self.places[buffer] + at : self.places[buffer] + at + count]

    def _join(self, kernel: str) -> None:
        """The models of a kernel's interfaces."""
        dut = self.dut
        bus = AxiLiteBus.from_prefix(dut, f"{kernel}_s_axi_control")
        self.hosts[kernel] = AxiLiteMaster(bus, dut.clk, dut.rst)
        root = ElementTree.parse(FOLDER / f"rtl/vivado/{kernel}.xml").getroot()
        self.registers[kernel] = {
            str(one.get("name")): (int(str(one.get("offset")), 16), int(str(one.get("size")), 16))
            for one in root.iter("arg")
            if one.get("addressQualifier") != "4"
        }
        for port in root.iter("port"):
            if port.get("mode") == "master":
                self._memory(f"{kernel}_{port.get('name')}", int(str(port.get("dataWidth"))) // 8)

    def _memory(self, prefix: str, size: int) -> None:
        dut, channels = self.dut, list[Any]()
        if hasattr(dut, f"{prefix}_ARVALID"):
            bus = AxiReadBus.from_prefix(dut, prefix)
            made = AxiRamRead(bus, dut.clk, dut.rst, mem=self.memory)
            channels += [made.ar_channel, made.r_channel]
            watched = {"ar": ADDRESS, "r": ("valid", "ready", "last")}
            rules: Any = ReadRules(Addresses("ar", size, 16, 16))
            cocotb.start_soon(watch(dut, prefix, watched, rules))
        if hasattr(dut, f"{prefix}_AWVALID"):
            bus = AxiWriteBus.from_prefix(dut, prefix)
            made = AxiRamWrite(bus, dut.clk, dut.rst, mem=self.memory)
            channels += [made.aw_channel, made.w_channel, made.b_channel]
            data = ("valid", "ready", "data", "strb", "last")
            watched = {"aw": ADDRESS, "w": data, "b": ("valid", "ready")}
            rules = WriteRules(Addresses("aw", size, 16, 16))
            cocotb.start_soon(watch(dut, prefix, watched, rules))
        if self.rng is not None:
            for channel in channels:
                channel.set_pause_generator(pauses(self.rng))

    async def launch(self, scalars: dict[str, int]) -> None:
        """Arguments and a start for each kernel, then waits for all."""
        for kernel in self.table["kernels"]:
            host, registers = self.hosts[kernel["name"]], self.registers[kernel["name"]]
            for argument in kernel["arguments"]:
                offset, size = registers[argument["name"]]
                value = (
                    scalars[argument["scalar"]]
                    if "scalar" in argument
                    else self.places[argument["buffer"]]
                )
                for word in range(size // 4):
                    await host.write_dword(offset + 4 * word, value >> 32 * word & 0xFFFFFFFF)
            await host.write_dword(CONTROL, START)
        for host in self.hosts.values():
            while not await host.read_dword(CONTROL) & DONE:
                pass

    def check(self, launch: Launch) -> None:
        """Tokens, logits and states are the golden ones, and nothing beside buffers has changed."""
        table = self.table
        for step, (token, logits) in enumerate(zip(launch.tokens, launch.logits, strict=True)):
            assert int.from_bytes(self.read(table["tokens"], 4 * step, 4), "little") == token, step
            stride = self.sizes[table["logits"]]
            found = self.read(table["logits"], stride * step, 4 * table["vocabulary"])
            assert digest(found) == logits, step
        for bank, digests in launch.states.items():
            size = self.sizes[bank] // len(digests)
            for layer, expected in enumerate(digests):
                assert digest(self.read(bank, layer * size, size)) == expected, (bank, layer)
        assert self.memory[:PAGE] == bytes([UNTOUCHED]) * PAGE
        for buffer, place in self.places.items():
            assert self.memory[place - PAGE // 2 : place] == bytes([UNTOUCHED]) * (PAGE // 2), (
                buffer
            )


async def launches(dut: Dut, count: int, rng: random.Random | None) -> None:
    """The golden launches, which go on from each other's states."""
    await begin(dut, {})
    board = Board(dut, rng)
    for launch in golden()[:count]:
        prompt = b"".join(one.to_bytes(4, "little") for one in launch.prompt)
        board.write(board.table["prompt"], prompt)
        steps, chosen = len(launch.prompt) + len(launch.tokens) - 1, len(launch.tokens)
        scalars = dict(
            zip(board.table["scalars"], (steps, len(launch.prompt), chosen), strict=True)
        )
        await with_timeout(board.launch(scalars), 1000, "us")
        board.check(launch)


@cocotb.test()
async def hasty(dut: Dut) -> None:
    """Memory that never pauses."""
    await launches(dut, 3, None)


@cocotb.test()
async def pausing(dut: Dut) -> None:
    """Memory that pauses at random on all channels."""
    await launches(dut, 1, random.Random(5))
