#!/usr/bin/env python3
"""Host program in Python: continues a prompt, greedily, on the device; `--help` says how.

It does what host.cpp does, through pyxrt, and takes texts where the model has a tokenizer.json. A
prompt that is a text is continued as text, one of token ids by ids, each on a line of its own. Both
come out after every launch. Conv and SSM states stay on the device from launch to launch.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from pyhost.accelerator import Accelerator, Launch
from pyhost.design import Design, load_design
from pyhost.errors import HostError, UsageError, reason
from pyhost.options import USAGE, Options, parse

FOLDER = Path(__file__).resolve().parent


class Output:
    """Writes tokens to standard output, and logits to a file if there is one."""

    def __init__(self, options: Options) -> None:
        """Open the file of logits; raises HostError where it cannot be written."""
        self._options = options
        self._logits = -1
        if options.logits:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                self._logits = os.open(options.logits, flags, 0o666)
            except OSError as error:
                raise HostError(f"cannot write {options.logits}: {reason(error)}") from error

    @property
    def wants_logits(self) -> bool:
        """Whether there is a file of logits."""
        return self._logits >= 0

    def prompt(self) -> None:
        """The prompt as it was given, where it was a text."""
        self._show(os.fsencode(self._options.given))

    def logits(self, data: bytes) -> None:
        """Logits of some steps."""
        _write(self._logits, data, self._options.logits)

    def tokens(self, ids: list[int], ended: bool) -> None:
        """New tokens; an end token, the last one if `ended`, is no part of a text."""
        text = self._options.text
        if text is None:
            self._show("".join(f"{token}\n" for token in ids).encode())
        else:
            self._show(b"".join(text.push(token) for token in (ids[:-1] if ended else ids)))

    def finish(self) -> None:
        """The end of a text."""
        if self._options.text is not None:
            self._show(self._options.text.finish() + b"\n")

    def _show(self, data: bytes) -> None:
        _write(sys.stdout.fileno(), data, "to standard output")


def _write(file: int, data: bytes, what: str) -> None:
    """Writes all of it at once: nothing is left in a buffer when the program ends."""
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
    except OSError as error:
        raise HostError(f"cannot write {what}: {reason(error)}") from error


def next_launch(waiting: int, wanted: int, options: Options, design: Design) -> Launch:
    """What the next launch does with ids that wait and tokens that are wanted."""
    longest = max(design.most_steps, options.chunk)
    prompt = min(waiting, longest)
    # The first new token is chosen in the step of the prompt's last id.
    chosen = min(wanted, options.chunk, longest - prompt + 1) if prompt == waiting else 0
    steps = prompt + chosen - 1 if chosen else prompt
    return Launch(steps, prompt, steps if options.all_logits else chosen)


def largest_launch(options: Options, design: Design) -> Launch:
    """What any launch of this run may do: room for buffers."""
    longest = max(design.most_steps, options.chunk)
    steps = min(longest, len(options.prompt) + options.new_tokens)
    logits = steps if options.all_logits else min(options.chunk, options.new_tokens)
    return Launch(steps, min(longest, len(options.prompt)), logits)


def generate(options: Options, design: Design) -> None:
    """Continue the prompt; raises HostError for all that may go wrong."""
    output = Output(options)
    most = largest_launch(options, design)
    accelerator = Accelerator(
        design, options.xclbin, options.weights, most, options.timeout_seconds
    )
    output.prompt()
    ends = () if "--ignore-eos" in options.flags else design.end_tokens
    ids, left = options.prompt, options.new_tokens
    while ids:
        launch = next_launch(len(ids), left, options, design)
        accelerator.run(ids[: launch.prompt], launch)
        ids = ids[launch.prompt :]
        chosen = launch.steps - launch.prompt + 1 if not ids and left else 0
        tokens = accelerator.tokens(launch.logits, chosen)
        end = next((n for n, token in enumerate(tokens, start=1) if token in ends), None)
        shown = tokens[:end]
        if output.wants_logits:
            output.logits(accelerator.logits(launch.logits - (chosen - len(shown))))
        output.tokens(shown, ended=end is not None)
        if end is not None:
            break
        left -= chosen
        if left and chosen:
            ids = [tokens[-1]]
    output.finish()


def main(arguments: list[str]) -> int:
    """Run the program; returns its exit status."""
    # As in C++, an interrupt ends it at once: in XRT, Python would not see it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        design = load_design(FOLDER / "design.json")
        options = parse(arguments, design, FOLDER)
        if "--help" in options.flags:
            _write(sys.stdout.fileno(), USAGE.encode(), "to standard output")
        else:
            generate(options, design)
        return 0
    except UsageError as error:
        print(f"run.py: {error}; run.py --help says what there is", file=sys.stderr)
        return 2
    except HostError as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
