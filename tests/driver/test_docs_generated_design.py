"""docs/generated-design.md, docs/allocation.md: their commands print what they show."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.parametrize(("page", "outputs"), [("generated-design.md", 3), ("allocation.md", 2)])
def test_commands_print_what_the_page_shows(page: str, outputs: int, tmp_path: Path) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?", text, re.DOTALL)
    assert len(found) == text.count("```sh")
    assert sum(bool(output) for _, output in found) == text.count("```text") == outputs
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command, output in found:
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == output
