"""Compares an xclbin's metadata with the design: kernels, arguments, memories.

pyxrt gives names of kernels and no more, so the file itself is read: its layout is `axlf` in XRT's
xclbin.h.
"""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .design import Argument, Design
from .errors import HostError
from .files import read_file

_MAGIC = b"xclbin2"
_LENGTH_AT, _COUNT_AT, _SECTIONS_AT, _SECTION = 304, 448, 456, struct.Struct("<I20xQQ")
_XML, _UNITS, _MEMORIES, _CONNECTIONS = 2, 8, 6, 7
_GROUPS = {_MEMORIES: 26, _CONNECTIONS: 27}
"""Sections that XRT prefers: they have groups of memories beside the memories themselves."""
_MEMORY, _UNIT, _CONNECTION = (
    struct.Struct("<24x16s"),
    struct.Struct("<I12x64s"),
    struct.Struct("<3i"),
)
_KERNEL = 1
"""The type of a compute unit that is a kernel."""


@dataclass
class _Linked:
    """A kernel of an xclbin: names of its arguments by position, compute units, and the memories
    (index, name) of each argument."""

    arguments: dict[int, str]
    units: int = 0
    memories: dict[int, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))


def check_xclbin(path: str, design: Design) -> None:
    """Raise HostError where a file is no whole xclbin, or not of the design."""
    data = read_file(path)
    head = data[: _LENGTH_AT + 8]
    if len(head) < _LENGTH_AT + 8 or not head.startswith(_MAGIC):
        raise HostError(f"{path} is not an xclbin")
    (length,) = struct.unpack_from("<Q", data, _LENGTH_AT)
    if len(data) < length:
        raise HostError(f"{path} has {len(data)} bytes of {length}; copy it again")
    try:
        linked = _kernels(data)
    except (struct.error, ValueError, KeyError, IndexError, ElementTree.ParseError) as error:
        raise HostError(f"cannot read the metadata of {path}: {error}") from error
    _Check(path, design).run(linked)


def _kernels(data: bytes) -> dict[str, _Linked]:
    """The kernels of an xclbin by name."""
    (count,) = struct.unpack_from("<I", data, _COUNT_AT)
    sections: dict[int, bytes] = {}
    for index in range(count):
        at = _SECTIONS_AT + index * _SECTION.size
        kind, offset, size = _SECTION.unpack_from(data, at)
        sections.setdefault(kind, data[offset : offset + size])
    kernels = {
        kernel.attrib["name"]: _Linked(
            {int(one.attrib["id"], 0): one.attrib["name"] for one in kernel.iter("arg")}
        )
        for kernel in ElementTree.fromstring(sections[_XML].rstrip(b"\0")).iter("kernel")
    }
    memories = [_text(name) for (name,) in _rows(_preferred(sections, _MEMORIES), _MEMORY, 8)]
    owners: list[_Linked | None] = []
    for kind, name in _rows(sections[_UNITS], _UNIT, 8):
        owner = kernels.get(_text(name).partition(":")[0]) if kind == _KERNEL else None
        owners.append(owner)
        if owner is not None:
            owner.units += 1
    for position, unit, memory in _rows(_preferred(sections, _CONNECTIONS), _CONNECTION, 4):
        owner = owners[unit]
        if owner is not None:
            owner.memories[position].append((memory, memories[memory]))
    return kernels


def _preferred(sections: dict[int, bytes], kind: int) -> bytes:
    return sections.get(_GROUPS[kind]) or sections[kind]


def _rows(section: bytes, row: struct.Struct, start: int) -> list[tuple[Any, ...]]:
    (count,) = struct.unpack_from("<i", section)
    return [row.unpack_from(section, start + index * row.size) for index in range(count)]


def _text(name: bytes) -> str:
    return name.partition(b"\0")[0].decode("utf-8")


class _Check:
    def __init__(self, path: str, design: Design) -> None:
        self._path = path
        self._design = design
        self._tags: dict[str, str] = {}
        """The platform's name of a memory of the design."""
        self._memories: dict[int, str] = {}
        """The design's name of a memory of the platform."""

    def run(self, linked: dict[str, _Linked]) -> None:
        for kernel in self._design.kernels:
            found = linked.get(kernel.name)
            if found is None:
                names = ", ".join(linked) or "none"
                raise self._refusal(f"it has no kernel {kernel.name}; it has {names}")
            if found.units != 1:
                raise self._refusal(
                    f"kernel {kernel.name} has {found.units} compute units; the design has one"
                )
            for argument in kernel.arguments:
                where = f"argument {argument.position} of kernel {kernel.name}"
                self._check_argument(argument, found, where)

    def _refusal(self, fault: str) -> HostError:
        return HostError(f"{self._path} is not of this design: {fault}")

    def _check_argument(self, argument: Argument, linked: _Linked, where: str) -> None:
        there = f"the design has {argument.name} there"
        name = linked.arguments.get(argument.position)
        if name is None:
            raise self._refusal(f"{where} is missing; {there}")
        if name != argument.name:
            raise self._refusal(f"{where} is {name}; {there}")
        memories = linked.memories.get(argument.position, [])
        named = f"{where}, {argument.name},"
        if argument.buffer is None:
            if memories:
                raise self._refusal(f"{named} is a buffer; the design has a scalar there")
        elif not memories:
            raise self._refusal(f"{named} is in no memory")
        else:
            self._check_memory(named, self._design.buffer(argument.buffer).memory, memories)

    def _check_memory(self, name: str, memory: str, linked: list[tuple[int, str]]) -> None:
        right = [one for one in linked if one[1] == memory]
        index, tag = (right or linked)[0]
        if tag != memory and tag in self._design.memories:
            raise self._refusal(f"{name} is in {tag}; the design has it in {memory}")
        # A platform may have names of its own for memories. Even so, what the design has in one
        # memory has to be in one there, and what it has in two in two.
        first = self._tags.setdefault(memory, tag)
        if first != tag:
            raise self._refusal(f"{name} is in {tag}; the rest of {memory} is in {first}")
        other = self._memories.setdefault(index, memory)
        if other != memory:
            raise self._refusal(
                f"{name} is in {tag} with what the design has in {other}; it belongs in {memory}"
            )
