"""Pragmas of loops and memories."""

from collections.abc import Mapping

from xdsl.dialects import scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr

from lmc.dataflow.implementations import CASCADE, implementation
from lmc.dialects import dataflow


def loop_pragmas(op: scf.ForOp, buffers: Mapping[str, str]) -> list[str]:
    """Pragmas of a loop: unroll, or pipeline with its II, and dependences proved false.

    The sum of a cascade stays in the order of its terms: tools would make a tree of LUT adders.
    Pipelines flush: iterations in flight go on while a later one waits for a stream, because what
    it waits for may depend on them, through feedback.

    `buffers` gives the C++ names of buffers by their names in the IR.
    """
    if "lmc.unroll" in op.attributes:
        cascade = implementation(op) == CASCADE
        return ["#pragma HLS unroll", *["#pragma HLS expression_balance off"] * cascade]
    if "lmc.pipeline" not in op.attributes:
        return []
    ii = op.attributes.get("lmc.ii")
    interval = f" II={ii.value.data}" if isinstance(ii, IntegerAttr) else ""
    pragmas = [f"#pragma HLS pipeline{interval} style=flp"]
    free = op.attributes.get("lmc.dependence_false")
    if isinstance(free, ArrayAttr):
        for name in free.data:
            assert isinstance(name, StringAttr)
            pragmas.append(f"#pragma HLS dependence variable={buffers[name.data]} type=inter false")
    return pragmas


def product_pragmas(op: dataflow.MulOp, name: str) -> list[str]:
    """Pragmas of a product in a variable: what it is made of, where the op says so."""
    impl = implementation(op)
    return [] if impl is None else [f"#pragma HLS bind_op variable={name} op=mul impl={impl}"]


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
