"""The benchmark that holds whole tokens of large models' RTL to the cycle simulator."""

import importlib.util
import sys
from pathlib import Path

import pytest
from rtl_bench import needs_verilator

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("rtl_exact", FOLDER / "rtl_exact.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "rtl_exact", module)
    spec.loader.exec_module(module)
    return module


def test_what_a_case_is_compiled_with(benchmark) -> None:
    nothing = {"preset": None, "schedule": None}
    whole = benchmark.Case.parse("bookbyte-mamba2:u280")
    assert whole.compile_options(nothing) == ["--target", "u280"]
    cut = benchmark.Case.parse("mamba2-2.7b:lightmamba-vck190:1")
    assert cut.compile_options({**nothing, "preset": "w4a4"}) == [
        *("--target", "lightmamba-vck190", "--preset", "w4a4", "--schedule", "lightmamba"),
        *("--random-weights", "--insert-after", "allocate-resources", "keep-layers{count=1}"),
    ]
    for wrong in ("mamba2-130m", ":vck190", "mamba2-130m:vck190:all"):
        with pytest.raises(SystemExit, match="is no case"):
            benchmark.Case.parse(wrong)


@pytest.mark.slow
@needs_verilator
def test_a_token_of_mamba2_130m(benchmark, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    monkeypatch.setattr(sys, "argv", ["rtl_exact.py", "mamba2-130m:vck190"])
    with pytest.raises(SystemExit) as ended:
        benchmark.main()
    assert ended.value.code == 0
    printed = capfd.readouterr().out
    (row,) = [line.split() for line in printed.splitlines() if line.startswith("mamba2-130m")]
    assert row[2] == "all"
    assert int(row[5].replace(",", "")) > 500_000
    assert row[6] == "0"
    assert "rtl: Verilator" in printed
    assert "DDR4: " in printed
