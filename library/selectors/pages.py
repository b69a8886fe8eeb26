"""What the pages of an artist, an album and a track show, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.cache import cached
from core.errors import NotFound
from library.filters import ALBUMS, TRACKS
from library.models import Album, AlbumArtist, Artist, Genre, Lyrics, Track, TrackArtist, TrackUse
from library.selectors.albums import album_by_id, album_list, album_rows
from library.selectors.artists import artist_by_id, artist_list, artist_rows
from library.selectors.counts import LIBRARY, Kind, digest_of, library_counts, total_of
from library.selectors.genres import genre_by_id, genre_rows
from library.selectors.rows import named_artists

TOP_TRACKS = 10
EDITIONS = 12
NEWEST = 8
GENRES_SHOWN = 4
GENRE_ALBUMS = 24
GENRE_ARTISTS = 12
MOST_ALBUMS = 200
IN_ORDER = (F("disc_position").asc(nulls_first=True), F("track_position").asc(nulls_last=True), "sort_title", "id")


@dataclass(frozen=True)
class Disc:
    """The tracks of one disc, in order."""

    number: int
    subtitle: str
    tracks: list[Track]


@dataclass(frozen=True)
class AlbumView:
    """An album with everything on its page that is the library's own."""

    album: Album
    discs: list[Disc]
    editions: list[Album]
    duration_ms: int
    track_count: int

    @property
    def tracks(self) -> list[Track]:
        return [track for disc in self.discs for track in disc.tracks]

    @property
    def has_guests(self) -> bool:
        """Whether somebody is named on a track who is not named on the album in the same words."""
        return any(track.artist_credit != self.album.artist_credit for track in self.tracks)

    @property
    def formats(self) -> list[Track]:
        """A track for each kind of file in it."""
        found = {(row.file_type, row.bit_depth, row.sample_rate): row for row in self.tracks if row.file_type}
        return list(found.values())

    @property
    def missing(self) -> int:
        return sum(1 for track in self.tracks if track.missing_since)


@dataclass(frozen=True)
class ArtistView:
    """An artist with what they made, and what they had a part in."""

    artist: Artist
    albums: list[Album]
    appears_on: list[Album]
    tracks: list[Track]
    track_count: int
    is_heard: bool = False
    """whether the tracks are those that the listener has heard most"""
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """How much a list holds."""

    count: int
    tracks: int = 0
    duration_ms: int = 0


def summary_of(kind: Kind, asked: Mapping[str, str]) -> Summary:
    """Of a whole list, whatever part of it is shown; kept until the library is written."""
    if kind in {"artists", "genres"}:
        return Summary(total_of(kind, asked))
    if not asked:
        counts = library_counts()
        return Summary(counts[kind], counts["tracks"], counts["duration_ms"])
    if not (ALBUMS if kind == "albums" else TRACKS).is_own(asked):
        return _summed(kind, asked)
    return cached(LIBRARY, f"summary:{kind}:{digest_of(asked)}", lambda: _summed(kind, asked))


def _summed(kind: Kind, asked: Mapping[str, str]) -> Summary:
    if kind == "tracks":
        tracks = TRACKS.narrowed(Track.objects.all(), asked)
    else:
        tracks = Track.objects.filter(album__in=ALBUMS.narrowed(Album.objects.all(), asked).order_by().values("pk"))
    found = tracks.order_by().aggregate(tracks=Count("pk"), duration_ms=Sum("duration_ms", default=0))
    count = found["tracks"] if kind == "tracks" else total_of(kind, asked)
    return Summary(count, found["tracks"], found["duration_ms"])


def album_view(album_id: int) -> AlbumView:
    album = album_by_id(album_id)
    rows = Track.objects.filter(album=album).select_related("track_artist").prefetch_related(named_artists())
    tracks = list(rows.order_by(*IN_ORDER))
    return AlbumView(
        album=album,
        discs=_discs(tracks),
        editions=_editions(album),
        duration_ms=sum(track.duration_ms or 0 for track in tracks),
        track_count=len(tracks),
    )


def _discs(tracks: Iterable[Track]) -> list[Disc]:
    found = []
    for number, rows in groupby(tracks, key=lambda track: track.disc_position or 1):
        held = list(rows)
        subtitle = next(filter(None, (track.disc_subtitle for track in held)), "")
        found.append(Disc(number=number, subtitle=subtitle, tracks=held))
    return found


def _editions(album: Album) -> list[Album]:
    """The same album in other editions: of one release group, or of one title by the same artist."""
    same = Q(album_artist=album.album_artist_id, title__iexact=album.title)
    if album.musicbrainz_releasegroupid:
        same |= Q(musicbrainz_releasegroupid=album.musicbrainz_releasegroupid)
    rows = Album.objects.filter(same).exclude(pk=album.pk)
    return list(rows.order_by(F("year").asc(nulls_last=True), "id")[:EDITIONS])


def artist_view(artist_id: int, *, listener_id: int | None = None) -> ArtistView:
    artist = artist_by_id(artist_id)
    parts = TrackArtist.objects.filter(artist=artist)
    own = Q(pk__in=AlbumArtist.objects.filter(artist=artist).values("album")) | Q(album_artist=artist)
    elsewhere = Album.objects.filter(pk__in=parts.values("track__album")).exclude(own)
    tracks = Track.objects.filter(pk__in=parts.filter(role=TrackArtist.Role.ARTIST).values("track"))
    most_heard = _most_heard(tracks, listener_id)
    in_time = (F("year").asc(nulls_last=True), "sort_title", "id")
    return ArtistView(
        artist=artist,
        albums=list(Album.objects.filter(own).order_by(*in_time)[:MOST_ALBUMS]),
        appears_on=list(elsewhere.order_by(*in_time)[:MOST_ALBUMS]),
        tracks=most_heard,
        track_count=tracks.count(),
        is_heard=any(track.plays for track in most_heard),  # type: ignore[attr-defined]
        roles=sorted(set(parts.values_list("role", flat=True)) - {TrackArtist.Role.ARTIST}),
    )


def _most_heard(tracks: QuerySet[Track], listener_id: int | None) -> list[Track]:
    """What this listener has heard most of them, then the newest."""
    heard = TrackUse.objects.filter(track=OuterRef("pk"), user=listener_id).values("plays")
    rows = tracks.select_related("album").prefetch_related(named_artists()).annotate(plays=Coalesce(Subquery(heard), 0))
    return list(rows.order_by("-plays", F("year_number").desc(nulls_last=True), "album", *IN_ORDER)[:TOP_TRACKS])


@dataclass(frozen=True)
class Part:
    """Those who had one role in a track: composers, or players with their instruments."""

    role: str
    people: list[TrackArtist]


@dataclass(frozen=True)
class TrackView:
    """A track with everything on its page that is the library's own."""

    track: Track
    parts: list[Part]
    lyrics: Lyrics | None


def track_view(track_id: int) -> TrackView:
    rows = Track.objects.select_related("album", "album__album_artist", "root", "lyrics")
    track = rows.prefetch_related(named_artists(), "genres", "mood_tags").filter(pk=track_id).first()
    if track is None:
        raise NotFound("There is no such track.")
    credited = TrackArtist.objects.filter(track=track).exclude(role=TrackArtist.Role.ARTIST).select_related("artist")
    by_role = groupby(credited.order_by("role", "position", "id"), key=lambda part: part.role)
    return TrackView(
        track=track,
        parts=[Part(role=role, people=list(people)) for role, people in by_role],
        lyrics=getattr(track, "lyrics", None),
    )


def newest_albums(most: int = NEWEST) -> list[Album]:
    return list(Album.objects.order_by("-date_added", "-id")[:most])


def largest_genres(most: int = GENRES_SHOWN) -> list[Genre]:
    """Those with the most albums; which they are is kept until the library is written."""

    def look() -> list[int]:
        counted = Album.genres.through.objects.order_by().values("genre").annotate(n=Count("album"))
        return list(counted.order_by("-n", "genre").values_list("genre", flat=True)[:most])

    ids = cached(LIBRARY, f"largest_genres:{most}", look)
    found = {genre.pk: genre for genre in genre_rows().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


@dataclass(frozen=True)
class GenreView:
    """A genre with its newest albums and its artists."""

    genre: Genre
    albums: list[Album]
    artists: list[Artist]
    has_more_albums: bool
    has_more_artists: bool


def genre_view(genre_id: int) -> GenreView:
    """Which rows they are is looked for in the whole library, and so kept until it is written."""
    genre = genre_by_id(genre_id)
    asked = {"genre": str(genre_id)}
    albums = album_list(asked=asked, sort="added").values_list("pk", flat=True)
    artists = artist_list(asked=asked, sort="name").values_list("pk", flat=True)
    album_ids = cached(LIBRARY, f"genre:{genre_id}:albums", lambda: list(albums[: GENRE_ALBUMS + 1]))
    artist_ids = cached(LIBRARY, f"genre:{genre_id}:artists", lambda: list(artists[: GENRE_ARTISTS + 1]))
    return GenreView(
        genre=genre,
        albums=list(album_rows().filter(pk__in=album_ids[:GENRE_ALBUMS]).order_by("-date_added", "-id")),
        artists=list(artist_rows().filter(pk__in=artist_ids[:GENRE_ARTISTS]).order_by("sort_name", "id")),
        has_more_albums=len(album_ids) > GENRE_ALBUMS,
        has_more_artists=len(artist_ids) > GENRE_ARTISTS,
    )
