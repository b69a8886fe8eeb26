"""Vectors of tracks and artists get rows of their own; a vector of zeros was a failure, and becomes none."""

from django.db import migrations

from library.migrations._split.batches import for_each_range, forget, rewind

LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "
# entity, its table, the table of vectors, and the one column more that this has
VECTORS = (("track", "tracks", "track_embeddings", True), ("artist", "artists", "artist_embeddings", False))
ZEROS = "array_fill(0, ARRAY[512])::vector(512)"


def copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for entity, table, vectors, created in VECTORS:
            for_each_range(
                cursor,
                table,
                f"INSERT INTO {vectors} ({entity}_id, embedding_type, vector, embedding_source, embedding_model, "
                f"{'created_at, ' if created else ''}date_added, date_modified) "
                f"SELECT id, 'semantic', vector, '', '', {'date_modified, ' if created else ''}date_added, date_modified "
                f"FROM {table} WHERE id BETWEEN %(low)s AND %(high)s AND vector_norm(vector) > 0 ORDER BY id",
                f"{LEFT} SELECT '{entity}', id, 'vector', 'zero_vector', NULL FROM {table} "
                "WHERE id BETWEEN %(low)s AND %(high)s AND vector_norm(vector) = 0 ORDER BY id",
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def give_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for entity, table, vectors, _ in VECTORS:
            for_each_range(
                cursor,
                table,
                f"UPDATE {table} SET vector = known.vector FROM {vectors} known WHERE known.{entity}_id = {table}.id "
                f"AND {table}.id BETWEEN %(low)s AND %(high)s",
                f"UPDATE {table} SET vector = {ZEROS} FROM split_leftovers kept WHERE kept.kind = 'zero_vector' "
                f"AND kept.entity = '{entity}' AND kept.entity_id = {table}.id AND {table}.vector IS NULL "
                f"AND {table}.id BETWEEN %(low)s AND %(high)s",
            )
            cursor.execute(f"DELETE FROM {vectors}")
            rewind(cursor, vectors)
        forget(cursor, "zero_vector")


class Migration(migrations.Migration):
    dependencies = [("embeddings", "0001_initial"), ("library", "0002_tables_beside")]
    operations = [migrations.RunPython(copy, give_back)]
