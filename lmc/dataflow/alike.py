"""Traces of all tasks of a design; those that are alike but for names, as lanes are, traced once.

Two tasks are alike if they have the same ops, types and attributes in the same order, use the same
scalars, and differ only in what they call their loops, and in which streams and banks they use.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic

from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.graph import TaskNode, declaration
from lmc.dataflow.trips import LeafT, Names, Nodes, Tracer
from lmc.dialects.dataflow import BankOp, BurstReadOp, BurstWriteOp, ScalarOp, StreamOp, loop_of
from lmc.dialects.dataflow.loops import LOOP


class DesignTracer(Generic[LeafT]):
    """Traces the tasks of a design for settings of the run-time scalars.

    `tracer` makes a tracer of a task. The tasks must stay what they are meanwhile.
    """

    def __init__(self, tasks: Iterable[TaskNode], tracer: Callable[[TaskNode], Tracer[LeafT]]):
        firsts: dict[Hashable, tuple[Tracer[LeafT], _Shape]] = {}
        self._tasks: dict[str, tuple[Tracer[LeafT], Names | None]] = {}
        for task in tasks:
            shape = _shape(task)
            if shape.key in firsts:
                first, known = firsts[shape.key]
                self._tasks[task.name] = first, known.names_in(shape)
            else:
                firsts[shape.key] = tracer(task), shape
                self._tasks[task.name] = firsts[shape.key][0], None

    def trace(self, scalars: Mapping[str, int]) -> dict[str, Nodes[LeafT]]:
        """The traces by task name. Raises LmcError as `Tracer.trace`."""
        done: dict[Tracer[LeafT], Nodes[LeafT]] = {}
        traces: dict[str, Nodes[LeafT]] = {}
        for task, (tracer, names) in self._tasks.items():
            if names is None:
                done[tracer] = traces[task] = tracer.trace(scalars)
            else:
                traces[task] = tracer.renamed(done[tracer], names)
        return traces


def task_shape(task: TaskNode) -> Hashable:
    """What a task has in common with all that are alike, of this design and of others."""
    return _shape(task).key


def first_alike(tasks: Iterable[TaskNode]) -> dict[str, tuple[TaskNode, Mapping[str, str]]]:
    """For each task the first one that is alike, and what that one's streams and banks are in it.

    Names are those of declarations: the first one's, and this one's.
    """
    firsts: dict[Hashable, tuple[TaskNode, _Shape]] = {}
    found: dict[str, tuple[TaskNode, Mapping[str, str]]] = {}
    for task in tasks:
        shape = _shape(task)
        first, known = firsts.setdefault(shape.key, (task, shape))
        found[task.name] = first, dict(zip(known.parts, shape.parts, strict=True))
    return found


@dataclass(frozen=True)
class _Shape:
    """What a task has in common with all that are alike, and its names in the order of the text."""

    key: Hashable
    loops: tuple[str, ...]
    parts: tuple[str, ...]

    def names_in(self, other: "_Shape") -> Names:
        """What the other one calls the same."""
        return Names(
            dict(zip(self.loops, other.loops, strict=True)),
            dict(zip(self.parts, other.parts, strict=True)),
        )


def _shape(task: TaskNode) -> _Shape:
    block = task.op.body.block
    loops, parts = list[str](), dict[str, int]()
    outside = list[Hashable]()
    for argument in block.args:
        source = declaration(argument)
        assert isinstance(source, ScalarOp | StreamOp | BankOp)
        name = source.sym_name.data
        is_scalar = isinstance(source, ScalarOp)
        outside.append(name if is_scalar else parts.setdefault(name, len(parts)))
    inside = tuple(_rows(block, {}, loops))
    return _Shape((tuple(outside), inside), tuple(loops), tuple(parts))


def _rows(block: Block, numbers: dict[SSAValue, int], loops: list[str]) -> Iterator[Hashable]:
    """All of a block but the labels of loops and bursts, which are added to `loops`."""
    for argument in block.args:
        numbers[argument] = len(numbers)
        yield argument.type
    for op in block.ops:
        yield type(op), *(numbers[operand] for operand in op.operands)
        yield _without_label(op, loops)
        for result in op.results:
            numbers[result] = len(numbers)
            yield result.type
        for region in op.regions:
            yield len(region.blocks)
            for each in region.blocks:
                yield from _rows(each, numbers, loops)


def _without_label(op: Operation, loops: list[str]) -> Hashable:
    properties, attributes = dict(op.properties), dict[str, Hashable](op.attributes)
    if isinstance(op, scf.ForOp):
        loop = loop_of(op)
        loops.append(loop.label)
        attributes[LOOP] = replace(loop, label="")
    elif isinstance(op, BurstReadOp | BurstWriteOp):
        loops.append(op.label.data)
        del properties["label"]
    return (*properties.items(), *attributes.items())
