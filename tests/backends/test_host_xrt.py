"""The host program with XRT itself, on its device that computes nothing (noop).

It needs Debian's libxrt-dev and uuid-dev. Its xclbin is metadata that `xclbin_writer` writes: XRT
reads it, and so does the host's check of kernels, arguments and memories.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from build_once import build_once
from host_variants import host_files
from xclbin_writer import Argument, Kernel, kernels_of, write_xclbin

INCLUDE = Path("/usr/include/xrt")
HEADERS = (INCLUDE / "xrt/xrt_kernel.h", Path("/usr/include/uuid/uuid.h"))
LIBRARIES = next(iter(Path("/usr/lib").glob("*-linux-gnu/libxrt_coreutil.so")), None)
SUPPORT = Path(__file__).parents[1] / "support"
STUCK, POWERED = SUPPORT / "stuck_kernel.cpp", SUPPORT / "powered_device.cpp"
COMPILE = ("g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{INCLUDE}")
LINKED = ("-lxrt_coreutil", "-luuid")
TIMEOUT, ERROR = 8, 5
"""States of a run, of XRT's `ert.h`."""

pytestmark = [
    pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed"),
    pytest.mark.skipif(
        LIBRARIES is None or not all(path.exists() for path in HEADERS),
        reason="XRT is not installed: apt-get install libxrt-dev uuid-dev",
    ),
]


@dataclass(frozen=True)
class Host:
    """Host programs, one whose second kernel gets stuck, one of a device that says what power it
    takes, and a folder to write to."""

    folder: Path
    weights: Path
    scratch: Path

    def run(
        self,
        xclbin: Path,
        *words: object,
        program: str = "host",
        weights: Path | None = None,
        state: int = TIMEOUT,
        limit_kilobytes: int | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """What it does with an xclbin and these words, in so much address space."""
        limit = "unlimited" if limit_kilobytes is None else limit_kilobytes
        return subprocess.run(
            [
                *("bash", "-c", f'ulimit -v {limit} && exec "$@"', "host"),
                str(self.folder / program),
                str(xclbin),
                str(weights or self.weights),
                *map(str, words),
            ],
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "XCL_EMULATION_MODE": "noop",
                "XILINX_XRT": str(self.folder),
                "STUCK_STATE": str(state),
            },
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def host(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Host:
    def compiled(folder: Path) -> Path:
        assert LIBRARIES is not None
        # Where XRT looks for the libraries of its devices.
        (folder / "lib").symlink_to(LIBRARIES.parent)
        source, made = mamba1_design / "host/host.cpp", folder / "host.o"
        for command in (
            [*COMPILE, "-c", source, "-o", made],
            [*COMPILE, made, "-o", folder / "host", *LINKED],
            [*COMPILE, made, STUCK, "-o", folder / "stuck", *LINKED],
            [*COMPILE, made, POWERED, "-o", folder / "powered", *LINKED],
        ):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return folder

    folder = build_once(tmp_path_factory, "host-xrt", compiled)
    return Host(folder, mamba1_design / "weights", tmp_path_factory.mktemp("xrt"))


@pytest.fixture(scope="module")
def kernels(mamba1_design: Path) -> list[Kernel]:
    """The kernels of the design, as the vendor's linker would write them down."""
    return kernels_of(mamba1_design)


@pytest.fixture
def xclbin(kernels: list[Kernel], tmp_path: Path) -> Path:
    return write_xclbin(tmp_path / "design.xclbin", kernels)


PROMPT = ("--prompt-tokens", "1,2,3", "--new", 4)


def refused(done: "subprocess.CompletedProcess[str]", sentence: str) -> None:
    assert re.fullmatch(r"host: [^\n]*\n", done.stderr), done.stderr
    assert sentence in done.stderr
    assert (done.returncode, done.stdout) == (1, "")


def changed(kernels: Sequence[Kernel], name: str, other: Kernel) -> list[Kernel]:
    return [other if kernel.name == name else kernel for kernel in kernels]


def named(kernels: Sequence[Kernel], name: str) -> Kernel:
    return next(kernel for kernel in kernels if kernel.name == name)


def test_it_completes(host: Host, xclbin: Path) -> None:
    done = host.run(xclbin, *PROMPT)
    assert done.returncode == 0
    assert done.stdout.split() == ["0"] * 4  # nothing is computed
    assert re.fullmatch(
        r"host: prompt and first new tokens: 6 steps in \d+\.\d{3} s, \d+\.\d tokens/s; "
        r"no tokens/J, since XRT reads no power of this device\n",
        done.stderr,
    )


def test_speed_of_prompt_and_new_tokens(host: Host, xclbin: Path) -> None:
    done = host.run(xclbin, "--prompt-tokens", "1,2,3", "--new", 9, "--chunk", 1)
    parts = re.findall(r"(\w[\w ]*): (\d+) steps in", done.stderr)
    # The last step of the prompt chooses the first of the new tokens.
    assert parts == [("prompt", "3"), ("new tokens", "8")]


def test_tokens_for_a_joule(host: Host, xclbin: Path) -> None:
    done = host.run(xclbin, *PROMPT, program="powered")
    number = r"(\d+\.\d+)"
    found = re.fullmatch(
        rf"host: .*: 6 steps in {number} s, .* tokens/s, {number} tokens/J at 23.5 W "
        r"\(mean of (\d+) samples\)\n",
        done.stderr,
    )
    assert found, done.stderr
    # Each of the kernels is waited for three times.
    assert int(found[3]) == 2 * len(kernels_of(host.weights.parent))


def test_a_self_test_of_a_device_that_computes_nothing(host: Host, xclbin: Path) -> None:
    sentence = "self-test: launch 1, layer 0: conv_state_state is wrong and what comes before is"
    refused(host.run(xclbin, "--self-test"), sentence)


def test_a_prompt_of_65536_ids(host: Host, xclbin: Path) -> None:
    path, logits = host.scratch / "ids", host.scratch / "logits"
    (np.arange(65_536) % 48).astype("<u4").tofile(path)
    done = host.run(xclbin, "--prompt-file", path, "--new", 2, "--all-logits", "--logits", logits)
    assert (done.returncode, done.stdout) == (0, "0\n0\n")
    assert logits.stat().st_size == 65_537 * 48 * 4


def test_a_long_prompt_of_a_large_vocabulary_needs_little_memory(
    mamba1_design: Path, host: Host, xclbin: Path, tmp_path: Path
) -> None:
    """Logits of all steps of this prompt would be 13 GB."""
    for name, text in host_files(mamba1_design, vocabulary=50_280).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    program, ids = tmp_path / "host", tmp_path / "ids"
    command = [*COMPILE, tmp_path / "host.cpp", "-o", program, *LINKED]
    subprocess.run([*map(str, command)], check=True)
    (np.arange(65_536) % 50_280).astype("<u4").tofile(ids)
    words = ("--prompt-file", ids, "--new", 2)
    done = host.run(xclbin, *words, program=str(program), limit_kilobytes=1_000_000)
    assert (done.returncode, done.stdout) == (0, "0\n0\n"), done.stderr


# The xclbin


def test_an_xclbin_that_is_none(host: Host, xclbin: Path, tmp_path: Path) -> None:
    refused(host.run(tmp_path / "missing", *PROMPT), "missing: No such file or directory")
    refused(host.run(tmp_path, *PROMPT), "Is a directory")
    content, cut = xclbin.read_bytes(), tmp_path / "cut"
    for size in (0, 100, 300):
        cut.write_bytes(content[:size])
        refused(host.run(cut, *PROMPT), "cut is not an xclbin")
    for size in (320, 600, len(content) // 2, len(content) - 1):
        cut.write_bytes(content[:size])
        refused(host.run(cut, *PROMPT), f"cut has {size} bytes of {len(content)}; copy it again")


def test_a_renamed_kernel(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    other = replace(named(kernels, "store"), name="storage")
    path = write_xclbin(tmp_path / "x", changed(kernels, "store", other))
    refused(host.run(path, *PROMPT), "it has no kernel store; it has load, front, ")


def test_two_compute_units(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    other = replace(named(kernels, "front"), units=2)
    path = write_xclbin(tmp_path / "x", changed(kernels, "front", other))
    refused(host.run(path, *PROMPT), "kernel front has 2 compute units; the design has one")


def test_swapped_arguments(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    matrix = named(kernels, "matrix")
    one, two = matrix.position("weights_1"), matrix.position("weights_2")
    swapped = matrix.with_argument(one, matrix.arguments[two])
    swapped = swapped.with_argument(two, matrix.arguments[one])
    path = write_xclbin(tmp_path / "x", changed(kernels, "matrix", swapped))
    sentence = f"argument {one} of kernel matrix is weights_2; the design has weights_1 there"
    refused(host.run(path, *PROMPT), sentence)


def test_arguments_of_another_kind(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    load = named(kernels, "load")
    for name, argument, sentence in (
        ("tables", Argument("tables", "scalar"), "tables, is in no memory"),
        ("n_tokens", Argument("n_tokens", "buffer", "DDR"), "n_tokens, is a buffer; the design"),
    ):
        other = load.with_argument(load.position(name), argument)
        path = write_xclbin(tmp_path / "x", changed(kernels, "load", other))
        refused(host.run(path, *PROMPT), sentence)


def test_an_argument_that_is_missing(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    store = named(kernels, "store")
    other = replace(store, arguments=store.arguments[:-1])
    assert store.arguments[-1].name == "tokens"
    path = write_xclbin(tmp_path / "x", changed(kernels, "store", other))
    refused(host.run(path, *PROMPT), "is missing; the design has tokens there")


def test_a_buffer_in_the_wrong_memory(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    matrix = named(kernels, "matrix")
    argument = Argument("weights_2", "buffer", "DDR")
    other = matrix.with_argument(matrix.position("weights_2"), argument)
    path = write_xclbin(tmp_path / "x", changed(kernels, "matrix", other))
    refused(host.run(path, *PROMPT), "weights_2, is in DDR; the design has it in LPDDR")


def test_a_buffer_apart_from_the_others(host: Host, kernels: list[Kernel], tmp_path: Path) -> None:
    store = named(kernels, "store")
    other = store.with_argument(store.position("logits"), Argument("logits", "buffer", "HOST[0]"))
    path = write_xclbin(tmp_path / "x", changed(kernels, "store", other))
    refused(host.run(path, *PROMPT), "logits, is in HOST[0]; the rest of LPDDR is in LPDDR")


def renamed_memories(kernels: Sequence[Kernel], names: dict[str, str]) -> list[Kernel]:
    def argument(one: Argument) -> Argument:
        return one if one.memory is None else replace(one, memory=names[one.memory])

    return [replace(one, arguments=tuple(map(argument, one.arguments))) for one in kernels]


def test_a_platform_has_names_of_its_own_for_memories(
    host: Host, kernels: list[Kernel], tmp_path: Path
) -> None:
    own = renamed_memories(kernels, {"DDR": "MC_NOC0", "LPDDR": "MC_NOC1"})
    assert host.run(write_xclbin(tmp_path / "x", own), *PROMPT).returncode == 0
    # What the design has in one memory may not be in two, nor the reverse.
    matrix = named(own, "matrix")
    argument = Argument("weights_2", "buffer", "MC_NOC0")
    other = matrix.with_argument(matrix.position("weights_2"), argument)
    path = write_xclbin(tmp_path / "x", changed(own, "matrix", other))
    refused(host.run(path, *PROMPT), "weights_2, is in MC_NOC0; the rest of LPDDR is in MC_NOC1")
    one = renamed_memories(kernels, {"DDR": "MC_NOC1", "LPDDR": "MC_NOC1"})
    path = write_xclbin(tmp_path / "x", one)
    refused(host.run(path, *PROMPT), "with what the design has in LPDDR; it belongs in DDR")


# What happens on the device


def test_a_launch_that_does_not_end(host: Host, xclbin: Path) -> None:
    done = host.run(xclbin, *PROMPT, "--timeout", 7, program="stuck")
    sentence = "a launch of 6 steps did not end in 7 s, these kernels still run: front"
    refused(done, f"{sentence}; one end has ended of the streams ")
    assert ", normed_q_tiles (front to matrix, " in done.stderr
    assert "embedding_elements (load to front)" in done.stderr
    assert "both ends run" not in done.stderr


def test_a_kernel_that_fails(host: Host, xclbin: Path) -> None:
    done = host.run(xclbin, *PROMPT, program="stuck", state=ERROR)
    refused(done, f"a launch of 6 steps failed in kernel front (state {ERROR} of XRT)")


@pytest.fixture
def weights(host: Host, tmp_path: Path) -> Path:
    """A copy of the images."""
    return Path(shutil.copytree(host.weights, tmp_path / "weights"))


def test_images_that_are_not_what_was_compiled(host: Host, xclbin: Path, weights: Path) -> None:
    image = weights / "weights_1.bin"
    content = image.read_bytes()
    size = len(content)
    for given, sentence in (
        (bytes([content[0] ^ 1]) + content[1:], "weights_1.bin is not what was compiled"),
        (content[:-1], f"weights_1.bin ends after {size - 1} bytes of {size}"),
        (b"", f"weights_1.bin ends after 0 bytes of {size}"),
        (content + b"\0", f"weights_1.bin has more than the {size} bytes of its buffer"),
    ):
        image.write_bytes(given)
        refused(host.run(xclbin, *PROMPT, weights=weights), sentence)
    image.write_bytes(content)
    assert host.run(xclbin, *PROMPT, weights=weights).returncode == 0


def test_files_that_are_missing(host: Host, xclbin: Path, weights: Path, tmp_path: Path) -> None:
    none = "No such file or directory"
    refused(host.run(xclbin, "--prompt-file", tmp_path / "ids"), f"ids: {none}")
    refused(host.run(xclbin, *PROMPT, weights=tmp_path / "other"), f"SHA256SUMS: {none}")
    (weights / "golden.txt").unlink()
    refused(host.run(xclbin, "--self-test", weights=weights), "golden.txt")
    (weights / "tables.bin").unlink()
    refused(host.run(xclbin, *PROMPT, weights=weights), f"tables.bin: {none}")


# The command line


@pytest.mark.parametrize("token", [48, 2**32 - 1])
def test_an_id_outside_of_the_vocabulary(host: Host, xclbin: Path, token: int) -> None:
    words = ("--prompt-tokens", f"1,{token},2", "--new", 4)
    refused(host.run(xclbin, *words), f"token id {token} is outside of the vocabulary of 48")


@pytest.mark.parametrize("count", ["-1", "4x", "", str(10**20)])
def test_counts_that_are_none_are_wrong_usage(host: Host, xclbin: Path, count: str) -> None:
    done = host.run(xclbin, "--prompt-tokens", 1, "--new", count)
    sentence = f"host: --new takes a number from 0 to 1000000000, not '{count}'; host --help says"
    assert re.fullmatch(rf"{re.escape(sentence)}[^\n]*\n", done.stderr), done.stderr
    assert (done.returncode, done.stdout) == (2, "")


def test_there_is_no_device(host: Host, xclbin: Path, tmp_path: Path) -> None:
    """XRT does not find the library of its device."""
    command = [host.folder / "host", xclbin, host.weights, *PROMPT]
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        env={**os.environ, "XCL_EMULATION_MODE": "noop", "XILINX_XRT": str(tmp_path)},
        timeout=60,
        check=False,
    )
    refused(done, "cannot open the device: ")
