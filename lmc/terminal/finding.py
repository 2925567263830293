"""What a search goes through: lines of the step at hand, tasks, streams, steps, files and ops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lmc.explorer import Exploration
from lmc.terminal.history import History
from lmc.terminal.panel import entry_title, op_label
from lmc.terminal.rows import Place

_MOST_OF_A_KIND = 40
_MOST_SHOWN = 100


@dataclass(frozen=True)
class Found:
    """Something that has the words in it: a group, a label, and where it is.

    `where` is a place, the name of a task or stream, or the number of an entry.
    """

    group: str
    label: str
    where: Place | str | int


def find(history: History, found: Exploration | None, entry: int, words: str) -> list[Found]:
    """What has the words (in small letters) in it, a few of each group."""
    candidates = (
        _lines(history, entry),
        _hardware(found),
        (Found("Steps", entry_title(one), n) for n, one in enumerate(history.entries)),
        _files(found),
        *(_ops(history, number) for number in _last_of_levels(history)),
    )
    return [one for group in candidates for one in _fitting(group, words)]


def _fitting(candidates: Iterable[Found], words: str) -> list[Found]:
    fit: list[Found] = []
    for one in candidates:
        at = one.label.lower().find(words)
        if at >= 0:
            fit.append(replace(one, label=_shortened(one.label, at)))
            if len(fit) == _MOST_OF_A_KIND:
                break
    return fit


def _shortened(label: str, at: int) -> str:
    """A label with the place of the words in it, the end and what is before them left out."""
    third = _MOST_SHOWN // 3
    start = "" if at < 2 * third else f"{label[:third]} … "
    rest = label[at - third if start else 0 :]
    length = _MOST_SHOWN - len(start)
    return start + (rest if len(rest) <= length else f"{rest[:length]} …")


def _lines(history: History, entry: int) -> Iterable[Found]:
    step = history.entries[entry].step
    for number, line in enumerate(step.text.rstrip("\n").split("\n")):
        yield Found("Lines of this step", f"{number + 1}: {line.strip()}", Place(entry, number))


def _hardware(found: Exploration | None) -> Iterable[Found]:
    if found is not None and found.hardware is not None:
        for task in found.hardware.tasks:
            yield Found("Tasks and streams", f"task {task.name}", task.name)
        for stream in found.hardware.streams:
            yield Found("Tasks and streams", f"stream {stream.name}", stream.name)


def _files(found: Exploration | None) -> Iterable[Found]:
    if found is not None:
        names = [source.file for source in found.sources]
        names += [] if found.hardware is None else [file.name for file in found.hardware.files]
        for name in names:
            yield Found("Files", name, Place(name, 0))


def _ops(history: History, entry: int) -> Iterable[Found]:
    one = history.entries[entry]
    for op in one.step.ops:
        yield Found(f"Ops after {entry_title(one)}", op_label(op), Place(entry, op.line))


def _last_of_levels(history: History) -> Sequence[int]:
    """The compile's last step of each level."""
    levels = [entry.step.level for entry in history.entries[: history.compiled]]
    return [n for n, level in enumerate(levels) if levels[n + 1 : n + 2] != [level]]
