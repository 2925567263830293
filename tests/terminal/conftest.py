"""A tiny Mamba-2 in the terminal; what the explorer collects of it is collected once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lmc.design.folder import open_design
from lmc.explorer import Exploration
from lmc.ir.registry import load_registry
from lmc.terminal.app import Explorer
from lmc.terminal.history import History

REFUSING = '''
from dataclasses import dataclass

from lmc.dialects import ssm
from lmc.ir.op_errors import OpError
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class Refuse(LmcPass):
    """Refuses linear layers."""

    name = "refuse-linear"

    def apply(self, ctx, op):
        for one in op.walk():
            if isinstance(one, ssm.LinearOp):
                raise OpError(one, "refuse-linear: a linear layer")


@dataclass(frozen=True)
class Stumble(LmcPass):
    """Fails."""

    name = "stumble"

    def apply(self, ctx, op):
        raise ZeroDivisionError("by nothing")
'''


@pytest.fixture
def history(exploration: Exploration) -> History:
    """Its steps, with their links."""
    made = History(exploration.steps)
    made.explore(exploration)
    return made


@pytest.fixture
def explorer(
    mamba2_design: Path, exploration: Exploration, tmp_path: Path
) -> Callable[..., Explorer]:
    """Makes the application, with passes of a plugin that refuse and fail."""

    def make(collect: Callable[[], Exploration] = lambda: exploration) -> Explorer:
        plugin = tmp_path / "refusing.py"
        plugin.write_text(REFUSING, encoding="utf-8")
        return Explorer(open_design(mamba2_design), load_registry([plugin]), collect)

    return make
