"""`checks.h`: what the host program can say of faults, from the graph of the design."""

from typing import Any

import jinja2

from lmc.dataflow.banks import banks
from lmc.dataflow.graph import DesignGraph, design_graph
from lmc.dataflow.links import is_link
from lmc.dialects.dataflow import BankOp, DesignOp, StateAttr
from lmc.lowering.checkpoints import Checkpoint, Suspects, checkpoints
from lmc.lowering.phases import KERNEL


def print_checks(design: DesignOp) -> str:
    """The streams between kernels, and for each bank that a launch writes who can be at fault.

    Raises LmcError for a design that is flat.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lmc.backends.host", "."),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    all_banks = {bank.sym_name.data: bank for bank in banks(design)}
    return environment.get_template("checks.h.j2").render(
        links=_links(design_graph(design)),
        checkpoints=[_checkpoint(one, all_banks) for one in checkpoints(design)],
    )


def _links(graph: DesignGraph) -> list[dict[str, str]]:
    return [
        {"name": name, "from": writer.kernel, "to": reader.kernel, "carries": _carried(graph, name)}
        for name, stream in graph.streams.items()
        if is_link(stream)
        for writer in graph.producers(name)
        for reader in graph.consumers(name)
    ]


def _carried(graph: DesignGraph, name: str) -> str:
    carried = graph.streams[name].carries
    if carried is None:
        return ""
    words = carried.words.value.data
    return f"{words} word{'s' * (words > 1)} for each {carried.round_name.data}"


def _checkpoint(one: Checkpoint, all_banks: dict[str, BankOp]) -> dict[str, Any]:
    bank = all_banks[one.bank]
    state = bank.segments[0]
    return {
        "name": one.bank,
        "bank": list(all_banks).index(one.bank),
        "layers": state.layers.data if isinstance(state, StateAttr) else 0,
        "first": _suspects(one.first),
        "later": _suspects(one.later),
    }


def _suspects(suspects: Suspects) -> dict[str, str]:
    ways = ", ".join(_kernel(kernel, tasks) for kernel, tasks in suspects.kernels)
    text = f"on the way are {ways}"
    if suspects.loaders:
        loaders = ", ".join(_kernel(kernel, tasks) for kernel, tasks in suspects.loaders)
        text += f"; weights, tables and old states come from {loaders}"
    if suspects.unseen:
        unseen = " and ".join(f"{stream} of {kernel}" for stream, kernel in suspects.unseen)
        text += f"; what is right does not show all of {unseen}"
    return {"first": suspects.kernels[0][0], "all": text}


def _kernel(name: str, tasks: tuple[str, ...]) -> str:
    """A kernel and its tasks; the matrix unit's are the same for all that goes through it."""
    return name if name == KERNEL else f"{name} ({' '.join(tasks)})"
