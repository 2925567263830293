"""Packed products: the printed C++ that makes them, against numpy; and what is refused."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from design_builder import DesignBuilder
from numpy.typing import NDArray
from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerType, ModuleOp

from lmc.backends.csim.build import build
from lmc.backends.hls.printer import SUPPORT_HEADERS, find_design, print_design
from lmc.backends.hls.system import print_system
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import is_signed, loop_of, si, type_range, ui
from lmc.lowering.packing import most_terms, packed_dot, plan_packing
from lmc.passes.check_dataflow import CheckDataflow
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.passes.size_fifos import SizeFifos

WORD = 1024
CASES = {
    "two-by-int8": (si(4), si(8), 2, 32),
    "nibble-plane": (si(5), si(8), 2, 32),
    "unsigned-nibbles": (ui(4), si(8), 2, 8),
    "both-unsigned": (ui(4), ui(8), 2, 16),
    "three-by-int4": (si(4), si(4), 3, 8),
    "one": (si(8), si(8), 1, 32),
}
HOST = """
#include <xrt/xrt_bo.h>
#include <xrt/xrt_device.h>
#include <xrt/xrt_kernel.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

int main(int, char** argv) {
  const size_t words = std::atoi(argv[1]), bytes_in = 128 * words, bytes_out = 128 * words;
  xrt::device device(0);
  const xrt::uuid uuid = device.load_xclbin("design.xclbin");
  xrt::kernel kernel(device, uuid, "k");
  xrt::bo given(device, bytes_in, kernel.group_id(1)), made(device, bytes_out, kernel.group_id(2));
  if (std::fread(given.map<uint8_t*>(), 1, bytes_in, stdin) != bytes_in) return 1;
  given.sync(XCL_BO_SYNC_BO_TO_DEVICE);
  xrt::run run(kernel);
  run.set_arg(0, int(words));
  run.set_arg(1, given);
  run.set_arg(2, made);
  run.start();
  run.wait();
  made.sync(XCL_BO_SYNC_BO_FROM_DEVICE);
  std::fwrite(made.map<uint8_t*>(), 1, bytes_out, stdout);
}
"""


def packed_design(
    weight: IntegerType, activation: IntegerType, fields: int, terms: int
) -> ModuleOp:
    """A word holds the activations, then field by field the weights; a word of sums comes back."""
    w, a = weight.width.data, activation.width.data
    design = DesignBuilder("packed")
    count = design.scalar("n", examples=(1, 3))
    given = design.bank("given", words=1 << 16, word_bits=WORD)
    made = design.bank("made", words=1 << 16, word_bits=WORD, direction="write")
    with design.kernel("k") as kernel:
        words, sums = kernel.stream("words", ui(WORD)), kernel.stream("sums", ui(WORD))
        with kernel.task("fetch") as task:
            task.burst_read(given, 0, task.index_of(count), words)
        with kernel.task("work") as task, task.loop("word", count, pipeline=True):
            word = task.read(words)

            def weights(k: int, i: Value) -> Value:
                return word.slice((i + k * terms) * w + terms * a, w, is_signed(weight))

            def activations(i: Value) -> Value:
                return word.slice(i * a, a, is_signed(activation))

            found = packed_dot(task, "i", weights, activations, fields=fields, terms=terms)
            parts = [value.cast(si(63)) for value in found]
            padding = task.zero_word(WORD - 63 * fields)
            task.write(sums, task.concat([*parts, padding]))
        with kernel.task("store") as task:
            task.burst_write(sums, made, 0, task.index_of(count))
    return design.module()


def numbers(type_: IntegerType, shape: tuple[int, ...], seed: int) -> NDArray[np.int64]:
    """Random numbers; the first rows are all at an end of the range."""
    values = type_range(type_)
    drawn = np.random.default_rng(seed).integers(values.low, values.high + 1, shape)
    for row, end in enumerate((values.low, values.low, values.high, values.high)):
        drawn[row] = end
    return drawn


def packed_words(fields: list[tuple[NDArray[np.int64], int]]) -> bytes:
    """Little-endian words of the numbers of each row, one after the other."""
    words: list[bytes] = []
    for row in range(len(fields[0][0])):
        word, place = 0, 0
        for values, bits in fields:
            for value in values[row].ravel().tolist():
                word |= (value & ((1 << bits) - 1)) << place
                place += bits
        words.append(word.to_bytes(WORD // 8, "little"))
    return b"".join(words)


def field_of(word: bytes, k: int) -> int:
    bits = int.from_bytes(word, "little") >> 63 * k & ((1 << 63) - 1)
    return bits - (1 << 63) if bits >> 62 else bits


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize("case", CASES)
def test_sums_are_exact(tmp_path: Path, case: str) -> None:
    weight, activation, fields, terms = CASES[case]
    module = packed_design(weight, activation, fields, terms)
    for step in (ScheduleLoops(clock_mhz=300), SizeFifos(), CheckDataflow()):
        step.apply(Context(), module)
    design = find_design(module)
    texts = {**print_design(design), "system.cpp": print_system(design), "host.cpp": HOST}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    build(sorted(tmp_path.glob("*.cpp")), [tmp_path, SUPPORT_HEADERS[0].parent], tmp_path / "run")
    rows = 300
    w, a = numbers(weight, (rows, fields, terms), 1), numbers(activation, (rows, terms), 2)
    a[[1, 2]] = a[[2, 1]]
    given = packed_words([(a, activation.width.data), (w, weight.width.data)])
    done = subprocess.run(
        [str(tmp_path / "run"), str(rows)], input=given, capture_output=True, check=True
    )
    words = [done.stdout[row * WORD // 8 : (row + 1) * WORD // 8] for row in range(rows)]
    found = [[field_of(word, k) for k in range(fields)] for word in words]
    assert found == np.einsum("rkt,rt->rk", w, a).tolist()


def test_a_sum_is_a_cascade() -> None:
    module = packed_design(*CASES["three-by-int4"])
    ScheduleLoops(clock_mhz=300).apply(Context(), module)
    loops = {loop_of(op).label: loop_of(op) for op in module.walk() if isinstance(op, scf.ForOp)}
    assert loops["work_i"].cascade
    # Eight terms, a cycle each, after a product of three.
    latency = loops["work_word"].latency
    assert latency is not None
    assert latency >= 11
    text = print_design(find_design(module))["k.cpp"]
    assert "#pragma HLS unroll\n#pragma HLS expression_balance off" in text
    assert "bind_op" not in text


@pytest.mark.parametrize(
    ("types", "fields", "terms", "spacing"),
    [((si(5), si(8)), 2, 32, 18), ((si(4), si(8)), 2, 32, 17), ((si(4), si(4)), 3, 8, 11)],
)
def test_spacing_is_what_the_sum_needs(
    types: tuple[IntegerType, IntegerType], fields: int, terms: int, spacing: int
) -> None:
    assert plan_packing(*types, fields=fields, terms=terms).spacing == spacing


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(LmcError, match="the packed weights would have 29 bits of 27"):
        plan_packing(si(4), si(4), fields=3, terms=16)
    with pytest.raises(LmcError, match="the activation would have 19 bits of 18"):
        plan_packing(si(4), si(19), fields=1, terms=1)
    with pytest.raises(LmcError, match="the packed sum would have"):
        plan_packing(si(8), si(18), fields=1, terms=1 << 23)


def test_most_terms() -> None:
    assert most_terms(si(4), si(4), fields=3) == 8
    assert most_terms(si(4), si(8), fields=3) == 0
    assert most_terms(si(5), si(8), fields=2) >= 32
