"""The explorer: one HTML file about a compiled design, from PyTorch lines to cycles."""

from lmc.explorer.collect import Exploration, explore
from lmc.explorer.page import explorer_page, write_explorer
from lmc.pages import EXPLORER

__all__ = ["EXPLORER", "Exploration", "explore", "explorer_page", "write_explorer"]
