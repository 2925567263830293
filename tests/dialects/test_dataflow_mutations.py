"""One change to a sound design: refused with a sentence that names what was changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, si
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text, parse_module, verify
from lmc.lint import findings

SOUND = (Path(__file__).parent / "sound_design.mlir").read_text(encoding="utf-8")


def sentences(text: str) -> list[str]:
    """What is wrong with a module: the verifier's sentence, or those of the rules."""
    try:
        module = parse_module(make_context(load_registry()), text, "d")
    except LmcError as error:
        return [str(error)]
    return list(_rules(module.walk()))


def _rules(ops: Iterator[object]) -> Iterator[str]:
    for op in ops:
        if isinstance(op, DesignOp):
            yield from (finding.sentence for finding in findings(op))


def test_the_design_is_sound() -> None:
    assert sentences(SOUND) == []


MUTATIONS = {
    # Names and attributes that are not known
    "keyword": ("@sum(", "@class(", "the task name class means something else"),
    "no identifier": ('"sum_lane"', '"sum lane"', "the loop name 'sum lane' is no identifier"),
    "reserved": ("@raw ", "@__raw ", "the stream name __raw is reserved for C++ compilers"),
    "long": ("@fetch(", f"@{'f' * 81}(", "has 81 characters: 80 are allowed"),
    "header": ("design @adder", "design @lmc_ops", "design lmc_ops would have the header"),
    "one name twice": ("task @sum(", "task @raw(", "two parts have the name raw"),
    "one label twice": ('"sum_lane"', '"fetch_burst"', "two loops have the name fetch_burst"),
    "attribute of an op": (
        "exact :",
        "exact {note} :",
        "dataflow.add has an unknown attribute, note",
    ),
    "attribute of a loop": ("{loop = ", "{fast, loop = ", "scf.for has an unknown attribute, fast"),
    "attribute of a kernel": (
        'slr "SLR0" {',
        'slr "SLR0" attributes {a} {',
        "dataflow.kernel has an unknown attribute, a",
    ),
    # Loops
    "no loop attribute": (
        '{loop = #dataflow.loop<"sum_lane", unroll, cascade>}',
        "",
        "scf.for has no loop = ",
    ),
    "loop of another type": (
        '#dataflow.loop<"sum_lane", unroll, cascade>',
        '"sum_lane"',
        'loop is a #dataflow.loop<...>, got "sum_lane"',
    ),
    "unknown part": (
        "unroll, cascade",
        "unroll, fast",
        "a loop has no fast: it has pipeline, unroll",
    ),
    "part twice": ("ii 1,", "ii 1, ii 2,", "loop sum_word has ii twice"),
    "two modes": ("unroll, cascade", "unroll, pipeline", "says unroll and pipeline: one of them"),
    "ii of a wrong type": ("ii 1,", 'ii "1",', "xpected integer literal"),
    "ii of 0": ("ii 1,", "ii 0,", "loop sum_word: ii is at least 1, got 0"),
    "ii alone": (", latency 9", "", "loop sum_word has one of ii and latency"),
    "ii and request": (
        "ii 1,",
        "requested_ii 2, ii 1,",
        "loop sum_word has ii 1, but requested_ii 2",
    ),
    "ii of an unrolled loop": (
        "unroll, cascade",
        "unroll, ii 1, latency 1",
        "loop sum_lane is not pipelined, so it has no ii",
    ),
    "cascade of a pipeline": (
        "latency 9",
        "latency 9, cascade",
        "loop sum_word is not unrolled, so it is no cascade",
    ),
    "a pipeline that drains": (
        "latency 9",
        "latency 9, drains",
        "loop sum_word is not sequential, so no pipeline drains in it",
    ),
    "cascade of a shared product": (
        "dataflow.mul %a, %a :",
        'dataflow.mul %a, %a impl "dsp" :',
        "loop sum_lane: a cascade adds one product, without an impl",
    ),
    "independent of nothing": (
        "latency 9",
        'latency 9, independent ["memory"]',
        "loop sum_word: the task has no buffer memory",
    ),
    "from 2 in steps of 2": (
        "%i = %zero to %two step %one",
        "%i = %two to %four step %two",
        "loop sum_word must count from 0 in steps of 1",
    ),
    "not unrolled inside": (
        "unroll, cascade",
        "pipeline, ii 1, latency 1",
        "loop sum_lane is inside a pipelined loop",
    ),
    # What a task takes of other dialects
    "and on indices": (
        "arith.muli %j, %four",
        "arith.andi %j, %four",
        "loop sum_lane: arith.andi is on i1 in a task, got index",
    ),
    "overflow flags": (
        "arith.muli %j, %four",
        "arith.muli %j, %four overflow<nsw>",
        "arith.muli has overflow flags",
    ),
    "another op": (
        "%place = arith.muli",
        "%place = arith.minsi",
        "loop sum_lane: arith.minsi can't be in a task",
    ),
    "division by 0": ("arith.muli %j, %four", "arith.divui %j, %zero", "arith.divui is by 0"),
    "division by a counter": (
        "arith.muli %j, %four",
        "arith.remui %four, %j",
        "arith.remui is by what may be 0",
    ),
    "constant of i32": (
        "%zero = arith.constant 0 : index\n        %one",
        "%x = arith.constant 0 : i32\n        %zero = arith.constant 0 : index\n        %one",
        "arith.constant is of index or i1 in a task, got i32",
    ),
    "negative index": (
        "%zero = arith.constant 0",
        "%zero = arith.constant -1",
        "arith.constant: -1 is no index",
    ),
    "negative shift": (
        "%two = arith.constant 2 : index\n        %four",
        "%two = arith.constant -2 : index\n        %four",
        "a shift amount is 0 to 63, got -2",
    ),
    "place outside": (
        "%held[%i]",
        "%held[%four]",
        "memref.store: buffer held has 4 elements, index 4",
    ),
    "indices missing": (
        "%held[%i]",
        "%held[]",
        "memref.store has 0 indices into a buffer of 1 dimensions",
    ),
    "used before it is made": (
        "arith.muli %j, %four",
        "arith.muli %j, %four : index\n"
        "            %e = dataflow.neg %a : si16 -> si17\n"
        "            %f = arith.addi %j, %j",
        "dataflow.neg uses %a where it is not known yet",
    ),
    # Arithmetic and words
    "result too narrow": (
        "exact : si34, si32",
        ": si34, si32",
        "the result needs si35, which si34 does not hold",
    ),
    "product of clay": (
        "dataflow.mul %a, %a :",
        'dataflow.mul %a, %a impl "clay" :',
        "a product is made of dsp or fabric, not of clay",
    ),
    # Declarations
    "scalar of another type": (
        "examples [1, 2]",
        "examples []",
        "scalar n needs at least one example",
    ),
    "example that does not fit": (
        "examples [1, 2]",
        "examples [1, -2]",
        "scalar n: the example -2 does not fit ui32",
    ),
    "unknown direction": ('@from "read"', '@from "both"', "unknown direction both"),
    "negative channel": ("channel 0", "channel -1", "bank into is in channel -1 of its memory"),
    "no memory": ('words 4 in "DDR4"', 'words 4 in ""', "bank into names no memory"),
    "depth 0": ("@raw depth 2", "@raw depth 0", "stream raw has depth 0: it is at least 1"),
    "negative rate": (
        "@raw depth 2 rate [2, 2]",
        "@raw depth 2 rate [2, -2]",
        "stream raw has a negative rate",
    ),
    "rate of another length": (
        "@raw depth 2 rate [2, 2]",
        "@raw depth 2 rate [2]",
        "stream raw has 1 rates for 2 examples",
    ),
    "unknown FIFO": ('impl "srl"', 'impl "wood"', "unknown impl wood: one of srl, bram, uram"),
    "FIFO between kernels": (
        "@words depth 16 rate [2, 2]",
        '@words depth 16 rate [2, 2] impl "srl"',
        "stream words joins kernels",
    ),
    "slr of a wrong type": ('slr "SLR0"', "slr 0", "tring literal"),
    "slr without a name": ('slr "SLR0"', 'slr ""', "kernel work has an slr without a name"),
    "clock of 0": (
        "@adder clock_mhz 250",
        "@adder clock_mhz 0",
        "design adder has a clock of 0 MHz",
    ),
    "no LUT levels": (
        "@adder clock_mhz 250",
        "@adder clock_mhz 250 level_limit 0",
        "design adder has a limit of 0 LUT levels",
    ),
    "unknown buffer": ('@held "bram"', '@held "rom"', "unknown kind rom"),
    "partition twice": (
        "[#dataflow.partition<0, 2>]",
        "[#dataflow.partition<0, 2>, #dataflow.partition<0, 4>]",
        "buffer held: dimension 0 is partitioned twice",
    ),
    "registers in parts": ('@held "bram"', '@held "register"', "buffer held is of registers"),
    "bound twice": (
        "@fetch(%from_2 = %from_1 : !dataflow.port<ui512>,",
        "@fetch(%from_3 = %from_1 : !dataflow.port<ui512>, "
        "%from_2 = %from_1 : !dataflow.port<ui512>,",
        "task fetch binds a value twice",
    ),
    # Layouts
    "unknown segment": (
        "#dataflow.vector<@w, lanes 4, bits 16>",
        "#dataflow.pile<@w>",
        "dataflow.pile",
    ),
    "dictionary": (
        "#dataflow.vector<@w, lanes 4, bits 16>",
        '{kind = "vector"}',
        "should be of attribute subclassing `SegmentAttr`",
    ),
    "field of another name": ("lanes 4, bits", "lane 4, bits", "in #dataflow.vector"),
    "bits of 0": (
        "lanes 4, bits 16",
        "lanes 4, bits 0",
        "#dataflow.vector: bits is at least 1, got 0",
    ),
    "unknown weight": ("vector<@w", "vector<@nowhere", "the module has no weight @nowhere"),
    "weight of another format": (
        "vector<@w",
        "vector<@m",
        "weight @m is of !ssm.wint<4, 32, 8, 3, 14>",
    ),
    "table for a weight": ("vector<@w", "vector<@t", "the module has no weight @t"),
    "width of a weight": ("lanes 4, bits 16", "lanes 4, bits 15", "weight @w has 16 bits, not 15"),
    "lanes of a weight": (
        "lanes 4, bits",
        "lanes 3, bits",
        "8 elements of weight @w are no multiple of 3",
    ),
    "words of a weight": (
        '@from "read" words 2',
        '@from "read" words 3',
        "bank from has 3 words, what it holds takes 2",
    ),
    "unknown table": ("table<@t", "table<@w", "the module has no table @w"),
    "width of a table": (
        "table<@t, bits 64>",
        "table<@t, bits 32>",
        "table @t has 64 bits, not 32",
    ),
    "words of a state": (
        "count 32, layers 2",
        "count 33, layers 2",
        "#dataflow.state takes 6 words, not 4",
    ),
    "direction of a layout": (
        '@into "read_write"',
        '@into "write"',
        "#dataflow.state is in a bank with direction read_write, not write",
    ),
    "rows of a round": (
        "first_row 0, sets 2",
        "first_row 1, sets 2",
        "rows 1 to 9 are not in a round of 8",
    ),
    "word of a lane": (
        "inputs 32",
        "inputs 16",
        "4 rows of 16 nibbles are 256 bits, a word has 512",
    ),
    "scales of a matrix": (
        "mantissa_bits 8",
        "mantissa_bits 9",
        "scales of weight @m have 8 and 3 bits, not 9 and 3",
    ),
    # Allocation
    "unknown key": (
        'target = "vck190"',
        'target = "vck190", colour = "red"',
        "an allocation has no colour: it has target",
    ),
    "missing key": ("port_bits = 512, ", "", "an allocation needs port_bits"),
    "key of a wrong type": (
        "port_bits = 512",
        'port_bits = "512"',
        "an allocation's port_bits: input should be a valid integer",
    ),
    "key inside a list": (
        'lanes = [{memory = "DDR4"}]',
        'lanes = [{memory = "DDR4", sets = 0}]',
        "an allocation's lanes.0.sets: input should be greater than or equal to 1",
    ),
    # What analyses have found
    "another ii": (
        "ii 1,",
        "ii 3,",
        "loop sum_word has ii 3 and can do 1: ask for more by requested_ii",
    ),
    "another latency": (
        "latency 9",
        "latency 8",
        "loop sum_word has latency 8, its body takes 9 cycles",
    ),
    "another independence": (
        "latency 9",
        'latency 9, independent ["held"]',
        "loop sum_word has the independent buffers held, those of its body are none",
    ),
    "no clock": (
        "@adder clock_mhz 250",
        "@adder",
        "loop sum_word has an ii, but the design has no clock_mhz",
    ),
    "another rate": (
        "@raw depth 2 rate [2, 2]",
        "@raw depth 2 rate [2, 3]",
        "stream raw has rate 3 and carries 2 elements for n = 2",
    ),
    "no rate": (
        "@raw depth 2 rate [2, 2]",
        "@raw depth 2",
        "stream raw has no rate, while others have rates",
    ),
}
"""What is replaced, by what, and what the sentence says."""


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_change_is_refused(name: str) -> None:
    before, after, said = MUTATIONS[name]
    assert before in SOUND
    found = sentences(SOUND.replace(before, after, 1))
    assert any(said in sentence for sentence in found), found


def test_results_of_a_loop_are_of_what_it_carries() -> None:
    module = parse_module(make_context(load_registry()), SOUND, "d")
    (total,) = (one for op in module.walk() for one in op.results if one.name_hint == "total")
    Rewriter.replace_value_with_new_type(total, si(33))
    with pytest.raises(LmcError, match=r"scf\.for has results of other types than what it carries"):
        verify(module, "d")


def test_a_design_without_ops_is_refused() -> None:
    assert sentences("dataflow.design @d { }") != []
    with pytest.raises(VerifyException, match="design d is empty"):
        DesignOp("d").verify()


def test_a_task_without_ops_is_printed_as_it_is_parsed() -> None:
    text = """builtin.module {
  dataflow.design @d {
    %s = dataflow.stream @s : !dataflow.stream<si16>
    dataflow.kernel @k(%s_1 = %s : !dataflow.stream<si16>) {
      dataflow.task @t(%s_2 = %s_1 : !dataflow.stream<si16>) {
      }
    }
  }
}
"""
    assert module_text(parse_module(make_context(load_registry()), text, "d")) == text


def test_a_name_of_two_lines_is_refused_in_one() -> None:
    with pytest.raises(LmcError) as error:
        parse_module(make_context(load_registry()), '"a\\nb"() : () -> ()', "d")
    assert "\n" not in str(error.value)
