"""FIFO sizing by simulation: no deadlock, no throughput lost, and nothing too deep at a fork."""

import random
from collections.abc import Callable

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from small_designs import ITEM, WORD, RandomDesign, add_task, finished, target_with
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dialects.dataflow import DesignOp, StreamOp
from lmc.passes.size_fifos import size_by_simulation
from lmc.simulation import Result, Simulator, sizing
from lmc.simulation.kept_runs import FifoUse, Outcome
from lmc.simulation.sizing import FIRST, MOST, UNBOUNDED, Fifo, throughput_depths
from lmc.simulation.waits import DeadlockError

TARGET = target_with()


def streams_of(design: DesignOp) -> dict[str, StreamOp]:
    return {op.sym_name.data: op for op in design.walk() if isinstance(op, StreamOp)}


def unsized(design: DesignOp) -> DesignOp:
    for stream in streams_of(design).values():
        stream.depth = None
    return design


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.sampled_from([1, 2, 8]))
def test_sized_fifos_are_as_fast_as_unbounded_ones(seed: int, start: int) -> None:
    """Feedback, bursts and loops of all kinds are among the random designs."""
    design = unsized(RandomDesign(random.Random(seed)).build())
    names = list(streams_of(design))
    fastest = Simulator(design, TARGET, {}).run(dict.fromkeys(names, UNBOUNDED))
    size_by_simulation(design, TARGET, start)
    sized = Simulator(design, TARGET, {}).run()
    assert sized.cycles == fastest.cycles
    depths = {name: op.depth.value.data for name, op in streams_of(design).items() if op.depth}
    assert depths.keys() == set(names)
    assert all(start <= depth < UNBOUNDED for depth in depths.values())


def fork_and_join(squarings: int, count: int, ii: int) -> DesignOp:
    """A source forks; one way leads to the join at once, one through `squarings` products."""
    design = DesignBuilder("fork_join")
    begin, short, long, late, end = (design.stream(f"s{i}", WORD) for i in range(5))

    def fork(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=ii):
            word = task.read(begin)
            task.write(short, word)
            task.write(long, word)

    def slow(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=ii):
            word = task.read(long)
            value = word.slice(0, 16)
            for _ in range(squarings):
                value = (value * value).rss(9, ITEM)
            task.write(late, word.insert(value, 0))

    def join(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=ii):
            task.read(short)
            task.write(end, task.read(late))

    def source(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=ii):
            task.write(begin, task.zero_word(512))

    def sink(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=ii):
            task.read(end)

    for name, body in {
        "source": source,
        "fork": fork,
        "slow": slow,
        "join": join,
        "sink": sink,
    }.items():
        add_task(design, name, body)
    return finished(design)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 6), st.integers(40, 80), st.integers(1, 3))
def test_one_less_stalls_a_fork_and_join(squarings: int, count: int, ii: int) -> None:
    design = fork_and_join(squarings, count, ii)
    simulator = Simulator(design, TARGET, {})
    # Not as size-fifos leaves them: these streams are between kernels, where depths are rounded up.
    depths = throughput_depths(simulator, {name: Fifo(512, 1) for name in streams_of(design)})
    assert all(use.full == 0 for use in simulator.run(depths).streams.values())
    for name, depth in depths.items():
        if depth > 1:
            assert stalls(simulator, {**depths, name: depth - 1}, name)


def stalls(simulator: Simulator, depths: dict[str, int], name: str) -> bool:
    try:
        result: Result = simulator.run(depths)
    except DeadlockError:
        return True
    return result.streams[name].full > 0


def test_the_short_way_holds_what_the_long_way_takes_longer() -> None:
    short, long = fork_and_join(0, 40, 1), fork_and_join(6, 40, 1)
    size_by_simulation(short, TARGET, 1)
    size_by_simulation(long, TARGET, 1)
    depths = [streams_of(design)["s1"].depth for design in (short, long)]
    assert depths[0] is not None
    assert depths[1] is not None
    assert depths[1].value.data > depths[0].value.data + 5


def test_large_fifos_grow_only_where_they_pay() -> None:
    """A fast source before a slow sink fills any FIFO, and nothing is gained by it."""
    design = DesignBuilder("slow_sink")
    words = design.stream("words", WORD)

    def source(task: TaskBuilder) -> None:
        with task.loop("i", 4000, pipeline=True):
            task.write(words, task.zero_word(512))

    def sink(task: TaskBuilder) -> None:
        with task.nest([("i", 4000)], requested_ii=5):
            task.read(words)

    add_task(design, "source", source)
    add_task(design, "sink", sink)
    simulator = Simulator(finished(design), TARGET, {})
    assert throughput_depths(simulator, {"words": Fifo(512, 4)}) == {"words": FIRST}
    assert throughput_depths(simulator, {"words": Fifo(512, 7, is_given=True)}) == {"words": 7}


@pytest.mark.parametrize(
    ("enough", "depth", "tried"),
    [(512, 512, [UNBOUNDED, FIRST, MOST, 128, 512]), (MOST + 1, FIRST, [UNBOUNDED, FIRST, MOST])],
)
def test_no_depth_is_tried_where_the_largest_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, enough: int, depth: int, tried: list[int]
) -> None:
    """A FIFO that stalls its design for a tenth of its time, unless it is deep `enough`."""
    asked: list[int] = []

    class Runs:
        def __init__(self, _simulator: Simulator) -> None: ...

        def run(self, depths: dict[str, int], _limits: dict[str, int] | None = None) -> Outcome:
            asked.append(depths["words"])
            waits = depths["words"] < enough
            use = FifoUse(min(depths["words"], 2 * MOST), int(waits), int(waits))
            return Outcome(1100 if waits else 1000, {"words": use})

    monkeypatch.setattr(sizing, "KeptRuns", Runs)
    simulator = Simulator(fast_source_slow_sink(4), TARGET, {})
    assert throughput_depths(simulator, {"words": Fifo(512, 4)}) == {"words": depth}
    assert asked == tried


def test_the_deepest_run_has_no_shallow_fifo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A FIFO that gets large only where another one is deep is deep in that trial as well."""

    class Runs:
        def __init__(self, _simulator: Simulator) -> None: ...

        def run(self, depths: dict[str, int], _limits: dict[str, int] | None = None) -> Outcome:
            late, early = depths["late"], depths["early"]
            is_shallow, is_bounded = late < 512, late < UNBOUNDED
            stops = not is_shallow and is_bounded and early < 128
            use = {
                "late": FifoUse(min(late, 2 * MOST), int(is_shallow), int(is_shallow)),
                "early": FifoUse(
                    min(early, 140 if is_shallow or not is_bounded else 200), int(stops), int(stops)
                ),
            }
            return Outcome(1100 if is_shallow or stops else 1000, use)

    monkeypatch.setattr(sizing, "KeptRuns", Runs)
    simulator = Simulator(fast_source_slow_sink(4), TARGET, {})
    depths = throughput_depths(simulator, {"late": Fifo(512, 4), "early": Fifo(512, 4)})
    assert depths == {"late": 512, "early": 128}


def test_a_design_that_stops_at_any_depth_is_refused() -> None:
    design = DesignBuilder("starved")
    there, back = design.stream("there", WORD), design.stream("back", WORD)

    def first(task: TaskBuilder) -> None:
        with task.loop("i", 3, pipeline=True):
            task.write(there, task.read(back))

    def second(task: TaskBuilder) -> None:
        with task.loop("i", 3, pipeline=True):
            task.write(back, task.read(there))

    add_task(design, "first", first)
    add_task(design, "second", second)
    found = finished(design)
    streams_of(found)["back"].depth = IntegerAttr(4, i64)
    with pytest.raises(DeadlockError, match="task first waits to read stream back"):
        size_by_simulation(found, TARGET)


def test_each_circle_of_waiting_tasks_gets_deeper_at_once() -> None:
    """Three pairs of tasks stop independently; one run tells all, and depths are as one by one."""
    design = DesignBuilder("pairs")
    for pair, count in enumerate((3, 9, 40)):
        early, late = design.stream(f"early_{pair}", WORD), design.stream(f"late_{pair}", WORD)
        add_task(design, f"first_{pair}", _writes_before(early, late, count))
        add_task(design, f"second_{pair}", _reads_after(early, late, count))
    simulator = Simulator(finished(design), TARGET, {})
    shallow = {f"{kind}_{pair}": 2 for kind in ("early", "late") for pair in range(3)}
    with pytest.raises(DeadlockError) as stop:
        simulator.run(shallow)
    assert stop.value.full == [("early_0",), ("early_1",), ("early_2",)]
    fifos = {name: Fifo(512, depth, is_given=True) for name, depth in shallow.items()}
    together = throughput_depths(simulator, fifos)
    one_by_one = dict(shallow)
    while True:
        try:
            simulator.run(one_by_one)
            break
        except DeadlockError as error:
            one_by_one[error.full[0][0]] *= 2
    assert together == one_by_one
    assert [together[f"early_{pair}"] for pair in range(3)] == [4, 16, 64]


def _writes_before(early: Handle, late: Handle, count: int) -> Callable[[TaskBuilder], None]:
    def first(task: TaskBuilder) -> None:
        with task.loop("e", count, pipeline=True):
            task.write(early, task.zero_word(512))
        task.write(late, task.zero_word(512))

    return first


def _reads_after(early: Handle, late: Handle, count: int) -> Callable[[TaskBuilder], None]:
    def second(task: TaskBuilder) -> None:
        task.read(late)
        with task.loop("e", count, pipeline=True):
            task.read(early)

    return second


def test_a_given_depth_that_stops_the_design_grows() -> None:
    design = DesignBuilder("uneven")
    early, late = design.stream("early", WORD), design.stream("late", WORD)

    def first(task: TaskBuilder) -> None:
        with task.loop("e", 3, pipeline=True):
            task.write(early, task.zero_word(512))
        task.write(late, task.zero_word(512))

    def second(task: TaskBuilder) -> None:
        task.read(late)
        with task.loop("e", 3, pipeline=True):
            task.read(early)

    add_task(design, "first", first)
    add_task(design, "second", second)
    found = finished(design)
    streams_of(found)["early"].depth = IntegerAttr(1, i64)
    size_by_simulation(found, TARGET, 1)
    depth = streams_of(found)["early"].depth
    assert depth is not None
    # Four are enough; between kernels the linker makes 16 at the least.
    assert depth.value.data == 16
    Simulator(found, TARGET, {}).run()


def fast_source_slow_sink(count: int) -> DesignOp:
    """Two FIFOs in a row, the second one of which fills; the first one only once that is full."""
    design = DesignBuilder("slow_sink")
    early, late = design.stream("early", WORD), design.stream("late", WORD)

    def source(task: TaskBuilder) -> None:
        with task.loop("i", count, pipeline=True):
            task.write(early, task.zero_word(512))

    def middle(task: TaskBuilder) -> None:
        with task.loop("i", count, pipeline=True):
            task.write(late, task.read(early))

    def sink(task: TaskBuilder) -> None:
        with task.nest([("i", count)], requested_ii=5):
            task.read(late)

    for name, body in {"source": source, "middle": middle, "sink": sink}.items():
        add_task(design, name, body)
    return finished(design)


def test_a_run_with_limits_ends_when_it_is_known_what_outgrows_them() -> None:
    """The sink takes 5 cycles for an element, of which the source writes one in each."""
    count = 200_000
    simulator = Simulator(fast_source_slow_sink(count), TARGET, {})
    free = {"early": UNBOUNDED, "late": UNBOUNDED}
    whole = simulator.run(free)
    assert whole.cycles > 5 * (count - 1)
    assert simulator.run(free, limits={"early": 100}).cycles == whole.cycles
    part = simulator.run(free, limits={"early": 100, "late": 100})
    assert part.cycles < whole.cycles / 4
    assert part.streams["early"].most <= 100 < part.streams["late"].most
    bounded = simulator.run({**free, "late": FIRST}, limits={"early": 100})
    assert bounded.cycles < whole.cycles / 4
    assert bounded.streams["early"].most > 100


def test_fifos_that_fill_one_after_the_other_are_all_bounded() -> None:
    simulator = Simulator(fast_source_slow_sink(200_000), TARGET, {})
    fifos = {"early": Fifo(512, 4), "late": Fifo(512, 4)}
    depths = throughput_depths(simulator, fifos)
    assert depths == {"early": FIRST, "late": FIRST}
    free = dict.fromkeys(fifos, UNBOUNDED)
    assert simulator.run(depths).cycles == simulator.run(free).cycles
