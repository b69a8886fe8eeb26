"""Which picture stands for what: of an album, of a track (its own, else its album's), of an artist."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import F

from core.errors import NotFound
from library.engine.cover_files import found_original
from library.models import Album, Cover, CoverImage, Track

# Whose word counts more, where one thing has several pictures.
PRIORITY = ("manual", "folder", "embedded", "caa", "discogs", "spotify", "lastfm")


def covers_of(entity_type: str, ids: Iterable[int]) -> dict[int, CoverImage]:
    """The shown picture of each; a track without one of its own has its album's, an artist its newest album's."""
    wanted = set(ids)
    found = _own(entity_type, wanted)
    missing = wanted - found.keys()
    if not missing or entity_type == Cover.Entity.ALBUM:
        return found
    albums = _albums_of_tracks(missing) if entity_type == Cover.Entity.TRACK else _albums_of_artists(missing)
    pictures = _own(Cover.Entity.ALBUM, {album for several in albums.values() for album in several})
    for entity, several in albums.items():
        picture = next((pictures[album] for album in several if album in pictures), None)
        if picture:
            found[entity] = picture
    return found


def cover_of(entity_type: str, entity_id: int) -> CoverImage | None:
    return covers_of(entity_type, [entity_id]).get(entity_id)


def pictures_of(entity_type: str, entity_id: int) -> list[Cover]:
    """All that are known of one thing, the shown one first."""
    rows = Cover.objects.filter(entity_type=entity_type, entity_id=entity_id)
    return list(rows.select_related("image").order_by("-shown", "source"))


def picture_of(entity_type: str, entity_id: int, source: str) -> Cover:
    found = Cover.objects.filter(entity_type=entity_type, entity_id=entity_id, source=source).first()
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def image_by_digest(digest: str) -> CoverImage:
    found = CoverImage.objects.filter(pk=digest).first()
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def lost_images() -> list[str]:
    """Pictures whose bytes are not here: on their way, or lost with the worker that had them."""
    waiting = CoverImage.objects.filter(thumbnails_at=None).order_by("date_added").values_list("pk", flat=True)
    return [digest for digest in waiting if found_original(settings.MEDIA_ROOT, digest) is None]


def _own(entity_type: str, ids: Collection[int]) -> dict[int, CoverImage]:
    if not ids:
        return {}
    rows = Cover.objects.filter(entity_type=entity_type, entity_id__in=ids, shown=True, image__isnull=False)
    return {row.entity_id: row.image for row in rows.select_related("image") if row.image}


def _albums_of_tracks(ids: Collection[int]) -> dict[int, list[int]]:
    rows = Track.objects.filter(pk__in=ids, album__isnull=False).values_list("pk", "album_id")
    return {track: [album] for track, album in rows if album is not None}


def _albums_of_artists(ids: Collection[int]) -> dict[int, list[int]]:
    """Those with a picture, the newest first: their own, then those that they have a part in."""
    pictured = Cover.objects.filter(entity_type=Cover.Entity.ALBUM, shown=True, image__isnull=False)
    albums = Album.objects.filter(pk__in=pictured.values("entity_id"))
    found: dict[int, list[int]] = {}
    newest = F("year").desc(nulls_last=True)
    own = albums.filter(album_artist__in=ids).order_by("album_artist", newest, "-pk").distinct("album_artist")
    for artist, album in own.values_list("album_artist_id", "pk"):
        found[artist] = [album]
    rest = set(ids) - found.keys()
    tracks = Track.objects.filter(track_artist__in=rest, album__in=albums.values("pk"))
    newest = F("album__year").desc(nulls_last=True)
    rows = tracks.order_by("track_artist", newest, "-album_id").distinct("track_artist")
    for artist, album in rows.values_list("track_artist_id", "album_id"):
        found[artist] = [album] if album is not None else []
    return found
