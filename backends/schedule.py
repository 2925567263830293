"""`schedule.json`: what runs when, in numbers that other tools can read."""

from typing import Any

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, SSAValue

from lmc.backends.hls.arguments import design_kernels, kernel_tasks
from lmc.backends.host.tables import host_tables
from lmc.dataflow.banks import banks, layout_kind, logits_of
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.resources import estimate
from lmc.dataflow.resources.budget import CALIBRATION
from lmc.dataflow.resources.calibrated import calibration_of
from lmc.dialects.dataflow import BankOp, DesignOp, StreamOp, TaskOp, is_unrolled, loop_of
from lmc.dialects.host import ProgramOp
from lmc.placement import slr_use
from lmc.targets import Target


def schedule(program: ProgramOp, design: DesignOp, target: Target) -> dict[str, Any]:
    """Kernels, tasks and their loops (trip count, II and latency in cycles), streams, memory
    images, and what the host does with them (`lmc.backends.host.tables`).

    A trip count is null where it depends on a run-time scalar or an outer loop. `resources` are
    estimates (docs/resources.md), and what of the target's budget they use.
    """
    fields = logits_of(design).fields()
    return {
        "design": design.sym_name.data,
        "target": target.name,
        "clock_mhz": design_clock(design, target),
        "logits": {name: fields[name] for name in ("length", "bits", "frac", "mul")},
        "memory": [_bank(bank) for bank in banks(design)],
        "host": host_tables(program, design),
        "streams": [_stream(op) for op in design.walk() if isinstance(op, StreamOp)],
        "kernels": {
            kernel.sym_name.data: {
                task.sym_name.data: _loops(task) for task in kernel_tasks(kernel)
            }
            for kernel in design_kernels(design)
        },
        "resources": design_resources(design, target),
    }


def design_resources(design: DesignOp, target: Target) -> dict[str, Any]:
    """Used and budget by resource; then the shares of tasks, streams, ports and kernel control.

    A design that is placed in SLRs has the same for each of them (`slrs`), and the wires across
    each boundary beside their limit (`crossings`); one that is calibrated says with what. For
    `schedule.json` and `lmc simulate --json`.
    """
    counted, budget = estimate(design, target), target.budget()
    used, calibration = counted.total.as_dict(), calibration_of(design)
    groups = {"streams": counted.streams, "ports": counted.ports, "control": counted.control}
    return {
        **{name: {"used": used[name], "budget": budget[name]} for name in budget},
        "kernels": {
            kernel: {task: part.as_dict() for task, part in tasks.items()}
            for kernel, tasks in counted.tasks.items()
        },
        **{
            group: {name: part.as_dict() for name, part in parts.items()}
            for group, parts in groups.items()
        },
        **_placed(design, target),
        **({} if calibration is None else {CALIBRATION: calibration.source}),
    }


def _placed(design: DesignOp, target: Target) -> dict[str, Any]:
    use = slr_use(design, target)
    if use is None or target.crossing is None:
        return {}
    budgets = target.slr_budgets()
    return {
        "slrs": {
            slr: {name: {"used": used[name], "budget": budgets[slr][name]} for name in used}
            for slr, used in use.amounts.items()
        },
        "crossings": [
            {"slrs": [one, other], "wires": wires, "limit": target.crossing.wires}
            for one, other, wires in use.crossings
        ],
    }


def _bank(bank: BankOp) -> dict[str, Any]:
    return {
        "name": bank.sym_name.data,
        "holds": layout_kind(bank),
        "memory": bank.memory.data,
        "direction": bank.direction.data,
        "word_bits": bank.word_bits,
        "words": bank.words.value.data,
    }


def _stream(stream: StreamOp) -> dict[str, Any]:
    element = stream.result.type.element_type  # pyright: ignore[reportAttributeAccessIssue]
    depth = stream.depth.value.data if stream.depth is not None else None
    return {"name": stream.sym_name.data, "bits": element.width.data, "depth": depth}


def _loops(task: TaskOp) -> list[dict[str, Any]]:
    return _inner_loops(task)


def _inner_loops(op: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for region in op.regions:
        for block in region.blocks:
            for inner in block.ops:
                is_loop = isinstance(inner, scf.ForOp) and not is_unrolled(inner)
                found += [_loop(inner)] if is_loop else _inner_loops(inner)  # pyright: ignore[reportArgumentType]
    return found


def _loop(op: scf.ForOp) -> dict[str, Any]:
    loop = loop_of(op)
    entry: dict[str, Any] = {"label": loop.label, "trips": _constant(op.ub)}
    if loop.ii is not None:
        entry |= {"ii": loop.ii, "latency": loop.latency}
    inner = _inner_loops(op)
    return {**entry, "loops": inner} if inner else entry


def _constant(value: SSAValue) -> int | None:
    if isinstance(value.owner, arith.ConstantOp) and isinstance(value.owner.value, IntegerAttr):
        return value.owner.value.value.data
    return None
