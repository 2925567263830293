"""The rules: each broken once, and told in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from small_designs import finished
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.backends.hls.printer import find_design
from lmc.dataflow.graph import design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dialects.dataflow import si, ui
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.lint import RULES, Finding, findings, unchecked
from lmc.passes.size_fifos import size_by_order
from lmc.targets import Clock, Target, load_target

ROOT = Path(__file__).parents[2]
SOUND = (ROOT / "tests/dialects/sound_design.mlir").read_text(encoding="utf-8")


def check(design: DesignBuilder, target: Target | None = None) -> list[Finding]:
    return list(findings(find_design(design.module()), target))


def changed(before: str, after: str) -> list[Finding]:
    """Findings in the sound design after one change of its text."""
    assert SOUND.count(before) >= 1, before
    module = parse_module(make_context(load_registry()), SOUND.replace(before, after, 1), "d")
    return list(findings(find_design(module), load_target("vck190")))


def pair(body: Callable[[TaskBuilder, Handle, Handle], None], word_bits: int = 8) -> list[Finding]:
    """Findings in a producer task with this body, and a consumer of 8 elements."""
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=word_bits)
    with design.kernel("k") as kernel:
        x = kernel.stream("x", ui(word_bits))
        with kernel.task("make") as task:
            body(task, x, bank)
        with kernel.task("take") as task, task.loop("i", 8):
            task.read(x)
    return check(design)


def sentences(found: list[Finding]) -> list[str]:
    return [finding.sentence for finding in found]


def test_a_sound_design_breaks_none() -> None:
    assert pair(lambda task, x, bank: task.burst_read(bank, 0, 8, x)) == []
    assert changed("@adder", "@adder") == []


def port_width() -> list[Finding]:
    return pair(lambda task, x, bank: task.burst_read(bank, 0, 8, x), word_bits=24)


def cpp_numbers() -> list[Finding]:
    return changed("@raw depth 2", f"@raw depth {2**31}")


def port_owner() -> list[Finding]:
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8)
    with design.kernel("k") as kernel:
        for name in ("one", "two"):
            x = kernel.stream(name, ui(8))
            with kernel.task(f"make_{name}") as task:
                task.burst_read(bank, 0, 8, x)
            with kernel.task(f"take_{name}") as task, task.loop("i", 8):
                task.read(x)
    return check(design)


def bank_direction() -> list[Finding]:
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8, direction="read")
    with design.kernel("k") as kernel:
        x = kernel.stream("x", ui(8))
        with kernel.task("make") as task, task.loop("i", 8):
            task.write(x, 1)
        with kernel.task("put") as task:
            task.burst_write(x, bank, 0, 8)
    return check(design)


def bank_writers() -> list[Finding]:
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8, direction="read_write")
    for name in ("one", "two"):
        with design.kernel(name) as kernel:
            x = kernel.stream(f"x_{name}", ui(8))
            with kernel.task(f"make_{name}") as task, task.loop("i", 8):
                task.write(x, 1)
            with kernel.task(f"put_{name}") as task:
                task.burst_write(x, bank, 0, 8)
    return check(design)


def memory_order() -> list[Finding]:
    design = DesignBuilder("d")
    bank = design.bank("memory", words=8, word_bits=8, direction="read_write")
    credit, x = design.stream("credit", ui(1), 16), design.stream("x", ui(8), 16)
    with design.kernel("k") as kernel, kernel.task("get") as task, task.loop("i", 8) as i:
        with task.when(i > 0):
            task.read(credit)
        task.burst_read(bank, 3, 1, x)
    with design.kernel("l") as kernel, kernel.task("put") as task, task.loop("i", 8) as i:
        task.burst_write(x, bank, 3, 1)
        with task.when(i < 7):
            task.write(credit, 1)
    return check(design)


def loop_trips() -> list[Finding]:
    return changed(
        "%shifted = dataflow.shr",
        "scf.for %k = %zero to %one step %one {\n"
        '} {loop = #dataflow.loop<"sum_once", unroll>}\n'
        "%shifted = dataflow.shr",
    )


def schedules() -> list[Finding]:
    return changed("latency 9", "latency 5")


def planned_clock() -> list[Finding]:
    module = parse_module(make_context(load_registry()), SOUND, "d")
    board = load_target("vck190").model_copy(update={"clock": Clock(mhz=300, source="test")})
    return list(findings(find_design(module), board))


def reach() -> list[Finding]:
    return changed(
        "%place = arith.muli %j, %four",
        "%big = arith.constant 200 : index\n            %place = arith.muli %j, %big",
    )


def divisors() -> list[Finding]:
    return changed("arith.muli %j, %four", "arith.remui %four, %j")


def stream_ends() -> list[Finding]:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel:
        for name in ("one", "two"):
            with kernel.task(name) as task:
                task.write(x, 1)
    return check(design)


def stream_place() -> list[Finding]:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    with design.kernel("k") as kernel:
        with kernel.task("one") as task:
            task.write(x, 1)
        with kernel.task("two") as task:
            task.read(x)
    return check(design)


def forward_streams() -> list[Finding]:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        x, y = kernel.stream("x", si(8)), kernel.stream("y", si(8))
        for name, source, sink in (("one", x, y), ("two", y, x)):
            with kernel.task(name) as task:
                task.write(sink, task.read(source))
    return check(design)


def stream_totals() -> list[Finding]:
    return pair(lambda task, x, bank: task.burst_read(bank, 0, 7, x))


def stream_rates() -> list[Finding]:
    return changed("@raw depth 2 rate [2, 2]", "@raw depth 2 rate [2, 3]")


def stream_depths() -> list[Finding]:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        early, late = kernel.stream("early", si(8)), kernel.stream("late", si(8))
        with kernel.task("make") as task:
            for stream in (early, late):
                with task.loop("i", 8):
                    task.write(stream, 1)
        with kernel.task("take") as task:
            for stream in (late, early):
                with task.loop("i", 8):
                    task.read(stream)
    found = find_design(design.module())
    size_by_order(found)
    assert list(findings(found)) == []
    design_graph(found).streams["early"].depth = IntegerAttr(7, i64)
    return list(findings(found))


def held_writes() -> list[Finding]:
    design = DesignBuilder("d")
    x, y = design.stream("x", si(8)), design.stream("y", si(8))
    loops = [("layer", 3), ("word", 4)]
    with (
        design.kernel("one") as kernel,
        kernel.task("enter") as task,
        task.nest(loops) as (layer, _),
    ):
        begin = task.constant(1, si(8))
        value = task.choose(layer.eq(0), lambda: [begin], lambda: [task.read(y)])[0]
        task.write(x, value)
    with (
        design.kernel("two") as kernel,
        kernel.task("leave") as task,
        task.nest(loops) as (layer, _),
    ):
        value = task.read(x)
        with task.when(layer < 2):
            task.write(y, value)
    found = finished(design)
    size_by_order(found)
    return list(findings(found))


def link_depths() -> list[Finding]:
    return changed("@words depth 16", "@words depth 24")


def axi_masters() -> list[Finding]:
    design = DesignBuilder("d")
    for number in range(29):
        bank = design.bank(f"memory_{number}", words=8, word_bits=8, memory="DDR4")
        with design.kernel(f"k_{number}") as kernel:
            x = kernel.stream(f"x_{number}", ui(8))
            with kernel.task(f"make_{number}") as task:
                task.burst_read(bank, 0, 8, x)
            with kernel.task(f"take_{number}") as task, task.loop("i", 8):
                task.read(x)
    return check(design, load_target("vck190"))


BROKEN: Mapping[str, tuple[Callable[[], list[Finding]], list[str]]] = {
    "port-width": (
        port_width,
        ["bank memory: a port has 8, 16, 32 ... 1024 bits, not 24: give its words the next larger"],
    ),
    "cpp-numbers": (cpp_numbers, ["stream raw has depth 2147483648: 2147483647 is allowed"]),
    "port-owner": (port_owner, ["kernel k, bank memory: a port is used by exactly one task"]),
    "bank-direction": (bank_direction, ["bank memory has direction read and is used to write"]),
    "bank-writers": (bank_writers, ["bank memory is written through 2 ports, not one"]),
    "memory-order": (
        memory_order,
        [
            "task get: burst get_burst reads bank memory in a loop, and nothing keeps it after "
            "what task put writes: take its place from a stream that this one writes"
        ],
    ),
    "loop-trips": (loop_trips, ["loop sum_once has one iteration: tools remove it"]),
    "planned-clock": (
        planned_clock,
        ["the design is planned with 250 MHz, and vck190 with 300 MHz"],
    ),
    "schedules": (schedules, ["loop sum_word has latency 5, its body takes 9 cycles"]),
    "reach": (reach, ["task sum: dataflow.slice reaches bits 600 to 616 of ui512"]),
    "divisors": (divisors, ["task sum: arith.remui is by what may be 0: divide by 1 or more"]),
    "stream-ends": (
        stream_ends,
        [
            "stream x has 2 producers (one, two) and needs exactly one",
            "stream x has 0 consumers (none) and needs exactly one",
        ],
    ),
    "stream-place": (stream_place, ["stream x joins tasks of kernel k: declare it there"]),
    "forward-streams": (
        forward_streams,
        ["stream x goes back from task two to task one of kernel k"],
    ),
    "stream-totals": (
        stream_totals,
        ["stream x: task make writes 7 elements and task take reads 8"],
    ),
    "stream-rates": (stream_rates, ["stream raw has rate 3 and carries 2 elements for n = 2"]),
    "stream-depths": (
        stream_depths,
        ["stream early has depth 7, with which the design stops: run size-fifos"],
    ),
    "held-writes": (
        held_writes,
        [
            "task enter: where loop enter_word stalls, what it writes to x may be held back until "
            "it has read what depends on that (x -> y), and the design stops: run drain-pipelines"
        ],
    ),
    "link-depths": (
        link_depths,
        [
            "stream words is between two kernels and has depth 24: the linker makes 16, 32, 64, "
            "... 32768, so give it the next larger one"
        ],
    ),
    "axi-masters": (
        axi_masters,
        [
            "memory DDR4 channel 0 has 29 masters, and vck190 takes 28: put some of",
            "the network on chip of vck190 has 29 masters and takes 28: use fewer lanes",
        ],
    ),
}
"""What breaks each rule, and what is said about it."""


def test_each_rule_is_broken_by_a_test() -> None:
    assert [rule.name for rule in RULES] == list(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule(name: str) -> None:
    make, expected = BROKEN[name]
    found = make()
    assert {finding.rule.name for finding in found} == {name}
    for finding, beginning in zip(found, expected, strict=True):
        assert finding.sentence.startswith(beginning)


def test_a_rule_names_its_document_or_says_that_it_is_assumed() -> None:
    for rule in RULES:
        assert re.match(r'(UG\d+|PG\d+|docs/[\w-]+\.md), "|assumed: ', rule.source), rule


def test_the_page_lists_the_rules() -> None:
    """docs/lint.md has a row for each rule, in their order, with its source."""
    page = (ROOT / "docs/lint.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| .+ \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(rule.name, rule.source) for rule in RULES]
    for rule in RULES:
        for document in re.findall(r'(docs/[\w-]+\.md), "(.+)"', rule.source):
            text = (ROOT / document[0]).read_text(encoding="utf-8")
            assert f"## {document[1]}\n" in text, rule


def test_a_bank_is_in_a_memory_of_the_board() -> None:
    found = changed('words 4 in "DDR4" channel 0', 'words 4 in "DDR4" channel 1')
    assert sentences(found) == [
        "memory DDR4 has banks in channel 1, but vck190 has channels 0 to 0 of it: put them there"
    ]
    found = changed('words 4 in "DDR4" channel 0', 'words 4 in "HBM" channel 0')
    assert sentences(found) == ["memory HBM has 1 masters, but vck190 has DDR4, LPDDR4: name one"]


def test_rules_about_the_board_need_one() -> None:
    assert unchecked(load_target("vck190")) == []
    assert all(rule.needs_board for rule in unchecked(None))
