"""Waves of a small design, and the save file for GTKWave: it names signals that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rtl_bench import needs_verilator
from rtl_kernels import ROUNDS, adding_design
from small_designs import target_with

from lmc.backends.rtl.bench.build import build_bench, check_waves
from lmc.backends.rtl.bench.launches import BenchOptions, RtlLaunch, run_launches
from lmc.backends.rtl.bench.waves import is_own, save_file
from lmc.backends.rtl.kernel.files import design_rtl
from lmc.diagnostics import LmcError, UsageError

TARGET = target_with()
FST_HEADER = bytes([0]) + (329).to_bytes(8, "big")
"""The type and length of the first block of an FST file."""


def written(folder: Path, suffix: str) -> tuple[Path, str]:
    """A file of waves of a launch, and its save file."""
    rtl, waves = design_rtl(adding_design(), TARGET), folder / f"waves.{suffix}"
    bench = build_bench(rtl, TARGET, folder / "rtl", check_waves(waves))
    launch = RtlLaunch({"rounds": ROUNDS})
    run = run_launches(bench, [launch], 10_000, 1, BenchOptions(waves=waves))
    assert run.launches[0].cycles > 0
    return waves, save_file(rtl, bench.top, waves)


def declared(waves: Path) -> Iterator[str]:
    """The signals of a VCD file, as GTKWave calls them."""
    scopes: list[str] = []
    for line in waves.read_text().split("$enddefinitions")[0].splitlines():
        match line.split():
            case ["$scope", _, name, "$end"]:
                scopes.append(name)
            case ["$upscope", "$end"]:
                scopes.pop()
            case ["$var", _, _, _, name, *rest]:
                yield ".".join([*scopes, name]) + "".join(rest[:-1])
            case _:
                pass


@pytest.mark.slow
@needs_verilator
def test_the_save_file_names_signals_that_are_there(tmp_path: Path) -> None:
    waves, save = written(tmp_path, "vcd")
    shown = [line for line in save.splitlines() if line.startswith("TOP.")]
    assert len(shown) > 100
    assert is_own(save)
    assert not set(shown) - set(declared(waves))
    groups = re.findall(r"^@(?:800|c00)200\n-(.+)$", save, re.MULTILINE)
    assert [name for name in groups if name in ("kernels", "tasks", "FIFOs", "banks")] == [
        *("kernels", "tasks", "FIFOs", "banks")
    ]
    assert {"fetch", "sum_up", "unpacked", "results of keep_tasks"} <= set(groups)
    ends = re.findall(r"^@1(?:000|401)200$", save, re.MULTILINE)
    assert len(ends) == len(groups)


@pytest.mark.slow
@needs_verilator
def test_an_fst_file(tmp_path: Path) -> None:
    waves, save = written(tmp_path, "fst")
    assert waves.read_bytes().startswith(FST_HEADER)
    assert save.startswith(f'[dumpfile] "{waves}"\n')


def test_what_is_no_file_of_waves() -> None:
    with pytest.raises(UsageError, match=r"waves\.txt is no file of waves: its name ends in"):
        check_waves(Path("waves.txt"))


def test_a_place_without_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    waves = tmp_path / "none" / "waves.vcd"
    with pytest.raises(LmcError, match=r"waves\.vcd can't be written: there is no folder"):
        check_waves(waves)
    (tmp_path / "folder.vcd").mkdir()
    with pytest.raises(LmcError, match=r"folder\.vcd can't be written; give a path"):
        check_waves(tmp_path / "folder.vcd")


def test_what_was_saved_in_gtkwave_is_kept(tmp_path: Path) -> None:
    waves, save = tmp_path / "waves.vcd", tmp_path / "waves.gtkw"
    save.write_text('[*]\n[*] GTKWave Analyzer v3.3.118 (w)1999-2023 BSI\n[dumpfile] "waves.vcd"\n')
    with pytest.raises(LmcError, match=r"waves\.gtkw is not as lmc writes it, .*: rename it, or "):
        check_waves(waves)


def test_fst_needs_zlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "g++").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (tmp_path / "g++").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LmcError, match=r"zlib\.h is not installed .* or a name that ends in \.vcd"):
        check_waves(Path("waves.fst"))
    assert check_waves(Path("waves.vcd")) == "vcd"
