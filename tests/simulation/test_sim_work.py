"""What tasks multiply for a token is what the model needs, and padding; bytes are those moved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_designs import last_module

from lmc.backends.hls.printer import find_design
from lmc.simulation.launch import Launch, simulate_launch
from lmc.simulation.work import Purpose, purpose_of, work_of
from lmc.targets import load_target


@pytest.fixture(scope="module")
def launch(mamba2_design: Path) -> Launch:
    return simulate_launch(find_design(last_module(mamba2_design)), load_target("kv260"), 3, 3)


def test_the_state_update_multiplies_what_the_ir_counts(
    launch: Launch, mamba2_design: Path
) -> None:
    costs = json.loads((mamba2_design / "manifest.json").read_text("utf-8"))["costs"]
    recurrence = ("dt_a", "dt_x", "decay_state", "dtx_b", "c_state", "d_x")
    work = work_of(launch)["state_update"]
    counted = sum(costs["multiplications"][name] for name in recurrence)
    assert counted * 0.9 <= work.multiplications <= counted


def test_lanes_multiply_all_weights_and_some_padding(launch: Launch, mamba2_design: Path) -> None:
    costs = json.loads((mamba2_design / "manifest.json").read_text("utf-8"))["costs"]
    # A weight of 8 bits is two nibbles.
    needed = sum(
        count * (2 if widths.startswith("8") else 1) for widths, count in costs["products"].items()
    )
    lanes = {name: one for name, one in work_of(launch).items() if one.packed is not None}
    assert set(lanes) == {"lane_0", "lane_1", "lane_2"}
    done = sum(one.multiplications for one in lanes.values())
    assert needed <= done < 2 * needed
    for name, one in lanes.items():
        # Never more than every cycle of the task.
        assert one.multiplications <= one.each_cycle * launch.decode_cycles[name]


def test_bytes_are_those_of_weights_and_states(launch: Launch) -> None:
    moved = sum(one.bytes for one in work_of(launch).values())
    total = sum(launch.decode_bytes.values())
    # The rest are vectors, tables, ids and logits.
    assert 0.5 * total < moved < total
    assert work_of(launch)["state_update"].bytes > 0, "states are in memory"


@pytest.mark.parametrize(
    ("task", "purpose"),
    [
        ("lane_1", Purpose.WEIGHTS),
        ("deal_scales_0", Purpose.WEIGHTS),
        ("state_update", Purpose.STATE),
        ("conv1d", Purpose.STATE),
        ("deal_parameters", Purpose.OTHER),
        ("rms_norm", Purpose.OTHER),
    ],
)
def test_purposes(launch: Launch, task: str, purpose: Purpose) -> None:
    assert purpose_of(launch.design, task) is purpose
