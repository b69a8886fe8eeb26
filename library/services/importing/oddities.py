"""What of the first SoniqueBay is not carried over, row by row: kept in the new database, and counted in the report."""

from collections.abc import Iterator

from library.services.importing.columns import DIMENSIONS, quoted
from library.services.importing.source import Source
from library.services.importing.tables import (
    LINKS,
    Link,
    cover_exists,
    cover_is_newest,
    duplicates,
    present_links,
    split_tables,
    wide_tables,
)

WIDE = ("artists", "albums", "tracks", "genres", "genre_tags", "mood_tags", "covers")
SPLIT = ("track_audio_features", "track_embeddings", "track_metadata")
DERIVED = {"search"}
"""made anew here, in another way"""


def oddities(source: Source) -> Iterator[str]:
    """Queries, each giving entity, its id, a field, the kind of oddity, and the value as it is found."""
    yield from _lost_owners(source)
    for link in present_links(source):
        yield from _links(link)
    yield from _twins(source)
    yield from _names(source)
    yield from _covers(source)
    yield from _vectors(source)
    yield from _settings(source)
    yield from _not_copied(source)


def _row(entity: str, number: str, field: str, kind: str, value: str, rest: str) -> str:
    return f"SELECT '{entity}', {number}, {quoted(field)}, '{kind}', ({value})::text {rest}"


def _lost_owners(source: Source) -> Iterator[str]:
    for entity, table, column, other in (
        ("album", "albums", "album_artist_id", "artists"),
        ("track", "tracks", "track_artist_id", "artists"),
        ("track", "tracks", "album_id", "albums"),
    ):
        if source.has(table, column):
            lost = f"{column} NOT IN (SELECT id FROM {other})" + (f" OR {column} IS NULL" if other == "artists" else "")
            kind = f"lost_{other.removesuffix('s')}"
            yield _row(entity, "id", column, kind, column, f"FROM {table} WHERE {lost} ORDER BY id")


def _links(link: Link) -> Iterator[str]:
    number, other = f"coalesce(l.{link.column}, 0)", f"l.{link.other_column}"
    owner = f"LEFT JOIN {link.owner} o ON o.id = l.{link.column}"
    rest = f"FROM {link.table} l {owner} LEFT JOIN {link.other} g ON g.id = {other}"
    gone = "o.id IS NULL OR g.id IS NULL OR g.name IS NULL"
    yield _row(link.entity, number, link.table, "orphan_link", other, f"{rest} WHERE {gone} ORDER BY 2")
    more = f"{rest} WHERE NOT ({gone}) GROUP BY l.{link.column}, {other} HAVING count(*) > 1 ORDER BY 2"
    yield _row(link.entity, f"l.{link.column}", link.table, "duplicate_link", other, more)


def _twins(source: Source) -> Iterator[str]:
    for column, kind in (("path", "duplicate_path"), ("musicbrainz_id", "duplicate_recording")):
        if duplicates(source, column):
            earlier = f"SELECT FROM tracks o WHERE o.{column} = t.{column} AND o.id < t.id"
            yield _row(
                "track", "id", column, kind, f"t.{column}", f"FROM tracks t WHERE EXISTS ({earlier}) ORDER BY id"
            )


def _names(source: Source) -> Iterator[str]:
    for entity, table in (("genre", "genres"), ("tag", "genre_tags"), ("tag", "mood_tags")):
        if source.has(table, "id", "name"):
            yield _row(entity, "id", table, "nameless", "NULL", f"FROM {table} WHERE name IS NULL ORDER BY id")


def _covers(source: Source) -> Iterator[str]:
    if source.has("covers", "id", "entity_type", "entity_id"):
        what = "concat(c.entity_type::text, ' ', c.entity_id)"
        exists = cover_exists()
        yield _row("cover", "id", "", "lost_cover", what, f"FROM covers c WHERE NOT {exists} ORDER BY id")
        older = f"FROM covers c WHERE {exists} AND NOT {cover_is_newest()} ORDER BY id"
        yield _row("cover", "id", "", "older_cover", what, older)


def _vectors(source: Source) -> Iterator[str]:
    for entity, table in (("track", "tracks"), ("artist", "artists"), ("embedding", "track_embeddings")):
        kind = source.columns.get(table, {}).get("vector")
        if kind == "vector":
            odd = f"FROM {table} WHERE vector_dims(vector) <> {DIMENSIONS} ORDER BY id"
            yield _row(entity, "id", "vector", "other_length", "vector_dims(vector)", odd)
            if entity == "embedding":
                yield _row(entity, "id", "vector", "zero_vector", "NULL", f"FROM {table} WHERE vector_norm(vector) = 0")
        elif kind:
            yield _row(entity, "id", "vector", "other_length", quoted(kind), f"FROM {table} WHERE vector IS NOT NULL")
    for copied in split_tables(source):
        gone = f"FROM {copied.table} WHERE track_id IS NULL OR track_id NOT IN (SELECT id FROM tracks) ORDER BY id"
        yield _row("track", "coalesce(track_id, 0)", copied.table, "orphan_row", "id", gone)


def _settings(source: Source) -> Iterator[str]:
    if source.has("settings", "id", "key"):
        secret = "is_encrypted" if source.has("settings", "is_encrypted") else "false"
        rest = f"FROM settings WHERE coalesce({secret}, false) = {{}} ORDER BY id"
        yield _settings_row("encrypted_setting", rest.format("true"))
        yield _settings_row("setting", rest.format("false"))


def _settings_row(kind: str, rest: str) -> str:
    """Its name alone: a value may be a secret."""
    return f"SELECT 'setting', id, key::text, '{kind}', NULL::text {rest}"


def _not_copied(source: Source) -> Iterator[str]:
    known = {*WIDE, *SPLIT, *(link.table for link in LINKS), "settings", "alembic_version"}
    for table in sorted(source.columns.keys() - known):
        rest = f'FROM "{table}" HAVING count(*) > 0'
        yield f"SELECT 'table', count(*), {quoted(table)}, 'other_table', NULL::text {rest}"
    for copied in (*wide_tables(source, ()), *split_tables(source)):
        for column in sorted(source.columns[copied.table].keys() - {*copied.columns, "id", "vector", *DERIVED}):
            yield _column(copied.table, column)


def _column(table: str, column: str) -> str:
    count = f'SELECT count("{column}") AS number FROM "{table}"'
    return (
        f"SELECT 'column', number, {quoted(f'{table}.{column}')}, 'other_column', NULL::text FROM ({count}) c "
        "WHERE number > 0"
    )
