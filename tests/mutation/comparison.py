"""Mutants that are programs as printed C++, many in one program, held against the executor."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from printed import run_printed
from verdicts import HOLE, Verdict

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BufferOp, DesignOp

_BATCH = 20
"""Designs in one C++ program."""


def compared(verdicts: Sequence[Verdict], folder: Path) -> list[Verdict]:
    """The verdicts, those a hole whose C++ does not come to the outcome of the executor."""
    found = {id(verdict): verdict for verdict in verdicts}
    for number, batch in enumerate(_batches([v for v in verdicts if v.outcome is not None])):
        for verdict, sentence in _compare(batch, folder / str(number)):
            if sentence:
                found[id(verdict)] = replace(verdict, end=HOLE, sentence=sentence)
    return list(found.values())


def _batches(verdicts: Sequence[Verdict]) -> Iterator[list[Verdict]]:
    """Batches in which no name of C++ is there twice."""
    left = list(verdicts)
    while left:
        batch: list[Verdict] = []
        names: set[str] = set()
        for verdict in left:
            own = _names(verdict)
            if len(batch) < _BATCH and not names & own:
                batch.append(verdict)
                names |= own
        left = [verdict for verdict in left if verdict not in batch]
        yield batch


def _names(verdict: Verdict) -> set[str]:
    """What a design makes known to all files: itself, its kernels, tasks and streams."""
    assert verdict.launch is not None
    design: DesignOp = verdict.launch.design
    # Buffers are known to their task alone.
    known = [op for op in design.walk() if not isinstance(op, BufferOp)]
    named = [op.properties["sym_name"] for op in known if "sym_name" in op.properties]
    return {str(name) for name in named}


def _compare(batch: Sequence[Verdict], folder: Path) -> Iterator[tuple[Verdict, str]]:
    """Each verdict with what is wrong; one after the other where the batch as a whole fails."""
    folder.mkdir(parents=True)
    launches = [verdict.launch for verdict in batch if verdict.launch is not None]
    try:
        outcomes = run_printed(launches, folder)
    except (LmcError, AssertionError, subprocess.SubprocessError) as error:
        if len(batch) == 1:
            yield batch[0], f"the printed C++ does not compile or run: {error}"
            return
        for number, verdict in enumerate(batch):
            yield from _compare([verdict], folder / str(number))
        return
    for verdict, printed in zip(batch, outcomes, strict=True):
        expected = verdict.outcome
        assert expected is not None
        alike = (
            set(printed.waiting) == set(expected.waiting)
            and printed.leftovers == expected.leftovers
            and printed.banks == expected.banks
        )
        yield verdict, "" if alike else f"C++: {printed}, executor: {expected}"
