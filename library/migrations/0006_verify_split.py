"""Counts and compares what was copied with the wide rows, before anything of them is removed."""

from django.conf import settings
from django.db import migrations

from library.engine.cover_files import original
from library.migrations._split.stops import SplitMismatch, verify

NUMBERS = ("bpm", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed", "instrumental", "acoustic",
           "tonal")  # fmt: skip
TEXTS = ("key", "scale", "genre_main", "camelot_key")
FINITE = [f"CASE WHEN tracks.{name} NOT IN ('NaN', 'Infinity', '-Infinity') THEN tracks.{name} END" for name in NUMBERS]
SAID = [f"nullif(tracks.{name}, '')" for name in TEXTS]
WIDE, OWN = ", ".join(FINITE + SAID), ", ".join(f"known.{name}" for name in NUMBERS + TEXTS)


def kept(entity, table, kind, field="field"):
    return (f"EXISTS (SELECT FROM split_leftovers kept WHERE kept.kind = '{kind}' AND kept.entity = '{entity}' "
            f"AND kept.entity_id = {table}.id AND kept.field = {field})")  # fmt: skip


FEATURES = (
    ("tracks whose audio columns are not their features",
     "SELECT count(*) FROM tracks LEFT JOIN track_audio_features known ON known.track_id = tracks.id "
     f"WHERE ROW({WIDE}) IS DISTINCT FROM ROW({OWN})"),
    ("features of nothing",
     f"SELECT count(*) FROM track_audio_features known WHERE num_nonnulls({OWN}) = 0"),
    *((f"values of {name} that are no numbers and were not kept aside",
       f"SELECT count(*) FROM tracks WHERE {name} IN ('NaN', 'Infinity', '-Infinity') "
       f"AND NOT {kept('track', 'tracks', 'not_a_number', repr(name))}") for name in NUMBERS),
)  # fmt: skip
VECTORS = tuple(
    question
    for entity, table in (("track", "tracks"), ("artist", "artists"))
    for question in (
        (f"vectors of {table} that differ",
         f"SELECT count(*) FROM {table} FULL JOIN {entity}_embeddings known ON known.{entity}_id = {table}.id "
         f"WHERE (CASE WHEN vector_norm({table}.vector) > 0 THEN {table}.vector END) IS DISTINCT FROM known.vector"),
        (f"zero vectors of {table} that were not noted",
         f"SELECT count(*) FROM {table} WHERE vector_norm(vector) = 0 "
         f"AND NOT {kept(entity, table, 'zero_vector', repr('vector'))}"),
        (f"search words of {table} that were not kept aside",
         f"SELECT count(*) FROM {table} WHERE search IS NOT NULL AND NOT EXISTS (SELECT FROM split_leftovers kept WHERE "
         f"kept.kind = 'search' AND kept.entity = '{entity}' AND kept.entity_id = {table}.id "
         f"AND kept.value = {table}.search::text)"),
    )
)  # fmt: skip
GENRES = (
    *((f"texts of {column} that differ",
       "SELECT count(*) FROM tracks LEFT JOIN track_metadata known ON known.track_id = tracks.id "
       f"AND known.metadata_key = '{column}' AND known.metadata_source = '' "
       f"WHERE nullif(tracks.{column}, '') IS DISTINCT FROM known.metadata_value") for column in ("genre", "musicbrainz_genre")),
    *((f"tracks with a {column} and no {what}",
       f"SELECT count(*) FROM tracks WHERE {column} ~ '[A-Za-z0-9]' AND NOT {kept('track', 'tracks', 'genre_too_long', repr(column))} "
       f"AND NOT EXISTS (SELECT FROM {link} WHERE track_id = tracks.id)")
      for column, link, what in (("genre", "track_genres", "genre"), ("musicbrainz_genre", "track_genre_tags", "tag"))),
    ("genres with more than one spelling", "SELECT count(*) - count(DISTINCT name_key) FROM genres"),
    ("genres without a key", "SELECT count(*) FROM genres WHERE name_key = '' AND name <> ''"),
    *((f"genres of {entity}s that were lost in merging",
       "SELECT count(*) FROM split_leftovers link JOIN split_leftovers gone ON gone.kind = 'merged_genre' "
       "AND gone.entity = 'genre' AND gone.entity_id = link.value::bigint "
       f"WHERE link.kind = 'merged_genre' AND link.entity = '{entity}' AND NOT EXISTS (SELECT FROM {entity}_genres "
       f"WHERE {entity}_id = link.entity_id AND genre_id = (gone.value::json->>'kept')::bigint)")
      for entity in ("track", "album", "artist")),
)  # fmt: skip
COVERS = tuple(
    (f"covers of {table} that are neither a file nor kept aside",
     f"SELECT count(*) FROM {table} WHERE cover_data IS NOT NULL AND NOT EXISTS (SELECT FROM covers it WHERE "
     f"it.image_id IS NOT NULL AND {mine}) AND NOT EXISTS (SELECT FROM split_leftovers kept WHERE kept.entity = '{entity}' "
     f"AND kept.entity_id = {table}.id AND kept.field = 'cover_data' AND kept.value = {table}.cover_data)")
    for table, entity, mine in (
        ("tracks", "track", "it.entity_type = 'track' AND it.source = 'embedded' AND it.entity_id = tracks.id"),
        ("covers", "cover", "it.id = covers.id"),
    )
)  # fmt: skip
FACTS = (
    ("tracks without their artist among their credits",
     "SELECT count(*) FROM tracks WHERE NOT EXISTS (SELECT FROM track_artists credit WHERE credit.track_id = tracks.id "
     "AND credit.artist_id = tracks.track_artist_id AND role = 'artist' AND position = 0)"),
    ("albums without their artist among their credits",
     "SELECT count(*) FROM albums WHERE NOT EXISTS (SELECT FROM album_artist credit WHERE credit.album_id = albums.id "
     "AND credit.artist_id = albums.album_artist_id AND position = 0)"),
    ("artists without a key",
     "SELECT count(*) FROM artists WHERE NOT EXISTS (SELECT FROM artist_keys WHERE artist_id = artists.id) "
     f"AND NOT {kept('artist', 'artists', 'namesake', repr('name'))}"),
    ("albums without a key",
     "SELECT count(*) FROM albums WHERE NOT EXISTS (SELECT FROM album_keys WHERE album_id = albums.id) "
     f"AND NOT {kept('album', 'albums', 'namesake', repr('title'))}"),
    ("tracks without a title that were not noted", "SELECT count(*) FROM tracks WHERE title IS NULL"),
    ("plain numbers of tracks that were not understood",
     r"SELECT count(*) FROM tracks WHERE (track_number ~ '^[1-9]\d{0,3}$' AND track_position IS DISTINCT FROM track_number::int) "
     r"OR (disc_number ~ '^[1-9]\d{0,3}$' AND disc_position IS DISTINCT FROM disc_number::int) "
     r"OR (year ~ '^(1\d|20)\d\d$' AND year_number IS DISTINCT FROM year::int) "
     "OR (duration BETWEEN 0 AND 2000000 AND duration_ms IS DISTINCT FROM duration * 1000)"),
)  # fmt: skip


def compare(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        verify(cursor, FEATURES + VECTORS + GENRES + COVERS + FACTS)
        with cursor.connection.cursor(name="split_files") as images:
            images.execute("SELECT digest, mime_type, size FROM cover_images")
            for digest, mime_type, size in images:
                file = original(settings.MEDIA_ROOT, digest, mime_type)
                if not file.is_file() or file.stat().st_size != size:
                    raise SplitMismatch(f"The cover {file} is not there whole. Nothing was removed.")


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0005_copy_covers"),
        ("analysis", "0002_copy_audio_columns"),
        ("embeddings", "0002_copy_vectors"),
        ("enrichment", "0002_copy_genre_texts"),
    ]
    operations = [migrations.RunPython(compare, migrations.RunPython.noop)]
