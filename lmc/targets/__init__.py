"""Boards as data: one TOML file for each, and the model that checks it.

Every number comes with the `source` it was taken from. A user's own file works wherever a
target's name does.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lmc.diagnostics import LmcError, suggestion, unreadable
from lmc.file_faults import first_fault
from lmc.plugins.data_files import data_files

_Count = Annotated[int, Field(ge=0)]
_Release = Annotated[str, Field(pattern=r"^20\d\d\.\d$")]
_Share = Annotated[float, Field(gt=0, le=1)]
_Positive = Annotated[float, Field(gt=0)]
_Mhz = Annotated[int, Field(gt=0)]
GROUP = "lmc.targets"
"""The entry point group of packages with targets."""
LINKER_MASTERS = 15
"""AXI masters of kernels that AMD's linker joins to one memory bank (UG1393, "Mapping Kernel Ports
to Memory")."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Resources(_Data):
    """Counts of a device's resources; BRAM in blocks of 36 Kbit, URAM of 288 Kbit."""

    lut: _Count
    ff: _Count
    dsp: _Count
    bram36: _Count
    uram: _Count
    source: str


class Slr(Resources):
    """A die of a device of several (super logic region): what the platform's shell leaves of it."""

    name: str


class Crossing(_Data):
    """How many wires are planned to cross each boundary between two neighbouring SLRs."""

    wires: _Count
    source: str


class Limits(_Data):
    """Shares of the resources up to which timing closure is planned."""

    lut: _Share
    ff: _Share
    dsp: _Share
    bram36: _Share
    uram: _Share
    source: str


class Dsp(_Data):
    """The DSP block of the device."""

    kind: Literal["DSP48E2", "DSP58"]
    source: str


class Memory(_Data):
    """An external memory: the ports and the bandwidth, all ports together, in GB/s, to plan with.

    Its channels share bandwidth and capacity evenly. `ports` are those that feed lanes of the
    matrix unit, `masters` the AXI masters of kernels that a channel takes. `latency_ns` is from a
    port's request to its first word, and from its last word to the answer that it is written;
    `port_gbps` is what one port can sustain, where that is less than a word each cycle. `slr` names
    the SLR in which the ports are, of all channels, or of each. `linker` is what the linker calls a
    channel, `{channel}` standing for its number. If it is not given, it is the memory's name, of
    several channels with the number, `NAME[0]`.
    """

    name: str
    ports: Annotated[int, Field(ge=1)]
    port_bits: Annotated[int, Field(ge=32)]
    capacity_gib: _Positive
    channels: Annotated[int, Field(ge=1)] = 1
    masters: Annotated[int, Field(ge=1)] = LINKER_MASTERS
    port_gbps: _Positive | None = None
    latency_ns: _Positive
    sustained_gbps: _Positive
    slr: str | list[str] | None = None
    linker: str | None = None
    source: str

    def linker_name(self, channel: int) -> str:
        """What the linker calls a channel."""
        own = self.name if self.channels == 1 else f"{self.name}[{{channel}}]"
        return (self.linker or own).replace("{channel}", str(channel))

    def carried_gbps(self, clock_mhz: int) -> float:
        """What all ports for lanes carry at a clock: a word in each cycle, or what one sustains."""
        word = self.port_bits / 8 * clock_mhz / 1e3
        return round(self.ports * min(word, self.port_gbps or word), 6)

    def slr_of(self, channel: int) -> str | None:
        """The name of the SLR in which a channel's ports are, if the target has SLRs."""
        return self.slr[channel] if isinstance(self.slr, list) else self.slr


class Noc(_Data):
    """A network on chip between kernels and memories: how many AXI masters of kernels it takes."""

    masters: Annotated[int, Field(ge=1)]
    source: str


class ClockRange(_Data):
    """The clocks that a design may be planned with, in MHz."""

    least_mhz: _Mhz
    most_mhz: _Mhz
    source: str

    def __str__(self) -> str:
        return f"{self.least_mhz} to {self.most_mhz} MHz"


class Clock(_Data):
    """The clock to plan with, in MHz, and the range that another one may be chosen from.

    Without a range there is no other one.
    """

    mhz: _Mhz
    range: ClockRange | None = None
    source: str

    def allows(self, mhz: float) -> bool:
        """Whether a design may be planned with a clock."""
        if self.range is None:
            return mhz == self.mhz
        return self.range.least_mhz <= mhz <= self.range.most_mhz

    def source_of(self, mhz: float) -> str:
        """Where the clock of a design is from."""
        if mhz == self.mhz:
            return self.source
        if self.range is None or not self.allows(mhz):
            return "the design's own"
        return f"chosen from {self.range}: {self.range.source}"

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if not self.allows(self.mhz):
            raise ValueError(f"clock.mhz: {self.mhz} is not within clock.range, {self.range}")
        return self


class Flow(_Data):
    """How AMD's tools build a design for the board.

    `vitis` is the first release whose tools do it, `last_vitis` the last one. `hls` is what
    compiles a kernel: `v++ --mode hls` from 2024.2 on, or `vitis_hls`. `link` is what the linker
    makes for the board's platform; without it kernels are packaged as IP, for a project of
    Vivado. `host` is the machine that the host program runs on. `instead` says what a user does
    for what the flow lacks: a link, or the SD card of a board with a processor of its own.
    """

    vitis: _Release
    last_vitis: _Release | None = None
    hls: Literal["v++", "vitis_hls"]
    link: Literal["xclbin", "xsa"] | None = None
    host: Literal["x86_64", "aarch64"] | None = None
    package: Literal["sd_card"] | None = None
    instead: str | None = None
    source: str

    @property
    def releases(self) -> str:
        """The releases of Vitis that build for the board, for a sentence."""
        return f"{self.vitis} to {self.last_vitis}" if self.last_vitis else f"{self.vitis} or later"

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.last_vitis is not None and self.last_vitis < self.vitis:
            raise ValueError("flow: last_vitis is before vitis")
        if (self.link is None) != (self.host is None):
            raise ValueError("flow: link and host come together")
        if self.package is not None and self.host != "aarch64":
            raise ValueError("flow: package is for a board whose host is aarch64")
        whole = self.host == "x86_64" or self.package is not None
        if whole == (self.instead is not None):
            wanted = "needs no instead: it leaves nothing out" if whole else "needs instead"
            raise ValueError(f"flow {wanted}")
        return self


NO_FLOW = Flow(
    vitis="2024.2",
    hls="v++",
    instead="say in [flow] of the target file how it is linked, or use the kernels, which "
    "`make hls` packages as IP, in a project of Vivado",
    source="what every part can have",
)
"""The flow of a target whose file states none."""


class Target(_Data):
    """A board.

    `usable` is what the platform's shell leaves, where that is known. `slrs` says it of each die of
    a device of several, in their order; it takes the place of `usable` then.
    """

    name: str
    part: str
    platform: str | None = None
    flow: Flow = NO_FLOW
    clock: Clock
    dsp: Dsp
    resources: Resources
    usable: Resources | None = None
    slrs: list[Slr] = []
    crossing: Crossing | None = None
    limits: Limits
    memories: Annotated[list[Memory], Field(min_length=1)]
    noc: Noc | None = None
    notes: list[str] = []

    @property
    def clock_mhz(self) -> int:
        """The clock to plan with, in MHz."""
        return self.clock.mhz

    def at_clock(self, mhz: int | None) -> Self:
        """The same board, planned with another clock; itself where none is given.

        Raises LmcError for a clock that the target does not allow.
        """
        if mhz is None or mhz == self.clock.mhz:
            return self
        if self.clock.range is None:
            raise LmcError(
                f"{self.name} is planned with {self.clock.mhz} MHz, not with {mhz} MHz: its file "
                "states no range of clocks"
            )
        if not self.clock.allows(mhz):
            raise LmcError(f"{self.name} is planned with {self.clock.range}, not with {mhz} MHz")
        clock = {"mhz": mhz, "source": self.clock.source_of(mhz)}
        return self.model_copy(update={"clock": self.clock.model_copy(update=clock)})

    def memory(self, name: str) -> Memory:
        """The memory of that name; raises LmcError if there is none."""
        for memory in self.memories:
            if memory.name == name:
                return memory
        known = ", ".join(memory.name for memory in self.memories)
        raise LmcError(f"{self.name} has no memory {name!r}; it has {known}")

    def budget(self) -> dict[str, int]:
        """How many of each resource a design may use, by name (lut, ff, dsp, bram36, uram)."""
        budgets = [self._share(part) for part in self.slrs or [self.usable or self.resources]]
        return {name: sum(budget[name] for budget in budgets) for name in budgets[0]}

    def slr_budgets(self) -> dict[str, dict[str, int]]:
        """The budget of each SLR, as `budget` has it of all together; empty without SLRs."""
        return {slr.name: self._share(slr) for slr in self.slrs}

    def _share(self, have: Resources) -> dict[str, int]:
        # Rounded before it is cut: 0.7 of 10 is 7.
        return {
            name: int(round(getattr(have, name) * getattr(self.limits, name), 6))
            for name in ("lut", "ff", "dsp", "bram36", "uram")
        }

    @model_validator(mode="after")
    def _check_platform(self) -> Self:
        if self.platform is not None and self.flow.link is None:
            raise ValueError("a platform is there to be linked with: say in flow how")
        return self

    @model_validator(mode="after")
    def _check_slrs(self) -> Self:
        names = [slr.name for slr in self.slrs]
        if len(set(names)) != len(names) or len(names) == 1:
            raise ValueError("slrs are at least two, of different names")
        if names and self.usable is not None:
            raise ValueError("slrs say what the shell leaves of each: leave usable out")
        if bool(names) != (self.crossing is not None):
            raise ValueError("slrs and crossing come together")
        for memory in self.memories:
            _check_memory(memory, names)
        return self

    @model_validator(mode="after")
    def _check_linker_names(self) -> Self:
        called = [
            memory.linker_name(channel)
            for memory in self.memories
            for channel in range(memory.channels)
        ]
        for name in called:
            if called.count(name) > 1:
                raise ValueError(f"the linker calls two channels {name}: say {{channel}} in linker")
        return self


def _check_memory(memory: Memory, slrs: list[str]) -> None:
    """Raises ValueError unless each channel's ports are in one of the SLRs, if there are any."""
    if (memory.slr is None) == bool(slrs):
        missing = "needs the slr of its ports" if slrs else "names an slr, but there are no slrs"
        raise ValueError(f"memory {memory.name} {missing}")
    if isinstance(memory.slr, list) and len(memory.slr) != memory.channels:
        raise ValueError(
            f"memory {memory.name} has {memory.channels} channels, and slr {len(memory.slr)} names"
        )
    for channel in range(memory.channels):
        if (name := memory.slr_of(channel)) is not None and name not in slrs:
            raise ValueError(f"memory {memory.name}: slr {name!r} is none of {', '.join(slrs)}")


def target_names() -> list[str]:
    """The names of the targets that come with lmc and with installed packages."""
    return list(_files())


def load_target(name_or_path: str) -> Target:
    """A target by name, or from a .toml file; raises LmcError if there is none or it is wrong."""
    return _read(_path_of(name_or_path))


def _path_of(name_or_path: str) -> Path:
    if name_or_path.endswith(".toml"):
        return Path(name_or_path)
    files = _files()
    if name_or_path in files:
        return files[name_or_path]
    hint = suggestion(name_or_path, files, f"there are {', '.join(files)}")
    raise LmcError(f"there is no target {name_or_path!r}; {hint} (or name a .toml file)")


def _files() -> dict[str, Path]:
    """The file of each target by its name, sorted; raises LmcError as `data_files`."""
    own = {path.stem: path for path in Path(__file__).resolve().parent.glob("*.toml")}
    offered = data_files(GROUP, "target", {name: str(path) for name, path in own.items()})
    return dict(sorted((own | {name: file.path for name, file in offered.items()}).items()))


def target_text(name_or_path: str) -> str:
    """The file of a target that `load_target` takes, as it is."""
    return _path_of(name_or_path).read_text(encoding="utf-8")


def _read(path: Path) -> Target:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise unreadable("target file", path, error) from error
    try:
        return Target.model_validate(content)
    except ValidationError as error:
        raise LmcError(f"the target file {path}: {first_fault(Target, content, error)}") from error
