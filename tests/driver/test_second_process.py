"""The second process does jobs in order, says which ones it could do, and is never left over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lmc.driver.second_process import SecondProcess

JOBS = """
import os, time
from pathlib import Path

def write(advance, *, path, text):
    advance(1, 2)
    with Path(path).open("a") as file:
        file.write(text)
    print("what a library prints is no answer")

def fail(advance):
    raise ValueError("not to be seen")

def tell(advance, *, path):
    Path(path).write_text(str(os.getpid()))

def sleep(advance):
    time.sleep(600)

JOBS = {"write": write, "fail": fail, "tell": tell, "sleep": sleep, "die": lambda _: os._exit(3)}
"""


@pytest.fixture(autouse=True)
def _jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some_jobs.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except OSError:
        return False


def test_jobs_are_done_in_order_and_one_that_fails_stops_no_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text"
    with SecondProcess("some_jobs") as second:
        first = second.ask("write", {"path": str(text), "text": "a"})
        failed = second.ask("fail", {})
        # More than a pipe holds.
        last = second.ask("write", {"path": str(text), "text": "b" * 200_000})
        assert (first.wait(), failed.wait(), last.wait()) == (True, False, True)
        assert first.is_over
    assert text.read_text(encoding="utf-8") == "a" + "b" * 200_000
    assert capfd.readouterr() == ("", "")


def test_what_a_dead_process_was_asked_for_has_failed() -> None:
    with SecondProcess("some_jobs") as second:
        jobs = [second.ask(name, {}) for name in ("die", "sleep")]
        assert [job.wait() for job in jobs] == [False, False]
        assert not second.ask("sleep", {}).wait()


def test_one_that_cannot_be_started_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/there/is/no/python")
    with SecondProcess("some_jobs") as second:
        assert not second.ask("sleep", {}).wait()
        assert not second.ask("sleep", {}).wait()


def test_an_interrupt_leaves_no_process(tmp_path: Path) -> None:
    told = tmp_path / "told"

    def interrupted() -> None:
        with SecondProcess("some_jobs") as second:
            second.ask("tell", {"path": str(told)}).wait()
            second.ask("sleep", {})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not is_alive(int(told.read_text(encoding="utf-8")))


def test_it_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = (
        "import os, signal, sys; from lmc.driver.second_process import SecondProcess\n"
        "with SecondProcess('some_jobs') as second:\n"
        "    second.ask('tell', {'path': sys.argv[1]}).wait()\n"
        "    second.ask('sleep', {})\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    folders = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-c", code, str(told)],
        env=os.environ | {"PYTHONPATH": folders},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    second = int(told.read_text(encoding="utf-8"))
    deadline = time.monotonic() + 60
    while is_alive(second) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(second)
