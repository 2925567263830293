"""The application, driven by keys: what stands on the screen."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from rich.text import Text
from textual.containers import Vertical
from textual.pilot import Pilot
from textual.widgets import Footer, Input, OptionList, Static

from lmc.diagnostics import LmcError
from lmc.explorer import Exploration
from lmc.terminal import syntax
from lmc.terminal.app import Explorer
from lmc.terminal.rows import Mode, Place, Row

Script = Callable[["Screen"], Awaitable[None]]


class Screen:
    """What a test does with the application, and reads from it."""

    def __init__(self, app: Explorer, pilot: Pilot[None], folder: Path):
        self.app, self.pilot, self.folder = app, pilot, folder

    @property
    def exploration(self) -> Exploration:
        assert self.app.found is not None
        return self.app.found

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def enter(self, text: str) -> None:
        """Put text into the line of a prompt and submit it; wait for what it starts."""
        await self.put(text)
        await self.press("enter")
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def put(self, text: str) -> None:
        """Put text into the line of a prompt."""
        self.app.screen.query_one("#words", Input).value = text
        await self.pilot.pause()

    def text(self, name: str) -> str:
        return str(self.app.query_one(f"#{name}", Static).content)

    @property
    def listed(self) -> list[str]:
        entries = self.app.screen.query_one("#list", OptionList)
        return [str(option.prompt) for option in entries.options]

    @property
    def row(self) -> Row:
        row = self.app.lines.chosen
        assert row is not None
        return row


async def it_begins_with_the_last_step_and_the_design(screen: Screen) -> None:
    exploration = screen.exploration
    last = len(exploration.steps) - 1
    assert screen.text("title") == (
        f"{last}: check-dataflow, what changed, against {last - 1}: derive-host"
    )
    assert exploration.hardware is not None
    assert exploration.hardware.simulation is not None
    panel = screen.text("panel")
    assert f"{exploration.model} for {exploration.target}" in panel
    for figure, value, label in exploration.hardware.simulation.rows:
        assert f"{figure}: {value} ({label})" in panel
    titles = [str(option.prompt).split()[1] for option in screen.app.steps.options]
    assert titles == [step.name[:20] for step in exploration.steps]
    keys = {one.binding.description for one in screen.app.screen.active_bindings.values()}
    assert {"Search", "Run a pass", "Undo", "Save"} <= keys
    assert screen.app.query_one(Footer).display


async def an_op_has_its_line_its_way_and_its_task(screen: Screen) -> None:
    exploration = screen.exploration
    app, above = screen.app, exploration.above
    ops = exploration.steps[above].ops
    linear = next(op for op in ops if op.name == "ssm.linear")
    app._show_place(Place(above, linear.line))
    panel = screen.text("panel")
    assert linear.source is not None
    assert f"PyTorch: {linear.source.file}:{linear.source.line}" in panel
    assert "made      1: raise-to-ssm" in panel
    assert "torch.operator aten.linear" in panel
    assert "cycles a token, busy" in panel
    await screen.press("p")
    assert screen.row.place == Place(linear.source.file, linear.source.line - 1)
    assert screen.row.mark == "*"
    assert "raise-to-ssm" in screen.text("panel")
    await screen.press("escape")
    app._show_place(Place(above, linear.line))
    await screen.press("c")
    assert screen.text("title").startswith("hls/")
    assert "Loops, as schedule-loops planned them" in screen.text("panel")
    assert "Streams" in screen.text("panel")


async def modes_and_steps_and_what_to_compare_with(screen: Screen) -> None:
    app = screen.app
    app._go_to(2)
    assert "roll-layers, what changed, against 1: raise-to-ssm" in screen.text("title")
    assert {row.mark for row in app.lines.rows} >= {"+", "-"}
    await screen.press("d")
    assert app.mode is Mode.WHOLE
    assert not any(row.folded for row in app.lines.rows)
    await screen.press("d")
    assert app.mode is Mode.IR
    text = app.history.entries[2].step.text
    assert "\n".join(row.text for row in app.lines.rows) + "\n" == text
    await screen.press("a")
    assert len(screen.listed) == app.history.compiled - 1
    await screen.press("0", "enter")
    assert "roll-layers, what changed, against 0: traced" in screen.text("title")
    assert "Ops by name, beside 0" in screen.text("panel")
    await screen.press("left_square_bracket")
    assert screen.text("title").startswith("1: raise-to-ssm, what changed, against 0")
    await screen.press("left_square_bracket", "left_square_bracket")
    assert screen.text("title") == "0: traced, the IR"


async def a_fold_opens(screen: Screen) -> None:
    lines = screen.app.lines
    fold = next(n for n, row in enumerate(lines.rows) if row.folded)
    hidden = lines.rows[fold].folded
    lines.put(fold)
    await screen.press("enter")
    assert lines.rows[fold : fold + len(hidden)] == list(hidden)


async def a_search_goes_to_what_it_finds(screen: Screen) -> None:
    exploration = screen.exploration
    assert exploration.hardware is not None
    task = exploration.hardware.tasks[0].name
    await screen.press("slash")
    assert screen.listed == []
    await screen.enter("roll-layers")
    assert "roll-layers" in screen.row.text
    await screen.press("slash")
    await screen.put(f"task {task}")
    assert f"  task {task}" in screen.listed
    await screen.press("enter")
    assert f"Task {task}" in screen.text("panel")
    await screen.press("slash")
    await screen.put("nothing is called so")
    assert screen.listed == []
    await screen.press("escape")


async def the_way_leads_to_an_ancestor(screen: Screen) -> None:
    exploration = screen.exploration
    ops = exploration.steps[exploration.above].ops
    linear = next(op for op in ops if op.name == "ssm.linear")
    screen.app._show_place(Place(exploration.above, linear.line))
    await screen.press("w")
    assert screen.listed[0] == "0: traced"
    await screen.press("enter")
    assert screen.app.entry == 0
    assert "aten." in screen.row.text


async def a_pass_is_run_undone_and_saved(screen: Screen) -> None:
    app = screen.app
    app._go_to(2)
    await screen.press("r")
    await screen.press(*"fold", "minus", "n", "tab")
    await screen.press("enter")
    await app.workers.wait_for_complete()
    await screen.pilot.pause()
    made = app.history.entries[-1]
    assert (made.is_own, made.before, made.step.level) == (True, 2, 1)
    assert app.entry == app.history.compiled
    assert "fold-norm-scales, what changed, against 2: roll-layers" in screen.text("title")
    assert screen.text("message") == ""
    # It does what the compile's own pass did.
    assert made.step.text == app.history.entries[3].step.text
    saved = screen.folder / "saved.mlir"
    await screen.press("s")
    await screen.enter(str(saved))
    assert saved.read_text("utf-8") == made.step.text
    await screen.press("s")
    await screen.enter(str(saved))
    assert screen.text("message") == f"error: {saved} exists already; choose another name"
    await screen.press("u")
    assert app.entry == 2
    assert len(app.history.entries) == app.history.compiled
    await screen.press("u")
    assert "nothing to undo" in screen.text("message")


async def what_a_pass_refuses_is_shown_in_its_place(screen: Screen) -> None:
    app = screen.app
    app._go_to(2)
    step = app.history.entries[2].step
    linear = next(op for op in step.ops if op.name == "ssm.linear")
    await screen.press("r")
    assert "refuse-linear" in screen.listed[0]
    await screen.enter("refuse-linear")
    message = screen.text("message")
    place = f"{screen.app.bench.design.path / step.file}:{linear.line + 1}:"
    assert message.startswith(f"error: {place}")
    assert "a linear layer" in message
    assert message.endswith("^")
    assert screen.row.place == Place(2, linear.line)
    for passes, sentence in (
        ("quantizo", "there is no pass 'quantizo'; did you mean 'quantize'?"),
        ("cse{x=1}", "pass cse has no option 'x'"),
        ("stumble", "ZeroDivisionError: by nothing"),
    ):
        await screen.press("r")
        await screen.enter(passes)
        assert sentence in screen.text("message")
        await screen.press("r")
        assert screen.app.screen.query_one("#words", Input).value == passes
        await screen.press("escape")
    assert len(app.history.entries) == app.history.compiled


async def an_error_is_seen_from_a_file_and_from_another_step(screen: Screen) -> None:
    app = screen.app
    linear = next(op for op in app.history.entries[2].step.ops if op.name == "ssm.linear")
    app._show_place(Place(2, linear.line))
    await screen.press("p")
    assert app.file is not None
    await screen.press("r")
    await screen.enter("refuse-linear")
    assert "a linear layer" in screen.text("message")
    assert app.query_one("#message").display
    assert screen.row.place == Place(2, linear.line)
    with pytest.raises(LmcError) as refused:
        app.bench.run(app.history.entries[2], "refuse-linear")
    ran_on = app.history.entries[2]
    app._go_to(4)
    app._fail(refused.value, ran_on)
    assert "a linear layer" in screen.text("message")
    assert screen.row.place == Place(2, linear.line)
    # Where the step was taken away, and where no step has the place.
    app._go_to(4)
    for gone in (replace(ran_on, step=replace(ran_on.step)), None):
        app._fail(refused.value, gone)
        assert app.entry == 4
        assert "a linear layer" in screen.text("message")


async def a_title_is_shown_as_it_is(screen: Screen) -> None:
    entry = screen.app.history.entries[2]
    step = replace(entry.step, name="cse{layers=[x]}", passes=("cse{layers=[x]}",))
    screen.app.history.entries[2] = replace(entry, step=step)
    screen.app._go_to(2)
    await screen.press("r")
    title = screen.app.screen.query_one(Vertical)._border_title
    assert title is not None
    assert title.plain == "Run passes on 2: cse{layers=[x]}"
    await screen.press("escape")
    screen.app.history.entries[2] = entry


async def a_home_that_is_not_there_is_refused(screen: Screen) -> None:
    await screen.press("s")
    await screen.enter("~nobody-is-called-so/x.mlir")
    assert screen.text("message") == (
        "error: ~nobody-is-called-so/x.mlir cannot be written: there is no such home folder"
    )


async def only_what_is_seen_is_drawn(screen: Screen) -> None:
    """So that a module of 64 layers is as fast as one of two."""
    drawn = 0

    def counted(row: Row, digits: int) -> Text:
        nonlocal drawn
        drawn += 1
        return syntax.row_text(row, digits)

    lines = screen.app.lines
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lmc.terminal.lines.row_text", counted)
        lines.show_rows([Row(f"%{n} = a.b %{n}", Place("x", n)) for n in range(100_000)])
        await screen.press("end", "pageup", "up")
    assert screen.row.place == Place("x", 100_000 - 1 - (lines.size.height - 1) - 1)
    assert 0 < drawn < 20 * lines.size.height


LOOKING = (
    it_begins_with_the_last_step_and_the_design,
    an_op_has_its_line_its_way_and_its_task,
    modes_and_steps_and_what_to_compare_with,
    a_fold_opens,
    a_search_goes_to_what_it_finds,
    the_way_leads_to_an_ancestor,
    only_what_is_seen_is_drawn,
)
RUNNING = (
    a_pass_is_run_undone_and_saved,
    what_a_pass_refuses_is_shown_in_its_place,
    an_error_is_seen_from_a_file_and_from_another_step,
    a_title_is_shown_as_it_is,
    a_home_that_is_not_there_is_refused,
)


@pytest.mark.parametrize("scripts", [LOOKING, RUNNING], ids=["looking", "running"])
def test_what_keys_do(
    explorer: Callable[..., Explorer], tmp_path: Path, scripts: tuple[Script, ...]
) -> None:
    """In one application, since a start takes a second; each begins at the last step."""

    async def run() -> None:
        app = explorer()
        async with app.run_test(size=(150, 40)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            for script in scripts:
                await script(Screen(app, pilot, tmp_path))
                app.mode = Mode.CHANGED
                app._go_to(app.history.compiled - 1)

    asyncio.run(run())


def test_a_part_is_missing_and_the_screen_is_narrow(explorer: Callable[..., Explorer]) -> None:
    def fail() -> Exploration:
        raise LmcError("the design lacks schedule.json")

    async def run() -> None:
        app = explorer(fail)
        async with app.run_test(size=(100, 30)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            message = app.query_one("#message", Static)
            assert str(message.content) == "error: the design lacks schedule.json"
            await pilot.press("down", "p", "c", "w", "escape")
            assert app.lines.rows
            assert not app.steps.display
            await pilot.resize_terminal(150, 30)
            await pilot.pause()
            assert app.steps.display

    asyncio.run(run())


def test_the_panel_goes_on_with_what_it_says_when_all_is_known(
    explorer: Callable[..., Explorer], exploration: Exploration
) -> None:
    known = Event()

    def collect() -> Exploration:
        known.wait(60)
        return exploration

    async def run() -> None:
        app = explorer(collect)
        async with app.run_test(size=(150, 40)) as pilot:
            screen = Screen(app, pilot, Path())
            linear = next(op for op in app.history.entries[2].step.ops if op.name == "ssm.linear")
            app._show_place(Place(2, linear.line))
            assert "Where it comes from is being collected" in screen.text("panel")
            known.set()
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert screen.text("panel").startswith("%")
            assert "Through the steps" in screen.text("panel")

    asyncio.run(run())


def test_what_nobody_foresaw_does_not_end_it(explorer: Callable[..., Explorer]) -> None:
    def fail() -> Exploration:
        raise KeyError("tasks")

    async def run() -> None:
        app = explorer(fail)
        async with app.run_test(size=(150, 30)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            message = str(app.query_one("#message", Static).content)
            assert message == "error: collecting failed: KeyError: 'tasks'"

    asyncio.run(run())
