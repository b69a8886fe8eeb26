"""A file where it lies, or a copy of it: with the real routes of the demo library, in one process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from core.services.tokens import create_token
from core.tests.worker.stand_in import Answer, StandIn
from core.worker.client import ApiClient
from core.worker.errors import ApiRefused, WorkerError
from core.worker.files import local_or_downloaded

PATH = "Low Cloud Society/Ceiling Zero/02 Ceiling Zero.flac"
MUSIC = bytes(range(256)) * 5000
File = dict[str, Any]
ADDRESS = f"/api/demo-library/files/{PATH}"


@pytest.fixture(autouse=True)
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies are made."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def api(transactional_db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ApiClient]:
    """The worker's real client before the real application."""
    settings.DEMO_FOLDER = tmp_path / "demo"  # type: ignore[attr-defined]
    transport = httpx.WSGITransport(app=get_wsgi_application())
    client = ApiClient("http://testserver", create_token(name="t", scope="worker", user=None)[1], transport=transport)
    client.patience_s = 0
    yield client
    client.close()


@pytest.fixture
def file(api: ApiClient) -> File:
    return {**api.put_bytes(ADDRESS, MUSIC), "address": ADDRESS}


def given(file: File) -> File:
    """What a task knows of it."""
    return {name: file[name] for name in ("location", "size", "mtime_ns", "address")}


def test_the_same_file_is_read_where_it_lies(api: ApiClient, file: File, downloads: Path) -> None:
    with local_or_downloaded(api, **given(file)) as path:
        assert path == Path(file["location"])
        assert list(downloads.iterdir()) == []
    assert path.read_bytes() == MUSIC


@pytest.mark.parametrize(
    "other",
    [
        {"mtime_ns": 1},
        {"location": None},
        {"location": "/nowhere/at/all.flac"},
        {"location": "nul\0.flac"},
        {"location": "\udcff.flac"},
        {"location": "x" * 5000},
        {"location": "/tmp"},
    ],
)
def test_any_other_is_downloaded_and_gone_afterwards(api: ApiClient, file: File, downloads: Path, other: File) -> None:
    with local_or_downloaded(api, **{**given(file), **other}) as path:
        assert path.parent == downloads
        assert path.suffix == Path(PATH).suffix
        assert path.read_bytes() == MUSIC
    assert list(downloads.iterdir()) == []


def test_a_local_file_of_another_size_is_not_the_same_file(api: ApiClient, file: File) -> None:
    """The local one was changed under its old time; the server has not noticed yet, and serves what it has."""
    with (
        pytest.raises(WorkerError, match="it changed meanwhile") as changed,
        local_or_downloaded(api, **{**given(file), "size": 9}),
    ):
        raise AssertionError("a file of another size was handed out")
    assert changed.value.retry


def test_a_copy_is_gone_also_when_the_work_on_it_fails(api: ApiClient, file: File, downloads: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        local_or_downloaded(api, **{**given(file), "location": None}) as path,
    ):
        raise ZeroDivisionError(path)
    assert list(downloads.iterdir()) == []


def test_a_file_that_the_server_lost_is_refused_and_leaves_nothing(api: ApiClient, file: File, downloads: Path) -> None:
    Path(file["location"]).unlink()
    with pytest.raises(ApiRefused, match="not been made"), local_or_downloaded(api, **given(file)):
        raise AssertionError("a lost file was handed out")
    assert list(downloads.iterdir()) == []


def test_a_download_that_breaks_off_is_never_handed_out_short(
    server: StandIn, connect: Callable[..., ApiClient], downloads: Path
) -> None:
    server.queue.extend(Answer(200, MUSIC, cut_after=n) for n in (1, 100_000, len(MUSIC) - 1))
    server.queue.append(Answer(200, MUSIC))
    with local_or_downloaded(
        connect(server.url), location=None, size=len(MUSIC), mtime_ns=0, address="/tracks/1/file.mp3"
    ) as path:
        assert path.read_bytes() == MUSIC
    assert list(downloads.iterdir()) == []
