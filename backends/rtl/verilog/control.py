"""The state machine of a task's statements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lmc.backends.rtl.verilog.expressions import held_in
from lmc.backends.rtl.verilog.handshakes import all_written
from lmc.dataflow.netlist.nodes import Bits, Node
from lmc.dataflow.netlist.statements import (
    Branch,
    Burst,
    Compute,
    Instant,
    Loop,
    Read,
    Stages,
    Statement,
    Write,
)

Lines: TypeAlias = list[str]
Following: TypeAlias = Callable[[], Lines]
"""Lines that go on to what comes after a statement."""


@dataclass
class Control:
    """Lines of the state machine; `text` is the name of a node of the task.

    `cases` are the states with what happens in each. `flags` are high in the one cycle in which
    straight-line code happens: the first one of the statement after it.
    """

    text: Callable[[Node], str]
    flags: dict[Instant, str] = field(default_factory=dict[Instant, str])
    cases: list[tuple[str, Lines]] = field(default_factory=list[tuple[str, Lines]])
    finished: dict[Stages, str] = field(default_factory=dict[Stages, str])

    def task(self, statements: Sequence[Statement]) -> Lines:
        """Visits all statements; the lines that begin the first one."""
        self._visit(statements, _done)
        return self._go(statements, 0, _done)

    # What begins a statement

    def _go(self, items: Sequence[Statement], place: int, after: Following) -> Lines:
        """Lines that go to statement `place` of a list, or to what comes after the list."""
        if place == len(items):
            return after()

        def following() -> Lines:
            return self._go(items, place + 1, after)

        match items[place]:
            case Instant() as one:
                flag = [f"{self.flags[one]} <= 1'b1;"] if one in self.flags else []
                return [*flag, *following()]
            case Stages(start=state) | Read(state=state) | Write(state=state):
                return [f"state <= {state};"]
            case Compute(state=state) | Burst(request=state):
                return [f"state <= {state};"]
            case Loop() as loop:
                enter = [f"state <= {loop.state};"]
                if not loop.counter.is_constant:
                    enter.insert(0, f"{self.text(loop.counter)} <= '0;")
                return self._either(loop.enters, enter, following)
            case Branch() as branch:
                yes = self._go(branch.yes, 0, following)
                return self._either(
                    branch.condition, yes, lambda: self._go(branch.no, 0, following)
                )

    def _either(self, condition: Node, yes: Lines, no: Following) -> Lines:
        if condition.is_constant:
            return yes if condition.number else no()
        other = no()
        if other == yes:
            return yes
        return [
            f"if ({self.text(condition)}) begin",
            *_in(yes),
            "end else begin",
            *_in(other),
            "end",
        ]

    # All states

    def _visit(self, items: Sequence[Statement], after: Following) -> None:
        for place, one in enumerate(items):

            def following(place: int = place) -> Lines:
                return self._go(items, place + 1, after)

            match one:
                case Instant():
                    pass
                case Loop():
                    self._loop(one, following)
                case Branch():
                    self._visit(one.yes, following)
                    self._visit(one.no, following)
                case Stages():
                    self._pipeline(one, following)
                case Compute():
                    last = f"if (step == {one.latency - 1}) begin"
                    self.cases.append((one.state, [last, *_in(following()), "end"]))
                case Read():
                    self._wait(one.state, f"{one.stream}_valid", following)
                case Write():
                    self._wait(one.state, f"{one.stream}_ready", following)
                case Burst():
                    self._burst(one, following)

    def _wait(self, state: str, condition: str, following: Following) -> None:
        self.cases.append((state, [f"if ({condition}) begin", *_in(following()), "end"]))

    def _loop(self, loop: Loop, following: Following) -> None:
        counter = self.text(loop.counter)

        def again() -> Lines:
            following_round = [f"{counter} <= {counter} + 1'b1;", f"state <= {loop.state};"]
            return self._either(loop.more, following_round, following)

        self.cases.append((loop.state, self._go(loop.body, 0, again)))
        self._visit(loop.body, again)

    def _pipeline(self, one: Stages, following: Following) -> None:
        start = self._either(one.enters, [f"state <= {one.run};"], following)
        self.cases.append((one.start, start))
        self.cases.append((one.run, [f"if ({self.finished[one]}) begin", *_in(following()), "end"]))

    def _burst(self, one: Burst, following: Following) -> None:
        length = held_in(one.length, self.text(one.length), Bits(32))
        begin = [f"left <= {length};", f"state <= {one.words};"]
        ready = f"{one.port}_{'ar' if one.reads else 'aw'}_ready"
        asked = [f"if ({ready}) begin", *_in(begin), "end"]
        if not one.is_empty.is_constant:
            none = [f"if ({self.text(one.is_empty)}) begin", *_in(following())]
            asked = [*none, f"end else if ({ready}) begin", *_in(begin), "end"]
        elif one.is_empty.number:
            asked = following()
        self.cases.append((one.request, asked))
        if one.reads:
            moved = f"{one.port}_r_valid && {one.stream}_ready"
            last = ["if (left == 1) begin", *_in(following()), "end"]
            count = ["left <= left - 1'b1;", *last]
            self.cases.append((one.words, [f"if ({moved}) begin", *_in(count), "end"]))
        else:
            moved = f"{one.port}_w_valid && {one.port}_w_ready"
            answer = f"{one.port}_b_valid && {all_written(one)}"
            answered = [f"if ({answer}) begin", *_in(following()), "end"]
            self.cases.append((one.words, [f"if ({moved}) left <= left - 1'b1;", *answered]))


def _done() -> Lines:
    return ["state <= DONE;"]


def _in(lines: Lines) -> Lines:
    return [f"  {line}" for line in lines]
