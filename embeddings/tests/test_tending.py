"""What control keeps in order: indexes, models that answer, artists; what merges leaves; what the doctor says of it."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.database_jobs import DatabaseJob
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job, start_job
from embeddings.models import ArtistEmbedding, EmbeddingModel, EmbeddingState, TrackEmbeddings
from embeddings.schemas.vectors import EmbeddingIn
from embeddings.selectors import doctor
from embeddings.selectors.encoders import serving
from embeddings.services import serving as indexes
from embeddings.services.artists import settle_artists
from embeddings.services.encoder import change_encoder
from embeddings.services.following import note_changed
from embeddings.services.tending import start_tending, tend
from embeddings.services.writing import create_or_update
from library.models import Track
from library.schemas.tracks import TrackUpdate
from library.services.tracks import update_track
from library.signals import Merged, artists_merged, tracks_merged
from library.tests.factories import make_artist, make_track

Made = Callable[[int], list[float]]
MODEL = "soniquebay-text-1"


@pytest.fixture(autouse=True)
def _no_delivery(no_delivery: None) -> None:
    """Nobody takes the jobs."""


def give(track: Track, vector: list[float], model: str = MODEL, kind: str = "text") -> TrackEmbeddings:
    indexes.note_model(kind=kind, model=model, source="soniquebay")
    data = EmbeddingIn(vector=vector, embedding_type=kind, embedding_model=model, embedding_source="soniquebay")
    EmbeddingState.objects.get_or_create(track=track, embedding_type=kind, embedding_model=model)
    return create_or_update(track_id=track.pk, data=data)


def tended() -> None:
    job = start_tending(start=False)
    assert job is not None
    tend(DatabaseJob(claim_job(job_id=job.pk, worker="control")))
    finish_job(job_id=job.pk, finish=JobFinish(attempt=1, state="done"))


def index_names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'idx_hnsw_%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_an_index_comes_with_many_vectors_and_goes_with_few(vector: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    tracks = [make_track() for _ in range(4)]
    for number, track in enumerate(tracks):
        give(track, vector(number))
    tended()
    assert not serving("text").indexed
    monkeypatch.setattr(indexes, "INDEXED_FROM", 4)
    monkeypatch.setattr(indexes, "INDEXED_UNTIL", 3)
    tended()
    assert serving("text").indexed
    assert index_names() == {EmbeddingModel.objects.get().index_name}
    assert any("finds 100.0%" in finding.detail for finding in doctor.vectors())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {EmbeddingModel.objects.get().index_name}")
    assert any("broken or gone" in finding.detail for finding in doctor.vectors())
    tended()
    assert index_names()
    TrackEmbeddings.objects.exclude(track=tracks[0]).delete()
    tended()
    assert not serving("text").indexed
    assert not index_names()


@pytest.mark.django_db
def test_the_doctor_misses_an_index(vector: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    give(make_track(), vector(1))
    monkeypatch.setattr(doctor, "INDEXED_FROM", 1)
    assert any("have no index" in finding.detail for finding in doctor.vectors())


@pytest.mark.django_db
def test_artists_lie_where_their_tracks_do_and_are_written_only_when_they_move(vector: Made) -> None:
    artist = make_artist("Moss")
    one, other = make_track(artist=artist), make_track(artist=artist)
    give(one, vector(1))
    before = ArtistEmbedding.objects.get()
    assert before.tracks == 1
    assert settle_artists() == 0
    give(other, vector(2))
    after = ArtistEmbedding.objects.get()
    assert after.tracks == 2
    assert list(after.vector) != list(before.vector)
    TrackEmbeddings.objects.all().delete()
    assert settle_artists() == 1
    assert not ArtistEmbedding.objects.exists()


@pytest.mark.django_db
def test_vectors_that_cancel_each_other_out_make_no_artist(vector: Made) -> None:
    artist = make_artist("Moss")
    give(make_track(artist=artist), vector(1))
    give(make_track(artist=artist), [-value for value in vector(1)])
    assert not ArtistEmbedding.objects.exists()


@pytest.mark.django_db
def test_a_track_that_stays_gets_what_it_lacks_of_the_one_that_goes(vector: Made) -> None:
    kept, gone = make_track(), make_track()
    mine = give(kept, vector(1))
    give(gone, vector(2))
    give(gone, vector(3), model="soniquebay-audio-1", kind="audio")
    tracks_merged.send(Track, merges=[Merged(kept_id=kept.pk, gone_id=gone.pk)])
    gone.delete()
    rows = {row.embedding_type: row for row in TrackEmbeddings.objects.filter(track=kept)}
    assert set(rows) == {"text", "audio"}
    assert rows["text"].pk == mine.pk
    assert EmbeddingState.objects.filter(track=kept).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_artist_who_stays_lies_where_the_tracks_of_both_do(vector: Made) -> None:
    artist = make_artist("Moss")
    give(make_track(artist=artist), vector(1))
    ArtistEmbedding.objects.all().delete()
    artists_merged.send(Track, merges=[Merged(kept_id=artist.pk, gone_id=artist.pk + 1)])
    assert ArtistEmbedding.objects.get().artist_id == artist.pk


@pytest.mark.django_db
def test_a_model_answers_only_when_it_has_seen_every_track(vector: Made) -> None:
    tracks = [make_track(), make_track()]
    for track in tracks:
        give(track, vector(track.pk))
    change_encoder(encoder="ollama", automatic=False)
    other = "ollama/nomic-embed-text/p1"
    give(tracks[0], vector(7), model=other)
    indexes.settle_models()
    assert serving("text").model == MODEL
    give(tracks[1], vector(8), model=other)
    indexes.settle_models()
    assert serving("text").model == other
    assert set(TrackEmbeddings.objects.values_list("embedding_model", flat=True)) == {other}
    assert set(ArtistEmbedding.objects.values_list("embedding_model", flat=True)) == {other}


@pytest.mark.django_db
def test_what_has_changed_is_noted_for_the_next_time(vector: Made) -> None:
    track = make_track()
    give(track, vector(1))
    note_changed(track_ids=[track.pk])
    assert EmbeddingState.objects.get().due


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("automatic", "jobs"), [(True, 1), (False, 0)])
def test_after_a_scan_control_looks_for_what_is_missing(automatic: bool, jobs: int) -> None:
    change_encoder(automatic=automatic)
    Job.objects.all().delete()
    scan = start_job(kind="library.demo_library")
    scan.kind = "library.scan"
    scan.save()
    claim_job(job_id=scan.pk, worker="here")
    finish_job(job_id=scan.pk, finish=JobFinish(attempt=1, state="done"))
    assert Job.objects.filter(kind="embeddings.tend").count() == jobs


@pytest.mark.django_db(transaction=True)
def test_a_correction_by_hand_is_followed_at_once_and_a_scan_at_its_end() -> None:
    track = make_track("Low tide")
    scan = start_job(kind="library.demo_library")
    Job.objects.filter(pk=scan.pk).update(kind="library.scan")
    update_track(track_id=track.pk, data=TrackUpdate(title="High tide"))
    assert not Job.objects.filter(kind="embeddings.tend").exists()
    Job.objects.filter(pk=scan.pk).delete()
    update_track(track_id=track.pk, data=TrackUpdate(title="Spring tide"))
    assert Job.objects.filter(kind="embeddings.tend").count() == 1


@pytest.mark.django_db
def test_the_command_starts_what_is_missing_once() -> None:
    make_track()
    said = StringIO()
    call_command("vectorize", stderr=said)
    assert "1 vectors are to be made" in said.getvalue()
    with pytest.raises(CommandError, match="already"):
        call_command("vectorize")
    assert Job.objects.filter(kind="embeddings.vectorize").count() == 1


@pytest.mark.django_db
def test_the_command_says_when_there_is_nothing_to_do() -> None:
    said: Any = StringIO()
    call_command("vectorize", "--json", stdout=said, stderr=StringIO())
    assert said.getvalue().strip() == '{"vectors": 0, "unchanged": 0, "without": 0, "refused": 0}'
