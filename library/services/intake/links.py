"""What hangs on a track: its artists in order, its genres, moods and words."""

from collections.abc import Iterable, Sequence
from typing import Any

from library.engine.names import genre_key
from library.models import TrackArtist
from library.services.intake.artists import Named, named
from library.services.intake.genres import mood_name
from library.services.intake.incoming import Incoming, joins, short_name
from library.services.statements import Record, execute

ROLES = frozenset(TrackArtist.Role.values)
LONGEST_DETAIL = 200
CREDITS = Record(
    "r",
    {
        "track": "bigint",
        "artist": "bigint",
        "role": "text",
        "position": "smallint",
        "join_phrase": "text",
        "detail": "text",
    },
)
FORGET_CREDITS = f"""
    DELETE FROM track_artists c WHERE c.track_id = ANY(%(tracks)s) AND NOT EXISTS (
        SELECT 1 FROM {CREDITS}
        WHERE r.track = c.track_id AND r.artist = c.artist_id AND r.role = c.role AND r.detail = c.detail
    ) RETURNING c.track_id, c.artist_id
"""  # noqa: S608
# Of new tracks: nothing can be there already.
ADD_CREDITS = f"""
    INSERT INTO track_artists (track_id, artist_id, role, position, join_phrase, detail)
    SELECT track, artist, role, position, join_phrase, detail FROM {CREDITS}
"""  # noqa: S608
INSERT_CREDITS = f"""
    {ADD_CREDITS}
    ON CONFLICT (track_id, artist_id, role, detail)
    DO UPDATE SET position = excluded.position, join_phrase = excluded.join_phrase
    WHERE (track_artists.position, track_artists.join_phrase) IS DISTINCT FROM (excluded.position, excluded.join_phrase)
    RETURNING track_id
"""
GENRES = Record("r", {"track": "bigint", "genre": "bigint"})
FORGET_GENRES = f"""
    DELETE FROM track_genres g WHERE g.track_id = ANY(%(tracks)s) AND NOT EXISTS (
        SELECT 1 FROM {GENRES} WHERE r.track = g.track_id AND r.genre = g.genre_id
    ) RETURNING g.track_id
"""  # noqa: S608
ADD_GENRES = f"INSERT INTO track_genres (track_id, genre_id) SELECT track, genre FROM {GENRES}"  # noqa: S608
INSERT_GENRES = f"{ADD_GENRES} ON CONFLICT DO NOTHING RETURNING track_id"
MOODS = Record("r", {"track": "bigint", "mood": "bigint"})
INSERT_MOODS = f"""
    INSERT INTO track_mood_tags (track_id, tag_id) SELECT track, mood FROM {MOODS}
    ON CONFLICT DO NOTHING RETURNING track_id
"""  # noqa: S608
LYRICS = Record("r", {"track": "bigint", "text": "text", "synced": "boolean", "language": "text", "source": "text"})
FORGET_LYRICS = """
    DELETE FROM lyrics WHERE track_id = ANY(%(tracks)s) AND source IN ('tags', 'sidecar') RETURNING track_id
"""
INSERT_LYRICS = f"""
    INSERT INTO lyrics (track_id, text, synced, language, source, date_added, date_modified)
    SELECT track, text, synced, language, source, now(), now() FROM {LYRICS}
    ON CONFLICT (track_id) DO UPDATE SET text = excluded.text, synced = excluded.synced,
        language = excluded.language, source = excluded.source, date_modified = now()
    WHERE lyrics.source <> 'manual' AND (lyrics.text, lyrics.synced, lyrics.language, lyrics.source)
        IS DISTINCT FROM (excluded.text, excluded.synced, excluded.language, excluded.source)
    RETURNING track_id
"""  # noqa: S608
ALBUM_GENRES = """
    INSERT INTO album_genres (album_id, genre_id)
    SELECT DISTINCT t.album_id, g.genre_id FROM tracks t JOIN track_genres g ON g.track_id = t.id
    WHERE t.id = ANY(%(tracks)s) AND t.album_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM albums a WHERE a.id = t.album_id AND 'genres' = ANY(a.locked_fields))
    ON CONFLICT DO NOTHING
"""
# What no track of the album says any more.
STALE_ALBUM_GENRES = """
    DELETE FROM album_genres g WHERE g.album_id IN (SELECT album_id FROM tracks WHERE id = ANY(%(tracks)s))
      AND NOT EXISTS (SELECT 1 FROM albums a WHERE a.id = g.album_id AND 'genres' = ANY(a.locked_fields))
      AND NOT EXISTS (
        SELECT 1 FROM tracks t JOIN track_genres o ON o.track_id = t.id
        WHERE t.album_id = g.album_id AND o.genre_id = g.genre_id
      )
"""
ARTIST_GENRES = """
    INSERT INTO artist_genres (artist_id, genre_id)
    SELECT DISTINCT t.track_artist_id, g.genre_id FROM tracks t JOIN track_genres g ON g.track_id = t.id
    WHERE t.id = ANY(%(tracks)s)
      AND NOT EXISTS (SELECT 1 FROM artists a WHERE a.id = t.track_artist_id AND 'genres' = ANY(a.locked_fields))
    ON CONFLICT DO NOTHING
"""


def write_credits(rows: Sequence[Incoming], artists: dict[Named, int]) -> tuple[set[int], set[int]]:
    """Says of which tracks the artists have changed, and which artists known tracks have left."""
    new = [credit for row in rows if row.known is None for credit in _credits(row, artists)]
    if new:
        execute(ADD_CREDITS, CREDITS.of(new))
    known = [row for row in rows if row.known and not row.is_locked("artists")]
    if not known:
        return set(), set()
    values = CREDITS.of([credit for row in known for credit in _credits(row, artists)])
    gone = execute(FORGET_CREDITS, {**values, "tracks": [row.track_id for row in known]})
    written = execute(INSERT_CREDITS, values)
    return {row[0] for row in [*gone, *written]}, {artist for _track, artist in gone}


def _credits(row: Incoming, artists: dict[Named, int]) -> Iterable[dict[str, Any]]:
    """The artists, then the roles; who plays two instruments has two rows, who is named twice has one."""
    if len(row.artist_ids) == 1 and not row.roles:
        join = row.artists[0].join if row.artists else ""
        return [_credit(row, row.artist_ids[0], "artist", 0, join, "")]
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    after = joins(row.artists) if row.artists else [""]
    for place, (artist, join) in enumerate(zip(row.artist_ids, after, strict=True)):
        found.setdefault((artist, "artist", ""), _credit(row, artist, "artist", place, join, ""))
    for place, role in enumerate(row.roles):
        artist = artists[named(role.name, role.musicbrainz_id)]
        kind, detail = _role(role.role, role.detail.strip()[:LONGEST_DETAIL])
        found.setdefault((artist, kind, detail), _credit(row, artist, kind, place, "", detail))
    return found.values()


def _role(role: str, detail: str) -> tuple[str, str]:
    """A role that we have no word for is what somebody performed."""
    known = role.strip().lower()
    return (known, detail) if known in ROLES else (TrackArtist.Role.PERFORMER.value, detail or known[:LONGEST_DETAIL])


def _credit(row: Incoming, artist: int, role: str, position: int, join: str, detail: str) -> dict[str, Any]:
    return {
        "track": row.track_id,
        "artist": artist,
        "role": role,
        "position": position,
        "join_phrase": join,
        "detail": detail,
    }


def write_genres(rows: Iterable[Incoming], genres: dict[str, int], moved: set[int]) -> set[int]:
    """Of albums and artists too: of those of new tracks, of tracks whose genres changed, and of those that `moved`."""
    open_ = [row for row in rows if not row.is_locked("genres")]
    pairs = {
        (row.track_id, genres[key]): None
        for row in open_
        for name in row.tags.genres
        if name.strip() and (key := genre_key(short_name(name))) in genres
    }
    known = {row.track_id for row in open_ if row.known}
    written = {track for track, _genre in pairs} - known
    if written:
        execute(ADD_GENRES, _genres(pair for pair in pairs if pair[0] in written))
    gone = set()
    if known:
        values = _genres(pair for pair in pairs if pair[0] in known)
        gone = _ids(FORGET_GENRES, {**values, "tracks": list(known)})
        written |= _ids(INSERT_GENRES, values)
    if written or moved:
        execute(ALBUM_GENRES, {"tracks": list(written | moved)})
        execute(ARTIST_GENRES, {"tracks": list(written | moved)})
    if gone:
        execute(STALE_ALBUM_GENRES, {"tracks": list(gone)})
    return gone | written


def _genres(pairs: Iterable[tuple[int, int]]) -> dict[str, str]:
    return GENRES.of([{"track": track, "genre": genre} for track, genre in pairs])


def write_moods(rows: Iterable[Incoming], moods: dict[str, int]) -> set[int]:
    """Only adds: other services give moods too, and nobody notes which came from whom."""
    pairs = {
        (row.track_id, moods[mood_name(name)]): None
        for row in rows
        for name in row.tags.moods
        if mood_name(name) in moods
    }
    found = [{"track": track, "mood": mood} for track, mood in pairs]
    return _ids(INSERT_MOODS, MOODS.of(found)) if found else set()


def write_lyrics(rows: Iterable[Incoming]) -> set[int]:
    """What a person has written stays; what a file says comes before what a service has found."""
    open_ = [row for row in rows if not row.is_locked("lyrics")]
    found = [
        {"track": row.track_id, **row.tags.lyrics.model_dump()}
        for row in open_
        if row.tags.lyrics and row.tags.lyrics.text.strip()
    ]
    with_words = {row["track"] for row in found}
    silent = [row.track_id for row in open_ if row.known and row.track_id not in with_words]
    changed = _ids(FORGET_LYRICS, {"tracks": silent}) if silent else set()
    return changed | (_ids(INSERT_LYRICS, LYRICS.of(found)) if found else set())


def _ids(statement: str, values: dict[str, Any]) -> set[int]:
    return {row[0] for row in execute(statement, values)}
