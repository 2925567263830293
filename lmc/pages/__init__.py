"""What the HTML pages of a design folder share: names, looks, and how they are filled in."""

from pathlib import Path

import jinja2

REPORT = "report.html"
"""What `lmc simulate` writes into a design folder."""
EXPLORER = "explorer.html"
"""What `lmc explore` writes into a design folder."""
_STYLE = Path(__file__).parent / "base.css"


def style(own: Path) -> str:
    """The style sheet of a page: the one that all pages have, then its own rules."""
    return _STYLE.read_text(encoding="utf-8") + own.read_text(encoding="utf-8")


def environment() -> jinja2.Environment:
    """What fills in the templates of pages: text is escaped, and an unknown name is an error."""
    return jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
