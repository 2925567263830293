"""What asks: a list to choose from, passes to run, the name of a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from lmc.terminal.pass_choice import PassChoice, completed

_MOST_LISTED = 300


@dataclass(frozen=True)
class Choice:
    """An entry of a list, and what choosing it does; a heading does nothing."""

    label: str
    act: Callable[[], None] | None


ResultT = TypeVar("ResultT")


class _Prompt(ModalScreen["ResultT | None"], Generic[ResultT]):
    """A line to type in and a list below it; Esc closes it without a result."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("down", "down", "To the list", show=False),
    ]
    DEFAULT_CSS = """
    _Prompt { align: center middle; }
    _Prompt > Vertical {
        width: 90%; max-width: 110; height: auto; max-height: 80%;
        padding: 0 1; border: round $primary; background: $surface;
    }
    _Prompt OptionList { height: auto; max-height: 20; border: none; }
    _Prompt .note { color: $text-muted; }
    """

    def __init__(self, title: str, note: str, text: str = ""):
        super().__init__()
        self._title, self._note, self._text = title, note, text

    def compose(self) -> ComposeResult:
        """Make the widgets."""
        with Vertical() as box:
            # A plain text would be taken for markup, and `[x]` in options of a pass would vanish.
            box.border_title = Text(self._title)
            yield Input(self._text, id="words", select_on_focus=False)
            yield OptionList(id="list", markup=False)
            yield Label(self._note, id="note", classes="note", markup=False)

    def on_mount(self) -> None:
        """List what there is."""
        self.fill(self._text)
        self.words.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """List what fits the words."""
        self.fill(event.value)

    def fill(self, words: str) -> None:
        """List what fits the words."""

    @property
    def words(self) -> Input:
        """The line to type in."""
        return self.query_one("#words", Input)

    @property
    def entries(self) -> OptionList:
        """The list below it."""
        return self.query_one("#list", OptionList)

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def action_down(self) -> None:
        """Go from the line to the list."""
        if self.entries.option_count:
            self.entries.focus()
            self.entries.action_first()


class ChoicePrompt(_Prompt[Choice]):
    """Choose one of what `find` finds for the words."""

    def __init__(self, title: str, find: Callable[[str], Sequence[Choice]]):
        super().__init__(title, "↓ goes to the list, Enter chooses, Esc closes")
        self._find = find
        self._found: Sequence[Choice] = ()

    def fill(self, words: str) -> None:
        """List what is found."""
        self._found = self._find(words.strip().lower())[:_MOST_LISTED]
        self.entries.clear_options()
        self.entries.add_options(Option(one.label, disabled=one.act is None) for one in self._found)

    def on_input_submitted(self) -> None:
        """Choose the first."""
        self._choose(next((one for one in self._found if one.act is not None), None))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose an entry."""
        self._choose(self._found[event.option_index])

    def _choose(self, choice: Choice | None) -> None:
        if choice is not None:
            self.dismiss(choice)


class PassPrompt(_Prompt[str]):
    """Type a pipeline; the list completes its last pass."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", show=False, priority=True),
    ]

    def __init__(self, module: str, find: Callable[[str], Sequence[PassChoice]], text: str):
        super().__init__(f"Run passes on {module}", "", text)
        self._find = find
        self._found: Sequence[PassChoice] = ()

    def fill(self, words: str) -> None:
        """List the passes that fit the last word."""
        self._found = self._find(words)
        self.entries.clear_options()
        self.entries.add_options(Option(f"{one.name:32} {one.why}") for one in self._found)
        self._describe(0)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run what is typed."""
        if event.value.strip():
            self.dismiss(event.value.strip())

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what a pass does."""
        self._describe(event.option_index)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Complete with a pass."""
        self._complete(event.option_index)

    def action_complete(self) -> None:
        """Complete with the pass that the list is at, else the first."""
        self._complete(self.entries.highlighted or 0)

    def _complete(self, number: int) -> None:
        if number < len(self._found):
            self.words.value = completed(self.words.value, self._found[number].name)
            self.words.focus()
            self.words.action_end()

    def _describe(self, number: int) -> None:
        sentence = "Enter runs what is typed, as name{option=value},name; Tab completes"
        if number < len(self._found):
            one = self._found[number]
            options = f" Options: {', '.join(one.options)}." if one.options else ""
            sentence = f"{one.name}: {one.summary}{options}\n{sentence}"
        self.query_one("#note", Label).update(sentence)


class FilePrompt(_Prompt[str]):
    """Type the name of a file."""

    def on_mount(self) -> None:
        """There is nothing to list."""
        self.entries.display = False
        self.words.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the name."""
        if event.value.strip():
            self.dismiss(event.value.strip())
