"""Nests that UG1399 does not promise to flatten: one loop with counters in C++, the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from printed import run_printed
from random_designs import Launch
from xdsl.dialects import scf

from lmc.backends.hls.nests import is_flattened
from lmc.backends.hls.printer import find_design, print_design
from lmc.dataflow.addresses import flattened_nest
from lmc.dialects.dataflow import DesignOp, is_pipelined, loop_of, set_loop, ui
from lmc.reference import execute

LENGTHS = {0: 0, 1: 2, 2: 16, 3: 32}
"""Iterations of the nest below, by the trip count of its outermost loop."""


def ragged(n: int, *, constant: bool) -> DesignOp:
    """Each iteration of a nest whose inner bounds depend on outer counters stores its counters."""
    name = f"ragged_{n}_{constant}".lower()
    design = DesignBuilder(name)
    count = design.scalar(f"{name}_n", (1, 3))
    bank = design.bank(f"{name}_out", words=32, word_bits=32, direction="write")
    words = design.stream(f"{name}_words", ui(32), 4)
    with design.kernel(f"{name}_kernel") as kernel:
        with (
            kernel.task(f"{name}_visit") as task,
            task.loop("token", n if constant else count) as token,
        ):
            phases = token.eq(0).select(1, 2)
            with task.loop("phase", phases) as phase:
                bound = phase.eq(0).select(token + 1, 5)
                with task.nest((("word", bound), ("lane", 2))) as (word, lane):
                    place = ((token * 4 + phase) * 8 + word) * 2 + lane
                    task.write(words, place.cast(ui(32)))
        with kernel.task(f"{name}_store") as task:
            task.burst_write(words, bank, 0, LENGTHS[n])
    return find_design(design.module())


def launch_of(design: DesignOp, n: int) -> Launch:
    name = design.sym_name.data
    return Launch(design, {f"{name}_n": n}, {f"{name}_out": [0] * 32})


def pipelines(design: DesignOp) -> list[bool]:
    """Whether the rule flattens the nest of each pipelined loop."""
    return [is_flattened(flattened_nest(op)) for op in design.walk() if is_pipelined(op)]


@pytest.mark.parametrize("constant", [False, True])
def test_a_ragged_nest_is_one_loop(tmp_path: Path, constant: bool) -> None:
    numbers = [n for n in LENGTHS if n > 0 or not constant]
    launches = [launch_of(ragged(n, constant=constant), n) for n in numbers]
    for launch, printed in zip(launches, run_printed(launches, tmp_path), strict=True):
        assert pipelines(launch.design) == [False]
        (text,) = [text for text in print_design(launch.design).values() if "while (" in text]
        assert text.count("#pragma HLS pipeline") == 2
        assert text.count("for (") == 1  # the burst
        expected = execute(launch.design, launch.scalars, launch.banks)
        assert printed == expected
        assert not expected.waiting


LOOP = re.compile(r"for \(int \w+ = 0; \w+ < (.+); \w+\+\+\) \{")
LABEL = re.compile(r"\w+:")


@dataclass
class Text:
    """A block of C++: the line that opens it, and its lines and blocks."""

    head: str
    inside: list[Text | str] = field(default_factory=list)

    @property
    def bound(self) -> str | None:
        """The bound of a `for`."""
        found = LOOP.fullmatch(self.head)
        return None if found is None else found[1]

    def blocks(self) -> Iterator[Text]:
        """This block and all blocks in it."""
        yield self
        for inner in self.inside:
            if isinstance(inner, Text):
                yield from inner.blocks()


def instantiated(text: str) -> str:
    """The text with a number for each parameter of a template: constants, as far as HLS sees."""
    functions = text.split("\n}\n")
    for place, function in enumerate(functions):
        for parameter in re.findall(r"int (\w+)", "".join(re.findall(r"template <.*>", function))):
            functions[place] = re.sub(rf"\b{parameter}\b", "9", functions[place])
    return "\n}\n".join(functions)


def parsed(text: str) -> Text:
    """Each line of the printer is a statement, or opens or closes a block at its end."""
    open_blocks = [Text("")]
    for line in map(str.strip, text.splitlines()):
        if line.startswith("}"):
            open_blocks.pop()
        if line.endswith("{"):
            open_blocks[-1].inside.append(block := Text(line))
            open_blocks.append(block)
        elif line and line[0] not in "/}" and not LABEL.fullmatch(line):
            open_blocks[-1].inside.append(line)
    (top,) = open_blocks
    return top


def is_pipeline(block: Text) -> bool:
    return any(isinstance(line, str) and " pipeline " in line for line in block.inside)


def broken_nests(text: str) -> list[str]:
    """Nests around a pipeline, with a variable bound inside: they are not flattened."""

    def inner_bounds(block: Text) -> list[str] | None:
        """Bounds of the nest inside of a block, itself included; None where there is no nest."""
        if block.bound is None:
            return None
        if is_pipeline(block):
            return [block.bound]
        inside = [one for one in block.inside if one != "#pragma HLS loop_flatten off"]
        if len(inside) != 1 or not isinstance(inside[0], Text):
            return None
        inner = inner_bounds(inside[0])
        return None if inner is None else [block.bound, *inner]

    nests = [(block.head, inner_bounds(block)) for block in parsed(instantiated(text)).blocks()]
    return [
        head
        for head, bounds in nests
        if bounds is not None and not all(bound.isdigit() for bound in bounds[1:])
    ]


def test_the_check_of_printed_nests_finds_one() -> None:
    text = """void f() {
    a:
      for (int i = 0; i < 3; i++) {
      b:
        for (int j = 0; j < i + 1; j++) {
    #pragma HLS pipeline II = 1 style = flp
          x.write(j);
        }
      }
    }"""
    assert broken_nests(text) == ["for (int i = 0; i < 3; i++) {"]
    assert broken_nests(text.replace("i + 1", "4")) == []


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_no_design_has_a_nest_that_is_not_flattened(
    name: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(name) / "hls"
    texts = [path.read_text("utf-8") for path in folder.glob("*.cpp")]
    assert [head for text in texts for head in broken_nests(text)] == []
    assert any("while (more" in text for text in texts)


def draining(label: str) -> dict[str, list[str]]:
    """Pragmas of the loops of a nest in one of which the pipeline drains, by label; `more` is a
    nest that is printed with counters."""
    design = DesignBuilder("d")
    x = design.stream("x", ui(8), 16)
    with design.kernel("one") as kernel, kernel.task("make") as task, task.loop("token", 3):
        with task.loop("layer", 2) as layer, task.nest([("row", 4), ("word", 5)]):
            task.write(x, layer.cast(ui(8)))
        with task.loop("outer", 2) as outer:
            loops = [("part", 3), ("some", outer + 1), ("more", 5)]
            with task.nest(loops):
                task.write(x, 1)
    with design.kernel("two") as kernel, kernel.task("take") as task, task.loop("i", 255):
        task.read(x)
    found = find_design(design.module())
    for op in found.walk():
        if isinstance(op, scf.ForOp) and loop_of(op).label in label.split():
            set_loop(op, replace(loop_of(op), drains=True))
    text = print_design(found)["one.cpp"]
    printed = re.findall(r"make_(\w+):\n *(?:for|while) .*\n((?:#pragma .*\n)*)", text)
    return {name: re.findall(r"#pragma HLS (.+)", pragmas) for name, pragmas in printed}


PIPELINE = "pipeline style = flp"


def test_a_nest_that_ends_early_says_so() -> None:
    """A tool would flatten it with the loop around it, which has nothing else in it."""
    assert draining("") == {
        "token": ["pipeline off"],
        "layer": [],
        "row": [],
        "word": [PIPELINE, "loop_flatten"],
        "more": [PIPELINE, "loop_flatten"],
    }
    assert draining("make_layer make_outer") == {
        "token": ["pipeline off"],
        "layer": ["pipeline off"],
        "row": ["loop_flatten off"],
        "word": [PIPELINE, "loop_flatten"],
        "outer": ["pipeline off"],
        "more": [PIPELINE, "loop_flatten off"],
    }
    assert draining("make_row")["word"] == [PIPELINE, "loop_flatten off"]


def says_what_it_is(block: Text) -> bool:
    """Whether a loop is a pipeline, unrolled or none of both, or is flattened with such a one."""
    pragmas = [line.split()[2] for line in block.inside if isinstance(line, str) and line[0] == "#"]
    if set(pragmas) & {"pipeline", "unroll"}:
        return True
    inner = [one for one in block.inside if isinstance(one, Text)]
    return len(inner) == 1 and inner[0].bound is not None and says_what_it_is(inner[0])


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_every_loop_of_a_design_says_what_it_is(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name) / "hls"
    texts = [path.read_text("utf-8") for path in folder.glob("*.cpp")]
    blocks = [block for text in texts for block in parsed(instantiated(text)).blocks()]
    loops = [block for block in blocks if re.match(r"(\w+: )?(for|while) \(", block.head)]
    assert len(loops) > 100
    assert [block.head for block in loops if not says_what_it_is(block)] == []
