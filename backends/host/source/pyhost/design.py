"""The design as the host program sees it: what design.json beside run.py says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .errors import HostError, reason


@dataclass(frozen=True)
class Buffer:
    """A buffer of the device, of `size` bytes, or so many for `each` prompt or logits token.

    `memory` is the linker's name of the memory that it is in; `image` the file that fills it.
    """

    name: str
    size: int
    each: str | None
    memory: str
    image: str | None


@dataclass(frozen=True)
class Argument:
    """What the host sets of a kernel: the buffer or the scalar of a name.

    Streams have positions too, and are the linker's.
    """

    position: int
    name: str
    buffer: str | None
    scalar: str | None


@dataclass(frozen=True)
class Kernel:
    """A kernel and its arguments."""

    name: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True)
class Design:
    """A design. `text` says what a prompt may be besides ids: bytes, tokenizer or ids.

    `most_steps` is how many steps a launch has at most, unless a chunk has more: they bound
    buffers, and how long a launch may take. `prompt`, `tokens` and `logits` name buffers,
    `memories` is what the linker may call a memory of the board.
    """

    text: str
    vocabulary: int
    end_tokens: tuple[int, ...]
    most_steps: int
    prompt: str
    tokens: str
    logits: str
    memories: tuple[str, ...]
    buffers: tuple[Buffer, ...]
    kernels: tuple[Kernel, ...]

    def buffer(self, name: str) -> Buffer:
        """The buffer of a name."""
        return next(buffer for buffer in self.buffers if buffer.name == name)


def load_design(path: Path) -> Design:
    """The design of a file; raises HostError where it cannot be read."""
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HostError(f"cannot read {path}: {reason(error)}") from error
    except ValueError as error:
        raise HostError(f"{path} is not what was compiled: {error}; copy it again") from error
    return Design(
        text=tables["text"],
        vocabulary=tables["vocabulary"],
        end_tokens=tuple(tables["end_tokens"]),
        most_steps=tables["most_steps"],
        prompt=tables["prompt"],
        tokens=tables["tokens"],
        logits=tables["logits"],
        memories=tuple(tables["memories"]),
        buffers=tuple(
            Buffer(row["name"], row["bytes"], row["each"], row["memory"], row["image"])
            for row in tables["buffers"]
        ),
        kernels=tuple(
            Kernel(row["name"], tuple(_argument(one) for one in row["arguments"]))
            for row in tables["kernels"]
        ),
    )


def _argument(row: dict[str, int | str]) -> Argument:
    buffer, scalar = row.get("buffer"), row.get("scalar")
    return Argument(
        int(row["position"]),
        str(row["name"]),
        None if buffer is None else str(buffer),
        None if scalar is None else str(scalar),
    )
