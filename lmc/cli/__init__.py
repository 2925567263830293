"""The command line, `lmc`: one module for each command, imported when it is used.

Exit status: 0, 1 for an error of one sentence on standard error, 2 for wrong usage.
"""

from lmc.cli.app import main

__all__ = ["main"]
