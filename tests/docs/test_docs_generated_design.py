"""Pages whose commands print what they show: docs/generated-design.md and others.

Set LMC_UPDATE_GOLDEN=1 to write what the commands print into the pages, and read the difference.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from documented import PRINTED

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(```sh\n(.*?)```)(?:\n\n```text\n.*?```)?", re.DOTALL)
"""A command, and what it prints if that is anything."""


def printed(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("page", "outputs"), PRINTED.items())
def test_commands_print_what_the_page_shows(page: str, outputs: int, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    def block(found: re.Match[str]) -> str:
        output = printed(found[2], tmp_path)
        return f"{found[1]}\n\n```text\n{output}```" if output else found[1]

    assert len(BLOCK.findall(text)) == text.count("```sh")
    run = BLOCK.sub(block, text)
    if os.environ.get("LMC_UPDATE_GOLDEN"):
        (DOCS / page).write_text(run, encoding="utf-8")
        text = run
    assert run == text
    assert text.count("```text") == outputs
