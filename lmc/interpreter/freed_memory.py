"""What the C library does with the memory of arrays that are gone."""

import ctypes
import platform

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt(3)."""
_KEPT_BYTES, _LARGE_BYTES = 1 << 30, 256 << 20


def keep_freed_memory() -> None:
    """Keep the memory of arrays that are gone for the next ones, where the C library is glibc.

    It gives the memory of larger ones back at once, and the system has to clear it for the next
    array: integers of a model of 45 million parameters take a third longer then. Arrays of 256
    MiB and more are given back as before, and so is what exceeds 1 GiB.
    """
    if platform.libc_ver()[0] == "glibc":
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
