"""The report in a browser: wide and narrow, light and dark, printed, without a complaint."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
TALLEST = 12_000
"""Pixels of a narrow page: longer than that is a list, not a report."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None, reason="playwright is not installed"
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def folder(mamba2_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(mamba2_design, tmp_path_factory.mktemp("report") / "design"))


@pytest.fixture
def address(folder: Path, lmc: Callable[..., Any]) -> str:
    report = folder / "report.html"
    if not report.exists():
        done = lmc("simulate", folder, "--tokens", "4", "--prompt-length", "3")
        assert done.status == 0, done.errors
    return report.as_uri()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page, which must not complain and must not ask the network."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(width: int = 1440, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: complaints.append(asked.url) if asked.url[:4] == "http" else None,
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_it_fits_and_has_the_colours_of_the_system(
    open_page: Callable[..., Page], scheme: str, width: int
) -> None:
    page = open_page(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.scrollHeight") < TALLEST
    shades = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    ink, ground = (sum(map(int, re.findall(r"\d+", shade)[:3])) for shade in shades)
    assert (ink > ground) == (scheme == "dark")


def test_a_manager_sees_all_without_scrolling(open_page: Callable[..., Page]) -> None:
    """The summary, with the speed's label, the limit and the warnings, is on the first screen."""
    page = open_page()
    box = page.locator("#summary").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900
    text = page.locator("#summary").inner_text()
    for part in ("tokens/s", "simulated", "What limits it", "LUT", "Accuracy", "Warnings"):
        assert part in text


def test_what_is_drawn_can_be_seen(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for drawn in page.locator(".roofline svg, .strip svg, .rows svg >> visible=true").all():
        box = drawn.bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert box["height"] > 5
    marks = page.locator(".roofline circle")
    boxes = [mark.bounding_box() for mark in marks.all()]
    picture = page.locator(".roofline svg").bounding_box()
    assert picture is not None
    for box in boxes:
        assert box is not None
        assert picture["x"] <= box["x"] <= picture["x"] + picture["width"] - box["width"]
        assert picture["y"] <= box["y"] <= picture["y"] + picture["height"] - box["height"]
    colours = page.locator(".key i").evaluate_all(
        "keys => keys.map(key => getComputedStyle(key).backgroundColor)"
    )
    assert len(set(colours)) > 4


def test_links_go_to_what_is_there(open_page: Callable[..., Page]) -> None:
    page = open_page()
    targets = page.locator("nav a").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    assert len(targets) >= 7
    for target in targets:
        assert page.locator(target).count() == 1


def test_it_prints(open_page: Callable[..., Page]) -> None:
    page = open_page(scheme="dark")
    page.emulate_media(media="print")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert page.locator("nav").is_hidden()
    assert len(page.pdf()) > 10_000
