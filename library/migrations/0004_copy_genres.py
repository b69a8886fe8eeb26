"""Texts of genres become relations: one spelling a genre, `genre` to genres, `musicbrainz_genre` to tags."""

import json
import re

from django.db import migrations

from library.migrations._split.batches import ROWS, for_each_range, forget, id_ranges, rewind
from library.migrations._split.names import genre_key

LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "
SEPARATORS = re.compile(r"[;/,|\x1f]| - ")
NUMBERED = re.compile(r"^(?:\(\d{1,3}\)|\((?:RX|CR)\))+(?=.)")
LONGEST = 200
LINKS = (("track", "track_genres"), ("album", "album_genres"), ("artist", "artist_genres"))


def relate(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        _key_genres(cursor)
        _merge_spellings(cursor)
        _relate_texts(cursor, _Genres)
        _relate_texts(cursor, _Tags)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _key_genres(cursor):
    for low, high in id_ranges(cursor, "genres"):
        cursor.execute("SELECT id, name FROM genres WHERE id BETWEEN %s AND %s", [low, high])
        rows = cursor.fetchall()
        cursor.execute(
            "UPDATE genres SET name_key = found.key FROM unnest(%s::bigint[], %s::text[]) AS found (id, key) "
            "WHERE genres.id = found.id",
            [[number for number, _ in rows], [genre_key(name) for _, name in rows]],
        )


def _merge_spellings(cursor):
    """Rock and rock: the oldest row stays, and what was linked to the others is linked to it."""
    cursor.execute(
        "CREATE TEMP TABLE split_merges ON COMMIT DROP AS SELECT id AS gone, kept FROM "
        "(SELECT id, min(id) OVER (PARTITION BY name_key) AS kept FROM genres) every WHERE id <> kept"
    )
    for entity, table in LINKS:
        cursor.execute(
            f"{LEFT} SELECT '{entity}', {entity}_id, 'genres', 'merged_genre', gone::text FROM {table} "
            "JOIN split_merges ON gone = genre_id ORDER BY 2, gone"
        )
        cursor.execute(
            f"WITH added AS (INSERT INTO {table} ({entity}_id, genre_id) SELECT DISTINCT {entity}_id, kept FROM {table} "
            f"JOIN split_merges ON gone = genre_id ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING {entity}_id, genre_id) "
            f"{LEFT} SELECT '{entity}', {entity}_id, 'genres', 'added_genre', genre_id::text FROM added"
        )
        cursor.execute(f"DELETE FROM {table} USING split_merges WHERE gone = genre_id")
    cursor.execute(
        f"{LEFT} SELECT 'genre', id, 'name', 'merged_genre', json_build_object('name', name, 'kept', kept, "
        "'date_added', date_added, 'date_modified', date_modified)::text "
        "FROM genres JOIN split_merges ON gone = id ORDER BY id"
    )
    cursor.execute("DELETE FROM genres USING split_merges WHERE gone = id")


class _Genres:
    column, table, link, link_column, entity = "genre", "genres", "track_genres", "genre_id", "genre"
    added, too_long = "added_genre", "genre_too_long"
    insert = (
        "INSERT INTO genres (name, name_key, date_added, date_modified) "
        "SELECT name, key, first_added, last_modified FROM chosen"
    )


class _Tags:
    column, table, link, link_column, entity = "musicbrainz_genre", "genre_tags", "track_genre_tags", "tag_id", "tag"
    added, too_long = "added_tag", "genre_too_long"
    insert = "INSERT INTO genre_tags (name) SELECT name FROM chosen"


def _relate_texts(cursor, to):
    cursor.execute("DROP TABLE IF EXISTS split_known, split_words")
    cursor.execute("CREATE TEMP TABLE split_known (key text PRIMARY KEY, id bigint) ON COMMIT DROP")
    cursor.execute(
        "CREATE TEMP TABLE split_words (text text, place int, name text, key text, "
        "uses bigint, first_added timestamptz, last_modified timestamptz) ON COMMIT DROP"
    )
    _know(cursor, to)
    _take_texts_apart(cursor, to)
    # The spelling that most tracks have.
    cursor.execute(
        "WITH chosen AS (SELECT key, (array_agg(name ORDER BY uses DESC, name))[1] AS name, min(first_added) AS first_added, "
        "max(last_modified) AS last_modified FROM split_words WHERE NOT EXISTS "
        f"(SELECT FROM split_known WHERE split_known.key = split_words.key) GROUP BY key ORDER BY key), "
        f"made AS ({to.insert} ORDER BY key RETURNING id) "
        f"{LEFT} SELECT '{to.entity}', id, 'name', '{to.added}', NULL FROM made"
    )
    _know(cursor, to)
    for_each_range(
        cursor,
        "tracks",
        f"WITH added AS (INSERT INTO {to.link} (track_id, {to.link_column}) SELECT DISTINCT tracks.id, split_known.id "
        f"FROM tracks JOIN split_words ON split_words.text = tracks.{to.column} "
        "JOIN split_known ON split_known.key = split_words.key WHERE tracks.id BETWEEN %(low)s AND %(high)s ORDER BY 1, 2 "
        f"ON CONFLICT DO NOTHING RETURNING track_id, {to.link_column} AS other) "
        f"{LEFT} SELECT 'track', track_id, '{to.column}', '{to.added}', other::text FROM added",
    )


def _know(cursor, to):
    for low, high in id_ranges(cursor, to.table):
        cursor.execute(f"SELECT id, name FROM {to.table} WHERE id BETWEEN %s AND %s ORDER BY id", [low, high])
        rows = cursor.fetchall()
        cursor.execute(
            "INSERT INTO split_known (key, id) SELECT key, id FROM unnest(%s::text[], %s::bigint[]) "
            "WITH ORDINALITY AS found (key, id, place) ORDER BY place ON CONFLICT DO NOTHING",
            [[genre_key(name) for _, name in rows], [number for number, _ in rows]],
        )


def _take_texts_apart(cursor, to):
    """Every text once, however many tracks have it."""
    with cursor.connection.cursor(name="split_texts") as texts, cursor.connection.cursor() as other:
        texts.execute(
            f"SELECT {to.column}, count(*), min(date_added), max(date_modified) FROM tracks "
            f"WHERE {to.column} <> '' GROUP BY 1 ORDER BY 1"
        )
        while rows := texts.fetchmany(ROWS):
            whole = _known_whole(other, [row[0] for row in rows])
            words = [(row[0], place, name, genre_key(name), *row[1:])
                     for row in rows for place, name in enumerate(_names_in(row[0], whole))]  # fmt: skip
            short = [word for word in words if len(word[2]) <= LONGEST]
            with other.copy("COPY split_words FROM STDIN") as copy:
                for word in short:
                    copy.write_row(word)
            for text, _, name, *_ in (word for word in words if len(word[2]) > LONGEST):
                other.execute(
                    f"{LEFT} SELECT 'track', id, '{to.column}', '{to.too_long}', %s FROM tracks "
                    f"WHERE {to.column} = %s ORDER BY id",
                    [name, text],
                )


def _known_whole(cursor, texts):
    """Texts that are a genre as they stand, separators and all."""
    cursor.execute("SELECT key FROM split_known WHERE key = ANY(%s)", [[genre_key(text) for text in texts]])
    known = {key for (key,) in cursor.fetchall()}
    return {text for text in texts if genre_key(text) in known}


def _names_in(text, whole):
    if text in whole:
        return [text.strip()]
    parts = (NUMBERED.sub("", part.strip()).strip() for part in SEPARATORS.split(text))
    return [part for part in parts if part and genre_key(part)]


def unrelate(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        _unlink(cursor, "track", "track_genre_tags", "tag_id", "added_tag")
        _remove_unused(cursor, "tag", "genre_tags", "added_tag", (("track_genre_tags", "tag_id"),))
        for entity, table in LINKS:
            _unlink(cursor, entity, table, "genre_id", "added_genre")
        _remove_unused(cursor, "genre", "genres", "added_genre", [(table, "genre_id") for _, table in LINKS])
        _restore_spellings(cursor)
        rewind(cursor, "genres", "genre_tags", "track_genre_tags", *(table for _, table in LINKS))
        forget(cursor, "added_genre", "added_tag", "merged_genre", "genre_too_long")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _unlink(cursor, entity, table, column, kind):
    for_each_range(
        cursor,
        f"{entity}s",
        f"DELETE FROM {table} USING split_leftovers kept WHERE kept.kind = '{kind}' AND kept.entity = '{entity}' "
        f"AND kept.entity_id = {table}.{entity}_id AND kept.value::bigint = {table}.{column} "
        f"AND {table}.{entity}_id BETWEEN %(low)s AND %(high)s",
    )


def _remove_unused(cursor, entity, table, kind, links):
    used = " ".join(f"AND NOT EXISTS (SELECT FROM {link} WHERE {column} = {table}.id)" for link, column in links)
    cursor.execute(
        f"DELETE FROM {table} USING split_leftovers kept WHERE kept.kind = '{kind}' AND kept.entity = '{entity}' "
        f"AND kept.entity_id = {table}.id {used}"
    )


def _restore_spellings(cursor):
    cursor.execute("SELECT entity_id, value FROM split_leftovers WHERE kind = 'merged_genre' AND entity = 'genre'")
    for number, value in cursor.fetchall():
        was = json.loads(value)
        cursor.execute(
            "INSERT INTO genres (id, name, name_key, date_added, date_modified) VALUES (%s, %s, '', %s, %s) "
            "ON CONFLICT DO NOTHING",
            [number, was["name"], was["date_added"], was["date_modified"]],
        )
    for entity, table in LINKS:
        cursor.execute(
            f"INSERT INTO {table} ({entity}_id, genre_id) SELECT entity_id, genres.id FROM split_leftovers kept "
            f"JOIN genres ON genres.id = kept.value::bigint JOIN {entity}s ON {entity}s.id = kept.entity_id "
            f"WHERE kept.kind = 'merged_genre' AND kept.entity = '{entity}' ORDER BY kept.id ON CONFLICT DO NOTHING"
        )


class Migration(migrations.Migration):
    dependencies = [("library", "0003_copy_facts")]
    operations = [migrations.RunPython(relate, unrelate)]
