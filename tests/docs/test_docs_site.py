"""The documentation as a site: it builds without warnings, and reads like its pages."""

import os
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import markdown
import pytest
from markdown_it import MarkdownIt
from mkdocs.config import load_config

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BUILD = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [*BUILD, "--site-dir", str(folder)],
        cwd=ROOT,
        # The theme's own notice about its successor is no warning about these pages.
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def test_every_page_is_in_it(site: Path) -> None:
    names = {"index" if path.stem == "README" else path.stem for path in PAGES}
    assert names == {path.stem for path in site.glob("*.html")} - {"404"}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """Scripts, styles and pictures are files of the site: it can be read without a network."""
    loaded = re.compile(r"""<(?:script|img|iframe|link)\b[^>]*?(?:src|href)=["']?([^"'\s>]+)""")
    found = [url for page in site.rglob("*.html") for url in loaded.findall(page.read_text())]
    assert found
    assert not [url for url in found if re.match(r"(https?:)?//", url)]


def test_links_out_of_docs_lead_to_pages(site: Path) -> None:
    page = (site / "writing-a-pass.html").read_text(encoding="utf-8")
    (address,) = set(re.findall(r'href="([^"]*hard_silu[^"]*)"', page))
    source = (site / address).read_text(encoding="utf-8")
    assert "HardSiluOp" in source
    assert 'href="index.html#what-figures-mean"' in (site / "simulation.html").read_text()


class Tags(HTMLParser):
    """Counts the elements that a reader sees as structure."""

    SEEN = (
        *("h1", "h2", "h3", "h4", "p", "blockquote", "pre", "ul", "ol", "li"),
        *("table", "tr", "th", "td", "code", "a", "strong", "em"),
    )

    def __init__(self, text: str):
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SEEN:
            self.found[tag] += 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_one_structure_in_the_repository_and_in_the_site(page: Path) -> None:
    """The site's Markdown differs from CommonMark, with which repositories are shown."""
    text = page.read_text(encoding="utf-8")
    extensions = load_config(str(ROOT / "mkdocs.yml")).markdown_extensions
    plain = [name for name in extensions if name != "toc"]
    shown = markdown.markdown(
        text,
        extensions=plain,
        extension_configs={"pymdownx.highlight": {"use_pygments": False}},
    )
    assert Tags(shown).found == Tags(MarkdownIt().enable("table").render(text)).found
