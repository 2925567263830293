"""The host program on a device that computes nothing: its command line, launches, files."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from build_once import build_once
from host_variants import WRONG_USAGE, host_files
from tiny_designs import MAMBA1

from lmc.backends.csim.build import build
from lmc.backends.images import CHECKSUMS

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

DEVICE = Path(__file__).parents[1] / "support" / "host_device.cpp"
VOCABULARY = MAMBA1["vocab_size"]
BYTES = "bytes"
"""The text of a model that writes bytes; `(` ends one."""


@dataclass(frozen=True)
class Host:
    """A built host program, and where it may write."""

    program: Path
    weights: Path
    scratch: Path

    def run(self, *words: object, weights: Path | None = None) -> subprocess.CompletedProcess[str]:
        """What it does with an xclbin, the weights and these words."""
        return self.plain("any.xclbin", weights or self.weights, *words)

    def plain(self, *words: object) -> subprocess.CompletedProcess[str]:
        """What it does with these words alone."""
        self.log.unlink(missing_ok=True)
        return subprocess.run(
            [str(self.program), *map(str, words)],
            capture_output=True,
            text=True,
            env={**os.environ, "HOST_DEVICE_LOG": str(self.log)},
            timeout=60,
            check=False,
        )

    @property
    def log(self) -> Path:
        return self.scratch / "log"

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


Hosts = Callable[..., Host]


@pytest.fixture(scope="module")
def hosts(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Hosts:
    def host(text: str = "ids", vocabulary: int = VOCABULARY) -> Host:
        def compiled(folder: Path) -> Path:
            ends = (40,) if text == BYTES else ()
            for name, content in host_files(mamba1_design, text, vocabulary, ends).items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(content, encoding="utf-8")
            build([folder / "host.cpp", DEVICE], [folder], folder / "host")
            return folder / "host"

        program = build_once(tmp_path_factory, f"host-{text}-{vocabulary}", compiled)
        return Host(program, mamba1_design / "weights", tmp_path_factory.mktemp("host"))

    return host


@pytest.fixture(scope="module")
def host(hosts: Hosts) -> Host:
    """The host program of a model that takes token ids only."""
    return hosts()


# Launches


def test_a_prompt_and_new_tokens_in_chunks(host: Host) -> None:
    done = host.run("--prompt-tokens", "5,6,7", "--new", 5, "--chunk", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["1", "2", "3", "4", "5"]
    # The first new token is chosen in the step of the prompt's last id.
    assert host.launches() == [(4, 3, 2, [5, 6, 7]), (2, 1, 2, [2]), (1, 1, 1, [4])]


def test_a_long_prompt_takes_several_launches(host: Host) -> None:
    done = host.run("--prompt-file", host.ids(300), "--new", 3)
    assert done.stdout.split() == ["1", "2", "3"]
    launches = host.launches()
    assert [launch[:3] for launch in launches] == [(128, 128, 0), (128, 128, 0), (46, 44, 3)]
    given = [one for *_, ids in launches for one in ids]
    assert given == [one % VOCABULARY for one in range(300)]


def test_logits_of_all_tokens_of_a_long_prompt(host: Host) -> None:
    path = host.scratch / "logits"
    path.write_bytes(b"of an earlier run")
    done = host.run("--prompt-file", host.ids(200), "--new", 0, "--all-logits", "--logits", path)
    assert (done.returncode, done.stdout) == (0, "")
    logits = np.fromfile(path, "<i4").reshape(-1, VOCABULARY)
    assert np.array_equal(logits, 1 + np.arange(200)[:, None] + np.arange(VOCABULARY))
    assert [launch[:3] for launch in host.launches()] == [(128, 128, 128), (72, 72, 72)]


def test_logits_of_new_tokens(host: Host) -> None:
    path = host.scratch / "logits"
    host.run("--prompt-tokens", "1,2,3", "--new", 3, "--logits", path)
    assert np.fromfile(path, "<i4").reshape(-1, VOCABULARY)[:, 0].tolist() == [1, 2, 3]
    assert host.launches() == [(5, 3, 3, [1, 2, 3])]


def test_a_chunk_may_be_longer_than_other_launches(host: Host) -> None:
    done = host.run("--prompt-tokens", "1", "--new", 200, "--chunk", 200)
    assert done.stdout.split() == [str(one + 1) for one in range(200)]
    assert [launch[:3] for launch in host.launches()] == [(200, 1, 200)]


def test_a_long_prompt_needs_little_memory(hosts: Hosts) -> None:
    """Logits of all steps of this prompt would be 13 GB."""
    host = hosts(vocabulary=50_280)
    command = [host.program, "x", host.weights, "--prompt-file", host.ids(65_536), "--new", "2"]
    limited = ["bash", "-c", 'ulimit -v 2000000 && exec "$@"', "host", *map(str, command)]
    environment = {**os.environ, "HOST_DEVICE_LOG": str(host.log)}
    done = subprocess.run(
        limited, capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "1\n2\n")
    # A launch of the last id is for the second token.
    launches = [launch[:3] for launch in host.launches()]
    assert launches == [*[(128, 128, 0)] * 511, (128, 128, 1), (1, 1, 1)]


# Texts


def test_a_text_goes_on_until_an_end_token(hosts: Hosts) -> None:
    host = hosts(BYTES, 256)
    done = host.run("--prompt", "1 + 1", "--new", 50, "--chunk", 30)
    expected = "1 + 1" + bytes(range(1, 40)).decode() + "\n"
    assert done.returncode == 0
    # The test's own reading turns a carriage return into a new line.
    assert done.stdout == expected.replace("\r", "\n")
    assert host.launches()[0][3] == list(b"1 + 1")
    assert [launch[0] for launch in host.launches()] == [34, 20]


def test_ids_of_a_model_of_bytes(hosts: Hosts) -> None:
    host = hosts(BYTES, 256)
    done = host.run("--prompt-tokens", "1,2", "--new", 50, "--chunk", 50)
    assert done.stdout.split() == [str(one) for one in range(1, 41)]
    done = host.run("--prompt-tokens", "1,2", "--new", 50, "--ignore-eos")
    assert done.stdout.split() == [str(one) for one in range(1, 51)]


def test_logits_end_with_the_text(hosts: Hosts) -> None:
    host = hosts(BYTES, 256)
    path = host.scratch / "logits"
    host.run("--prompt", "1", "--new", 50, "--chunk", 50, "--logits", path)
    assert np.fromfile(path, "<i4").reshape(-1, 256)[:, 0].tolist() == [*range(1, 41)]


def test_text_comes_out_after_each_launch(hosts: Hosts) -> None:
    """What it has written when the device is killed in a later launch has been flushed before."""
    host = hosts(BYTES, 256)
    command = [host.program, "x", host.weights, "--prompt", "1", "--new", "1000000", "--ignore-eos"]
    with subprocess.Popen(
        [*map(str, command), "--chunk", "4"],
        stdout=subprocess.PIPE,
        env={**os.environ, "HOST_DEVICE_LOG": str(host.log)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(1) == b"1"
        assert process.stdout.read(8) == bytes(range(1, 9))
        assert process.poll() is None
        process.kill()


# What is refused


def refused(done: "subprocess.CompletedProcess[str]", status: int, sentence: str) -> None:
    assert done.stderr.startswith("host: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert sentence in done.stderr
    assert (done.returncode, done.stdout) == (status, "")


@pytest.mark.parametrize("case", WRONG_USAGE)
def test_wrong_usage_has_status_2(host: Host, case: str) -> None:
    words, sentence = WRONG_USAGE[case]
    refused(host.run(*words), 2, sentence)


def test_a_self_test_has_its_own_prompt(host: Host) -> None:
    refused(host.run("--self-test", "--prompt-tokens", 1), 2, "a prompt of its own")


def test_an_empty_text_is_wrong_usage(hosts: Hosts) -> None:
    refused(hosts(BYTES, 256).run("--prompt", ""), 2, "the prompt is empty")


def test_a_text_for_a_tokenizer_is_for_the_host_in_python(hosts: Hosts) -> None:
    host = hosts("tokenizer", 300)
    sentence = "--prompt needs this model's tokenizer, which host/run.py uses: call that, or give"
    refused(host.run("--prompt", "the the"), 2, sentence)
    assert host.run("--prompt-tokens", "299", "--new", 3).stdout.split() == ["1", "2", "3"]


def test_help_is_no_fault(host: Host) -> None:
    done = host.plain("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(option in done.stdout for option in ("--self-test", "--chunk", "--timeout"))


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


def test_logits_that_cannot_be_written(host: Host, tmp_path: Path) -> None:
    words = ("--prompt-tokens", 1, "--new", 1, "--logits")
    refused(host.run(*words, tmp_path / "no/logits"), 1, "No such file or directory")
    refused(host.run(*words, "/dev/full"), 1, "cannot write /dev/full: No space left on device")


def test_output_that_cannot_be_written(host: Host) -> None:
    command = [host.program, "x", host.weights, "--prompt-tokens", "1"]
    environment = {**os.environ, "HOST_DEVICE_LOG": os.devnull}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "host: cannot write to standard output: No space left on device\n"


# Images


def test_checksums_are_those_of_the_images(mamba1_design: Path) -> None:
    weights = mamba1_design / "weights"
    lines = (weights / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    images = {path.name: path for path in weights.glob("*.bin")}
    assert len(lines) == len(images)
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(images[name].read_bytes()).hexdigest() == digest


def test_sha256_of_all_lengths(mamba1_design: Path, tmp_path: Path) -> None:
    """Around the ends of blocks, and however the data comes in parts."""
    program = """
        #include <cstdio>
        #include "sha256.h"
        int main() {
          const std::string data(200, 'x');
          for (std::size_t length = 0; length <= data.size(); ++length)
            for (std::size_t part : {1, 63, 64, 200}) {
              Sha256 sha;
              for (std::size_t at = 0; at < length; at += part)
                sha.add(data.data() + at, std::min(part, length - at));
              std::puts(sha.digest().c_str());
            }
        }"""
    (tmp_path / "sha.cpp").write_text(program, encoding="utf-8")
    build([tmp_path / "sha.cpp"], [mamba1_design / "host"], tmp_path / "sha")
    done = subprocess.run([tmp_path / "sha"], capture_output=True, text=True, check=True)
    expected = [
        hashlib.sha256(b"x" * length).hexdigest() for length in range(201) for _ in range(4)
    ]
    assert done.stdout.split() == expected


@pytest.fixture
def weights(host: Host, tmp_path: Path) -> Path:
    """A copy of the images."""
    shutil.copytree(host.weights, tmp_path / "weights")
    return tmp_path / "weights"


def test_an_image_that_is_not_what_was_compiled(host: Host, weights: Path) -> None:
    image = weights / "tables.bin"
    content = image.read_bytes()
    words = ("--prompt-tokens", 1)
    image.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    refused(host.run(*words, weights=weights), 1, "tables.bin is not what was compiled")
    image.write_bytes(content[:-1])
    size = len(content)
    refused(host.run(*words, weights=weights), 1, f"ends after {size - 1} bytes of {size}")
    image.write_bytes(content + b"\0")
    refused(host.run(*words, weights=weights), 1, f"has more than the {size} bytes of its buffer")
    image.unlink()
    refused(host.run(*words, weights=weights), 1, "tables.bin: No such file or directory")
    image.write_bytes(content)
    assert host.run(*words, weights=weights).returncode == 0


def test_checksums_that_are_none(host: Host, weights: Path) -> None:
    sums = weights / CHECKSUMS
    text, words = sums.read_text(encoding="utf-8"), ("--prompt-tokens", 1)
    sums.write_text(text.replace("tables.bin", "others.bin"), encoding="utf-8")
    refused(host.run(*words, weights=weights), 1, f"{CHECKSUMS} does not name tables.bin")
    sums.write_text("nothing\n", encoding="utf-8")
    refused(host.run(*words, weights=weights), 1, "a line that is no checksum: nothing")
    sums.unlink()
    refused(host.run(*words, weights=weights), 1, f"{CHECKSUMS}: No such file or directory")
