"""What is near: the same answer by whatever way it is found."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from core.errors import InvalidInput, NotFound
from embeddings.models import EmbeddingModel, TrackEmbeddings
from embeddings.schemas.vectors import EmbeddingIn
from embeddings.selectors.searching import (
    find_similar,
    find_similar_batch,
    find_similar_by_track_id,
    find_tracks_in_vector_range,
    nearest,
    nearest_batch,
)
from embeddings.selectors.vectors import get_average_vector, get_tracks_without_embeddings, vectors_of
from embeddings.services.serving import build_index, note_model
from embeddings.services.writing import create_or_update
from library.models import Track
from library.tests.factories import make_album, make_track

pytestmark = pytest.mark.django_db
Made = Callable[[int], list[float]]
MODEL = "soniquebay-text-1"


@pytest.fixture
def tracks(vector: Made) -> list[Track]:
    """Forty, each a little further from the first."""
    note_model(kind="text", model=MODEL, source="soniquebay")
    album = make_album()
    made = [make_track(f"Track {place}", album=album, year_number=1960 + place) for place in range(40)]
    first, other = vector(1), vector(2)
    for place, track in enumerate(made):
        mixed = [a + b * place / 20 for a, b in zip(first, other, strict=True)]
        create_or_update(
            track_id=track.pk, data=EmbeddingIn(vector=mixed, embedding_type="text", embedding_model=MODEL)
        )
    return made


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [track for track, _score in found]


def test_the_nearest_come_first_and_a_track_is_not_near_itself(tracks: list[Track], vector: Made) -> None:
    numbers = [track.pk for track in tracks]
    assert ids(nearest(vector(1), kind="text", limit=5)) == numbers[:5]
    assert ids(nearest(numbers[0], kind="text", limit=5)) == numbers[1:6]
    assert nearest(vector(1), kind="text", limit=1)[0][1] == pytest.approx(1, abs=1e-5)


@pytest.mark.django_db(transaction=True)
def test_an_index_finds_the_same_also_through_a_filter(tracks: list[Track], vector: Made) -> None:
    late = Q(year_number__gte=1990)
    exactly = nearest(vector(1), kind="text", limit=10), nearest(vector(1), kind="text", limit=10, where=late)
    build_index(row=EmbeddingModel.objects.get())
    assert EmbeddingModel.objects.get().index_name
    found = nearest(vector(1), kind="text", limit=10), nearest(vector(1), kind="text", limit=10, where=late)
    assert [ids(one) for one in found] == [ids(one) for one in exactly]
    assert [score for _t, score in found[0]] == pytest.approx([score for _t, score in exactly[0]], abs=2e-3)


def test_many_are_asked_in_one_statement(
    tracks: list[Track], vector: Made, django_assert_num_queries: Callable[..., object]
) -> None:
    nearest(vector(1), kind="text", limit=1)
    # And one for the model that answers, which a transaction that has written reads past the cache.
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        found = nearest_batch([vector(1), vector(2)], kind="text", limit=3)
    assert [ids(one) for one in found] == [ids(nearest(vector(n), kind="text", limit=3)) for n in (1, 2)]
    by_track = nearest_batch([tracks[0].pk, tracks[5].pk], kind="text", limit=3)
    assert [ids(one) for one in by_track] == [ids(nearest(t.pk, kind="text", limit=3)) for t in (tracks[0], tracks[5])]
    assert find_similar_batch([vector(1)], limit=2) == [find_similar(vector(1), limit=2)]


def test_a_sphere_holds_what_is_within_its_radius(tracks: list[Track], vector: Made) -> None:
    inside = find_tracks_in_vector_range(vector(1), 0.05)
    assert 0 < len(inside) < len(tracks)
    assert all(score >= 0.95 for _track, score in inside)
    with pytest.raises(InvalidInput):
        find_tracks_in_vector_range(vector(1), 3)


def test_a_track_without_a_vector_has_no_neighbours_and_none_is_found(tracks: list[Track], vector: Made) -> None:
    alone = make_track("Alone")
    assert find_similar_by_track_id(alone.pk) == []
    assert alone.pk not in ids(nearest(vector(1), kind="text", limit=100))
    assert get_tracks_without_embeddings() == [alone]
    with pytest.raises(NotFound):
        find_similar_by_track_id(alone.pk + 1)


def test_the_mean_lies_between(tracks: list[Track], vector: Made) -> None:
    mean = get_average_vector([track.pk for track in tracks[:3]])
    assert mean is not None
    assert ids(nearest(mean, kind="text", limit=1)) == [tracks[1].pk]
    assert get_average_vector([make_track().pk]) is None


def test_vectors_have_length_one_whatever_was_sent(tracks: list[Track]) -> None:
    held = vectors_of([tracks[0].pk], kind="text")[tracks[0].pk]
    assert float((held * held).sum()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("length", [0.0, 3.0])
def test_the_database_itself_refuses_zeros_and_other_lengths(tracks: list[Track], length: float) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TrackEmbeddings.objects.create(
            track=make_track(), embedding_type="text", vector=[length, *[0.0] * 511], embedding_model=MODEL
        )


def test_numbers_that_are_none_are_refused(tracks: list[Track], vector: Made) -> None:
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="vector"):
            EmbeddingIn(vector=[wrong, *[0.0] * 511])
    with pytest.raises(ValueError, match="length"):
        EmbeddingIn(vector=[0.0] * 512)
