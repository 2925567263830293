"""The picture of the explorer in the terminal, docs/images/explorer-terminal.svg.

    lmc compile bookbyte-mamba2 --target vck190 -o build/demo --dump-ir
    python docs/site/terminal_picture.py build/demo > docs/images/explorer-terminal.svg

The pass hard-silu of examples/ has been run on the step defer-norm, and the cursor is on an op that
it has made.
"""

import asyncio
import re
import sys
from pathlib import Path

from textual.widgets import Input

from lmc.design.folder import open_design
from lmc.explorer import explore
from lmc.ir.registry import load_registry
from lmc.terminal.app import Explorer

PLUGIN = Path(__file__).resolve().parents[2] / "examples/hard-silu/lmc_hard_silu.py"
SIZE = (170, 38)
FONT = re.compile(r" *@font-face \{.*?\}\n", re.DOTALL)
"""What would be loaded from the network."""
STEP, PASS, OP = "defer-norm", "hard-silu", "hard.silu"


def picture(folder: Path) -> str:
    """The SVG; ValueError where the design has no such step, LookupError where no such op."""
    return asyncio.run(_driven(folder))


async def _driven(folder: Path) -> str:
    design = open_design(folder)
    app = Explorer(design, load_registry([PLUGIN]), lambda: explore(design))
    app.title = f"lmc explore build/demo --terminal --plugin {PLUGIN.name}"
    async with app.run_test(size=SIZE) as pilot:
        await app.workers.wait_for_complete()
        steps = [entry.step.name for entry in app.history.entries]
        app.steps.highlighted = steps.index(STEP)
        await pilot.pause()
        await pilot.press("r")
        app.screen.query_one("#words", Input).value = PASS
        await pilot.pause()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        for _ in range(SIZE[1]):
            if app.lines.chosen is not None and OP in app.lines.chosen.text:
                return FONT.sub("", app.export_screenshot(title=app.title))
            await pilot.press("down")
    raise LookupError(f"{PASS} shows no {OP}")


if __name__ == "__main__":
    print(picture(Path(sys.argv[1])), end="")
