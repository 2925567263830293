"""Calibration files: factors for estimates of resources, and what they are from.

`lmc report` writes them, `lmc compile --calibration` takes them into the allocation of a design.
The same reports give the same bytes: the only date in it is that of the reports.
"""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lmc.dataflow.resources.calibrated import FAMILIES
from lmc.diagnostics import LmcError, unreadable
from lmc.dialects.dataflow import Calibration, Factor
from lmc.file_faults import first_fault
from lmc.targets import Target

VERSION = 1
_Share = Annotated[float, Field(ge=0)]
_Text = Annotated[str, Field(min_length=1)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FitError(_Data):
    """How far estimates of a resource are from the reports: the sum of the distances of all parts,
    as a share of what is reported. `left_out` is that of factors that were fitted without the part
    itself."""

    before: _Share
    after: _Share
    left_out: _Share
    parts: Annotated[int, Field(ge=1)]


class CalibrationFile(_Data):
    """What is in the file. `stage` says which figures the factors bring estimates to: those of the
    HLS tool, or those of the routed design."""

    lmc_calibration: Literal[1] = VERSION
    family: _Text
    tool: _Text
    part: _Text
    clock_mhz: Annotated[float, Field(gt=0)]
    date: str | None
    design: _Text
    stage: Literal["synthesis", "routed"]
    errors: dict[str, FitError]
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]

    @property
    def source(self) -> str:
        """What the factors are from, in a line."""
        day = "" if self.date is None else f" of {self.date[:10]}"
        return f"{self.tool}{day}, {self.part}, {self.clock_mhz:g} MHz, {self.stage}"

    @property
    def text(self) -> str:
        """The file."""
        return json.dumps(self.model_dump(mode="json", exclude_unset=False), indent=1) + "\n"


def read_calibration(path: Path, target: Target) -> Calibration:
    """The factors of a file for a target.

    Raises:
        LmcError: the file cannot be read, is no calibration file or one of another version, or is
            of another family of devices.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise unreadable("calibration file", path, error) from error
    version = content.get("lmc_calibration") if isinstance(content, dict) else None
    if version is None:
        raise LmcError(f"{path} is no calibration file: `lmc report --vitis` writes one")
    if version != VERSION:
        raise LmcError(
            f"{path} is a calibration file of version {version}, and this lmc reads version "
            f"{VERSION}: write it anew with `lmc report --vitis`"
        )
    try:
        file = CalibrationFile.model_validate(content)
    except ValidationError as error:
        fault = first_fault(CalibrationFile, content, error)
        raise LmcError(f"the calibration file {path}: {fault}") from error
    family = FAMILIES[target.dsp.kind]
    if file.family != family:
        raise LmcError(
            f"{path} is of {file.family} ({file.part}), and {target.name} is of {family}: "
            "calibrate with reports of a design for that family"
        )
    return Calibration(family=family, source=file.source, factors=file.factors)
