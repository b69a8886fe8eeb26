"""What the pages of an artist, an album and a track show, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from core.errors import NotFound
from library.models import Album, AlbumArtist, Artist, Genre, Lyrics, Track, TrackArtist, TrackUse

TOP_TRACKS = 10
EDITIONS = 12
NEWEST = 8
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
    roles: list[str] = field(default_factory=list)


def with_artists(albums: QuerySet[Album]) -> QuerySet[Album]:
    """Albums with their artists in order, for two more queries whatever their number."""
    credits = AlbumArtist.objects.select_related("artist").order_by("position")
    return albums.prefetch_related(Prefetch("album_artists", credits))


def with_credits(tracks: QuerySet[Track]) -> QuerySet[Track]:
    """Tracks with those who are named as their artists, in order."""
    named = TrackArtist.objects.filter(role=TrackArtist.Role.ARTIST).select_related("artist").order_by("position")
    return tracks.prefetch_related(Prefetch("track_artists", named, to_attr="named_artists"))


def album_view(album_id: int) -> AlbumView:
    albums = with_artists(Album.objects.select_related("album_artist").prefetch_related("genres"))
    album = albums.filter(pk=album_id).first()
    if album is None:
        raise NotFound("There is no such album.")
    rows = with_credits(Track.objects.filter(album=album))
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
        found.append(Disc(number=number, subtitle=next((t.disc_subtitle for t in held if t.disc_subtitle), ""), tracks=held))
    return found


def _editions(album: Album) -> list[Album]:
    """The same album in other editions: of one release group, or of one title by the same artist."""
    same = Q(album_artist=album.album_artist_id, title__iexact=album.title)
    if album.musicbrainz_releasegroupid:
        same |= Q(musicbrainz_releasegroupid=album.musicbrainz_releasegroupid)
    rows = with_counts(Album.objects.filter(same).exclude(pk=album.pk))
    return list(rows.order_by(F("year").asc(nulls_last=True), "id")[:EDITIONS])


def with_counts(albums: QuerySet[Album]) -> QuerySet[Album]:
    return albums.annotate(track_count=Count("tracks"), total_ms=Coalesce(Sum("tracks__duration_ms"), 0))


def artist_view(artist_id: int, *, listener_id: int | None = None) -> ArtistView:
    artist = Artist.objects.prefetch_related("genres").filter(pk=artist_id).first()
    if artist is None:
        raise NotFound("There is no such artist.")
    parts = TrackArtist.objects.filter(artist=artist)
    own = Q(pk__in=AlbumArtist.objects.filter(artist=artist).values("album")) | Q(album_artist=artist)
    elsewhere = Album.objects.filter(pk__in=parts.values("track__album")).exclude(own)
    tracks = Track.objects.filter(pk__in=parts.filter(role=TrackArtist.Role.ARTIST).values("track"))
    in_time = (F("year").asc(nulls_last=True), "sort_title", "id")
    return ArtistView(
        artist=artist,
        albums=list(Album.objects.filter(own).order_by(*in_time)[:MOST_ALBUMS]),
        appears_on=list(elsewhere.order_by(*in_time)[:MOST_ALBUMS]),
        tracks=_most_heard(tracks, listener_id),
        track_count=tracks.count(),
        roles=sorted(set(parts.values_list("role", flat=True)) - {TrackArtist.Role.ARTIST}),
    )


def _most_heard(tracks: QuerySet[Track], listener_id: int | None) -> list[Track]:
    """What this listener has heard most of them, then the newest."""
    heard = TrackUse.objects.filter(track=OuterRef("pk"), user=listener_id).values("plays")
    rows = with_credits(tracks.select_related("album")).annotate(plays=Coalesce(Subquery(heard), 0))
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
    track = with_credits(rows.prefetch_related("genres", "genre_tags", "mood_tags")).filter(pk=track_id).first()
    if track is None:
        raise NotFound("There is no such track.")
    credited = TrackArtist.objects.filter(track=track).exclude(role=TrackArtist.Role.ARTIST).select_related("artist")
    by_role = groupby(credited.order_by("role", "position", "id"), key=lambda part: part.role)
    return TrackView(
        track=track,
        parts=[Part(role=role, people=list(people)) for role, people in by_role],
        lyrics=getattr(track, "lyrics", None),
    )


def genre_by_id(genre_id: int) -> Genre:
    genre = Genre.objects.filter(pk=genre_id).first()
    if genre is None:
        raise NotFound("There is no such genre.")
    return genre


def newest_albums(most: int = NEWEST) -> list[Album]:
    return list(Album.objects.order_by("-date_added", "-id")[:most])
