"""What a stretch of work takes."""

import threading
import time

import numpy as np
import pytest

from lmc.driver.measuring import MemorySampler, Meter


def test_the_most_memory_of_each_stretch() -> None:
    """320 MB that are free again after the first one are no part of the second one.

    Smaller arrays may be kept, see `lmc.interpreter.freed_memory`: other tests run engines here.
    """
    with MemorySampler() as memory:
        meter = Meter(memory)
        with meter.measured("large"):
            block = np.ones(40_000_000)
            time.sleep(0.2)
            del block
        with meter.measured("small"):
            pass
    large, small = (run.peak_bytes for run in meter.runs)
    assert large is not None
    assert small is not None
    assert large - small > 250_000_000
    assert [run.name for run in meter.runs] == ["large", "small"]
    assert not any(thread.name == "memory" for thread in threading.enumerate())


def test_waiting_takes_time_and_no_processor() -> None:
    meter = Meter()
    with meter.measured("wait"):
        time.sleep(0.1)
    (run,) = meter.runs
    assert run.seconds >= 0.1
    assert run.processor_seconds < run.seconds
    assert run.peak_bytes is None


def test_what_fails_is_not_measured() -> None:
    meter = Meter()
    with pytest.raises(ValueError, match="no"), meter.measured("fails"):
        raise ValueError("no")
    assert meter.runs == []
