"""How much of everything there is, and which letters lists have; kept in the cache until the library is written."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from string import ascii_lowercase
from typing import Literal

from django.db.models import Count, Exists, Model, Q, Sum

from core.cache import cached
from library.filters import ALBUMS, ARTISTS, GENRES, TRACKS, Registry
from library.filters.conditions import begins_with
from library.filters.values import OTHER_LETTERS
from library.models import Album, Artist, Genre, Track

LIBRARY = "library"
"""the group of the cache that every write of the library invalidates"""
Kind = Literal["artists", "albums", "tracks", "genres"]
Way = Literal["name", "artist"]

KINDS: dict[Kind, tuple[type[Model], Registry]] = {
    "artists": (Artist, ARTISTS),
    "albums": (Album, ALBUMS),
    "tracks": (Track, TRACKS),
    "genres": (Genre, GENRES),
}
COLUMNS: dict[tuple[Kind, Way], str] = {
    ("artists", "name"): "sort_name",
    ("artists", "artist"): "sort_name",
    ("albums", "name"): "sort_title",
    ("albums", "artist"): "album_artist__sort_name",
    ("tracks", "name"): "sort_title",
    ("tracks", "artist"): "track_artist__sort_name",
    ("genres", "name"): "name_key",
    ("genres", "artist"): "name_key",
}


def library_counts() -> dict[str, int]:
    """artists, albums, tracks, genres, and of tracks: available, missing, duration_ms, size (bytes)."""
    return cached(LIBRARY, "counts", _library_counts)


def _library_counts() -> dict[str, int]:
    of_tracks = Track.objects.aggregate(
        tracks=Count("pk"),
        available=Count("pk", filter=Q(available=True)),
        missing=Count("pk", filter=Q(missing_since__isnull=False)),
        duration_ms=Sum("duration_ms", default=0),
        size=Sum("file_size", default=0),
    )
    rest = {"artists": Artist, "albums": Album, "genres": Genre}
    return {name: model._default_manager.count() for name, model in rest.items()} | {
        name: int(value) for name, value in of_tracks.items()
    }


def total_of(kind: Kind, asked: Mapping[str, str]) -> int:
    """How many rows a list has."""
    if not asked:
        return library_counts()[kind]
    model, registry = KINDS[kind]
    rows = registry.narrowed(model._default_manager.all(), asked)
    return cached(LIBRARY, f"total:{kind}:{digest_of(asked)}", rows.count) if registry.is_own(asked) else rows.count()


def digest_of(asked: Mapping[str, str]) -> str:
    """A name in the cache for what somebody asked."""
    return sha256(json.dumps(sorted(asked.items())).encode()).hexdigest()


def letters(*, of: Kind, by: Way = "name") -> list[str]:
    """a to z and # (anything else), those under which a list has something; one look-up in an index for each."""
    return cached(LIBRARY, f"letters:{of}:{by}", _letters(of, by))


def _letters(kind: Kind, way: Way) -> Callable[[], list[str]]:
    model, _ = KINDS[kind]
    column = COLUMNS[kind, way]

    def look() -> list[str]:
        every = [*ascii_lowercase, OTHER_LETTERS]
        there = {
            f"letter_{number}": Exists(model._default_manager.filter(begins_with(column, letter)))
            for number, letter in enumerate(every)
        }
        found = model._default_manager.values(**there).first() or {}
        return [letter for number, letter in enumerate(every) if found.get(f"letter_{number}")]

    return look
