"""Proof by mutation: one change to a real module is refused with a sentence, or is a program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from comparison import compared
from mutants import CLASSES, Original, mutants
from originals import (
    bundled_originals,
    random_original,
    small_board_originals,
    text_original,
)
from table import holes, table
from verdicts import PARSER, PROGRAM, RULES, SAME, VERIFIER, Verdict, judge

TESTS = Path(__file__).parents[1]


def judged(originals: list[Original], count: int) -> Iterator[Verdict]:
    for one in mutants(originals, count):
        yield judge(one)


def of_each_level(originals: list[Original], count: int) -> Iterator[Verdict]:
    """Verdicts on `count` mutants of each level that there is."""
    for level in sorted({original.level for original in originals}):
        yield from judged([one for one in originals if one.level == level], count)


def small_originals() -> list[Original]:
    """A trace, all ops of level 1 to 3, a design with all that one can say, and random designs."""
    return [
        text_original(TESTS / "filecheck" / "passes" / "raise-to-ssm.mlir"),
        text_original(TESTS / "filecheck" / "dialects" / "ssm.mlir"),
        text_original(TESTS / "filecheck" / "passes" / "outline-kernels.mlir"),
        text_original(TESTS / "dialects" / "sound_design.mlir"),
        *(random_original(seed) for seed in range(6)),
    ]


def test_a_sample_of_mutants(tmp_path: Path) -> None:
    """A few of each class; programs at level 4 run alike as C++."""
    verdicts = compared(list(judged(small_originals(), 3 * len(CLASSES))), tmp_path)
    assert holes(verdicts) == ""
    ends = [verdict.end for verdict in verdicts]
    assert len(ends) == 3 * len(CLASSES)
    assert min(ends.count(end) for end in (PARSER, VERIFIER, RULES, PROGRAM)) >= 2
    assert any(verdict.outcome is not None for verdict in verdicts)
    assert ends.count(SAME) <= len(ends) // 20
    assert ends.count(PARSER) <= len(ends) // 2


@pytest.mark.slow
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_mutants_of_bundled_models(model: str, tmp_path: Path) -> None:
    """450 of each model, of each level and each step between 3 and 4. Prints the table (`-s`)."""
    verdicts = list(of_each_level(bundled_originals(model, tmp_path), 75))
    print(f"\n{table(verdicts)}")
    assert holes(verdicts) == ""


@pytest.mark.slow
def test_mutants_of_a_small_board(tmp_path: Path) -> None:
    """100 of a tiny model for the KV260: narrow ports, little memory. Prints the table (`-s`)."""
    originals = [one for one in small_board_originals(tmp_path) if one.level in ("3-4", "4")]
    verdicts = list(of_each_level(originals, 50))
    print(f"\n{table(verdicts)}")
    assert holes(verdicts) == ""


@pytest.mark.slow
def test_mutants_of_random_designs(tmp_path: Path) -> None:
    """1,000 of 250 random designs, run in the reference executor and as C++. Prints the table."""
    originals = [random_original(seed) for seed in range(1000, 1250)]
    verdicts = compared(list(judged(originals, 1000)), tmp_path)
    print(f"\n{table(verdicts)}")
    assert holes(verdicts) == ""
    assert sum(verdict.outcome is not None for verdict in verdicts) >= 100
