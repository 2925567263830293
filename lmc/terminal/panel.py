"""What the panel says of an op, a PyTorch line, a task, a stream, or of the design as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from rich.text import Text

from lmc.dataflow.resources.counts import NAMES, amount
from lmc.explorer import Exploration
from lmc.explorer.hardware import Hardware, Stream, Task
from lmc.explorer.lineage import Kind
from lmc.explorer.ops import Op, SourceLine, plain
from lmc.explorer.steps import Taken
from lmc.ir.levels import MODEL
from lmc.terminal.costs import accuracy_sentences, bits_sentences, short_bits
from lmc.terminal.differences import changed_words
from lmc.terminal.history import Entry, History
from lmc.terminal.syntax import highlighted

_MOST_OPS = 4


def op_label(op: Op) -> str:
    """An op in short: `%x = ssm.linear @in_proj`."""
    results = ", ".join(f"%{name}" for name in op.results if name)
    parts = (results and f"{results} =", op.name, op.symbol and f"@{op.symbol}", op.called)
    return " ".join(filter(None, parts))


def entry_title(entry: Entry) -> str:
    """What an entry is called in lists."""
    passes = entry.step.passes
    return f"{passes[0]} … {passes[-1]}" if len(passes) > 1 else entry.step.name


def step_line(number: str, entry: Entry) -> str:
    """An entry in the list: its name, bits, ops, how many were changed (~) and made (+)."""
    changed, made = _counted(entry)
    marks = " ".join(f"{mark}{count}" for mark, count in (("~", changed), ("+", made)) if count)
    bits = short_bits(entry.step.bits)
    return f"{number:>2} {entry_title(entry):20.20} {bits:>7} {len(entry.step.ops):>5} {marks}"


def _counted(entry: Entry) -> tuple[int, int]:
    """How many ops of an entry its passes changed, and how many they made."""
    if entry.before < 0:
        return 0, 0
    kinds = Counter(link.kind for link in entry.links or ())
    return kinds[Kind.CHANGED], sum(kinds[kind] for kind in (Kind.ORIGIN, Kind.LINE, Kind.NEW))


class Panel:
    """Says it, of a history and of what was found of the design; None while that is collected."""

    def __init__(self, history: History, found: Exploration | None):
        self._history, self._found = history, found

    def overview(self, design: str) -> Text:
        """The design as a whole."""
        text = Text()
        found = self._found
        if found is None:
            _head(text, design)
            _say(text, "What became of lines and ops, cycles and resources are being collected …")
            return text
        _head(text, f"{found.model} for {found.target}")
        _say(text, f"{design}, preset {found.preset or 'none'}, lmc {found.lmc}")
        if found.is_random:
            _say(text, "The weights were drawn at random.")
        hardware = found.hardware
        if hardware is not None:
            _design(text, hardware)
        _evaluated(text, found)
        for remark in found.remarks:
            _say(text, remark)
        return text

    def entry(self, number: int, against: int) -> Text:
        """A step: ops by name, beside those of another one."""
        entry, other = self._history.entries[number], self._history.entries[against]
        text = Text()
        _head(text, f"{number}: {entry_title(entry)}")
        level = "not recorded" if entry.step.level is None else entry.step.level
        where = entry.step.file or "not saved"
        changed, made = _counted(entry)
        _say(text, f"{where}, level {level}")
        _say(text, f"{len(entry.step.ops):,} ops, {changed:,} changed, {made:,} new")
        if entry.step.taken is not None:
            _say(text, _taken(entry.step.taken))
        before_bits = self._history.bits_before(number)
        for sentence in bits_sentences(entry.step.bits, before_bits):
            _say(text, sentence)
        for sentence in self._accuracy(number):
            _say(text, sentence)
        now = entry.step.counts
        before = other.step.counts if number != against else now
        _head(text, "Ops by name" if number == against else f"Ops by name, beside {against}")
        for name in [*now, *(name for name in before if name not in now)]:
            delta = now.get(name, 0) - before.get(name, 0)
            difference = f"{delta:+,}" if delta else ""
            style = "green" if delta > 0 else "red" if delta else ""
            text.append(f"{now.get(name, 0):>7,} ").append(f"{difference:>7} ", style)
            text.append(f"{name}\n")
        return text

    def op(self, number: int, op: int) -> Text:
        """An op: its text, what was changed, its PyTorch line, its way, its task."""
        entry = self._history.entries[number]
        one = entry.step.ops[op]
        text = Text()
        _head(text, op_label(one))
        _say(text, f"{number}: {entry_title(entry)}, line {one.line + 1}")
        line = _line(entry, one)
        text.append_text(highlighted(line, "ir")).append("\n")
        self._changed(text, entry, op, line)
        for name, pattern in entry.step.work.get(op, ()):
            module, _, short = pattern.rpartition(".")
            _say(text, f"By the pattern {short} of {module}, in {name}")
        if one.source is None:
            _say(text, "\nNo PyTorch line is recorded for this op: it is the compiler's own.")
        else:
            self._pytorch(text, one.source)
        if self._found is None:
            _say(text, "\nWhere it comes from is being collected …")
            return text
        sets = self._history.family(number, {op})
        self._way(text, sets, number)
        at = self._history.task_of(number, op)
        own = set[str]()
        if at >= 0:
            own = self._tasks(self._history.family(number, {at}))
        self._hardware(text, own or self._tasks(sets))
        return text

    def line(self, source: SourceLine) -> Text:
        """A PyTorch line: what touched it, its tasks, its ops."""
        text = Text()
        _head(text, f"{source.file}:{source.line}")
        if self._found is None:
            _say(text, "What became of it is being collected …")
            return text
        files = {one.file: one for one in self._found.sources}
        lines = (source.line,)
        if callers := files[source.file].callers.get(source.line):
            named = " and ".join(map(str, callers))
            _say(
                text,
                "PyTorch's export records lines of forward only. What follows is of line "
                f"{named}, which reaches this one.",
            )
            lines = callers
        wanted = {SourceLine(source.file, line) for line in lines}
        sets = {
            number: {n for n, op in enumerate(entry.step.ops) if op.source in wanted}
            for number, entry in enumerate(self._history.entries)
        }
        self._way(text, sets, -1)
        tasks = self._tasks(sets)
        above = self._found.above
        if above >= 0:
            tasks |= self._tasks(self._history.family(above, sets[above]))
        self._hardware(text, tasks)
        return text

    def task(self, task: Task) -> Text:
        """A task: its C++, loops, streams, cycles, waits and resources."""
        text = Text()
        if self._found is not None and self._found.hardware is not None:
            _task(text, task, self._found.hardware)
        return text

    def stream(self, stream: Stream) -> Text:
        """A stream: its ends, depth, fill, waits and resources."""
        text = Text()
        _head(text, f"Stream {stream.name}")
        depth = "not set" if stream.depth is None else f"{stream.depth:,} elements"
        _say(text, f"from {stream.producer or 'nobody'} to {stream.consumer or 'nobody'}")
        _say(text, f"{stream.bits} bits, depth {depth}; takes {_resources(stream.resources)}")
        if stream.figures is not None:
            use = stream.figures
            _say(text, f"passed {use.elements:,} elements, held {use.most:,} at most")
            _say(text, f"its reader waited {use.empty:,} cycles: it was empty")
            _say(text, f"its writer waited {use.full:,} cycles: it was full")
        if self._found is not None and self._found.hardware is not None:
            _labels(text, self._found.hardware)
        return text

    def _accuracy(self, number: int) -> list[str]:
        """What a step of the compile costs in accuracy, where the steps were run."""
        found = self._found
        if found is None or found.numerics is None or number not in found.numerics.steps:
            return []
        is_float = found.steps[number].level == MODEL
        tokens = len(found.numerics.tokens)
        return accuracy_sentences(found.numerics.steps[number], tokens, is_float=is_float)

    def _tasks(self, sets: Mapping[int, Set[int]]) -> set[str]:
        return set(self._history.tasks_in(sets.get(self._history.compiled - 1, set())))

    def _changed(self, text: Text, entry: Entry, op: int, line: str) -> None:
        if entry.links is None or entry.links[op].kind != Kind.CHANGED:
            return
        before = self._history.entries[entry.before]
        was = _line(before, before.step.ops[entry.links[op].before[0]])
        if plain(was) == plain(line):
            return
        _head(text, f"Changed by {', '.join(entry.step.passes)}; it was")
        shown = highlighted(was, "ir")
        for start, end in changed_words(was, line):
            shown.stylize("black on red", start, end)
        text.append_text(shown).append("\n")

    def _pytorch(self, text: Text, source: SourceLine) -> None:
        _head(text, f"PyTorch: {source.file}:{source.line}")
        for one in () if self._found is None else self._found.sources:
            if one.file == source.file and one.text is not None:
                line = one.text.split("\n")[source.line - 1].strip()
                text.append_text(highlighted(line, "python")).append("\n")

    def _way(self, text: Text, sets: Mapping[int, Set[int]], here: int) -> None:
        """The steps that did something with ops, and what."""
        _head(text, "Through the steps" if any(sets.values()) else "It has no ops")
        for number, ops in sets.items():
            word = self._history.deed(number, sets)
            if not word or (word == "kept" and number != here):
                continue
            entry = self._history.entries[number]
            mark = "▸" if number == here else " "
            text.append(f"{mark} {word:9} ", "bold" if number == here else "")
            text.append(f"{number}: {entry_title(entry)}\n", "bold")
            for op in sorted(ops)[:_MOST_OPS]:
                one = entry.step.ops[op]
                text.append(f"      {one.line + 1}: {op_label(one)}\n")
            if len(ops) > _MOST_OPS:
                text.append(f"      and {len(ops) - _MOST_OPS:,} more\n", "grey58")

    def _hardware(self, text: Text, names: Set[str]) -> None:
        hardware = None if self._found is None else self._found.hardware
        if hardware is None:
            return
        tasks = [task for task in hardware.tasks if task.name in names]
        if len(tasks) == 1:
            _task(text, tasks[0], hardware)
            return
        _head(text, f"{len(tasks)} tasks" if tasks else "No task is known to be for it")
        for task in sorted(tasks, key=lambda one: -_cycles(one)):
            _say(text, f"{task.name}: {_figures(task)}; {_place(task)}")
        if tasks:
            _labels(text, hardware)


def _taken(taken: Taken) -> str:
    """What the passes of a step took, with what earlier passes left in memory."""
    times = (
        f"{taken.processor_seconds:,.3f} s of processor time, {taken.seconds:,.3f} s by the clock"
    )
    peak = taken.peak_bytes
    return times if peak is None else f"{times}; {peak / 1e6:,.0f} MB held at most"


def _line(entry: Entry, op: Op) -> str:
    return entry.step.text.split("\n")[op.line].strip()


def _design(text: Text, hardware: Hardware) -> None:
    _head(text, "Speed")
    if hardware.simulation is None:
        _say(text, f"not simulated: {hardware.not_simulated}")
    else:
        for figure, value, label in hardware.simulation.rows:
            _say(text, f"{figure}: {value} ({label})")
    for sentence in hardware.limits:
        _say(text, sentence)
    _head(text, f"Resources ({hardware.budget_label})")
    for name, used, budget, share in hardware.budget:
        _say(text, f"{name}: {amount(used)} of {amount(budget)}, {share}")
    if hardware.excess is not None:
        _say(text, hardware.excess)


def _evaluated(text: Text, found: Exploration) -> None:
    _head(text, "Accuracy")
    for engine, loss, *_ in () if found.evaluation is None else found.evaluation.rows:
        _say(text, f"{engine}: {loss} bits per byte")
    _say(text, found.not_evaluated if found.evaluation is None else found.evaluation.source)


def _task(text: Text, task: Task, hardware: Hardware) -> None:
    _head(text, f"Task {task.name}")
    _say(text, f"kernel {task.kernel}; {_figures(task)}")
    if task.figures is not None:
        waits = task.figures
        _say(text, f"waited {waits.waited:,} cycles of the launch")
        if waits.longest_wait:
            _say(text, f"waits longest: {waits.longest_wait}, {waits.longest_wait_cycles:,} cycles")
    _say(text, f"takes {_resources(task.resources)}")
    if task.cpp is not None:
        _say(text, f"C++: {task.cpp.function} in {_place(task)}")
    _labels(text, hardware)
    if task.loops:
        _head(text, "Loops, as schedule-loops planned them")
        _loops(text, task.loops, 0)
    _streams(text, task, hardware)


def _loops(text: Text, loops: Sequence[Mapping[str, Any]], depth: int) -> None:
    for loop in loops:
        trips = "trips set at run time" if loop["trips"] is None else f"{loop['trips']:,} trips"
        parts = [trips]
        if loop.get("ii") is not None:
            parts.append(f"II {loop['ii']}")
        if loop.get("latency") is not None:
            parts.append(f"latency {loop['latency']:,}")
        _say(text, f"{'  ' * depth}{loop['label']}: {', '.join(parts)}")
        _loops(text, loop.get("loops", ()), depth + 1)


def _streams(text: Text, task: Task, hardware: Hardware) -> None:
    named = {stream.name: stream for stream in hardware.streams}
    ends = [*(("in", name) for name in task.reads), *(("out", name) for name in task.writes)]
    if ends:
        _head(text, "Streams")
    for verb, name in ends:
        stream = named[name]
        parts = [f"{stream.bits} bits", f"depth {stream.depth}"]
        if (use := stream.figures) is not None:
            waited = use.empty if verb == "in" else use.full
            parts += [f"held {use.most:,}", f"waited {waited:,}"]
        _say(text, f"{verb:3} {name}: {', '.join(parts)}")


def _cycles(task: Task) -> int:
    return 0 if task.figures is None else task.figures.decode_cycles


def _figures(task: Task) -> str:
    if task.figures is None:
        return "no cycles, it was not simulated"
    return f"{task.figures.decode_cycles:,} cycles a token, busy {task.figures.occupancy:.1%}"


def _place(task: Task) -> str:
    cpp = task.cpp
    return "no C++" if cpp is None else f"{cpp.file}:{cpp.first}-{cpp.last}"


def _resources(resources: Mapping[str, float]) -> str:
    used = [f"{amount(resources[k])} {name}" for k, name in NAMES.items() if resources.get(k)]
    return ", ".join(used) or "nothing"


def _labels(text: Text, hardware: Hardware) -> None:
    simulated = "" if hardware.simulation is None else f"cycles: {hardware.simulation.label}; "
    text.append(f"{simulated}resources: {hardware.budget_label}\n", "grey58")


def _head(text: Text, title: str) -> None:
    text.append(f"{chr(10) if text else ''}{title}\n", "bold underline")


def _say(text: Text, sentence: str) -> None:
    text.append(f"{sentence}\n")
