"""What ops of this dialect promise, so that nobody keeps a list of them."""

from xdsl.ir import Operation
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
