"""The page in a browser: what is shown, in how many clicks, and how soon."""

import importlib.util
import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lmc.design.folder import open_design
from lmc.explorer import Exploration, explorer_page, write_explorer
from lmc.numerics.distance import Distance

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
OPENED_S = 2.0
MIXER = "lmc/models/mamba2.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None, reason="playwright is not installed"
    ),
]


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, run_exploration: Exploration) -> str:
    path = tmp_path_factory.mktemp("page") / "explorer.html"
    path.write_text(explorer_page(run_exploration), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    """A page of a wide window that must not complain, and must not ask the network."""
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request",
        lambda request: complaints.append(request.url) if request.url[:4] == "http" else None,
    )
    opened.goto(address)
    opened.wait_for_function("document.documentElement.dataset.drawn")
    yield opened
    opened.close()
    assert complaints == []


def open_at(page: "Page", state: str) -> None:
    page.evaluate("state => { location.hash = state; }", state)
    page.wait_for_timeout(50)
    page.wait_for_function("document.documentElement.dataset.drawn")
    page.wait_for_timeout(250)


def test_every_view_is_drawn(page: "Page") -> None:
    for title in ("Steps", "PyTorch", "C++", "Graph", "Overview"):
        page.get_by_role("tab", name=title).click()
        page.wait_for_selector(f"[role=tab][aria-selected=true]:text-is('{title}')")
        assert page.locator("#view > *").count() == 1


def test_three_clicks_from_a_line_to_its_cpp(page: "Page", exploration: Exploration) -> None:
    """The line with the state update: tab, line, C++; passes, ops and cycles come on the way."""
    page.get_by_role("tab", name="PyTorch").click()
    if not page.locator(f".button[aria-current=true]:text-is('{MIXER}')").count():
        page.get_by_role("link", name=MIXER, exact=True).click()
    page.wait_for_selector(f".code[aria-label='{MIXER}']")
    page.locator(".row", has_text="self._update(ssm_state, x, dt, b, c)").first.click()
    panel = page.locator("#inspector")
    panel.locator("h3", has_text="Passes that touched it").wait_for()
    text = panel.inner_text()
    for name in ("raise-to-ssm", "quantize", "lower-to-tasks"):
        assert name in text
    for level in range(5):
        assert f"Level {level}" in text
    assert exploration.hardware is not None
    (task,) = [one for one in exploration.hardware.tasks if one.name == "state_update"]
    assert task.cpp is not None
    assert task.figures is not None
    row = panel.locator("tr", has_text="state_update").first
    assert f"{task.figures.decode_cycles:,}" in row.inner_text()
    row.locator(".cpp").click()
    page.wait_for_selector(f".code[aria-label='{task.cpp.file}'] .row[aria-selected=true]")
    chosen = page.locator(".row[aria-selected=true]")
    assert chosen.get_attribute("data-line") == str(task.cpp.first - 1)
    assert "in-place" in (chosen.get_attribute("class") or "")


def test_each_line_of_the_mixer_that_computes_leads_to_cycles(page: "Page") -> None:
    open_at(page, f"#view=pytorch&file={MIXER}")
    lines = page.locator(".row.choice").evaluate_all("rows => rows.map(row => row.dataset.line)")
    assert len(lines) > 20
    for line in lines:
        open_at(page, f"#view=pytorch&file={MIXER}&selected=line:{MIXER}:{int(line) + 1}")
        panel = page.locator("#inspector").inner_text()
        assert "Passes that touched it" in panel, line
        assert re.search(r"\d+ tasks?: C\+\+ and cycles", panel), line


def test_an_op_shows_its_way(page: "Page", exploration: Exploration) -> None:
    """An op of level 3: its line, what it was made of, the pass that changed it, its task."""
    step = exploration.above
    ops = exploration.steps[step].ops
    number = next(n for n, op in enumerate(ops) if op.name == "ssm.selective_state_update")
    open_at(page, f"#view=steps&step={step}&mode=ir&selected=op:{step}:{number}")
    panel = page.locator("#inspector").inner_text()
    assert "ssm.selective_state_update" in panel
    assert f"{MIXER}:" in panel
    assert "torch.operator aten.exp" in panel
    assert re.search(r"made\s+1: raise-to-ssm", panel)
    assert re.search(r"changed\s+\d+: quantize", panel)
    assert "dataflow.task @state_update" in panel
    for title in ("Task state_update", "C++", "Loops", "Streams"):
        assert page.locator("#inspector h3", has_text=title).count(), title
    chosen = page.locator(".row[aria-selected=true]")
    assert chosen.get_attribute("data-line") == str(ops[number].line)


def test_steps_show_what_they_take_and_cost(page: "Page", exploration: Exploration) -> None:
    """In the overview, in the list of steps, and at the head of a step."""
    names = [step.name for step in exploration.steps]
    rows = page.locator(".tight tbody tr")
    assert rows.count() == len(names)
    for name in ("traced", "size-fifos"):
        text = rows.nth(names.index(name)).inner_text()
        assert re.search(r"\d m?s\s", text), text
        assert re.search(r"\d [MG]B", text), text
    assert re.search(r"the float model", rows.nth(1).inner_text())
    quantize = names.index("quantize")
    (db,) = set(re.findall(r"[\d.]+ dB", rows.nth(quantize).inner_text()))
    assert "same bits" in rows.nth(exploration.above).inner_text()
    assert "same bits" in rows.last.inner_text()
    marked = rows.locator("b.changed")
    assert marked.count() == 2
    assert rows.nth(quantize).locator("b.changed").all_inner_texts() == marked.all_inner_texts()
    open_at(page, f"#view=steps&step={quantize}")
    chosen = page.locator(".steplist [aria-current]")
    assert f"to float: {db}; before: {db}" in chosen.inner_text()
    assert chosen.locator(".cost .bar").count() == 2
    box, view = chosen.bounding_box(), page.viewport_size
    assert box is not None
    assert view is not None
    assert 0 < box["y"] < view["height"] - box["height"]
    head = page.locator(".step > div").first.inner_text()
    assert re.search(r"processor time, .* by the clock; the compiler held", head)
    assert f"Logits: {db} to float, {db} to the step run before. Errors of " in head
    assert "of 20 tokens lead to the same choice" in head
    assert "Activations of linear layers: 8 bits (before: 32)." in head
    assert re.search(r"bits: weights [4-7]\.\d+, activations 8", chosen.inner_text())


def test_changed_ops_show_their_patterns(page: "Page", exploration: Exploration) -> None:
    """In the table of a step, beside a changed line, over a line of the IR, and of an op."""
    step = next(n for n, one in enumerate(exploration.steps) if one.name == "simplify-loops")
    work = exploration.steps[step].work
    number = next(n for n, own in work.items() if own[-1][1].endswith("._Known"))
    open_at(page, f"#view=steps&step={step}&selected=op:{step}:{number}")
    page.locator("summary", has_text="Patterns:").click()
    assert page.locator("details[open] td", has_text="lmc.dataflow.canonical").count() > 2
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".side.added .pattern", has_text="_Known").count()
    panel = page.locator("#inspector")
    assert "_Known of lmc.dataflow.canonical, in simplify-loops" in panel.inner_text()
    assert panel.locator(".way .pattern", has_text="_Known").count()
    open_at(page, f"#view=steps&step={step}&mode=ir&selected=op:{step}:{number}")
    title = page.locator(".row[aria-selected=true]").get_attribute("title")
    assert "simplify-loops: lmc.dataflow.canonical._Known" in str(title).split("\n")


def test_an_op_and_its_task_show_signal_to_noise(
    page: "Page", run_exploration: Exploration
) -> None:
    assert run_exploration.numerics is not None
    step = max(n for n, one in run_exploration.numerics.steps.items() if one.noise)
    ops = run_exploration.steps[step].ops
    number = next(n for n, op in enumerate(ops) if op.name == "ssm.selective_state_update")
    y, state = run_exploration.numerics.steps[step].noise[number]
    least = [min(layer.sqnr_db or 0.0 for layer in one.layers) for one in (y, state)]
    open_at(page, f"#view=steps&step={step}&mode=ir&selected=op:{step}:{number}")
    for selected in (f"op:{step}:{number}", "task:state_update"):
        open_at(page, f"#view=steps&step={step}&mode=ir&selected={selected}")
        noise = page.locator("#inspector section", has_text="Signal to quantization noise")
        rows = noise.locator("tbody tr").all_inner_texts()
        for one, db in zip((y, state), least, strict=True):
            (row,) = (row for row in rows if row.startswith(f"%{one.value}"))
            assert f"{db:.1f}" in row
        assert noise.locator("svg.layers rect").count() == 2 * len(y.layers)
    line = page.locator(f".row[data-line='{ops[number].line}']")
    assert line.locator(".gutter").inner_text() == f"{least[0]:.1f}"


def test_a_design_without_a_float_model_is_compared_with_the_step_before(
    browser: "Browser", tmp_path: Path, run_exploration: Exploration
) -> None:
    """As one that was compiled from a file of level 2; with layers of all kinds of noise."""
    assert run_exploration.numerics is not None
    run = run_exploration.numerics.steps
    first = next(n for n in run if run_exploration.steps[n].level == 2)
    number, values = next(item for item in run[first].noise.items() if len(item[1][0].layers) == 2)
    layers = (Distance(1, 1.0, 1.0, 1.0), Distance(1, 1.0, 0.0, 1.0))
    shown = replace(values[0], layers=layers)
    steps = {
        n: replace(one, of_float=None, of_before=None if n == first else one.of_before, noise={})
        for n, one in run.items()
        if n >= first
    }
    steps[first] = replace(steps[first], noise={number: (shown,)})
    numerics = replace(run_exploration.numerics, steps=steps)
    found = replace(run_exploration, numerics=numerics)
    (tmp_path / "x.html").write_text(explorer_page(found), encoding="utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "x.html").as_uri())
    page.wait_for_function("document.documentElement.dataset.drawn")
    rows = page.locator(".tight tbody tr").all_inner_texts()
    assert "the first module that is run" in rows[first]
    assert all("the float model" not in row for row in rows)
    assert "same bits" in rows[run_exploration.above]
    open_at(page, f"#view=steps&step={run_exploration.above}&mode=ir")
    assert "before: equal" in page.locator(".steplist [aria-current]").inner_text()
    head = page.locator(".step > div").first.inner_text()
    assert "Logits: the same bits as the step run before. Errors of 0 at most against" in head
    open_at(page, f"#view=steps&step={first}&mode=ir&selected=op:{first}:{number}")
    assert "design has no float model" in page.locator(".step > div").first.inner_text()
    line = page.locator(f".row[data-line='{run_exploration.steps[first].ops[number].line}']")
    assert line.locator(".gutter").inner_text() == "0.0"
    bars = page.locator("#inspector svg.layers").first.locator("rect")
    assert [bar.get_attribute("height") for bar in bars.all()] == ["1", "1"]
    page.close()
    assert complaints == []


def test_a_page_that_was_not_run_says_how(
    browser: "Browser", tmp_path: Path, exploration: Exploration
) -> None:
    """And one of a folder that keeps no times says so."""
    steps = tuple(replace(step, taken=None) for step in exploration.steps)
    remark = "time and memory of passes are not known"
    found = replace(exploration, steps=steps, remarks=(remark,))
    (tmp_path / "x.html").write_text(explorer_page(found), encoding="utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "x.html").as_uri())
    page.wait_for_function("document.documentElement.dataset.drawn")
    text = page.locator("#view").inner_text()
    assert "lmc explore DIR --prompt TEXT" in text
    assert "lmc eval DIR --text FILE" in text
    assert remark in text
    for state in ("view=steps&step=3", "view=steps&step=7&mode=ir", "selected=task:state_update"):
        open_at(page, f"#{state}")
        assert "dB" not in page.locator("body").inner_text()
    page.close()
    assert complaints == []


def test_a_diff_has_both_texts(page: "Page", exploration: Exploration) -> None:
    """Side by side, each side has each line of its file, once and in order."""
    names = [step.name for step in exploration.steps]
    for number in (names.index("quantize"), names.index("simplify-loops")):
        open_at(page, f"#view=steps&step={number}&mode=both")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        for side in (0, 1):
            shown = page.locator(".diff").evaluate(
                "(diff, side) => [...diff.querySelectorAll('.pair:not(.heads)')]"
                ".map(pair => pair.children[side].querySelector('.number'))"
                ".filter(Boolean).map(number => Number(number.textContent))",
                side,
            )
            lines = exploration.steps[number - 1 + side].text.split("\n")
            assert shown == list(range(1, len(lines) + 1))


def test_only_what_changed_is_shown_at_first(page: "Page", exploration: Exploration) -> None:
    names = [step.name for step in exploration.steps]
    open_at(page, f"#view=steps&step={names.index('size-fifos')}")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = page.locator(".pair:not(.heads)").count()
    whole = len(exploration.steps[names.index("size-fifos")].text.split("\n"))
    assert 0 < shown < whole / 2
    assert page.locator(".fold").count() > 0
    assert "depth" in " ".join(page.locator(".added mark").all_inner_texts())


def test_search_and_keys(page: "Page") -> None:
    page.keyboard.press("/")
    page.keyboard.type("state_update")
    page.locator("#found a", has_text="state_update").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#inspector h2", has_text="Task state_update").wait_for()
    assert page.locator(".task.chosen").count() == 1
    page.locator("body").press("Escape")
    page.locator("#inspector h2", has_text="Nothing is selected").wait_for()
    page.keyboard.press("[")
    page.wait_for_selector(".steplist a[aria-current]")


def test_the_graph_has_all_tasks_and_chooses_them(page: "Page", exploration: Exploration) -> None:
    page.get_by_role("tab", name="Graph").click()
    page.wait_for_selector("svg.graph .task")
    assert exploration.hardware is not None
    assert page.locator(".task").count() == len(exploration.hardware.tasks)
    task = page.locator(".task").nth(3)
    name = task.get_attribute("data-task")
    task.focus()
    page.keyboard.press("Enter")
    page.locator("#inspector h2", has_text=f"Task {name}").wait_for()
    before = page.locator("svg.graph > g").get_attribute("transform")
    page.locator("svg.graph").press("+")
    assert page.locator("svg.graph > g").get_attribute("transform") != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_no_view_is_wider_than_the_window(
    browser: "Browser", address: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(address)
    for view in ("overview", "steps", "pytorch", "cpp", "graph"):
        open_at(page, f"#view={view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    shades = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    ink, ground = (sum(map(int, re.findall(r"\d+", shade)[:3])) for shade in shades)
    assert (ink > ground) == (scheme == "dark")
    context.close()


def test_it_prints(page: "Page") -> None:
    page.emulate_media(media="print")
    open_at(page, f"#view=pytorch&file={MIXER}&selected=line:{MIXER}:41")
    assert page.locator("#tabs").is_hidden()
    for part in ("#view", "#inspector"):
        place = page.locator(part)
        assert place.evaluate("part => part.scrollHeight <= part.clientHeight + 1"), part
        assert place.evaluate("part => getComputedStyle(part).position") == "static"
    assert len(page.pdf()) > 10_000


def test_a_deep_model_opens_soon(
    browser: "Browser", lmc, small_model: Path, tmp_path: Path
) -> None:
    """64 layers, with the IR after every pass."""
    model = shutil.copytree(small_model, tmp_path / "deep")
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 64}))
    compiled = lmc(
        "compile",
        model,
        "--random-weights",
        "--target",
        "vck190",
        "--dump-ir",
        "-o",
        tmp_path / "d",
    )
    assert compiled.status == 0, compiled.errors
    write_explorer(open_design(tmp_path / "d"), tmp_path / "deep.html")
    # The shortest of three: how long one takes also says how busy the machine is.
    assert min(opening_s(browser, (tmp_path / "deep.html").as_uri()) for _ in range(3)) <= OPENED_S


def opening_s(browser: "Browser", address: str) -> float:
    """Seconds until a page is drawn in a new tab."""
    page = browser.new_page()
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function("document.documentElement.dataset.drawn")
    taken = time.perf_counter() - start
    page.close()
    return taken
