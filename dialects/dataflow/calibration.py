"""What synthesis of designs has said about the estimates of resources: factors by kind of part."""

from typing import Annotated

from pydantic import BaseModel, Field

Positive = Annotated[int, Field(strict=True, ge=1)]
Name = Annotated[str, Field(strict=True, min_length=1)]

ONE = 1000
"""The factor that changes nothing: factors are in thousandths."""


class Factor(BaseModel, extra="forbid", frozen=True):
    """By how many thousandths the estimate of a kind of part is multiplied, for each resource.

    `kind` is the name of the op that the part is there for, or `registers`. What is not given
    stays as it is estimated.
    """

    kind: Name
    lut: Positive | None = None
    ff: Positive | None = None
    dsp: Positive | None = None
    bram36: Positive | None = None
    uram: Positive | None = None


class Calibration(BaseModel, extra="forbid", frozen=True):
    """Factors for one family of devices, and the tool, part and clock that they are from."""

    family: Name
    source: Name
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]

    def factor(self, kind: str) -> Factor | None:
        """The factors of a kind; None where there are none."""
        return next((one for one in self.factors if one.kind == kind), None)
