"""The worker's client against a server that fails in every way that servers fail."""

import gc
import io
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.tests.worker.conftest import Clock
from core.tests.worker.stand_in import AWAY, Answer, StandIn, as_json, refusal
from core.worker.client import LONGEST_PAUSE_S, ApiClient
from core.worker.errors import ApiAway, ApiRefused, JobLost

Connect = Callable[..., ApiClient]
MUSIC = bytes(range(256)) * 4096


def test_what_may_pass_is_asked_again_with_growing_pauses_and_jitter(
    server: StandIn, connect: Connect, clock: Clock
) -> None:
    server.queue.extend([AWAY, refusal(500), refusal(429), refusal(502), as_json({"found": 7})])
    assert connect(server.url).get("/api/thing") == {"found": 7}
    assert len(server.asked) == 5
    for attempt, pause in enumerate(clock.slept):
        assert 0.125 * 2**attempt <= pause <= 0.25 * 2**attempt


def test_two_workers_that_failed_together_come_back_apart(connect: Connect, closed_address: str) -> None:
    pauses = {connect(closed_address)._pause(attempt, OSError()) for attempt in (3, 3, 3, 3)}
    assert len(pauses) == 4


def test_the_server_says_how_long_to_wait(server: StandIn, connect: Connect, clock: Clock) -> None:
    server.queue.append(refusal(503, Retry_After="7"))
    connect(server.url).get("/api/thing")
    assert 7 < clock.slept[0] < 9


@pytest.mark.parametrize("header", ["86400", "-1", "²", "Fri, 31 Dec 2027 23:59:59 GMT", ""])
def test_a_wait_that_makes_no_sense_is_not_waited(server: StandIn, connect: Connect, clock: Clock, header: str) -> None:
    answer = Answer(503, b"", {"Retry-After": header.encode().decode("latin-1")})
    server.queue.append(answer)
    connect(server.url).get("/api/thing")
    assert clock.slept[0] <= LONGEST_PAUSE_S + 1


@pytest.mark.parametrize("seed", range(8))
def test_patience_ends_with_a_reason(
    server: StandIn, connect: Connect, clock: Clock, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the pauses or the breaker use up the last of it."""
    monkeypatch.setattr("core.worker.client.random", random.Random(seed))
    server.script = lambda asked: AWAY
    began = clock.now
    with pytest.raises(ApiAway) as end:
        connect(server.url, patience_s=60).get("/api/thing")
    assert end.value.retry
    assert "GET /api/thing" in end.value.reason
    assert "503" in end.value.reason
    assert 30 < clock.now - began <= 60


def test_a_server_that_is_not_there_is_waited_for(connect: Connect, closed_address: str, clock: Clock) -> None:
    with pytest.raises(ApiAway, match=r"gave up after|has been away"):
        connect(closed_address).get("/api/thing")
    assert len(clock.slept) > 5


def test_a_worker_that_is_told_to_end_waits_no_longer(connect: Connect, closed_address: str, clock: Clock) -> None:
    client = connect(closed_address, patience_s=300)
    client.hurry()
    began = clock.now
    with pytest.raises(ApiAway):
        client.get("/api/thing")
    assert clock.now - began <= 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 301])
def test_a_refusal_is_final_and_says_why(server: StandIn, connect: Connect, status: int, clock: Clock) -> None:
    server.queue.append(refusal(status, "This token was revoked.", Location="/elsewhere"))
    with pytest.raises(ApiRefused) as refused:
        connect(server.url).post("/api/thing", {"a": 1})
    assert (refused.value.status, refused.value.code, refused.value.retry) == (status, "refused", False)
    assert "This token was revoked." in refused.value.reason
    assert len(server.asked) == 1
    assert clock.slept == []


@pytest.mark.parametrize("status", [404, 409])
def test_a_job_that_is_somebody_elses_is_lost(server: StandIn, connect: Connect, status: int) -> None:
    server.queue.append(refusal(status))
    with pytest.raises(JobLost):
        connect(server.url).post("/api/jobs/1/report", {})


def test_a_page_in_place_of_json_is_somebody_in_between(server: StandIn, connect: Connect) -> None:
    server.queue.append(Answer(200, b"<html>The router asks you to sign in.</html>"))
    assert connect(server.url).get("/api/thing") == {}
    assert len(server.asked) == 2


def test_an_answer_may_be_empty(server: StandIn, connect: Connect) -> None:
    server.queue.append(Answer(204, b""))
    assert connect(server.url).post("/api/workers", {}) is None


def test_what_was_sent_is_let_go_at_once(server: StandIn, connect: Connect) -> None:
    """And not when the collector comes, which our processes call seldom: pictures are sent by the megabyte."""
    content = bytes(100_000)
    api = connect(server.url)
    gc.disable()
    try:
        before = sys.getrefcount(content)
        for _ in range(2):
            api.put_bytes("/api/covers", content)
        assert sys.getrefcount(content) == before
    finally:
        gc.enable()


def test_requests_carry_the_token_and_go_past_the_proxy_of_the_environment(
    server: StandIn, connect: Connect, monkeypatch: pytest.MonkeyPatch, closed_address: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", closed_address)
    connect(server.url + "/").put_bytes("/api/files/Café & Thé/01.flac", MUSIC)
    (asked,) = server.asked
    assert asked.headers["Authorization"] == "Bearer sbay_worker_secret"
    assert (asked.method, asked.body) == ("PUT", MUSIC)
    assert asked.path == "/api/files/Caf%C3%A9%20&%20Th%C3%A9/01.flac"


def test_after_five_failures_nobody_asks_for_a_while_then_one_asks_for_all(
    server: StandIn, connect: Connect, clock: Clock
) -> None:
    client = connect(server.url, patience_s=0)
    server.script = lambda asked: AWAY
    for _ in range(5):
        with pytest.raises(ApiAway, match="gave up"):
            client.get("/api/thing")
    for _ in range(20):
        with pytest.raises(ApiAway, match="not asked"):
            client.get("/api/thing")
    assert len(server.asked) == 5
    clock.now += 2
    server.script = lambda asked: Answer()
    client.get("/api/thing")
    client.get("/api/thing")
    assert len(server.asked) == 7


def test_a_refusal_means_that_the_server_is_well(server: StandIn, connect: Connect) -> None:
    client = connect(server.url, patience_s=0)
    for answer in [AWAY] * 4 + [refusal(422)] + [AWAY] * 4:
        server.queue.append(answer)
        with pytest.raises((ApiAway, ApiRefused)):
            client.get("/api/thing")
    assert len(server.asked) == 9


def test_what_one_request_suffers_does_not_hold_the_others_back(server: StandIn, connect: Connect) -> None:
    client = connect(server.url, patience_s=0)
    server.queue.extend([refusal(500)] * 9)
    for _ in range(9):
        with pytest.raises(ApiAway, match="gave up"):
            client.get("/api/broken")
    client.post("/api/jobs/1/report")
    assert len(server.asked) == 10


def test_a_download_that_breaks_off_begins_again_and_is_whole(
    server: StandIn, connect: Connect, tmp_path: Path
) -> None:
    server.queue.extend([Answer(200, MUSIC, cut_after=700_000), AWAY, Answer(200, MUSIC, cut_after=10)])
    server.queue.append(Answer(200, MUSIC))
    with (tmp_path / "copy").open("w+b") as target:
        assert connect(server.url).download("/file", target) == len(MUSIC)
        target.seek(0)
        assert target.read() == MUSIC
    assert len(server.asked) == 4


def test_a_shorter_file_after_a_longer_one_leaves_no_rest(server: StandIn, connect: Connect) -> None:
    target = io.BytesIO()
    server.queue.extend([Answer(200, MUSIC, cut_after=500_000), Answer(200, b"short")])
    assert connect(server.url).download("/file", target) == 5
    assert target.getvalue() == b"short"


def test_a_short_file_is_never_handed_out(server: StandIn, connect: Connect) -> None:
    server.script = lambda asked: Answer(200, MUSIC, cut_after=len(MUSIC) - 1)
    with pytest.raises(ApiAway):
        connect(server.url).download("/file", io.BytesIO())


def test_a_file_that_is_not_there_is_not_asked_for_again(server: StandIn, connect: Connect) -> None:
    server.queue.append(refusal(404, "There is no such file."))
    with pytest.raises(ApiRefused, match="no such file"):
        connect(server.url).download("/file", io.BytesIO())
    assert len(server.asked) == 1


def test_a_long_download_that_breaks_off_has_not_used_up_the_patience(
    server: StandIn, connect: Connect, clock: Clock
) -> None:
    class SlowDisk(io.BytesIO):
        def write(self, content: object) -> int:
            clock.now += 100
            return super().write(content)  # type: ignore[arg-type]

    server.queue.extend([Answer(200, MUSIC, cut_after=900_000), Answer(200, MUSIC)])
    assert connect(server.url, patience_s=60).download("/file", SlowDisk()) == len(MUSIC)


def test_threads_share_a_client(server: StandIn, connect: Connect) -> None:
    client = connect(server.url)
    server.script = lambda asked: as_json(asked.path)
    answers: list[bool] = []

    def ask(number: int) -> None:
        answers.extend(client.get(f"/{number}/{turn}") == f"/{number}/{turn}" for turn in range(20))

    threads = [threading.Thread(target=ask, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 160
