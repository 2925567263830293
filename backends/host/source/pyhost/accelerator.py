"""The design on a device: its kernels, buffers and launches, through pyxrt."""

from __future__ import annotations

import importlib
import os
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any

from .design import Buffer, Design
from .errors import HostError, trying
from .files import Images
from .xclbin import check_xclbin

_PAGE = 4096


@dataclass(frozen=True)
class Launch:
    """What a launch does: decode steps, ids of the prompt among them, last steps with logits."""

    steps: int
    prompt: int
    logits: int


class Accelerator:
    """The design's kernels and buffers on the first device."""

    def __init__(
        self, design: Design, xclbin: str, weights: str, most: Launch, timeout_seconds: int
    ) -> None:
        """Load all; `most` is what buffers have room for.

        Raises HostError where device, xclbin and images are not of this design.
        """
        self._design, self._most, self._timeout = design, most, timeout_seconds
        images = Images(weights)
        check_xclbin(xclbin, design)
        self._xrt = _import_pyxrt()
        with trying("open the device"):
            self._device = self._xrt.device(0)
        with trying(f"load the xclbin {xclbin}"):
            self._uuid = self._device.load_xclbin(xclbin)
        self._kernels: dict[str, Any] = {}
        self._runs: dict[str, Any] = {}
        for kernel in design.kernels:
            with trying(f"use kernel {kernel.name}"):
                made = self._xrt.kernel(
                    self._device, self._uuid, kernel.name, self._xrt.kernel.shared
                )
                self._kernels[kernel.name], self._runs[kernel.name] = made, self._xrt.run(made)
        self._buffers: dict[str, Any] = {}
        self._data: dict[str, memoryview] = {}
        for buffer in design.buffers:
            self._allocate(buffer, images)
        for kernel in design.kernels:
            for argument in kernel.arguments:
                if argument.buffer is not None:
                    value = self._buffers[argument.buffer]
                    self._set_argument(kernel.name, argument.position, argument.name, value)

    def run(self, prompt: list[int], launch: Launch) -> None:
        """Run the launch's prompt ids and what comes after them; raises HostError as XRT does."""
        size = 4 * launch.prompt
        self._data[self._design.prompt][:size] = struct.pack(f"<{launch.prompt}I", *prompt)
        with trying("copy the prompt to the device"):
            self._sync(self._design.prompt, "TO", size)
        scalars = {
            "n_tokens": launch.steps,
            "n_prompt": launch.prompt,
            "n_logits": launch.logits,
        }
        for kernel in self._design.kernels:
            for argument in kernel.arguments:
                if argument.scalar is not None:
                    value = scalars[argument.scalar]
                    self._set_argument(kernel.name, argument.position, argument.name, value)
        for kernel in self._design.kernels:
            with trying(f"start kernel {kernel.name}"):
                self._runs[kernel.name].start()
        self._wait(launch)

    def tokens(self, logits: int, chosen: int) -> list[int]:
        """The last `chosen` tokens of a launch with `logits` steps with logits: it chooses one
        after each of them."""
        if chosen == 0:
            return []
        data = self._read(self._design.tokens, 4 * logits)
        return list(struct.unpack_from(f"<{logits}I", data))[logits - chosen :]

    def logits(self, count: int) -> bytes:
        """The logits of the first `count` steps that have any in the last launch, 32-bit integers
        for each token of the vocabulary."""
        stride = self._design.buffer(self._design.logits).size
        data = self._read(self._design.logits, count * stride)
        length = 4 * self._design.vocabulary
        rows = (data[step * stride : step * stride + length] for step in range(count))
        return b"".join(rows)

    def _allocate(self, buffer: Buffer, images: Images) -> None:
        counts = {"prompt_token": self._most.prompt, "logits_token": self._most.logits}
        size = buffer.size * (1 if buffer.each is None else counts[buffer.each])
        what = f"buffer {buffer.name} of {size} bytes"
        with trying(f"allocate {what}"):
            group = self._group_of(buffer.name)
            made = self._xrt.bo(self._device, size, self._xrt.bo.normal, group)
        with trying(f"map {what}"):
            data = memoryview(made.map()).cast("B")
        self._buffers[buffer.name], self._data[buffer.name] = made, data
        if buffer.image is not None:
            images.read(buffer.image, data)
        else:
            data[:] = bytes(size)  # states begin as zero
        with trying(f"copy {what}"):
            self._sync(buffer.name, "TO", size)

    def _group_of(self, buffer: str) -> int:
        for kernel in self._design.kernels:
            for argument in kernel.arguments:
                if argument.buffer == buffer:
                    return self._kernels[kernel.name].group_id(argument.position)
        raise HostError("no kernel uses it")

    def _set_argument(self, kernel: str, position: int, name: str, value: Any) -> None:
        with trying(f"set argument {name} of kernel {kernel}"):
            self._runs[kernel].set_arg(position, value)

    def _read(self, buffer: str, size: int) -> memoryview:
        if size:
            with trying("copy results from the device"):
                self._sync(buffer, "FROM", size)
        return self._data[buffer]

    def _sync(self, buffer: str, way: str, size: int) -> None:
        """Copies the first bytes of a buffer: whole pages, or all of it."""
        direction = getattr(self._xrt.xclBOSyncDirection, f"XCL_BO_SYNC_BO_{way}_DEVICE")
        whole = min(len(self._data[buffer]), -(-size // _PAGE) * _PAGE)
        self._buffers[buffer].sync(direction, whole, 0)

    def _wait(self, launch: Launch) -> None:
        """Waits for all kernels; if one fails or does not end in time, names it and ends the
        program."""
        states = self._xrt.ert_cmd_state
        end = time.monotonic() + self._timeout
        running: list[str] = []
        failed: list[str] = []
        for name, run in self._runs.items():
            with trying(f"wait for kernel {name}"):
                left = max(int(1000 * (end - time.monotonic())), 1)
                state = run.wait(left) if self._timeout else run.wait()
            if state == states.ERT_CMD_STATE_TIMEOUT:
                running.append(name)
            elif state != states.ERT_CMD_STATE_COMPLETED:
                failed.append(f"{name} (state {int(state)} of XRT)")
        if not running and not failed:
            return
        text = f"a launch of {launch.steps} steps"
        if failed:
            text += f" failed in kernel {', '.join(failed)}"
        if running:
            text += f"{'; it' if failed else ''} did not end in {self._timeout} s, these kernels "
            text += f"still run: {', '.join(running)}"
        print(f"run.py: {text}", file=sys.stderr, flush=True)
        os._exit(1)  # XRT's destructors would wait for the kernels


def _import_pyxrt() -> Any:
    try:
        return importlib.import_module("pyxrt")
    except ImportError as error:
        raise HostError(
            f"pyxrt is not there ({error}): source setup.sh of XRT, with the Python that it was "
            "built for"
        ) from error
