"""The collection for version 1 of the API: numbered pages, and what it consists of."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

from core.cache import cached
from core.pagination import NumberedPage, numbered_page
from library.engine.names import folded
from library.filters import ALBUMS, ARTISTS, TRACKS, Registry
from library.models import Album, Artist, Track
from library.schemas.collection import CollectedAlbum, CollectedArtist, CollectedTrack, CollectionStats
from library.selectors.albums import album_rows
from library.selectors.artists import artist_rows
from library.selectors.counts import LIBRARY, digest_of, library_counts, total_of
from library.selectors.outs import album_outs, artist_outs
from library.selectors.tracks import track_rows

Row = TypeVar("Row", bound=Model)


def collected_albums(*, asked: Mapping[str, str], search: str, page: int, page_size: int) -> NumberedPage[Album]:
    """By artist, A to Z."""
    words = folded(search)
    said = Q(sort_title__contains=words) | Q(album_artist__sort_name__contains=words) if words else Q()
    rows = ALBUMS.narrowed(album_rows(), asked).filter(said)
    return _numbered(ALBUMS, "artist", rows, {**asked, "search": words}, page, page_size)


def collected_artists(*, search: str, page: int, page_size: int) -> NumberedPage[Artist]:
    words = folded(search)
    rows = artist_rows().filter(Q(sort_name__contains=words) if words else Q())
    return _numbered(ARTISTS, "name", rows, {"search": words}, page, page_size)


def collected_tracks(*, asked: Mapping[str, str], search: str, page: int, page_size: int) -> NumberedPage[Track]:
    words = folded(search)
    rows = TRACKS.narrowed(track_rows(), asked).filter(Q(sort_title__contains=words) if words else Q())
    return _numbered(TRACKS, "title", rows, {**asked, "search": words}, page, page_size)


def _numbered(
    registry: Registry, sort: str, rows: QuerySet[Row], asked: Mapping[str, str], page: int, page_size: int
) -> NumberedPage[Row]:
    """The total comes from the cache, if it can: who leafs through the pages asks for it with each of them."""
    if registry.is_own(asked.keys() - {"search"}):
        total = cached(LIBRARY, f"collection:{registry.of}:{digest_of(asked)}", rows.count)
    else:
        total = rows.count()
    return numbered_page(rows, order=registry.sort_named(sort).order, page=page, page_size=page_size, total=total)


def collected_album_outs(rows: Sequence[Album]) -> list[CollectedAlbum]:
    return [
        CollectedAlbum(
            **out.model_dump(
                include={"id", "title", "year", "discogs_id", "spotify_url", "discogs_url", "genres", "track_count"}
            ),
            support=out.support,
            artists=[artist.name for artist in out.artists],
            images=[out.cover.url] if out.cover else [],
            created_at=out.date_added,
            updated_at=out.date_modified,
        )
        for out in album_outs(rows)
    ]


def collected_artist_outs(rows: Sequence[Artist]) -> list[CollectedArtist]:
    return [
        CollectedArtist(
            **out.model_dump(include={"id", "name", "spotify_id", "lastfm_url", "album_count"}),
            images=[out.cover.url] if out.cover else [],
            created_at=out.date_added,
            updated_at=out.date_modified,
        )
        for out in artist_outs(rows)
    ]


def collected_track_outs(rows: Sequence[Track]) -> list[CollectedTrack]:
    return [
        CollectedTrack(
            id=row.pk,
            title=row.title,
            album_id=row.album_id,
            album=row.album.title if row.album else None,
            artists=[credit.artist.name for credit in row.named_artists],  # type: ignore[attr-defined]
            track_number=row.track_position,
            duration_seconds=row.duration,
            created_at=row.date_added,
            updated_at=row.date_modified,
        )
        for row in rows
    ]


def collection_stats() -> CollectionStats:
    return cached(LIBRARY, "collection:stats", _stats)


def _stats() -> CollectionStats:
    counts = library_counts()
    supports = Album.objects.values_list("support").annotate(n=Count("pk")).order_by("support")
    years = Album.objects.filter(year__isnull=False).values_list("year").annotate(n=Count("pk")).order_by("year")
    decades: dict[str, int] = {}
    for year, count in years:
        decade = str((year or 0) // 10 * 10)
        decades[decade] = decades.get(decade, 0) + count
    return CollectionStats(
        albums=counts["albums"],
        artists=counts["artists"],
        tracks=counts["tracks"],
        genres=counts["genres"],
        soundtracks=total_of("albums", {"soundtrack": "1"}),
        by_support=dict(supports),
        by_decade=decades,
    )
