"""What the wide Track knew of the sound gets rows of its own: only tracks of which something is known."""

from django.db import migrations

from library.migrations._split.batches import for_each_range, forget, rewind

LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "
NUMBERS = ("bpm", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed", "instrumental", "acoustic",
           "tonal")  # fmt: skip
TEXTS = ("key", "scale", "genre_main", "camelot_key")
NO_NUMBERS = "('NaN', 'Infinity', '-Infinity')"


def known(column):
    """NaN breaks JSON, and an empty text says nothing."""
    if column in TEXTS:
        return f"nullif({column}, '')"
    return f"CASE WHEN {column} NOT IN {NO_NUMBERS} THEN {column} END"


COPY = (
    f"INSERT INTO track_audio_features (track_id, {', '.join(NUMBERS + TEXTS)}, analysis_source, date_added, date_modified) "
    f"SELECT id, {', '.join(map(known, NUMBERS + TEXTS))}, '', date_added, date_modified FROM tracks "
    f"WHERE id BETWEEN %(low)s AND %(high)s AND num_nonnulls({', '.join(map(known, NUMBERS + TEXTS))}) > 0 ORDER BY id"
)
KEEP = tuple(
    f"{LEFT} SELECT 'track', id, field, '{kind}', value::text FROM tracks CROSS JOIN LATERAL (VALUES "
    f"{', '.join(f'({place}, {name!r}, {name})' for place, name in enumerate(columns))}) every (place, field, value) "
    f"WHERE id BETWEEN %(low)s AND %(high)s AND value {odd} ORDER BY id, place"
    for columns, kind, odd in ((NUMBERS, "not_a_number", f"IN {NO_NUMBERS}"), (TEXTS, "empty_feature", "= ''"))
)
GIVE_BACK = (
    f"UPDATE tracks SET {', '.join(f'{name} = known.{name}' for name in NUMBERS + TEXTS)} FROM track_audio_features known "
    "WHERE known.track_id = tracks.id AND tracks.id BETWEEN %(low)s AND %(high)s",
    *(
        f"UPDATE tracks SET {name} = kept.value::{'float8' if name in NUMBERS else 'text'} FROM split_leftovers kept "
        f"WHERE kept.kind IN ('not_a_number', 'empty_feature') AND kept.field = '{name}' AND kept.entity_id = tracks.id "
        f"AND tracks.{name} IS NULL AND tracks.id BETWEEN %(low)s AND %(high)s"
        for name in NUMBERS + TEXTS
    ),
)


def copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for_each_range(cursor, "tracks", COPY, *KEEP)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def give_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for_each_range(cursor, "tracks", *GIVE_BACK)
        cursor.execute("DELETE FROM track_audio_features")
        rewind(cursor, "track_audio_features")
        forget(cursor, "not_a_number", "empty_feature")


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_initial"), ("library", "0002_tables_beside")]
    operations = [migrations.RunPython(copy, give_back)]
