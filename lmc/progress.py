"""Progress on standard error, for people who watch a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str], None]
"""Counts one step as done and shows what comes next."""


@contextmanager
def progress(what: str, steps: int, *, quiet: bool = False) -> Iterator[Advance]:
    """Show a bar of `steps` steps while the block runs; nothing if `quiet` or not on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    # Rich is only worth its import time where something is shown.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=steps)

        def advance(next_step: str) -> None:
            bar.update(task, advance=1, description=f"{what}: {next_step}" if next_step else what)

        yield advance
