"""Runs a design folder in C simulation: the emitted kernels and host program, compiled by g++."""

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lmc.backends.csim.build import INCLUDE, Headers, build
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import FixedType

_CHUNK = 8
"""New tokens of a launch."""


@dataclass(frozen=True)
class Recorded:
    """A run that was recorded: the chosen tokens, all steps' logits [T, V], a file by stream.

    A word has in its file as many bytes as it needs, the lowest first.
    """

    tokens: tuple[int, ...]
    logits: NDArray[np.int32]
    words: Mapping[str, Path]


class Simulation:
    """The C simulation of a design; built when it is first needed, kept in the folder's `csim`.

    Where the C++ leaves open when a memory reads and writes, it does so in the order of the text;
    with a `memory_seed` in an order drawn from that.
    """

    def __init__(self, folder: Path, headers: Headers = "fast", memory_seed: int | None = None):
        self.folder = folder
        self._environment = dict(os.environ)
        if memory_seed is not None:
            self._environment["LMC_CSIM_MEMORY"] = str(memory_seed)
        self._headers: Headers = headers
        try:
            logits = json.loads((folder / "schedule.json").read_text(encoding="utf-8"))["logits"]
        except (OSError, ValueError, KeyError) as error:
            raise LmcError(
                f"{folder} is not a finished design folder; compile one first"
            ) from error
        self.logits_format = FixedType.of(logits["bits"], logits["frac"], logits["mul"])
        self.vocabulary: int = logits["length"]

    def program(self) -> Path:
        """The simulation as an executable file, compiled unless it is there already.

        Raises:
            LmcError: g++ is missing or refuses the sources, or the folder cannot be written.
        """
        sources = sorted((self.folder / "hls").glob("*.cpp")) + sorted(
            (self.folder / "host").glob("*.cpp")
        )
        output = self.folder / "csim" / f"{self._headers}-{self._digest(sources)}"
        if not output.exists():
            try:
                build(sources, [self.folder / "hls"], output, headers=self._headers)
            except OSError as error:
                raise LmcError(
                    f"cannot write the C simulation to {output.parent} ({error.strerror}); "
                    "copy the design to a folder that can be written"
                ) from error
        return output

    def _digest(self, sources: Sequence[Path]) -> str:
        digest = hashlib.sha256()
        folders = (self.folder / "hls", self.folder / "host")
        headers = [path for folder in folders for path in sorted(folder.glob("*.h"))]
        for path in [*sources, *headers, *sorted(INCLUDE.rglob("*.h"))]:
            digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def generate(self, prompt: Sequence[int], count: int, *, chunk: int = _CHUNK) -> Iterator[int]:
        """`count` greedy tokens after the prompt, `chunk` of them with each launch.

        Raises:
            LmcError: the simulation fails; a deadlock is reported with the tasks and FIFOs that
            wait.
        """
        if not count:
            return
        with tempfile.TemporaryDirectory(prefix="lmc-run-") as scratch:
            arguments = ["--new", str(count), "--chunk", str(chunk), "--ignore-eos"]
            yield from self._run(Path(scratch), prompt, arguments)

    def logits(self, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Integers of the logits [T, V] for token ids [T], from a cold state."""
        with tempfile.TemporaryDirectory(prefix="lmc-run-") as scratch:
            path = Path(scratch) / "logits"
            arguments = ["--new", "0", "--all-logits", "--logits", str(path)]
            list(self._run(Path(scratch), ids.tolist(), arguments))
            return self._read_logits(path)

    def record(
        self, prompt: Sequence[int], count: int, streams: Mapping[str, int], folder: Path
    ) -> Recorded:
        """Runs the prompt and `count` greedy tokens, and keeps the words of `streams` in `folder`.

        By stream the number of words after which its file begins anew, 0 to keep all of them.

        Raises:
            LmcError: as `generate`.
        """
        # A folder of their own: a stream may have any name.
        place = folder / "streams"
        place.mkdir()
        for name, period in streams.items():
            (place / name).write_text(f"{period}\n", encoding="utf-8")
            (place / f"{name}.words").touch()
        path = folder / "logits"
        arguments = ["--new", str(count), "--chunk", str(_CHUNK), "--ignore-eos"]
        arguments += ["--all-logits", "--logits", str(path)]
        tokens = list(self._run(folder, prompt, arguments, {"LMC_CSIM_STREAMS": str(place)}))
        files = {name: place / f"{name}.words" for name in streams}
        return Recorded(tuple(tokens), self._read_logits(path), files)

    def self_test(self) -> str:
        """What the host program says when golden vectors are right.

        Raises:
            LmcError: they are not, or there are none.
        """
        command = [str(self.program()), "design.xclbin", str(self.folder / "weights")]
        done = subprocess.run(
            [*command, "--self-test"],
            capture_output=True,
            text=True,
            env=self._environment,
            check=False,
        )
        if done.returncode != 0:
            message = done.stderr.strip() or f"exit status {done.returncode}"
            raise LmcError(f"the C simulation failed: {message}")
        return done.stdout.strip()

    def _read_logits(self, path: Path) -> NDArray[np.int32]:
        return np.fromfile(path, "<i4").reshape(-1, self.vocabulary)

    def _run(
        self,
        scratch: Path,
        prompt: Sequence[int],
        arguments: Sequence[str],
        variables: Mapping[str, str] | None = None,
    ) -> Iterator[int]:
        if not prompt:
            raise LmcError("the prompt is empty; give at least one token")
        outside = [token for token in prompt if not 0 <= token < self.vocabulary]
        if outside:
            raise LmcError(
                f"token id {outside[0]} is outside of the vocabulary of {self.vocabulary} tokens"
            )
        path = scratch / "prompt"
        np.asarray(prompt, "<u4").tofile(path)
        weights = str(self.folder / "weights")
        command = [
            str(self.program()),
            "design.xclbin",
            weights,
            "--prompt-file",
            str(path),
            *arguments,
        ]
        environment = {**self._environment, **(variables or {})}
        with (
            (scratch / "errors").open("w+", encoding="utf-8") as errors,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
            ) as process,
        ):
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    yield int(line)
            except GeneratorExit:  # whoever listens has heard enough
                process.kill()
                raise
            if process.wait() != 0:
                errors.seek(0)
                message = errors.read().strip() or f"exit status {process.returncode}"
                raise LmcError(f"the C simulation failed: {message}")
