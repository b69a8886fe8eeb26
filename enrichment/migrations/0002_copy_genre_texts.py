"""The texts of `genre` and `musicbrainz_genre` stay to be read as they were found, beside the relations made of them."""

from django.db import migrations

from library.migrations._split.batches import for_each_range, forget, rewind

LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "
COLUMNS = ("genre", "musicbrainz_genre")


def copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for column in COLUMNS:
            for_each_range(
                cursor,
                "tracks",
                "INSERT INTO track_metadata (track_id, metadata_key, metadata_value, metadata_source, created_at, "
                f"date_added, date_modified) SELECT id, '{column}', {column}, '', date_modified, date_added, date_modified "
                f"FROM tracks WHERE id BETWEEN %(low)s AND %(high)s AND {column} <> '' ORDER BY id",
                f"{LEFT} SELECT 'track', id, '{column}', 'empty_genre', '' FROM tracks "
                f"WHERE id BETWEEN %(low)s AND %(high)s AND {column} = '' ORDER BY id",
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def give_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for column in COLUMNS:
            for_each_range(
                cursor,
                "tracks",
                f"UPDATE tracks SET {column} = known.metadata_value FROM track_metadata known "
                f"WHERE known.metadata_key = '{column}' AND known.metadata_source = '' AND known.track_id = tracks.id "
                "AND tracks.id BETWEEN %(low)s AND %(high)s",
                f"UPDATE tracks SET {column} = '' FROM split_leftovers kept WHERE kept.kind = 'empty_genre' "
                f"AND kept.field = '{column}' AND kept.entity_id = tracks.id AND tracks.{column} IS NULL "
                "AND tracks.id BETWEEN %(low)s AND %(high)s",
            )
        cursor.execute("DELETE FROM track_metadata WHERE metadata_key = ANY(%s) AND metadata_source = ''", [list(COLUMNS)])
        rewind(cursor, "track_metadata")
        forget(cursor, "empty_genre")


class Migration(migrations.Migration):
    dependencies = [("enrichment", "0001_initial"), ("library", "0002_tables_beside")]
    operations = [migrations.RunPython(copy, give_back)]
