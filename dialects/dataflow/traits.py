"""What ops of this dialect promise, so that nobody keeps a list of them."""

import abc
from dataclasses import dataclass

from xdsl.interfaces import HasCanonicalizationPatternsInterface
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import RewritePattern
from xdsl.traits import OpTrait
from xdsl.utils.exceptions import VerifyException


def verify_no_attributes(op: Operation, known: tuple[str, ...] = ()) -> None:
    """VerifyException when an op has an attribute of another name than those known for it."""
    for name in op.attributes:
        if name not in known:
            raise VerifyException(f"{op.name} has an unknown attribute, {name}")


class Closed(OpTrait):
    """All that an op says is in its operands, results, properties and regions."""

    def verify(self, op: Operation) -> None:
        """VerifyException when the op has any attribute: nothing would read it."""
        verify_no_attributes(op)


class Statement(Closed):
    """An op that may be in the body of a task."""


@dataclass(frozen=True)
class Named(OpTrait):
    """What a result is called that has no name of its own: `sum` for the result of an addition."""

    stem: str


class Reducible(HasCanonicalizationPatternsInterface, abc.ABC):
    """A pure op with one result, which may turn out to be an operand's value, or a number."""

    @abc.abstractmethod
    def reduced(self) -> SSAValue | int | None:
        """The operand, cast to the result's type, or the number that the result surely equals.

        None where there is none. A cast may also give what it would be a cast of a cast of.
        """

    @classmethod
    def get_canonicalization_patterns(cls) -> tuple[RewritePattern, ...]:
        """The one pattern of all such ops."""
        from lmc.dialects.dataflow.canonicalization import Reduce

        return (Reduce(),)
