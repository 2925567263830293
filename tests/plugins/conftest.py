"""Packages that are installed for one test, and plugin files that are forgotten after it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lmc.lint import OFFERED
from lmc.models.adapters import ADAPTERS

Install = Callable[..., Path]


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in (ADAPTERS, OFFERED):
        monkeypatch.setattr(table, "of_files", {})


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """`install(name, entry_points, files)`: a package as pip leaves it; its folder."""

    def write(name: str, entry_points: str, files: dict[str, str]) -> Path:
        site = tmp_path / f"site-{name}"
        metadata = site / f"{name}-1.2.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        (metadata / "entry_points.txt").write_text(entry_points)
        for file, text in files.items():
            (site / file).parent.mkdir(exist_ok=True)
            (site / file).write_text(text)
        monkeypatch.syspath_prepend(site)
        return site

    return write
