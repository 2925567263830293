"""What a design goes as fast as: the end of the chain of waits, cycle by cycle."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lmc.simulation.activity import Activity, Span
from lmc.simulation.causes import EACH_OTHER, Cause, causes, shares
from lmc.simulation.launch import Launch
from lmc.simulation.layer import LayerActivity
from lmc.simulation.limits import Kind, Limit

ENDS = {"a": ("reader", "middle"), "b": ("middle", "last"), "c": ("last", "middle")}


def launch() -> Launch:
    ports = (SimpleNamespace(task="reader", memory="DDR", bytes=64),)
    found: Any = SimpleNamespace(
        simulator=SimpleNamespace(stream_ends=lambda: ENDS), result=SimpleNamespace(ports=ports)
    )
    return cast(Launch, found)


def layer(*spans: Span) -> LayerActivity:
    return LayerActivity(100, 200, Activity(spans, {}))


def of(kind: Kind, name: str) -> Limit:
    return Limit(kind, name, "", "", "")


def test_a_chain_is_followed_to_its_end() -> None:
    found = causes(
        launch(),
        of(Kind.TASK, "last"),
        layer(
            Span("last", 100, 140, None),
            Span("last", 140, 200, "to read b"),
            Span("middle", 100, 160, "to read a"),
            Span("middle", 160, 200, None),
            Span("reader", 100, 150, "for memory DDR"),
            Span("reader", 150, 200, None),
        ),
    )
    assert found == [
        Cause(100, 140, "last", False),
        Cause(140, 150, "DDR", True),
        Cause(150, 160, "reader", False),
        Cause(160, 200, "middle", False),
    ]
    assert [(cause.what, share) for cause, share in shares(found)] == [
        ("last", 0.4),
        ("middle", 0.4),
        ("DDR", 0.1),
        ("reader", 0.1),
    ]


def test_tasks_that_wait_for_each_other_are_no_ones_fault() -> None:
    found = causes(
        launch(),
        of(Kind.NOTHING, "last"),
        layer(Span("last", 100, 200, "to write c"), Span("middle", 100, 200, "to write b")),
    )
    assert found == [Cause(100, 200, EACH_OTHER, False)]


def test_a_memory_is_the_cause_while_it_moves() -> None:
    found = causes(
        launch(),
        of(Kind.MEMORY, "DDR"),
        layer(
            Span("reader", 100, 150, None),
            Span("reader", 150, 160, "for memory DDR"),
            Span("reader", 160, 200, "to write a"),
            Span("middle", 100, 200, None),
        ),
    )
    assert found == [Cause(100, 160, "DDR", True), Cause(160, 200, "middle", False)]


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.NOTHING])
def test_a_task_that_has_ended_waits_for_nobody(kind: Kind) -> None:
    found = causes(launch(), of(kind, "last"), layer(Span("last", 100, 150, None)))
    assert found == [Cause(100, 200, "last", False)]
