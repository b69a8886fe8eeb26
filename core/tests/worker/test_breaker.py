"""The circuit breaker by itself, with a clock of the test's own."""

import threading

from core.tests.worker.conftest import Clock
from core.worker.breaker import CLOSES_AFTER_S, LONGEST_S, Breaker


def opened(clock: Clock, failures: int = 5) -> Breaker:
    breaker = Breaker(clock=clock)
    for _ in range(failures):
        breaker.failed()
    return breaker


def test_it_stays_closed_until_the_fifth_failure_in_a_row(clock: Clock) -> None:
    breaker = opened(clock, 4)
    assert breaker.wait_s() == 0
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    assert breaker.wait_s() == 0
    breaker.failed()
    assert breaker.wait_s() == CLOSES_AFTER_S


def test_when_the_time_is_up_one_goes_first_and_the_others_wait(clock: Clock) -> None:
    breaker = opened(clock)
    clock.now += CLOSES_AFTER_S
    assert breaker.wait_s() == 0
    assert breaker.wait_s() > 0
    breaker.succeeded()
    assert [breaker.wait_s() for _ in range(3)] == [0, 0, 0]


def test_a_first_one_that_never_comes_back_is_replaced(clock: Clock) -> None:
    breaker = opened(clock)
    clock.now += CLOSES_AFTER_S
    breaker.wait_s()
    clock.now += CLOSES_AFTER_S
    assert breaker.wait_s() == 0


def test_it_stays_open_for_longer_and_longer_up_to_a_bound(clock: Clock) -> None:
    breaker = opened(clock)
    waits = []
    for _ in range(12):
        waits.append(breaker.wait_s())
        clock.now += waits[-1]
        breaker.wait_s()
        breaker.failed()
    assert waits[:3] == [2, 4, 8]
    assert max(waits) == waits[-1] == LONGEST_S


def test_of_many_threads_one_goes_first(clock: Clock) -> None:
    breaker = opened(clock)
    clock.now += CLOSES_AFTER_S
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(breaker.wait_s())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wait == 0 for wait in waits) == 1
