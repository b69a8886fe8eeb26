"""What curation looks at before it acts: who would be touched, what lies there twice, what a rule would take apart."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from library.engine.names import folded
from library.models import Album, Artist, ArtistSplit, Track

MOST_SHOWN = 200
SEPARATORS = (
    " feat. ",
    " ft. ",
    " featuring ",
    " & ",
    " and ",
    " et ",
    " x ",
    " vs. ",
    " with ",
    " avec ",
    ", ",
    "; ",
    " / ",
)


@dataclass(frozen=True)
class Splitting:
    """A name that a rule would take apart, and into what."""

    artist: Artist
    parts: list[tuple[str, str]]
    tracks: int


def artists_to_merge(ids: Collection[int]) -> "QuerySet[Artist]":
    """With what each of them has."""
    return (
        Artist.objects.filter(pk__in=ids)
        .annotate(
            tracks_total=Count("track_credits__track", distinct=True), albums_total=Count("albums", distinct=True)
        )
        .order_by("-tracks_total", "pk")
    )


def albums_to_merge(ids: Collection[int]) -> "QuerySet[Album]":
    return (
        Album.objects.filter(pk__in=ids)
        .select_related("album_artist")
        .annotate(tracks_total=Count("tracks"))
        .order_by("-tracks_total", "pk")
    )


def tracks_credited_to(artist_id: int) -> "QuerySet[Track]":
    return (
        Track.objects.filter(Q(track_artist=artist_id) | Q(track_artists__artist=artist_id))
        .select_related("album")
        .distinct()
        .order_by("sort_title", "pk")
    )


def parts_of(name: str, separators: Collection[str]) -> list[tuple[str, str]]:
    """A name taken apart: each part, and what stood behind it."""
    pattern = "|".join(re.escape(text) for text in sorted(separators, key=len, reverse=True))
    pieces = re.split(f"({pattern})", name, flags=re.IGNORECASE) if pattern else [name]
    parts = [(pieces[place].strip(), "".join(pieces[place + 1 : place + 2])) for place in range(0, len(pieces), 2)]
    return [(text, join) for text, join in parts if text]


def splittings(separators: Collection[str]) -> list[Splitting]:
    """The artists whose names these separators would take apart, those with the most tracks first."""
    wanted = Q()
    for text in separators:
        wanted |= Q(name__icontains=text)
    if not separators:
        return []
    known = set(ArtistSplit.objects.values_list("key", flat=True))
    rows = Artist.objects.filter(wanted).annotate(tracks_total=Count("track_credits__track", distinct=True))
    found = []
    for artist in rows.order_by("-tracks_total", "pk")[: MOST_SHOWN * 2]:
        parts = parts_of(artist.name, separators)
        if len(parts) > 1 and folded(artist.name) not in known:
            found.append(Splitting(artist, parts, artist.tracks_total))
    return found[:MOST_SHOWN]


def duplicate_groups(*, after: str = "", size: int = 50) -> list[tuple[str, list[Track]]]:
    """Available tracks with the same audio, by the hash of it."""
    doubles = (
        Track.objects.filter(available=True, audio_hash__gt=after, cue_index=0)
        .values("audio_hash")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
        .order_by("audio_hash")
    )
    hashes = [row["audio_hash"] for row in doubles[:size]]
    groups: dict[str, list[Track]] = {digest: [] for digest in hashes}
    for track in Track.objects.filter(audio_hash__in=hashes, available=True).select_related("album").order_by("path"):
        groups[track.audio_hash].append(track)
    return list(groups.items())


def namesakes(*, size: int = MOST_SHOWN) -> list[list[Artist]]:
    """Artists whose names differ in nothing but case, accents and punctuation."""
    doubles = Artist.objects.values(key=Lower("sort_name")).annotate(number=Count("pk")).filter(number__gt=1)
    keys = [row["key"] for row in doubles.order_by("key")[:size]]
    groups: dict[str, list[Artist]] = {key: [] for key in keys}
    for artist in Artist.objects.filter(sort_name__in=keys).order_by("sort_name", "pk"):
        groups[artist.sort_name].append(artist)
    return [group for group in groups.values() if len(group) > 1]
