"""A stand-in for pyxrt, XRT's module for Python, with the simulated device behind it.

It has what the documentation of pyxrt (XRT Python Bindings) has of the classes that the host
program uses, and is as strict: other types, positions or memories are refused. Device memory is
apart from the host's, so that a forgotten sync shows. The environment says what it is:

    XRT_STUB_DEVICE   the device, a library that device.cpp is part of
    XRT_STUB_GROUPS   JSON: the memory group of each buffer argument, by kernel and position
    XRT_STUB_LOG      a line is added to this file for each call
    XRT_STUB_STATE    KERNEL:STATE, what waiting for a kernel is answered
"""

import ctypes
import json
import mmap
import os
from enum import Enum


class _PybindEnum(Enum):
    """An enumeration of pybind11 has a number, and is none."""

    def __int__(self):
        return self.value


class xclBOSyncDirection(_PybindEnum):  # noqa: N801
    XCL_BO_SYNC_BO_TO_DEVICE = 0
    XCL_BO_SYNC_BO_FROM_DEVICE = 1


class ert_cmd_state(_PybindEnum):  # noqa: N801
    ERT_CMD_STATE_NEW = 1
    ERT_CMD_STATE_COMPLETED = 4
    ERT_CMD_STATE_ERROR = 5
    ERT_CMD_STATE_ABORT = 6
    ERT_CMD_STATE_TIMEOUT = 8


def _log(*words):
    with open(os.environ["XRT_STUB_LOG"], "a", encoding="utf-8") as file:
        print(*words, file=file)


def _check(value, kind):
    """As pybind11: an argument of another type is a TypeError."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"incompatible function arguments: {value!r} is no {kind.__name__}")


class uuid:  # noqa: N801
    pass


class device:  # noqa: N801
    def __init__(self, index):
        _check(index, int)
        if index != 0:
            raise RuntimeError(f"Could not open device with index '{index}'")
        self.library = ctypes.CDLL(os.environ["XRT_STUB_DEVICE"])
        _log("device", index)

    def load_xclbin(self, path):
        _check(path, str)
        _log("load_xclbin", os.path.basename(path))
        return uuid()


class kernel:  # noqa: N801
    class cu_access_mode(_PybindEnum):  # noqa: N801
        exclusive = 0
        shared = 1
        none = 2

    shared = cu_access_mode.shared

    def __init__(self, on, xclbin, name, mode):
        _check(on, device)
        _check(xclbin, uuid)
        _check(name, str)
        _check(mode, kernel.cu_access_mode)
        self.library, self.name = on.library, name.encode()
        self.arguments = self.library.argument_count(self.name)
        if self.arguments < 0:
            raise RuntimeError(f"No compute units with name '{name}'")
        groups = json.loads(os.environ["XRT_STUB_GROUPS"])[name]
        self.groups = {int(position): group for position, group in groups.items()}
        _log("kernel", name)

    def group_id(self, position):
        _check(position, int)
        if not 0 <= position < self.arguments:
            raise RuntimeError(f"no argument {position}")
        return self.groups[position]


class bo:  # noqa: N801
    class flags(_PybindEnum):  # noqa: N801
        normal = 0

    normal = flags.normal

    def __init__(self, on, size, flags, group):
        _check(on, device)
        _check(size, int)
        _check(flags, bo.flags)
        _check(group, int)
        self._host, self._device, self.group = mmap.mmap(-1, size), mmap.mmap(-1, size), group
        _log("bo", size, group)

    def size(self):
        return len(self._host)

    def map(self):
        return memoryview(self._host)

    def sync(self, direction, size, offset):
        _check(direction, xclBOSyncDirection)
        _check(size, int)
        _check(offset, int)
        if size < 0 or offset < 0 or offset + size > self.size():
            raise RuntimeError(f"{size} bytes at {offset} are not in a buffer of {self.size()}")
        here, there = self._host, self._device
        if direction is xclBOSyncDirection.XCL_BO_SYNC_BO_FROM_DEVICE:
            here, there = there, here
        there[offset : offset + size] = here[offset : offset + size]
        _log("sync", direction.name.rpartition("BO_")[2], size)

    def address(self):
        return ctypes.addressof(ctypes.c_char.from_buffer(self._device))


class run:  # noqa: N801
    def __init__(self, of):
        _check(of, kernel)
        self._kernel = of

    def set_arg(self, position, value):
        _check(position, int)
        if isinstance(value, bo):
            if value.group != self._kernel.group_id(position):
                raise RuntimeError("bo is not in the memory of the argument")
            address = ctypes.c_void_p(value.address())
            self._kernel.library.set_buffer(self._kernel.name, position, address)
            _log("set_arg", self._kernel.name.decode(), position, "bo", value.size())
            return
        _check(value, int)
        if not -(2**31) <= value < 2**31:
            raise TypeError(f"incompatible function arguments: {value} is no int")
        if position in self._kernel.groups:
            raise RuntimeError(f"argument {position} is no scalar")
        self._kernel.library.set_scalar(self._kernel.name, position, ctypes.c_int64(value))
        _log("set_arg", self._kernel.name.decode(), position, value)

    def start(self):
        self._kernel.library.start(self._kernel.name)
        _log("start", self._kernel.name.decode())

    def wait(self, timeout_ms=0):
        _check(timeout_ms, int)
        if timeout_ms < 0:
            raise TypeError("incompatible function arguments: a negative time")
        name = self._kernel.name.decode()
        _log("wait", name, "timeout" if timeout_ms else "forever")
        stuck, _, state = os.environ.get("XRT_STUB_STATE", "").partition(":")
        found = self._kernel.library.wait()
        return ert_cmd_state(int(state) if stuck == name else found)
