"""Sequences of a batch on threads."""

import threading

import pytest

from lmc.interpreter.threads import balanced, on_threads, thread_count


@pytest.mark.parametrize(
    ("batch", "rows", "threads", "expected"),
    [(8, 3, 1, 3), (8, 3, 2, 2), (8, 8, 2, 4), (1, 5, 4, 1), (7, 100, 2, 4), (64, 5, 3, 5)],
)
def test_threads_get_equally_many_parts(batch, rows, threads, expected):
    assert balanced(batch, rows, threads) == expected


def test_results_come_in_order_and_errors_come_through():
    barrier = threading.Barrier(2, timeout=30)

    def work(item):
        barrier.wait()
        if item == 3:
            raise ValueError("three")
        return -item

    assert on_threads(work, [1, 2], 2) == [-1, -2]
    with pytest.raises(ValueError, match="three"):
        on_threads(work, [4, 3], 2)


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("2,1", 2), ("0", None), ("", None)])
def test_the_number_of_threads_is_the_one_for_blas(monkeypatch, given, expected):
    monkeypatch.setenv("OMP_NUM_THREADS", given)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2, 3, 4})
    assert thread_count() == (expected or 5)
