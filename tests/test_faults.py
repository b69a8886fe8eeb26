"""Whatever dies in the middle of a job comes back, and the job ends as if nothing had happened.

Everything is real: Daphne, PostgreSQL, Redis, control, workers, the job that makes the demo library. Only the music is
shortened: of most pieces a second lies there already, so that a few are left to compose.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import pytest
from celery import Celery
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from core.models import Job
from library.engine.demo import PIECES, Piece
from tests.demo import Demo, seconds_of
from tests.house import KIND, House, job_process, kill
from tests.processes import Process, wait_until

# The quickest to compose.
LEFT = [PIECES[number] for number in (1, 2, 4)]


def tell(what: str, began: float) -> None:
    """A figure for whoever runs this with -rP; no test depends on it."""
    sys.stdout.write(f"{what}: {time.monotonic() - began:.1f} s\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.build()
        yield house
    finally:
        house.close()


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """With stores and web; a test adds control and workers."""
    yield built
    built.rest()


@pytest.fixture
def demo(house: House, seconds_of_music: dict[str, bytes]) -> Demo:
    return Demo(house.home.path / "demo", seconds_of_music)


def begin(house: House, demo: Demo, left: list[Piece], worker: str = "first") -> tuple[Process, str]:
    """A job in its middle: one piece is made, another is being made."""
    demo.deliver_all_but(left)
    process = house.start_worker(worker)
    job_id = house.start_job()
    wait_until(lambda: demo.has(left[0]), f"the first piece: {house.said()}")
    return process, job_id


def kill_group(worker: Process) -> None:
    # The job's process is in the worker's group.
    worker.kill()


def kill_parent(worker: Process) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    worker.popen.wait()


def kill_child(worker: Process) -> None:
    job_process(worker).kill()


@pytest.mark.parametrize("die", [kill_group, kill_parent, kill_child])
def test_a_job_whose_worker_is_killed_is_taken_up_where_it_stopped(
    house: House, demo: Demo, die: Callable[[Process], None]
) -> None:
    house.start_control()
    worker, job_id = begin(house, demo, LEFT[:2])
    die(worker)
    before, began = demo.times(), time.monotonic()
    if die is not kill_child:
        house.start_worker("second")
    wait_until(lambda: house.job(job_id)["attempt"] == 2, f"somebody takes it up: {house.said()}")
    tell("taken up after", began)
    job = house.wait_for(job_id)
    assert (job["state"], job["attempt"], job["current"], job["total"]) == ("done", 2, len(PIECES), len(PIECES))
    demo.assert_whole(LEFT[:2])
    after = demo.times()
    assert {path: after[path] for path in before} == before, "a piece was made twice"


def test_two_workers_and_three_messages_are_one_job(house: House, demo: Demo) -> None:
    demo.deliver_all_but(LEFT[:1])
    workers = [house.start_worker("first"), house.start_worker("second")]
    wait_until(lambda: workers_known(house) == 2, "both are there")
    job_id = house.start_job()
    with Celery(broker=house.redis.url, set_as_current=False) as producer:
        for _ in range(2):
            producer.send_task(KIND, args=[job_id], queue="compute", retry=False)
    job = house.wait_for(job_id)
    assert (job["state"], job["attempt"]) == ("done", 1)
    wait_until(lambda: sum(worker.said.count("job_not_claimed") for worker in workers) == 2, "the others were refused")
    demo.assert_whole(LEFT[:1])


def workers_known(house: House) -> int:
    with house.database() as database:
        (count,) = database.execute("SELECT count(*) FROM workers").fetchone() or (0,)
    return int(count)


def test_redis_may_die_in_the_middle_and_lose_everything(house: House, demo: Demo) -> None:
    house.start_control()
    _worker, job_id = begin(house, demo, LEFT[:2])
    kill(house.redis)
    for dump in house.redis.folder.glob("*.rdb"):
        dump.unlink()
    health = house.ask("GET", "/health")
    assert health.status_code == 503
    (redis,) = [part for part in health.json()["parts"] if part["name"] == "redis"]
    assert not redis["ok"]
    assert redis["detail"]
    assert house.wait_for(job_id)["state"] == "done", "a job that runs needs no Redis"
    answer = house.ask("POST", "/api/jobs", json={"kind": KIND})
    assert answer.status_code == 202
    assert house.job(answer.json()["id"])["state"] == "queued"
    house.redis.start()
    began = time.monotonic()
    job = house.wait_for(answer.json()["id"])
    tell("worker again after", began)
    assert (job["state"], job["attempt"]) == ("done", 1)
    wait_until(lambda: house.ask("GET", "/health").status_code == 200, "health recovers")
    later = house.start_job()
    assert house.wait_for(later)["state"] == "done"
    demo.assert_whole(LEFT[:2])


def test_postgres_may_die_in_the_middle(house: House, demo: Demo) -> None:
    control = house.start_control(JOB_DEAD_AFTER_S="30")
    _worker, job_id = begin(house, demo, LEFT[:2])
    kill(house.postgres)
    with ThreadPoolExecutor(3) as people:
        asked = people.submit(house.ask, "GET", "/api/jobs")
        # Only a session makes a page look into the database.
        visited = people.submit(house.ask, "GET", "/", cookies={"soniquebay_session": "a" * 32})
        looked = people.submit(house.ask, "GET", "/health")
    assert (asked.result().status_code, asked.result().json()["code"]) == (503, "unavailable")
    assert int(asked.result().headers["Retry-After"]) > 0
    assert visited.result().status_code == 503
    assert int(visited.result().headers["Retry-After"]) > 0
    assert visited.result().headers["Content-Type"].startswith("text/html")
    assert looked.result().status_code == 503
    wait_until(lambda: "database_away" in control.said, "control notices")
    house.postgres.start()
    began = time.monotonic()
    job = house.wait_for(job_id)
    tell("job done after", began)
    assert (job["state"], job["attempt"], job["current"]) == ("done", 1, len(PIECES)), house.said()
    demo.assert_whole(LEFT[:2])
    assert control.is_alive()
    cleaning = house.start_job("clean_up")
    assert house.wait_for(cleaning)["state"] == "done", "control works again"
    assert house.wait_for(house.start_job())["state"] == "done", "the worker takes a later job"


def test_cancelling_in_the_middle_keeps_what_was_made(house: House, demo: Demo) -> None:
    left = [*LEFT, PIECES[5], PIECES[7]]
    _worker, job_id = begin(house, demo, left)
    began = time.monotonic()
    assert house.ask("POST", f"/api/jobs/{job_id}/cancel").status_code == 200
    job = house.wait_for(job_id, seconds=20)
    tell("cancelled after", began)
    assert (job["state"], job["attempt"]) == ("cancelled", 1)
    assert seconds_of(demo.path(left[0]).read_bytes()) == pytest.approx(left[0].seconds, abs=0.2)
    assert not demo.has(left[-1])
    assert not [path for path in demo.times() if path.name.startswith(".")]


def test_a_worker_that_is_told_to_end_gives_its_job_to_another(house: House, demo: Demo) -> None:
    """No control is there to send lost messages again: none may be lost."""
    left = [*LEFT, PIECES[5], PIECES[7]]
    worker, job_id = begin(house, demo, left)
    worker.popen.terminate()
    assert worker.popen.wait(30) == 0, worker.said
    assert house.job(job_id)["state"] == "queued"
    house.start_worker("second")
    job = house.wait_for(job_id)
    assert (job["state"], job["attempt"], job["worker"]) == ("done", 2, "second")
    demo.assert_whole(left)


@contextmanager
def stuck_cleaning(house: House) -> Iterator[str]:
    """A job of control's that waits in its middle, for as long as the block lasts."""
    with house.database() as other, other.transaction():
        other.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        job_id = house.start_job("clean_up")
        waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'django_session'::regclass AND NOT granted"
        wait_until(lambda: other.execute(waiting).fetchone() == (1,), f"it waits for the sessions: {house.said()}")
        yield job_id


def test_a_job_of_a_control_that_is_killed_is_taken_up_by_the_next(house: House) -> None:
    with house.database() as database:
        database.execute(
            "INSERT INTO django_session SELECT 's' || n, '', now() - interval '1 day' FROM generate_series(1, 1000) n"
        )
    control = house.start_control()
    with stuck_cleaning(house) as job_id:
        control.kill()
    house.start_control()
    job = house.wait_for(job_id)
    assert (job["state"], job["attempt"], job["current"], job["total"]) == ("done", 2, 4, 4)
    with house.database() as database:
        assert database.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


def test_a_control_that_is_told_to_end_gives_its_job_back(house: House) -> None:
    control = house.start_control()
    with stuck_cleaning(house) as job_id:
        control.popen.terminate()
        time.sleep(1)
    control.popen.wait(15)
    job = house.job(job_id)
    assert (job["state"], job["attempt"], job["message"]) == ("queued", 1, "Control was stopped.")
    house.start_control()
    assert house.wait_for(job_id)["state"] == "done"


def test_a_worker_whose_token_was_revoked_says_so_and_rests(house: House, demo: Demo) -> None:
    demo.deliver_all_but([])
    worker = house.start_worker(token="sbay_worker_revoked")
    wait_until(lambda: "hello_not_heard" in worker.said, "it says that it is refused")
    assert "refused POST /api/workers" in worker.said
    job_id = house.start_job()
    wait_until(lambda: "job_left_to_others" in worker.said, "it says so of a job too")
    used, began = cpu_seconds(worker), time.monotonic()
    time.sleep(2)
    assert cpu_seconds(worker) - used < (time.monotonic() - began) / 4
    assert house.job(job_id)["state"] == "queued"


def cpu_seconds(process: Process) -> float:
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


# --- the schedule ----------------------------------------------------------------------------------------------------


def every_second(name: str, task: str) -> PeriodicTask:
    interval, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    return PeriodicTask.objects.create(name=name, task=task, interval=interval)


@pytest.mark.django_db(transaction=True)
def test_what_is_due_becomes_a_job_whatever_else_stands_in_the_schedule(start_control: Callable[[], Process]) -> None:
    every_second("broken", "nothing.like_it")
    cleaning = every_second("cleaning", "clean_up")
    control = start_control()
    wait_until(lambda: Job.objects.filter(kind="clean_up", state="done").exists(), control.said)
    wait_until(lambda: "schedule_names_what_cannot_run" in control.said, "the unknown one is named")
    assert "nothing.like_it" in control.said
    cleaning.delete()
    every_second("new", KIND)
    wait_until(lambda: Job.objects.filter(kind=KIND).exists(), "a new entry needs no restart")
    assert Job.objects.filter(kind=KIND).count() == 1, "one that still waits is not started a second time"
    assert "Traceback" not in control.said
