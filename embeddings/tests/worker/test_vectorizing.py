"""Vectors made by a real worker against the real API."""

import struct
from collections.abc import Callable

import pytest
from django.utils import timezone

from analysis.models import TrackAudioFeatures, TrackDescriptors
from core.models import Job
from embeddings.models import ArtistEmbedding, EmbeddingModel, EmbeddingState, TrackEmbeddings
from embeddings.selectors.searching import nearest
from embeddings.selectors.vectors import get_models_statistics
from embeddings.services.artists import settle_artists
from embeddings.services.following import note_all_changed
from embeddings.services.vectorizing import start_vectorizing
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_album, make_artist, make_track

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., Job]


@pytest.fixture(autouse=True)
def _no_delivery(no_delivery: None) -> None:
    """The test is the worker."""


def start(what: str = "outstanding") -> Job:
    job, _tracks = start_vectorizing(what=what)  # type: ignore[arg-type]
    assert job is not None
    return job


def describe(track_id: int, seed: float) -> None:
    held = struct.pack("<648e", *((place * seed) % 3.0 - 1.0 for place in range(1, 649)))
    TrackDescriptors.objects.create(track_id=track_id, vector=held, version=1)


def test_words_and_sound_become_vectors_and_artists_follow(vectorized: Run) -> None:
    artist = make_artist("Moss")
    one = make_track("Low tide", artist=artist, album=make_album(artist=artist), genres=["Ambient"])
    other = make_track("Loud", genres=["Heavy Metal"])
    describe(one.pk, 0.7)
    job = vectorized(start())
    assert (job.state, job.current) == (Job.State.DONE, 3), job.message
    assert (job.figures["vectors"], job.figures["unchanged"], job.figures["without"]) == (3, 0, 0)
    assert set(TrackEmbeddings.objects.values_list("track", "embedding_type")) == {
        (one.pk, "text"),
        (other.pk, "text"),
        (one.pk, "audio"),
    }
    assert set(EmbeddingModel.objects.filter(serving=True).values_list("embedding_type", flat=True)) == {
        "text",
        "audio",
    }
    assert [track for track, _score in nearest(one.pk, kind="text", limit=5)] == [other.pk]
    settle_artists()
    assert ArtistEmbedding.objects.filter(artist=artist).count() == 2
    statistics = get_models_statistics()
    assert (statistics.missing, statistics.stale) == ({"text": 0, "audio": 0}, {"text": 0, "audio": 0})
    assert start_vectorizing() == (None, 0)


def test_only_what_has_other_words_is_written_again(vectorized: Run) -> None:
    track, other = make_track("Low tide", genres=["Ambient"]), make_track("Loud", genres=["Rock"])
    refresh_search_documents(track_ids=[track.pk, other.pk])
    vectorized(start())
    before = dict(TrackEmbeddings.objects.values_list("track", "date_modified"))
    track.title = "High tide"
    track.save()
    refresh_search_documents(track_ids=[track.pk, other.pk])
    assert note_all_changed() == 2
    job = vectorized(start())
    assert (job.figures["vectors"], job.figures["unchanged"]) == (1, 1)
    after = dict(TrackEmbeddings.objects.values_list("track", "date_modified"))
    assert after[other.pk] == before[other.pk]
    assert after[track.pk] > before[track.pk]
    assert not EmbeddingState.objects.filter(due=True).exists()


def test_what_the_analysis_finds_is_part_of_the_words(vectorized: Run) -> None:
    track = make_track("Low tide", genres=["Ambient"])
    vectorized(start())
    TrackAudioFeatures.objects.create(track=track, energy=0.9, bpm=140.0)
    assert note_all_changed() == 1
    assert vectorized(start()).state == Job.State.DONE


def test_all_makes_every_vector_anew_and_writes_none_that_stays(vectorized: Run) -> None:
    make_track("Low tide", genres=["Ambient"])
    vectorized(start())
    before = TrackEmbeddings.objects.get().date_modified
    job = vectorized(start("all"))
    assert (job.figures["vectors"], job.current) == (1, 1)
    assert TrackEmbeddings.objects.get().date_modified == before
    assert EmbeddingState.objects.get().at < timezone.now()
