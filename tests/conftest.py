"""What all tests share: the command line in the test process, small models and tiny designs."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from build_once import build_once
from hypothesis import settings
from tiny_designs import MAMBA1, ON_CHIP, compile_mamba2, compile_tiny

if TYPE_CHECKING:
    from lmc.explorer import Exploration

SMALL_MAMBA2 = {
    "model_type": "mamba2",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "vocab_size": 256,
    "state_size": 16,
    "num_heads": 4,
    "head_dim": 32,
    "n_groups": 1,
    "expand": 2,
    "tie_word_embeddings": True,
}


def pytest_configure(config: pytest.Config) -> None:
    """Keep artifacts out of the user's cache, in one folder for all workers; no deadlines."""
    # How long an example takes says how busy the machine is, with a worker on each core.
    settings.register_profile("lmc", deadline=None)
    settings.load_profile("lmc")
    if hasattr(config, "workerinput"):
        return
    cache = tempfile.mkdtemp(prefix="lmc-test-cache-")
    os.environ["LMC_CACHE"] = cache
    config.add_cleanup(lambda: shutil.rmtree(cache, ignore_errors=True))


@dataclass(frozen=True)
class Finished:
    """What a command ended with."""

    status: int
    output: str
    errors: str

    @property
    def json(self):
        return json.loads(self.output)


@pytest.fixture
def lmc(capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """Run an lmc command in this process."""
    from lmc.cli import main

    def run(*arguments: object) -> Finished:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Finished(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the config of a small Mamba-2; for --random-weights."""
    folder = tmp_path_factory.mktemp("models") / "small"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(SMALL_MAMBA2), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def mamba1_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """4-bit activations; four wide lanes with one and two sets of rows; states on the chip."""

    def build(folder: Path) -> Path:
        lanes, side = "DDR4:1 LPDDR4:3x2", 'side="LPDDR4"'
        return compile_tiny(
            folder,
            MAMBA1,
            preset="w4a4",
            target="vck190",
            lanes=lanes,
            allocation=f"{ON_CHIP} {side}",
        )

    return build_once(tmp_path_factory, "mamba1", build)


@pytest.fixture(scope="session")
def mamba2_design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `compile_mamba2` makes."""
    return build_once(tmp_path_factory, "mamba2", compile_mamba2)


@pytest.fixture(scope="session")
def exploration(mamba2_design: Path) -> "Exploration":
    """What the explorer finds in a tiny Mamba-2 with the IR after every pass."""
    from lmc.design.folder import open_design
    from lmc.explorer import explore

    return explore(open_design(mamba2_design))


@pytest.fixture(scope="session")
def run_exploration(exploration: "Exploration", mamba2_design: Path) -> "Exploration":
    """The same, with its steps run on more tokens than are run at a time."""
    from lmc.design.folder import open_design
    from lmc.tracing.steps import run_steps

    tokens = range(3, 23)
    return exploration.measured(lambda steps: run_steps(open_design(mamba2_design), steps, tokens))
