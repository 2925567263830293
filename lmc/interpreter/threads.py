"""Work on several threads: numpy and the compiled loops run beside each other."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_ItemT = TypeVar("_ItemT")
_ResultT = TypeVar("_ResultT")


class _Worker(threading.local):
    busy = False


_WORKER = _Worker()


def _become_worker() -> None:
    _WORKER.busy = True


def thread_count() -> int:
    """Threads to use: `OMP_NUM_THREADS`, which BLAS reads too, else one for each core."""
    given = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return int(given) if given.isdecimal() and int(given) else len(os.sched_getaffinity(0))


def balanced(batch: int, rows: int, threads: int) -> int:
    """At most `rows` sequences to take at a time, so that threads get equally many parts."""
    if threads == 1:
        return rows
    rounds = -(-batch // (rows * threads))
    return -(-batch // (rounds * threads))


def on_threads(
    function: Callable[[_ItemT], _ResultT], items: Sequence[_ItemT], threads: int
) -> list[_ResultT]:
    """The function of every item, in order; what it raises is raised.

    What is asked for from within such work stays on its thread: the others are busy.
    """
    if threads == 1 or len(items) == 1 or _WORKER.busy:
        return [function(item) for item in items]
    with ThreadPoolExecutor(min(threads, len(items)), initializer=_become_worker) as pool:
        return list(pool.map(function, items))
