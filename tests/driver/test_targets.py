"""Boards as data: the shipped files, and a user's own."""

from pathlib import Path

import pytest

from lmc.diagnostics import LmcError
from lmc.targets import load_target, target_names

OWN = """
name = "mine"
part = "xc7z020"
clock = {{ mhz = {mhz}, source = "me" }}
dsp = {{ kind = "DSP48E2", int8_products = 1, int4_products = 1, source = "me" }}
resources = {{ lut = 100, ff = 200, dsp = 10, bram36 = 10, uram = 0, source = "me" }}
limits = {{ lut = 0.5, ff = 0.5, dsp = 0.5, bram36 = 0.5, uram = 0.5, source = "me" }}
[[memories]]
name = "DDR3"
ports = 2
port_bits = 64
capacity_gib = 1
latency_ns = 300
peak_gbps = 4.2
sustained_gbps = 3.0
source = "me"
"""


@pytest.mark.parametrize("name", target_names())
def test_shipped_targets_are_plausible(name):
    target = load_target(name)
    assert target.name == name
    budget = target.budget()
    assert 0 < budget["lut"] < target.resources.lut
    for memory in target.memories:
        assert memory.sustained_gbps <= memory.peak_gbps
        each = memory.port_bits / 8 * target.clock_mhz / 1e3
        ports = memory.ports * min(each, memory.port_gbps or each)
        assert ports >= 0.99 * memory.sustained_gbps, "the ports cannot carry what is planned"
        assert memory.capacity_gib >= 1
        assert 100 <= memory.latency_ns <= 1000
        assert memory.ports % memory.channels == 0 or memory.channels == 1


def test_a_memory_of_a_users_file_has_one_channel_unless_it_says_more(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    (memory,) = load_target(str(path)).memories
    assert (memory.channels, memory.port_gbps) == (1, None)
    path.write_text(OWN.format(mhz=100) + "channels = 2\nport_gbps = 1.5\n")
    (memory,) = load_target(str(path)).memories
    assert (memory.channels, memory.port_gbps) == (2, 1.5)


def test_budget_is_taken_of_what_the_shell_leaves():
    target = load_target("u280")
    assert target.usable is not None
    assert target.budget()["dsp"] == int(target.usable.dsp * target.limits.dsp)


def test_a_users_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    assert load_target(str(path)).budget()["lut"] == 50
    path.write_text(OWN.format(mhz=-1))
    with pytest.raises(LmcError, match=r"mine.toml: clock.mhz: input should be greater than 0"):
        load_target(str(path))
    path.write_text(OWN.format(mhz=100).replace("latency_ns = 300\n", ""))
    with pytest.raises(LmcError, match=r"mine.toml: memories.0.latency_ns: field required"):
        load_target(str(path))
    path.write_text("name = ")
    with pytest.raises(LmcError, match="cannot be read"):
        load_target(str(path))
    with pytest.raises(LmcError, match="no target file"):
        load_target(str(tmp_path / "absent.toml"))


@pytest.mark.parametrize("name", target_names())
def test_every_target_takes_a_design(name: str, small_model: Path, tmp_path: Path, lmc) -> None:
    finished = lmc(
        "compile", small_model, "--random-weights", "--target", name, "-o", tmp_path / "design"
    )
    assert finished.status == 0, finished.errors
