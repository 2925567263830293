"""Families of models with Mamba layers that lmc does not compile, and why, a sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass

from lmc.diagnostics import LmcError

PURE = "lmc compiles pure Mamba and Mamba-2 models, whose layers have one mixer and nothing else"


@dataclass(frozen=True)
class OtherFamily:
    """A family that is refused."""

    name: str
    model_types: tuple[str, ...]
    """`model_type` in its configurations."""
    reason: str
    """What it has that lmc does not compile, as a clause."""

    def error(self, said: str) -> LmcError:
        """The refusal of a model of the family; `said` is how the model says what it is."""
        return LmcError(f"{said} is {self.name}: {self.reason}; {PURE}")


OTHER_FAMILIES = (
    OtherFamily(
        "Jamba",
        ("jamba",),
        "between its Mamba layers are attention layers, and feed-forward layers, some of them "
        "mixtures of experts, come after all of them",
    ),
    OtherFamily(
        "Zamba",
        ("zamba", "zamba2"),
        "an attention block with shared weights works beside its Mamba layers",
    ),
    OtherFamily(
        "Bamba",
        ("bamba",),
        "some of its layers are attention, and a feed-forward layer comes after each",
    ),
    OtherFamily(
        "Nemotron-H",
        ("nemotron_h",),
        "among its Mamba-2 layers are attention and feed-forward layers",
    ),
    OtherFamily(
        "Granite 4",
        ("granitemoehybrid",),
        "some of its layers are attention, and feed-forward layers or mixtures of experts come "
        "after all of them",
    ),
    OtherFamily(
        "Falcon-H1",
        ("falcon_h1",),
        "each of its layers has attention beside its Mamba-2 mixer, and a feed-forward layer",
    ),
    OtherFamily(
        "Mamba-3",
        ("mamba3",),
        "its state update is another: trapezoidal in time, with a rotation of the state",
    ),
)
"""In the order in which `lmc models` shows them."""

_BY_TYPE: Mapping[object, OtherFamily] = {
    model_type: family for family in OTHER_FAMILIES for model_type in family.model_types
}


def other_family(model_type: object) -> OtherFamily | None:
    """The refused family that has this `model_type`, None if there is none."""
    return _BY_TYPE.get(model_type) if isinstance(model_type, str) else None
