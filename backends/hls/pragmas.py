"""Pragmas of loops and memories."""

from collections.abc import Mapping

from xdsl.dialects import scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, StringAttr

from lmc.dialects import dataflow


def loop_pragmas(op: scf.ForOp, buffers: Mapping[str, str]) -> list[str]:
    """Pragmas of a loop: unroll, or pipeline with its II, and dependences proved false.

    `buffers` gives the C++ names of buffers by their names in the IR.
    """
    if "lmc.unroll" in op.attributes:
        return ["#pragma HLS unroll"]
    if "lmc.pipeline" not in op.attributes:
        return []
    ii = op.attributes.get("lmc.ii")
    pragma = "#pragma HLS pipeline"
    pragmas = [f"{pragma} II={ii.value.data}" if isinstance(ii, IntegerAttr) else pragma]
    free = op.attributes.get("lmc.dependence_false")
    if isinstance(free, ArrayAttr):
        for name in free.data:
            assert isinstance(name, StringAttr)
            pragmas.append(f"#pragma HLS dependence variable={buffers[name.data]} type=inter false")
    return pragmas


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
