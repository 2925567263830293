"""Errors that know the op they are about, so that a reader is shown its place in a file."""

from collections.abc import Generator
from contextlib import contextmanager

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError


class OpError(LmcError):
    """What is wrong with `op`, for the user."""

    def __init__(self, op: Operation, sentence: str):
        super().__init__(sentence)
        self.op = op


class InvalidOpError(VerifyException):
    """What a verifier finds wrong with `op`."""

    def __init__(self, op: Operation, sentence: str):
        super().__init__(sentence)
        self.op = op


@contextmanager
def blaming(op: Operation) -> Generator[None]:
    """Let what does not verify in here be about an op, unless it says of which one it is."""
    try:
        yield
    except InvalidOpError:
        raise
    except VerifyException as error:
        raise InvalidOpError(op, str(error)) from error


def find_invalid_op(module: ModuleOp, error: VerifyException) -> Operation | None:
    """The op that an error is about: its own, or the first that does not verify, from within."""
    if isinstance(error, InvalidOpError):
        return error.op
    for op in module.walk(region_first=True):
        try:
            op.verify(verify_nested_ops=False)
        except Exception:  # xDSL's own verifiers raise more than VerifyException.
            return op
    return None
