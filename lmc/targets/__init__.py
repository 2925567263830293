"""Boards as data: one TOML file for each, and the model that checks it.

Every number comes with the `source` it was taken from. A user's own file works wherever a
target's name does.
"""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lmc.diagnostics import LmcError

_FOLDER = Path(__file__).resolve().parent
_Count = Annotated[int, Field(ge=0)]
_Share = Annotated[float, Field(gt=0, le=1)]
_Positive = Annotated[float, Field(gt=0)]


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


class Limits(_Data):
    """Shares of the resources up to which timing closure is planned."""

    lut: _Share
    ff: _Share
    dsp: _Share
    bram36: _Share
    uram: _Share
    source: str


class Dsp(_Data):
    """The DSP block, and how many products one makes in a cycle with packing written out."""

    kind: Literal["DSP48E2", "DSP58"]
    int8_products: Annotated[int, Field(ge=1)]
    int4_products: Annotated[int, Field(ge=1)]
    source: str


class Memory(_Data):
    """An external memory: the ports to plan with and its bandwidth, all ports together, in GB/s.

    Its channels share the bandwidth evenly. `latency_ns` is from a port's request to its first
    word, and from its last word to the answer that it is written; `port_gbps` is what one port can
    sustain, where that is less than a word each cycle.
    """

    name: str
    ports: Annotated[int, Field(ge=1)]
    port_bits: Annotated[int, Field(ge=32)]
    capacity_gib: _Positive
    channels: Annotated[int, Field(ge=1)] = 1
    port_gbps: _Positive | None = None
    latency_ns: _Positive
    peak_gbps: _Positive
    sustained_gbps: _Positive
    source: str


class Clock(_Data):
    """The clock to plan with, in MHz."""

    mhz: _Positive
    source: str


class Target(_Data):
    """A board. `usable` is what the platform's shell leaves, where that is known."""

    name: str
    part: str
    platform: str | None = None
    clock: Clock
    dsp: Dsp
    resources: Resources
    usable: Resources | None = None
    limits: Limits
    memories: Annotated[list[Memory], Field(min_length=1)]
    notes: list[str] = []

    @property
    def clock_mhz(self) -> float:
        """The clock to plan with, in MHz."""
        return self.clock.mhz

    def budget(self) -> dict[str, int]:
        """How many of each resource a design may use, by name (lut, ff, dsp, bram36, uram)."""
        have = self.usable or self.resources
        return {
            name: int(getattr(have, name) * getattr(self.limits, name))
            for name in ("lut", "ff", "dsp", "bram36", "uram")
        }


def target_names() -> list[str]:
    """The names of the targets that come with lmc."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_target(name_or_path: str) -> Target:
    """A target by name, or from a .toml file; raises LmcError if there is none or it is wrong."""
    if name_or_path.endswith(".toml"):
        return _read(Path(name_or_path))
    if name_or_path in target_names():
        return _read(_FOLDER / f"{name_or_path}.toml")
    close = get_close_matches(name_or_path, target_names(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(target_names())}"
    raise LmcError(f"there is no target {name_or_path!r}; {hint} (or name a .toml file)")


def _read(path: Path) -> Target:
    try:
        return Target.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LmcError(f"there is no target file {path}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LmcError(f"the target file {path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise LmcError(f"the target file {path}: {where}: {first['msg'].lower()}") from error
