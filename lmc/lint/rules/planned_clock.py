"""planned-clock: a design is planned with a clock that its board's file allows."""

from collections.abc import Iterator

from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    board, own = subject.board, subject.design.clock_mhz
    if own is None or board.clock.allows(own.value.data):
        return
    allowed = board.clock.range or f"{board.clock.mhz} MHz"
    yield f"the design is planned with {own.value.data} MHz, and {board.name} with {allowed}"


RULE = Rule("planned-clock", 'docs/adding-a-target.md, "Clocks"', _check, needs_board=True)
