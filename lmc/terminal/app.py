"""The application: what keys do, to look around in a design and to run passes on its modules."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import OptionList

from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.explorer import Exploration
from lmc.explorer.numerics import Measure
from lmc.ir.registry import Registry
from lmc.terminal.finding import Found, find
from lmc.terminal.history import Entry
from lmc.terminal.lines import LinesView
from lmc.terminal.panel import entry_title, op_label
from lmc.terminal.pass_choice import pass_choices
from lmc.terminal.prompts import Choice, ChoicePrompt, FilePrompt, PassPrompt
from lmc.terminal.rows import Mode, Place
from lmc.terminal.viewer import Viewer, unforeseen


def show(
    design: Design,
    registry: Registry,
    collect: Callable[[], Exploration],
    measure: Measure | None = None,
) -> None:
    """Show a design in the terminal until the user quits.

    `collect` finds what is known of it, while its steps are shown already, and `measure` then what
    they cost in accuracy; an LmcError that one of them raises is shown. Raises LmcError where the
    folder lacks IR that the manifest names.
    """
    Explorer(design, registry, collect, measure).run()


class Explorer(Viewer):
    """A design in the terminal, and what keys do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "step(-1)", "Before", key_display="["),
        Binding("right_square_bracket", "step(1)", "After", key_display="]"),
        Binding("d", "mode", "Diff/IR"),
        Binding("a", "against", "Against"),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("w", "way", "Way"),
        Binding("p", "pytorch", "PyTorch"),
        Binding("c", "cpp", "C++"),
        Binding("r", "run", "Run a pass"),
        Binding("u", "undo", "Undo"),
        Binding("s", "save", "Save"),
        Binding("escape", "leave", "Back"),
        Binding("q", "quit", "Quit"),
    ]

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the step that is chosen in the list."""
        if event.option_list is self.steps and event.option_index != self.entry:
            self._go_to(event.option_index)

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Say what is known of the line that is chosen."""
        self._inspect(event.row)

    def action_step(self, by: int) -> None:
        """Show the step before or the next one."""
        if 0 <= self.entry + by < len(self.history.entries):
            self._go_to(self.entry + by)

    def action_mode(self) -> None:
        """Show what changed, all lines, or the IR."""
        if self.file is None:
            modes = list(Mode)
            self.mode = modes[(modes.index(self.mode) + 1) % len(modes)]
            self._show_step(self.lines.chosen)

    def action_leave(self) -> None:
        """Go back from a file to the step, from a line to the step as a whole, then the design."""
        if self.file is not None:
            self._go_to(self.entry)
        else:
            self._say("")
            self._tell(self._of_design)

    def action_against(self) -> None:
        """Choose a step to compare with."""

        def compare(number: int) -> None:
            self.against, self.file = number, None
            if self.mode is Mode.IR:
                self.mode = Mode.CHANGED
            self._show_step()
            entry = self.entry
            self._tell(lambda panel: panel.entry(entry, number))

        def steps(words: str) -> list[Choice]:
            titles = [f"{n}: {entry_title(one)}" for n, one in enumerate(self.history.entries)]
            return [
                Choice(title, partial(compare, number))
                for number, title in enumerate(titles)
                if words in title and number != self.entry
            ]

        self._choose("Compare with", steps)

    def action_search(self) -> None:
        """Search lines, ops, tasks, streams, steps and files."""

        def fitting(words: str) -> list[Choice]:
            choices: list[Choice] = []
            group = ""
            for one in find(self.history, self.found, self.entry, words) if words else ():
                if one.group != group:
                    group = one.group
                    choices.append(Choice(group, None))
                choices.append(Choice(f"  {one.label}", partial(self._show_found, one)))
            return choices

        self._choose("Search", fitting)

    def _show_found(self, found: Found) -> None:
        where = found.where
        if isinstance(where, int):
            self._go_to(where)
        elif isinstance(where, Place):
            self._show_place(where)
        elif self.found is not None and self.found.hardware is not None:
            for task in self.found.hardware.tasks:
                if task.name == where:
                    self._tell(lambda panel, task=task: panel.task(task))
            for stream in self.found.hardware.streams:
                if stream.name == where:
                    self._tell(lambda panel, stream=stream: panel.stream(stream))

    def action_way(self) -> None:
        """Choose one of the ops that the chosen one was made of, or became."""
        row = self.lines.chosen
        place = None if row is None else row.place
        if place is None or isinstance(place.where, str):
            return
        op = self.history.op_at(place.where, place.line)
        if op < 0:
            return
        choices: list[Choice] = []
        for number, ops in self.history.family(place.where, {op}).items():
            entry = self.history.entries[number]
            choices.append(Choice(f"{number}: {entry_title(entry)}", None))
            for one in sorted(ops):
                there = entry.step.ops[one]
                label = f"  {there.line + 1}: {op_label(there)}"
                choices.append(Choice(label, partial(self._show_place, Place(number, there.line))))
        self._choose(
            "Through the steps",
            lambda words: [one for one in choices if words in one.label.lower()],
        )

    def _choose(self, title: str, found: Callable[[str], list[Choice]]) -> None:
        def act(choice: Choice | None) -> None:
            if choice is not None and choice.act is not None:
                choice.act()

        self.push_screen(ChoicePrompt(title, found), act)

    def action_pytorch(self) -> None:
        """Show the PyTorch line of the chosen op."""
        row = self.lines.chosen
        place = None if row is None else row.place
        if self.found is None or not self.found.sources:
            self._say("PyTorch code is not known yet")
            return
        if place is not None and isinstance(place.where, int):
            op = self.history.op_at(place.where, place.line)
            source = self.history.entries[place.where].step.ops[op].source if op >= 0 else None
            if source is not None:
                self._show_file(source.file, source.line - 1)
                return
            self._say("No PyTorch line is recorded for this op: it is the compiler's own.")
        self._show_file(self.found.sources[0].file, 0)

    def action_cpp(self) -> None:
        """Show the C++ of the task that the chosen op is for."""
        hardware = None if self.found is None else self.found.hardware
        row = self.lines.chosen
        place = None if row is None else row.place
        if hardware is None or place is None or isinstance(place.where, str):
            return
        op = self.history.op_at(place.where, place.line)
        sets = self.history.family(place.where, {op} if op >= 0 else set())
        names = self.history.tasks_in(sets.get(self.history.compiled - 1, set()))
        for task in hardware.tasks:
            if task.name in names and task.cpp is not None:
                self._show_file(task.cpp.file, task.cpp.first - 1)
                return
        self._say("No task is known to be for this op.")

    # Passes

    def action_run(self) -> None:
        """Ask for passes and run them on this step."""
        entry = self.history.entries[self.entry]
        steps = [one.step for one in self.history.entries[: self.history.compiled]]
        offered = partial(pass_choices, self.bench.registry, steps, entry.step)

        def run(passes: str | None) -> None:
            if passes is not None:
                self.typed = passes
                self._say(f"running {passes} …")
                work = partial(self._run, self.entry, passes)
                self.run_worker(work, thread=True, group="run", exclusive=True)

        self.push_screen(
            PassPrompt(f"{self.entry}: {entry_title(entry)}", offered, self.typed), run
        )

    def _run(self, number: int, passes: str) -> None:
        """Run passes on an entry; in a thread, so that keys go on working."""
        before = self.history.entries[number]
        try:
            made = self.history.made(number, self.bench.run(before, passes))
        except LmcError as error:
            self.call_from_thread(self._fail, error, before)
        except Exception as error:
            # Passes of other packages raise what they like; the user's steps must not be lost.
            self.call_from_thread(self._fail, unforeseen(passes, error))
        else:
            self.call_from_thread(self._add, before, made)

    def _add(self, before: Entry, made: Entry) -> None:
        there = self.history.entries[made.before : made.before + 1]
        if not there or there[0].step is not before.step:
            self._say(f"{made.step.name} is done, but the step that it ran on was taken away.")
            return
        self.typed = ""
        self.entry = self.history.add(made)
        self._list_steps()
        self._go_to(self.entry)

    def action_undo(self) -> None:
        """Take the last step of the user's own away."""
        gone = self.history.undo()
        if gone is None:
            self._say("There is nothing to undo: all steps are the compile's.")
            return
        self.entry = gone.before
        self._list_steps()
        self._go_to(gone.before)

    def action_save(self) -> None:
        """Ask for a file and save the module of this step in it."""
        entry = self.history.entries[self.entry]

        def save(name: str | None) -> None:
            if name is None:
                return
            try:
                self.bench.save(entry, Path(name))
            except LmcError as error:
                self._fail(error)
            else:
                self._say(f"{name}: saved")

        note = "Enter saves the module of this step, Esc closes"
        self.push_screen(FilePrompt("Save as", note, f"{entry.step.name}.mlir"), save)
