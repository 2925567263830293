"""Reports of the link: what kernels take when they are routed, and the clock that they reach.

`*kernel_util_routed.rpt` has a table of kernels, their compute units below them and indented.
`*timing_summary*.rpt` has the worst slack of the whole design and the periods of its clocks.
`system_estimate.xtxt` has the frequencies that the compiler expects, by compute unit.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError
from lmc.synthesis.csynth import report_date
from lmc.synthesis.figures import amount, parse_figure

_PLATFORM = ("Platform", "User Budget", "Used Resources", "Unused Resources")
"""Rows of the table that are no kernels."""
_HEAD = re.compile(r"^\|\s*(Tool Version|Date|Device|Design State)\s*:\s*(.+?)\s*$", re.MULTILINE)
_RELEASE = re.compile(r"v\.?(20\d\d\.\d)")
_TIMING_TABLE = "| Design Timing Summary"
_CLOCK_TABLE = "| Clock Summary"
_SLACK_TABLE = "| Intra Clock Table"
_CLOCK = re.compile(r"\s*(\S+)\s+\{[^}]*\}\s+(\d+\.\d+)\s+\d+\.\d+\s*$")
"""Name, waveform, period, frequency."""
_CLOCK_SLACK = re.compile(r"\s*(\S+)\s+(-?\d+\.\d+)\s")
"""Name, worst slack, and the rest."""


@dataclass(frozen=True)
class RoutedKernels:
    """What each kernel takes after place and route, all of its compute units together."""

    path: Path
    version: str
    date: str | None
    device: str
    kernels: Mapping[str, Resources]


@dataclass(frozen=True)
class RoutedTiming:
    """The worst setup slack of all that is timed, and by name the clocks and the worst slacks
    within them, in ns."""

    path: Path
    version: str
    slack_ns: float
    periods_ns: Mapping[str, float]
    slacks_ns: Mapping[str, float]


@dataclass(frozen=True)
class CompilerEstimate:
    """The frequency in MHz that the compiler expects of each kernel, the least of its units."""

    path: Path
    frequencies: Mapping[str, float]


def is_kernel_utilization(path: Path) -> bool:
    """Whether a file is named like the table of routed kernels."""
    return path.name.endswith("kernel_util_routed.rpt")


def is_timing_summary(path: Path) -> bool:
    """Whether a file is named like a timing summary of a routed design."""
    name = path.name
    return "timing_summary" in name and name.endswith(".rpt") and "routed" in name


def read_kernel_utilization(path: Path) -> RoutedKernels:
    """The table of routed kernels.

    Raises:
        LmcError: the file cannot be read, or has no such table.
    """
    text = _read(path)
    head = dict(_HEAD.findall(text))
    rows = list(_table(text.splitlines(), "Name"))
    columns = rows[0] if rows else []
    missing = [name for name in ("LUT", "REG", "BRAM", "DSP") if name not in columns]
    if missing:
        raise LmcError(
            f"{path} has no table of kernels with {', '.join(missing)}: route the design"
        )
    kernels = dict(_kernels(path, columns, rows[1:]))
    if not kernels:
        raise LmcError(f"{path} names no kernel")
    return RoutedKernels(path, _release(head), _date(head), head.get("Device", ""), kernels)


def read_timing_summary(path: Path) -> RoutedTiming:
    """The worst slack and the clocks of a routed design.

    Raises:
        LmcError: the file cannot be read, or has no timing summary.
    """
    text = _read(path)
    if _TIMING_TABLE not in text:
        raise LmcError(f"{path} has no Design Timing Summary: it is no report of a routed design")
    slack = next(_numbers(_section(text, _TIMING_TABLE)), None)
    if slack is None:
        raise LmcError(f"{path}: the Design Timing Summary has no slack: are there clocks?")
    head = dict(_HEAD.findall(text))
    periods = dict(_named(_CLOCK, _section(text, _CLOCK_TABLE)))
    slacks = dict(_named(_CLOCK_SLACK, _section(text, _SLACK_TABLE)))
    return RoutedTiming(path, _release(head), slack, periods, slacks)


def read_compiler_estimate(path: Path) -> CompilerEstimate:
    """The frequencies of `system_estimate.xtxt`.

    Raises:
        LmcError: the file cannot be read, or has none.
    """
    rows = list(_table(_read(path).splitlines(), "Compute Unit"))
    found: dict[str, float] = {}
    columns: Sequence[str] = ()
    for row in rows:
        if row[0] == "Compute Unit":
            columns = row
            continue
        if "Estimated Frequency" not in columns or len(row) != len(columns):
            continue
        cells = dict(zip(columns, row, strict=True))
        where = f"{path}: compute unit {row[0]}"
        frequency = parse_figure(cells["Estimated Frequency"], where)
        if frequency is not None:
            kernel = cells["Kernel Name"]
            found[kernel] = min(frequency.least, found.get(kernel, frequency.least))
    if not found:
        raise LmcError(f"{path} has no table of estimated frequencies")
    return CompilerEstimate(path, found)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise LmcError(f"{path} cannot be read: {error.strerror or error}") from error


def _release(head: Mapping[str, str]) -> str:
    found = _RELEASE.search(head.get("Tool Version", ""))
    return found[1] if found else ""


def _date(head: Mapping[str, str]) -> str | None:
    return report_date(head["Date"]) if "Date" in head else None


def _table(lines: Sequence[str], first: str) -> Iterator[list[str]]:
    """Rows of all tables whose first column has this name; a cell keeps its leading blanks."""
    inside = False
    for line in lines:
        if not line.startswith("|"):
            inside = inside and line.startswith("+")
            continue
        cells = [cell[1:].rstrip() if cell[:1] == " " else cell.rstrip() for cell in _cells(line)]
        inside = inside or cells[0].strip() == first
        if inside:
            yield [cells[0], *(cell.strip() for cell in cells[1:])]


def _cells(line: str) -> list[str]:
    return line.strip().strip("|").split("|")


def _kernels(
    path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[tuple[str, Resources]]:
    for row in rows:
        # Compute units are indented below their kernel, which has their sum.
        if row[0].startswith(" ") or row[0].strip() in _PLATFORM:
            continue
        where = f"{path}: kernel {row[0].strip()}"
        if len(row) != len(columns):
            raise LmcError(f"{where} has {len(row)} columns, not {len(columns)}: it is cut off")
        cells = dict(zip(columns, row, strict=True))
        taken = {
            name: amount(parse_figure(cells.get(column), f"{where}: {column}"))
            for name, column in (
                *(("lut", "LUT"), ("ff", "REG"), ("dsp", "DSP")),
                *(("bram36", "BRAM"), ("uram", "URAM")),
            )
        }
        yield row[0].strip(), Resources(**taken)


def _numbers(text: str) -> Iterator[float]:
    """The first number of each line that begins with one."""
    for line in text.splitlines():
        words = line.split()
        if words and re.fullmatch(r"-?\d+(\.\d+)?", words[0]):
            yield float(words[0])


def _section(text: str, title: str) -> str:
    """What comes after a title, up to the next one."""
    after = text.partition(title)[2]
    return re.split(r"^\| [A-Z]", after, maxsplit=1, flags=re.MULTILINE)[0]


def _named(pattern: re.Pattern[str], section: str) -> Iterator[tuple[str, float]]:
    """Name and number of the lines that have both."""
    for found in map(pattern.match, section.splitlines()):
        if found is not None:
            yield found[1], float(found[2])
