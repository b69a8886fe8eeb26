"""How fast a job goes, told from its last half minute."""

from core.tests.worker.conftest import Clock
from core.worker.rate import WINDOW_S, Rate


def test_nothing_is_said_before_there_is_something_to_tell(clock: Clock) -> None:
    rate = Rate(clock=clock)
    assert rate.figures(0, 10) == {}
    rate.note(0)
    clock.now += 0.9
    assert rate.figures(3, 10) == {}


def test_the_rate_and_what_is_left_follow_from_the_last_half_minute(clock: Clock) -> None:
    rate = Rate(clock=clock)
    for second in range(200):
        rate.note(second if second < 100 else 100 + (second - 100) * 5)
        clock.now += 1
    assert rate.figures(600, 1100) == {"rate_per_s": 5.0, "left_s": 100}
    assert len(rate.points) <= WINDOW_S + 1


def test_a_job_without_a_known_end_has_a_rate_alone(clock: Clock) -> None:
    rate = Rate(clock=clock)
    rate.note(0)
    clock.now += 10
    assert rate.figures(20, None) == {"rate_per_s": 2.0}


def test_ten_thousand_notes_of_one_moment_are_one(clock: Clock) -> None:
    rate = Rate(clock=clock)
    for current in range(10_000):
        rate.note(current)
    assert len(rate.points) == 1
