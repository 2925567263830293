"""What every lmc pass says of itself beyond xDSL's `ModulePass`."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from xdsl.passes import ModulePass


class Effect(Enum):
    """What a pass may do to the numbers that a module computes; `--check` holds it to this."""

    FLOAT = "equal within float tolerance"
    NUMBERS = "numbers change, by an error that is measured and reported"
    BITS = "equal bit for bit"


@dataclass(frozen=True)
class LmcPass(ModulePass):
    """A pass of lmc; its fields are its options on the command line."""

    effect: ClassVar[Effect] = Effect.BITS
