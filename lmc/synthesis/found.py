"""The reports below a folder: `build/hls/...`, the work folder of `v++ --mode hls`, `_x/...`."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lmc.diagnostics import LmcError
from lmc.synthesis.csynth import KernelReport, is_csynth, read_csynth
from lmc.synthesis.routed import (
    CompilerEstimate,
    RoutedKernels,
    RoutedTiming,
    is_kernel_utilization,
    is_timing_summary,
    read_compiler_estimate,
    read_kernel_utilization,
    read_timing_summary,
)

_Report = TypeVar("_Report")


@dataclass(frozen=True)
class Reports:
    """All reports of a build: of kernels by name, and of the link as far as there are any."""

    kernels: dict[str, KernelReport]
    routed: RoutedKernels | None
    timing: RoutedTiming | None
    expected: CompilerEstimate | None


def find_reports(path: Path) -> Reports:
    """The reports below a folder, or the one report that a file is.

    Raises:
        LmcError: there is none, one cannot be read, or there are two of the same thing that differ.
    """
    files = list(_files(path)) if path.is_dir() else [path]
    if not path.exists():
        raise LmcError(f"there is no {path}: name the folder that `make hls` or `make build` wrote")
    kernels: dict[str, KernelReport] = {}
    for report in map(read_csynth, _csynth_files(path, files)):
        other = kernels.setdefault(report.top.name, report)
        if other is not report and not _same(other, report):
            raise LmcError(
                f"{other.path} and {report.path} are of kernel {report.top.name} and differ: name "
                "the folder of one build"
            )
    found = Reports(
        kernels,
        _only(files, is_kernel_utilization, read_kernel_utilization),
        _only(files, is_timing_summary, read_timing_summary),
        _only(files, lambda one: one.name == "system_estimate.xtxt", read_compiler_estimate),
    )
    if not kernels and (found.routed, found.timing, found.expected) == (None, None, None):
        raise LmcError(
            f"{path} has no report of Vitis (csynth.xml, *kernel_util_routed.rpt, "
            "*timing_summary*routed*.rpt, system_estimate.xtxt): run `make hls` first"
        )
    return found


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, in one order; links to folders are not followed."""
    for top, folders, names in os.walk(folder):
        # The tool's own database is large and holds no report of its own.
        folders[:] = sorted(name for name in folders if name != ".autopilot")
        for name in sorted(names):
            yield Path(top) / name


def _csynth_files(path: Path, files: Sequence[Path]) -> list[Path]:
    if path.is_file() and path.suffix == ".xml":
        return [path]
    return [one for one in files if is_csynth(one)]


def _same(one: KernelReport, other: KernelReport) -> bool:
    return (one.modules, one.target_ns, one.part) == (other.modules, other.target_ns, other.part)


def _only(
    files: Sequence[Path], wanted: Callable[[Path], bool], read: Callable[[Path], _Report]
) -> _Report | None:
    """The report of a kind. A build has copies of it, which have to be equal."""
    named = [one for one in files if wanted(one)]
    different = {one.read_bytes(): one for one in reversed(named)}
    if len(different) > 1:
        names = " and ".join(str(one) for one in list(different.values())[:2])
        raise LmcError(f"{names} differ: name the folder of one build")
    return read(named[0]) if named else None
