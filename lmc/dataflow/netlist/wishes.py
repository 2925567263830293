"""What values would be called: by the rules of the C++, before names are made unique."""

from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.graph import declaration
from lmc.dataflow.roles import role_of
from lmc.dataflow.timing import buffer_of
from lmc.dialects import dataflow
from lmc.dialects.dataflow import TaskOp, constant_value


@dataclass
class Wishes:
    """Names of a task's values, not yet unique."""

    known: dict[SSAValue, str] = field(default_factory=dict[SSAValue, str])

    def __call__(self, value: SSAValue) -> str:
        """The name of what an op makes."""
        return self.text(value)

    def text(self, value: SSAValue) -> str:
        """The name of a value."""
        if value not in self.known:
            self.known[value] = self._text(value)
        return self.known[value]

    def _text(self, value: SSAValue) -> str:
        number = constant_value(value)
        if number is not None:
            return str(number)
        if isinstance(value.type, MemRefType):
            return buffer_of(value).sym_name.data
        if isinstance(value.owner, Operation):
            return role_of(value, self.text)
        return _argument(value, value.owner)


def _argument(value: SSAValue, block: Block) -> str:
    if isinstance(block.parent_op(), TaskOp):
        declared = declaration(value)
        assert isinstance(declared, dataflow.ScalarOp | dataflow.StreamOp | dataflow.BankOp)
        return declared.sym_name.data
    return value.name_hint or "value"
