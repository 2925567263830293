"""The host program in Python, on a stand-in for pyxrt with the simulated device behind it."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from build_once import build_once
from byte_pairs import byte_pairs
from host_variants import WRONG_USAGE, host_files
from tiny_designs import MAMBA1, interpreter
from xclbin_writer import Argument, Kernel, kernels_of, write_xclbin

from lmc.backends.csim.build import include_folders
from lmc.backends.images import CHECKSUMS
from lmc.interpreter.generate import generate

SUPPORT = Path(__file__).parents[1] / "support"
STUB = SUPPORT / "xrt_stub"
VOCABULARY = MAMBA1["vocab_size"]
COMPILE = ("g++", "-std=c++17", "-O0", "-fPIC", "-shared", "-w")
PROMPT = ("--prompt-tokens", "1,2,3", "--new", 4)


@dataclass(frozen=True)
class Host:
    """A folder with run.py, a device behind pyxrt, and where they may write."""

    folder: Path
    device: Path
    design: Path
    scratch: Path

    def run(
        self,
        *words: object,
        weights: Path | None = None,
        xclbin: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """What it does with an xclbin, the weights and these words."""
        first = (xclbin or self.xclbin, weights or self.design / "weights")
        return self.plain(*first, *words, environment=environment)

    def plain(
        self, *words: object, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What it does with these words alone."""
        for log in (self.log, self.calls_log):
            log.unlink(missing_ok=True)
        return subprocess.run(
            self.command(*words),
            capture_output=True,
            text=True,
            env={**self.environment, **(environment or {})},
            timeout=60,
            check=False,
        )

    def command(self, *words: object) -> list[str]:
        """The command line."""
        return [sys.executable, str(self.folder / "run.py"), *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        """Where pyxrt is, and what its device is."""
        groups = {
            kernel.name: {
                str(position): sorted(MEMORIES).index(argument.memory)
                for position, argument in enumerate(kernel.arguments)
                if argument.memory is not None
            }
            for kernel in kernels_of(self.design)
        }
        return {
            **os.environ,
            "PYTHONPATH": str(STUB),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOST_DEVICE_LOG": str(self.log),
            "XRT_STUB_LOG": str(self.calls_log),
            "XRT_STUB_DEVICE": str(self.device),
            "XRT_STUB_GROUPS": json.dumps(groups),
        }

    @property
    def xclbin(self) -> Path:
        """The xclbin of the design."""
        path = self.scratch / "design.xclbin"
        return path if path.exists() else write_xclbin(path, kernels_of(self.design))

    @property
    def log(self) -> Path:
        return self.scratch / "log"

    @property
    def calls_log(self) -> Path:
        return self.scratch / "calls"

    def calls(self) -> list[str]:
        """The calls of pyxrt."""
        return self.calls_log.read_text(encoding="utf-8").splitlines()

    def launches(self) -> list[tuple[int, int, int, list[int]]]:
        """Steps, prompt ids, steps with logits, and the ids, of the last run's launches."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        rows = [[int(word) for word in line.split()] for line in lines]
        return [(steps, prompt, logits, ids) for steps, prompt, logits, *ids in rows]

    def ids(self, count: int) -> Path:
        """A file of so many ids, 0, 1, ..., beginning again after the last one."""
        path = self.scratch / "ids"
        (np.arange(count, dtype="<u4") % VOCABULARY).astype("<u4").tofile(path)
        return path


MEMORIES = ("DDR", "LPDDR")
Hosts = Callable[..., Host]


def library(made: Path, sources: list[Path], folders: list[Path]) -> Path:
    """A shared library with the simulated device and these sources."""
    include = [f"-I{folder}" for folder in (*include_folders("fast"), *folders)]
    command = [*COMPILE, *include, STUB / "device.cpp", *sources, "-o", made]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module")
def hosts(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Hosts:
    def host(text: str = "ids", vocabulary: int = VOCABULARY, ends: tuple[int, ...] = ()) -> Host:
        def compiled(folder: Path) -> Path:
            for name, content in host_files(mamba1_design, text, vocabulary, ends).items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(content, encoding="utf-8")
            library(folder / "device.so", [SUPPORT / "host_device.cpp"], [folder])
            return folder

        folder = build_once(tmp_path_factory, f"python-{text}-{vocabulary}-{ends}", compiled)
        scratch = tmp_path_factory.mktemp("python")
        return Host(folder, folder / "device.so", mamba1_design, scratch)

    return host


@pytest.fixture(scope="module")
def host(hosts: Hosts) -> Host:
    """The host program of a model that takes token ids only."""
    return hosts()


# Launches


def test_the_kernels_compute_the_tokens_of_the_integer_model(
    mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def compiled(folder: Path) -> Path:
        sources = [
            *sorted((mamba1_design / "hls").glob("*.cpp")),
            mamba1_design / "host/system.cpp",
        ]
        return library(folder / "device.so", sources, [mamba1_design / "hls"])

    device = build_once(tmp_path_factory, "python-kernels", compiled)
    scratch = tmp_path_factory.mktemp("kernels")
    found = Host(mamba1_design / "host", device, mamba1_design, scratch)
    done = found.run("--prompt-tokens", "5,6,7", "--new", 6, "--chunk", 4)
    assert (done.returncode, done.stderr) == (0, "")
    expected = islice(generate(interpreter(mamba1_design), [5, 6, 7]), 6)
    assert [int(word) for word in done.stdout.split()] == list(expected)


def test_calls_of_xrt_in_order(host: Host, mamba1_design: Path) -> None:
    done = host.run("--prompt-tokens", "5,6,7", "--new", 1)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1\n")
    calls = host.calls()
    kernels = kernels_of(mamba1_design)
    assert calls[:2] == ["device 0", "load_xclbin design.xclbin"]
    names = [kernel.name for kernel in kernels]
    assert [call for call in calls if call.startswith("kernel ")] == [f"kernel {n}" for n in names]
    # Each buffer of its size in its memory, filled before the first launch.
    tables = json.loads((mamba1_design / "host/design.json").read_text(encoding="utf-8"))
    tokens = {None: 1, "prompt_token": 3, "logits_token": 1}
    sizes = [row["bytes"] * tokens[row["each"]] for row in tables["buffers"]]
    groups = [MEMORIES.index(row["memory"]) for row in tables["buffers"]]
    first = next(at for at, call in enumerate(calls) if call.startswith("bo "))
    pairs = zip(sizes, groups, strict=True)
    assert calls[first : first + 2 * len(sizes)] == [
        call for size, group in pairs for call in (f"bo {size} {group}", f"sync TO_DEVICE {size}")
    ]
    # Every argument that is no stream, once.
    bound = [tuple(call.split()[1:3]) for call in calls if call.startswith("set_arg ")]
    assert sorted(bound) == sorted(
        (kernel.name, str(position))
        for kernel in kernels
        for position, argument in enumerate(kernel.arguments)
        if argument.kind != "stream"
    )
    # The launch: the prompt, all kernels at once, then the chosen tokens; no logits are asked for.
    start = calls.index("sync TO_DEVICE 12", first + 2 * len(sizes))
    launch = [call for call in calls[start:] if not call.startswith("set_arg")]
    assert launch == [
        "sync TO_DEVICE 12",
        *(f"start {name}" for name in names),
        *(f"wait {name} timeout" for name in names),
        "sync FROM_DEVICE 4",
    ]


def test_a_prompt_and_new_tokens_in_chunks(host: Host) -> None:
    done = host.run("--prompt-tokens", "5,6,7", "--new", 5, "--chunk", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["1", "2", "3", "4", "5"]
    assert host.launches() == [(4, 3, 2, [5, 6, 7]), (2, 1, 2, [2]), (1, 1, 1, [4])]


def test_a_long_prompt_takes_several_launches(host: Host) -> None:
    done = host.run("--prompt-file", host.ids(300), "--new", 3)
    assert done.stdout.split() == ["1", "2", "3"]
    launches = host.launches()
    assert [launch[:3] for launch in launches] == [(128, 128, 0), (128, 128, 0), (46, 44, 3)]
    assert [one for *_, ids in launches for one in ids] == [n % VOCABULARY for n in range(300)]


def test_logits_of_all_tokens_of_a_long_prompt(host: Host) -> None:
    path = host.scratch / "logits"
    path.write_bytes(b"of an earlier run" * 10_000)
    done = host.run("--prompt-file", host.ids(200), "--new", 0, "--all-logits", "--logits", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    logits = np.fromfile(path, "<i4").reshape(-1, VOCABULARY)
    assert np.array_equal(logits, 1 + np.arange(200)[:, None] + np.arange(VOCABULARY))
    assert [launch[:3] for launch in host.launches()] == [(128, 128, 128), (72, 72, 72)]


def test_a_long_prompt_needs_little_memory(hosts: Hosts) -> None:
    """Logits of all steps of this prompt would be 13 GB."""
    host = hosts(vocabulary=50_280)
    words = (host.xclbin, host.design / "weights", "--prompt-file", host.ids(65_536), "--new", 2)
    limited = ["bash", "-c", 'ulimit -v 1000000 && exec "$@"', "run.py", *host.command(*words)]
    done = subprocess.run(
        limited, capture_output=True, text=True, env=host.environment, timeout=300, check=False
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1\n2\n")
    # A launch of the last id is for the second token.
    launches = [launch[:3] for launch in host.launches()]
    assert launches == [*[(128, 128, 0)] * 511, (128, 128, 1), (1, 1, 1)]
    # No logits are copied, since nobody wants them: ids and tokens are a page or less.
    copied = [int(call.split()[2]) for call in host.calls() if call.startswith("sync FROM")]
    assert copied
    assert max(copied) <= 4096


def test_a_chunk_may_be_longer_than_other_launches(host: Host) -> None:
    done = host.run("--prompt-tokens", "1", "--new", 200, "--chunk", 200)
    assert done.stdout.split() == [str(one + 1) for one in range(200)]
    assert [launch[:3] for launch in host.launches()] == [(200, 1, 200)]


def test_without_a_timeout_it_waits_for_ever(host: Host) -> None:
    assert host.run(*PROMPT, "--timeout", 0).returncode == 0
    waits = {call.split()[2] for call in host.calls() if call.startswith("wait")}
    assert waits == {"forever"}


# Texts of bytes


def test_a_text_goes_on_until_an_end_token(hosts: Hosts) -> None:
    host = hosts("bytes", 256, (40,))
    logits = host.scratch / "logits"
    done = host.run("--prompt", "1 + 1", "--new", 50, "--chunk", 30, "--logits", logits)
    assert (done.returncode, done.stderr) == (0, "")
    # The test's own reading turns a carriage return into a new line.
    assert done.stdout == ("1 + 1" + bytes(range(1, 40)).decode() + "\n").replace("\r", "\n")
    assert host.launches()[0][3] == list(b"1 + 1")
    assert [launch[0] for launch in host.launches()] == [34, 20]
    assert np.fromfile(logits, "<i4").reshape(-1, 256)[:, 0].tolist() == [*range(1, 41)]


def test_ids_of_a_model_of_bytes(hosts: Hosts) -> None:
    host = hosts("bytes", 256, (40,))
    done = host.run("--prompt-tokens", "1,2", "--new", 50)
    assert done.stdout.split() == [str(one) for one in range(1, 41)]
    done = host.run("--prompt-tokens", "1,2", "--new", 50, "--ignore-eos")
    assert done.stdout.split() == [str(one) for one in range(1, 51)]


def test_text_comes_out_after_each_launch(hosts: Hosts) -> None:
    host = hosts("bytes", 256, (40,))
    words = ("--prompt", "1", "--new", 1_000_000, "--ignore-eos", "--chunk", 4)
    command = host.command(host.xclbin, host.design / "weights", *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=host.environment) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"1"
        assert process.stdout.read(8) == bytes(range(1, 9))
        assert process.poll() is None
        process.kill()


def test_an_empty_text_is_wrong_usage(hosts: Hosts) -> None:
    refused(hosts("bytes", 256, (40,)).run("--prompt", ""), 2, "the prompt is empty")


# Texts that a tokenizer.json makes tokens of


@pytest.fixture
def tokenizer_host(hosts: Hosts, tmp_path: Path) -> Host:
    """A model of 300 tokens with a tokenizer; the device chooses tokens 1, 2, 3, ..., and after
    token 9 the text ends."""
    host = hosts("tokenizer", 300, (9,))
    folder = tmp_path / "host"
    shutil.copytree(host.folder, folder)
    byte_pairs("ä水x z.").save(str(folder / "tokenizer.json"))
    return replace(host, folder=folder)


def test_text_goes_in_and_text_comes_out(tokenizer_host: Host) -> None:
    done = tokenizer_host.run("--prompt", "the the né", "--new", 50, "--chunk", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "the the néä水x z\n"
    tokenizer = byte_pairs("ä水x z.")
    ids = tokenizer.encode("the the né").ids
    assert len(ids) == 7
    assert tokenizer_host.launches()[0][3] == ids
    assert len(tokenizer_host.launches()) == 9
    # Settings of a batch in training are not for one text.
    tokenizer.enable_padding(length=16, pad_id=3)
    tokenizer.enable_truncation(2)
    tokenizer.save(str(tokenizer_host.folder / "tokenizer.json"))
    tokenizer_host.run("--prompt", "the the né", "--new", 1)
    assert tokenizer_host.launches()[0][3] == ids


def test_ids_of_a_model_with_a_tokenizer(tokenizer_host: Host) -> None:
    """Without a text, neither the package nor the file are needed."""
    (tokenizer_host.folder / "tokenizer.json").unlink()
    done = tokenizer_host.run("--prompt-tokens", "299", "--new", 3)
    assert done.stdout.split() == ["1", "2", "3"]


def test_a_tokenizer_that_cannot_be_used(tokenizer_host: Host, tmp_path: Path) -> None:
    words = ("--prompt", "the")
    without = tmp_path / "without"
    without.mkdir()
    (without / "tokenizers.py").write_text("raise ImportError('no such package')\n")
    done = tokenizer_host.run(*words, environment={"PYTHONPATH": f"{without}:{STUB}"})
    refused(done, 1, "--prompt needs the package tokenizers, which is not installed: pip install")
    refused(tokenizer_host.run("--prompt", b"\xff".decode("utf-8", "surrogateescape")), 2, "UTF-8")
    refused(tokenizer_host.run("--prompt", ""), 2, "the prompt is empty")
    path = tokenizer_host.folder / "tokenizer.json"
    byte_pairs("ä水x z.", first=300).save(str(path))
    refused(tokenizer_host.run(*words), 1, "is outside of the vocabulary of 300 tokens")
    path.write_text("{")
    refused(tokenizer_host.run(*words), 1, "tokenizer.json is not a readable tokenizer: ")
    path.unlink()
    refused(tokenizer_host.run(*words), 1, "tokenizer.json: it is not there; copy it again")


# What is refused


def refused(done: "subprocess.CompletedProcess[str]", status: int, sentence: str) -> None:
    assert done.stderr.startswith("run.py: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert sentence in done.stderr
    assert (done.returncode, done.stdout) == (status, "")


@pytest.mark.parametrize("case", WRONG_USAGE)
def test_wrong_usage_has_status_2(host: Host, case: str) -> None:
    words, sentence = WRONG_USAGE[case]
    refused(host.run(*words), 2, sentence)


def test_help_is_no_fault(host: Host) -> None:
    done = host.plain("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(option in done.stdout for option in ("--prompt-file", "--chunk", "--timeout"))


@pytest.mark.parametrize("token", [VOCABULARY, 2**32 - 1])
def test_an_id_outside_of_the_vocabulary(host: Host, token: int) -> None:
    sentence = f"token id {token} is outside of the vocabulary of {VOCABULARY} tokens"
    refused(host.run("--prompt-tokens", f"1,{token}"), 1, sentence)


def test_files_of_ids_that_are_none(host: Host, tmp_path: Path) -> None:
    missing, odd, empty = tmp_path / "missing", tmp_path / "odd", tmp_path / "empty"
    odd.write_bytes(b"12345")
    empty.write_bytes(b"")
    refused(host.run("--prompt-file", missing), 1, "No such file or directory")
    refused(host.run("--prompt-file", odd), 1, "5 bytes, which are not whole ids of 32 bits")
    refused(host.run("--prompt-file", empty), 1, "a prompt has at least one token")
    refused(host.run("--prompt-file", tmp_path), 1, "Is a directory")


def test_what_cannot_be_written(host: Host, tmp_path: Path) -> None:
    words = ("--prompt-tokens", 1, "--new", 1, "--logits")
    refused(host.run(*words, tmp_path / "no/logits"), 1, "No such file or directory")
    refused(host.run(*words, "/dev/full"), 1, "cannot write /dev/full: No space left on device")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            host.command(host.xclbin, host.design / "weights", "--prompt-tokens", "1"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=host.environment,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "run.py: cannot write to standard output: No space left on device\n"


@pytest.fixture
def weights(host: Host, tmp_path: Path) -> Path:
    """A copy of the images."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for path in (host.design / "weights").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_an_image_that_is_not_what_was_compiled(host: Host, weights: Path) -> None:
    image = weights / "tables.bin"
    content = image.read_bytes()
    words, size = ("--prompt-tokens", 1), len(content)
    image.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    refused(host.run(*words, weights=weights), 1, "tables.bin is not what was compiled")
    image.write_bytes(content[:-1])
    refused(host.run(*words, weights=weights), 1, f"ends after {size - 1} bytes of {size}")
    image.write_bytes(content + b"\0")
    refused(host.run(*words, weights=weights), 1, f"has more than the {size} bytes of its buffer")
    image.unlink()
    refused(host.run(*words, weights=weights), 1, "tables.bin: No such file or directory")


def test_checksums_that_are_none(host: Host, weights: Path) -> None:
    sums = weights / CHECKSUMS
    text, words = sums.read_text(encoding="utf-8"), ("--prompt-tokens", 1)
    sums.write_text(text.replace("tables.bin", "others.bin"), encoding="utf-8")
    refused(host.run(*words, weights=weights), 1, f"{CHECKSUMS} does not name tables.bin")
    sums.write_text("nothing\n", encoding="utf-8")
    refused(host.run(*words, weights=weights), 1, "a line that is no checksum: nothing")
    sums.unlink()
    refused(host.run(*words, weights=weights), 1, f"{CHECKSUMS}: No such file or directory")


# The xclbin


def with_kernels(host: Host, path: Path, name: str, change: Callable[[Kernel], Kernel]) -> Path:
    """An xclbin in which one kernel is another."""
    kernels = kernels_of(host.design)
    changed = [change(kernel) if kernel.name == name else kernel for kernel in kernels]
    return write_xclbin(path, changed)


def test_an_xclbin_that_is_none(host: Host, tmp_path: Path) -> None:
    content, cut = host.xclbin.read_bytes(), tmp_path / "cut"
    missing = tmp_path / "missing"
    refused(host.run(*PROMPT, xclbin=missing), 1, "missing: No such file or directory")
    refused(host.run(*PROMPT, xclbin=tmp_path), 1, "Is a directory")
    for size in (0, 100, 300):
        cut.write_bytes(content[:size])
        refused(host.run(*PROMPT, xclbin=cut), 1, "cut is not an xclbin")
    for size in (320, len(content) - 1):
        cut.write_bytes(content[:size])
        sentence = f"cut has {size} bytes of {len(content)}; copy it again"
        refused(host.run(*PROMPT, xclbin=cut), 1, sentence)
    cut.write_bytes(content.replace(b"<kernel ", b"<colonel"))
    refused(host.run(*PROMPT, xclbin=cut), 1, "cannot read the metadata of ")


def other_argument(name: str, argument: Argument) -> Callable[[Kernel], Kernel]:
    return lambda kernel: kernel.with_argument(kernel.position(name), argument)


def swapped(kernel: Kernel) -> Kernel:
    one, two = kernel.position("weights_1"), kernel.position("weights_2")
    changed = kernel.with_argument(one, kernel.arguments[two])
    return changed.with_argument(two, kernel.arguments[one])


OTHERS: dict[str, tuple[str, Callable[[Kernel], Kernel], str]] = {
    "renamed kernel": (
        "store",
        lambda kernel: replace(kernel, name="storage"),
        "it has no kernel store; it has load, front, ",
    ),
    "two units": (
        "front",
        lambda kernel: replace(kernel, units=2),
        "kernel front has 2 compute units; the design has one",
    ),
    "swapped arguments": ("matrix", swapped, "is weights_2; the design has weights_1 there"),
    "scalar for buffer": (
        "load",
        other_argument("tables", Argument("tables", "scalar")),
        "tables, is in no memory",
    ),
    "buffer for scalar": (
        "load",
        other_argument("n_tokens", Argument("n_tokens", "buffer", "DDR")),
        "n_tokens, is a buffer; the design has a scalar there",
    ),
    "missing argument": (
        "store",
        lambda kernel: replace(kernel, arguments=kernel.arguments[:-1]),
        "is missing; the design has tokens there",
    ),
    "wrong memory": (
        "matrix",
        other_argument("weights_2", Argument("weights_2", "buffer", "DDR")),
        "weights_2, is in DDR; the design has it in LPDDR",
    ),
    "apart from the others": (
        "store",
        other_argument("logits", Argument("logits", "buffer", "HOST[0]")),
        "logits, is in HOST[0]; the rest of LPDDR is in LPDDR",
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_an_xclbin_of_another_design(host: Host, tmp_path: Path, case: str) -> None:
    name, change, sentence = OTHERS[case]
    path = with_kernels(host, tmp_path / "x", name, change)
    refused(host.run(*PROMPT, xclbin=path), 1, sentence)


def test_a_platform_has_names_of_its_own_for_memories(host: Host, tmp_path: Path) -> None:
    def renamed(names: dict[str, str]) -> Path:
        kernels = [
            replace(
                kernel,
                arguments=tuple(
                    one if one.memory is None else replace(one, memory=names[one.memory])
                    for one in kernel.arguments
                ),
            )
            for kernel in kernels_of(host.design)
        ]
        return write_xclbin(tmp_path / "x", kernels)

    own = renamed({"DDR": "MC_NOC0", "LPDDR": "MC_NOC1"})
    assert host.run(*PROMPT, xclbin=own).returncode == 0
    one = renamed({"DDR": "MC_NOC1", "LPDDR": "MC_NOC1"})
    sentence = "with what the design has in LPDDR; it belongs in DDR"
    refused(host.run(*PROMPT, xclbin=one), 1, sentence)


# What happens on the device


def test_a_launch_that_does_not_end(host: Host) -> None:
    done = host.run(*PROMPT, "--timeout", 7, environment={"XRT_STUB_STATE": "front:8"})
    refused(done, 1, "a launch of 6 steps did not end in 7 s, these kernels still run: front")


def test_a_kernel_that_fails(host: Host) -> None:
    done = host.run(*PROMPT, environment={"XRT_STUB_STATE": "front:5"})
    refused(done, 1, "a launch of 6 steps failed in kernel front (state 5 of XRT)")


def test_there_is_no_pyxrt(host: Host) -> None:
    done = host.run(*PROMPT, environment={"PYTHONPATH": ""})
    refused(done, 1, "pyxrt is not there (No module named 'pyxrt'): source setup.sh of XRT")


def test_there_is_no_device(host: Host, tmp_path: Path) -> None:
    done = host.run(*PROMPT, environment={"XRT_STUB_DEVICE": str(tmp_path / "none")})
    refused(done, 1, "cannot open the device: ")


# What it is written with


def test_it_needs_python_3_8_and_little_else(mamba1_design: Path) -> None:
    """Of Python's library and its own modules; pyxrt and tokenizers are loaded when needed."""
    files = sorted((mamba1_design / "host").rglob("*.py"))
    assert len(files) > 5
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
        modules = {
            name.partition(".")[0]
            for node in ast.walk(tree)
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
        }
        assert modules <= {*sys.stdlib_module_names, "pyhost"}, path
