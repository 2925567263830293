"""What happens when: the steps of a launch, and what each task does in the cycles of a layer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lmc.simulation.causes import EACH_OTHER, FOR_MEMORY, Cause, shares
from lmc.simulation.launch import Launch
from lmc.simulation.layer import LayerActivity
from lmc.simulation.limits import has_time
from lmc.simulation.report import longest_wait

COLOURED = 6
"""Causes that have a colour of their own, the largest ones."""


@dataclass(frozen=True)
class Strip:
    """Parts of a bar of `length` units: (kind, SVG path one unit high) of each kind of them."""

    length: int
    paths: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """A task in the cycles of a layer. `waits` says what it waits for most in a launch."""

    task: str
    kernel: str
    busy: str
    waits: str
    strip: Strip


@dataclass(frozen=True)
class Step:
    """A step of the launch: what it does, when it has ended, and how many cycles it took."""

    kind: str
    end: int
    cycles: int


@dataclass(frozen=True)
class Share:
    """A cause of a layer's cycles: the class of its colour, what it is, and its share."""

    kind: str
    what: str
    task: str | None
    share: str


def layer_rows(launch: Launch, layer: LayerActivity) -> tuple[list[Row], list[Row]]:
    """Rows of the tasks that need much of a new token's time, the busiest first; of the others."""
    kernels = dict.fromkeys(task.kernel for task in launch.result.tasks.values())
    tasks = launch.result.tasks
    busiest = sorted(
        (name for name in tasks if not has_time(launch, name)),
        key=lambda name: -launch.occupancy(name),
    )
    others = [
        name
        for kernel in kernels
        for name in tasks
        if tasks[name].kernel == kernel and has_time(launch, name)
    ]
    return _rows(launch, layer, busiest), _rows(launch, layer, others)


def _rows(launch: Launch, layer: LayerActivity, names: Iterable[str]) -> list[Row]:
    rows: list[Row] = []
    for name in names:
        spans = [span for span in layer.activity.spans if span.task == name]
        strip = _strip(
            layer, ((_kind(span.wait), span.start, span.end) for span in spans), ("busy", *_WAITS)
        )
        what, _ = longest_wait(launch, name)
        busy = f"{launch.occupancy(name):.1%}"
        rows.append(Row(name, launch.result.tasks[name].kernel, busy, what, strip))
    return rows


_WAITS = {"reads": "to read ", "writes": "to write ", "memory": FOR_MEMORY}
"""Kinds of waits, and what the words for them begin with."""


def _kind(wait: str | None) -> str:
    if wait is None:
        return "busy"
    return next(kind for kind, words in _WAITS.items() if wait.startswith(words))


def cause_strip(layer: LayerActivity, found: Sequence[Cause]) -> tuple[Strip, list[Share]]:
    """What the design goes as fast as in a layer, as a bar, and the shares, the largest first."""
    largest = shares(found)
    kinds = {
        (cause.what, cause.is_memory): f"c{place}" if place < COLOURED else "rest"
        for place, (cause, _) in enumerate(largest)
    }
    parts = ((kinds[c.what, c.is_memory], c.start, c.end) for c in found)
    strip = _strip(layer, parts, dict.fromkeys(kinds.values()))
    told = [
        Share(
            kinds[cause.what, cause.is_memory],
            _told(cause),
            None if cause.is_memory or cause.what == EACH_OTHER else cause.what,
            f"{share:.1%}",
        )
        for cause, share in largest[:COLOURED]
    ]
    rest = sum(share for _, share in largest[COLOURED:])
    if rest:
        told.append(Share("rest", f"{len(largest) - COLOURED} others", None, f"{rest:.1%}"))
    return strip, told


def waits_for(task: str, causes: Sequence[Share]) -> str | None:
    """What a task waits for in the end in a layer, as a sentence; None if it never waits."""
    told = [
        f"{one.what} ({one.share})" for one in causes if one.task != task and one.kind != "rest"
    ]
    return f"In a layer {task} waits in the end for {', '.join(told)}." if told else None


def _told(cause: Cause) -> str:
    if cause.is_memory:
        return f"memory {cause.what}"
    return cause.what or "words on their way"


def _strip(
    layer: LayerActivity, parts: Iterable[tuple[str, int, int]], kinds: Iterable[str]
) -> Strip:
    texts = dict.fromkeys(kinds, "")
    for kind, start, end in parts:
        texts[kind] += f"M{start - layer.start} 0h{end - start}v1h{start - end}z"
    paths = [(kind, text) for kind, text in texts.items() if text]
    return Strip(layer.end - layer.start, paths)


def launch_steps(launch: Launch) -> list[Step]:
    """The steps of a launch, those of the prompt first."""
    steps: list[Step] = []
    before = 0
    for number, end in enumerate(launch.step_ends):
        is_new = number >= launch.prompt_length - 1
        steps.append(Step("new" if is_new else "prompt", end, end - before))
        before = end
    return steps
