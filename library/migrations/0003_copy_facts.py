"""Fills the new columns of artists, albums and tracks, their credits, and the keys under which scans find them again."""

from django.db import migrations

from library.migrations._split.batches import for_each_range, forget, id_ranges
from library.migrations._split.names import album_key, artist_key, as_mbid, sort_key
from library.migrations._split.numbers import milliseconds, position_of, year_of

LONGEST_NAME = 1_000
VARIOUS = "various artists"
LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "

# An index has no room for longer ones.
CUT_NAMES = tuple(
    statement
    for entity, table, field in (("artist", "artists", "name"), ("album", "albums", "title"))
    for statement in (
        f"{LEFT} SELECT '{entity}', id, '{field}', 'long_name', {field} FROM {table} WHERE length({field}) > {LONGEST_NAME}",
        f"UPDATE {table} SET {field} = left({field}, {LONGEST_NAME}) WHERE length({field}) > {LONGEST_NAME}",
    )
)
KEEP_SEARCH = tuple(
    f"{LEFT} SELECT '{entity}', id, 'search', 'search', search::text FROM {table} "
    "WHERE id BETWEEN %(low)s AND %(high)s AND search IS NOT NULL"
    for entity, table in (("artist", "artists"), ("track", "tracks"))
)
TITLES = (
    f"{LEFT} SELECT 'track', id, 'title', 'no_title', NULL FROM tracks "
    "WHERE id BETWEEN %(low)s AND %(high)s AND title IS NULL",
    "UPDATE tracks SET title = '' WHERE id BETWEEN %(low)s AND %(high)s AND title IS NULL",
)
NUMBERS = (("track_number", "track_position"), ("disc_number", "disc_position"), ("year", "year_number"))
ODD_NUMBERS = tuple(
    f"{LEFT} SELECT 'track', id, '{text}', 'number_unreadable', {text} FROM tracks "
    f"WHERE id BETWEEN %(low)s AND %(high)s AND {number} IS NULL AND btrim({text}) NOT IN ('', '0', '0000')"
    for text, number in NUMBERS
)

# Neither JSON nor a calendar knows them.
NO_TIME = "id BETWEEN %(low)s AND %(high)s AND file_mtime NOT BETWEEN -8e9 AND 8e9"
ODD_TIMES = (
    f"{LEFT} SELECT 'track', id, 'file_mtime', 'time_unreadable', file_mtime::text FROM tracks WHERE {NO_TIME}",
    f"UPDATE tracks SET file_mtime = NULL WHERE {NO_TIME}",
)


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in CUT_NAMES:
            cursor.execute(statement)
        for_each_range(cursor, "artists", KEEP_SEARCH[0])
        for_each_range(cursor, "tracks", KEEP_SEARCH[1], *TITLES)
        for low, high in id_ranges(cursor, "artists"):
            _fill_artists(cursor, low, high)
        _fill_artist_keys(cursor)
        for low, high in id_ranges(cursor, "albums"):
            _fill_albums(cursor, low, high)
        _fill_album_keys(cursor)
        for low, high in id_ranges(cursor, "tracks"):
            _fill_tracks(cursor, low, high)
        for_each_range(cursor, "tracks", *ODD_NUMBERS, *ODD_TIMES)
        # Queued checks of foreign keys are answered here, and not at the next change of a table.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _fill_artists(cursor, low, high):
    cursor.execute("SELECT id, name FROM artists WHERE id BETWEEN %s AND %s", [low, high])
    rows = [(number, sort_key(name)) for number, name in cursor.fetchall()]
    cursor.execute(
        "UPDATE artists SET sort_name = found.sort_name "
        "FROM unnest(%s::bigint[], %s::text[]) AS found (id, sort_name) WHERE artists.id = found.id",
        _columns(rows, 2),
    )


def _fill_artist_keys(cursor):
    """MusicBrainz ids first; then names, which go to whoever has no id before anybody who has one."""
    for low, high in id_ranges(cursor, "artists"):
        cursor.execute("SELECT id, name, musicbrainz_artistid FROM artists WHERE id BETWEEN %s AND %s", [low, high])
        rows = [(artist_key(name, mbid), number) for number, name, mbid in cursor.fetchall()]
        _add_keys(cursor, "artist", rows)
    for low, high in id_ranges(cursor, "artists"):
        cursor.execute("SELECT id, name, musicbrainz_artistid FROM artists WHERE id BETWEEN %s AND %s", [low, high])
        rows = [(artist_key(name), number) for number, name, mbid in cursor.fetchall() if as_mbid(mbid)]
        _add_keys(cursor, "artist", rows)
    _note_keyless(cursor, "artist", "artists", "name")


def _fill_albums(cursor, low, high):
    cursor.execute("SELECT id, title, release_year FROM albums WHERE id BETWEEN %s AND %s", [low, high])
    rows = [(number, sort_key(title), year_of(year)) for number, title, year in cursor.fetchall()]
    cursor.execute(
        "UPDATE albums SET sort_title = found.sort_title, year = found.year, artist_credit = artists.name, "
        f"compilation = artists.sort_name = '{VARIOUS}' "
        "FROM unnest(%s::bigint[], %s::text[], %s::smallint[]) AS found (id, sort_title, year), artists "
        "WHERE albums.id = found.id AND artists.id = albums.album_artist_id",
        _columns(rows, 3),
    )
    cursor.execute(
        "INSERT INTO album_artist (album_id, artist_id, position, join_phrase) "
        "SELECT id, album_artist_id, 0, '' FROM albums WHERE id BETWEEN %s AND %s ORDER BY id",
        [low, high],
    )


def _fill_album_keys(cursor):
    for low, high in id_ranges(cursor, "albums"):
        cursor.execute(
            "SELECT albums.id, title, release_year, musicbrainz_albumid, name FROM albums "
            "JOIN artists ON artists.id = album_artist_id WHERE albums.id BETWEEN %s AND %s ORDER BY albums.id",
            [low, high],
        )
        rows = [
            (album_key([artist], title, date=year or "", musicbrainz_albumid=mbid), number)
            for number, title, year, mbid, artist in cursor.fetchall()
        ]
        _add_keys(cursor, "album", rows)
    _note_keyless(cursor, "album", "albums", "title")


def _add_keys(cursor, entity, rows):
    """The first row that claims a key has it."""
    cursor.execute(
        f"INSERT INTO {entity}_keys (key, {entity}_id) SELECT key, id "
        "FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS found (key, id, place) ORDER BY place "
        "ON CONFLICT DO NOTHING",
        _columns(rows, 2),
    )


def _note_keyless(cursor, entity, table, field):
    cursor.execute(
        f"{LEFT} SELECT '{entity}', id, '{field}', 'namesake', {field} FROM {table} "
        f"WHERE NOT EXISTS (SELECT FROM {entity}_keys WHERE {entity}_id = {table}.id) ORDER BY id"
    )


def _fill_tracks(cursor, low, high):
    """Not `file_mtime_ns`: seconds in a float are not that exact, and the next scan is to read every file anyway."""
    cursor.execute(
        "SELECT id, title, track_number, disc_number, year, duration FROM tracks "
        "WHERE id BETWEEN %s AND %s",
        [low, high],
    )
    rows = [
        (number, sort_key(title), position_of(place), position_of(disc), year_of(year), milliseconds(length))
        for number, title, place, disc, year, length in cursor.fetchall()
    ]
    cursor.execute(
        "UPDATE tracks SET sort_title = found.sort_title, track_position = found.place, disc_position = found.disc, "
        "year_number = found.year, duration_ms = found.ms, "
        "available = coalesce(tracks.path, '') <> '', artist_credit = artists.name "
        "FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::smallint[], %s::int[]) "
        "AS found (id, sort_title, place, disc, year, ms), artists "
        "WHERE tracks.id = found.id AND artists.id = tracks.track_artist_id",
        _columns(rows, 6),
    )
    cursor.execute(
        "INSERT INTO track_artists (track_id, artist_id, role, position, join_phrase, detail) "
        "SELECT id, track_artist_id, 'artist', 0, '', '' FROM tracks WHERE id BETWEEN %s AND %s ORDER BY id",
        [low, high],
    )


def _columns(rows, width):
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


BACK = {
    "titles": "UPDATE tracks SET title = NULL FROM split_leftovers kept WHERE kept.kind = 'no_title' "
    "AND kept.entity_id = tracks.id AND tracks.title = '' AND tracks.id BETWEEN %(low)s AND %(high)s",
    "times": "UPDATE tracks SET file_mtime = kept.value::float8 FROM split_leftovers kept "
    "WHERE kept.kind = 'time_unreadable' AND kept.entity_id = tracks.id AND tracks.file_mtime IS NULL "
    "AND tracks.id BETWEEN %(low)s AND %(high)s",
    "tracks": "UPDATE tracks SET search = kept.value::tsvector FROM split_leftovers kept WHERE kept.kind = 'search' "
    "AND kept.entity = 'track' AND kept.entity_id = tracks.id AND tracks.id BETWEEN %(low)s AND %(high)s",
    "artists": "UPDATE artists SET search = kept.value::tsvector FROM split_leftovers kept WHERE kept.kind = 'search' "
    "AND kept.entity = 'artist' AND kept.entity_id = artists.id AND artists.id BETWEEN %(low)s AND %(high)s",
}


def give_back(apps, schema_editor):
    """What these columns say of their own goes with them; the texts that they were made of never left."""
    with schema_editor.connection.cursor() as cursor:
        for_each_range(cursor, "tracks", BACK["titles"], BACK["times"], BACK["tracks"])
        for_each_range(cursor, "artists", BACK["artists"])
        for entity, table, field in (("artist", "artists", "name"), ("album", "albums", "title")):
            cursor.execute(
                f"UPDATE {table} SET {field} = kept.value FROM split_leftovers kept WHERE kept.kind = 'long_name' "
                f"AND kept.entity = '{entity}' AND kept.entity_id = {table}.id "
                f"AND {table}.{field} = left(kept.value, {LONGEST_NAME})"
            )
        cursor.execute("TRUNCATE track_artists, album_artist, artist_keys, album_keys RESTART IDENTITY")
        forget(cursor, "no_title", "search", "long_name", "number_unreadable", "time_unreadable", "namesake")


class Migration(migrations.Migration):
    dependencies = [("library", "0002_tables_beside")]
    operations = [migrations.RunPython(fill, give_back)]
