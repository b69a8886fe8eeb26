"""What the files of one album say of it together."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from library.engine.names import sort_key
from library.models import Album
from library.schemas.scan import AlbumTags
from library.services.intake.artists import Named, named_credit
from library.services.intake.incoming import Incoming, credit_of, short_name

# Where the words of several files differ, most of them decide.
COLUMNS: dict[str, str] = {
    "title": "text",
    "sort_title": "text",
    "album_artist_id": "bigint",
    "artist_credit": "text",
    "version": "text",
    "release_year": "text",
    "year": "smallint",
    "original_year": "smallint",
    "compilation": "boolean",
    "support": "text",
    "release_type": "text",
    "label": "text",
    "catalog_number": "text",
    "barcode": "text",
    "musicbrainz_albumid": "text",
    "musicbrainz_releasegroupid": "text",
}
# What is locked together with a column that a person has corrected.
LOCKED_WITH: dict[str, tuple[str, ...]] = {
    "title": ("sort_title",),
    "artists": ("album_artist_id", "artist_credit"),
    "album_artist": ("album_artist_id", "artist_credit"),
    "year": ("release_year",),
    "release_year": ("year",),
}
MEDIA = (
    ("vinyl", Album.Support.VINYL),
    ("cassette", Album.Support.CASSETTE),
    ("digital", Album.Support.DIGITAL),
    ("file", Album.Support.DIGITAL),
    ("cd", Album.Support.CD),
    ("compact disc", Album.Support.CD),
)
UNKNOWN = Album.Support.UNKNOWN


def facts_of(rows: Sequence[Incoming], artists: dict[Named, int]) -> dict[str, Any]:
    """The columns of the album that these rows are of."""
    tags = [row.album for row in rows if row.album]
    first = tags[0]
    title = _most(tags, lambda album: short_name(album.title))
    return {
        "title": title,
        "sort_title": sort_key(title, _most(tags, lambda album: album.sort)),
        "album_artist_id": artists[named_credit(first.artists[0])],
        "artist_credit": credit_of(first.artists, first.credit),
        "version": _most(tags, lambda album: album.version.strip()),
        "release_year": _most(tags, lambda album: album.year or "") or None,
        "year": _most(tags, lambda album: album.year_number),
        "original_year": _most(tags, lambda album: album.original_year),
        "compilation": any(album.compilation for album in tags),
        "support": str(_support(_most(tags, lambda album: album.media))),
        "release_type": _most(tags, lambda album: album.release_type),
        "label": _most(tags, lambda album: album.label),
        "catalog_number": _most(tags, lambda album: album.catalog_number),
        "barcode": _most(tags, lambda album: album.barcode),
        "musicbrainz_albumid": _most(tags, lambda album: album.musicbrainz_albumid or "") or None,
        "musicbrainz_releasegroupid": _most(tags, lambda album: album.musicbrainz_releasegroupid or "") or None,
    }


def _most(tags: Sequence[AlbumTags], value: Callable[[AlbumTags], Any]) -> Any:
    values = [value(album) for album in tags]
    if values.count(values[0]) == len(values):
        return values[0]
    said = Counter(found for found in values if found not in {None, ""})
    return said.most_common(1)[0][0] if said else values[0]


def _support(media: str) -> Album.Support:
    said = media.casefold()
    return next((support for word, support in MEDIA if word in said), UNKNOWN)


def is_empty(column: str, value: object) -> bool:
    return value in {None, ""} or (column == "support" and value == UNKNOWN)


def kept_by_lock(locked: frozenset[str]) -> set[str]:
    """The columns that no scan changes."""
    return {*locked, *(column for name in locked for column in LOCKED_WITH.get(name, ()))} & COLUMNS.keys()
