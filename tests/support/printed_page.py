"""Pages of the documentation that a script prints."""

import os
import subprocess
import sys
from pathlib import Path


def assert_current(page: Path, script: Path) -> None:
    """A page is what its script prints; with LMC_UPDATE_GOLDEN it becomes so."""
    command = [sys.executable, str(script)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if os.environ.get("LMC_UPDATE_GOLDEN"):
        page.write_text(printed, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == printed
