"""What stands above a function: the ops that it is for, and what its streams carry."""

import re
from collections.abc import Mapping

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Attribute, Block, BlockArgument, Operation, SSAValue

from lmc.backends.hls.arguments import access_in_task
from lmc.dialects.dataflow import CarriedAttr, KernelOp, OriginAttr, StreamOp, TaskOp
from lmc.ir.locations import source_line


def task_comment(task: TaskOp, names: Mapping[SSAValue, str]) -> list[str]:
    """Comment lines of a task's function; `names` are those of its arguments.

    What is not known is left out.
    """
    lines = [line for origin in task.origins or () for line in _origin(origin)]
    if not lines and (source := source_line(task.location)) is not None:
        lines.append(f"from {source}")
    for argument, outer in zip(task.body.block.args, task.arguments, strict=True):
        stream = _declaration(outer)
        if isinstance(stream, StreamOp) and stream.carries is not None:
            verb = "writes" if access_in_task(argument) == "write" else "reads"
            lines.append(f"  {verb} {names[argument]}: {_carried(stream.carries)}")
    return [f"// {comment_text(line)}" for line in lines]


def comment_text(text: str) -> str:
    """Text that can't end a line comment before its line ends, or after it."""
    return re.sub(r"[^ -~]|\\", "_", text)


def _declaration(outer: SSAValue) -> Operation | Block:
    """The op that declares what a task is given: in its kernel, or in the design."""
    kernel = outer.owner.parent_op()
    if isinstance(outer, BlockArgument) and isinstance(kernel, KernelOp):
        return kernel.arguments[outer.index].owner
    return outer.owner


def _origin(origin: OriginAttr) -> list[str]:
    operands, results = (
        ", ".join(f"{value.value_name.data}: {_type(value.type)}" for value in values)
        for values in (origin.operands, origin.results)
    )
    lines = [f"{origin.op_name.data}({operands}) -> {results}"]
    weights = " and ".join(one.data for one in origin.weights)
    if origin.source.data:
        lines.append(f"  from {origin.source.data}{f' with {weights}' if weights else ''}")
    elif weights:
        lines.append(f"  with {weights}")
    return lines


def _carried(carried: CarriedAttr) -> str:
    lanes, words = carried.lanes.value.data, carried.words.value.data
    element = _type(carried.element)
    content = element if lanes == 1 else f"{lanes} x {element}"
    return f"{words} word{'s' * (words > 1)} of {content} for each {carried.round_name.data}"


def _type(type_: Attribute) -> str:
    """A type as docs/number-formats.md writes it, without the name of its dialect."""
    if isinstance(type_, TensorType):
        return " x ".join([*map(str, type_.get_shape()), _type(type_.element_type)])
    return str(type_).removeprefix("!ssm.")
