"""`lmc explore --terminal`: what it refuses."""

import sys
from pathlib import Path

import pytest


def test_textual_is_asked_for(lmc, mamba2_design: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual", None)
    done = lmc("explore", mamba2_design, "--terminal")
    assert done.status == 1
    assert done.errors == (
        "error: `lmc explore --terminal` needs textual, which is not installed; install it with "
        "`pip install 'lmc-fpga[terminal]'`\n"
    )


def test_a_terminal_is_asked_for(lmc, mamba2_design: Path) -> None:
    done = lmc("explore", mamba2_design, "--terminal")
    assert done.status == 1
    assert "needs a terminal for its input and output" in done.errors


def test_a_folder_that_is_no_design(lmc, tmp_path: Path) -> None:
    done = lmc("explore", tmp_path, "--terminal")
    assert done.status == 1
    assert "is not a design folder" in done.errors


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--terminal", "-o", "x.html"), "--output is for the page"),
        (("--terminal", "--json"), "--json is for the page"),
    ],
)
def test_options_of_the_other_kind(
    lmc, mamba2_design: Path, options: tuple[str, ...], sentence: str
) -> None:
    done = lmc("explore", mamba2_design, *options)
    assert done.status == 2
    assert sentence in done.errors


def test_nothing_of_it_is_loaded_for_other_commands() -> None:
    import subprocess

    code = "import sys, lmc.cli.app; print('textual' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
