"""Files that this machine does not see: fetched ahead, once each, and gone when nobody needs them."""

import os
from pathlib import Path

import httpx
import pytest

from analysis.schemas.work import TrackToDo
from analysis.worker.fetching import Fetcher
from core.worker.client import ApiClient
from tests.processes import wait_until

CONTENT = b"music" * 1000


class Server(httpx.BaseTransport):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if "gone" in request.url.path:
            return httpx.Response(404, json={"code": "not_found", "message": "The file is not there just now."})
        return httpx.Response(200, content=CONTENT)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def fetcher(server: Server) -> Fetcher:
    return Fetcher(lambda: ApiClient("http://server", "secret", transport=server, patience_s=0))


def track(number: int, location: str = "/elsewhere/whole.flac", **over: object) -> TrackToDo:
    known = {
        "track_id": number,
        "title": "",
        "location": location,
        "address": f"/audio/{number}.flac",
        "duration_ms": 1,
    }
    told = {"file_size": len(CONTENT), "file_mtime_ns": 10**18, "start_ms": None, "end_ms": None}
    return TrackToDo.model_validate({**known, **told, **over})


def test_parts_of_one_file_are_fetched_once_and_the_copy_goes_with_the_last(fetcher: Fetcher, server: Server) -> None:
    one, other = track(1), track(2)
    fetcher.want([one, other])
    wait_until(lambda: fetcher.found(other), "it is here")
    found = fetcher.found(one)
    assert isinstance(found, TrackToDo)
    assert found.location
    assert Path(found.location).read_bytes() == CONTENT
    fetcher.want([other])
    assert len(server.asked) == 1
    copies = list(fetcher.copies.values())
    fetcher.let_go(one)
    assert copies[0].path
    assert copies[0].path.exists()
    fetcher.let_go(other)
    assert not copies[0].path.exists()
    fetcher.close()


def test_what_cannot_be_had_says_why(fetcher: Fetcher) -> None:
    gone = track(1, address="/gone.flac")
    short = track(2, "/elsewhere/short.flac", file_size=7)
    fetcher.want([gone, short])
    assert "not there" in wait_until(lambda: fetcher.found(gone), "it is given up")
    assert "changed meanwhile" in wait_until(lambda: fetcher.found(short), "it is given up")
    fetcher.close()


def test_a_file_that_is_seen_is_left_where_it_lies(fetcher: Fetcher, server: Server, tmp_path: Path) -> None:
    (tmp_path / "here.flac").write_bytes(CONTENT)
    os.utime(tmp_path / "here.flac", ns=(10**18, 10**18))
    here = track(1, str(tmp_path / "here.flac"))
    fetcher.want([here])
    assert fetcher.found(here) == here
    assert not server.asked
    fetcher.close()
