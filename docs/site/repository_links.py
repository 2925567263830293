"""Links of the pages, which are written for the repository, in the site.

A hook of mkdocs. Two things are in the repository and not in a site of docs/ alone: the README,
which becomes the site's first page, and files that pages link to, which become pages of their own
under source/. A page is never written for the site: what it links to is relative to its file.
"""

import posixpath
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
README, INDEX = "README.md", "index.md"
LINK = re.compile(r"(\]\()(?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?(\))")
"""A link to a file: what is around the address, the path and the anchor."""
IN_PLACE = (".md", ".png", ".svg", ".ipynb")
"""Files of docs/ that are in the site as they are: pages, pictures and notebooks."""
LANGUAGES = {".py": "python", ".toml": "toml", ".cpp": "cpp", ".h": "cpp", ".md": ""}


def place(path: str) -> str:
    """Where a file of the repository is in the site; `path` is relative to the repository."""
    if path == README:
        return INDEX
    inside = PurePosixPath(path)
    if inside.parts[0] == "docs" and inside.suffix in IN_PLACE:
        return str(inside.relative_to("docs"))
    return f"source/{path if inside.suffix == '.md' else f'{path}.md'}"


def in_site(markdown: str, path: str) -> str:
    """The text of a file of the repository, with links that lead to the same files in the site.

    What leads to no file stays: it is code that looks like a link, or mkdocs says what is missing.
    """
    here, there = posixpath.dirname(path), posixpath.dirname(place(path))

    def moved(link: re.Match[str]) -> str:
        before, address, anchor, after = link.groups(default="")
        target = posixpath.normpath(posixpath.join(here, address))
        if not (ROOT / target).exists():
            return link[0]
        return before + posixpath.relpath(place(target), there or ".") + anchor + after

    return LINK.sub(moved, markdown)


def linked(markdown: str, path: str) -> list[str]:
    """Files that have no place in docs/ and that a file of the repository links to."""
    here = posixpath.dirname(path)
    paths = [
        posixpath.normpath(posixpath.join(here, found[2])) for found in LINK.finditer(markdown)
    ]
    outside = [file for file in paths if place(file).startswith("source/")]
    return [file for file in outside if (ROOT / file).is_file()]


def source_page(path: str) -> str:
    """A file of the repository as a page: a page that it is, or its text."""
    text = (ROOT / path).read_text(encoding="utf-8")
    suffix = PurePosixPath(path).suffix
    if suffix == ".md":
        return in_site(text, path)
    return f"# {path}\n\n~~~~{LANGUAGES.get(suffix, 'text')}\n{text.rstrip()}\n~~~~\n"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the README and all files that pages link to."""
    readme = in_site((ROOT / README).read_text(encoding="utf-8"), README)
    files.append(File.generated(config, INDEX, content=readme))
    pages = [README, *(f"docs/{file.src_uri}" for file in files.documentation_pages())]
    waiting = [page for page in pages if (ROOT / page).is_file()]
    seen = set(waiting)
    while waiting:
        page = waiting.pop()
        for path in linked((ROOT / page).read_text(encoding="utf-8"), page):
            if path in seen:
                continue
            seen.add(path)
            shown = File.generated(config, place(path), content=source_page(path))
            shown.inclusion = InclusionLevel.NOT_IN_NAV
            files.append(shown)
            if path.endswith(".md"):
                waiting.append(path)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the links of a page of docs/ lead to pages of the site."""
    if page.file.generated_by:
        return markdown
    return in_site(markdown, f"docs/{page.file.src_uri}")
