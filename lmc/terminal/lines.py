"""Rows of text with a cursor; only what is on the screen is drawn, so length costs nothing."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from lmc.terminal.rows import Place, Row
from lmc.terminal.syntax import row_text

_CURSOR = Style(bgcolor="grey30")
_WIDTH = 1020
"""Cells that can be scrolled to, a little more than syntax.py shows of a line."""


class LinesView(ScrollView, can_focus=True):
    """Rows, one of which is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Line before", show=False),
        Binding("down,j", "move(1)", "Next line", show=False),
        Binding("pageup", "page(-1)", "Page before", show=False),
        Binding("pagedown", "page(1)", "Next page", show=False),
        Binding("home", "end(-1)", "First line", show=False),
        Binding("end", "end(1)", "Last line", show=False),
        Binding("left", "scroll_left", "Left", show=False),
        Binding("right", "scroll_right", "Right", show=False),
        Binding("enter", "unfold", "Unfold", show=False),
    ]
    DEFAULT_CSS = """
    LinesView { background: $surface; scrollbar-size-horizontal: 0; }
    LinesView:focus { background-tint: $foreground 2%; }
    """

    class Chosen(Message):
        """A row was chosen by key or mouse."""

        def __init__(self, row: Row):
            super().__init__()
            self.row = row

    def __init__(self, *, id: str | None = None):
        super().__init__(id=id)
        self.rows: list[Row] = []
        self.cursor = 0
        self._digits = 1

    def show_rows(self, rows: Sequence[Row], cursor: int = 0) -> None:
        """Show other rows, the cursor on one of them; it chooses nothing."""
        self.rows = list(rows)
        lines = [row.place.line for row in rows if row.place is not None]
        folded = [one.place.line for row in rows for one in row.folded[-1:] if one.place]
        self._digits = len(str(max(lines + folded, default=0) + 1))
        self.virtual_size = Size(_WIDTH, len(rows))
        self.scroll_to(0, 0, animate=False, force=True, immediate=True)
        self.put(cursor)
        self.refresh()

    def put(self, cursor: int) -> None:
        """Put the cursor on a row and let it be seen; it chooses nothing."""
        self.cursor = max(0, min(cursor, len(self.rows) - 1))
        region = Region(round(self.scroll_x), self.cursor, 1, 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)
        self.refresh()

    def put_at(self, place: Place) -> bool:
        """Put the cursor on the row of a place, unfolding what hides it; whether there is one."""
        for number, row in enumerate(self.rows):
            if row.place == place:
                self.put(number)
                return True
            if any(hidden.place == place for hidden in row.folded):
                self._unfold(number)
                return self.put_at(place)
        return False

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def render_line(self, y: int) -> Strip:
        """Draw a line of the screen."""
        scroll_x, scroll_y = self.scroll_offset
        number, width = y + scroll_y, self.size.width
        if number >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        text = row_text(self.rows[number], self._digits)
        strip = Strip(text.render(self.app.console)).crop_extend(
            scroll_x, scroll_x + width, self.rich_style
        )
        style = _CURSOR if number == self.cursor else self.rich_style
        return strip.apply_style(style)

    def action_move(self, by: int) -> None:
        """Choose a row further on."""
        self._choose(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Choose a row a page further on."""
        self._choose(self.cursor + by * max(1, self.size.height - 1))

    def action_end(self, which: int) -> None:
        """Choose the first or the last row."""
        self._choose(0 if which < 0 else len(self.rows) - 1)

    def action_unfold(self) -> None:
        """Show the rows that the chosen one stands for."""
        self._unfold(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse; a second click unfolds it."""
        number = event.y + self.scroll_offset.y
        if number == self.cursor:
            self._unfold(number)
        self._choose(number)

    def _choose(self, number: int) -> None:
        if self.rows:
            self.put(number)
            self.post_message(self.Chosen(self.rows[self.cursor]))

    def _unfold(self, number: int) -> None:
        if 0 <= number < len(self.rows) and self.rows[number].folded:
            self.rows[number : number + 1] = self.rows[number].folded
            self.virtual_size = Size(_WIDTH, len(self.rows))
            self.put(number)
