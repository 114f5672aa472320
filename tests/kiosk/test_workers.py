"""One thing after another, and what happens when one of them never ends."""

from __future__ import annotations

import threading
import time

import pytest

from devices.device import DeviceHangs
from kiosk.workers import MOST_STUCK, Worker
from tests.hall import eventually

LIMIT = 0.2


@pytest.fixture
def go_on():
    """Ends whatever hangs, at the latest at the end of the test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def left():
    """The threads that were left behind."""
    return []


@pytest.fixture
def worker(left):
    made = Worker("finger", "fingerprint", left.append)
    yield made
    made.close(wait=False, drop=True)


def test_jobs_are_done_in_their_order_by_one_thread(worker):
    done, last = [], None
    for number in range(20):
        last = worker.ask(lambda number=number: done.append((number, threading.current_thread())))
    last.result(20)
    assert [number for number, _ in done] == list(range(20))
    assert len({thread for _, thread in done}) == 1


def test_an_error_belongs_to_whoever_asked_and_the_next_job_is_done(worker):
    failing = worker.ask(lambda: 1 // 0)
    assert isinstance(failing.exception(20), ZeroDivisionError)
    assert worker.ask(lambda: 7).result(20) == 7


def test_a_job_that_hangs_is_told_and_the_next_one_is_served_by_another_thread(worker, left, go_on):
    problems = []
    worker.do(lambda: go_on.wait(60), problems.append, LIMIT)
    served = worker.ask(threading.current_thread)
    after = served.result(20)
    eventually(lambda: problems, 20)
    assert problems[0].code == "K-209"
    assert len(left) == 1
    assert left[0].is_alive()
    assert after is not left[0]


def test_who_waits_for_a_job_that_hangs_hears_it_as_an_error_of_the_device(worker, go_on):
    assert isinstance(worker.ask(lambda: go_on.wait(60), LIMIT).exception(20), DeviceHangs)


def test_a_job_that_comes_back_after_all_is_told_nobody(worker, left, go_on):
    answer = worker.ask(lambda: go_on.wait(60) and "late", LIMIT)
    assert isinstance(answer.exception(20), DeviceHangs)
    go_on.set()
    left[0].join(20)
    assert not left[0].is_alive()
    assert isinstance(answer.exception(20), DeviceHangs)


def test_a_worker_in_which_too_much_hangs_says_so_at_once_and_mends_itself(worker, left, go_on):
    for _ in range(MOST_STUCK):
        worker.ask(lambda: go_on.wait(60), LIMIT).exception(20)
    began = time.monotonic()
    assert isinstance(worker.ask(lambda: 1).exception(20), DeviceHangs)
    assert time.monotonic() - began < 5
    go_on.set()
    left[0].join(20)
    assert worker.ask(lambda: 1).result(20) == 1


def test_what_waited_behind_the_last_job_that_may_hang_is_not_forgotten(worker, go_on):
    tasks = [worker.ask(lambda: go_on.wait(60), LIMIT) for _ in range(MOST_STUCK)]
    behind = worker.ask(lambda: 1)
    assert isinstance(behind.exception(20), DeviceHangs)
    assert all(isinstance(task.exception(20), DeviceHangs) for task in tasks)


def test_a_job_may_be_given_less_time_while_it_runs(worker, left, go_on):
    began = threading.Event()
    answer = worker.ask(lambda: began.set() or go_on.wait(60), 60)
    assert began.wait(20)
    worker.hurry(LIMIT)
    assert isinstance(answer.exception(20), DeviceHangs)
    assert len(left) == 1


def test_hurry_means_nothing_to_the_next_job(worker):
    worker.ask(lambda: 1).result(20)
    worker.hurry(0.0)
    assert worker.ask(lambda: time.sleep(0.3) or "whole").result(20) == "whole"


def test_closing_waits_for_what_runs_and_drops_what_waits():
    worker, ended = Worker("slips"), []
    began = threading.Event()
    worker.do(lambda: began.set() or time.sleep(0.2) or ended.append("first"))
    waiting = worker.ask(lambda: ended.append("second"))
    assert began.wait(20)
    worker.close(wait=True, drop=True)
    assert ended == ["first"]
    assert waiting.cancelled()


def test_closing_without_dropping_does_what_was_promised():
    worker, ended = Worker("notes"), []
    for number in range(5):
        worker.do(lambda number=number: ended.append(number))
    worker.close(wait=True, drop=False)
    assert ended == [0, 1, 2, 3, 4]


def test_who_waits_hears_of_a_hang_though_the_exchange_of_the_driver_fails(go_on, caplog):
    def broken(_stuck):
        raise ValueError("no fresh driver")

    worker, problems = Worker("finger", "fingerprint", broken), []
    worker.do(lambda: go_on.wait(60), problems.append, LIMIT)
    eventually(lambda: problems, 20)
    assert problems[0].code == "K-209"
    assert worker.ask(lambda: 7).result(20) == 7
    assert "no fresh driver" in caplog.text
    worker.close(wait=False, drop=True)
