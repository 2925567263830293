"""Pragmas of loops and memories."""

from collections.abc import Mapping

from xdsl.dialects import scf

from lmc.backends.hls.nests import is_flattened
from lmc.dataflow.addresses import Nest, flattened_nest, loop_right_around, nest_around
from lmc.dialects import dataflow

_ENDS = "#pragma HLS loop_flatten off"
"""A loop is the outermost one of its nest (UG1399, "pragma HLS loop_flatten")."""


def loop_pragmas(op: scf.ForOp, buffers: Mapping[str, str]) -> list[str]:
    """Pragmas of a loop: unroll, pipeline with its II and dependences proved false, or no pipeline.

    Every loop says what it is, for a tool makes a pipeline of one that says nothing (UG1399,
    "Automatic Loop Pipelining"): a stalling one, which may wait for what waits for itself. Loops
    around a pipelined one that are flattened with it are said by its `loop_flatten`. Where the nest
    ends although the loop around it could be part of it, the nest's outermost loop says so.

    The sum of a cascade stays in the order of its terms: tools would make a tree of LUT adders.
    Pipelines flush: iterations in flight go on while a later one waits for a stream, because what
    it waits for may depend on them, through feedback.

    `buffers` gives the C++ names of buffers by their names in the IR.
    """
    loop = dataflow.loop_of(op)
    if loop.mode == dataflow.LoopMode.UNROLL:
        return ["#pragma HLS unroll", *["#pragma HLS expression_balance off"] * loop.cascade]
    if loop.mode == dataflow.LoopMode.SEQUENTIAL:
        nest = nest_around(op)
        if nest is None:
            return ["#pragma HLS pipeline off"]
        return [_ENDS] if op is nest.loops[0] and _ends_early(nest) else []
    nest, interval = flattened_nest(op), "" if loop.ii is None else f" II={loop.ii}"
    is_outermost = nest.loops == (op,) or not is_flattened(nest)
    flattened = ["#pragma HLS loop_flatten"] * (len(nest.loops) > 1)
    return [
        f"#pragma HLS pipeline{interval} style=flp",
        *([_ENDS] if is_outermost and _ends_early(nest) else flattened),
        *(
            f"#pragma HLS dependence variable={buffers[name]} type=inter false"
            for name in loop.independent
        ),
    ]


def _ends_early(nest: Nest) -> bool:
    """Whether a tool might flatten a nest with the loop around it."""
    return loop_right_around(nest.loops[0]) is not None


def product_pragmas(op: dataflow.MulOp, name: str) -> list[str]:
    """Pragmas of a product in a variable: what it is made of, where the op says so."""
    if op.impl is None:
        return []
    return [f"#pragma HLS bind_op variable={name} op=mul impl={op.impl.data}"]


def stream_pragmas(op: dataflow.StreamOp, name: str) -> list[str]:
    """Pragmas of a FIFO inside of a kernel: what it is made of, where the op says so."""
    if op.impl is None:
        return []
    return [f"#pragma HLS bind_storage variable={name} type=fifo impl={op.impl.data}"]


def buffer_pragmas(op: dataflow.BufferOp, name: str) -> list[str]:
    """Pragmas of an array: where it is put, and how it is cut."""
    pragmas: list[str] = []
    kind = op.kind.data
    if kind == "register":
        return [f"#pragma HLS array_partition variable={name} type=complete dim=0"]
    if kind != "auto":
        pragmas.append(f"#pragma HLS bind_storage variable={name} type=ram_2p impl={kind}")
    for dim, factor in op.partitions:
        how = "type=complete" if factor == dataflow.COMPLETE else f"type=cyclic factor={factor}"
        pragmas.append(f"#pragma HLS array_partition variable={name} {how} dim={dim + 1}")
    return pragmas
