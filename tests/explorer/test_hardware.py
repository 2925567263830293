"""Tasks with their C++, streams, figures and places in the picture."""

from itertools import combinations
from pathlib import Path

from lmc.explorer import Exploration
from lmc.explorer.hardware import Hardware


def hardware(exploration: Exploration) -> Hardware:
    assert exploration.hardware is not None
    return exploration.hardware


def test_functions_are_where_they_are_said_to_be(
    exploration: Exploration, mamba2_design: Path
) -> None:
    for task in hardware(exploration).tasks:
        assert task.cpp is not None
        lines = (mamba2_design / task.cpp.file).read_text("utf-8").split("\n")
        function = lines[task.cpp.first - 1 : task.cpp.last]
        head = next(line for line in function if not line.startswith(("//", "template")))
        assert head.startswith(f"static void {task.cpp.function}(")
        assert function[-1] == "}"
        assert sum(line.startswith("static void") for line in function) == 1
        for label, line in task.cpp.labels.items():
            assert lines[line - 1].strip() == f"{label}:"


def test_loops_of_a_task_are_labelled_in_its_function(exploration: Exploration) -> None:
    """But for tasks that share a function, whose labels are the function's."""
    for task in hardware(exploration).tasks:
        if task.cpp is not None and task.cpp.function == task.name:
            assert {loop["label"] for loop in task.loops} <= set(task.cpp.labels)


def test_figures_are_those_of_the_simulation(lmc, exploration: Exploration, mamba2_design: Path):
    told = lmc("simulate", mamba2_design, "--json").json
    found = hardware(exploration)
    for task in found.tasks:
        assert task.figures is not None
        assert task.figures.decode_cycles == told["tasks"][task.name]["decode_cycles"]
        assert task.figures.waited == told["tasks"][task.name]["waited"]
        assert task.resources == told["resources"]["kernels"][task.kernel][task.name]
    for stream in found.streams:
        assert stream.figures is not None
        assert stream.figures.most == told["streams"][stream.name]["most"]
        assert stream.depth == told["streams"][stream.name]["depth"]


def test_limits_name_the_busiest(exploration: Exploration) -> None:
    found = hardware(exploration)
    busy = {task.name: task.figures.decode_cycles for task in found.tasks if task.figures}
    assert max(busy, key=lambda name: busy[name]) in found.limits[0]


def test_places_are_apart_and_in_their_boxes(exploration: Exploration) -> None:
    found = hardware(exploration)
    places, boxes = found.layout.places, {box.kernel: box for box in found.layout.boxes}
    assert set(places) == {task.name for task in found.tasks}
    assert len(set(places.values())) == len(places)
    for task in found.tasks:
        (column, row), box = places[task.name], boxes[task.kernel]
        assert box.column <= column < box.column + box.columns
        assert box.row <= row < box.row + box.rows
    for one, other in combinations(boxes.values(), 2):
        beside = (
            one.column + one.columns <= other.column or other.column + other.columns <= one.column
        )
        assert beside or one.row + one.rows <= other.row or other.row + other.rows <= one.row
