"""A clock that costs no time, and servers of the test's own."""

import socket
from collections.abc import Callable, Iterator

import pytest

from core.schemas import ClaimedJob
from core.tests.worker.stand_in import JobServer, StandIn
from core.worker.client import ApiClient
from core.worker.running import RunningJob


class Clock:
    """Sleeping moves it on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


@pytest.fixture
def job_server() -> Iterator[JobServer]:
    server = JobServer()
    yield server
    server.close()


@pytest.fixture
def closed_address() -> str:
    """Where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[..., ApiClient]]:
    """Makes clients whose pauses cost no time."""
    made: list[ApiClient] = []

    def make(url: str, *, patience_s: float = 60) -> ApiClient:
        made.append(ApiClient(url, "sbay_worker_secret", patience_s=patience_s, clock=clock, sleep=clock.sleep))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def running(job_server: JobServer, connect: Callable[..., ApiClient]) -> RunningJob:
    return RunningJob(ClaimedJob.model_validate(job_server.job), connect(job_server.url))
