"""What a rule is, and what it looks at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.graph import DesignGraph, design_graph, scalar_examples
from lmc.dataflow.trips import AccessTracer, Totals, Trace, count_accesses
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


@dataclass(frozen=True)
class Subject:
    """A design, and the board that it is for where that is known.

    What several rules look at is worked out once.
    """

    design: DesignOp
    target: Target | None = None

    @cached_property
    def graph(self) -> DesignGraph:
        """Tasks and streams."""
        return design_graph(self.design)

    @cached_property
    def settings(self) -> list[dict[str, int]]:
        """The example settings of the run-time scalars."""
        return scalar_examples(self.design)

    @cached_property
    def traces(self) -> list[dict[str, Trace]]:
        """What each task, by name, does to its streams for each of `settings`.

        Raises LmcError where a guard or a trip count depends on data. Only for rules that come
        after those by which counters and divisors are sound.
        """
        return list(map(DesignTracer(self.graph.tasks, AccessTracer).trace, self.settings))

    @cached_property
    def totals(self) -> list[Mapping[str, Totals]]:
        """Accesses of `traces`. Raises LmcError as they do."""
        return [
            {task: count_accesses(trace) for task, trace in traces.items()}
            for traces in self.traces
        ]

    @property
    def board(self) -> Target:
        """The board, for a rule that needs one."""
        assert self.target is not None
        return self.target


@dataclass(frozen=True)
class Rule:
    """A rule that a design must keep so that its C++ means what the design means.

    `source` is the document and section that asks for it, or begins with "assumed". `check` gives a
    sentence for each place that breaks it: what, where, what to do. `after` names rules without
    which it can't be told, which are checked before it; `needs_board` says that a design alone does
    not tell.
    """

    name: str
    source: str
    check: Callable[[Subject], Iterator[str]]
    after: tuple[str, ...] = ()
    needs_board: bool = False


@dataclass(frozen=True)
class Finding:
    """A place that breaks a rule."""

    rule: Rule
    sentence: str
