"""Rewriting by patterns, and the record of which pattern made or changed which op.

    rewrite(design.body, [_Known(), _Unread()])

A pattern that is a function says itself what it is at work on:

    with at_work(choose_formats):
        note(op)

Nothing is kept of it unless a `RewriteLog` listens, as it does in a compile.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override
from xdsl.ir import Operation, Region
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriterListener,
    PatternRewriteWalker,
    RewritePattern,
)

__all__ = ["apply", "at_work", "note", "rewrite"]


@dataclass
class RewriteLog:
    """Ops with the names of the patterns that made or changed them, since `take` was last called.

    It listens from the beginning of a `with` block to its end.
    """

    at_work: str = ""
    """The name of the pattern that is being applied; empty between patterns."""
    _noted: dict[Operation, dict[str, None]] = field(
        default_factory=dict[Operation, dict[str, None]]
    )

    def note(self, op: Operation) -> None:
        """The pattern at work has made or changed an op."""
        if self.at_work:
            self._noted.setdefault(op, {})[self.at_work] = None

    def take(self) -> dict[Operation, tuple[str, ...]]:
        """What was noted, in the order in which it happened; it is forgotten then."""
        noted, self._noted = self._noted, {}
        return {op: tuple(names) for op, names in noted.items()}

    @contextmanager
    def listening(self) -> Generator[None]:
        """Listen while the block runs."""
        token = _LOG.set(self)
        try:
            yield
        finally:
            _LOG.reset(token)


_LOG: ContextVar[RewriteLog | None] = ContextVar("rewrite log", default=None)


def note(op: Operation, *, whole: bool = False) -> None:
    """The pattern at work, if one is, has made or changed an op; `whole`: and all ops in it."""
    log = _LOG.get()
    if log is not None and log.at_work:
        for one in op.walk() if whole else (op,):
            log.note(one)


@contextmanager
def at_work(pattern: Callable[..., Any]) -> Generator[None]:
    """What is noted in the block is the work of a pattern that is a function or a method."""
    log = _LOG.get()
    if log is None:
        yield
        return
    before, log.at_work = log.at_work, _name(pattern)
    try:
        yield
    finally:
        log.at_work = before


def rewrite(region: Region, patterns: Sequence[RewritePattern]) -> None:
    """Apply xDSL's patterns, the first that fits, until none does; ops that are dead go."""
    log = _LOG.get()
    if log is None:
        PatternRewriteWalker(GreedyRewritePatternApplier(list(patterns))).rewrite_region(region)
        return
    named = GreedyRewritePatternApplier([_Named(one, _name(type(one)), log) for one in patterns])
    handlers = [log.note]
    listener = PatternRewriterListener(
        operation_insertion_handler=handlers, operation_modification_handler=handlers
    )
    before = log.at_work
    PatternRewriteWalker(named, listener=listener).rewrite_region(region)
    log.at_work = before


def apply(pattern: RewritePattern, op: Operation, rewriter: PatternRewriter) -> None:
    """Apply a pattern that another one has chosen, which then is the one at work."""
    with at_work(type(pattern)):
        pattern.match_and_rewrite(op, rewriter)


@dataclass(frozen=True, eq=False)
class _Named(RewritePattern):
    """A pattern that says that it is at work. It is asked for each op, so it does little."""

    pattern: RewritePattern
    name: str
    log: RewriteLog

    @override
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        self.log.at_work = self.name
        self.pattern.match_and_rewrite(op, rewriter)


def _name(pattern: Callable[..., Any]) -> str:
    return f"{pattern.__module__}.{pattern.__qualname__}"
