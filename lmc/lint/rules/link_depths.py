"""link-depths: a stream between kernels has a depth that the linker can give it."""

from collections.abc import Iterator

from lmc.dataflow.links import LINK_DEPTHS, is_link
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    """A stream without a depth is none of them yet: the linker takes its own."""
    for name, stream in subject.graph.streams.items():
        if stream.depth is None or not is_link(stream):
            continue
        depth = stream.depth.value.data
        if depth not in LINK_DEPTHS:
            yield (
                f"stream {name} is between two kernels and has depth {depth}: the linker makes "
                f"{', '.join(map(str, LINK_DEPTHS[:3]))}, ... {LINK_DEPTHS[-1]}, so give it the "
                "next larger one, or run size-fifos"
            )


RULE = Rule("link-depths", 'PG085, "AXI4-Stream Data FIFO"', _check)
