"""Modules synthesized in processes of their own."""

from __future__ import annotations

import importlib.util
import resource
import subprocess
import tempfile
from pathlib import Path

import pytest

from lmc.backends.rtl.synthesis import process, run
from lmc.backends.rtl.synthesis.run import Synthesized, synthesize
from lmc.diagnostics import LmcError

pytest.importorskip("pyosys")

PRODUCTS = """
module products (
    input  logic clk,
    input  logic signed [7:0] a,
    input  logic signed [7:0] b,
    output logic signed [15:0] in_luts,
    output logic signed [15:0] in_dsp
);
  logic signed [7:0] c, d;
  (* use_dsp = "no" *) wire logic signed [15:0] kept = 16'(c) * 16'(d);
  (* use_dsp = "yes" *) wire logic signed [15:0] given = 16'(c) * 16'(d + 1'b1);
  always_ff @(posedge clk) begin
    c <= a;
    d <= b;
    in_luts <= kept;
    in_dsp <= given;
  end
endmodule
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))


def test_products_are_made_of_what_they_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "with blanks").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "with blanks"))
    seen: list[tuple[str, int]] = []
    first = synthesize({"products": PRODUCTS}, lambda *done: seen.append(done))
    found = first["products"]
    assert isinstance(found, Synthesized)
    assert found.resources.dsp == 1
    assert found.resources.lut >= 60
    assert 3 <= found.levels <= 10
    assert seen == [("products", 1)]
    # The second time it is read from the cache.
    monkeypatch.setattr(subprocess, "run", None)
    assert synthesize({"products": PRODUCTS}) == first


@pytest.mark.slow
def test_a_process_that_fails_is_an_outcome_and_is_not_kept() -> None:
    for _ in range(2):
        found = synthesize({"wrong": "module wrong (input logic a); unknown b; endmodule"})
        assert isinstance(found["wrong"], LmcError)
        assert str(found["wrong"]) == (
            "task wrong: yosys has ended with status 1: wrong.sv:1: ERROR: use of undeclared "
            "identifier 'unknown'"
        )


@pytest.mark.slow
def test_too_little_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_memory", lambda: 1 << 27)
    found = synthesize({"products": PRODUCTS})["products"]
    assert str(found) == (
        "task products: yosys needs more than 0.1 GiB of memory, this machine's share for it"
    )


@pytest.mark.parametrize(("hard", "limit"), [(1 << 20, 1 << 20), (resource.RLIM_INFINITY, 1 << 30)])
def test_a_limit_of_memory_is_not_above_the_one_there_is(
    monkeypatch: pytest.MonkeyPatch, hard: int, limit: int
) -> None:
    made: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (hard, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda *given: made.append(given))
    process.limit_memory(1 << 30)
    assert made == [(resource.RLIMIT_AS, (limit, limit))]


def test_an_unknown_cell_is_told_with_its_task() -> None:
    kept = {"cells": {"$mul": 1}, "levels": 1, "from": "a", "to": "b"}
    code = run._code()
    run._entry(code, "products", PRODUCTS).write(kept)
    found = synthesize({"products": PRODUCTS})["products"]
    assert str(found).startswith("task products: yosys has made cells of type $mul")


def test_without_pyosys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(LmcError, match=r"pyosys is not installed: pip install 'lmc-fpga\[synth"):
        synthesize({"products": PRODUCTS})
