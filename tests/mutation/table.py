"""The table of verdicts: classes of change and levels, and who refuses how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mutants import CLASSES
from verdicts import ENDS, HOLE, Verdict


def table(verdicts: Sequence[Verdict]) -> str:
    """Rows of classes and of levels; columns are how mutants ended."""
    by_class = Counter((verdict.mutant.change, verdict.end) for verdict in verdicts)
    by_level = Counter((f"level {v.mutant.original.level}", v.end) for v in verdicts)
    levels = sorted({name for name, _ in by_level})
    head = f"{'':20}" + "".join(f"{end:>12}" for end in ENDS)
    rows = [_row(name, by_class) for name in CLASSES]
    return "\n".join([head, *rows, *(_row(name, by_level) for name in levels)])


def _row(name: str, counts: Counter[tuple[str, str]]) -> str:
    return f"{name:20}" + "".join(f"{counts[name, end] or '':>12}" for end in ENDS)


def holes(verdicts: Sequence[Verdict]) -> str:
    """What is neither a refusal nor a program, with the mutant's text where it is short."""
    return "\n\n".join(
        f"{v.mutant.original.name}, {v.mutant.change}, seed {v.mutant.seed}: {v.sentence}"
        for v in verdicts
        if v.end == HOLE
    )
