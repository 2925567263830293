"""Launches of designs as printed C++: all of them in one program, compiled once."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from random_designs import Launch

from lmc.backends.csim.build import Headers, build
from lmc.backends.hls.arguments import design_kernels, kernel_arguments
from lmc.backends.hls.printer import SUPPORT_HEADERS, print_design
from lmc.backends.hls.system import print_system
from lmc.dialects.dataflow import BankOp, DesignOp, ScalarOp
from lmc.reference import Outcome, Waiting

_HOST = """
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

static std::FILE *images, *results;

static void *bank(size_t bytes) {
  void *memory = nullptr;
  if (posix_memalign(&memory, 4096, bytes) != 0) std::abort();
  if (std::fread(memory, 1, bytes, images) != bytes) std::abort();
  return memory;
}

static void finish(const std::vector<std::pair<void *, size_t>> &banks) {
  std::string failure;
  try {
    lmc::sim::run_started_kernels();
  } catch (const std::exception &error) {
    failure = error.what();
  }
  std::fprintf(results, "%zu\\n%s\\n", failure.size(), failure.c_str());
  for (const auto &[memory, bytes] : banks) {
    std::fwrite(memory, 1, bytes, results);
    std::free(memory);
  }
  std::fflush(results);
}
"""


def run_printed(
    launches: Sequence[Launch], folder: Path, headers: Headers = "fast"
) -> list[Outcome]:
    """The outcomes of all launches; different designs have different names."""
    support = SUPPORT_HEADERS[0].parent
    (folder / "all.cpp").write_text(_program(launches, folder), encoding="utf-8")
    build([folder / "all.cpp"], [folder, support], folder / "run", headers=headers)
    images = b"".join(_image(launch, bank) for launch in launches for bank in _banks(launch.design))
    (folder / "images").write_bytes(images)
    command = [str(folder / "run"), str(folder / "images"), str(folder / "results")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return _outcomes(launches, (folder / "results").read_bytes())


def _banks(design: DesignOp) -> list[BankOp]:
    return [op for op in design.body.block.ops if isinstance(op, BankOp)]


def _word_bytes(bank: BankOp) -> int:
    return bank.port.type.word_type.width.data // 8


def _image(launch: Launch, bank: BankOp) -> bytes:
    words = launch.banks.get(bank.sym_name.data, [0] * bank.words.value.data)
    return b"".join(word.to_bytes(_word_bytes(bank), "little") for word in words)


def _program(launches: Sequence[Launch], folder: Path) -> str:
    parts: list[str] = []
    for design in {launch.design.sym_name.data: launch.design for launch in launches}.values():
        for name, text in print_design(design).items():
            if name.endswith(".h"):
                (folder / name).write_text(text, encoding="utf-8")
            else:
                parts.append(text)
        parts.append(print_system(design))
    calls = [f"  launch_{number}();" for number in range(len(launches))]
    functions = [_launch(launch, number) for number, launch in enumerate(launches)]
    main = [
        "int main(int, char **argv) {",
        '  images = std::fopen(argv[1], "rb"), results = std::fopen(argv[2], "wb");',
        *calls,
        "}",
    ]
    return "\n".join([*parts, _HOST, *functions, *main, ""])


def _launch(launch: Launch, number: int) -> str:
    lines = [f"static void launch_{number}() {{"]
    banks = _banks(launch.design)
    for place, bank in enumerate(banks):
        size = _word_bytes(bank) * bank.words.value.data
        lines.append(f"  void *bank_{place} = bank({size});")
    for name, depth in launch.depths.items():
        setting = f'lmc::sim::the_scheduler.set_depth("{name}", {depth})'
        lines.append(f"  if (!{setting}) std::abort();")
    for kernel in design_kernels(launch.design):
        name, arguments = kernel.sym_name.data, kernel_arguments(kernel)
        lines.append(f'  lmc::sim::args {name}_args("{name}", {len(arguments)});')
        for argument in arguments:
            if isinstance(argument.source, BankOp):
                value = f"bank_{banks.index(argument.source)}"
            elif isinstance(argument.source, ScalarOp):
                value = f"int64_t({launch.scalars[argument.source.sym_name.data]})"
            else:
                continue
            lines.append(f"  {name}_args.set({argument.position}, {value});")
        lines.append(f'  lmc::sim::start_kernel("{name}", {name}_args);')
    pairs = ", ".join(
        f"{{bank_{place}, {_word_bytes(bank) * bank.words.value.data}}}"
        for place, bank in enumerate(banks)
    )
    return "\n".join([*lines, f"  finish({{{pairs}}});", "}"])


_WAITING = re.compile(
    r"task '(\w+)' of kernel '(\w+)' waits to (read from empty|write to full) FIFO '(\w+)'"
    r"[^(]*\(depth (\d+), (\d+) written, (\d+) read\)"
)
_LEFT = re.compile(r"in FIFO '(\w+)'[^(]*\(depth \d+, (\d+) written, (\d+) read\)")


def _outcomes(launches: Sequence[Launch], results: bytes) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for launch in launches:
        size, _, results = results.partition(b"\n")
        failure, results = results[: int(size)].decode(), results[int(size) + 1 :]
        banks: dict[str, list[int]] = {}
        for bank in _banks(launch.design):
            width, count = _word_bytes(bank), bank.words.value.data
            image, results = results[: width * count], results[width * count :]
            banks[bank.sym_name.data] = [
                int.from_bytes(image[start : start + width], "little")
                for start in range(0, len(image), width)
            ]
        outcomes.append(_outcome(banks, failure))
    assert not results
    return outcomes


def _outcome(banks: dict[str, list[int]], failure: str) -> Outcome:
    waiting = tuple(
        Waiting(task, kernel, fifo, what.startswith("write"), int(depth), int(put), int(taken))
        for task, kernel, what, fifo, depth, put, taken in _WAITING.findall(failure)
    )
    left = {name: int(put) - int(taken) for name, put, taken in _LEFT.findall(failure)}
    assert bool(failure) == bool(waiting or left), failure
    return Outcome(banks, waiting, {} if waiting else left)
