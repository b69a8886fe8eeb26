"""The columns of a track that scans write, and what stands in them."""

from typing import Any

from library.engine.names import sort_key
from library.services.intake.incoming import Incoming, credit_of, featured

FILE_COLUMNS: dict[str, str] = {
    "root_id": "bigint",
    "path": "text",
    "folder": "text",
    "cue_index": "smallint",
    "cue_start_ms": "int",
    "cue_end_ms": "int",
    "file_type": "text",
    "bitrate": "int",
    "sample_rate": "int",
    "bit_depth": "smallint",
    "channels": "smallint",
    "duration": "int",
    "duration_ms": "int",
    "file_mtime": "float8",
    "file_mtime_ns": "bigint",
    "file_size": "bigint",
    "audio_hash": "text",
}
TAG_COLUMNS: dict[str, str] = {
    "title": "text",
    "sort_title": "text",
    "track_artist_id": "bigint",
    "artist_credit": "text",
    "featured_artists": "text",
    "album_id": "bigint",
    "track_number": "text",
    "disc_number": "text",
    "track_position": "int",
    "disc_position": "int",
    "disc_subtitle": "text",
    "year": "text",
    "year_number": "smallint",
    "recording_date": "text",
    "original_date": "text",
    "release_date": "text",
    "musicbrainz_id": "text",
    "musicbrainz_trackid": "text",
    "musicbrainz_albumid": "text",
    "musicbrainz_artistid": "text",
    "musicbrainz_albumartistid": "text",
    "acoustid_fingerprint": "text",
    "isrc": "text",
    "language": "text",
    "comment": "text",
    "replaygain_track_gain": "float8",
    "replaygain_track_peak": "float8",
    "replaygain_album_gain": "float8",
    "replaygain_album_peak": "float8",
}
COLUMNS = FILE_COLUMNS | TAG_COLUMNS
# As the file says it, with nothing to work out.
VERBATIM = (
    "folder", "cue_index", "cue_start_ms", "cue_end_ms", "file_type", "bitrate", "sample_rate", "bit_depth",
    "channels", "duration_ms", "audio_hash", "track_number", "disc_number", "track_position", "disc_position",
    "disc_subtitle", "year", "year_number", "recording_date", "original_date", "release_date", "musicbrainz_id",
    "musicbrainz_trackid", "musicbrainz_albumid", "musicbrainz_artistid", "musicbrainz_albumartistid",
    "acoustid_fingerprint", "isrc", "language", "comment", "replaygain_track_gain", "replaygain_track_peak",
    "replaygain_album_gain", "replaygain_album_peak",
)  # fmt: skip
# What is locked together with a name that a person has corrected.
LOCKED_WITH: dict[str, tuple[str, ...]] = {
    "title": ("sort_title",),
    "artists": ("track_artist_id", "artist_credit", "featured_artists"),
    "track_artist": ("track_artist_id", "artist_credit", "featured_artists"),
    "album": ("album_id",),
    "track_number": ("track_position",),
    "track_position": ("track_number",),
    "disc_number": ("disc_position",),
    "disc_position": ("disc_number",),
    "year": ("year_number",),
    "year_number": ("year",),
}


def kept_by_lock(locked: frozenset[str]) -> set[str]:
    """The columns that no scan changes; where a file lies and what it is cannot be locked."""
    return {*locked, *(column for name in locked for column in LOCKED_WITH.get(name, ()))} & TAG_COLUMNS.keys()


def columns_of(row: Incoming, root_id: int) -> dict[str, Any]:
    """All that are not NULL; without a title the file's name stands for it."""
    tags = row.tags
    title = tags.title.strip() or tags.name.rpartition(".")[0] or tags.name
    said = tags.__dict__
    columns = {name: value for name in VERBATIM if (value := said[name]) is not None}
    columns |= {
        "id": row.track_id,
        "root_id": root_id,
        "path": row.path,
        "duration": None if tags.duration_ms is None else round(tags.duration_ms / 1000),
        "file_mtime": tags.mtime_ns / 1e9,
        "file_mtime_ns": tags.mtime_ns,
        "file_size": tags.size,
        "title": title,
        "sort_title": sort_key(title, tags.sort_title),
        "track_artist_id": row.artist_ids[0] if row.artist_ids else None,
        "artist_credit": credit_of(row.artists, tags.credit),
        "featured_artists": featured(row.artists),
        "album_id": row.album_id,
    }
    return columns
