"""What tasks multiply for a new token, and the bytes of memory that they do it with.

Counted in the IR of level 4, where it is what the hardware does: rows and inputs of a matrix that
are only padding count, and so do multiplications whose result a branch leaves unused.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from xdsl.dialects import scf
from xdsl.ir import Operation

from lmc.dataflow.banks import first_segment
from lmc.dataflow.delays import product_kind
from lmc.dataflow.graph import TaskNode, declaration, design_graph
from lmc.dataflow.implementations import in_cascade
from lmc.dataflow.resources.unrolling import lanes_of
from lmc.dataflow.timed import Pipeline, TimedLeaf, burst_words, iterations
from lmc.dataflow.trips import Repeat
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    MatrixAttr,
    MulOp,
    SegmentAttr,
    StateAttr,
    is_pipelined,
    is_unrolled,
    loop_of,
)
from lmc.simulation.launch import Launch, scalars


class Purpose(StrEnum):
    """What a task works on: weights of the linear layers, a state, or something else."""

    WEIGHTS = "weights"
    STATE = "state"
    OTHER = "other"


@dataclass(frozen=True)
class Work:
    """A task that multiplies, for one new token.

    `each_cycle` are the multiplications that it does in a cycle at the most. `bytes` are those of
    weights and states that memory moves for it. `packed` says of a lane how many products of a
    weight and an activation share a DSP, 0 where LUTs multiply; it is None for other tasks.
    """

    multiplications: int
    each_cycle: float
    bytes: int
    packed: int | None


def work_of(launch: Launch) -> dict[str, Work]:
    """The work of all tasks that multiply, in the order of the text."""
    tasks, simulator = design_graph(launch.design).tasks, launch.simulator
    less, more = (
        simulator.traces(scalars(launch.prompt_length, launch.new_tokens + new)) for new in (0, 1)
    )
    moved: Counter[str] = Counter()
    units: dict[str, MatrixAttr] = {}
    for port in _ports(tasks):
        words = burst_words(more[port.task], port.bank) - burst_words(less[port.task], port.bank)
        for name in port.served:
            moved[name] += words * port.word_bits // 8 // len(port.served)
            if isinstance(port.holds, MatrixAttr):
                units[name] = port.holds
    found: dict[str, Work] = {}
    for task in tasks:
        rounds = _rounds(more[task.name])
        rounds.subtract(_rounds(less[task.name]))
        work = _work(task, units.get(task.name), rounds, moved[task.name])
        if work.multiplications:
            found[task.name] = work
    return found


def purpose_of(design: DesignOp, task: str) -> Purpose:
    """What a task works on: what it brings to a multiplication, or what it multiplies."""
    holds = {
        type(port.holds) for port in _ports(design_graph(design).tasks) if task in port.reached
    }
    if MatrixAttr in holds:
        return Purpose.WEIGHTS
    return Purpose.STATE if StateAttr in holds else Purpose.OTHER


@dataclass(frozen=True)
class _Port:
    """A task's access to a bank of weights or states.

    `reached` are the tasks between it and the ones that it is `served` to, which multiply its
    words, or make them, and those tasks.
    """

    task: str
    bank: str
    word_bits: int
    holds: SegmentAttr
    reached: tuple[str, ...]
    served: tuple[str, ...]


def _ports(tasks: Iterable[TaskNode]) -> list[_Port]:
    ends: dict[bool, dict[str, list[TaskNode]]] = {
        False: defaultdict(list),
        True: defaultdict(list),
    }
    for task in tasks:
        for written, streams in ((False, task.reads), (True, task.writes)):
            for stream in streams:
                ends[written][stream].append(task)
    multiplies = {task.name for task in tasks if any(True for _ in _products(task.op))}
    found: dict[tuple[str, str], _Port] = {}
    for task in tasks:
        for op in task.op.body.block.walk():
            if not isinstance(op, BurstReadOp | BurstWriteOp):
                continue
            bank = declaration(op.port)
            assert isinstance(bank, BankOp)
            holds, name = first_segment(bank), bank.sym_name.data
            if isinstance(holds, MatrixAttr | StateAttr) and (task.name, name) not in found:
                reached = _reach(task, ends, multiplies, upward=isinstance(op, BurstWriteOp))
                served = tuple(other for other in reached if other in multiplies)
                found[task.name, name] = _Port(
                    task.name, name, bank.word_bits, holds, reached, served
                )
    return list(found.values())


def _reach(
    start: TaskNode,
    ends: Mapping[bool, Mapping[str, list[TaskNode]]],
    stops: set[str],
    *,
    upward: bool,
) -> tuple[str, ...]:
    """The task, and those on the way of its words, up to those at which it stops."""
    found: dict[str, None] = {}
    coming = [start]
    while coming:
        task = coming.pop()
        if task.name in found:
            continue
        found[task.name] = None
        if task.name not in stops:
            for stream in task.reads if upward else task.writes:
                coming += ends[upward].get(stream, ())
    return tuple(found)


def _products(op: Operation) -> Iterator[tuple[scf.ForOp, MulOp, int]]:
    """(pipelined loop, multiplication, how often an iteration has it), but for constant factors."""
    for loop in op.walk():
        if isinstance(loop, scf.ForOp) and is_pipelined(loop):
            for product in loop.walk():
                if isinstance(product, MulOp) and product_kind(product) != "constant":
                    yield loop, product, prod(map(lanes_of, _unrolled_around(product)))


def _unrolled_around(op: Operation) -> Iterator[scf.ForOp]:
    parent = op.parent_op()
    while parent is not None:
        if isinstance(parent, scf.ForOp) and is_unrolled(parent):
            yield parent
        parent = parent.parent_op()


def _work(task: TaskNode, unit: MatrixAttr | None, rounds: Mapping[str, int], moved: int) -> Work:
    counts: Counter[scf.ForOp] = Counter()
    chained: Counter[scf.ForOp] = Counter()
    for loop, product, times in _products(task.op):
        counts[loop] += times
        chained[loop] += times if in_cascade(product) else 0
    total, most = 0, 0.0
    packed = None if unit is None else 0
    for loop, count in counts.items():
        schedule = loop_of(loop)
        if unit is not None:
            # What scales a sum of products is none itself, and one DSP may do several.
            count = unit.rows.data * unit.inputs.data
            packed = count // chained[loop] if chained[loop] else 0
        total += count * rounds[schedule.label]
        most = max(most, count / (schedule.ii or 1))
    return Work(total, most, moved, packed)


def _rounds(trace: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> Counter[str]:
    """Iterations of the pipelines of a trace, by label."""
    total: Counter[str] = Counter()
    for node in trace:
        if isinstance(node, Repeat):
            for label, count in _rounds(node.body).items():
                total[label] += node.count * count
        elif isinstance(node, Pipeline):
            total[node.label] += iterations(node.rounds)
    return total
