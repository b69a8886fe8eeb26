"""Files at new paths that are tracks which were missing: the track is taken up again, with all that hangs on it."""

from typing import Any

from library.engine.matching import Facts, matches
from library.engine.names import as_mbid, folded, sort_key
from library.services.intake.incoming import Incoming, Known, credit_of
from library.services.statements import execute

FACTS = """
    SELECT t.id, t.path, t.cue_index, t.file_size, t.audio_hash, coalesce(t.musicbrainz_id, ''),
        coalesce(a.musicbrainz_albumid, t.musicbrainz_albumid, ''), t.title, t.artist_credit, coalesce(a.title, ''),
        t.disc_position, t.track_position, t.duration_ms, t.album_id, t.locked_fields
    FROM tracks t LEFT JOIN albums a ON a.id = t.album_id
"""
NUMBER, HASH, ALBUM, LOCKED = 0, 4, 13, 14
MISSING = f"""
    {FACTS} WHERE t.missing_since IS NOT NULL AND NOT t.available AND (
        t.audio_hash = ANY(%(hashes)s) OR t.musicbrainz_id = ANY(%(recordings)s) OR t.sort_title = ANY(%(titles)s)
        OR t.file_size = ANY(%(sizes)s) OR t.folder = ANY(%(folders)s)
    )
"""


def take_up_missing(rows: list[Incoming]) -> None:
    """Each missing track once; those that are only in another place are settled after the walk."""
    new = [row for row in rows if row.known is None]
    if not new or not _any_missing():
        return
    found = execute(MISSING, _wanted(new))
    gone = {row[NUMBER]: row for row in found}
    by_ref = dict(enumerate(new))
    for old, appeared in matches([facts_of(row) for row in found], [_facts(n, row) for n, row in by_ref.items()]):
        there, row = gone[old.ref], by_ref[appeared.ref]
        locked = frozenset(there[LOCKED])
        row.known = Known(old.ref, there[HASH], there[ALBUM], available=False, locked=locked, elsewhere=True)
        row.track_id = old.ref


def _any_missing() -> bool:
    """In order, which is that of an index of those alone: without it PostgreSQL may look through all tracks."""
    return bool(execute("SELECT 1 FROM tracks WHERE missing_since IS NOT NULL ORDER BY missing_since LIMIT 1", {}))


def _wanted(rows: list[Incoming]) -> dict[str, Any]:
    tags = [row.tags for row in rows]
    return {
        "hashes": [tag.audio_hash for tag in tags if tag.audio_hash],
        "recordings": [tag.musicbrainz_id for tag in tags if tag.musicbrainz_id],
        "titles": [sort_key(tag.title.strip(), tag.sort_title) for tag in tags if tag.title.strip()],
        "sizes": [tag.size for tag in tags],
        "folders": list({tag.folder for tag in tags}),
    }


def facts_of(row: tuple[Any, ...]) -> Facts:
    """From a row of `FACTS`."""
    number, path, cue_index, size, audio_hash, recording, release, title, artists, album, disc, track, duration, *_ = (
        row
    )
    return Facts(
        ref=number,
        path=path or "",
        cue_index=cue_index,
        size=size,
        audio_hash=audio_hash,
        recording=recording,
        release=as_mbid(release),
        title=folded(title),
        artists=folded(artists),
        album=folded(album),
        disc=disc,
        track=track,
        duration_ms=duration,
    )


def _facts(ref: int, row: Incoming) -> Facts:
    tags = row.tags
    album = tags.album
    return Facts(
        ref=ref,
        path=row.path,
        cue_index=tags.cue_index,
        size=tags.size,
        audio_hash=tags.audio_hash,
        recording=tags.musicbrainz_id or "",
        release=as_mbid(album.musicbrainz_albumid if album else tags.musicbrainz_albumid),
        title=folded(tags.title.strip()),
        artists=folded(credit_of(row.artists, tags.credit)),
        album=folded(album.title) if album else "",
        disc=tags.disc_position,
        track=tags.track_position,
        duration_ms=tags.duration_ms,
    )
