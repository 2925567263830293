"""The explorer in the terminal: what the page shows of a design, and passes run by hand."""

from lmc.terminal.app import show

__all__ = ["show"]
