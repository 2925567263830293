"""docs/python.md and docs/tutorial.ipynb: their Python is run, and gives what they show.

Set LMC_UPDATE_GOLDEN=1 to write what it gives into both, and read the difference.
"""

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(```python\n(.*?)```)(?:\n\n```text\n.*?```)?", re.DOTALL)
"""Python, and what it prints if that is anything."""

pytestmark = pytest.mark.slow


def test_the_page_shows_what_its_python_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = DOCS / "python.md"
    text = page.read_text(encoding="utf-8")
    names: dict[str, Any] = {}

    def block(found: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(found[2], page.name, "exec"), names)
        output = printed.getvalue()
        return f"{found[1]}\n\n```text\n{output}```" if output else found[1]

    assert len(BLOCK.findall(text)) == text.count("```python")
    run = BLOCK.sub(block, text)
    if os.environ.get("LMC_UPDATE_GOLDEN"):
        page.write_text(run, encoding="utf-8")
        text = run
    assert run == text
    assert text.count("```text") == 6


def test_the_tutorial_shows_what_it_computes(tmp_path: Path) -> None:
    path = DOCS / "tutorial.ipynb"
    notebook = nbformat.read(path, as_version=4)
    shown = [_outputs(cell) for cell in notebook.cells]
    client = NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    for cell in notebook.cells:
        # When a cell was run differs each time, and warnings of libraries and progress do.
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    if os.environ.get("LMC_UPDATE_GOLDEN"):
        nbformat.write(notebook, path)
        shown = [_outputs(cell) for cell in notebook.cells]
    assert [_outputs(cell) for cell in notebook.cells] == shown
    assert sum(map(len, shown)) == 8


def _outputs(cell: Any) -> list[Any]:
    return [dict(one.get("data", {"text": one.get("text")})) for one in cell.get("outputs", [])]
