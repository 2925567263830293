"""The picture of the explorer in the terminal: the program runs, the steps are those of today."""

import re
from html import unescape
from pathlib import Path

import pytest
from terminal_picture import picture

from lmc.ir.registry import PASSES

PICTURE = Path(__file__).parents[2] / "docs/images/explorer-terminal.svg"


def listed(svg: str) -> list[str]:
    """The steps in the list, those of the compile and the one that was run by hand."""
    first_column = re.findall(r'<text [^>]*x="12\.2"[^>]*>([^<]*)</text>', svg)
    texts = [unescape(text).replace("\xa0", " ") for text in first_column]
    return re.findall(r"^ *(?:\d+|\+) ([a-z][a-z0-9-]*) ", "\n".join(texts), re.MULTILINE)


def test_the_picture_shows_the_steps_of_a_compile() -> None:
    svg = PICTURE.read_text(encoding="utf-8")
    steps = [name for name in PASSES if name != "keep-layers"]
    assert listed(svg) == ["traced", *(name[:20] for name in steps), "hard-silu"]
    assert "url(http" not in svg.replace('"', ""), "it needs nothing of the network"


@pytest.mark.slow
def test_the_program_makes_such_a_picture(mamba2_design: Path) -> None:
    found = listed(picture(mamba2_design))
    assert found[-1] == "hard-silu"
    assert "check-dataflow" in found
