"""Progress on standard error, for people who watch a terminal."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol

StepsDone = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""
Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done and the steps in all."""


class Bar(Protocol):
    """A bar that counts steps."""

    def show(self, done: int, step: str) -> None:
        """Show that `done` steps are done and which one is next."""
        ...

    def detail(self, what: str, done: int, total: int) -> None:
        """Show how far the present step is."""
        ...


class _NoBar:
    def show(self, done: int, step: str) -> None:
        pass

    def detail(self, what: str, done: int, total: int) -> None:
        pass


@contextmanager
def progress(what: str, steps: int, *, quiet: bool = False) -> Generator[Bar]:
    """Show a bar of `steps` steps while the block runs; nothing if `quiet` or not on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield _NoBar()
        return
    # Rich is only worth its import time where something is shown.
    from rich import progress as rich_progress
    from rich.console import Console

    columns = (
        rich_progress.TextColumn("{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task(what, total=steps)

        class _RichBar:
            step = what

            def show(self, done: int, step: str) -> None:
                self.step = step
                display.update(task, completed=done, description=f"{what}: {step}")

            def detail(self, what: str, done: int, total: int) -> None:
                display.update(task, description=f"{self.step}: {what} {done}/{total}")

        yield _RichBar()
