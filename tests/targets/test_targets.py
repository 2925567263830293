"""Boards as data: the shipped files, and a user's own."""

from pathlib import Path

import pytest
from build_once import build_once

from lmc import targets as lmc_targets
from lmc.diagnostics import LmcError
from lmc.driver.compile import CompileRequest, compile_design
from lmc.targets import load_target, target_names

OWN = """
name = "mine"
part = "xc7z020"
clock = {{ mhz = {mhz}, source = "me" }}
dsp = {{ kind = "DSP48E2", source = "me" }}
resources = {{ lut = 100, ff = 200, dsp = 10, bram36 = 10, uram = 0, source = "me" }}
limits = {{ lut = 0.5, ff = 0.5, dsp = 0.5, bram36 = 0.5, uram = 0.5, source = "me" }}
[[memories]]
name = "DDR3"
ports = 2
port_bits = 64
capacity_gib = 1
latency_ns = 300
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
        assert memory.carried_gbps(target.clock_mhz) >= 0.99 * memory.sustained_gbps, (
            "the ports cannot carry what is planned"
        )
        assert memory.capacity_gib >= 1
        assert 100 <= memory.latency_ns <= 1000
        assert memory.ports % memory.channels == 0 or memory.channels == 1
        assert memory.masters >= memory.ports // memory.channels
        assert "masters: " in memory.source


def test_a_memory_of_a_users_file_has_one_channel_unless_it_says_more(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    (memory,) = load_target(str(path)).memories
    assert (memory.channels, memory.masters, memory.port_gbps) == (1, 15, None)
    path.write_text(OWN.format(mhz=100) + "channels = 2\nmasters = 4\nport_gbps = 1.5\n")
    (memory,) = load_target(str(path)).memories
    assert (memory.channels, memory.masters, memory.port_gbps) == (2, 4, 1.5)


RANGE = """
[clock.range]
least_mhz = 100
most_mhz = 200
source = "me"
"""


def test_a_users_file_has_its_clock_alone_unless_it_says_more(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    target = load_target(str(path))
    assert target.at_clock(None) is target.at_clock(100) is target
    with pytest.raises(LmcError, match="mine is planned with 100 MHz, not with 101 MHz: its file"):
        target.at_clock(101)
    text = OWN.replace('clock = {{ mhz = {mhz}, source = "me" }}\n', "")
    own = '[clock]\nmhz = {mhz}\nsource = "me"\n'
    path.write_text(text.format() + own.format(mhz=150) + RANGE)
    target = load_target(str(path))
    assert target.at_clock(200).clock_mhz == 200
    assert target.at_clock(200).clock.source == "chosen from 100 to 200 MHz: me"
    for mhz in (99, 201):
        with pytest.raises(LmcError, match=f"mine is planned with 100 to 200 MHz, not with {mhz}"):
            target.at_clock(mhz)
    path.write_text(text.format() + own.format(mhz=201) + RANGE)
    with pytest.raises(LmcError, match=r"mine.toml: clock.mhz: 201 is not within .*100 to 200 MHz"):
        load_target(str(path))


def test_a_slow_port_carries_less_than_a_word_each_cycle(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    (memory,) = load_target(str(path)).memories
    assert [memory.carried_gbps(mhz) for mhz in (100, 200)] == [1.6, 3.2]
    path.write_text(OWN.format(mhz=100) + "port_gbps = 1.5\n")
    (memory,) = load_target(str(path)).memories
    assert [memory.carried_gbps(mhz) for mhz in (100, 200)] == [1.6, 3.0]


def test_a_network_on_chip_says_how_many_masters_it_takes(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    assert load_target(str(path)).noc is None
    path.write_text(OWN.format(mhz=100) + '[noc]\nmasters = 3\nsource = "me"\n')
    noc = load_target(str(path)).noc
    assert noc is not None
    assert noc.masters == 3


def test_budget_is_taken_of_what_the_shell_leaves():
    target = load_target("vck190")
    assert target.budget()["dsp"] == int(target.resources.dsp * target.limits.dsp)
    left = target.resources.model_copy(update={"dsp": 1000})
    target = target.model_copy(update={"usable": left})
    assert target.budget()["dsp"] == int(1000 * target.limits.dsp)


def test_a_budget_for_each_slr():
    target = load_target("u280")
    budgets = target.slr_budgets()
    assert list(budgets) == ["SLR0", "SLR1", "SLR2"]
    assert budgets["SLR1"]["lut"] == 233_100
    assert target.budget() == {
        name: sum(budget[name] for budget in budgets.values()) for name in target.budget()
    }
    assert [memory.slr_of(1) for memory in target.memories] == ["SLR0", "SLR1"]
    assert load_target("vck190").slr_budgets() == {}


SLRS = """
[[slrs]]
name = "A"
lut = 60
ff = 100
dsp = 5
bram36 = 5
uram = 0
source = "me"
[[slrs]]
name = "B"
lut = 40
ff = 100
dsp = 5
bram36 = 5
uram = 0
source = "me"
[crossing]
wires = 9
source = "me"
"""
USABLE = """
[usable]
lut = 60
ff = 100
dsp = 5
bram36 = 5
uram = 0
source = "me"
"""
MEMORY = 'slr = "B"\n'
CHANNELS = 'channels = 2\nslr = ["A", "B"]\n'


@pytest.mark.parametrize("memory", [MEMORY, CHANNELS])
def test_slrs_of_a_users_file(tmp_path, memory):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100) + memory + SLRS)
    assert load_target(str(path)).slr_budgets()["A"]["lut"] == 30
    assert load_target(str(path)).budget()["lut"] == 50


def test_what_the_linker_calls_channels(tmp_path):
    path = tmp_path / "mine.toml"
    for given, names in {
        'slr = "A"\n': ["DDR3"],
        CHANNELS: ["DDR3[0]", "DDR3[1]"],
        CHANNELS + 'linker = "bank{channel}"\n': ["bank0", "bank1"],
    }.items():
        path.write_text(OWN.format(mhz=100) + given + SLRS)
        memory = load_target(str(path)).memory("DDR3")
        assert [memory.linker_name(channel) for channel in range(memory.channels)] == names


@pytest.mark.parametrize(
    ("memory", "slrs", "message"),
    [
        ("", SLRS, "memory DDR3 needs the slr of its ports"),
        (MEMORY, "", "memory DDR3 names an slr, but there are no slrs"),
        ('slr = "C"\n', SLRS, "memory DDR3: slr 'C' is none of A, B"),
        ('slr = ["A", "B"]\n', SLRS, "memory DDR3 has 1 channels, and slr 2 names"),
        (MEMORY, SLRS.replace('"A"', '"B"'), "slrs are at least two, of different names"),
        (MEMORY, SLRS.partition("[crossing]")[0], "slrs and crossing come together"),
        (MEMORY, SLRS + USABLE, "leave usable out"),
        (
            CHANNELS + 'linker = "DDR"\n',
            SLRS,
            r"the linker calls two channels DDR: say \{channel\} in linker",
        ),
    ],
)
def test_slrs_that_are_wrong(tmp_path, memory, slrs, message):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100) + memory + slrs)
    with pytest.raises(LmcError, match=f"mine.toml: .*{message}"):
        load_target(str(path))


FLOW = """
[flow]
vitis = "2024.2"
hls = "v++"
source = "me"
"""


def test_a_target_without_a_flow_has_its_kernels_made_and_says_what_is_missing(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    flow = load_target(str(path)).flow
    assert (flow.hls, flow.link, flow.releases) == ("v++", None, "2024.2 or later")
    assert "[flow] of the target file" in str(flow.instead)


def test_a_users_flow(tmp_path):
    path = tmp_path / "mine.toml"
    flow = FLOW.replace('hls = "v++"', 'hls = "vitis_hls"\nlast_vitis = "2024.2"')
    path.write_text(OWN.format(mhz=100) + flow + 'link = "xclbin"\nhost = "x86_64"\n')
    assert load_target(str(path)).flow.releases == "2024.2 to 2024.2"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("", "flow needs instead"),
        ('link = "xclbin"\n', "flow: link and host come together"),
        ('link = "xclbin"\nhost = "aarch64"\n', "flow needs instead"),
        ('link = "xclbin"\nhost = "x86_64"\ninstead = "a"\n', "flow needs no instead"),
        ('package = "sd_card"\n', "flow: package is for a board whose host is aarch64"),
        ('instead = "a"\nlast_vitis = "2023.1"\n', "flow: last_vitis is before vitis"),
        ('instead = "a"\nlast_vitis = "23.1"\n', "flow.last_vitis: string should match pattern"),
        ('instead = "a"\nlink = "bit"\n', "flow.link is 'bit'; it should be 'xclbin' or 'xsa'"),
    ],
)
def test_flows_that_are_wrong(tmp_path, keys, message):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100) + FLOW + keys)
    with pytest.raises(LmcError, match=f"mine.toml: {message}"):
        load_target(str(path))


def test_a_platform_is_to_be_linked_with(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('platform = "p"\n' + OWN.format(mhz=100))
    with pytest.raises(LmcError, match=r"a platform is there to be linked with: say in flow how"):
        load_target(str(path))


@pytest.mark.parametrize("name", target_names())
def test_a_shipped_target_with_a_platform_is_linked(name):
    target = load_target(name)
    if target.platform is None:
        assert target.flow.instead is not None
    else:
        assert target.flow.link is not None
        assert target.platform.startswith("xilinx_")


def test_a_compile_finds_a_users_file_again(small_model: Path, tmp_path: Path, lmc) -> None:
    """The file is named otherwise than the target in it."""
    text = (Path(lmc_targets.__file__).parent / "vck190.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(text.replace('name = "vck190"', 'name = "another"'))
    output = tmp_path / "design"
    finished = lmc("compile", small_model, "--random-weights", "--target", path, "-o", output)
    assert finished.status == 0, finished.errors


def test_a_users_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(mhz=100))
    assert load_target(str(path)).budget()["lut"] == 50
    path.write_text(OWN.format(mhz=-1))
    with pytest.raises(LmcError, match=r"mine.toml: clock.mhz is .*; it should be greater than 0"):
        load_target(str(path))
    path.write_text(OWN.format(mhz=100).replace("latency_ns = 300\n", ""))
    with pytest.raises(LmcError, match=r"mine.toml: memories.0.latency_ns is missing"):
        load_target(str(path))
    path.write_text("name = ")
    with pytest.raises(LmcError, match="cannot be read"):
        load_target(str(path))
    with pytest.raises(LmcError, match="no target file"):
        load_target(str(tmp_path / "absent.toml"))


@pytest.fixture(scope="module")
def quantized(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small model before anything of it depends on a target."""

    def build(folder: Path) -> Path:
        request = CompileRequest(
            model=str(small_model), random_weights=True, target="vck190", output=folder / "design"
        )
        return compile_design(request).design.ir_file(2)

    return build_once(tmp_path_factory, "small-at-level-2", build)


@pytest.mark.parametrize("name", target_names())
def test_every_target_takes_a_design(name: str, quantized: Path, tmp_path: Path, lmc) -> None:
    finished = lmc("compile", "--from", quantized, "--target", name, "-o", tmp_path / "design")
    assert finished.status == 0, finished.errors


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("vck190", r"offers the target 'vck190', which exists already as .*vck190\.toml"),
        ("other", r"offers the target 'other', but has no other\.toml"),
    ],
)
def test_a_package_that_offers_no_target_of_its_own_is_refused(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "boards_of_mine"
    package.mkdir()
    (package / "vck190.toml").write_text("")
    metadata = tmp_path / "boards_of_mine-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: boards-of-mine\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(f"[lmc.targets]\n{name} = boards_of_mine\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LmcError, match=f"the package boards_of_mine {sentence}"):
        target_names()
