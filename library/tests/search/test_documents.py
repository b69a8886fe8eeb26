"""How words get into search, and stay in step with the library."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from core.cache import invalidate
from core.database_jobs import DatabaseJob, next_waiting, run_job
from core.models import Job
from core.signals import job_ended
from library.models import Album, Artist, Lyrics, SearchDocument, SearchName, SearchWord, Track
from library.schemas.scan import SCAN_KIND
from library.selectors.search.results import search
from library.selectors.search.staleness import stale_tracks
from library.services import search_healing
from library.services.search_documents import refresh_search_documents, refresh_search_names
from library.services.search_healing import AT_ONCE, DURING_SCANS_S, KIND, heal_search, update_search
from library.signals import Merged, artists_merged, tracks_changed
from library.tests.factories import make_album, make_artist, make_root, make_track

pytestmark = pytest.mark.django_db


class Standing(DatabaseJob):
    """A job that nobody watches."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}
        self.why_stop = None

    def progress(self, step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        self.figures.update(figures)


def heal() -> dict[str, Any]:
    job = Standing()
    heal_search(job, pause=lambda seconds: None)
    return job.figures


def titles(query: str) -> list[str]:
    invalidate("search")
    return [hit.title for hit in search(query).tracks.items]


def names(query: str) -> list[str]:
    invalidate("search")
    return [hit.name for hit in search(query).artists.items]


def test_words_are_kept_by_where_they_come_from() -> None:
    track = make_track("Jóga", make_artist("Björk"), make_album("Homogenic", year=1997), genres=["Art Pop"])
    refresh_search_documents(track_ids=[track.pk])
    document = SearchDocument.objects.get(track=track)
    assert document.title == "joga"
    assert document.words == {"title": "joga", "artists": "bjork", "album": "homogenic", "genres": "art pop"}
    assert SearchName.objects.filter(name="bjork", kind="artist").exists()
    assert SearchWord.objects.get(word="bjork").of_names
    assert not SearchWord.objects.get(word="joga").of_names


def test_a_thousand_tracks_take_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    album = make_album()
    ids = [make_track(album=album).pk for _ in range(30)]
    with django_assert_num_queries(14):
        refresh_search_documents(track_ids=ids[:1])
    with django_assert_num_queries(14):
        refresh_search_documents(track_ids=ids)


def test_hostile_tags_become_words() -> None:
    for title in ("'; --", "a\\'b", "x" * 5000, "\u202e\u2066", "", " ", "%", "🎵", "word " * 5000):
        track = make_track(title, artist=make_artist(title[:300] or "?"))
        refresh_search_documents(track_ids=[track.pk])
    assert SearchDocument.objects.count() == 9


def test_what_is_new_is_found_at_once() -> None:
    track = make_track("Nightswimming")
    tracks_changed.send(Track, track_ids=[track.pk])
    assert titles("nightswim") == ["Nightswimming"]


def test_a_change_is_found_at_once() -> None:
    track = make_track("Old Name")
    update_search(track_ids=[track.pk])
    Track.objects.filter(pk=track.pk).update(title="New Name")
    tracks_changed.send(Track, track_ids=[track.pk])
    assert titles("new") == ["New Name"]
    assert titles("old") == []


def test_a_renamed_artist_is_found_with_all_tracks() -> None:
    artist = make_artist("Prinze")
    update_search(track_ids=[make_track("Kiss", artist).pk])
    artist.name = "Symbol"
    artist.save()
    assert names("symbol") == ["Symbol"]
    assert titles("symbol") == ["Kiss"]
    assert names("prinze") == ["Symbol"], "its files still call it so"


def test_an_artist_without_tracks_is_found() -> None:
    make_artist("Nobody Yet")
    assert names("nobody") == ["Nobody Yet"]


def test_what_was_deleted_is_not_found() -> None:
    artist = make_artist("Gone Tomorrow")
    album = make_album("Still Here")
    artist.delete()
    assert names("gone") == []
    Album.objects.filter(pk=album.pk).update(title="Renamed Behind Our Back")
    refresh_search_names(album_ids=[album.pk])
    assert SearchName.objects.get(kind="album", entity_id=album.pk).name == "renamed behind our back"


def test_merged_artists_are_found_under_both_names(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    kept, gone = make_artist("Prince"), make_artist("The Artist Formerly Known")
    track = make_track("Kiss", gone)
    update_search(track_ids=[track.pk])
    with django_capture_on_commit_callbacks(execute=True):
        artists_merged.send(Artist, merges=[Merged(kept_id=kept.pk, gone_id=gone.pk)])
        track.track_artists.update(artist=kept)
        Track.objects.update(track_artist=kept)
        gone.keys.update(artist=kept)
        Artist.objects.filter(pk=gone.pk).delete()
    assert names("formerly") == ["Prince"]
    assert titles("prince") == ["Kiss"]


def many_tracks() -> list[int]:
    album = make_album("Long Tape")
    row = Track.objects.get(pk=make_track("Side 0", album=album).pk)
    rows = [row]
    for number in range(AT_ONCE):
        copy = Track.objects.get(pk=row.pk)
        copy.pk, copy.title = None, f"Side {number + 1}"
        rows.append(copy)
    Track.objects.bulk_create(rows[1:])
    return list(Track.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_large_batch_leaves_its_words_to_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_healing, "GRACE_S", 0.0)
    ids = many_tracks()
    refresh_search_documents(track_ids=ids[:50])
    with transaction.atomic():
        tracks_changed.send(Track, track_ids=ids)
    assert set(stale_tracks(thoroughly=False)) == set(ids)
    job = next_waiting()
    assert job
    assert job.claimed.kind == KIND
    run_job(job)
    assert Job.objects.get(pk=job.claimed.id).state == Job.State.DONE
    assert SearchDocument.objects.count() == len(ids)
    assert stale_tracks(thoroughly=True) == []


def test_a_job_that_may_have_looked_past_a_batch_is_followed_by_another(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ids = many_tracks()
    for expected in (1, 2, 2):
        with django_capture_on_commit_callbacks(execute=True):
            update_search(track_ids=ids)
        assert Job.objects.filter(kind=KIND).count() == expected


def test_a_scan_is_not_slowed_down_and_its_words_come_when_it_ends(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ids = many_tracks()
    root = make_root()
    scan = Job.objects.create(
        kind=SCAN_KIND, queue="files", subject=str(root.pk), state=Job.State.RUNNING, started_at=timezone.now()
    )

    def asked() -> int:
        return Job.objects.filter(kind=KIND).count()

    with django_capture_on_commit_callbacks(execute=True):
        update_search(track_ids=ids)
    assert asked() == 0
    Job.objects.filter(pk=scan.pk).update(started_at=timezone.now() - timedelta(seconds=DURING_SCANS_S + 1))
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            update_search(track_ids=ids)
        assert asked() == 1
    Job.objects.filter(kind=KIND).delete()
    for figures, expected in (({"new": 0, "changed": 0}, 0), ({"new": 1}, 1)):
        Job.objects.filter(pk=scan.pk).update(state=Job.State.DONE, figures=figures)
        scan.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            job_ended.send(Job, job=scan)
        assert asked() == expected


def test_healing_finds_what_nobody_told_of() -> None:
    artist = make_artist("Before")
    track = make_track("Here", artist, make_album("There"))
    assert heal()["tracks"] == 1
    Artist.objects.filter(pk=artist.pk).update(name="After", date_modified=track.date_modified.replace(year=2099))
    heal()
    assert names("after") == ["After"]
    assert titles("after") == ["Here"]


@pytest.mark.parametrize("change", ["title", "album", "lyrics", "genre"])
def test_healing_sees_whatever_is_newer_than_its_words(change: str) -> None:
    track = make_track("Here", album=make_album("There"), genres=["Dub"])
    heal()
    assert stale_tracks(thoroughly=True) == []
    assert track.album
    changes: dict[str, Callable[[], object]] = {
        "title": track.save,
        "album": track.album.save,
        "lyrics": lambda: Lyrics.objects.create(track=track, text="la la la"),
        "genre": track.genres.get().save,
    }
    changes[change]()
    assert stale_tracks(thoroughly=True) == [track.pk]


def test_healing_twice_does_nothing_the_second_time() -> None:
    make_track()
    assert heal() == {"tracks": 1, "names": 0}
    assert heal() == {"tracks": 0, "names": 0}


def test_healing_counts_and_sweeps() -> None:
    artist = make_artist("Counted")
    for title in ("Alpha", "Beta", "Betamax"):
        make_track(title, artist)
    SearchName.objects.create(kind="album", entity_id=10**9, name="ghost")
    SearchWord.objects.create(word="ghost")
    heal()
    assert SearchName.objects.get(kind="artist", entity_id=artist.pk).tracks == 3
    assert SearchWord.objects.get(word="counted").documents == 3
    assert not SearchName.objects.filter(name="ghost").exists()
    assert not SearchWord.objects.filter(word="ghost").exists()


def test_the_schedule_heals_by_the_hour() -> None:
    PeriodicTask.objects.all().delete()
    import_module("library.migrations.0011_search").plan(apps, None)
    task = PeriodicTask.objects.get(task=KIND)
    assert task.enabled
    assert task.crontab.hour == "*"
