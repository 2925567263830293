"""What a test run builds once, whichever of its worker processes needs it first."""

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

ResultT = TypeVar("ResultT")


def build_once(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Path], ResultT]
) -> ResultT:
    """What `build` returns for an empty folder that all worker processes of the run see.

    `name` is unique in the run. One worker builds while the others wait for it; each then gets a
    copy of the result, which must be picklable. What failed is built again by the next that asks.
    """
    root = _folder_of_run(factory) / name
    root.mkdir(exist_ok=True)
    result, folder = root / "result.pickle", root / "built"
    with FileLock(root / "lock"):
        if not result.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            result.write_bytes(pickle.dumps(build(folder)))
    return pickle.loads(result.read_bytes())


def _folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """A worker of pytest-xdist has a folder of its own inside the run's."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
