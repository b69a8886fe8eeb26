"""A library with vectors for tests: families of sound, tracks that belong to them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.models import TrackAudioFeatures
from embeddings.models import DIMENSIONS, ArtistEmbedding, MapLayout, MapPoint, TrackEmbeddings
from library.models import Artist, LibraryRoot, Track
from library.tests.factories import make_album, make_artist, make_root, make_track

Floats = NDArray[np.float32]
AUDIO_MODEL, TEXT_MODEL = "soniquebay-audio-1", "soniquebay-text-1"


def towards(seed: int, share: float = 0.0, other: int = 0) -> Floats:
    """A unit vector; with a share, that far on the way to another."""
    one, two = _direction(seed), _direction(other)
    mixed = (1 - share) * one + share * two
    unit: Floats = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return unit


def _direction(seed: int) -> Floats:
    found = np.random.default_rng(seed).normal(size=DIMENSIONS)
    unit: Floats = (found / np.linalg.norm(found)).astype(np.float32)
    return unit


def give_vectors(track: Track, sound: Floats | None = None, meaning: Floats | None = None) -> None:
    for kind, model, vector in (("audio", AUDIO_MODEL, sound), ("text", TEXT_MODEL, meaning)):
        if vector is not None:
            TrackEmbeddings.objects.create(track=track, embedding_type=kind, embedding_model=model, vector=vector)


def give_artist_vectors(artist: Artist, sound: Floats) -> None:
    ArtistEmbedding.objects.create(artist=artist, embedding_type="audio", embedding_model=AUDIO_MODEL, vector=sound)


def sounding_track(
    sound: Floats | None = None, meaning: Floats | None = None, features: dict[str, Any] | None = None, **over: Any
) -> Track:
    """Available, with vectors and with what was measured."""
    over.setdefault("root", _root())
    track = make_track(**over)
    if features:
        TrackAudioFeatures.objects.create(track=track, **features)
    give_vectors(track, sound, meaning)
    return track


def _root() -> LibraryRoot:
    return LibraryRoot.objects.first() or make_root()


def family(seed: int, count: int, genre: str = "", **features: Any) -> list[Track]:
    """Tracks that sound alike, each by somebody else."""
    found = []
    for number in range(count):
        near = towards(seed, 0.12, 1000 * seed + number)
        found.append(sounding_track(near, near, features or None, genres=[genre] if genre else None))
    return found


def chart(points: Sequence[tuple[Track, int, int]], **over: Any) -> MapLayout:
    """A map that is shown."""
    layout = MapLayout.objects.create(shown=True, drawn_count=len(points), **over)
    MapPoint.objects.bulk_create(MapPoint(layout=layout, track=track, x=x, y=y) for track, x, y in points)
    return layout


__all__ = [
    "chart",
    "family",
    "give_artist_vectors",
    "give_vectors",
    "make_album",
    "make_artist",
    "sounding_track",
    "towards",
]
