"""Files that the host program reads: token ids, and memory images with their checksums."""

from __future__ import annotations

import hashlib
import os
import struct

from .errors import HostError, reason

SUMS = "SHA256SUMS"
_DIGEST_LENGTH = 64
_PART = 1 << 20


def read_file(path: str) -> bytes:
    """The bytes of a file; raises HostError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise HostError(f"cannot read {path}: {reason(error)}") from error


def read_ids(path: str) -> list[int]:
    """Token ids, 32-bit integers in little endian; raises HostError where they are none."""
    data = read_file(path)
    if not data:
        raise HostError(f"{path} is empty; a prompt has at least one token")
    if len(data) % 4:
        raise HostError(f"{path} has {len(data)} bytes, which are not whole ids of 32 bits")
    return list(struct.unpack(f"<{len(data) // 4}I", data))


class Images:
    """The folder of images, with what SHA256SUMS in it says of them: a line for each one, as
    sha256sum prints it."""

    def __init__(self, folder: str) -> None:
        """Read the checksums; raises HostError where there are none."""
        self._folder = folder
        self._digests: dict[str, str] = {}
        text = read_file(f"{folder}/{SUMS}").decode("utf-8", errors="replace")
        for line in text.splitlines():
            digest, between, name = (
                line[:_DIGEST_LENGTH],
                line[_DIGEST_LENGTH : _DIGEST_LENGTH + 2],
                line[_DIGEST_LENGTH + 2 :],
            )
            if between != "  " or not name:
                raise HostError(f"{folder}/{SUMS} has a line that is no checksum: {line}")
            self._digests[name] = digest

    def read(self, name: str, data: memoryview) -> None:
        """Fill `data` with an image; raises HostError unless it is the one that was compiled."""
        path = f"{self._folder}/{name}"
        if name not in self._digests:
            raise HostError(f"{self._folder}/{SUMS} does not name {name}")
        try:
            with open(path, "rb", buffering=0) as file:
                digest = self._fill(path, file.fileno(), data)
        except OSError as error:
            raise HostError(f"cannot read {path}: {reason(error)}") from error
        if digest != self._digests[name]:
            raise HostError(
                f"{path} is not what was compiled: its SHA-256 is not that of {SUMS}; copy it again"
            )

    def _fill(self, path: str, file: int, data: memoryview) -> str:
        sha, done, size = hashlib.sha256(), 0, len(data)
        while done < size:
            part = os.read(file, min(size - done, _PART))
            if not part:
                raise HostError(f"{path} ends after {done} bytes of {size}; copy it again")
            sha.update(part)
            data[done : done + len(part)] = part
            done += len(part)
        if os.read(file, 1):
            raise HostError(
                f"{path} has more than the {size} bytes of its buffer; host program and images are "
                "of different designs"
            )
        return sha.hexdigest()
