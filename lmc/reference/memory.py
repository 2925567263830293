"""What tasks reach: streams, banks and buffers."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from lmc.reference.limits import UndefinedError


@dataclass
class Fifo:
    """A stream with the elements that are in it; `written` and `read` count those of the launch."""

    name: str
    depth: int
    elements: deque[int] = field(default_factory=lambda: deque[int]())
    written: int = 0
    read: int = 0

    def can(self, writing: bool) -> bool:
        """Whether an element can be written, or read, now."""
        return len(self.elements) < self.depth if writing else bool(self.elements)

    def put(self, value: int) -> None:
        """Add an element; `can(True)` holds."""
        self.written += 1
        self.elements.append(value)

    def take(self) -> int:
        """Remove the oldest element; `can(False)` holds."""
        self.read += 1
        return self.elements.popleft()


@dataclass(frozen=True)
class Wait:
    """What a task waits for: room in a stream that it writes, an element of one that it reads."""

    fifo: Fifo
    writing: bool

    @property
    def over(self) -> bool:
        """Whether the task can go on."""
        return self.fifo.can(self.writing)


@dataclass
class Bank:
    """A memory image, in words."""

    name: str
    words: list[int]

    def check(self, place: int) -> None:
        """UndefinedError when there is no such word."""
        if not 0 <= place < len(self.words):
            raise UndefinedError(
                f"word {place} is not in bank {self.name}, which has {len(self.words)}"
            )


@dataclass
class Buffer:
    """A memory of a task; an element has the value `blank` until something is stored.

    `blank_loads` says whether such an element has been loaded.
    """

    name: str
    shape: Sequence[int]
    blank: int
    blank_loads: bool = False
    elements: dict[tuple[int, ...], int] = field(
        default_factory=lambda: dict[tuple[int, ...], int]()
    )

    def load(self, place: tuple[int, ...]) -> int:
        """The element at a place; UndefinedError when it is outside."""
        self._check(place)
        self.blank_loads |= place not in self.elements
        return self.elements.get(place, self.blank)

    def store(self, place: tuple[int, ...], value: int) -> None:
        """Replace the element at a place; UndefinedError when it is outside."""
        self._check(place)
        self.elements[place] = value

    def _check(self, place: tuple[int, ...]) -> None:
        if len(place) != len(self.shape) or not all(
            0 <= index < size for index, size in zip(place, self.shape, strict=True)
        ):
            raise UndefinedError(
                f"element {list(place)} is not in buffer {self.name} of shape {list(self.shape)}"
            )
