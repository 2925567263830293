"""How many iterations lie between a store and a later load of the same place."""

from itertools import product

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import memref, scf

from lmc.dataflow.addresses import carried_distance, flattened_nest
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import si

Form = tuple[int, int, int]
"""An index: multiples of the outer and of the inner counter, and a constant."""
SIZE = 4096


def index(form: Form, outer: Value, inner: Value) -> Value | int:
    terms = [counter * factor for counter, factor in zip((outer, inner), form, strict=False)]
    used = [term for term, factor in zip(terms, form, strict=False) if factor]
    return sum(used, start=form[2])


def loop_of(trips: tuple[int, int], stored: list[Form], loaded: list[Form]) -> scf.ForOp:
    """A nest of two loops that loads from one place, adds, and stores to another."""
    design = DesignBuilder("d")
    x = design.stream("x", si(16))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        table = task.buffer("table", si(16), (SIZE,) * len(stored), "bram")
        with task.nest((("outer", trips[0]), ("inner", trips[1]))) as counters:
            total = table[tuple(index(form, *counters) for form in loaded)] + task.read(x)
            table[tuple(index(form, *counters) for form in stored)] = total.rss(0, si(16))
    return [op for op in design.op.walk() if isinstance(op, scf.ForOp)][-1]


def distance(trips: tuple[int, int], stored: list[Form], loaded: list[Form]) -> int | None:
    loop = loop_of(trips, stored, loaded)
    (store,) = [op for op in loop.walk() if isinstance(op, memref.StoreOp)]
    (load,) = [op for op in loop.walk() if isinstance(op, memref.LoadOp)]
    return carried_distance(flattened_nest(loop), list(store.indices), list(load.indices))


def counted(trips: tuple[int, int], stored: list[Form], loaded: list[Form]) -> int | None:
    """The least distance, by running through all iterations."""
    last_store: dict[tuple[int, ...], int] = {}
    least: int | None = None
    for time, (outer, inner) in enumerate(product(*map(range, trips))):

        def place(forms: list[Form], outer: int = outer, inner: int = inner) -> tuple[int, ...]:
            return tuple(a * outer + b * inner + c for a, b, c in forms)

        before = last_store.get(place(loaded))
        if before is not None:
            least = min(time - before, least or time)
        last_store[place(stored)] = time
    return least


SAME: Form = (0, 1, 0)


@pytest.mark.parametrize(
    ("stored", "loaded", "expected"),
    [
        # The same place again in the next round of the outer loop.
        ([SAME], [SAME], 8),
        # Loads that are ahead of stores come sooner in the next round; at the least in the next
        # iteration.
        ([SAME], [(0, 1, 3)], 5),
        ([SAME], [(0, 1, 7)], 1),
        # Loads that are late meet a store of this round.
        ([SAME], [(0, 1, -3)], 3),
        ([(0, 1, -2)], [SAME], 6),
        ([(0, 1, 2)], [SAME], 2),
        # In steps of four places.
        ([(0, 4, 0)], [(0, 4, 8)], 6),
        # Between two steps: never.
        ([(0, 4, 0)], [(0, 4, 6)], None),
        # Each round has places of its own.
        ([(1, 0, 0), SAME], [(1, 0, 0), SAME], None),
        ([(1, 0, 0), (0, 1, -2)], [(1, 0, 0), SAME], None),
        ([(1, 0, 0), (0, 1, 2)], [(1, 0, 0), SAME], 2),
        # Two indices in step, and two that never meet, which is not told apart from those that do.
        ([(0, 1, 2), (0, 1, 2)], [SAME, SAME], 2),
        ([(0, 1, 1), (0, 1, 2)], [SAME, SAME], 1),
        ([(0, 1, 1), SAME], [SAME, SAME], 1),
        # What can't be told is the next iteration.
        ([(1, 1, 0)], [(1, 1, 0)], 1),
        ([SAME], [(0, 2, 0)], 1),
        ([(8, 1, 0)], [(8, 1, 2)], 1),
    ],
)
def test_distances(stored: list[Form], loaded: list[Form], expected: int | None) -> None:
    assert distance((3, 8), stored, loaded) == expected


forms = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 6))


@settings(max_examples=150, deadline=None)
@given(
    trips=st.tuples(st.integers(1, 4), st.integers(1, 6)),
    pairs=st.lists(st.tuples(forms, forms, st.booleans()), min_size=1, max_size=2),
)
def test_no_load_comes_sooner(trips: tuple[int, int], pairs: list[tuple[Form, Form, bool]]) -> None:
    """Mostly forms that differ by a constant, as those do whose distance can be told."""
    stored = [form for form, _, _ in pairs]
    loaded = [other if free else (*form[:2], other[2]) for form, other, free in pairs]
    found, true = distance(trips, stored, loaded), counted(trips, stored, loaded)
    assert true is None or (found is not None and found <= true)


def test_a_state_that_is_given_out_ahead_does_not_slow_its_loop() -> None:
    """Stores lag behind loads by half a round: the next round's loads are far away."""
    lagging = loop_of((100, 128), [(0, 1, -64)], [SAME])
    assert schedule_loop(lagging, Clock(300)).ii == 1
    # A load of what the iteration before has stored waits for it.
    close = loop_of((100, 128), [(0, 1, 1)], [SAME])
    assert schedule_loop(close, Clock(300)).ii > 1
