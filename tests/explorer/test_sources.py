"""PyTorch files of locations, and lines that have their ops at the lines that call them."""

from lmc.explorer import Exploration
from lmc.explorer.ops import SourceLine
from lmc.explorer.sources import callers_of, read_sources

CODE = """\
class Mixer:
    def __init__(self, width):
        self.weight = make(width)
        self.unused = 1

    def forward(self, x):
        y = self._first(x)
        return y + x

    def _first(self, x):
        return self._second(x) * self.weight

    def _second(self, x):
        return x.exp()

    def scan(self, x):
        return self._other(x)

    def _other(self, x):
        return x
"""


def test_lines_are_reached_from_the_traced_ones() -> None:
    callers = callers_of(CODE, {7, 8})
    assert callers == {3: (7,), 10: (7,), 11: (7,), 13: (7,), 14: (7,)}


def test_code_that_does_not_parse_has_no_callers() -> None:
    assert callers_of("def (:", {1}) == {}


def test_only_files_of_installed_packages_are_read() -> None:
    names = ["../secret.py", "lmc/../../secret.py", "/etc/passwd", "mine.py", "no_such/a.py"]
    found = read_sources(SourceLine(name, 1) for name in names)
    assert [source.file for source in found] == sorted(names)
    assert all(source.text is None for source in found)


def test_a_file_that_is_too_short_is_another_one() -> None:
    assert read_sources([SourceLine("lmc/progress.py", 10**6)])[0].text is None


def test_all_code_of_a_mixer_leads_to_ops(exploration: Exploration) -> None:
    """Each line of the methods that decode a token has ops, or is reached from one that has."""
    (mamba2,) = [one for one in exploration.sources if one.file == "lmc/models/mamba2.py"]
    assert mamba2.text is not None
    lines = mamba2.text.split("\n")
    traced = {
        op.source.line
        for step in exploration.steps
        for op in step.ops
        if op.source is not None and op.source.file == mamba2.file
    }
    known = traced | set(mamba2.callers)
    for number in range(
        1 + next(n for n, x in enumerate(lines) if "def _project" in x), len(lines)
    ):
        assert number in known or not lines[number - 1].strip(), lines[number - 1]
