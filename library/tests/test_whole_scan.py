"""The worker's own code against the real API, on real files: found, changed, moved, gone, all in one process."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.errors import Conflict
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from core.tests.here import Here
from core.worker.client import ApiClient
from core.worker.errors import WorkerError
from core.worker.running import RunningJob
from library.models import Album, Cover, CoverImage, LibraryRoot, Lyrics, Track
from library.schemas.scan import ScanStart
from library.services.missing import note_missing
from library.services.roots import create_root
from library.services.scans import start_scans
from library.worker.scan.scanning import scan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_delivery", "media")]


@pytest.fixture
def music(tmp_path: Path, seconds_of_music: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight of the demo library's pieces, a second of each, in two folders, with what belongs to them."""
    place = tmp_path / "music"
    for path, content in sorted(seconds_of_music.items())[:8]:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    for name, value in {
        "API_URL": "http://here",
        "CELERY_BROKER_URL": "redis://x",
        "WORKER_TOKEN": "x",
        "WORKER_ROOTS": "/",
    }.items():
        monkeypatch.setenv(name, value)
    return place


@pytest.fixture
def whole_scan(music: Path, token: Callable[[str], str]) -> Callable[..., Job]:
    secret = token("worker")

    def run(**asked: Any) -> Job:
        root = LibraryRoot.objects.first() or create_root(path=str(music))
        (started,) = start_scans(asked=ScanStart(root_id=root.pk, **asked))
        api = ApiClient("http://here", secret, transport=Here(), patience_s=0)
        try:
            with RunningJob(claim_job(job_id=started.pk, worker="w"), api) as job:
                scan(job, sleep=lambda s: None)
            finish = JobFinish(attempt=1, state="done")
        except WorkerError as error:
            finish = JobFinish(attempt=1, state="failed", message=error.reason)
        finally:
            api.close()
        return finish_job(job_id=started.pk, finish=finish)

    return run


def figures(job: Job) -> dict[str, int]:
    assert job.state == Job.State.DONE, job.message
    names = ("found", "new", "changed", "unchanged", "moved", "missing", "errors")
    return {name: job.figures[name] for name in names if job.figures[name]}


def audio(music: Path) -> list[Path]:
    return sorted(path for path in music.rglob("*") if path.suffix in {".flac", ".mp3", ".opus", ".m4a", ".ogg"})


def test_everything_is_found_once_and_an_unchanged_folder_is_left_alone(
    music: Path, whole_scan: Callable[..., Job]
) -> None:
    assert figures(whole_scan()) == {"found": 8, "new": 8}
    assert Track.objects.filter(available=True).count() == 8
    assert Album.objects.count() >= 2
    before = dict(Track.objects.values_list("pk", "date_modified"))
    assert figures(whole_scan()) == {"found": 8, "unchanged": 8}
    assert figures(whole_scan(force=True)) == {"found": 8, "unchanged": 8}
    assert dict(Track.objects.values_list("pk", "date_modified")) == before


def test_files_move_and_come_and_go(music: Path, whole_scan: Callable[..., Job]) -> None:
    whole_scan()
    numbers = {track.audio_hash: track.pk for track in Track.objects.all()}
    first, second, *_rest = audio(music)
    (music / "Elsewhere").mkdir()
    first.rename(music / "Elsewhere" / f"renamed{first.suffix}")
    second.unlink()
    (music / "Elsewhere" / "cut.mp3").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x10")
    assert figures(whole_scan()) == {"found": 8, "unchanged": 6, "moved": 1, "missing": 1, "errors": 1}
    assert {track.audio_hash: track.pk for track in Track.objects.all()} == numbers
    assert Track.objects.filter(available=True).count() == 7
    assert Track.objects.get(folder="Elsewhere/").available


def test_what_was_missed_between_two_scans_is_found_by_the_next(music: Path, whole_scan: Callable[..., Job]) -> None:
    whole_scan()
    first, second, *_rest = audio(music)
    for path in (first, second):
        note_missing(track=Track.objects.get(path=str(path)))
    assert Track.objects.filter(available=True).count() == 6
    second.rename(music / f"elsewhere{second.suffix}")
    numbers = {track.audio_hash: track.pk for track in Track.objects.all()}
    whole_scan()
    assert Track.objects.filter(available=True, missing_since=None).count() == 8
    assert {track.audio_hash: track.pk for track in Track.objects.all()} == numbers


def test_pictures_and_words_come_along(music: Path, whole_scan: Callable[..., Job], media: Path) -> None:
    track = audio(music)[0]
    Image.new("RGB", (50, 50), "#345678").save(track.with_name("cover.jpg"))
    track.with_suffix(".lrc").write_text("[00:00.10]la la\n[00:00.50]la")
    whole_scan()
    assert Cover.objects.filter(entity_type="album", source="folder", shown=True).exists()
    for image in CoverImage.objects.all():
        assert list((media / "covers").rglob(f"{image.pk}.*")), "its bytes have arrived"
    assert Lyrics.objects.get().synced
    track.with_suffix(".lrc").write_text("[00:00.10]lo lo\n[00:00.50]lo")
    whole_scan()
    assert "lo lo" in Lyrics.objects.get().text


def test_a_folder_that_was_unmounted_loses_nothing(music: Path, whole_scan: Callable[..., Job]) -> None:
    whole_scan()
    music.rename(music.with_name("unmounted"))
    music.mkdir()
    job = whole_scan()
    assert (job.state, "nothing was marked" in job.message) == (Job.State.FAILED, True)
    music.rmdir()
    job = whole_scan()
    assert job.state == Job.State.FAILED
    assert Track.objects.filter(available=True).count() == 8
    music.with_name("unmounted").rename(music)
    assert figures(whole_scan()) == {"found": 8, "unchanged": 8}


def test_one_scan_of_a_root_at_a_time(music: Path) -> None:
    root = create_root(path=str(music))
    start_scans(asked=ScanStart(root_id=root.pk))
    with pytest.raises(Conflict):
        start_scans(asked=ScanStart(root_id=root.pk))
