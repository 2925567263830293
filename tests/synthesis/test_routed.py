"""Reports of the link."""

from pathlib import Path

import pytest

from lmc.dataflow.resources import Resources
from lmc.diagnostics import LmcError
from lmc.synthesis.routed import (
    read_compiler_estimate,
    read_kernel_utilization,
    read_timing_summary,
)

UTILIZATION = """| Tool Version : Vivado v.2022.2 (lin64) Build 3 Fri Oct 14 05:07:14 MDT 2022
| Date         : Wed Sep 29 13:52:42 2021
| Device       : xcu280
| Design State : Routed

1. System Utilization

+-----------+
| Name | LUT | LUTAsMem | REG | BRAM | URAM | DSP |
+-----------+
| Platform | 151731 [ 12.8%] | 17 | 22112 [ 9.3%] | 301 [ 13.9%] | 0 [ 0.0%] | 7 [ 0.1%] |
| User Budget | 990176 [100.0%] | 57 | 21433 [100.0%] | 185 [ 100.0%] | 9 [ 100.0%] | 6 [ 100.0%] |
|    Used Resources | 1879 [ 0.1%] | 48 | 3197 [ 0.1%] | 4 [ 0.2%] | 0 [ 0.0%] | 0 [ 0.0%] |
| front | 1879 [ 0.1%] | 48 | 3197 [ 0.1%] | 4.5 [ 0.2%] | 2 [ 0.2%] | 12 [ 0.1%] |
|    front_1 | 1879 [ 0.1%] | 48 | 3197 [ 0.1%] | 4.5 [ 0.2%] | 2 [ 0.2%] | 12 [ 0.1%] |
+-----------+
"""
TIMING = """| Tool Version : Vivado v.2024.2 (lin64)
| Design Timing Summary
| ---------------------

    WNS(ns)      TNS(ns)  TNS Failing Endpoints
    -------      -------  ---------------------
     -0.130      -15.019                    120

| Clock Summary
| -------------
Clock          Waveform(ns)       Period(ns)      Frequency(MHz)
-----          ------------       ----------      --------------
dma_ip_axi_aclk  {0.000 2.000}    4.000           250.000
  clk_kernel   {0.000 1.667}        3.333           300.030

| Intra Clock Table
| -----------------
Clock             WNS(ns)      TNS(ns)
-----             -------      -------
dma_ip_axi_aclk
  clk_kernel       0.100        0.000

| Inter Clock Table
From Clock    To Clock          WNS(ns)
dma_ip_axi_aclk  clk_kernel     -0.130
"""
ESTIMATE = """Kernel Summary
+-----+
| Kernel Name | Type |
| front       | c    |
+-----+
Timing Information (MHz)
+-----+
| Compute Unit | Kernel Name | Module Name | Target Frequency | Estimated Frequency |
+-----+
| front_1      | front       | front       | 300.300293       | 411.015198          |
| front_2      | front       | front       | 300.300293       | 400.5               |
| matrix_1     | matrix      | matrix      | 300.300293       | ?                   |
+-----+
Latency Information
| Compute Unit | Kernel Name | Start Interval |
| front_1      | front       | undef          |
"""


def put(folder: Path, text: str) -> Path:
    path = folder / "report.rpt"
    path.write_text(text)
    return path


def test_kernels(tmp_path: Path) -> None:
    found = read_kernel_utilization(put(tmp_path, UTILIZATION))
    assert found.kernels == {"front": Resources(lut=1879, ff=3197, dsp=12, bram36=4.5, uram=2)}
    assert (found.version, found.device, found.date) == ("2022.2", "xcu280", "2021-09-29T13:52:42")


def test_timing(tmp_path: Path) -> None:
    found = read_timing_summary(put(tmp_path, TIMING))
    assert found.slack_ns == -0.13
    assert found.periods_ns == {"dma_ip_axi_aclk": 4.0, "clk_kernel": 3.333}
    assert found.slacks_ns == {"clk_kernel": 0.1}


def test_expected_frequencies(tmp_path: Path) -> None:
    assert read_compiler_estimate(put(tmp_path, ESTIMATE)).frequencies == {"front": 400.5}


def test_what_is_no_such_report(tmp_path: Path) -> None:
    path = put(tmp_path, "nothing\n")
    with pytest.raises(LmcError, match="has no table of kernels with LUT, REG, BRAM, DSP"):
        read_kernel_utilization(path)
    with pytest.raises(LmcError, match="has no Design Timing Summary"):
        read_timing_summary(path)
    with pytest.raises(LmcError, match="has no table of estimated frequencies"):
        read_compiler_estimate(path)


def test_a_row_that_is_cut_off(tmp_path: Path) -> None:
    cut = UTILIZATION[: UTILIZATION.index("3197 [ 0.1%] | 4.5")]
    with pytest.raises(LmcError, match="kernel front has 3 columns, not 7: it is cut off"):
        read_kernel_utilization(put(tmp_path, cut))


def test_no_kernel(tmp_path: Path) -> None:
    with pytest.raises(LmcError, match="names no kernel"):
        read_kernel_utilization(put(tmp_path, UTILIZATION.partition("| front ")[0]))


def test_no_slack(tmp_path: Path) -> None:
    text = TIMING.replace("     -0.130      -15.019                    120", "NA NA").replace(
        "4.000 ", ""
    )
    with pytest.raises(LmcError, match="has no slack"):
        read_timing_summary(put(tmp_path, text))
