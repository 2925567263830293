"""What is on the screen: steps on the left, lines in the middle, what is known on the right."""

from collections.abc import Callable

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option
from typing_extensions import override

from lmc.design.folder import Design
from lmc.diagnostics import LmcError, SourceError
from lmc.explorer import Exploration
from lmc.explorer.numerics import Measure
from lmc.explorer.ops import SourceLine
from lmc.explorer.steps import read_steps
from lmc.ir.registry import Registry
from lmc.terminal.history import Entry, History
from lmc.terminal.lines import LinesView
from lmc.terminal.panel import Panel, entry_title, step_line
from lmc.terminal.passes import Bench
from lmc.terminal.rows import Mode, Place, Row, changed_rows, cpp_rows, ir_rows, source_rows

_WIDE = 120
"""Cells across from which on there is room for the list of steps."""


def unforeseen(what: str, error: Exception) -> LmcError:
    """An error that nobody foresaw, as a sentence; it must not end the application."""
    return LmcError(f"{what} failed: {' '.join(f'{type(error).__name__}: {error}'.split())}")


class Viewer(App[None]):
    """A design in the terminal, to look at."""

    TITLE = "lmc explore"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    #steps { width: 52; height: 100%; border: none; border-right: solid $primary; }
    Viewer.-narrow #steps { display: none; }
    #middle { width: 1fr; }
    #title {
        height: 1; padding: 0 1; color: $text; background: $primary;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    #lines { height: 1fr; }
    #message { height: auto; max-height: 10; padding: 0 1; display: none; background: $boost; }
    #message.error { color: $text-error; background: $error-muted; }
    #side { width: 36%; padding: 0 1; border-left: solid $primary; }
    #panel { height: auto; }
    """

    def __init__(
        self,
        design: Design,
        registry: Registry,
        collect: Callable[[], Exploration],
        measure: Measure | None = None,
    ):
        super().__init__()
        self._known = collect
        self._measure = measure
        self.bench = Bench(design, registry)
        self.history = History(read_steps(design))
        self.found: Exploration | None = None
        self.entry = self.history.compiled - 1
        self.against: int | None = None
        """The entry to compare with; None for the one before."""
        self.mode = Mode.CHANGED
        self.file: str | None = None
        """The file of code that is shown; None while a step is."""
        self.typed = ""
        """The passes that were run last, until they have made a step."""
        self._told: Callable[[Panel], Text] = self._of_design
        """What the panel says; it says it again when more is known."""

    @override
    def compose(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(id="steps", markup=False)
            with Vertical(id="middle"):
                yield Static(id="title", markup=False)
                yield LinesView(id="lines")
                yield Static(id="message", markup=False)
            with VerticalScroll(id="side"):
                yield Static(id="panel", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list of steps out where there is no room for it."""
        self.set_class(event.size.width < _WIDE, "-narrow")

    def on_mount(self) -> None:
        """Show the last step, and collect what is known of the design meanwhile."""
        self.lines.focus()
        self._list_steps()
        self._show_step()
        self._tell(self._of_design)
        self.run_worker(self._collect, thread=True, group="collect")

    @property
    def lines(self) -> LinesView:
        """The lines in the middle."""
        return self.query_one("#lines", LinesView)

    @property
    def steps(self) -> OptionList:
        """The list of steps."""
        return self.query_one("#steps", OptionList)

    @property
    def compared(self) -> int:
        """The entry that this one is compared with: itself for the first."""
        if self.against is not None:
            return self.against
        return max(self.history.entries[self.entry].before, 0)

    # What is known of the design

    def _collect(self) -> None:
        try:
            found = self._known()
        except LmcError as error:
            self.call_from_thread(self._fail, error)
        except Exception as error:
            self.call_from_thread(self._fail, unforeseen("collecting", error))
        else:
            self.call_from_thread(self._take, found)
            if self._measure is not None:
                self._run_steps(found, self._measure)

    def _run_steps(self, found: Exploration, measure: Measure) -> None:
        """Find what steps cost in accuracy; what else is known is shown meanwhile."""
        self.call_from_thread(self._say, "running the steps …")
        try:
            measured = found.measured(measure)
        except LmcError as error:
            self.call_from_thread(self._fail, error)
        except Exception as error:
            self.call_from_thread(self._fail, unforeseen("running the steps", error))
        else:
            self.call_from_thread(self._take, measured)
            self.call_from_thread(self._say, "The steps were run: each says what it costs.")

    def _take(self, found: Exploration) -> None:
        self.found = found
        self.history.explore(found)
        self._list_steps()
        if self.file is None and self.mode is Mode.IR:
            self._show_step(self.lines.chosen)
        self._tell(self._told)

    # What is shown

    def _list_steps(self) -> None:
        options = [
            Option(step_line("+" if one.is_own else str(number), one))
            for number, one in enumerate(self.history.entries)
        ]
        with self.prevent(OptionList.OptionHighlighted):
            self.steps.clear_options()
            self.steps.add_options(options)
            self.steps.highlighted = self.entry

    def _go_to(self, entry: int) -> None:
        """Show another entry, beside the one before it."""
        self.entry, self.against, self.file = entry, None, None
        with self.prevent(OptionList.OptionHighlighted):
            self.steps.highlighted = entry
        self._say("")
        self._show_step()
        compared = self.compared
        self._tell(lambda panel: panel.entry(entry, compared))

    def _show_step(self, at: Row | None = None) -> None:
        entry = self.history.entries[self.entry]
        other = self.compared
        title = f"{self.entry}: {entry_title(entry)}"
        if self.mode is Mode.IR or other == self.entry:
            step = entry.step
            rows = ir_rows(self.entry, step.text, step.ops, entry.links)
            title += f", {Mode.IR.value}"
        else:
            before = (other, self.history.entries[other].step.text)
            whole = self.mode is Mode.WHOLE
            rows = changed_rows(before, (self.entry, entry.step.text), whole=whole)
            name = entry_title(self.history.entries[other])
            title += f", {self.mode.value}, against {other}: {name}"
        first = next((n for n, row in enumerate(rows) if row.mark in "+-"), 0)
        self._title(title)
        self.lines.show_rows(rows, 0 if self.mode is Mode.IR else first)
        if at is not None and at.place is not None:
            self.lines.put_at(at.place)

    def _show_file(self, name: str, line: int) -> None:
        """Show a file of PyTorch code or of C++, at a line from 0."""
        rows = self._rows_of(name)
        if rows is None:
            return
        self.file = name
        self._title(f"{name}, Esc goes back to the step")
        self.lines.show_rows(rows, line)
        self._inspect(self.lines.chosen)

    def _rows_of(self, name: str) -> list[Row] | None:
        if self.found is None:
            return None
        for source in self.found.sources:
            if source.file == name:
                ops = (op for one in self.history.entries for op in one.step.ops)
                lines = {op.source.line for op in ops if op.source and op.source.file == name}
                return source_rows(source, sorted(lines))
        files = () if self.found.hardware is None else self.found.hardware.files
        return next((cpp_rows(name, file.text) for file in files if file.name == name), None)

    def _show_place(self, place: Place) -> None:
        """Go to a line of an entry or of a file."""
        if isinstance(place.where, str):
            self._show_file(place.where, place.line)
            return
        if place.where != self.entry or self.file is not None:
            self._go_to(place.where)
        if not self.lines.put_at(place):
            self.mode = Mode.IR
            self._show_step()
            self.lines.put_at(place)
        self._inspect(self.lines.chosen)

    def _inspect(self, row: Row | None) -> None:
        """Say what is known of a row."""
        place = None if row is None else row.place
        if place is None:
            return
        if isinstance(place.where, int):
            entry, op = place.where, self.history.op_at(place.where, place.line)
            if op >= 0:
                self._tell(lambda panel: panel.op(entry, op))
        elif self.found is not None and any(one.file == place.where for one in self.found.sources):
            source = SourceLine(place.where, place.line + 1)
            self._tell(lambda panel: panel.line(source))
        else:
            self._inspect_cpp(place)

    def _inspect_cpp(self, place: Place) -> None:
        hardware = None if self.found is None else self.found.hardware
        for task in () if hardware is None else hardware.tasks:
            cpp = task.cpp
            if cpp and cpp.file == place.where and cpp.first <= place.line + 1 <= cpp.last:
                self._tell(lambda panel, task=task: panel.task(task))
                return

    def _title(self, text: str) -> None:
        self.query_one("#title", Static).update(text)

    def _of_design(self, panel: Panel) -> Text:
        return panel.overview(str(self.bench.design.path))

    def _tell(self, told: Callable[[Panel], Text]) -> None:
        self._told = told
        self.query_one("#panel", Static).update(told(Panel(self.history, self.found)))
        self.query_one("#side", VerticalScroll).scroll_home(animate=False)

    def _say(self, text: str, *, is_error: bool = False) -> None:
        message = self.query_one("#message", Static)
        message.update(text)
        message.display = bool(text)
        message.set_class(is_error, "error")

    def _fail(self, error: LmcError, ran_on: Entry | None = None) -> None:
        """Show an error as `lmc opt` prints it, and its line in the entry that passes ran on."""
        if isinstance(error, SourceError) and ran_on is not None:
            for number, entry in enumerate(self.history.entries):
                if entry.step is ran_on.step:
                    self._show_place(Place(number, error.line - 1))
        # Going to a place takes away what was said before.
        notes: list[str] = getattr(error, "__notes__", [])
        self._say("\n".join((f"error: {error}", *notes)), is_error=True)
