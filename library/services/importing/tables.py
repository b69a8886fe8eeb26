"""What is copied of the first SoniqueBay: a query for each of our tables, at the state before the split."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from library.services.importing.columns import DIMENSIONS, Table, path_of, quoted
from library.services.importing.source import Source

AUDIO_NUMBERS = ("bpm", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed", "instrumental",
                 "acoustic", "tonal")  # fmt: skip
AUDIO_TEXTS = ("key", "scale", "genre_main", "camelot_key")
UNKNOWN_ARTIST = "Unknown Artist"
Moved = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Copied:
    table: str
    columns: tuple[str, ...]
    query: str


@dataclass(frozen=True)
class Link:
    """A table of theirs that only says what belongs to what: without a key, and perhaps without foreign keys."""

    table: str
    entity: str
    column: str
    other: str
    other_column: str

    @property
    def owner(self) -> str:
        return f"{self.entity}s"


LINKS = (
    Link("artist_genres", "artist", "artist_id", "genres", "genre_id"),
    Link("album_genres", "album", "album_id", "genres", "genre_id"),
    Link("track_genres", "track", "track_id", "genres", "genre_id"),
    Link("track_genre_tags", "track", "track_id", "genre_tags", "tag_id"),
    Link("track_mood_tags", "track", "track_id", "mood_tags", "tag_id"),
)


def wide_tables(source: Source, moved: Moved) -> Iterator[Copied]:
    """In an order in which every row finds what it refers to."""
    unknown = _unknown_artist(source)
    yield _artists(source, unknown)
    yield _albums(source, unknown)
    yield _tracks(source, unknown, moved)
    if source.has("genres", "id", "name"):
        genres = Table(source, "genres", "g").plain("id").texts("name").moments("date_added", "date_modified")
        yield _copied("genres", genres, "FROM genres g WHERE name IS NOT NULL")
    for table in ("genre_tags", "mood_tags"):
        if source.has(table, "id", "name"):
            yield _copied(
                table, Table(source, table, "g").plain("id").texts("name"), f"FROM {table} g WHERE name IS NOT NULL"
            )
    for link in present_links(source):
        yield _link(source, link)
    if source.has("covers", "id", "entity_type", "entity_id"):
        yield _covers(source)


def split_tables(source: Source) -> Iterator[Copied]:
    """What newer ones have apart from the track already; it goes where the split would have put it."""
    if source.has("track_audio_features", "track_id"):
        yield _features(source)
    if (
        source.has("track_embeddings", "track_id", "vector")
        and source.columns["track_embeddings"]["vector"] == "vector"
    ):
        yield _embeddings(source)
    if source.has("track_metadata", "track_id", "metadata_key"):
        yield _metadata(source)


def present_links(source: Source) -> Iterator[Link]:
    for link in LINKS:
        if source.has(link.table, link.column, link.other_column) and source.has(link.other, "id", "name"):
            yield link


def _copied(table: str, read: Table, rest: str) -> Copied:
    return Copied(table, tuple(read.found), read.select(rest))


def _unknown_artist(source: Source) -> int | None:
    """A number for an artist of ours, where albums or tracks name one that is not there."""
    lost = source.count(
        "SELECT count(*) FROM (SELECT track_artist_id AS artist FROM tracks "
        "UNION SELECT album_artist_id FROM albums) named "
        "WHERE artist IS NULL OR artist NOT IN (SELECT id FROM artists)"
    )
    return source.count("SELECT coalesce(max(id), 0) + 1 FROM artists") if lost else None


def _artist(alias: str, column: str, unknown: int | None) -> str:
    return (
        f"coalesce((SELECT id FROM artists WHERE id = {alias}.{column}), {unknown})" if unknown else f"{alias}.{column}"
    )


def _artists(source: Source, unknown: int | None) -> Copied:
    read = Table(source, "artists", "a").plain("id").add("name", f"coalesce(a.name::text, '{UNKNOWN_ARTIST}')")
    read.texts("musicbrainz_artistid").vectors("vector").moments("date_added", "date_modified")
    if unknown is None:
        return _copied("artists", read, "FROM artists a")
    own = {"id": str(unknown), "name": f"'{UNKNOWN_ARTIST}'", "date_added": "now()", "date_modified": "now()"}
    more = ", ".join(own.get(column, "NULL") for column in read.found)
    return _copied("artists", read, f"FROM artists a UNION ALL SELECT {more}")


def _albums(source: Source, unknown: int | None) -> Copied:
    read = Table(source, "albums", "a").plain("id").add("title", "coalesce(a.title::text, '')")
    read.add("album_artist_id", _artist("a", "album_artist_id", unknown))
    read.texts("release_year", "musicbrainz_albumid").moments("date_added", "date_modified")
    return _copied("albums", read, "FROM albums a")


def _tracks(source: Source, unknown: int | None, moved: Moved) -> Copied:
    """Of a track that has rows of its own for its sound already, these count and not the wide columns."""
    read = Table(source, "tracks", "t").plain("id").add("track_artist_id", _artist("t", "track_artist_id", unknown))
    path, recording = path_of(moved), "t.musicbrainz_id::text"
    if duplicates(source, "path"):
        path = f"CASE WHEN NOT EXISTS (SELECT FROM tracks o WHERE o.path = t.path AND o.id < t.id) THEN {path} END"
    if duplicates(source, "musicbrainz_id"):
        recording = (
            "CASE WHEN NOT EXISTS (SELECT FROM tracks o WHERE o.musicbrainz_id = t.musicbrainz_id AND o.id < t.id) "
            f"THEN {recording} END"
        )
    read.add("path", path)
    if source.has("tracks", "musicbrainz_id"):
        read.add("musicbrainz_id", recording)
    if source.has("tracks", "album_id"):
        read.add("album_id", "(SELECT id FROM albums WHERE id = t.album_id)")
    read.texts("title", "track_number", "disc_number", "year", "genre", "file_type", "featured_artists")
    read.texts("musicbrainz_albumid", "musicbrainz_artistid", "musicbrainz_albumartistid", "musicbrainz_genre")
    read.texts("acoustid_fingerprint", "cover_data", "cover_mime_type", *AUDIO_TEXTS)
    read.floats("file_mtime", *AUDIO_NUMBERS).integers("duration", "bitrate").integers("file_size", largest=2**62)
    read.vectors("vector").moments("date_added", "date_modified")
    for table, columns in (("track_audio_features", AUDIO_NUMBERS + AUDIO_TEXTS), ("track_embeddings", ("vector",))):
        for column in columns if source.has(table, "track_id") else ():
            if column in read.found:
                already = f"EXISTS (SELECT FROM {table} own WHERE own.track_id = t.id)"
                read.add(column, f"CASE WHEN NOT {already} THEN {read.found[column]} END")
    return _copied("tracks", read, "FROM tracks t")


def duplicates(source: Source, column: str) -> int:
    if not source.has("tracks", column):
        return 0
    return source.count(
        f"SELECT count(*) FROM (SELECT FROM tracks WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1) d"
    )


def _link(source: Source, link: Link) -> Copied:
    columns = (link.column, link.other_column)
    return Copied(
        link.table,
        columns,
        f"SELECT DISTINCT l.{link.column}, l.{link.other_column} FROM {link.table} l "
        f"JOIN {link.owner} o ON o.id = l.{link.column} "
        f"JOIN {link.other} g ON g.id = l.{link.other_column} AND g.name IS NOT NULL",
    )


def _covers(source: Source) -> Copied:
    """One of each thing that is there: the newest."""
    read = Table(source, "covers", "c").plain("id").add("entity_type", "lower(c.entity_type::text)").plain("entity_id")
    read.texts("cover_data", "mime_type", "url").moments("date_added", "date_modified")
    return _copied("covers", read, f"FROM covers c WHERE {cover_exists()} AND {cover_is_newest()}")


def cover_exists() -> str:
    return "(" + " OR ".join(
        f"(lower(c.entity_type::text) = '{entity}' AND EXISTS (SELECT FROM {entity}s o WHERE o.id = c.entity_id))"
        for entity in ("track", "album", "artist")
    ) + ")"  # fmt: skip


def cover_is_newest() -> str:
    same = "o.entity_type = c.entity_type AND o.entity_id = c.entity_id"
    return f"NOT EXISTS (SELECT FROM covers o WHERE {same} AND o.id > c.id)"


def _newest(table: str, *same: str, among: str = "true") -> str:
    """Of several that are one here; both in the words of a row called o."""
    equal = " AND ".join(f"{mine} = {mine.replace('o.', 'x.')}" for mine in same)
    others = f"SELECT FROM {table} o WHERE {equal} AND o.id > x.id AND {among}"
    return f"EXISTS (SELECT FROM tracks t WHERE t.id = x.track_id) AND NOT EXISTS ({others})"


def _features(source: Source) -> Copied:
    read = Table(source, "track_audio_features", "x").plain("track_id").texts(*AUDIO_TEXTS)
    read.floats(*AUDIO_NUMBERS).plain("analyzed_at").moments("date_added", "date_modified")
    for column in AUDIO_NUMBERS:
        if column in read.found:
            value = read.found[column]
            read.add(column, f"CASE WHEN {value} NOT IN ('NaN', 'Infinity', '-Infinity') THEN {value} END")
    if "analyzed_at" in read.found:
        read.add("analyzed_at", read.moment("analyzed_at"))
    has = source.has("track_audio_features", "analysis_source")
    read.add("analysis_source", "coalesce(x.analysis_source::text, '')" if has else "''")
    return _copied(
        "track_audio_features",
        read,
        f"FROM track_audio_features x WHERE {_newest('track_audio_features', 'o.track_id')}",
    )


def _label(source: Source, table: str, column: str, otherwise: str = "") -> str:
    """Never null, because it tells rows apart."""
    return f"coalesce(nullif(o.{column}::text, ''), '{otherwise}')" if source.has(table, column) else f"'{otherwise}'"


def _embeddings(source: Source) -> Copied:
    table = "track_embeddings"
    read = Table(source, table, "x").plain("track_id", "vector").moments("created_at", "date_added", "date_modified")
    read.add("embedding_source", _label(source, table, "embedding_source").replace("o.", "x."))
    kind, model = _label(source, table, "embedding_type", "semantic"), _label(source, table, "embedding_model")
    read.add("embedding_type", kind.replace("o.", "x.")).add("embedding_model", model.replace("o.", "x."))
    usable = f"vector_dims(o.vector) = {DIMENSIONS} AND vector_norm(o.vector) > 0"
    newest = _newest(table, "o.track_id", kind, model, among=usable)
    return _copied(table, read, f"FROM {table} x WHERE {usable.replace('o.', 'x.')} AND {newest}")


def _metadata(source: Source) -> Copied:
    """Texts of genres that the wide columns hold too come from there."""
    table = "track_metadata"
    read = Table(source, table, "x").plain("track_id").moments("created_at", "date_added", "date_modified")
    read.texts("metadata_key", "metadata_value")
    label = _label(source, table, "metadata_source")
    read.add("metadata_source", label.replace("o.", "x."))
    newest = _newest(table, "o.track_id", "o.metadata_key", label)
    return _copied(
        table, read, f"FROM {table} x WHERE metadata_key IS NOT NULL AND {newest} AND NOT {_is_wide(source)}"
    )


def _is_wide(source: Source) -> str:
    wide = [column for column in ("genre", "musicbrainz_genre") if source.has("tracks", column)]
    label = _label(source, "track_metadata", "metadata_source").replace("o.", "x.")
    return f"({label} = '' AND x.metadata_key IN ({', '.join(quoted(name) for name in wide)}))" if wide else "false"
