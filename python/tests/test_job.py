"""Loads that run beside Python: progress, cancel, Ctrl-C, asyncio, threads."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zstack


def test_progress_is_told_from_the_first_slice_to_the_last(scan: Path, capsys: Any) -> None:
    calls: list[tuple[int, int, str]] = []
    zstack.imread(scan, progress=lambda *now: calls.append(now))
    assert calls[0][0] == 1 and calls[-1][:2] == (12, 12) and all(name.startswith("s_") for _, _, name in calls)
    zstack.imread(scan, progress=True)
    assert "12" in capsys.readouterr().err


def test_a_progress_function_that_returns_false_cancels(scan: Path) -> None:
    with pytest.raises(zstack.Cancelled):
        zstack.imread(scan, progress=lambda *_: False)


def test_what_a_progress_function_raises_comes_out_after_the_load_has_ended(slow: Path) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("mine")

    with zstack.open([slow] * 400) as stack:
        job = stack.start(progress=broken, workers=1)
        with pytest.raises(KeyError, match="mine"):
            job.result()
        assert job.done() and job.report is not None and job.report.status == "cancelled"


def test_a_job_is_polled_cancelled_and_waited_for(slow: Path) -> None:
    with zstack.open([slow] * 400) as stack:
        job = stack.start(workers=1)
        with pytest.raises(TimeoutError):
            job.result(timeout=0.01)
        assert not job.done() and job.progress.total == 400
        job.cancel()
        for _ in range(2):
            with pytest.raises(zstack.Cancelled) as caught:
                job.result()
        assert caught.value.report.totals["not_reached"] > 0


def test_a_job_is_awaited(scan: Path, volume: Any) -> None:
    async def both() -> Any:
        with zstack.open(scan) as stack:
            return await asyncio.gather(*(load(stack) for _ in range(2)))

    async def load(stack: zstack.Stack) -> Any:
        return await stack.start()

    for read in asyncio.run(both()):
        np.testing.assert_array_equal(read, volume)


def test_progress_does_not_hold_up_a_job_that_is_awaited(scan: Path) -> None:
    calls: list[int] = []

    async def main() -> Any:
        with zstack.open([scan / "s_3.tif"] * 2000) as stack:
            return await stack.start(progress=lambda done, *_: calls.append(done))

    start = time.monotonic()
    assert len(asyncio.run(main())) == 2000 and calls[-1] == 2000
    # One wait for each slice would be 40 s.
    assert time.monotonic() - start < 10


def test_a_task_that_is_cancelled_cancels_its_load(slow: Path) -> None:
    async def main() -> zstack.Job:
        with zstack.open([slow] * 400) as stack:
            job = stack.start(workers=1)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(job, 0.05)
        return job

    job = asyncio.run(main())
    with pytest.raises(zstack.Cancelled):
        job.result(timeout=10)


def test_ctrl_c_ends_a_load_at_once_and_leaves_the_process_sound(slow: Path) -> None:
    at: list[float] = []

    def interrupt() -> None:
        time.sleep(0.2)
        at.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with zstack.open([slow] * 400) as stack:
        with pytest.raises(KeyboardInterrupt):
            stack.load(workers=1)
        took = time.monotonic() - at[0]
        thread.join()
        # The promise is 100 ms on a machine of one's own.
        assert took < 0.5
        assert stack[0].shape == (2000, 2000)


def test_other_threads_run_on_during_a_load(slow: Path) -> None:
    counted, going = 0, True

    def count() -> None:
        nonlocal counted
        while going:
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    with zstack.open([slow] * 100) as stack:
        thread.start()
        start = time.monotonic()
        stack.load(workers=1)
        seconds = time.monotonic() - start
        going = False
    thread.join()
    assert counted > seconds * 50


def test_many_threads_load_from_one_stack_that_is_closed_meanwhile(scan: Path, volume: Any) -> None:
    stack = zstack.open(scan)
    jobs = [stack.start() for _ in range(8)]
    stack.close()
    for job in jobs:
        np.testing.assert_array_equal(job.result(), volume)


def test_a_job_that_nobody_holds_is_cancelled(slow: Path) -> None:
    with zstack.open([slow] * 400) as stack:
        stack.start(workers=1)
        assert stack[0].any()
