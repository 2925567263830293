"""What the panel says, as text."""

from dataclasses import replace

from lmc.explorer import Exploration
from lmc.terminal.history import History
from lmc.terminal.panel import Panel


def test_large_amounts_keep_all_their_digits(history: History, exploration: Exploration) -> None:
    assert exploration.hardware is not None
    name, *_, share = exploration.hardware.budget[0]
    task = exploration.hardware.tasks[0]
    large = replace(task, resources={**task.resources, "lut": 1_234_567, "bram36": 1_000.5})
    hardware = replace(
        exploration.hardware, budget=[(name, 1_799_680, 2_607_360, share)], tasks=[large]
    )
    panel = Panel(history, replace(exploration, hardware=hardware))
    assert f"{name}: 1,799,680 of 2,607,360, {share}" in panel.overview("design").plain
    told = panel.task(large).plain
    assert "1,234,567 LUT" in told
    assert "1,000.5 BRAM36" in told
