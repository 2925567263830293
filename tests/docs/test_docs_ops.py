"""docs/ops.md is what the dialects say now, and they say something of each op.

Set LMC_UPDATE_GOLDEN=1 to print it anew.
"""

import re
from pathlib import Path

import pytest
from printed_page import assert_current

from lmc.ir.registry import DIALECTS, load_registry

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/ops.md"
KINDS = [
    kind
    for name in sorted(DIALECTS)
    for dialect in [load_registry().dialects[name]()]
    for kind in (*dialect.operations, *dialect.attributes)
]


def test_the_page_is_current() -> None:
    assert_current(PAGE, ROOT / "docs/site/op_reference.py")


def test_every_op_has_a_section_with_an_example() -> None:
    sections = re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = {section.split("\n")[0]: section for section in sections}
    for name in ("ssm", "dataflow", "host"):
        for op in load_registry().dialects[name]().operations:
            # Its syntax, and what a test has.
            assert found[op.name].count("```text\n") == 2, op.name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__name__}:{kind.name}")
def test_ops_and_attributes_say_what_they_are(kind: type) -> None:
    """In a docstring of their own: that of a base class says nothing of one op."""
    text = vars(kind).get("__doc__") or ""
    assert len(text.split()) > 2
