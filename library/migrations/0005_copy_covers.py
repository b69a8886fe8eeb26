"""Pictures in base64 become files, each kept once, and rows that name them; what is broken is kept aside as it was."""

from django.conf import settings
from django.db import migrations

from library.engine.cover_files import original, store_cover
from library.migrations._split.batches import for_each_range, forget, rewind
from library.migrations._split.pictures import Picture, encoded

LEFT = "INSERT INTO split_leftovers (entity, entity_id, field, kind, value) "
# Texts that cannot be made again from the bytes are kept: broken ones, and those with line breaks and the like.
KINDS = ("cover_form", "cover_text", "empty_cover", "broken_cover", "cover_is_no_picture", "cover_type", "orphan_cover",
         "added_cover")  # fmt: skip
TABLES = (("tracks", "track"), ("covers", "cover"))

# The documents do not say where a cover came from; its address does, else what it belongs to makes one of them likely.
SOURCE = """CASE WHEN url ~* 'last\\.?fm|lst\\.fm' THEN 'lastfm' WHEN url ~* 'scdn\\.co|spotify' THEN 'spotify'
WHEN url ~* 'discogs' THEN 'discogs' WHEN url ~* 'coverartarchive' THEN 'caa'
WHEN entity_type = 'artist' THEN 'lastfm' ELSE 'folder' END"""

ADD_IMAGES = """INSERT INTO cover_images (digest, mime_type, size, color_1, color_2, problem, date_added)
SELECT digest, min(found.mime_type), min(found.size), '', '', '', min(coalesce(tracks.date_added, covers.date_added))
FROM split_pictures found JOIN split_texts ON split_texts.hash = found.hash
LEFT JOIN tracks ON origin = 'tracks' AND tracks.id = row_id LEFT JOIN covers ON origin = 'covers' AND covers.id = row_id
WHERE digest IS NOT NULL GROUP BY digest ORDER BY digest ON CONFLICT DO NOTHING"""
ADD_TRACK_COVERS = """INSERT INTO covers
(entity_type, entity_id, source, image_id, mime_type, url, shown, date_added, date_modified)
SELECT 'track', tracks.id, 'embedded', digest, cover_mime_type, NULL,
NOT EXISTS (SELECT FROM covers WHERE entity_type = 'track' AND entity_id = tracks.id AND shown),
tracks.date_added, tracks.date_modified
FROM split_texts JOIN split_pictures ON split_pictures.hash = split_texts.hash AND digest IS NOT NULL
JOIN tracks ON tracks.id = row_id WHERE origin = 'tracks' AND tracks.id BETWEEN %(low)s AND %(high)s ORDER BY tracks.id"""
NAME_IMAGES = """UPDATE covers SET image_id = digest FROM split_texts
JOIN split_pictures ON split_pictures.hash = split_texts.hash WHERE origin = 'covers' AND row_id = covers.id"""
# An album without a cover shows the one that most of its tracks have.
ADD_ALBUM_COVERS = f"""WITH chosen AS (SELECT DISTINCT ON (album_id) album_id, image_id, mime_type, first_added
FROM (SELECT album_id, image_id, min(covers.mime_type) AS mime_type, count(*) AS uses, min(covers.date_added) AS first_added
FROM covers JOIN tracks ON tracks.id = entity_id WHERE entity_type = 'track' AND source = 'embedded' AND album_id IS NOT NULL
GROUP BY album_id, image_id) every WHERE NOT EXISTS
(SELECT FROM covers WHERE entity_type = 'album' AND entity_id = album_id AND shown)
ORDER BY album_id, uses DESC, image_id),
added AS (INSERT INTO covers (entity_type, entity_id, source, image_id, mime_type, shown, date_added, date_modified)
SELECT 'album', album_id, 'embedded', image_id, mime_type, true, first_added, first_added
FROM chosen ORDER BY album_id RETURNING id)
{LEFT} SELECT 'cover', id, '', 'added_cover', NULL FROM added ORDER BY id"""


def copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"UPDATE covers SET source = {SOURCE}")
        _digest_texts(cursor)
        _keep_pictures(cursor)
        cursor.execute(ADD_IMAGES)
        cursor.execute(NAME_IMAGES)
        cursor.execute("UPDATE covers SET shown = image_id IS NOT NULL")
        for_each_range(cursor, "tracks", ADD_TRACK_COVERS)
        _keep_aside(cursor)
        cursor.execute(ADD_ALBUM_COVERS)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _digest_texts(cursor):
    """The server says which texts are the same: an album's cover is in each of its tracks."""
    cursor.execute("CREATE TEMP TABLE split_texts (hash bytea, origin text, row_id bigint) ON COMMIT DROP")
    for table, _ in TABLES:
        for_each_range(
            cursor,
            table,
            f"INSERT INTO split_texts SELECT sha256(convert_to(cover_data, 'UTF8')), '{table}', id FROM {table} "
            "WHERE id BETWEEN %(low)s AND %(high)s AND cover_data IS NOT NULL",
        )
    cursor.execute("CREATE INDEX ON split_texts (hash)")
    cursor.execute("CREATE INDEX ON split_texts (origin, row_id)")
    cursor.execute("ANALYZE split_texts")


def _keep_pictures(cursor):
    """One text at a time: some are large."""
    cursor.execute(
        "CREATE TEMP TABLE split_pictures (hash bytea PRIMARY KEY, digest text, mime_type text, size int, prefix text, "
        "problem text) ON COMMIT DROP"
    )
    with cursor.connection.cursor(name="split_pictures") as texts, cursor.connection.cursor() as other:
        texts.execute("SELECT DISTINCT ON (hash) hash, origin, row_id FROM split_texts ORDER BY hash, origin, row_id")
        for hash_, origin, row_id in texts:
            (text,) = other.execute(f"SELECT cover_data FROM {origin} WHERE id = %s", [row_id]).fetchone()
            other.execute(
                "INSERT INTO split_pictures VALUES (%s, %s, %s, %s, %s, %s)", [hash_, *_kept(Picture(text))]
            )


def _kept(picture):
    if picture.content is None:
        return None, None, None, picture.prefix, picture.problem
    digest, _ = store_cover(settings.MEDIA_ROOT, picture.content)
    problem = "" if picture.exact else "cover_text"
    return digest, picture.mime_type, len(picture.content), picture.prefix, problem


def _keep_aside(cursor):
    for table, entity in TABLES:
        mine = (
            f"FROM split_texts JOIN split_pictures ON split_pictures.hash = split_texts.hash JOIN {table} "
            f"ON {table}.id = row_id WHERE origin = '{table}'"
        )
        cursor.execute(
            f"{LEFT} SELECT '{entity}', {table}.id, 'cover_data', problem, cover_data {mine} AND problem <> '' ORDER BY 2"
        )
        cursor.execute(
            f"{LEFT} SELECT '{entity}', {table}.id, 'cover_data', 'cover_form', prefix {mine} "
            "AND problem = '' AND prefix <> '' ORDER BY 2"
        )
    cursor.execute(
        f"{LEFT} SELECT 'track', id, 'cover_mime_type', 'cover_type', cover_mime_type FROM tracks "
        "WHERE cover_mime_type IS NOT NULL AND NOT EXISTS "
        "(SELECT FROM covers WHERE entity_type = 'track' AND entity_id = tracks.id AND source = 'embedded') ORDER BY id"
    )
    for entity in ("track", "album", "artist"):
        cursor.execute(
            f"{LEFT} SELECT 'cover', id, entity_type, 'orphan_cover', entity_id::text FROM covers "
            f"WHERE entity_type = '{entity}' AND NOT EXISTS (SELECT FROM {entity}s WHERE {entity}s.id = entity_id) ORDER BY id"
        )


# What the wide columns get back, per table: the pictures of the columns themselves, and those of the table of covers.
GIVE_BACK = {
    "tracks": "UPDATE tracks SET cover_data = coalesce(kept.value, '') || %s FROM covers LEFT JOIN split_leftovers kept "
    "ON kept.kind = 'cover_form' AND kept.entity = 'track' AND kept.entity_id = covers.entity_id "
    "WHERE covers.entity_type = 'track' AND covers.source = 'embedded' AND covers.image_id = %s "
    "AND tracks.id = covers.entity_id",
    "covers": "UPDATE covers SET cover_data = coalesce(kept.value, '') || %s FROM covers it LEFT JOIN split_leftovers kept "
    "ON kept.kind = 'cover_form' AND kept.entity = 'cover' AND kept.entity_id = it.id "
    "WHERE it.id = covers.id AND covers.image_id = %s AND (covers.entity_type, covers.source) <> ('track', 'embedded')",
}
TYPES = "UPDATE tracks SET cover_mime_type = covers.mime_type FROM covers WHERE covers.entity_type = 'track' " \
    "AND covers.source = 'embedded' AND covers.entity_id = tracks.id AND tracks.id BETWEEN %(low)s AND %(high)s"


def give_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM covers USING split_leftovers kept WHERE kept.kind = 'added_cover' AND kept.entity_id = covers.id"
        )
        with cursor.connection.cursor(name="split_images") as images:
            images.execute("SELECT digest, mime_type FROM cover_images ORDER BY digest")
            for digest, mime_type in images:
                _give_picture_back(cursor, original(settings.MEDIA_ROOT, digest, mime_type), digest)
        for_each_range(cursor, "tracks", TYPES)
        for table, entity in TABLES:
            _give_text_back(cursor, table, entity)
        cursor.execute("DELETE FROM covers WHERE entity_type = 'track' AND source = 'embedded'")
        cursor.execute("UPDATE covers SET image_id = NULL, source = '', shown = false")
        cursor.execute("DELETE FROM cover_images")
        rewind(cursor, "covers")
        forget(cursor, *KINDS)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _give_picture_back(cursor, file, digest):
    text = None
    for table in GIVE_BACK:
        owner = "= ('track', 'embedded')" if table == "tracks" else "<> ('track', 'embedded')"
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM covers WHERE image_id = %s AND (entity_type, source) {owner})", [digest]
        )
        if cursor.fetchone()[0]:
            text = text or encoded("", file.read_bytes())
            cursor.execute(GIVE_BACK[table], [text, digest])


def _give_text_back(cursor, table, entity):
    """Instead of what the bytes would give: the text as it was found, where that is another one."""
    cursor.execute(
        f"UPDATE {table} SET cover_data = kept.value FROM split_leftovers kept WHERE kept.entity = '{entity}' "
        f"AND kept.field = 'cover_data' AND kept.kind <> 'cover_form' AND kept.entity_id = {table}.id "
        f"AND (kept.kind = 'cover_text' OR {table}.cover_data IS NULL)"
    )
    if table == "tracks":
        cursor.execute(
            "UPDATE tracks SET cover_mime_type = kept.value FROM split_leftovers kept WHERE kept.kind = 'cover_type' "
            "AND kept.entity_id = tracks.id AND cover_mime_type IS NULL"
        )


class Migration(migrations.Migration):
    dependencies = [("library", "0004_copy_genres")]
    operations = [migrations.RunPython(copy, give_back)]
