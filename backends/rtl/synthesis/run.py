"""Synthesizes modules, each in a process of its own, and keeps what was found."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lmc.backends.rtl.kernel.files import LIBRARY
from lmc.backends.rtl.synthesis import cells, levels, process, script
from lmc.cache import Entry
from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError

WORKERS = 2
"""Modules that are synthesized at a time."""
_TAIL = 2000
"""Characters of the end of yosys' log in which a reason is looked for."""


@dataclass(frozen=True)
class Synthesized:
    """What a module takes, and its longest path: LUT levels, and the signals at its ends."""

    resources: Resources
    levels: int
    path: tuple[str, str]


Outcome = Synthesized | LmcError
"""What was found, or why nothing was."""


def yosys_version() -> str:
    """The version of pyosys. Raises LmcError where it is not installed."""
    if importlib.util.find_spec("pyosys") is None:
        raise LmcError("pyosys is not installed: pip install 'lmc-fpga[synthesis]'")
    return version("pyosys")


def synthesize(
    modules: Mapping[str, str], done: Callable[[str, int], None] = lambda _name, _done: None
) -> dict[str, Outcome]:
    """What yosys makes of modules, SystemVerilog by the name of the module.

    Two are synthesized at a time. What was found before is read from the cache. A module whose
    process ends without a result has an error for an outcome, and the others go on. `done` is
    called after each one with its name and how many are done. Raises LmcError without pyosys.
    """
    code = _code()
    found: dict[str, Outcome] = {}
    missing: dict[str, str] = {}
    for name, text in modules.items():
        kept = _entry(code, name, text).read()
        if kept is None:
            missing[name] = text
        else:
            found[name] = _result(name, kept)
            done(name, len(found))
    # The longest ones first, so that none of them is left alone at the end.
    waiting = sorted(missing, key=lambda name: -len(missing[name]))
    with ThreadPoolExecutor(WORKERS) as pool:
        running = {pool.submit(_synthesize, code, name, missing[name]): name for name in waiting}
        for future in _as_ended(running):
            name = running[future]
            found[name] = future.result()
            done(name, len(found))
    return {name: found[name] for name in modules}


def _as_ended(running: Mapping[Future[Outcome], str]) -> Iterator[Future[Outcome]]:
    left = set(running)
    try:
        while left:
            ended, left = wait(left, return_when=FIRST_COMPLETED)
            yield from ended
    finally:
        for future in left:
            future.cancel()


def _code() -> str:
    """All code that an outcome depends on, and the libraries that it reads."""
    digest = hashlib.sha256(yosys_version().encode())
    files = [Path(module.__file__ or "") for module in (script, process, levels)]
    for path in (*files, *LIBRARY, script.SHIFT_REGISTERS):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _entry(code: str, name: str, text: str) -> Entry:
    return Entry("synthesis", name, text, code=code)


def _synthesize(code: str, name: str, text: str) -> Outcome:
    try:
        found = made_by(process.__name__, name, text, str(_memory()))
    except LmcError as error:
        return error
    _entry(code, name, text).write(found)
    return _result(name, found)


def made_by(step: str, name: str, text: str, *arguments: str) -> dict[str, Any]:
    """What a step makes of a module's text, in a process of its own.

    The step is a Python module that takes a folder with the text and the library, the name and the
    arguments, and writes `process.RESULT` there. Raises LmcError where it ends without.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in (*LIBRARY, script.SHIFT_REGISTERS):
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / f"{name}.sv").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", step, str(folder), name, *arguments]
        with (folder / "log").open("w+b") as log:
            ended = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
        if ended != 0:
            raise LmcError(f"task {name}: yosys {_reason(ended, folder / 'log')}")
        return json.loads((folder / process.RESULT).read_text(encoding="utf-8"))


def _memory() -> int:
    """The share of the machine's memory for one process."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // WORKERS


def _reason(ended: int, log: Path) -> str:
    """Why a process has ended, from its status and the end of its log."""
    text = log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
    if "bad_alloc" in text or "MemoryError" in text or ended == -9:
        return f"needs more than {_memory() / 2**30:.1f} GiB of memory, this machine's share for it"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    wrong = [line for line in lines if "error:" in line.lower()]
    said = (wrong or lines[-1:] or ["without a word"])[0]
    # Files are called by their names alone: their folder is gone.
    return f"has ended with status {ended}: {re.sub(r'[^ ]*/', '', said)}"


def _result(name: str, found: Mapping[str, object]) -> Outcome:
    counted, path = found["cells"], (str(found["from"]), str(found["to"]))
    assert isinstance(counted, dict)
    try:
        resources = cells.resources_of(counted)
    except LmcError as error:
        return LmcError(f"task {name}: {error}")
    return Synthesized(resources, int(str(found["levels"])), path)
